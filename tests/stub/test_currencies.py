"""Which ids name one currency of points."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.stub.currencies import MOST_POINTS, Balance
from altcraft_contract.stub.memory import open_state

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from altcraft_contract.stub.currencies import Ids
    from altcraft_contract.stub.state import State

_IDS = st.tuples(st.none() | st.integers(1, 6), st.none() | st.sampled_from("abcdef123")).filter(
    lambda ids: ids != (None, None)
)


@pytest.fixture(params=["memory", "file"])
def state(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[State]:
    """A state of either kind."""
    with open_state(None if request.param == "memory" else tmp_path / "state.db") as state:
        yield state


def _link(state: State, iid: int | None, eid: str | None) -> int:
    (number,) = state.link_currencies([(iid, eid)])
    return number


def test_ids_named_together_are_one_currency(state: State) -> None:
    """A currency is known by each of its ids, once they have been named together."""
    number = _link(state, 1, "bonus")
    assert _link(state, 1, None) == _link(state, None, "bonus") == number
    assert _link(state, None, "1") != number
    assert state.find_currency_ids(number) == (1, "bonus")
    assert state.find_currency_ids(_link(state, None, "1")) == (None, "1")


def test_a_currency_is_told_by_its_first_ids(state: State) -> None:
    """Of several ids of a kind the first that was named stays the one that is told."""
    number = _link(state, 7, "bonus")
    assert _link(state, 3, "bonus") == _link(state, 3, "another") == number
    assert state.find_currency_ids(number) == (7, "bonus")


def test_currencies_that_turn_out_to_be_one_are_added_up(state: State) -> None:
    """The changes of both balances are kept, on the larger opening balance."""
    by_iid, by_eid = _link(state, 1, None), _link(state, None, "bonus")
    state.set_balance("ann", by_iid, Balance(1000, 1200))
    state.set_balance("ann", by_eid, Balance(2000, 1950))
    state.set_balance("bob", by_eid, Balance(1000, 10))

    number = _link(state, 1, "bonus")
    assert state.find_balance("ann", number) == Balance(2000, 2150)
    assert state.find_balance("bob", number) == Balance(1000, 10)
    assert len(state.listing()["balances"]) == 2


def test_a_balance_that_is_added_up_stays_one(state: State) -> None:
    """No sum leaves the points that a balance can have."""
    for iid in range(3):
        state.set_balance("ann", _link(state, iid, None), Balance(0, MOST_POINTS))
        state.set_balance("bob", _link(state, iid, None), Balance(MOST_POINTS, 0))
    numbers = state.link_currencies([(0, "bonus"), (1, "bonus"), (2, "bonus")])
    assert len(set(numbers)) == 1
    assert state.find_balance("ann", numbers[0]) == Balance(0, MOST_POINTS)
    assert state.find_balance("bob", numbers[0]) == Balance(MOST_POINTS, 0)


@given(st.lists(st.lists(_IDS, min_size=1, max_size=6), max_size=6))
def test_currencies_are_what_is_connected(orders: list[list[Ids]]) -> None:
    """Two ids name one currency if, and only if, a chain of places names them together, in one order or in several."""
    groups: list[set[tuple[str, object]]] = []
    with open_state() as state:
        for places in orders:
            numbers = state.link_currencies(places)
            for iid, eid in places:
                pairs: list[tuple[str, object]] = [("iid", iid), ("eid", eid)]
                names = {(kind, name) for kind, name in pairs if name is not None}
                joined = names.union(*(group for group in groups if group & names))
                groups = [group for group in groups if not group & names] + [joined]
            assert state.link_currencies(places) == numbers
        told = [
            {
                state.link_currencies([(int(str(name)), None) if kind == "iid" else (None, str(name))])[0]
                for kind, name in group
            }
            for group in groups
        ]
    assert all(len(numbers) == 1 for numbers in told)
    assert len(set().union(*told)) == len(groups)


@pytest.mark.parametrize("step", [1, -1], ids=["upwards", "downwards"])
@pytest.mark.parametrize("is_known", [True, False], ids=["known", "new"])
def test_very_long_chains_of_ids_are_one_currency(state: State, step: int, is_known: bool) -> None:
    """Thousands of currencies that one order chains together are one, with what all of them had."""
    ids = range(5_000)
    chain = [place for first, second in pairwise(ids) for place in [(first, str(first)), (second, str(first))]]
    if is_known:
        for number in state.link_currencies([(iid, None) for iid in ids]):
            state.set_balance("ann", number, Balance(0, 1))
    numbers = set(state.link_currencies(chain[::step]))
    assert len(numbers) == 1
    assert state.find_balance("ann", *numbers) == (Balance(0, 5_000) if is_known else None)
