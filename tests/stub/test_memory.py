"""What the stub remembers in memory, against what it remembers in a file."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from altcraft_contract import strategies
from altcraft_contract.strategies.source import SeededSource
from altcraft_contract.stub.commit import commit_order
from altcraft_contract.stub.currencies import Balance
from altcraft_contract.stub.memory import MemoryState
from altcraft_contract.stub.state_file import FileState

if TYPE_CHECKING:
    from altcraft_contract.stub.state import State

_CURRENCIES = st.fixed_dictionaries(
    {},
    optional={"points_currency_iid": st.integers(1, 4), "points_currency_eid": st.sampled_from(["a", "b", "c", "1"])},
).filter(bool)
_PROMOTIONS = st.one_of(
    st.builds(
        lambda info, amount: {
            "type": "accrue_points",
            "promotion": {"external_id": "cashback"},
            "amount": amount,
            "points_info": {**info, "amount": amount},
        },
        _CURRENCIES,
        st.sampled_from(["0", "7.50", "300"]),
    ),
    st.sampled_from(["gift", "welcome"]).map(lambda name: {"type": "code_issue", "promotion": {"external_id": name}}),
    st.just({"type": "message", "promotion": {"external_id": "hello", "name": "Hello"}}),
)
_BASE = strategies.EDGE_CASES["no-optional-field"](SeededSource(0))


@st.composite
def _orders(draw: st.DrawFn) -> dict[str, Any]:
    """Orders that have much in common: ids, customers, currencies, codes, items."""
    request = deepcopy(_BASE)
    request["external_id"] = f"order_{draw(st.integers(1, 9))}"
    request["email"] = draw(st.sampled_from(["ann@example.com", "bob@example.com"]))
    request["data"]["lines"][0]["product"] = draw(st.sampled_from(["mug", "cup", "pan"]))
    request["data"]["requested_promotions"] = draw(st.lists(_PROMOTIONS, max_size=4))
    request["data"]["redeem_points"] = [
        {**currency, "amount": draw(st.sampled_from([0, 5, 900]))}
        for currency in draw(st.lists(_CURRENCIES, max_size=3))
    ]
    request["data"]["promocodes"] = draw(
        st.lists(st.fixed_dictionaries({"code": st.sampled_from("ABC"), "pool_id": st.integers(1, 2)}), max_size=4)
    )
    return request


@settings(max_examples=60)
@given(st.lists(st.tuples(_orders(), st.booleans()), max_size=16), st.integers(1, 6), st.integers(0, 20))
def test_memory_is_as_a_file(requests: list[tuple[dict[str, Any], bool]], most_orders: int, limit: int) -> None:
    """The same requests get the same texts, notes and statuses, and leave the same listing."""
    prices = {"pan": Decimal("77.00")}
    with (
        TemporaryDirectory() as directory,
        MemoryState(most_orders=most_orders) as memory,
        FileState(f"{directory}/state.db", most_orders=most_orders) as file,
    ):
        for number, (request, strict) in enumerate(requests):
            one, other = (
                commit_order(request, state, prices=prices, strict_points=strict, time=f"{number}")
                for state in (memory, file)
            )
            assert one == other
            assert memory.listing(limit) == file.listing(limit)
            assert (memory.forgotten, memory.next_number()) == (file.forgotten, file.next_number())
        assert memory.listing() == file.listing()


def _fill(state: State, number: int) -> None:
    """Write to every table: two currencies that become one, a code of either kind, an order and a repeat."""
    with state.transaction():
        iid, eid = state.link_currencies([(number, None), (None, f"{number}")])
        for currency in (iid, eid):
            state.set_balance("ann", currency, Balance(10, 20))
        state.link_currencies([(number, f"{number}"), (0, f"{number}")])
        state.issue_code(f"code of {number}", pool_id=1, number=number)
        for pool_id in (1, 2):
            state.activate_code("SPRING", pool_id=pool_id, number=number)
        order = {"digest": b"", "status": "success", "processing_target": "immediate", "time": "", "answer": "{}"}
        state.remember_order(f"order_{number}", number=number, **order)  # type: ignore[arg-type]
        state.count_repeat(number)


def _tables(state: MemoryState) -> dict[str, Any]:
    tables = {**vars(state), **vars(state._book)}
    return {name: deepcopy(table) for name, table in tables.items() if isinstance(table, dict)}


@pytest.mark.parametrize("is_reset", [False, True])
def test_whatever_was_written_is_undone(is_reset: bool) -> None:
    """A transaction that an exception leaves restores every table, with what was forgotten and merged in it."""

    def fail(state: MemoryState) -> None:
        with state.transaction():
            for number in range(4, 8):
                _fill(state, number)
            if is_reset:
                state.reset()
                _fill(state, 1)
            raise KeyError

    with MemoryState(most_orders=2) as state:
        for number in range(1, 4):
            _fill(state, number)
        before, listing = _tables(state), state.listing()
        assert all(before.values())
        with pytest.raises(KeyError):
            fail(state)
        assert _tables(state) == before
        assert state.listing() == listing
        _fill(state, 4)
        assert [order["external_id"] for order in state.listing()["orders"]] == ["order_4", "order_3"]


def test_nothing_stays_of_orders_that_are_forgotten() -> None:
    """Memory holds as much after ten thousand orders as after a thousand, codes that many of them share included."""

    def sizes(state: MemoryState) -> dict[str, int]:
        lists = sum(map(len, state._activated.values())) + sum(map(len, state._codes.values()))
        names = ("_known", "_shown", "_repeats", "_codes", "_issued", "_activated")
        return {"lists": lists, **{name: len(vars(state)[name]) for name in names}}

    with MemoryState(most_orders=100) as state:
        for number in range(1, 1_001):
            _fill(state, number)
        before = sizes(state)
        for number in range(1_001, 10_001):
            _fill(state, number)
        assert sizes(state) == before
        assert state.forgotten == 9_900
        assert not state._tables._written


def test_what_was_in_memory_is_gone() -> None:
    """A closed memory holds nothing."""
    state = MemoryState()
    _fill(state, 1)
    state.close()
    assert not any(_tables(state).values())


def test_others_wait_for_a_transaction() -> None:
    """What a transaction has not finished is not seen by another thread."""
    seen: list[object] = []
    with MemoryState() as state:
        thread = Thread(target=lambda: seen.append(state.find_order("order_1")))
        with state.transaction():
            _fill(state, 1)
            thread.start()
            _fill(state, 2)
            assert not seen
        thread.join()
    assert seen != [None]
