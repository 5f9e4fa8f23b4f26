"""What the stub remembers, in an SQLite file that processes share."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.stub.currencies import MOST_POINTS, Balance, add_up, link_currencies
from altcraft_contract.stub.database import TABLES, Database
from altcraft_contract.stub.state import KnownOrder, State

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager

    from altcraft_contract.stub.currencies import Ids, Name

_FIND_ORDER: Final = "SELECT number, answer, digest, status FROM orders WHERE external_id = ?"
_NEXT_NUMBER: Final = "SELECT COALESCE(MAX(number), 0) + 1 FROM orders"
_ADD_ORDER: Final = """
INSERT INTO orders (number, external_id, digest, status, processing_target, time, answer) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_COUNT_REPEAT: Final = "UPDATE orders SET repeats = repeats + 1 WHERE number = ?"
_FORGET: Final = (
    "DELETE FROM orders WHERE number <= ?",
    "DELETE FROM issued WHERE number <= ?",
    "DELETE FROM activated WHERE number <= ?",
)
_FORGOTTEN: Final = "SELECT COALESCE(MIN(number), 1) - 1 FROM orders"

_ISSUE: Final = "INSERT OR IGNORE INTO issued (code, pool_id, number) VALUES (?, ?, ?)"
_ACTIVATE: Final = "INSERT OR IGNORE INTO activated (code, pool_id, number) VALUES (?, ?, ?)"
_FIND_ACTIVATION: Final = """
SELECT external_id FROM activated JOIN orders USING (number)
WHERE code = ? AND pool_id = ? ORDER BY number LIMIT 1
"""

_LIST_ORDERS: Final = """
SELECT external_id, time, status, processing_target, repeats FROM orders ORDER BY number DESC LIMIT :limit
"""
_LIST_BALANCES: Final = """
SELECT substr(profile, 1, 12),
    (SELECT CAST(name AS INTEGER) FROM currency_names AS names
     WHERE names.currency = balances.currency AND kind = 'iid' ORDER BY number LIMIT 1),
    (SELECT name FROM currency_names AS names
     WHERE names.currency = balances.currency AND kind = 'eid' ORDER BY number LIMIT 1),
    CAST(balance AS TEXT)
FROM balances ORDER BY profile, currency LIMIT :limit
"""
_LIST_CODES: Final = """
SELECT code, pool_id, external_id, kind FROM (
    SELECT * FROM (
        SELECT code, pool_id, number, 'issued' AS kind FROM issued ORDER BY number DESC, code LIMIT :limit)
    UNION ALL SELECT * FROM (
        SELECT code, pool_id, number, 'activated' AS kind FROM activated ORDER BY number DESC, code, pool_id
        LIMIT :limit)
) JOIN orders USING (number) ORDER BY number DESC, kind DESC, code, pool_id LIMIT :limit
"""
_LISTED: Final = {
    "orders": (_LIST_ORDERS, ("external_id", "time", "status", "processing_target", "repeats")),
    "balances": (_LIST_BALANCES, ("profile", "points_currency_iid", "points_currency_eid", "balance")),
    "codes": (_LIST_CODES, ("code", "pool_id", "external_id", "kind")),
}

_FIND_CURRENCY: Final = "SELECT currency FROM currency_names WHERE kind = ? AND name = ?"
_NEXT_NAME: Final = "SELECT COALESCE(MAX(number), 0) + 1 FROM currency_names"
_ADD_NAME: Final = "INSERT INTO currency_names (number, kind, name, currency) VALUES (?, ?, ?, ?)"
_FIRST_NAME: Final = "SELECT name FROM currency_names WHERE currency = ? AND kind = ? ORDER BY number LIMIT 1"
_RENAME: Final = "UPDATE currency_names SET currency = ? WHERE currency = ?"
_BALANCES: Final = "SELECT profile, opening, balance FROM balances WHERE currency = ?"
_DROP_BALANCES: Final = "DELETE FROM balances WHERE currency = ?"
_FIND_BALANCE: Final = "SELECT opening, balance FROM balances WHERE profile = ? AND currency = ?"
_SET_BALANCE: Final = "INSERT OR REPLACE INTO balances (profile, currency, opening, balance) VALUES (?, ?, ?, ?)"


class FileState(State):
    """A state in a file, which processes share, too.

    Args:
        path: The file, made if there is none.
        most_orders: How many orders are kept, see `State`.

    Raises:
        ConfigurationFault: if *most_orders* is below 1.
        UnreadableFile: if the file cannot be used; every method raises it, too, if the file fails later.
    """

    def __init__(self, path: str | os.PathLike[str], *, most_orders: int | None = None) -> None:
        super().__init__(most_orders)
        self.path = os.fspath(path)
        self._database = Database(self.path)
        self._book = _FileBook(self._database)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def transaction(self) -> AbstractContextManager[object]:
        """A transaction of the database; other threads and processes wait."""
        return self._database

    def find_order(self, external_id: str) -> KnownOrder | None:
        """The order of an id."""
        row = self._database.row(_FIND_ORDER, (external_id,))
        return None if row is None else KnownOrder._make(row)

    def next_number(self) -> int:
        """One more than the largest number."""
        number: int = self._database.row(_NEXT_NUMBER)[0]
        return number

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
        with self._database:
            values = (number, external_id, digest, status, processing_target, time, answer)
            self._database.write(_ADD_ORDER, values)
            if self.most_orders is not None and self._has_to_forget(number):
                for statement in _FORGET:
                    self._database.write(statement, (number - self.most_orders,))

    def count_repeat(self, number: int) -> None:
        """Count a repeat."""
        self._database.write(_COUNT_REPEAT, (number,))

    @property
    def forgotten(self) -> int:
        """How many orders are missing before the oldest."""
        number: int = self._database.row(_FORGOTTEN)[0]
        return number

    def link_currencies(self, places: Iterable[Ids]) -> list[int]:
        """The currencies of places, made and merged as these say."""
        with self._database:
            return link_currencies(self._book, places)

    def find_currency_ids(self, currency: int) -> Ids:
        """The first ids of a currency."""
        iid, eid = (self._database.row(_FIRST_NAME, (currency, kind)) for kind in ("iid", "eid"))
        return None if iid is None else int(iid[0]), None if eid is None else eid[0]

    def find_balance(self, profile: str, currency: int) -> Balance | None:
        """The points of a customer in a currency."""
        row = self._database.row(_FIND_BALANCE, (profile, currency))
        return None if row is None else Balance._make(row)

    def set_balance(self, profile: str, currency: int, balance: Balance) -> None:
        """Write the points of a customer in a currency."""
        self._database.write(_SET_BALANCE, (profile, currency, *balance))

    def issue_code(self, code: str, *, pool_id: int, number: int) -> bool:
        """Add a code, unless it is there."""
        return self._database.write(_ISSUE, (code, pool_id, number)) == 1

    def activate_code(self, code: str, *, pool_id: int, number: int) -> str | None:
        """Add an activation, and tell the first other one."""
        with self._database:
            row = self._database.row(_FIND_ACTIVATION, (code, pool_id))
            self._database.write(_ACTIVATE, (code, pool_id, number))
        return None if row is None else row[0]

    def listing(self, limit: int = 100) -> dict[str, list[dict[str, Any]]]:
        """What the tables hold, as JSON."""
        limit = max(0, min(limit, MOST_POINTS))
        return {
            name: [dict(zip(names, row, strict=True)) for row in self._database.rows(statement, {"limit": limit})]
            for name, (statement, names) in _LISTED.items()
        }

    def reset(self) -> None:
        """Empty all tables."""
        with self._database:
            for table in TABLES:
                self._database.write(f"DELETE FROM {table}")  # noqa: S608 - a name of ours


class _FileBook:
    """The currencies of a file, as `currencies.Book` has it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, name: Name) -> int | None:
        """The currency of a name."""
        row = self._database.row(_FIND_CURRENCY, name)
        return None if row is None else row[0]

    def next_number(self) -> int:
        """One more than the largest number of a name."""
        number: int = self._database.row(_NEXT_NAME)[0]
        return number

    def add(self, rows: Iterable[tuple[int, Name, int]]) -> None:
        """Add names."""
        self._database.write_all(_ADD_NAME, [(number, *name, currency) for number, name, currency in rows])

    def move(self, other: int, kept: int) -> None:
        """Move the balances and the names of one currency to another."""
        for profile, opening, balance in self._database.rows(_BALANCES, (other,)):
            row = self._database.row(_FIND_BALANCE, (profile, kept))
            merged = add_up(None if row is None else Balance._make(row), Balance(opening, balance))
            self._database.write(_SET_BALANCE, (profile, kept, *merged))
        self._database.write(_DROP_BALANCES, (other,))
        self._database.write(_RENAME, (kept, other))
