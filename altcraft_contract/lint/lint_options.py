"""How to check files, and who is told of what is no entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from altcraft_contract.contract import LATEST
from altcraft_contract.documents.limits import DEFAULT_LIMITS, Limits
from altcraft_contract.rules.selection import ALL_RULES, RuleSelection

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from altcraft_contract.contract import Message
    from altcraft_contract.errors import UnreadableFile
    from altcraft_contract.lint.overrides import Overrides
    from altcraft_contract.lint.recognition import FileSyntax
    from altcraft_contract.lint.secrets import Allowed
    from altcraft_contract.validation.checking import Engine

Check = Literal["contract", "secrets"]
CHECKS: Final[tuple[Check, ...]] = ("contract", "secrets")
"""What `lint` can look for."""
MOST_SAMPLED: Final = 100_000
"""Documents of the largest sample, which is kept in memory."""
CONTRACT: Final[tuple[Check, ...]] = ("contract",)


class LintOptions(NamedTuple):
    """How to check files.

    Attributes:
        message: `auto` tells it by the fields of each document.
        syntax: `auto` tells it by content, then by suffix.
        engine: `fast` or `reference`.
        rules: Which rules count, and how severely.
        limits: Bounds on each document.
        overrides: What is different for some files; None if nothing is.
        checks: What to look for: `contract`, `secrets`, or both.
        allowed: What is no secret; None allows nothing besides what is known as a sample.
        extract: Whether to check the messages within host files.
        column: The column of Parquet and Arrow files that holds the messages; None finds it.
        keeps_text: Whether entries hold the texts of documents without findings, too.
        contract: What to check by, as `load_contract` takes it: a version, or a directory.
    """

    message: Message | Literal["auto"] = "auto"
    syntax: FileSyntax | Literal["auto"] = "auto"
    engine: Engine = "fast"
    rules: RuleSelection = ALL_RULES
    limits: Limits = DEFAULT_LIMITS
    overrides: Overrides | None = None
    checks: Collection[Check] = CONTRACT
    allowed: Allowed | None = None
    extract: bool = False
    column: str | None = None
    keeps_text: bool = False
    contract: str = LATEST

    def for_path(self, path: str) -> LintOptions:
        """The options for the file at *path*."""
        return self if self.overrides is None else self.overrides.options_for(path, self)


class Listener(NamedTuple):
    """Is told what is no entry.

    Attributes:
        skipped: A file found in a directory is no message of this contract.
        noted: A file is checked, but something about it is odd: its path, and what that is.
        unreadable: A file cannot be read.
    """

    skipped: Callable[[str], None]
    noted: Callable[[str, str], None]
    unreadable: Callable[[UnreadableFile], None]


def _ignore(*_: object) -> None:
    """Hear nothing."""


DEAF: Final = Listener(_ignore, _ignore, _ignore)
"""For work whose remarks nobody wants."""
