"""A finding on the page: what is wrong, where it stands in the source, what to do, and what the rule says."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from altcraft_contract.findings import Severity
from altcraft_contract.renderers.html_text import facts, place, prose
from altcraft_contract.renderers.shown import shortened
from altcraft_contract.rules.catalogue import find_rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from altcraft_contract.renderers.shown import ShownFinding

_LONGEST: Final = 1_000  # characters of a pointer or a sentence
_NARROW: Final = 36  # columns of a frame that every window has room for


def finding_card(finding: ShownFinding, frame: Iterable[str], *, number: int, where: str) -> str:
    """The finding as a part of its file.

    Args:
        finding: Safe to show.
        frame: Lines of its code frame, safe to show; none if there is no source.
        number: Of the finding on the page.
        where: Place of the document within its file; empty if it is the file.
    """
    pointer = shortened(finding.pointer, _LONGEST)
    told = facts(
        (
            ("What to do", _sentence(finding.remedy)),
            ("At", f"<code>{place(pointer)}</code>" if pointer else "the whole document"),
            ("Rule", prose(find_rule(finding.rule).statement)),
            ("Source", f"{prose(finding.section)} ({finding.basis})"),
        )
    )
    within = f' <span class="count">{escape(shortened(where, _LONGEST))}</span>' if where else ""
    return (
        f'<article class="finding" id="finding-{number}">\n'
        f"<h3>{severity_badge(finding.severity)} <code>{escape(finding.rule)}</code> "
        f'<a href="#finding-{number}">{_position(finding)}</a>{within}</h3>\n'
        f'<p class="message">{_sentence(finding.message)}</p>\n{_frame(list(frame))}{told}</article>\n'
    )


def suppressed_row(finding: ShownFinding, path: str) -> str:
    """A finding that counts for nothing, as a row of a table: where it stands, what it is, and why."""
    position = "" if finding.line is None else f":{finding.line}:{finding.column}"
    return (
        f'<tr><th scope="row">{place(path)}{position}</th>'
        f"<td><code>{escape(finding.rule)}</code> {_sentence(finding.message)}</td>"
        f"<td>{_sentence(finding.suppression or '')}</td></tr>\n"
    )


def severity_badge(severity: Severity) -> str:
    """The severity, in its colour."""
    return f'<span class="badge{" bad" if severity is Severity.ERROR else ""}">{severity}</span>'


def _position(finding: ShownFinding) -> str:
    if finding.line is None:
        return "no line"
    return f"line {finding.line:,}, column {finding.column:,}"


def _sentence(text: str) -> str:
    return prose(shortened(text, _LONGEST))


def _frame(lines: list[str]) -> str:
    """Source lines, with the caret and what stands left of them marked."""
    if not lines:
        return ""
    *source, caret = [line.partition("|") for line in lines]
    written = [f'<span class="gutter">{left}{bar}</span>{escape(text)}' for left, bar, text in source]
    written.append(f'<span class="gutter">{"".join(caret[:2])}</span>{caret[2].replace("^", "<b>^</b>")}')
    focus = ' tabindex="0"' if max(map(len, lines)) > _NARROW else ""  # it may scroll, by keys too
    body = "\n".join(written)
    return f'<pre class="frame" role="group" aria-label="Source"{focus}>\n{body}</pre>\n'
