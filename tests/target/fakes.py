"""Clocks that tests set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@dataclass
class Clock:
    """Stands still until it is told to go on.

    Attributes:
        seconds: What it shows.
    """

    seconds: float = 1000.0

    def __call__(self) -> float:
        """What it shows."""
        return self.seconds

    def now(self) -> datetime:
        """The same as a time in UTC."""
        return START + timedelta(seconds=self.seconds - 1000)


class Ticking(Clock):
    """Goes on a little each time that somebody looks."""

    def __call__(self) -> float:
        """What it shows, after that."""
        self.seconds += 0.03
        return self.seconds
