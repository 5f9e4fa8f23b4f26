"""Make the JSON Schema of the configuration from the options of the commands.

    python tools/configuration_schema.py            # rewrite schemas/configuration.schema.json
    python tools/configuration_schema.py --check    # compare only; print a diff and exit 1 on a difference

It is of draft 7, unlike the schemas of the messages: editors of TOML know no later one.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools.generated import ROOT, settle
from tools.tables.configuration import make_schema

if TYPE_CHECKING:
    from collections.abc import Sequence

FILE: Final = ROOT / "schemas/configuration.schema.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Rewrite or compare the file, and return the exit code."""
    return settle({FILE: json.dumps(make_schema(), indent=2, ensure_ascii=False) + "\n"}, __doc__, arguments)


if __name__ == "__main__":
    sys.exit(main())
