"""Orders in stock: drawing one takes longer than sending it, so some are drawn before, and get fresh ids."""

from __future__ import annotations

from functools import partial
from itertools import cycle
from threading import Lock
from typing import TYPE_CHECKING, Final

from altcraft_contract.fuzz.case import Case
from altcraft_contract.fuzz.identity import Identity
from altcraft_contract.fuzz.orders import Orders
from altcraft_contract.strategies.vocabulary import MADE_UP
from altcraft_contract.strategies.wire import plain_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from altcraft_contract.contract import Syntax
    from altcraft_contract.fuzz.case import Order
    from altcraft_contract.load.share import Share
    from altcraft_contract.strategies.vocabulary import Values

SIZE: Final = 400  # orders in stock: nearly all pairs of features have met among them
TITLE: Final = "a drawn order"
_MADE_UP_TOKEN: Final = "made-up-token-0000"  # noqa: S105 - it opens nothing
_ID: Final = "altcraft-id-stand-in"


class Supply:
    """Makes cases of valid orders, thousands in a second.

    Args:
        values: What exists on the installation.
        token: Of its API; None sends a made-up one.
        syntaxes: Of the orders, in turn.
        share: Says which orders are drawn, and begins their ids.
        fresh_id: Makes an `external_id` that has not been sent before.
        lines: How many lines an order has, at least and at most.

    Attributes:
        values: As above.
        identity: What is put in the place of stand-ins, and must not be seen.
        opening: Is held by the user who sends the plainest orders first; others wait for that.
        is_open: Whether that has been done.
    """

    def __init__(
        self,
        values: Values,
        *,
        token: str | None,
        syntaxes: tuple[Syntax, ...],
        share: Share,
        fresh_id: Callable[[], str],
        lines: int | tuple[int, int] = (1, 3),
    ) -> None:
        self.values = values
        self.identity = Identity(
            token or _MADE_UP_TOKEN,
            (values.emails or MADE_UP.emails)[0],
            (values.phones or MADE_UP.phones)[0],
        )
        self.opening = Lock()
        self.is_open = False
        self._syntaxes = syntaxes
        self._fresh_id = fresh_id
        self._orders = Orders(values, seed=share.seed, with_triggers=share.with_triggers)
        drawn = [self._orders.drawn(lines=lines) for _ in range(SIZE)]
        # Each order in one syntax, then each in the next: the turns of both are as long.
        rows = [
            (syntaxes[(number + shift) % len(syntaxes)], order)
            for shift in range(len(syntaxes))
            for number, order in enumerate(drawn)
        ]
        self._bodies: Iterator[tuple[Syntax, bytes]] = cycle(
            [(syntax, _with_stand_in(order, syntax)) for syntax, order in rows]
        )

    def plain_cases(self) -> Iterator[Callable[[], Case]]:
        """What makes the smallest order, in each syntax."""
        plain = self._orders.plain()
        for syntax in self._syntaxes:
            yield partial(self._case, syntax, _with_stand_in(plain, syntax), "a plain order")

    def next_case(self) -> Case:
        """Any valid order."""
        syntax, body = next(self._bodies)
        return self._case(syntax, body, TITLE)

    def _case(self, syntax: Syntax, body: bytes, title: str) -> Case:
        external_id = self._fresh_id()
        written = body.replace(_ID.encode(), external_id.encode())
        return Case(title=title, syntax=syntax, body=written, external_id=external_id)


def _with_stand_in(order: Order, syntax: Syntax) -> bytes:
    return plain_body({**order, "external_id": _ID}, syntax)
