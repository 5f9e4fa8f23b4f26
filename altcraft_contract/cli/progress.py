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


class Progress:
    """A line that counts what is done.

    Args:
        noun: What is counted, in the plural.
        stream: Where the line is shown.
        beside: Where results go; a result on the same terminal first removes the line.
        clock: Seconds since some moment.
    """

    def __init__(
        self, noun: str, stream: Any, *, beside: Any = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._noun = noun
        self._stream = stream
        self._shares = beside is not None and beside.isatty()
        self._clock = clock
        self._enabled = stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"
        self._next = clock() + _PATIENCE
        self._shown = False

    def watch(self, items: Iterable[_Item]) -> Iterator[_Item]:
        """Pass *items* on, counted."""
        for done, item in enumerate(items, start=1):
            if self._enabled and self._clock() >= self._next:
                self._next = self._clock() + _INTERVAL
                self._show(f"\r{done:,} {self._noun} …")
                self._shown = True
            yield item
        self.erase()

    def hide(self) -> None:
        """Make room for a result, if results go to the same terminal."""
        if self._shares:
            self.erase()

    def erase(self) -> None:
        """Remove the line."""
        if self._shown:
            self._show("\r\x1b[K")
            self._shown = False

    def _show(self, text: str) -> None:
        with suppress(OSError):  # a terminal that is gone needs no progress
            self._stream.write(text)
            self._stream.flush()
