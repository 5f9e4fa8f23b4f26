"""What a campaign may use up, and the exception that ends it."""

from __future__ import annotations

import time
from threading import Event, Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from altcraft_contract.fuzz.report import Ending


class CampaignEnded(Exception):
    """Nothing more may be sent.

    Attributes:
        ending: Why.
        detail: The same in a sentence.
    """

    def __init__(self, ending: Ending, detail: str) -> None:
        super().__init__(ending, detail)
        self.ending: Ending = ending
        self.detail = detail


class Budget:
    """Counts what is sent and accepted; it may be used by several threads.

    Args:
        max_requests: Most requests.
        max_orders: Most orders that may be accepted; None is any number.
        max_time: Most seconds; None is any.
        clock: Seconds that only grow.

    Attributes:
        requests: How many have been sent.
        orders: How many have been accepted.
        stopped: Is set when nobody wants to go on.
    """

    def __init__(
        self,
        max_requests: int,
        max_orders: int | None,
        max_time: float | None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.requests = 0
        self.orders = 0
        self.stopped = Event()
        self._max_requests = max_requests
        self._max_orders = max_orders
        self._max_time = max_time
        self._clock = clock
        self._started = clock()
        self._lock = Lock()

    def begin(self) -> None:
        """Let the time count from now on."""
        self._started = self._clock()

    @property
    def seconds(self) -> float:
        """How long the campaign has been going on."""
        return self._clock() - self._started

    def seconds_left(self, most: float) -> float:
        """How long something may take, and no more than *most*."""
        return most if self._max_time is None else max(0.0, min(most, self._max_time - self.seconds))

    def take(self) -> None:
        """Take one request.

        Raises:
            CampaignEnded: if there is none left.
        """
        with self._lock:
            if self.stopped.is_set():
                raise CampaignEnded("interrupted", "it was interrupted")
            if self._max_time is not None and self.seconds >= self._max_time:
                raise CampaignEnded("max-time", f"its {self._max_time:g} s were over (--max-time)")
            if self._max_orders is not None and self.orders >= self._max_orders:
                detail = f"the target has accepted {self.orders:,} orders, and may accept no more (--max-orders)"
                raise CampaignEnded("max-orders", detail)
            if self.requests >= self._max_requests:
                raise CampaignEnded("max-requests", f"its {self._max_requests:,} requests were sent (--max-requests)")
            self.requests += 1

    def count_order(self) -> None:
        """Count an order that was accepted."""
        with self._lock:
            self.orders += 1
