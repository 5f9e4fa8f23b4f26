"""Findings for people: one line each, a code frame, the source of the rule, and a summary."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from altcraft_contract.documents.position import LineIndex
from altcraft_contract.renderers.visible import columns_of, label_of, needs_redaction, visible
from altcraft_contract.rules.catalogue import find_rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from altcraft_contract.findings import CheckResult, Finding
    from altcraft_contract.renderers.redaction import Redactor

_WIDTH: Final = 100  # characters of a source line that a frame shows
_BEFORE: Final = 60  # of them before the caret
_BYTE_ORDER_MARK: Final = "\ufeff"
_line_rest = re.compile(r"[^\r\n]*+").match
_COLORS: Final = {"error": "1;31", "warning": "1;33", "place": "1", "frame": "36", "caret": "1;31"}


class Style:
    """Colours, or none."""

    def __init__(self, *, color: bool = False) -> None:
        self.color = color

    def paint(self, text: str, role: str) -> str:
        """*text* in the colour of its *role*."""
        return f"\x1b[{_COLORS[role]}m{text}\x1b[0m" if self.color else text


PLAIN: Final = Style()


def render_result(
    result: CheckResult,
    text: str,
    *,
    label: str,
    style: Style = PLAIN,
    verbose: bool = False,
    first_line: int = 1,
    secrets: Iterable[str] = (),
    where: str = "",
) -> str:
    """All findings of one message.

    Args:
        result: What the check found.
        text: The text of the document; empty if there is none.
        label: What to call it, such as its path.
        style: Colours.
        verbose: Whether to tell what each rule says.
        first_line: Line of the file on which the document begins, 1-based.
        secrets: What must not be shown besides the secrets in *text*, such as those of a body that was never text.
        where: Place of the message within its file, for people; empty if the file is the message.

    Returns:
        Lines without a final line end; one line if there is no finding.
    """
    if not result.findings and not needs_redaction(label):
        return f"{label_of(visible(label))}: no findings"
    from altcraft_contract.renderers.redaction import Redactor  # noqa: PLC0415 - most documents do not need it

    redactor = Redactor(text, "xml" if result.syntax == "xml" else "json", secrets=secrets)
    block = FindingBlock(
        redactor,
        label_of(visible(redactor.redact_path(label))),
        style,
        verbose=verbose,
        shift=first_line - 1,
        where=where,
    )
    blocks = ["\n".join(block.lines(finding)) for finding in result.findings] or [f"{block.label}: no findings"]
    if result.truncated:
        blocks.append(f"{block.label}: there are more findings than the {len(result.findings):,} shown")
    return "\n".join(blocks)


class FindingBlock:
    """Findings of one document to lines.

    Args:
        redactor: Knows the secrets of the document.
        label: What to call it, safe to show already.
        style: Colours.
        verbose: Whether to tell what each rule says.
        shift: Lines of the file that stand before the document.
        where: Place of the message within its file, for people; empty if the file is the message.
    """

    def __init__(
        self, redactor: Redactor, label: str, style: Style = PLAIN, *, verbose: bool, shift: int, where: str = ""
    ) -> None:
        self.where = f" of {where}" if where else ""
        self.redactor = redactor
        self.label = label
        self.style = style
        self.verbose = verbose
        self.shift = shift
        self.index = LineIndex(redactor.source)

    def lines(self, finding: Finding) -> Iterator[str]:
        """The lines that tell of one finding."""
        paint = self.style.paint
        place, margin = self.label, ""
        if finding.line is not None:
            margin = " " * len(str(finding.line + self.shift))
            place += f":{finding.line + self.shift}:{finding.column}"
        severity = paint(str(finding.severity), finding.severity.value)
        yield f"{paint(place, 'place')}: {severity} {finding.rule}: {self.shown(finding.message)}"
        if finding.line is not None and finding.column is not None and self.redactor.source:
            yield from self.frame(finding.line, finding.column)
        bar = paint(f"{margin} =", "frame")
        pointer = self.shown(finding.pointer) or "the whole document"
        yield f"{bar} at {pointer}{self.shown(self.where)}; {finding.section} ({finding.basis})"
        if finding.hint:
            yield f"{bar} hint: {self.shown(finding.hint)}"
        if self.verbose:
            yield f"{bar} rule: {find_rule(finding.rule).statement}"

    def shown(self, text: str) -> str:
        """*text*, which speaks of the document, safe to show."""
        return visible(self.redactor.redact(text))

    def frame(self, line: int, column: int) -> Iterator[str]:
        """The source line and a caret below *column*; above a blank line, such as at the end, the one before it."""
        number = line + self.shift
        width = len(str(number))
        head, tail = self.around(line, column)
        yield self.gutter(width, "")
        above = "".join(self.around(line - 1, 1)) if line > 1 and not (head + tail).strip() else ""
        if above.strip():
            yield f"{self.gutter(width, number - 1)} {above}"
        yield f"{self.gutter(width, number)} {head}{tail}".rstrip()
        yield f"{self.gutter(width, '')} {' ' * columns_of(head)}{self.style.paint('^', 'caret')}"

    def gutter(self, width: int, number: int | str) -> str:
        """What stands before a line of a frame."""
        return self.style.paint(f"{number:>{width}} |", "frame")

    def around(self, line: int, column: int) -> tuple[str, str]:
        """What stands before and from *column* on, in print; of a long line the part around it."""
        source = self.redactor.source
        begin = self.index.offset_of_line(line)
        begin += source.startswith(_BYTE_ORDER_MARK) and line == 1
        place = begin + column - 1
        end = _line_rest(source, place, place + _WIDTH).end()  # type: ignore[union-attr]  # it matches nothing, too
        start = max(begin, min(place - _BEFORE, end - _WIDTH))
        if start - begin <= len("…"):
            start = begin
        end = min(end, start + _WIDTH)
        is_cut = end < len(source) and source[end] not in "\r\n"
        head, tail = source[start:place].replace("\t", " "), source[place:end].replace("\t", " ")
        return ("…" if start > begin else "") + visible(head), visible(tail) + ("…" if is_cut else "")


def count(number: int, noun: str) -> str:
    """A number with its noun: `1 error`, `2 errors`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
