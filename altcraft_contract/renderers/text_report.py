"""A run for people: the findings of each document, then one line of summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from altcraft_contract.renderers.text import Style, count, render_result
from altcraft_contract.renderers.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from altcraft_contract.renderers.report import Entry, RenderOptions, Tally


def render_text(entries: Iterable[Entry], tally: Tally, options: RenderOptions) -> Iterator[str]:
    """Render a run as text, in parts."""
    style = Style(color=options.color)
    for entry in entries:
        if entry.result.findings:
            yield _render_entry(entry, style, options) + "\n\n"
    if options.verbose and tally.skipped:
        from altcraft_contract.renderers.redaction import redact_path  # noqa: PLC0415 - few runs need it

        for path in tally.skipped:
            yield f"{visible(redact_path(path))}: skipped, not a message of this contract\n"
    if not options.quiet:
        yield f"{_summary(tally)}\n"


def _render_entry(entry: Entry, style: Style, options: RenderOptions) -> str:
    return render_result(
        entry.result,
        entry.text,
        label=entry.path,
        style=style,
        verbose=options.verbose,
        first_line=entry.first_line,
    )


def _summary(tally: Tally) -> str:
    checked = f"{count(tally.documents, 'document')} checked" if tally.documents else "nothing checked"
    if tally.skipped:
        checked += f", {count(len(tally.skipped), 'file')} skipped"
    if tally.unreadable:
        checked += f", {count(tally.unreadable, 'path')} unreadable"
    if not tally.documents:
        return checked
    if not tally.errors and not tally.warnings:
        return f"{checked}: no findings"
    return f"{checked}: {count(tally.errors, 'error')}, {count(tally.warnings, 'warning')}"
