"""How fast requests may follow each other."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from altcraft_contract.errors import ConfigurationFault

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

_LONGEST: Final = 10**9  # seconds
_DIGITS: Final = 9


class Pace:
    """Gives turns, so many in a second and none while a service wants to be left alone.

    Args:
        rate: Turns in a second; None is as many as are asked for.
        clock: Seconds that only grow.

    Raises:
        ConfigurationFault: if *rate* is no positive number.
    """

    def __init__(self, rate: float | None, *, clock: Callable[[], float] = time.monotonic) -> None:
        if rate is not None and not rate > 0:
            raise ConfigurationFault("the rate limit", f"{rate}: expected a number of requests in a second, above 0")
        self._interval = 1 / rate if rate is not None else 0.0
        self._clock = clock
        self._next = clock()

    def take(self) -> float:
        """Take a turn; 0 if it has been taken, else the seconds after which to ask again."""
        now = self._clock()
        if now < self._next:
            return self._next - now
        self._next = now + self._interval
        return 0.0

    def hold(self, seconds: float) -> None:
        """Give no turn for so many seconds."""
        self._next = max(self._next, self._clock() + seconds)


def read_retry_after(value: str, now: datetime) -> float | None:
    """Seconds that a `Retry-After` asks for, from 0 on; None if it cannot be understood (RFC 9110, 10.2.3)."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(min(int(value), _LONGEST)) if len(value) <= _DIGITS else float(_LONGEST)
    try:
        moment = parsedate_to_datetime(value)
        return max(0.0, (moment - now).total_seconds())
    except (ValueError, TypeError, OverflowError):  # no date, or one without a time zone
        return None
