"""Ctrl-C, raised by the signal itself."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from altcraft_contract.cli.interruption import Interruption

if TYPE_CHECKING:
    from collections.abc import Iterator


def interrupted_at(number: int) -> Iterator[int]:
    """Numbers, with a Ctrl-C while one of them is worked on."""
    for item in range(5):
        if item == number:
            signal.raise_signal(signal.SIGINT)
        yield item


def test_the_first_one_ends_the_work() -> None:
    """A Ctrl-C during the work ends it, and nothing else."""
    with Interruption() as interruption:
        assert list(interruption.watch(interrupted_at(3))) == [0, 1, 2]
        assert interruption.happened


def test_one_between_two_items_is_heeded_at_the_next() -> None:
    """A Ctrl-C while a result is written lets it be finished."""
    seen = []
    with Interruption() as interruption:
        for item in interruption.watch(iter(range(5))):
            if item == 1:
                signal.raise_signal(signal.SIGINT)
            seen.append(item)
    assert seen == [0, 1]


def test_a_second_one_is_not_held_back() -> None:
    """Who presses Ctrl-C again while a result is written gets what that means everywhere else."""
    with Interruption():
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_without_one_all_items_pass() -> None:
    """Undisturbed work is passed on to its end, and what was in force before is again."""
    before = signal.getsignal(signal.SIGINT)
    with Interruption() as interruption:
        assert list(interruption.watch(iter([1, 2]))) == [1, 2]
        assert not interruption.happened
    assert signal.getsignal(signal.SIGINT) is before


def test_a_signal_that_is_ignored_stays_so() -> None:
    """A run in the background, which ignores Ctrl-C, goes on doing so."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with Interruption() as interruption:
            assert list(interruption.watch(interrupted_at(1))) == [0, 1, 2, 3, 4]
    finally:
        signal.signal(signal.SIGINT, before)


def test_the_end_of_a_job_is_heeded_like_ctrl_c() -> None:
    """CI servers end a job by SIGTERM: what has been done until then is still reported."""
    before = signal.getsignal(signal.SIGTERM)
    with Interruption() as interruption:
        for _ in interruption.watch(iter(range(5))):
            signal.raise_signal(signal.SIGTERM)
        assert interruption.happened
    assert signal.getsignal(signal.SIGTERM) is before
