"""Turns, so many in a second."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from altcraft_contract.errors import ConfigurationFault
from altcraft_contract.target.pace import Pace, read_retry_after
from tests.target.fakes import START, Clock


def test_turns_keep_their_distance() -> None:
    """At two in a second a turn is half a second after the one before, and none is lost by asking."""
    clock = Clock()
    pace = Pace(2, clock=clock)
    assert [pace.take(), pace.take(), pace.take()] == [0, 0.5, 0.5]
    clock.seconds += 0.4
    assert pace.take() == pytest.approx(0.1)
    clock.seconds += 0.1
    assert [pace.take(), pace.take()] == [0, 0.5]


def test_a_pause_saves_up_nothing() -> None:
    """After a long time without requests there is one turn, not many at once."""
    clock = Clock()
    pace = Pace(2, clock=clock)
    clock.seconds += 100
    assert [pace.take(), pace.take()] == [0, 0.5]


def test_without_a_rate_there_is_no_waiting() -> None:
    """None is as many turns as are asked for."""
    pace = Pace(None, clock=Clock())
    assert {pace.take() for _ in range(1000)} == {0}


def test_a_service_that_wants_to_be_left_alone_is() -> None:
    """While a hold lasts there is no turn, also without a rate; a shorter one does not end it."""
    clock = Clock()
    pace = Pace(None, clock=clock)
    pace.hold(30)
    pace.hold(1)
    assert pace.take() == 30
    clock.seconds += 30
    assert pace.take() == 0


@pytest.mark.parametrize("rate", [0, -1, math.nan, -math.inf])
def test_a_rate_is_above_zero(rate: float) -> None:
    """A rate that would never give a turn is a fault."""
    with pytest.raises(ConfigurationFault, match="above 0"):
        Pace(rate)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        (" 120 ", 120),
        ("9" * 5000, 1e9),
        ("Fri, 02 Jan 2026 03:04:35 GMT", 30),
        ("Fri, 02 Jan 2026 03:04:00 GMT", 0),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("٣", None),
        ("Fri, 02 Jan 2026 03:04:35", None),
        ("Fri, 99 Jan 2026 03:04:35 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    """Both forms of the standard are read; what is neither counts for nothing."""
    assert read_retry_after(value, START) == seconds


@given(value=some.text() | some.datetimes().map(str), days=some.integers(-1000, 1000))
def test_any_retry_after_is_read(value: str, days: int) -> None:
    """Whatever a service writes there, it is a number from 0 on or nothing."""
    seconds = read_retry_after(value, START + timedelta(days=days))
    assert seconds is None or seconds >= 0
