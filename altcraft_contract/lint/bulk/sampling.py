"""Some documents of many, each as likely as any other."""

from __future__ import annotations

from math import exp, log
from operator import itemgetter
from random import Random
from typing import TYPE_CHECKING, Final, NamedTuple

from altcraft_contract.lint.bulk.chunk import Files, Records, Remarks, Text, Texts, Whole
from altcraft_contract.lint.bulk.cutting import Cutter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from altcraft_contract.contract import Syntax
    from altcraft_contract.lint.bulk.chunk import Chunk
    from altcraft_contract.lint.lint_options import LintOptions
    from altcraft_contract.lint.payloads import Payload

_TOGETHER: Final = 500  # documents in a chunk


class _Record(NamedTuple):
    """A record that may be checked.

    Attributes:
        payload: The file.
        syntax: Of the record.
        text: The record.
    """

    payload: Payload
    syntax: Syntax | None
    text: Text


def sample_chunks(
    payloads: Iterable[Payload],
    options: LintOptions,
    count: int,
    *,
    seed: int = 0,
    advance: Callable[[int], object] = bool,
) -> Iterator[Chunk]:
    """Chunks of *count* documents of *payloads*, or of all if there are no more, in the order of the input.

    All of the input is read, but only the sample is parsed and kept.

    Args:
        payloads: The input.
        options: How documents are checked.
        count: Documents of the sample.
        seed: The same one chooses the same documents.
        advance: Is told how many bytes of the input, as stored, have been read.
    """
    reservoir = _Reservoir(count, Random(seed))  # noqa: S311 - nothing secret
    remarks = []
    cutter = Cutter(options)
    for payload in payloads:
        for chunk in cutter.cut(payload):
            if isinstance(chunk, Remarks):
                remarks.append(chunk)
            elif isinstance(chunk, Records):
                _offer_lines(chunk, reservoir)
            elif isinstance(chunk, Texts):
                for text in chunk.texts:
                    if reservoir.wants():
                        reservoir.put(_Record(chunk.payload, chunk.syntax, text))
            elif chunk is not None and reservoir.wants():
                reservoir.put(_light(chunk))
            advance(getattr(chunk, "stored", 0))
    yield from remarks
    yield from _as_chunks(reservoir.kept())


def _light(chunk: Chunk) -> Chunk:
    """*chunk* without what can be read again."""
    if isinstance(chunk, Whole) and chunk.payload.is_plain:
        return Files((chunk.payload,), len(chunk.data))
    return chunk


def _offer_lines(records: Records, reservoir: _Reservoir) -> None:
    data = records.data
    number, line_number = records.first_record, records.first_line
    for line in data.split(b"\n"):
        if line and not line.isspace():
            if reservoir.wants():
                text = Text(number, line_number, line.rstrip(b"\r"))
                reservoir.put(_Record(records.payload, records.syntax, text))
            number += 1
        line_number += 1 + line.count(b"\r") - line.endswith(b"\r")


class _Reservoir:
    """Keeps some of the items that it is offered, however many there are (Li 1994, algorithm L)."""

    def __init__(self, size: int, random: Random) -> None:
        self._size = size
        self._random = random
        self._items: list[tuple[int, _Record | Chunk]] = []
        self._offered = 0
        self._weight = 1.0
        self._next = 0  # number of the next item that is taken

    def wants(self) -> bool:
        """Whether the next item is taken; then it must be put in."""
        number = self._offered
        self._offered += 1
        return number < self._size or number == self._next

    def put(self, item: _Record | Chunk) -> None:
        """Take an item, for which another one may have to go."""
        number = self._offered - 1
        if len(self._items) < self._size:
            self._items.append((number, item))
        else:
            self._items[self._random.randrange(self._size)] = (number, item)
        if len(self._items) == self._size:
            self._skip(number)

    def kept(self) -> list[_Record | Chunk]:
        """The items that were kept, in the order in which they were offered."""
        return [item for _, item in sorted(self._items, key=itemgetter(0))]

    def _skip(self, number: int) -> None:
        self._weight *= exp(log(1.0 - self._random.random()) / self._size)
        gap = log(1.0 - self._random.random()) / log(1.0 - self._weight) if self._weight < 1.0 else 0.0
        self._next = number + int(gap) + 1


def _as_chunks(items: Iterable[_Record | Chunk]) -> Iterator[Chunk]:
    """Records of one file together, everything else by itself."""
    together: list[_Record] = []
    for item in items:
        if together and (not isinstance(item, _Record) or item[:2] != together[0][:2] or len(together) >= _TOGETHER):
            yield _texts(together)
            together = []
        if isinstance(item, _Record):
            together.append(item)
        else:
            yield item
    if together:
        yield _texts(together)


def _texts(records: list[_Record]) -> Texts:
    return Texts(records[0].payload, records[0].syntax, tuple(record.text for record in records))
