"""Make the JSON Schema of the configuration from the options of the commands.

    python tools/configuration_schema.py            # rewrite schemas/configuration.schema.json
    python tools/configuration_schema.py --check    # compare only; print a diff and exit 1 on a difference

It is of draft 7, unlike the schemas of the messages: editors of TOML know no later one.
"""

from __future__ import annotations

import argparse
import json
import sys
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools.tables.configuration import make_schema

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT: Final = Path(__file__).resolve().parents[1]
FILE: Final = ROOT / "schemas/configuration.schema.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Rewrite or compare the file, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 on a difference")
    options = parser.parse_args(arguments)
    before = FILE.read_text("utf-8") if FILE.is_file() else ""
    after = json.dumps(make_schema(), indent=2, ensure_ascii=False) + "\n"
    if before == after:
        return 0
    if options.check:
        name = FILE.relative_to(ROOT).as_posix()
        sys.stdout.writelines(
            unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), name, "as generated")
        )
        return 1
    FILE.write_text(after, "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
