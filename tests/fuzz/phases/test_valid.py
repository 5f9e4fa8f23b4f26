"""Orders in which features meet: valid, in both syntaxes, and soon every two of them together."""

from __future__ import annotations

from itertools import combinations, islice
from typing import TYPE_CHECKING

import pytest

from altcraft_contract.fuzz.orders import Orders
from altcraft_contract.fuzz.phases.valid import FIRST, features_of, iter_valid
from altcraft_contract.strategies import Values
from altcraft_contract.validation import check_request
from tests.fuzz.phases.made import (
    INSTALLATION,
    Made,
    bytes_of,
    find_lost_stand_ins,
    find_triggers,
    find_unknown_values,
    made_by,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.fuzz.case import Trial


def first(orders: Orders) -> Iterator[Trial]:
    """The first trials of the phase, which has no end."""
    return islice(iter_valid(orders), FIRST + 20)


@pytest.fixture(scope="module")
def made() -> list[Made]:
    """What the phase sends first."""
    return made_by(first)


def test_every_order_is_valid(made: list[Made]) -> None:
    """Every case is accepted by the checker without an error, in JSON and in XML."""
    assert all(check_request(case.body, syntax=case.syntax).ok for one in made for case in one.cases)
    assert all(case.expected == "accepted" and case.rule is None for one in made for case in one.cases)
    assert all(one.cases[0].syntax == "json" for one in made)
    assert sum(len(one.cases) == 2 for one in made) > len(made) * 0.9


def test_orders_are_safe(made: list[Made]) -> None:
    """Every order skips triggers, and holds stand-ins literally."""
    assert not [*find_triggers(made), *find_lost_stand_ins(made)]


def test_the_phase_has_no_end(made: list[Made]) -> None:
    """After the chosen orders come others, each trial with an id of its own."""
    assert len(made) == FIRST + 20
    assert len({one.trial.id for one in made}) == len(made)


def test_features_meet_soon(made: list[Made]) -> None:
    """The first third of the chosen orders has most pairs of features that all of them have."""
    pairs = [set(combinations(sorted(features_of(one.trial.order)), 2)) for one in made[:FIRST]]
    soon, all_of_them = set().union(*pairs[: FIRST // 3]), set().union(*pairs)

    assert len(soon) > 0.6 * len(all_of_them)
    assert len(pairs[0]) >= max(map(len, pairs[1:10]))


def test_the_same_seed_sends_the_same(made: list[Made]) -> None:
    """The same seed makes the same bytes, and another seed makes others."""
    assert bytes_of(made_by(first)) == bytes_of(made)
    assert bytes_of(made_by(first, seed=1)) != bytes_of(made)


def test_values_of_the_installation_are_used() -> None:
    """Where values of the installation are known, every order holds them and no others."""
    trials = made_by(first, values=INSTALLATION)

    assert not [found for one in trials for found in find_unknown_values(one.trial.order)]


def test_features_are_told_apart() -> None:
    """A plain order has few features; each thing that is added is one more."""
    orders = Orders(Values())
    plain = features_of(orders.plain())
    added = {"region": "r", "delivery_cost": "1.00", "tags": ["a"], "create_time": "2026-01-01T00:00:00Z"}
    for name, value in added.items():
        order = orders.plain()
        order["data"][name] = value
        assert features_of(order) == plain | {name}
    assert {"email", "currency RUB", "lines 1", "line sku", "no discount", "one piece"} == plain
