"""Ctrl-C: the work stops, and the report of what has been done until then is still written whole."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType
    from typing import Self

_Item = TypeVar("_Item")

_HEEDED: Final = ((signal.SIGINT, signal.default_int_handler), (signal.SIGTERM, signal.SIG_DFL))
_END: Final = object()


class Interruption:
    """Waits for Ctrl-C, or for the signal by which CI servers end a job (SIGTERM), while it is entered.

    The first one stops what `watch` passes on, and nothing else: it may come while a part of a report is written. A
    second one is a `KeyboardInterrupt` wherever it comes.

    Attributes:
        happened: Whether the user has had enough.
    """

    def __init__(self) -> None:
        self.happened = False
        self._working = False
        self._previous: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number, default in _HEEDED:
                if signal.getsignal(number) is default:  # who ignores it, or handles it, goes on doing so
                    self._previous[number] = signal.signal(number, self._handle)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, handler)
        self._previous.clear()

    def _handle(self, _: int, __: FrameType | None) -> None:
        is_second = self.happened
        self.happened = True
        if self._working or is_second:
            raise KeyboardInterrupt

    def watch(self, items: Iterator[_Item]) -> Iterator[_Item]:
        """Pass *items* on, to the end or to the interruption."""
        while not self.happened:
            try:
                self._working = True
                item: Any = next(items, _END)
                self._working = False
            except KeyboardInterrupt:
                self.happened = True
                self._working = False
                return
            if item is _END:
                return
            yield item
