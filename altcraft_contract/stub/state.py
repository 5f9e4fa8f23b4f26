"""What the stub remembers: orders with their answers, balances of points, promo codes.

It is an SQLite database, in memory or in a file. Customers stand in it as a hash only; there is no token, no e-mail
address and no telephone number.
"""

from __future__ import annotations

import os
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from altcraft_contract.errors import ConfigurationFault
from altcraft_contract.stub import currencies
from altcraft_contract.stub.currencies import MOST_POINTS, Balance, check_currency
from altcraft_contract.stub.database import TABLES, Database

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager
    from types import TracebackType

DEFAULT_MOST_ORDERS: Final = 100_000
"""Orders kept in memory; a file keeps all."""

_MOST_FORGOTTEN: Final = 64  # orders forgotten at once, so that not every order pays for it

_FIND_ORDER: Final = "SELECT number, answer, digest, status FROM orders WHERE external_id = ?"
_NEXT_NUMBER: Final = "SELECT COALESCE(MAX(number), 0) + 1 FROM orders"
_ADD_ORDER: Final = """
INSERT INTO orders (number, external_id, digest, status, processing_target, time, answer) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_COUNT_REPEAT: Final = "UPDATE orders SET repeats = repeats + 1 WHERE external_id = ?"
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


class KnownOrder(NamedTuple):
    """An order that has been committed.

    Attributes:
        number: Its number among the orders, from 1 on.
        answer: The text of its first answer.
        digest: Digest of its first request.
        status: Status of its first answer.
    """

    number: int
    answer: str
    digest: bytes
    status: str


class State:
    """The stub's memory, which threads share; processes share it through its file.

    What one commit reads and writes stands in one `transaction`.

    Args:
        path: The file, made if there is none; None keeps everything in memory.
        most_orders: How many orders are kept; the oldest are forgotten with their codes, balances are kept. They are
            forgotten a few at a time, so that up to one in a hundred more is kept, and 63 at most. None is
            `DEFAULT_MOST_ORDERS` in memory and no bound in a file.

    Raises:
        ConfigurationFault: if *most_orders* is below 1.
        UnreadableFile: if the file cannot be used; every method raises it, too, if the file fails later.
    """

    def __init__(self, path: str | os.PathLike[str] | None = None, *, most_orders: int | None = None) -> None:
        if most_orders is not None and most_orders < 1:
            raise ConfigurationFault("most_orders", f"{most_orders} orders cannot be kept; give 1 or more, or none")
        self.path = None if path is None else os.fspath(path)
        self.most_orders = DEFAULT_MOST_ORDERS if path is None and most_orders is None else most_orders
        self._forgotten_at_once = max(1, min(_MOST_FORGOTTEN, (self.most_orders or 0) // 100))
        self._database = Database(self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was in memory is gone."""
        self._database.close()

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing: what is done within is undone if an exception leaves it.

        Other threads and processes wait. A transaction within a transaction is part of it.
        """
        return self._database

    def find_order(self, external_id: str) -> KnownOrder | None:
        """The order that was committed with *external_id*, if there is one."""
        row = self._database.row(_FIND_ORDER, (external_id,))
        return None if row is None else KnownOrder._make(row)

    def next_number(self) -> int:
        """The number that the next order will have."""
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
        """Remember an order with its answer, and forget the oldest if there are too many.

        Args:
            external_id: Its id, which no order known so far has.
            number: What `next_number` said in the same transaction.
            digest: Digest of the request.
            status: `success`, as answered.
            processing_target: As answered.
            time: When it was committed; only shown.
            answer: The text of the answer, which repeats get.
        """
        with self._database:
            values = (number, external_id, digest, status, processing_target, time, answer)
            self._database.write(_ADD_ORDER, values)
            if self.most_orders is not None and number % self._forgotten_at_once == 0 and number > self.most_orders:
                for statement in _FORGET:
                    self._database.write(statement, (number - self.most_orders,))

    def count_repeat(self, external_id: str) -> None:
        """Count that an order was sent again."""
        self._database.write(_COUNT_REPEAT, (external_id,))

    @property
    def forgotten(self) -> int:
        """How many orders were forgotten since the last reset; their numbers run on, without gaps."""
        number: int = self._database.row(_FORGOTTEN)[0]
        return number

    def link_currencies(self, places: Iterable[Ids]) -> list[int]:
        """The number of the currency that each place names by an internal id, an external id or both.

        A currency that is not known is made. Ids that are named together name one currency from then on. If each had a
        balance, the changes of both are added up on the larger opening balance.
        """
        with self._database:
            return currencies.link_currencies(self._database, places)

    def find_currency_ids(self, currency: int) -> Ids:
        """The internal and the external id by which a currency was first known."""
        iid = currencies.find_name(self._database, currency, "iid")
        return None if iid is None else int(iid), currencies.find_name(self._database, currency, "eid")

    def find_balance(self, profile: str, currency: int) -> Balance | None:
        """The points of a customer in a currency, if there have been any.

        Args:
            profile: What `profile_hash` said.
            currency: Number of the currency.
        """
        return currencies.find_balance(self._database, profile, currency)

    def set_balance(self, profile: str, currency: int, balance: Balance) -> None:
        """Set the points of a customer in a currency."""
        currencies.set_balance(self._database, profile, currency, balance)

    def set_points(
        self,
        points: int,
        *,
        profile_id: str | None = None,
        email: str | None = None,
        phone: str | None = None,
        iid: int | None = None,
        eid: str | None = None,
    ) -> None:
        """Say how many points a customer has.

        Args:
            points: From 0 to `MOST_POINTS`.
            profile_id: Who the customer is. Exactly one of the three is given: the one by which orders name the
                customer, where one that gives several goes by the first of `profile_id`, `email` and `phone`.
            email: See *profile_id*.
            phone: See *profile_id*.
            iid: The currency by its internal id, `points_currency_iid`.
            eid: The currency by its external id, `points_currency_eid`; with *iid*, both name one currency from now on.

        Raises:
            ValueError: if that does not say whose points, of what, and how many.
        """
        check_points(points)
        kind, identifier = check_customer(profile_id=profile_id, email=email, phone=phone)
        check_currency(iid, eid)
        with self._database:
            (currency,) = self.link_currencies([(iid, eid)])
            self.set_balance(profile_hash(kind, identifier), currency, Balance(points, points))

    def issue_code(self, code: str, *, pool_id: int, number: int) -> bool:
        """Remember a code that the order *number* gets; false if it is another's already."""
        return self._database.write(_ISSUE, (code, pool_id, number)) == 1

    def activate_code(self, code: str, *, pool_id: int, number: int) -> str | None:
        """Activate a code for the order *number*.

        Returns:
            The `external_id` of the first other order that has activated it, None if there is none.
        """
        with self._database:
            row = self._database.row(_FIND_ACTIVATION, (code, pool_id))
            self._database.write(_ACTIVATE, (code, pool_id, number))
        return None if row is None else row[0]

    def listing(self, limit: int = 100) -> dict[str, list[dict[str, Any]]]:
        """What is known, as JSON: `orders` and `codes` (the newest first) and `balances`, *limit* of each.

        Orders have `external_id`, `time`, `status`, `processing_target` and `repeats`; balances `profile` (12
        hexadecimal digits of a hash), `points_currency_iid`, `points_currency_eid` and `balance`, a text; codes
        `code`, `pool_id`, `external_id` and `kind`, `issued` or `activated`.
        """
        limit = max(0, min(limit, MOST_POINTS))
        with self._database:
            return {
                name: [dict(zip(names, row, strict=True)) for row in self._database.rows(statement, (limit,))]
                for name, (statement, names) in _LISTED.items()
            }

    def reset(self) -> None:
        """Forget everything."""
        with self._database:
            for table in TABLES:
                self._database.write(f"DELETE FROM {table}")  # noqa: S608 - a name of ours


def profile_hash(kind: str, identifier: str) -> str:
    """What stands for a customer: 32 hexadecimal digits.

    It hides the identifier from whoever looks at the file; it is no protection against one who tries all telephone
    numbers.

    Args:
        kind: `profile_id`, `email` or `phone`.
        identifier: The identifier.
    """
    return blake2b(f"{kind}\0{identifier}".encode(errors="surrogatepass"), digest_size=16).hexdigest()
