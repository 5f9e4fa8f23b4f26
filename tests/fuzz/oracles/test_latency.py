"""`latency`: answers that come much later than others."""

from __future__ import annotations

import pytest

from altcraft_contract.fuzz.oracles.latency import LATENCY
from tests.fuzz.exchanges import REFUSED, case, exchange, find, lost


@pytest.mark.parametrize(("usual", "seconds"), [(0.02, 1.1), (0.001, 1.1), (0.1, 2.1), (0.5, 10.1)])
def test_a_late_answer_is_found(usual: float, seconds: float) -> None:
    """An answer is late after a second, and after twenty times what is usual."""
    (found,) = find(LATENCY, exchange(), exchange(REFUSED, seconds=seconds), usual=usual)

    assert (found.guilty, found.error, found.place) == (1, "late", "a plain order")


@pytest.mark.parametrize(("usual", "seconds"), [(0.001, 0.9), (0.1, 1.9), (0.5, 9.9)])
def test_what_takes_its_time_passes(usual: float, seconds: float) -> None:
    """Less than a second is never late, nor is less than twenty times what is usual."""
    assert find(LATENCY, exchange(seconds=seconds), usual=usual) == []


def test_large_bodies_take_longer() -> None:
    """Two seconds more for each megabyte that was sent or received."""
    large = case(body=b" " * 1_000_000)

    assert find(LATENCY, exchange(of=large, seconds=2.9)) == []
    assert len(find(LATENCY, exchange(of=large, seconds=3.1))) == 1
    assert find(LATENCY, exchange(b" " * 1_000_000, seconds=2.9)) == []


def test_silence_is_anothers() -> None:
    """What does not come at all is a failure of the server, not late."""
    assert find(LATENCY, lost("timeout", seconds=10.0)) == []


def test_the_place_is_that_of_the_mutant() -> None:
    """Late answers are told apart by the place that the request breaks."""
    late = exchange(of=case(place="/data/currency"), seconds=5.0)

    assert [one.place for one in find(LATENCY, late)] == ["/data/currency"]
