"""Changed lines to the hunks of a unified diff, while they come."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_CONTEXT: Final = 3  # lines around a change
_LONGEST: Final = 1_000  # lines of a hunk; one that grows over this goes on in another


class Hunks:
    """Makes hunks of the lines of a text, of which only those near a change are shown, and kept.

    Lines hold their ends. Each method gives the text that is due.

    Args:
        show: How to write a line that is the same; it is called only for those that are shown.
    """

    def __init__(self, show: Callable[[str], str]) -> None:
        self._show = show
        self._before: deque[str] = deque(maxlen=_CONTEXT)
        self._after: list[str] = []  # unchanged lines since the last change
        self._lines: list[str] = []  # of the hunk that is open, with their marks
        self._old = self._new = 0  # lines taken in so far
        self._hunk_old = self._hunk_new = 0  # lines of the open hunk

    def same(self, line: str) -> Iterator[str]:
        """Take in a line that is the same on both sides."""
        self._old += 1
        self._new += 1
        if not self._lines:
            self._before.append(line)
            return
        self._after.append(line)
        if len(self._after) > 2 * _CONTEXT:
            yield from self.end()

    def changed(self, old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
        """Take in lines that were replaced, as they are to be shown."""
        if len(self._lines) + len(self._after) + len(old) + len(new) > _LONGEST and self._lines:
            yield from self.end()
        for line in (*self._before, *self._after):
            self._add(" ", self._show(line))
        self._before.clear()
        self._after.clear()
        for line in old:
            self._add("-", line)
        for line in new:
            self._add("+", line)
        self._old += len(old)
        self._new += len(new)

    def end(self) -> Iterator[str]:
        """Close the hunk that is open, if one is."""
        if not self._lines:
            return
        rest = self._after
        for line in rest[:_CONTEXT]:
            self._add(" ", self._show(line))
        hidden = rest[_CONTEXT:]
        old_start = self._old - len(hidden) - self._hunk_old + (self._hunk_old > 0)
        new_start = self._new - len(hidden) - self._hunk_new + (self._hunk_new > 0)
        yield f"@@ -{old_start},{self._hunk_old} +{new_start},{self._hunk_new} @@\n"
        yield from self._lines
        self._lines, self._after = [], []
        self._hunk_old = self._hunk_new = 0
        self._before.extend(hidden)

    def _add(self, mark: str, line: str) -> None:
        self._hunk_old += mark != "+"
        self._hunk_new += mark != "-"
        has_end = line.endswith("\n")
        self._lines.append(f"{mark}{line}" if has_end else f"{mark}{line}\n\\ No newline at end of file\n")
