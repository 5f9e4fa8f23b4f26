"""What the stub remembers, in memory: quicker than a file, and gone with the process."""

from __future__ import annotations

import sys
from bisect import bisect_right
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from altcraft_contract.stub.currencies import Balance, add_up, link_currencies
from altcraft_contract.stub.digest import is_kept_order, keep_order
from altcraft_contract.stub.state import KnownOrder, State
from altcraft_contract.stub.state_file import FileState
from altcraft_contract.stub.tables import Tables

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping
    from contextlib import AbstractContextManager

    from altcraft_contract.stub.currencies import Ids, Name

DEFAULT_MOST_ORDERS: Final = 20_000
MOST_BYTES: Final = 256 * 1024 * 1024  # of answers and first requests
"""Orders kept in memory; a file keeps all."""

_KINDS: Final = ("iid", "eid")


def open_state(path: str | os.PathLike[str] | None = None, *, most_orders: int | None = None) -> State:
    """A state in a file, or in memory.

    Args:
        path: The file, made if there is none; None keeps everything in memory.
        most_orders: How many orders are kept, see `State`; None is `DEFAULT_MOST_ORDERS` in memory and no bound in a
            file.

    Raises:
        ConfigurationFault: if *most_orders* is below 1.
        UnreadableFile: if the file cannot be used.
    """
    if path is not None:
        return FileState(path, most_orders=most_orders)
    return MemoryState(most_orders=DEFAULT_MOST_ORDERS if most_orders is None else most_orders)


class _Code(NamedTuple):
    """A promo code of an order; `kind` is `issued` or `activated`."""

    kind: str
    code: str
    pool_id: int


def _listing_order(code: _Code) -> tuple[bool, str, int]:
    return code.kind == "activated", code.code, code.pool_id


class _Shown(NamedTuple):
    """What a listing shows of an order."""

    external_id: str
    time: str
    status: str
    processing_target: str


class MemoryState(State):
    """A state in memory, on dictionaries.

    Args:
        most_orders: How many orders are kept, see `State`.

    Raises:
        ConfigurationFault: if *most_orders* is below 1.
    """

    def __init__(self, *, most_orders: int | None = DEFAULT_MOST_ORDERS) -> None:
        super().__init__(most_orders)
        self._tables = Tables()
        self._book = _MemoryBook(self._tables)
        self._last: dict[str, int] = {}  # the number of the last order, under "number"
        self._known: dict[str, KnownOrder] = {}
        self._shown: dict[int, _Shown] = {}
        self._repeats: dict[int, int] = {}
        self._codes: dict[int, list[_Code]] = {}  # of each order
        self._issued: dict[str, int] = {}  # a code to the order that got it
        self._activated: dict[tuple[str, int], list[int]] = {}  # a code and its pool to orders, the first at the start

    def close(self) -> None:
        """Let go of everything."""
        self.reset()

    def transaction(self) -> AbstractContextManager[object]:
        """A transaction of the dictionaries; other threads wait."""
        return self._tables

    def find_order(self, external_id: str) -> KnownOrder | None:
        """The order of an id."""
        with self._tables.lock:
            return self._known.get(external_id)

    def next_number(self) -> int:
        """One more than the last number."""
        with self._tables.lock:
            return self._last.get("number", 0) + 1

    def digest(self, request: Mapping[str, Any]) -> bytes:
        """The order itself, unless it is large: that is quicker to make than a digest."""
        return keep_order(request)

    def is_same_order(self, request: Mapping[str, Any], digest: bytes) -> bool:
        """Whether a request orders the same as one that is kept."""
        return is_kept_order(request, digest)

    def remember_order(
        self,
        external_id: str,
        *,
        number: int,
        digest: bytes,
        status: str,
        processing_target: str,
        time: str,
        answer: str,
    ) -> None:
        """Add an order, and forget some of the oldest if it is time."""
        with self._tables as tables:
            tables.put(self._last, "number", number)
            tables.put(self._known, external_id, KnownOrder(number, answer, digest, status))
            tables.put(self._shown, number, _Shown(external_id, time, status, processing_target))
            tables.put(self._last, "bytes", self._last.get("bytes", 0) + len(answer) + len(digest))
            if self.most_orders is not None and self._has_to_forget(number):
                self._forget(number - self.most_orders)
            while self._last["bytes"] > MOST_BYTES and self.forgotten + 1 < number:
                self._forget(self.forgotten + 1)

    def _forget(self, last: int) -> None:
        """Forget the orders up to *last*."""
        tables = self._tables
        activated = set()
        for number in range(self.forgotten + 1, last + 1):
            known = self._known[self._shown[number].external_id]
            tables.put(self._last, "bytes", self._last.get("bytes", 0) - len(known.answer) - len(known.digest))
            tables.drop(self._known, self._shown[number].external_id)
            tables.drop(self._shown, number)
            tables.drop(self._repeats, number)
            for kind, code, pool_id in self._codes.get(number, ()):
                if kind == "issued":
                    tables.drop(self._issued, code)
                else:
                    activated.add((code, pool_id))
            tables.drop(self._codes, number)
        for key in activated:
            numbers = self._activated[key]
            tables.put(self._activated, key, numbers[bisect_right(numbers, last) :])
            if not self._activated[key]:
                tables.drop(self._activated, key)

    def count_repeat(self, number: int) -> None:
        """Count a repeat."""
        with self._tables as tables:
            tables.put(self._repeats, number, self._repeats.get(number, 0) + 1)

    @property
    def forgotten(self) -> int:
        """How many orders are missing before the oldest."""
        with self._tables.lock:
            return self._last.get("number", 0) - len(self._shown)

    def link_currencies(self, places: Iterable[Ids]) -> list[int]:
        """The currencies of places, made and merged as these say."""
        with self._tables:
            return link_currencies(self._book, places)

    def find_currency_ids(self, currency: int) -> Ids:
        """The first ids of a currency."""
        with self._tables.lock:
            iid, eid = (self._book.first.get((currency, kind)) for kind in _KINDS)
        return None if iid is None else int(iid[1]), None if eid is None else eid[1]

    def find_balance(self, profile: str, currency: int) -> Balance | None:
        """The points of a customer in a currency."""
        with self._tables.lock:
            return self._book.balances.get(currency, {}).get(profile)

    def set_balance(self, profile: str, currency: int, balance: Balance) -> None:
        """Write the points of a customer in a currency."""
        with self._tables as tables:
            tables.put(self._book.balances_of(currency), profile, balance)

    def issue_code(self, code: str, *, pool_id: int, number: int) -> bool:
        """Add a code, unless it is there."""
        with self._tables as tables:
            if code in self._issued:
                return False
            tables.put(self._issued, code, number)
            self._add_code(number, _Code("issued", code, pool_id))
            return True

    def activate_code(self, code: str, *, pool_id: int, number: int) -> str | None:
        """Add an activation, and tell the first other one."""
        with self._tables as tables:
            numbers = self._activated.get((code, pool_id))
            if numbers is None:
                tables.put(self._activated, (code, pool_id), [number])
            elif numbers[-1] != number:
                tables.append(numbers, number)
            else:  # named twice by one order
                return self._find_id(numbers[0])
            self._add_code(number, _Code("activated", code, pool_id))
            return None if numbers is None else self._find_id(numbers[0])

    def _find_id(self, number: int) -> str | None:
        order = self._shown.get(number)
        return None if order is None else order.external_id

    def _add_code(self, number: int, code: _Code) -> None:
        codes = self._codes.get(number)
        if codes is None:
            self._tables.put(self._codes, number, [code])
        else:
            self._tables.append(codes, code)

    def listing(self, limit: int = 100) -> dict[str, list[dict[str, Any]]]:
        """What the dictionaries hold, as JSON."""
        limit = max(0, limit)
        with self._tables.lock:
            last = self._last.get("number", 0)
            numbers = range(last, self.forgotten, -1)
            codes = chain.from_iterable(map(self._list_codes, numbers))
            return {
                "orders": [self._list_order(number) for number in numbers[:limit]],
                "balances": self._list_balances(limit),
                "codes": list(islice(codes, min(limit, sys.maxsize))),
            }

    def _list_order(self, number: int) -> dict[str, Any]:
        return {**self._shown[number]._asdict(), "repeats": self._repeats.get(number, 0)}

    def _list_codes(self, number: int) -> list[dict[str, Any]]:
        external_id = self._shown[number].external_id
        return [
            {"code": code, "pool_id": pool_id, "external_id": external_id, "kind": kind}
            for kind, code, pool_id in sorted(self._codes.get(number, ()), key=_listing_order)
        ]

    def _list_balances(self, limit: int) -> list[dict[str, Any]]:
        found = [
            (profile, currency, balance.balance)
            for currency, balances in self._book.balances.items()
            for profile, balance in balances.items()
        ]
        items = []
        for profile, currency, balance in sorted(found)[:limit]:
            iid, eid = self.find_currency_ids(currency)
            named = {"points_currency_iid": iid, "points_currency_eid": eid}
            items.append({"profile": profile[:12], **named, "balance": str(balance)})
        return items

    def reset(self) -> None:
        """Empty all dictionaries."""
        with self._tables as tables:
            orders = (self._last, self._known, self._shown, self._repeats, self._codes, self._issued, self._activated)
            book = self._book
            for table in (*orders, book.currencies, book.names, book.first, book.balances):
                tables.clear(table)


class _MemoryBook:
    """The currencies of a memory, as `currencies.Book` has it."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self.currencies: dict[Name, int] = {}
        self.names: dict[int, tuple[Name, ...]] = {}  # of each currency
        self.first: dict[tuple[int, str], tuple[int, str]] = {}  # of a currency and a kind: number and id
        self.balances: dict[int, dict[str, Balance]] = {}  # of each currency, by customer
        self.find = self.currencies.get

    def next_number(self) -> int:
        """One more than there are names."""
        return len(self.currencies) + 1

    def add(self, rows: Iterable[tuple[int, Name, int]]) -> None:
        """Add names."""
        for number, name, currency in rows:
            kind, identifier = name
            self._tables.put(self.currencies, name, currency)
            self._tables.put(self.names, currency, (*self.names.get(currency, ()), name))
            self._tell_first(currency, kind, (number, identifier))

    def move(self, other: int, kept: int) -> None:
        """Move the balances and the names of one currency to another."""
        tables = self._tables
        balances = self.balances_of(kept)
        for profile, balance in self.balances_of(other).items():
            tables.put(balances, profile, add_up(balances.get(profile), balance))
        tables.drop(self.balances, other)
        names = self.names[other]
        for name in names:
            tables.put(self.currencies, name, kept)
        tables.put(self.names, kept, self.names[kept] + names)
        tables.drop(self.names, other)
        for kind in _KINDS:
            first = self.first.get((other, kind))
            if first is not None:
                tables.drop(self.first, (other, kind))
                self._tell_first(kept, kind, first)

    def _tell_first(self, currency: int, kind: str, named: tuple[int, str]) -> None:
        first = self.first.get((currency, kind))
        if first is None or named < first:
            self._tables.put(self.first, (currency, kind), named)

    def balances_of(self, currency: int) -> dict[str, Balance]:
        """The balances of a currency, by customer."""
        balances = self.balances.get(currency)
        if balances is None:
            balances = {}
            self._tables.put(self.balances, currency, balances)
        return balances
