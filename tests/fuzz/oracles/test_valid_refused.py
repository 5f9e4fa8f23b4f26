"""`valid-refused`: a refusal between two controls that were taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from altcraft_contract.fuzz.oracles.valid_refused import VALID_REFUSED, is_refused
from tests.fuzz.exchanges import ACCEPTED, IDENTITY, OUTDATED, PAGE, REFUSED, case, exchange, find

if TYPE_CHECKING:
    from altcraft_contract.fuzz.exchange import Exchange


@pytest.mark.parametrize("control", [exchange(), exchange(OUTDATED)])
def test_a_refusal_between_controls_is_found(control: Exchange) -> None:
    """An order that is refused, while controls are taken before and after, is a failure."""
    (found,) = find(VALID_REFUSED, control, exchange(REFUSED), control, kind="controlled")

    assert (found.guilty, found.error, found.text) == (1, "error 400", "incorrect request")


@pytest.mark.parametrize(
    ("before", "tried", "after"),
    [
        (ACCEPTED, ACCEPTED, ACCEPTED),
        (ACCEPTED, OUTDATED, ACCEPTED),
        (REFUSED, REFUSED, ACCEPTED),
        (ACCEPTED, REFUSED, REFUSED),
        (ACCEPTED, REFUSED, PAGE),
        (PAGE, REFUSED, ACCEPTED),
        (ACCEPTED, PAGE, ACCEPTED),
    ],
)
def test_without_both_controls_nothing_is_judged(before: bytes, tried: bytes, after: bytes) -> None:
    """What is not refused passes, and so does a refusal while a control is refused or broken."""
    exchanges = [exchange(answer) for answer in (before, tried, after)]

    assert find(VALID_REFUSED, *exchanges, kind="controlled") == []


@pytest.mark.parametrize("kind", ["single", "twins", "variant", "repeat", "authentication"])
def test_only_controlled_trials_are_judged(kind: str) -> None:
    """Without controls no refusal of a valid order is a failure."""
    exchanges = [exchange(), exchange(REFUSED), exchange()]

    assert find(VALID_REFUSED, *exchanges, kind=kind) == []  # type: ignore[arg-type]  # each of them is a kind


@pytest.mark.parametrize(("expected", "refused"), [("accepted", True), ("refused", False), ("undocumented", False)])
def test_only_documented_orders_are_refused_wrongly(expected: str, refused: bool) -> None:
    """What no page says is valid may be refused."""
    tried = exchange(REFUSED, of=case(expected=expected))

    assert is_refused(tried) is refused
    assert bool(find(VALID_REFUSED, exchange(), tried, exchange(), kind="controlled")) is refused


def test_the_answer_is_told_without_secrets() -> None:
    """What the target says of the order is shown without secrets."""
    tried = exchange({**REFUSED, "error_text": f"unknown member {IDENTITY.email} of {IDENTITY.token}"})
    found = find(VALID_REFUSED, exchange(), tried, exchange(), kind="controlled")

    assert IDENTITY.email not in repr(found)
    assert IDENTITY.token not in repr(found)
    assert "unknown member ***" in found[0].message
