"""Ids of runs and of orders."""

from __future__ import annotations

from itertools import count
from secrets import token_hex
from threading import Lock
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from altcraft_contract.fuzz.case import FreshOrder, Order

PREFIX: Final = "acf-"


def make_run_id() -> str:
    """An id that no other run has: `acf-` and eight hexadecimal digits."""
    return f"{PREFIX}{token_hex(4)}"


class OrderIds:
    """Gives every order of a run an `external_id` of its own; it may be used by several threads.

    Args:
        run: Id of the run, which each of them begins with.
        first: Number of the first.
    """

    def __init__(self, run: str, first: int = 1) -> None:
        self._run = run
        self._numbers = count(first)
        self._lock = Lock()

    def fresh(self, order: Order) -> FreshOrder:
        """What makes copies of an order, with what stood in its `external_id` behind the id of each."""

        def make() -> Order:
            with self._lock:
                number = next(self._numbers)
            return {**order, "external_id": f"{self._run}-{number}{order.get('external_id', '')}"}

        return make
