"""`repeatability`: orders that are sent again and make the target fail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from altcraft_contract.fuzz.oracles.repeatability import REPEATABILITY
from tests.fuzz.exchanges import ACCEPTED, IDENTITY, PAGE, REFUSED, case, exchange, find, lost

if TYPE_CHECKING:
    from altcraft_contract.fuzz.exchange import Exchange

AGAIN = case(title="an order again", expected="undocumented")


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (exchange(REFUSED, status=500, of=AGAIN), "HTTP 500"),
        (lost("closed", of=AGAIN), "closed"),
        (lost("timeout", of=AGAIN), "timeout"),
        (exchange(PAGE, of=AGAIN), "HTTP 200"),
        (exchange(b"", of=AGAIN), "HTTP 200"),
        (exchange({"error": 0}, of=AGAIN), "error 0"),
    ],
)
def test_a_repeat_that_breaks_is_found(bad: Exchange, error: str) -> None:
    """HTTP 5xx, no whole answer, no envelope, or a broken one to a repeat is a failure."""
    found = find(REPEATABILITY, exchange(), exchange(of=AGAIN), bad, kind="repeat")

    assert [(one.guilty, one.error, one.place) for one in found] == [(2, error, "an order again")]


@pytest.mark.parametrize("answer", [ACCEPTED, REFUSED, {**REFUSED, "error": 1042}, {**ACCEPTED, "more": 1}])
def test_whatever_is_said_of_a_repeat_passes(answer: dict[str, Any]) -> None:
    """Whether a repeat is taken or refused is undocumented."""
    assert find(REPEATABILITY, exchange(), exchange(answer, of=AGAIN), kind="repeat") == []


def test_a_broken_first_order_says_nothing_of_repeats() -> None:
    """Where the first order breaks already, the repeat is not to blame."""
    broken = exchange(PAGE, status=500)

    assert find(REPEATABILITY, broken, broken, kind="repeat") == []


@pytest.mark.parametrize("kind", ["single", "twins", "variant", "authentication", "controlled"])
def test_other_trials_are_anothers(kind: Any) -> None:
    """Only repeats are judged here."""
    broken = exchange(PAGE, status=500)

    assert find(REPEATABILITY, exchange(), broken, exchange(), kind=kind) == []


def test_the_answer_is_told_without_secrets() -> None:
    """What is wrong with the answer is told without secrets."""
    bad = exchange({**ACCEPTED, "data": {**ACCEPTED["data"], "status": IDENTITY.token}}, of=AGAIN)
    found = find(REPEATABILITY, exchange(), bad, kind="repeat")

    assert found
    assert IDENTITY.token not in repr(found)
