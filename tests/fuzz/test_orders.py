"""The valid orders that campaigns begin with: valid, safe, without secrets, and of what the installation has."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.contract import load_contract
from altcraft_contract.fuzz.identity import STAND_INS
from altcraft_contract.fuzz.orders import Orders
from altcraft_contract.strategies import Values, requests
from altcraft_contract.validation import check_request
from tests.fuzz.phases.made import INSTALLATION, find_unknown_values

ORDERS = Orders(Values())


def is_right(order: dict[str, Any]) -> bool:
    """Whether a checker has no error against an order once it is named."""
    return check_request({**order, "external_id": "acf-1"}).ok


def names_of(node: Any, pointer: str = "") -> set[str]:
    """The places of all members."""
    if isinstance(node, dict):
        return {f"{pointer}/{name}" for name in node} | {
            place for name, value in node.items() for place in names_of(value, f"{pointer}/{name}")
        }
    if isinstance(node, list):
        return {place for item in node for place in names_of(item, f"{pointer}/*")}
    return set()


@pytest.mark.parametrize("values", [Values(), INSTALLATION, Values(products=("cup",))])
def test_the_plain_order_has_what_is_required(values: Values) -> None:
    """The plain order is valid without a warning, and nothing can be taken out of it."""
    order = Orders(values).plain()
    result = check_request({**order, "external_id": "acf-1"})

    assert (result.ok, result.findings) == (True, ())
    for holder in (order, order["data"], order["data"]["lines"][0]):
        for name in list(holder):
            if name == "skip_triggers":
                continue
            kept = holder.pop(name)
            assert not check_request(order).ok, name
            holder[name] = kept


def test_the_plain_item_is_one_that_exists() -> None:
    """Where only products are known the line has a product, and else a SKU."""
    assert Orders(Values(products=("cup",))).plain_line("1")["product"] == "cup"
    assert Orders(Values(products=("cup",), skus=("cup-1",))).plain_line("1")["sku"] == "cup-1"
    assert "product" not in ORDERS.plain_line("1")


@pytest.mark.parametrize("values", [Values(), INSTALLATION])
def test_full_orders_have_every_field(values: Values) -> None:
    """The full orders are valid, and with those of other customers they have every field of the documented example."""
    full = list(Orders(values).full())
    others = list(Orders(values).others())
    documented = names_of(json.loads(load_contract().examples["request.json"]))

    assert all(is_right(order) for order in [*full, *others])
    found = {place for order in [*full, *others] for place in names_of(order)}
    assert {place for place in documented if "custom_fields" not in place} <= found
    assert all(len(order["data"]["lines"]) > 1 for order in full)


@pytest.mark.parametrize("values", [Values(), INSTALLATION])
def test_drawn_orders_are_valid(values: Values) -> None:
    """Drawn orders are valid, skip triggers first of all, hold stand-ins, and leave their id to be put in."""
    orders = Orders(values, seed=5)
    for _ in range(40):
        order = orders.drawn(lines=(1, 4))

        assert is_right(order)
        assert next(iter(order)) == "skip_triggers"
        assert order["skip_triggers"] is True
        assert order["external_id"] == ""
        assert all(order.get(name, mine) == mine for name, mine in vars(STAND_INS).items() if name in order)
        assert 1 <= len(order["data"]["lines"]) <= 4


def test_the_same_seed_draws_the_same() -> None:
    """Orders of one seed are the same, and those of another are not."""
    drawn = [[orders.drawn() for _ in range(5)] for orders in (Orders(Values(), seed=seed) for seed in (1, 1, 2))]

    assert drawn[0] == drawn[1] != drawn[2]


@given(order=requests())
def test_settled_orders_hold_what_exists(order: dict[str, Any]) -> None:
    """Any valid order can be settled: it stays valid, is not changed itself, and holds nothing foreign any more."""
    before = json.dumps(order)
    settled = Orders(INSTALLATION).settled(order)

    assert json.dumps(order) == before
    assert is_right(settled)
    assert list(find_unknown_values(settled)) == []
    assert settled["skip_triggers"] is True


@given(order=requests(), values=st.sampled_from([INSTALLATION, Values()]))
def test_settling_twice_is_settling_once(order: dict[str, Any], values: Values) -> None:
    """What is settled stays as it is."""
    once = Orders(values).settled(order)

    assert Orders(values).settled(once) == once


def test_what_nothing_is_known_about_stays() -> None:
    """Where nothing is known, all values stay but those of the member and the token."""
    order = {**ORDERS.plain(), "token": "real", "email": "real@example.com"}
    order["data"]["region"] = "anywhere"
    settled = ORDERS.settled(order)

    assert settled["data"] == order["data"]
    assert (settled["token"], settled["email"]) == (STAND_INS.token, STAND_INS.email)


@pytest.mark.parametrize(
    ("known", "given_pair", "expected"),
    [
        (((9, "miles"),), {"points_currency_iid": 9}, {"points_currency_iid": 9}),
        (((9, "miles"),), {"points_currency_iid": 1}, {"points_currency_iid": 9, "points_currency_eid": "miles"}),
        (((9, None),), {"points_currency_eid": "miles"}, {"points_currency_iid": 9}),
        (((None, "miles"),), {"points_currency_iid": 9}, {"points_currency_eid": "miles"}),
        (((1, "a"), (2, "b")), {"points_currency_eid": "b"}, {"points_currency_eid": "b"}),
    ],
)
def test_point_currencies_are_those_that_exist(
    known: tuple[tuple[int | None, str | None], ...], given_pair: dict[str, Any], expected: dict[str, Any]
) -> None:
    """A currency of points that exists stays as it is told, and another one becomes the first that exists."""
    order = ORDERS.plain()
    order["data"]["redeem_points"] = [{**given_pair, "amount": 5}]
    settled = Orders(Values(point_currencies=known)).settled(order)

    assert settled["data"]["redeem_points"] == [{"amount": 5, **expected}]


def test_codes_are_of_their_pool() -> None:
    """A code stays if its pool has it, and else becomes one of a pool that has codes; none stands there twice."""
    orders = Orders(Values(pools={7: (), 8: ("A", "B")}))
    order = ORDERS.plain()
    order["data"]["promocodes"] = [
        {"code": "B", "pool_id": 8},
        {"code": "B", "pool_id": 7},
        {"code": "Z", "pool_id": 1},
    ]
    settled = orders.settled(order)["data"]["promocodes"]

    assert settled == [{"code": "B", "pool_id": 8}, {"code": "A", "pool_id": 8}]


def test_triggers_run_only_where_they_may() -> None:
    """With triggers, an order keeps its `skip_triggers`; without, it is true whatever it was."""
    order = {**ORDERS.plain(), "skip_triggers": False}

    assert Orders(Values(), with_triggers=True).settled(order)["skip_triggers"] is False
    assert ORDERS.settled(order)["skip_triggers"] is True
