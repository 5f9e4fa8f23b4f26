"""A run for people: the findings of each document, then one line of summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from altcraft_contract.renderers.text import Style, count, render_result
from altcraft_contract.renderers.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.renderers.report import Entry, RenderOptions, Tally


class TextReport:
    """A run as text."""

    def __init__(self, options: RenderOptions) -> None:
        self._options = options
        self._style = Style(color=options.color)

    def begin(self) -> Iterator[str]:
        """Nothing."""
        yield from ()

    def take(self, entry: Entry) -> Iterator[str]:
        """The findings of a document, if it has any."""
        if entry.result.findings:
            yield f"{self._rendered(entry)}\n\n"

    def adopt(self, text: str) -> Iterator[str]:
        """What another one has made of documents, as part of this report."""
        yield text

    def end(self, tally: Tally) -> Iterator[str]:
        """What was skipped, if that is wanted, and the summary."""
        if self._options.verbose and tally.skipped:
            from altcraft_contract.renderers.redaction import redact_path  # noqa: PLC0415 - few runs need it

            for path in tally.skipped:
                yield f"{visible(redact_path(path))}: skipped, not a message of this contract\n"
        if not self._options.quiet:
            yield f"{summary_of(tally)}\n"

    def _rendered(self, entry: Entry) -> str:
        return render_result(
            entry.result,
            entry.text,
            label=entry.path,
            style=self._style,
            verbose=self._options.verbose,
            first_line=entry.first_line,
            secrets=entry.secrets,
            where=entry.where,
        )


def summary_of(tally: Tally) -> str:
    """A run in one line."""
    checked = f"{count(tally.documents, 'document')} checked" if tally.documents else "nothing checked"
    if tally.skipped:
        checked += f", {count(len(tally.skipped), 'file')} skipped"
    if tally.unreadable:
        checked += f", {count(tally.unreadable, 'path')} unreadable"
    if not tally.documents:
        return checked
    found = "no findings"
    if tally.errors or tally.warnings:
        found = f"{count(tally.errors, 'error')}, {count(tally.warnings, 'warning')}"
    suppressed = f" ({count(tally.suppressed, 'finding')} suppressed)" if tally.suppressed else ""
    return f"{checked}: {found}{suppressed}"
