"""The rules of safety together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from altcraft_contract.errors import ConfigurationFault
from altcraft_contract.target.guard import Guard, Reply
from altcraft_contract.target.not_sent import NotSent
from altcraft_contract.target.order_journal import iter_attempts
from tests.target.fakes import Clock

if TYPE_CHECKING:
    from pathlib import Path

NEAR = "http://127.0.0.1:8075"
FAR = "https://staging.example.com"


def _far(path: Path, clock: Clock | None = None, **settings: Any) -> Guard:
    clock = clock or Clock()
    journal = path / "orders.ndjson"
    return Guard(
        FAR,
        allowed_hosts=["staging.example.com"],
        journal=journal,
        clock=clock,
        now=clock.now,
        prefix="--x-",
        **settings,
    )


def test_a_target_that_is_not_allowed_has_no_guard(tmp_path: Path) -> None:
    """Without permission there is nothing to send with, nor a journal."""
    with pytest.raises(ConfigurationFault, match=r"--x-allow-host staging\.example\.com"):
        Guard(FAR, journal=tmp_path / "orders.ndjson", prefix="--x-")
    assert not list(tmp_path.iterdir())


def test_off_this_machine_there_has_to_be_a_journal() -> None:
    """Orders of another host are always written down; those on the loopback need not be."""
    with pytest.raises(ConfigurationFault, match="needs one: --x-journal"):
        Guard(FAR, allowed_hosts=["staging.example.com"], prefix="--x-")
    assert Guard(NEAR).send("order_1", test=None, skips_triggers=True) == ""


def test_off_this_machine_requests_are_few_and_slow(tmp_path: Path) -> None:
    """By default two in a second, and a hundred in all."""
    clock = Clock()
    guard = _far(tmp_path, clock)
    assert [guard.take_turn(), guard.take_turn()] == [0, 0.5]
    for _ in range(99):
        clock.seconds += 0.5
        assert guard.take_turn() == 0
    clock.seconds += 0.5
    with pytest.raises(NotSent, match=r"100 orders .* \(--x-max-orders\)"):
        guard.take_turn()
    assert guard.orders == 100


def test_on_this_machine_nothing_is_limited_by_default() -> None:
    """A stub can take as many requests as there are."""
    guard = Guard(NEAR, clock=Clock())
    assert {guard.take_turn() for _ in range(500)} == {0}


def test_limits_that_are_named_hold_on_this_machine_too() -> None:
    """Who names a rate or a number means it."""
    guard = Guard(NEAR, clock=Clock(), rate_limit=10, max_orders=2)
    assert [guard.take_turn(), guard.take_turn()] == [0, pytest.approx(0.1)]
    with pytest.raises(NotSent, match="0 orders"):
        Guard(NEAR, max_orders=0).take_turn()


def test_workers_share_the_limits(tmp_path: Path) -> None:
    """Each of four workers sends a quarter of what one would, at a quarter of the pace."""
    clock = Clock()
    guard = _far(tmp_path, clock, workers=4, max_orders=11)
    assert [guard.take_turn(), guard.take_turn()] == [0, 2]
    clock.seconds += 2
    assert guard.take_turn() == 0
    with pytest.raises(NotSent, match="2 orders"):
        guard.take_turn()


@pytest.mark.parametrize("most", [-1, -100])
def test_a_number_of_orders_is_not_negative(most: int) -> None:
    """A limit below nothing is a fault."""
    with pytest.raises(ConfigurationFault, match="--max-orders"):
        Guard(NEAR, max_orders=most)


def test_retry_after_is_heeded() -> None:
    """After a 429 or a 503 with `Retry-After` nothing is sent until then."""
    for status in (429, 503):
        clock = Clock()
        guard = Guard(NEAR, clock=clock, now=clock.now)
        guard.settle("", Reply(status=status, retry_after="30"))
        assert guard.take_turn() == 30
        clock.seconds += 30
        assert guard.take_turn() == 0


def test_a_429_without_a_time_is_heeded_too() -> None:
    """A service that has had too much is left alone for a moment, also if it does not say for how long."""
    clock = Clock()
    guard = Guard(NEAR, clock=clock, now=clock.now)
    guard.settle("", Reply(status=429, retry_after="soon"))
    assert guard.take_turn() == 5


def test_a_long_wait_is_told_instead_of_waited() -> None:
    """What would take longer than a minute ends with a reason; a test does not hang."""
    clock = Clock()
    guard = Guard(NEAR, clock=clock, now=clock.now)
    guard.settle("", Reply(status=429, retry_after="3600"))
    with pytest.raises(NotSent, match="3600 s"):
        guard.take_turn()
    assert guard.orders == 0


def test_a_body_is_prepared() -> None:
    """Triggers are skipped, unless they are asked for."""
    assert Guard(NEAR).prepare(b"{}", "json") == b'{"skip_triggers": true}'
    assert Guard(NEAR, with_triggers=True).prepare(b"{}", "json") == b"{}"
    with pytest.raises(NotSent, match="--x-with-triggers sends it as it is"):
        Guard(NEAR, prefix="--x-").prepare(b"[]", "json")


def test_an_order_is_written_down_with_its_outcome(tmp_path: Path) -> None:
    """The journal tells what was sent, whether triggers were skipped, and what came of it."""
    guard = _far(tmp_path)
    for number, reply in enumerate((Reply(status=200, error=0), Reply(), None)):
        guard.settle(guard.send(f"order_{number}", test="t", skips_triggers=number == 0), reply)
    guard.close()
    attempts = list(iter_attempts(tmp_path / "orders.ndjson"))
    assert [(attempt.triggers, attempt.outcome) for attempt in attempts] == [
        ("skipped", "accepted"),
        ("run", "unknown"),
        ("run", "not-sent"),
    ]
    assert {attempt.target for attempt in attempts} == {FAR}
