"""Which ids name one currency of points; ids that are named together name one from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from altcraft_contract.stub.database import Database

MOST_POINTS: Final = 2**63 - 1
"""The largest balance: the largest integer that the documentation's 64 bits and SQLite have in common."""

Ids = tuple[int | None, str | None]
"""What a place names a currency by: an internal id, an external id, or both."""

_Name = tuple[str, str]  # kind and id

_FIND: Final = "SELECT currency FROM currency_names WHERE kind = ? AND name = ?"
_NEXT: Final = "SELECT COALESCE(MAX(number), 0) + 1 FROM currency_names"
_ADD: Final = "INSERT INTO currency_names (number, kind, name, currency) VALUES (?, ?, ?, ?)"
_FIRST_NAME: Final = "SELECT name FROM currency_names WHERE currency = ? AND kind = ? ORDER BY number LIMIT 1"
_RENAME: Final = "UPDATE currency_names SET currency = ? WHERE currency = ?"
_BALANCES: Final = "SELECT profile, opening, balance FROM balances WHERE currency = ?"
_DROP_BALANCES: Final = "DELETE FROM balances WHERE currency = ?"
_FIND_BALANCE: Final = "SELECT opening, balance FROM balances WHERE profile = ? AND currency = ?"
_SET_BALANCE: Final = "INSERT OR REPLACE INTO balances (profile, currency, opening, balance) VALUES (?, ?, ?, ?)"


class Balance(NamedTuple):
    """The points of one customer in one currency, both from 0 to `MOST_POINTS`.

    Attributes:
        opening: What there was before the first order that is known, and what was accrued elsewhere since.
        balance: What there is.
    """

    opening: int
    balance: int


def link_currencies(database: Database, places: Iterable[Ids]) -> list[int]:
    """The number of the currency that each place names, made if there is none; within a transaction.

    If ids that turn out to name one currency each had a balance, the changes of both are added up on the larger opening
    balance.
    """
    named = [_names(ids) for ids in places]
    known: dict[_Name, int | None] = {}
    for names in named:
        for name in names:
            if name not in known:
                row = database.row(_FIND, name)
                known[name] = None if row is None else row[0]
    first = [known[names[0]] for names in named]
    settled = [
        number
        for number, names in zip(first, named, strict=True)
        if number is not None and all(known[name] == number for name in names)
    ]
    return settled if len(settled) == len(named) else _Links(database, known).link(named)


def find_name(database: Database, currency: int, kind: str) -> str | None:
    """The id of a *kind* (`iid` or `eid`) by which a currency was first known."""
    row = database.row(_FIRST_NAME, (currency, kind))
    return None if row is None else row[0]


def find_balance(database: Database, profile: str, currency: int) -> Balance | None:
    """The points of a customer in a currency, if there have been any."""
    row = database.row(_FIND_BALANCE, (profile, currency))
    return None if row is None else Balance._make(row)


def set_balance(database: Database, profile: str, currency: int, balance: Balance) -> None:
    """Set the points of a customer in a currency."""
    database.write(_SET_BALANCE, (profile, currency, *balance))


def _names(ids: Ids) -> list[_Name]:
    iid, eid = ids
    names = [("iid", str(iid))] if iid is not None else []
    return names if eid is None else [*names, ("eid", eid)]


class _Links:
    """Currencies that are made and merged at once, so that each known balance is moved once.

    Args:
        database: Where they stand.
        known: The currency of each name, None for new names.
    """

    def __init__(self, database: Database, known: dict[_Name, int | None]) -> None:
        self.database = database
        self.known = known
        self.merged: dict[int, int] = {}  # a currency to one of a smaller number that it is one with
        self.added: list[tuple[int, _Name]] = []

    def link(self, named: list[list[_Name]]) -> list[int]:
        """Make, merge and store; return the number of each place."""
        following: int = self.database.row(_NEXT)[0]
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
                self.move(other, self.root(other))
        rows = [(number, *name, self.root(self.known[name] or number)) for number, name in self.added]
        self.database.write_all(_ADD, rows)
        return [self.root(number) for number in numbers]

    def root(self, number: int) -> int:
        """The currency that *number* is one with by now."""
        last = number
        while last in self.merged:
            last = self.merged[last]
        while number != last:
            self.merged[number], number = last, self.merged[number]
        return last

    def move(self, other: int, kept: int) -> None:
        """Move the balances and the names of one currency to another."""
        for profile, opening, balance in self.database.rows(_BALANCES, (other,)):
            first = find_balance(self.database, profile, kept) or Balance(0, 0)
            changed = first.balance + balance - min(first.opening, opening)
            merged = Balance(max(first.opening, opening), max(0, min(changed, MOST_POINTS)))
            set_balance(self.database, profile, kept, merged)
        self.database.write(_DROP_BALANCES, (other,))
        self.database.write(_RENAME, (kept, other))
