"""A run in Markdown, for the summary of a job and for the comment on a change: nothing in it but the report is markup.

GitHub takes a mebibyte as a summary, and 65,536 characters as a comment: it stays below both.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from altcraft_contract.findings import Severity, with_findings
from altcraft_contract.renderers.markdown_text import code, inline, table_row
from altcraft_contract.renderers.shown import ShownEntry, shortened
from altcraft_contract.renderers.text import count
from altcraft_contract.renderers.text_report import summary_of
from altcraft_contract.renderers.verdict import verdict_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from altcraft_contract.findings import Finding
    from altcraft_contract.renderers.report import Entry, RenderOptions, Tally
    from altcraft_contract.renderers.shown import ShownFinding

_MOST_ROWS: Final = 100
_MOST: Final = 60_000  # characters of all rows
_LONGEST_PLACE: Final = 120  # characters of a path or a pointer
_LONGEST_TEXT: Final = 400  # characters of a sentence
_HEADINGS: Final[Mapping[Severity, str]] = MappingProxyType({Severity.ERROR: "Errors", Severity.WARNING: "Warnings"})


class MarkdownReport:
    """A run as a verdict and a table of findings, errors first; all of it is written at the end."""

    def __init__(self, options: RenderOptions) -> None:
        self._contract = options.contract
        self._rows: dict[Severity, list[str]] = {severity: [] for severity in _HEADINGS}
        self._suppressed: Counter[str] = Counter()
        self._truncated = 0

    def begin(self) -> Iterator[str]:
        """Nothing: the verdict comes first."""
        yield from ()

    def take(self, entry: Entry) -> Iterator[str]:
        """Nothing yet; the rows of the first findings are kept."""
        self._suppressed.update(item.kind for item in entry.suppressed)
        self._truncated += entry.result.truncated
        findings = [finding for kind in _HEADINGS for finding in self._wanted(kind, entry)]
        if findings:
            shown = ShownEntry(entry._replace(result=with_findings(entry.result, findings), fingerprints=()))
            for finding in shown.iter_findings():
                self._rows[finding.severity].append(_row(finding, shown, entry.document))
        yield from ()

    def _wanted(self, severity: Severity, entry: Entry) -> Iterator[Finding]:
        """Those of the findings that there is room for: what it takes to make one safe to show is not spent on more."""
        room = _MOST_ROWS - len(self._rows[severity])
        return islice((finding for finding in entry.result.findings if finding.severity is severity), room)

    def end(self, tally: Tally) -> Iterator[str]:
        """The whole report."""
        yield f"## Altcraft contract: {inline(verdict_of(tally))}\n\n{inline(summary_of(tally))}\n\n"
        shown = 0
        room = _MOST
        for severity, total in zip(_HEADINGS, (tally.errors, tally.warnings), strict=True):
            rows, room = _fitting(self._rows[severity][: _MOST_ROWS - shown], room)
            shown += len(rows)
            yield from _table(_HEADINGS[severity], rows, total)
        if self._truncated:
            yield f"{count(self._truncated, 'document')} had more findings than were kept.\n\n"
        if self._suppressed:
            yield f"Suppressed: {_suppressed(self._suppressed)}.\n\n"
        if self._contract:
            yield f"Checked against version {inline(self._contract)} of the contract.\n\n"


def _row(finding: ShownFinding, shown: ShownEntry, document: int | None) -> str:
    position = f":{finding.line}:{finding.column}" if finding.line is not None else ""
    place = code(shortened(shown.path, _LONGEST_PLACE) + position)
    where = shown.where or (f"record {document}" if document is not None else "")
    if where:
        place += f", {inline(shortened(where, _LONGEST_PLACE))}"
    pointer = code(shortened(finding.pointer, _LONGEST_PLACE)) or "the whole document"
    told = inline(shortened(finding.message, _LONGEST_TEXT))
    remedy = inline(shortened(finding.remedy, _LONGEST_TEXT))
    return table_row([f"{place}<br>{pointer}", code(finding.rule), told, remedy])


def _fitting(rows: list[str], room: int) -> tuple[list[str], int]:
    """As many of *rows* as fit into so many characters, and how many are left."""
    kept: list[str] = []
    for row in rows:
        if len(row) > room:
            return kept, 0
        kept.append(row)
        room -= len(row)
    return kept, room


def _table(title: str, rows: list[str], total: int) -> Iterator[str]:
    if not total:
        return
    yield f"### {title}\n\n"
    if rows:
        yield table_row(["Place", "Rule", "What", "What to do"])
        yield table_row(["---"] * 4)
        yield from rows
        yield "\n"
    if total > len(rows):
        yield f"And {total - len(rows):,} more, which the other reports show.\n\n"


def _suppressed(counts: Counter[str]) -> str:
    told = {"configuration": "by the configuration", "baseline": "known from the baseline"}
    return ", ".join(f"{count(counts[kind], 'finding')} {words}" for kind, words in told.items() if counts[kind])
