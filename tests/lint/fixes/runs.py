"""Runs over files on disk."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from altcraft_contract.contract import load_contract
from altcraft_contract.lint.fixes.diffs import iter_diffs
from altcraft_contract.lint.fixes.files import FixTally, iter_fixed_files
from altcraft_contract.lint.lint_options import LintOptions, Listener
from altcraft_contract.lint.payloads import Payload

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from altcraft_contract.errors import UnreadableFile
    from altcraft_contract.lint.fixes.files import FixedFile

GOOD = load_contract().examples["request.json"].decode()
BAD = GOOD.replace('"RUB"', '"rub"').replace('"count": 1', '"count": "1"', 1)
GOOD_LINE = json.dumps(json.loads(GOOD))
BAD_LINE = json.dumps(json.loads(BAD))


class Run:
    """What came of fixing files, or of looking at the diff.

    Attributes:
        skipped: Files that are no messages.
        faults: What could not be read or written.
        tally: Counts what would change, for a diff.
    """

    def __init__(self, options: LintOptions | None = None) -> None:
        self.options = options or LintOptions()
        self.skipped: list[str] = []
        self.faults: list[UnreadableFile] = []
        self.tally = FixTally()
        self.listener = Listener(self.skipped.append, lambda *_: None, self.faults.append)

    def fix(self, *files: Path, explicit: bool = True) -> list[FixedFile]:
        """Fix files."""
        return list(iter_fixed_files(payloads(files, explicit=explicit), self.options, self.listener))

    def diff(self, *files: Path | Payload) -> str:
        """What fixing files would change."""
        return "".join(iter_diffs(payloads(files), self.options, self.listener, self.tally))


def payloads(files: Iterable[Path | Payload], *, explicit: bool = True) -> list[Payload]:
    """*files* as if the user had named them."""
    return [file if isinstance(file, Payload) else Payload(str(file), file, explicit) for file in files]
