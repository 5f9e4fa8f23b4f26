"""Files that are made from others: written anew, or compared with what would be written now."""

from __future__ import annotations

import argparse
import sys
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT: Final = Path(__file__).resolve().parents[1]


def settle(files: Mapping[Path, str], description: str | None, arguments: Sequence[str] | None) -> int:
    """Write *files*, or with `--check` only compare them.

    Args:
        files: Path to the text that it should have.
        description: Docstring of the tool, whose first line `--help` shows.
        arguments: Of the command line; None for those of the process.

    Returns:
        The exit code: 1 if a file that is compared is not what it should be, after a diff of it.
    """
    parser = argparse.ArgumentParser(description=(description or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 on a difference")
    options = parser.parse_args(arguments)
    is_stale = False
    for path, after in files.items():
        before = path.read_text("utf-8") if path.is_file() else ""
        if before == after:
            continue
        if options.check:
            is_stale = True
            name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
            lines = (before.splitlines(keepends=True), after.splitlines(keepends=True))
            sys.stdout.writelines(unified_diff(*lines, name, "as generated"))
        else:
            path.write_text(after, "utf-8", newline="\n")
    return int(is_stale)
