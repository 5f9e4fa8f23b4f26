"""Progress on long work: on the standard error, on terminals only, after two seconds."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_Item = TypeVar("_Item")

_PATIENCE: Final = 2.0  # seconds before anything is shown
_INTERVAL: Final = 0.2  # seconds between two updates
_LEAST: Final = 1e-3  # part of the work from which the rest is told
_BAR: Final = 20  # characters


class Progress:
    """A line that counts what is done.

    Args:
        noun: What is counted, in the plural.
        stream: Where the line is shown.
        beside: Where results go; a result on the same terminal first removes the line.
        clock: Seconds since some moment.
        total: Size of all the work, in the unit of `advance`; None if that is not known.

    Attributes:
        total: As given; may be set once it is known.
    """

    def __init__(
        self,
        noun: str,
        stream: Any,
        *,
        beside: Any = None,
        clock: Callable[[], float] = time.monotonic,
        total: int | None = None,
    ) -> None:
        self._noun = noun
        self._stream = stream
        self._shares = beside is not None and beside.isatty()
        self._clock = clock
        self._enabled = stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"
        self._start = clock()
        self._next = self._start + _PATIENCE
        self._shown = False
        self.total = total
        self._count = 0
        self._size = 0

    @property
    def is_enabled(self) -> bool:
        """Whether anything may be shown."""
        return bool(self._enabled)

    def watch(self, items: Iterable[_Item]) -> Iterator[_Item]:
        """Pass *items* on, counted."""
        for item in items:
            self.advance(1)
            yield item
        self.erase()

    def advance(self, count: int, size: int = 0) -> None:
        """Count what was done, and how much of the work that is."""
        self._count += count
        self._size += size
        if self._enabled and self._clock() >= self._next:
            now = self._clock()
            self._next = now + _INTERVAL
            self._show(f"\r{self._line(now - self._start)}\x1b[K")
            self._shown = True

    def hide(self) -> None:
        """Make room for a result, if results go to the same terminal."""
        if self._shares:
            self.erase()

    def erase(self) -> None:
        """Remove the line."""
        if self._shown:
            self._show("\r\x1b[K")
            self._shown = False

    def _line(self, seconds: float) -> str:
        line = f"{self._count:,} {self._noun}"
        if self._count:
            line += f", {_rate(self._count / seconds)}/s"
        done = self._size / self.total if self.total else 0.0
        if done < _LEAST:
            return f"{line} …"
        done = min(done, 1.0)
        bar = "█" * round(done * _BAR)
        return f"{bar:░<{_BAR}} {done:.0%}, {line}, {_clock(seconds * (1 - done) / done)} left"

    def _show(self, text: str) -> None:
        with suppress(OSError, UnicodeError):  # a terminal that is gone, or knows no blocks, needs no progress
            self._stream.write(text)
            self._stream.flush()


def _rate(rate: float) -> str:
    ten = 10
    return f"{rate:,.0f}" if rate >= ten else f"{rate:.1f}"


def _clock(seconds: float) -> str:
    """A time to wait, such as `0:07` or `1:02:03`."""
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
