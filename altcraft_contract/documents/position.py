"""Offsets to lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

_line_end = re.compile(r"\r\n|\n|\r")
_BYTE_ORDER_MARK = "\ufeff"


class Position(NamedTuple):
    """A place in a text: 1-based, columns count characters (code points)."""

    line: int
    column: int


class LineIndex:
    """Finds the line of an offset in one text; lines end with LF, CRLF or CR."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in _line_end.finditer(text))]

    def position(self, offset: int) -> Position:
        """The position of *offset*, in characters from 0."""
        index = bisect_right(self._starts, offset) - 1
        column = offset - self._starts[index] + 1
        if index == 0 and column > 1 and self._text.startswith(_BYTE_ORDER_MARK):
            column -= 1
        return Position(index + 1, column)

    def line(self, number: int) -> str:
        """The text of the 1-based line *number*, without its end; `""` beyond the last."""
        if not 1 <= number <= len(self._starts):
            return ""
        start = self._starts[number - 1]
        end = self._starts[number] if number < len(self._starts) else len(self._text)
        return self._text[start:end].rstrip("\r\n").removeprefix(_BYTE_ORDER_MARK if number == 1 else "")

    def offset_of_line(self, number: int) -> int:
        """The offset at which the 1-based line *number* begins."""
        return self._starts[min(number, len(self._starts)) - 1]
