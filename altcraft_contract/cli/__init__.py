"""The command line. Each command's module is imported only when it runs."""

from __future__ import annotations

import sys

__all__ = ["main"]

TYPE_CHECKING = False  # that of `typing` costs a moment in which Ctrl-C would be a traceback
if TYPE_CHECKING:
    from typing import NoReturn


def main(args: list[str] | None = None) -> NoReturn:
    """Run the command line and exit."""
    try:
        from altcraft_contract.cli.entry import run  # noqa: PLC0415 - so that Ctrl-C while it loads is no traceback

        code = run(args)
    except KeyboardInterrupt:
        from altcraft_contract.cli.exit_codes import EXIT_INTERRUPTED  # noqa: PLC0415 - as above

        code = EXIT_INTERRUPTED
    sys.exit(code)
