"""Parts of bodies: what people are shown of a request and of an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from altcraft_contract.fuzz.reports.layout import laid_out, syntax_of
from altcraft_contract.fuzz.showing import printable_lines, safe_body, shown_body
from altcraft_contract.renderers.text import count

if TYPE_CHECKING:
    from altcraft_contract.fuzz.case import Case
    from altcraft_contract.fuzz.failure import Received


@dataclass(frozen=True, slots=True)
class Excerpt:
    """How much of a body is shown.

    Attributes:
        lines: Most lines.
        columns: Most characters of a line.
    """

    lines: int
    columns: int

    def of_request(self, case: Case) -> list[str]:
        """The lines of the body of a request, every character in print; none if it is empty."""
        text = shown_body(case)
        if not text:
            return []
        text = laid_out(text, syntax_of(text) or case.syntax)
        start = self._start(text, case.place)
        return [*([f"… {count(start, 'line')} before"] if start else []), *self._cut(text, start)]

    def _start(self, text: str, place: str) -> int:
        """The first line to show, so that what stands at *place* is among them."""
        name = next((token for token in reversed(place.split("/")) if token not in ("", "*")), None)
        lines = text.splitlines() if name is not None else []
        found = [number for number, line in enumerate(lines) if f'"{name}"' in line or f"<{name}" in line]
        return max(0, found[-1] - self.lines // 2) if found and found[-1] >= self.lines else 0

    def of_answer(self, received: Received) -> list[str]:
        """The lines of the body of an answer, without secrets, every character in print; none if it is empty."""
        text = safe_body(received.text)
        syntax = syntax_of(text)
        lines = self._cut(laid_out(text, syntax) if syntax else text) if text else []
        if received.is_cut:
            lines.append(f"… cut off: the whole answer has {count(received.size, 'byte')}")
        return lines

    def _cut(self, text: str, start: int = 0) -> list[str]:
        if start:
            text = "\n".join(text.splitlines()[start:])
        lines = printable_lines(text[: self.lines * self.columns * 2])
        while lines and not lines[-1].strip():
            lines.pop()
        shown = [self._cut_line(line) for line in lines[: self.lines]]
        if len(lines) > self.lines or len(text) > self.lines * self.columns * 2:
            shown.append(f"… not shown here: the rest of {count(len(text), 'character')}")
        return shown

    def _cut_line(self, line: str) -> str:
        return line if len(line) <= self.columns else f"{line[: self.columns]}…"
