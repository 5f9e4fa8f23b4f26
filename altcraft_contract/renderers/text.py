"""Findings for people: one line each, a code frame, the source of the rule, and a summary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from altcraft_contract.documents.position import LineIndex
from altcraft_contract.findings import Severity
from altcraft_contract.renderers.redaction import Redactor, redact_text
from altcraft_contract.rules.catalogue import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.findings import CheckResult, Finding

_WIDTH: Final = 100  # characters of a source line that a frame shows
_BEFORE: Final = 60  # of them before the caret
_COLORS: Final = {"error": "1;31", "warning": "1;33", "place": "1", "frame": "36", "caret": "1;31"}


class Style:
    """Colours, or none."""

    def __init__(self, *, color: bool = False) -> None:
        self.color = color

    def paint(self, text: str, role: str) -> str:
        """*text* in the colour of its *role*."""
        return f"\x1b[{_COLORS[role]}m{text}\x1b[0m" if self.color else text


PLAIN: Final = Style()


def visible(text: str) -> str:
    """*text* with every character that could move the cursor or hide something written as an escape."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def render_result(
    result: CheckResult, text: str, *, label: str, style: Style = PLAIN, verbose: bool = False, first_line: int = 1
) -> str:
    """All findings of one message.

    Args:
        result: What the check found.
        text: The text of the document; empty if there is none.
        label: What to call it, such as its path.
        style: Colours.
        verbose: Whether to tell what each rule says.
        first_line: Line of the file on which the document begins, 1-based.

    Returns:
        Lines without a final line end; one line if there is no finding.
    """
    if not result.findings:
        return f"{visible(label)}: no findings"
    redactor = Redactor(text, "xml" if result.syntax == "xml" else "json")
    lines = LineIndex(redactor.source)
    blocks = [
        "\n".join(_render_finding(finding, lines, redactor, label, style, verbose=verbose, shift=first_line - 1))
        for finding in result.findings
    ]
    if result.truncated:
        blocks.append(f"{visible(label)}: there are more findings than the {len(result.findings):,} shown")
    return "\n".join(blocks)


def _render_finding(
    finding: Finding,
    lines: LineIndex,
    redactor: Redactor,
    label: str,
    style: Style,
    *,
    verbose: bool,
    shift: int,
) -> Iterator[str]:
    place = visible(redact_text(label))
    if finding.line is not None:
        place += f":{finding.line + shift}:{finding.column}"
    severity = style.paint(str(finding.severity), finding.severity.value)
    message = visible(redactor.redact(finding.message))
    yield f"{style.paint(place, 'place')}: {severity} {finding.rule}: {message}"
    margin = " " * len(str((finding.line or 0) + shift))
    if finding.line is not None and finding.column is not None:
        yield from _frame(lines.line(finding.line), finding.line + shift, finding.column, style)
    bar = style.paint(f"{margin} =", "frame")
    pointer = visible(redactor.redact(finding.pointer)) or "the whole document"
    yield f"{bar} at {pointer}; {finding.section} ({finding.basis})"
    if finding.hint:
        yield f"{bar} hint: {visible(redactor.redact(finding.hint))}"
    if verbose:
        yield f"{bar} rule: {RULES[finding.rule].statement}"


def _frame(source: str, number: int, column: int, style: Style) -> Iterator[str]:
    """The source line and a caret below *column*; of a long line the part around it."""
    start = max(0, min(column - 1 - _BEFORE, len(source) - _WIDTH))
    if start <= len("…"):
        start = 0
    before = source[start : column - 1].replace("\t", " ")
    after = source[column - 1 : start + _WIDTH].replace("\t", " ")
    head = ("…" if start else "") + visible(before)
    tail = visible(after) + ("…" if start + _WIDTH < len(source) else "")
    margin = " " * len(str(number))
    yield style.paint(f"{margin} |", "frame")
    yield f"{style.paint(f'{number} |', 'frame')} {head}{tail}"
    yield f"{style.paint(f'{margin} |', 'frame')} {' ' * _columns(head)}{style.paint('^', 'caret')}"


def _columns(text: str) -> int:
    """How many columns of a terminal *text* takes."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width  # noqa: PLC0415 - only text beyond ASCII needs it

    return sum(0 if combining(character) else 2 if east_asian_width(character) in "WF" else 1 for character in text)


def count(number: int, noun: str) -> str:
    """A number with its noun: `1 error`, `2 errors`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def count_findings(findings: tuple[Finding, ...]) -> str:
    """How many errors and warnings there are, in words."""
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    return f"{count(errors, 'error')}, {count(len(findings) - errors, 'warning')}"
