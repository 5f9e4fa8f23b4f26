"""Dictionaries that are changed in transactions."""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from types import TracebackType

_ABSENT: Final = object()


class Tables:
    """Dictionaries that threads share; as a context it is a transaction, as `State.transaction` has it.

    They are written to within a transaction only, and by its methods only, which note what there was.

    Attributes:
        lock: Held by a transaction; for reading it suffices.
    """

    __slots__ = ("_depth", "_written", "lock")

    def __init__(self) -> None:
        self.lock = RLock()
        self._depth = 0
        self._written: list[tuple[Any, Any, Any]] = []  # a dictionary, a key and what was there

    def __enter__(self) -> Self:
        self.lock.acquire()
        self._depth += 1
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            self._depth -= 1
            if not self._depth:
                if error is not None:
                    self._undo()
                self._written.clear()
        finally:
            self.lock.release()

    def _undo(self) -> None:
        for table, key, value in reversed(self._written):
            if value is _ABSENT:
                del table[key]
            else:
                table[key] = value

    def put(self, table: dict[Any, Any], key: Any, value: Any) -> None:
        """Set a value."""
        self._written.append((table, key, table.get(key, _ABSENT)))
        table[key] = value

    def drop(self, table: dict[Any, Any], key: Any) -> None:
        """Take a value out, if it is there."""
        if key in table:
            self._written.append((table, key, table.pop(key)))

    def append(self, values: list[Any], value: Any) -> None:
        """Add a value to a list that stands in a dictionary."""
        self._written.append((values, -1, _ABSENT))
        values.append(value)

    def clear(self, table: dict[Any, Any]) -> None:
        """Take all values out."""
        self._written.extend((table, key, value) for key, value in table.items())
        table.clear()
