"""Which ids name one currency of points; ids that are named together name one from then on."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_POINTS: Final = 2**63 - 1
"""The largest balance: the largest integer that the documentation's 64 bits and SQLite have in common."""

Ids = tuple[int | None, str | None]
"""What a place names a currency by: an internal id, an external id, or both."""

Name = tuple[str, str]
"""One of them: its kind, `iid` or `eid`, and the id as text."""


class Balance(NamedTuple):
    """The points of one customer in one currency, both from 0 to `MOST_POINTS`.

    Attributes:
        opening: What there was before the first order that is known, and what was accrued elsewhere since.
        balance: What there is.
    """

    opening: int
    balance: int


class Book(Protocol):
    """Where the names and the balances of currencies stand, within a transaction."""

    def find(self, name: Name) -> int | None:
        """The currency that has a name, if there is one."""

    def next_number(self) -> int:
        """The number that the next name will have."""

    def add(self, rows: Iterable[tuple[int, Name, int]]) -> None:
        """Add names that no currency has.

        Args:
            rows: The number of the name, the name, and the currency; a new one has the number of its first name.
        """

    def move(self, other: int, kept: int) -> None:
        """Move the names and the balances of the currency *other* to *kept*, as `add_up` says."""


def link_currencies(book: Book, places: Iterable[Ids]) -> list[int]:
    """The number of the currency that each place names, made if there is none; within a transaction.

    Ids that turn out to name one currency are merged, with their balances.
    """
    named = [_names_of(ids) for ids in places]
    numbers = []
    for names in named:
        number = book.find(names[0])
        if number is None or (len(names) > 1 and book.find(names[1]) != number):
            known = {name: book.find(name) for name in dict.fromkeys(chain.from_iterable(named))}
            return _Links(book, known).link(named)
        numbers.append(number)
    return numbers


def add_up(first: Balance | None, second: Balance) -> Balance:
    """The balance of two currencies that are one: the changes of both on the larger opening balance."""
    if first is None:
        return second
    changed = first.balance + second.balance - min(first.opening, second.opening)
    return Balance(max(first.opening, second.opening), max(0, min(changed, MOST_POINTS)))


def _names_of(ids: Ids) -> list[Name]:
    iid, eid = ids
    if iid is None:
        return [] if eid is None else [("eid", eid)]
    return [("iid", str(iid))] if eid is None else [("iid", str(iid)), ("eid", eid)]


class _Links:
    """Currencies that are made and merged at once, so that each known balance is moved once.

    Args:
        book: Where they stand.
        known: The currency of each name, None for new names.
    """

    def __init__(self, book: Book, known: dict[Name, int | None]) -> None:
        self.book = book
        self.known = known
        self.merged: dict[int, int] = {}  # a currency to one of a smaller number that it is one with
        self.added: list[tuple[int, Name]] = []

    def link(self, named: list[list[Name]]) -> list[int]:
        """Make, merge and store; return the number of each place."""
        following = self.book.next_number()
        numbers = []
        for names in named:
            found = sorted({self.root(number) for name in names if (number := self.known[name]) is not None})
            kept = found[0] if found else following + len(self.added)
            for name in names:
                if self.known[name] is None:
                    self.known[name] = kept
                    self.added.append((following + len(self.added), name))
            for other in found[1:]:
                self.merged[other] = kept
            numbers.append(kept)
        for other in self.merged:
            if other < following:
                self.book.move(other, self.root(other))
        self.book.add((number, name, self.root(self.known[name] or number)) for number, name in self.added)
        return [self.root(number) for number in numbers]

    def root(self, number: int) -> int:
        """The currency that *number* is one with by now."""
        last = number
        while last in self.merged:
            last = self.merged[last]
        while number != last:
            self.merged[number], number = last, self.merged[number]
        return last
