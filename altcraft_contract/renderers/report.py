"""What a run has to tell: an entry a document, and a tally."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from altcraft_contract.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from altcraft_contract.findings import CheckResult


class Entry(NamedTuple):
    """One checked document.

    Attributes:
        path: As the user named it; `<stdin>` for the standard input.
        document: 1-based number of the record in an NDJSON file, blank lines not counted; None elsewhere.
        result: What the check found.
        text: The text of the document, for code frames.
        first_line: 1-based line of the file on which the document begins.
    """

    path: str
    document: int | None
    result: CheckResult
    text: str
    first_line: int = 1


@dataclass(slots=True)
class Tally:
    """Counts over a whole run, while it goes on.

    Attributes:
        documents: Documents checked.
        failed: Documents with at least one error.
        skipped: Paths of files, found in directories, that are no messages of this contract.
        errors: Findings of severity error.
        warnings: Findings of severity warning.
        unreadable: Paths at which nothing could be read.
    """

    documents: int = 0
    failed: int = 0
    errors: int = 0
    warnings: int = 0
    unreadable: int = 0
    skipped: list[str] = field(default_factory=list)

    def watch(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Pass *entries* on, counted."""
        for entry in entries:
            self.documents += 1
            self.failed += not entry.result.ok
            for finding in entry.result.findings:
                if finding.severity is Severity.ERROR:
                    self.errors += 1
                else:
                    self.warnings += 1
            yield entry


class RenderOptions(NamedTuple):
    """How to render.

    Attributes:
        color: Whether to use colours.
        quiet: Whether to leave out the summary.
        verbose: Whether to tell what each rule says, and which files were skipped.
        contract: Version of the contract.
    """

    color: bool = False
    quiet: bool = False
    verbose: bool = False
    contract: str = ""
