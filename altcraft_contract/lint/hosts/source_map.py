"""Where the characters of a message stand in its host file."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class SourceMap:
    """The way from offsets in a message to offsets in the text of its host file; all of them count characters from 0.

    Between two marks, message and host file run side by side: a character of the one is a character of the other. At a
    mark they come together again, after an escape or an indentation. Within what the host file writes differently, an
    offset leads to where that begins.

    Args:
        marks: Offset in the message, and offset in the host file. The first is of the message's beginning, and those in
            the message ascend; those in the host file may go back, as to what an alias of YAML stands for.
        end: Offset in the host file at which the message ends.

    Attributes:
        start: Offset in the host file at which the message begins.
        end: As given.
    """

    __slots__ = ("_body", "_host", "end", "start")

    def __init__(self, marks: Iterable[tuple[int, int]], end: int) -> None:
        self._body, self._host = array("q"), array("q")
        for body, host in marks:
            self._body.append(body)
            self._host.append(host)
        self.start = self._host[0]
        self.end = end

    def find(self, offset: int) -> int:
        """The offset in the host file of the character at *offset* of the message, or of its end."""
        index = bisect_right(self._body, offset) - 1
        place = self._host[index] + offset - self._body[index]
        following = self._host[index + 1] if index + 1 < len(self._host) else self.end
        return min(place, max(following, self._host[index]))


def verbatim(start: int, end: int) -> SourceMap:
    """Of a message that stands in its host file as it is, from *start* up to *end*."""
    return SourceMap([(0, start)], end)


class Piece(NamedTuple):
    """A part of a host file, and what it means in the message.

    Attributes:
        start: Offset in the host file at which it begins.
        text: What it means: the same as it is written, the one character that an escape stands for, or nothing.
    """

    start: int
    text: str


def assemble(pieces: Iterable[Piece], end: int) -> tuple[str, SourceMap]:
    """A message that is put together of pieces, in their order, and the way back.

    Args:
        pieces: At least one.
        end: Offset in the host file at which the last one ends.
    """
    parts: list[str] = []
    marks: list[tuple[int, int]] = []
    length = 0
    for piece in pieces:
        marks.append((length, piece.start))
        parts.append(piece.text)
        length += len(piece.text)
    return "".join(parts), SourceMap(marks, end)


class ChainedMap(SourceMap):
    """The way from a message over the text that it was made of.

    Args:
        first: From the message to that text.
        second: From that text to the host file.
    """

    __slots__ = ("_first", "_second")

    def __init__(self, first: SourceMap, second: SourceMap) -> None:
        super().__init__([(0, second.start)], second.end)
        self._first = first
        self._second = second

    def find(self, offset: int) -> int:
        """As for `SourceMap`."""
        return self._second.find(self._first.find(offset))
