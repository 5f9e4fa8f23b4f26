"""A run for people and for tools that read lines: one line a finding, then one line of summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from altcraft_contract.renderers.shown import ShownEntry
from altcraft_contract.renderers.text import Style
from altcraft_contract.renderers.text_report import summary_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.renderers.report import Entry, RenderOptions, Tally
    from altcraft_contract.renderers.shown import ShownFinding


class ConciseReport:
    """A run as lines: `path:line:column: severity rule: message; hint: what to do`."""

    def __init__(self, options: RenderOptions) -> None:
        self._options = options
        self._paint = Style(color=options.color).paint

    def begin(self) -> Iterator[str]:
        """Nothing."""
        yield from ()

    def take(self, entry: Entry) -> Iterator[str]:
        """A line for each finding of a document."""
        if entry.result.findings:
            shown = ShownEntry(entry)
            for finding in shown.iter_findings():
                yield self._line(shown, finding)
            if entry.result.truncated:
                yield f"{shown.path}: there are more findings than the {len(entry.result.findings):,} shown\n"

    def adopt(self, text: str) -> Iterator[str]:
        """What another one has made of documents, as part of this report."""
        yield text

    def end(self, tally: Tally) -> Iterator[str]:
        """The summary."""
        if not self._options.quiet:
            yield f"{summary_of(tally)}\n"

    def _line(self, shown: ShownEntry, finding: ShownFinding) -> str:
        place = shown.path if finding.line is None else f"{shown.path}:{finding.line}:{finding.column}"
        severity = self._paint(str(finding.severity), finding.severity.value)
        where = f" [{shown.where}]" if shown.where else ""
        hint = f"; hint: {finding.hint}" if finding.hint else ""
        return f"{self._paint(place, 'place')}: {severity} {finding.rule}: {finding.message}{where}{hint}\n"
