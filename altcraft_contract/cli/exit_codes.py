"""Exit codes, the same for every command. Never a count."""

from __future__ import annotations

from typing import Final

EXIT_OK: Final = 0  # nothing at or above --fail-on
EXIT_FINDINGS: Final = 1
EXIT_USAGE: Final = 2  # usage, configuration, a file that cannot be read, nothing to check
EXIT_NO_VERDICT: Final = 3
EXIT_BUG: Final = 4
EXIT_INTERRUPTED: Final = 130
