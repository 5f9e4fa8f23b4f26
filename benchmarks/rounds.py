"""Alternating rounds, and the medians of their ratios."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_LEAST: Final = 0.02  # seconds of one measurement, or the clock would be measured
_QUICK_LEAST: Final = 0.002


@dataclass(frozen=True, slots=True)
class Comparison:
    """Times of two candidates that took turns.

    Attributes:
        ours: Seconds of one call of ours, for each round.
        peer: Seconds of one call of the peer, for each round.
    """

    ours: tuple[float, ...]
    peer: tuple[float, ...]

    def speed_ups(self) -> list[float]:
        """How many times as fast as the peer we were, for each round, in ascending order."""
        return sorted(peer / ours for ours, peer in zip(self.ours, self.peer, strict=True))

    def shares(self) -> list[float]:
        """What part of the peer's time we took, for each round, in ascending order."""
        return sorted(ours / peer for ours, peer in zip(self.ours, self.peer, strict=True))


def compare(ours: Callable[[], object], peer: Callable[[], object], *, rounds: int, quick: bool = False) -> Comparison:
    """Time two functions in turn, which begins being swapped from round to round."""
    least = _QUICK_LEAST if quick else _LEAST
    times: dict[Callable[[], object], list[float]] = {ours: [], peer: []}
    repeats = {candidate: count_repeats(candidate, least) for candidate in times}
    for number in range(rounds):
        for candidate in (ours, peer) if number % 2 else (peer, ours):
            times[candidate].append(time_calls(candidate, repeats[candidate]))
    return Comparison(tuple(times[ours]), tuple(times[peer]))


def count_repeats(candidate: Callable[[], object], least: float) -> int:
    """Return how many calls take at least so many seconds; the first call, which loads and builds, does not count."""
    candidate()
    return max(1, round(least / time_calls(candidate, 3)))


def time_calls(candidate: Callable[[], object], repeats: int) -> float:
    """Return the seconds of one call, the mean of several."""
    start = perf_counter()
    for _ in range(repeats):
        candidate()
    return (perf_counter() - start) / repeats


def milliseconds(times: tuple[float, ...]) -> str:
    """Return the median of some times, in milliseconds."""
    return f"{median(times) * 1000:,.3g}"
