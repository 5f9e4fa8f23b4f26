"""Offsets to lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

_line_end = re.compile(r"\r\n|\n|\r")
_BYTE_ORDER_MARK = "\ufeff"
_BLOCK = 1 << 15  # characters; a list of all lines would take far more memory than a text of line ends


class Position(NamedTuple):
    """A place in a text: 1-based, columns count characters (code points)."""

    line: int
    column: int


class LineIndex:
    """Finds the line of an offset in one text; lines end with LF, CRLF or CR."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends = [0]  # how many lines end before each block
        self._starts = [0]  # where the line begins that each block begins in
        for block in range(0, len(text) - _BLOCK, _BLOCK):
            self._ends.append(self._ends[-1] + self._count(block, block + _BLOCK))
            self._starts.append(self._start(block, block + _BLOCK, self._starts[-1]))

    def position(self, offset: int) -> Position:
        """The position of *offset*, in characters from 0."""
        index = min(offset // _BLOCK, len(self._ends) - 1)
        block = index * _BLOCK
        ends = self._ends[index] + self._count(block, offset)
        column = offset - self._start(block, offset, self._starts[index]) + 1
        if ends == 0 and column > 1 and self._text.startswith(_BYTE_ORDER_MARK):
            column -= 1
        return Position(ends + 1, column)

    def line(self, number: int) -> str:
        """The text of the 1-based line *number*, without its end; `""` beyond the last."""
        start = self._line_start(number)
        if start is None:
            return ""
        end = _line_end.search(self._text, start)
        line = self._text[start : end.start() if end is not None else None]
        return line.removeprefix(_BYTE_ORDER_MARK) if number == 1 else line

    def offset_of_line(self, number: int) -> int:
        """The offset at which the 1-based line *number* begins; beyond the last, that of the last."""
        start = self._line_start(max(number, 1))
        return start if start is not None else self._start(0, len(self._text), 0)

    def _count(self, start: int, end: int) -> int:
        """How many lines end in [start, end); CRLF ends one where its LF stands."""
        text = self._text
        ends = text.count("\n", start, end)
        returns = text.count("\r", start, end)
        return ends + returns - text.count("\r\n", start, end + 1) if returns else ends

    def _start(self, start: int, end: int, before: int) -> int:
        """Where the line begins that *end* is in; *before*, if none begins after *start*."""
        text = self._text
        feed = text.rfind("\n", start, end)
        lone = text.rfind("\r", feed + 1 if feed >= 0 else start, end)
        if lone >= 0 and text.startswith("\n", lone + 1):  # at the very end, and its LF beyond
            lone = text.rfind("\r", feed + 1 if feed >= 0 else start, lone)
        last = max(feed, lone)
        return last + 1 if last >= 0 else before

    def _line_start(self, number: int) -> int | None:
        """Where the 1-based line *number* begins; None if there is none."""
        if number <= 1:
            return 0 if number == 1 else None
        index = bisect_right(self._ends, number - 2) - 1
        ends = self._ends[index]
        for match in _line_end.finditer(self._text, index * _BLOCK):
            ends += 1
            if ends == number - 1:
                return match.end()
        return None
