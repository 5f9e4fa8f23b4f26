"""What a run has to tell: an entry a document, and a tally."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, runtime_checkable

from altcraft_contract.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from altcraft_contract.findings import CheckResult, Finding
    from altcraft_contract.renderers.summary import Summary


class Suppressed(NamedTuple):
    """A finding that counts for nothing, and why.

    Attributes:
        finding: What was found.
        kind: `configuration` if people said so there, `baseline` if it was known before.
        reason: In the words of people; empty if they gave none.
        fingerprint: As `fingerprints_of` tells it.
    """

    finding: Finding
    kind: Literal["configuration", "baseline"]
    reason: str
    fingerprint: str


class Entry(NamedTuple):
    """One checked document.

    Attributes:
        path: As the user named it; `<stdin>` for the standard input.
        document: 1-based number of the record in an NDJSON file, blank lines not counted; None elsewhere.
        result: What the check found; of a message within a host file, with lines that count from *first_line* of that
            file, and its columns.
        text: The text of the document, for code frames; of a message within a host file, the lines of that file.
        first_line: 1-based line of the file on which *text* begins.
        where: Place within a host file for people, such as `code block 2`; empty if the file is the document.
        secrets: What must not be shown besides the secrets of *text*.
        name: The path for programs: from the root of the project on, with `/`; empty if it is *path*.
        suppressed: What was found and counts for nothing; it is not in *result*.
        fingerprints: Of the findings in *result*, in their order; empty if nobody has asked yet.
        documents: How many this stands for: records without findings may be told together, as the first of them.
    """

    path: str
    document: int | None
    result: CheckResult
    text: str
    first_line: int = 1
    where: str = ""
    secrets: frozenset[str] = frozenset()
    name: str = ""
    suppressed: tuple[Suppressed, ...] = ()
    fingerprints: tuple[str, ...] = ()
    documents: int = 1


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
        suppressed: Findings that count for nothing.
        interrupted: Whether the run was ended before its end.
    """

    documents: int = 0
    failed: int = 0
    errors: int = 0
    warnings: int = 0
    unreadable: int = 0
    suppressed: int = 0
    interrupted: bool = False
    skipped: list[str] = field(default_factory=list)

    def watch(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Pass *entries* on, counted."""
        for entry in entries:
            self.add(entry)
            yield entry

    def add(self, entry: Entry) -> None:
        """Count what *entry* tells."""
        self.documents += entry.documents
        self.failed += not entry.result.ok
        self.suppressed += len(entry.suppressed)
        for finding in entry.result.findings:
            if finding.severity is Severity.ERROR:
                self.errors += 1
            else:
                self.warnings += 1

    def merge(self, other: Tally) -> None:
        """Count what *other* has counted, too."""
        for name in ("documents", "failed", "errors", "warnings", "unreadable", "suppressed"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.interrupted |= other.interrupted
        self.skipped += other.skipped


class RenderOptions(NamedTuple):
    """How to render.

    Attributes:
        color: Whether to use colours.
        quiet: Whether to leave out the summary.
        verbose: Whether to tell what each rule says, and which files were skipped.
        contract: Version of the contract.
        fail_on: The least severe finding that fails the run: `error`, `warning` or `never`.
    """

    color: bool = False
    quiet: bool = False
    verbose: bool = False
    contract: str = ""
    fail_on: str = "error"


class Renderer(Protocol):
    """Writes a run in one format, while it goes on. Each method gives the parts of text that are due."""

    def begin(self) -> Iterator[str]:
        """What stands before everything else."""

    def take(self, entry: Entry) -> Iterator[str]:
        """What one document adds."""

    def end(self, tally: Tally) -> Iterator[str]:
        """What stands after everything else; *tally* has counted it all."""


class BinaryRenderer(Protocol):
    """Writes a run in a format that is no text, as `Adopting` does; each method gives the bytes that are due."""

    def begin(self) -> Iterator[bytes]:
        """What stands before everything else."""

    def take(self, entry: Entry) -> Iterator[bytes]:
        """What one document adds."""

    def adopt(self, text: str) -> Iterator[bytes]:
        """What documents add of which a renderer of text has told, see `ADOPTED`."""

    def end(self, tally: Tally) -> Iterator[bytes]:
        """What stands after everything else; *tally* has counted it all."""


class SummaryRenderer(Protocol):
    """Writes the summary of a run."""

    def render(self, summary: Summary, tally: Tally) -> Iterator[str]:
        """The report, in parts; *tally* has counted the same documents."""


@runtime_checkable
class Adopting(Renderer, Protocol):
    """Writes a document without regard to those before it, so that another process can do it for this one."""

    def adopt(self, text: str) -> Iterator[str]:
        """What another one has made of documents (not empty), as part of this report."""


def render(renderer: Renderer, entries: Iterable[Entry], tally: Tally) -> Iterator[str]:
    """A whole run in one format, in parts; *tally* counts *entries* while they are taken."""
    yield from renderer.begin()
    for entry in entries:
        yield from renderer.take(entry)
    yield from renderer.end(tally)
