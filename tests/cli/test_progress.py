"""Progress on a terminal, by a clock that stands in for time."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

import pytest

from altcraft_contract.cli.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator

ERASED = "\r\x1b[K"


class Screen(StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        """Always."""
        return True


class Gone(Screen):
    """A terminal that went away."""

    def write(self, _: str) -> int:
        """Fail."""
        raise OSError(5, "Input/output error")


class Clock:
    """Time that passes with each item."""

    def __init__(self, step: float) -> None:
        self.now = 0.0
        self.step = step

    def __call__(self) -> float:
        """Seconds."""
        return self.now


@pytest.fixture(autouse=True)
def _a_real_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")


def watch(progress: Progress, clock: Clock, number: int) -> list[int]:
    """Pass *number* items through, while time passes before each."""

    def slow() -> Iterator[int]:
        for item in range(number):
            clock.now += clock.step
            yield item

    return list(progress.watch(slow()))


def test_short_work_shows_nothing() -> None:
    """Within the first two seconds nothing is shown."""
    screen, clock = Screen(), Clock(0.1)
    assert watch(Progress("documents", screen, clock=clock), clock, 19) == list(range(19))
    assert screen.getvalue() == ""


def test_long_work_is_counted_and_the_line_removed() -> None:
    """After two seconds a line counts what is done and how fast, a few times a second, and is gone in the end."""
    screen, clock = Screen(), Clock(0.0625)
    watch(Progress("documents", screen, clock=clock), clock, 42)
    counts = [f"\r{done} documents, 16/s …\x1b[K" for done in (32, 36, 40)]
    assert screen.getvalue() == "".join([*counts, ERASED])


@pytest.mark.parametrize(
    ("seconds", "size", "line"),
    [
        (2, 0, "1,000 documents, 500/s …"),
        (10, 2500, "█████░░░░░░░░░░░░░░░ 25%, 1,000 documents, 100/s, 0:30 left"),
        (1000, 500, "█░░░░░░░░░░░░░░░░░░░ 5%, 1,000 documents, 1.0/s, 5:16:40 left"),
        (600, 20_000, "████████████████████ 100%, 1,000 documents, 1.7/s, 0:00 left"),
    ],
)
def test_where_the_size_is_known_the_rest_is_told(seconds: float, size: int, line: str) -> None:
    """A bar, the part that is done, and the time that the rest takes if it goes on like that."""
    screen, clock = Screen(), Clock(0)
    progress = Progress("documents", screen, clock=clock, total=10_000)
    clock.now = seconds
    progress.advance(1000, size)
    assert screen.getvalue() == f"\r{line}\x1b[K"


def test_a_result_on_the_same_terminal_first_removes_the_line() -> None:
    """Where the report goes to a terminal, too, the line makes room for it; elsewhere it stays."""
    for beside, erased in ((Screen(), ERASED), (StringIO(), "")):
        screen, clock = Screen(), Clock(3)
        progress = Progress("documents", screen, beside=beside, clock=clock)
        items = iter(progress.watch(iter([1, 2])))
        clock.now = 3
        next(items)
        shown = screen.getvalue()
        progress.hide()
        assert screen.getvalue() == shown + erased


@pytest.mark.parametrize("stream", [StringIO(), None])
def test_without_a_terminal_nothing_is_shown(stream: StringIO | None) -> None:
    """In a pipe, a file, or with a closed standard error, there is no progress."""
    clock = Clock(10)
    watch(Progress("documents", stream, clock=clock), clock, 5)
    assert stream is None or stream.getvalue() == ""


def test_a_dumb_terminal_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that cannot remove a line gets none."""
    monkeypatch.setenv("TERM", "dumb")
    screen, clock = Screen(), Clock(10)
    watch(Progress("documents", screen, clock=clock), clock, 5)
    assert screen.getvalue() == ""


def test_a_terminal_that_went_away_stops_nothing() -> None:
    """Work goes on when its progress cannot be shown any more."""
    clock = Clock(10)
    assert watch(Progress("documents", Gone(), clock=clock), clock, 5) == [0, 1, 2, 3, 4]
