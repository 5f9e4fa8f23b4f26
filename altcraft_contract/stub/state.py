"""What the stub remembers: orders with their answers, balances of points, promo codes; in a file or in memory.

In a file customers stand as a hash only, and no token, e-mail address or telephone number is written, unless it is part
of an order's id, a promotion's name or a promo code: these stand as they were sent. In memory the first request of each
order may be kept, without its token, and no listing shows it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from altcraft_contract.errors import ConfigurationFault
from altcraft_contract.stub.currencies import MOST_POINTS, Balance
from altcraft_contract.stub.digest import digest_order, is_same_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from contextlib import AbstractContextManager
    from types import TracebackType

    from altcraft_contract.stub.currencies import Ids

_MOST_FORGOTTEN: Final = 64  # orders forgotten at once, so that not every order pays for it


class KnownOrder(NamedTuple):
    """An order that has been committed.

    Attributes:
        number: Its number among the orders, from 1 on.
        answer: The text of its first answer.
        digest: What `State.digest` made of its first request.
        status: Status of its first answer.
    """

    number: int
    answer: str
    digest: bytes
    status: str


class State(ABC):
    """The stub's memory, which threads share.

    What one commit reads and writes stands in one `transaction`.

    Args:
        most_orders: How many orders are kept; the oldest are forgotten with their codes, balances are kept. They are
            forgotten a few at a time, so that up to one in a hundred more is kept, and 63 at most. None is no bound.

    Raises:
        ConfigurationFault: if *most_orders* is below 1.
    """

    def __init__(self, most_orders: int | None) -> None:
        if most_orders is not None and most_orders < 1:
            raise ConfigurationFault("most_orders", f"{most_orders} orders cannot be kept; give 1 or more, or none")
        self.most_orders = most_orders
        self._forgotten_at_once = max(1, min(_MOST_FORGOTTEN, (most_orders or 0) // 100))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Let go of everything; what was in memory is gone."""

    @abstractmethod
    def transaction(self) -> AbstractContextManager[object]:
        """All or nothing: what is done within is undone if an exception leaves it.

        Others wait. A transaction within a transaction is part of it.
        """

    @abstractmethod
    def find_order(self, external_id: str) -> KnownOrder | None:
        """The order that was committed with *external_id*, if there is one."""

    @abstractmethod
    def next_number(self) -> int:
        """The number that the next order will have."""

    def digest(self, request: Mapping[str, Any]) -> bytes:
        """What is remembered of a request, so that repeats can be compared with it."""
        return digest_order(request)

    def is_same_order(self, request: Mapping[str, Any], digest: bytes) -> bool:
        """Whether a request orders the same as the one of which this state made the *digest*, in either syntax."""
        return is_same_order(request, digest)

    @abstractmethod
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
            digest: What `digest` made of the request.
            status: `success`, as answered.
            processing_target: As answered.
            time: When it was committed; only shown.
            answer: The text of the answer, which repeats get.
        """

    def _has_to_forget(self, number: int) -> bool:
        """Whether orders are forgotten, now that the order *number* is remembered."""
        return self.most_orders is not None and number > self.most_orders and number % self._forgotten_at_once == 0

    @abstractmethod
    def count_repeat(self, number: int) -> None:
        """Count that the order *number* was sent again."""

    @property
    @abstractmethod
    def forgotten(self) -> int:
        """How many orders were forgotten since the last reset; their numbers run on, without gaps."""

    @abstractmethod
    def link_currencies(self, places: Iterable[Ids]) -> list[int]:
        """The number of the currency that each place names by an internal id, an external id or both.

        A currency that is not known is made. Ids that are named together name one currency from then on. If each had a
        balance, the changes of both are added up on the larger opening balance.
        """

    @abstractmethod
    def find_currency_ids(self, currency: int) -> Ids:
        """The internal and the external id by which a currency was first known."""

    @abstractmethod
    def find_balance(self, profile: str, currency: int) -> Balance | None:
        """The points of a customer in a currency, if there have been any.

        Args:
            profile: What `profile_hash` said.
            currency: Number of the currency.
        """

    @abstractmethod
    def set_balance(self, profile: str, currency: int, balance: Balance) -> None:
        """Set the points of a customer in a currency."""

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
        _check_points(points)
        _check_currency(iid, eid)
        kind, identifier = _only_identifier(profile_id=profile_id, email=email, phone=phone)
        with self.transaction():
            (currency,) = self.link_currencies([(iid, eid)])
            self.set_balance(profile_hash(kind, identifier), currency, Balance(points, points))

    @abstractmethod
    def issue_code(self, code: str, *, pool_id: int, number: int) -> bool:
        """Remember a code that the order *number* gets; false if it is another's already."""

    @abstractmethod
    def activate_code(self, code: str, *, pool_id: int, number: int) -> str | None:
        """Activate a code for the order *number*.

        Returns:
            The `external_id` of the first other order that has activated it, None if there is none.
        """

    @abstractmethod
    def listing(self, limit: int = 100) -> dict[str, list[dict[str, Any]]]:
        """What is known, as JSON: `orders` and `codes` (the newest first) and `balances`, *limit* of each.

        Orders have `external_id`, `time`, `status`, `processing_target` and `repeats`; balances `profile` (12
        hexadecimal digits of a hash), `points_currency_iid`, `points_currency_eid` and `balance`, a text; codes
        `code`, `pool_id`, `external_id` and `kind`, `issued` or `activated`.
        """

    @abstractmethod
    def reset(self) -> None:
        """Forget everything."""


def profile_hash(kind: str, identifier: str) -> str:
    """What stands for a customer: 32 hexadecimal digits.

    It hides the identifier from whoever looks at the file; it is no protection against one who tries all telephone
    numbers.

    Args:
        kind: `profile_id`, `email` or `phone`.
        identifier: The identifier.
    """
    return blake2b(f"{kind}\0{identifier}".encode(errors="surrogatepass"), digest_size=16).hexdigest()


def _check_points(points: object) -> None:
    if not isinstance(points, int) or isinstance(points, bool) or not 0 <= points <= MOST_POINTS:
        raise ValueError(f"{points!r} points: give a whole number from 0 to {MOST_POINTS}")


def _check_currency(iid: object, eid: object) -> None:
    if iid is None and eid is None:
        raise ValueError("points of which currency: give iid, eid or both")
    if iid is not None and (not isinstance(iid, int) or isinstance(iid, bool) or not -(2**63) <= iid < 2**63):
        raise ValueError(f"iid={iid!r}: give a whole number of 64 bits")
    if eid is not None and (not isinstance(eid, str) or not eid):
        raise ValueError(f"eid={eid!r}: give a text that is not empty")


def _only_identifier(**identifiers: object) -> tuple[str, str]:
    given = {kind: value for kind, value in identifiers.items() if value is not None}
    if len(given) != 1:
        told = " and ".join(given) or "none"
        raise ValueError(f"points of whom: give one of {', '.join(identifiers)}, not {told}")
    ((kind, value),) = given.items()
    if not isinstance(value, str) or not value:
        raise ValueError(f"{kind} is no text, or empty: give the identifier as orders have it")
    return kind, value
