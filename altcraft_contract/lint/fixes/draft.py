"""A document while it is edited: what of it still stands where it stood, and what is new."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Edit(NamedTuple):
    """Bytes to put in place of others.

    Attributes:
        start: Where the old bytes begin, in bytes from 0.
        end: Where they end; there is always at least one.
        new: What stands there afterwards; empty takes the old ones out.
    """

    start: int
    end: int
    new: bytes


class _Piece(NamedTuple):
    """A part of a draft: what stands from *start* to *end* in the original; *new* instead, if that is not None."""

    start: int
    end: int
    new: bytes | None = None

    @property
    def size(self) -> int:
        return self.end - self.start if self.new is None else len(self.new)

    def cut(self, size: int) -> tuple[_Piece, _Piece]:
        if self.new is None:
            middle = self.start + size
            return _Piece(self.start, middle), _Piece(middle, self.end)
        return self._replace(new=self.new[:size]), self._replace(start=self.end, new=self.new[size:])


class Draft:
    """A document with the edits made so far. It is never changed: each edit gives another one.

    Args:
        original: The document as it was.
        pieces: What it is made of now; None is the original.
    """

    def __init__(self, original: bytes, pieces: tuple[_Piece, ...] | None = None) -> None:
        self.original = original
        self._pieces = pieces if pieces is not None else (_Piece(0, len(original)),)
        self._ends = list(accumulate(piece.size for piece in self._pieces))
        self.data = original if pieces is None else b"".join(self._texts())

    def _texts(self) -> Iterator[bytes]:
        for piece in self._pieces:
            yield self.original[piece.start : piece.end] if piece.new is None else piece.new

    def edited(self, edits: Iterable[Edit]) -> Draft:
        """This draft with *edits*, which do not overlap and speak of the draft's own bytes."""
        at = {edit.start: edit for edit in edits}
        cuts = sorted({place for edit in at.values() for place in (edit.start, edit.end)})
        pieces: list[_Piece] = []
        replaced_to = 0
        for position, piece in self._cut(cuts):
            if edit := at.get(position):
                pieces.append(_Piece(piece.start, piece.start, edit.new))
                replaced_to = edit.end
            if position >= replaced_to:
                pieces.append(piece)
        return Draft(self.original, tuple(piece for piece in pieces if piece.size))

    def _cut(self, cuts: list[int]) -> Iterator[tuple[int, _Piece]]:
        """The pieces, cut at each of *cuts*, with their positions."""
        index = position = 0
        for whole in self._pieces:
            piece, end = whole, position + whole.size
            while index < len(cuts) and cuts[index] < end:
                if cuts[index] > position:
                    before, piece = piece.cut(cuts[index] - position)
                    yield position, before
                    position = cuts[index]
                index += 1
            yield position, piece
            position = end

    def origin(self, offset: int) -> int:
        """Where in the original the byte at *offset* stood, or what it came from."""
        index = min(bisect_right(self._ends, offset), len(self._pieces) - 1)
        piece = self._pieces[index]
        return piece.start if piece.new is not None else piece.end - (self._ends[index] - offset)

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The edits that make this draft of the original, in the order of the document."""
        edits = []
        end, new = 0, b""
        for piece in (*self._pieces, _Piece(len(self.original), len(self.original))):
            if piece.new is not None:
                new += piece.new
                continue
            if piece.start > end or new:
                edits.append(Edit(end, piece.start, new))
            end, new = piece.end, b""
        return tuple(edits)
