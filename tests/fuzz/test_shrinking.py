"""Orders that are made small: valid all the way, still failing, and with nothing beyond what it takes."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.fuzz.orders import Orders
from altcraft_contract.fuzz.shrinking import Shrinker, differences
from altcraft_contract.strategies import Values
from altcraft_contract.validation import check_request

if TYPE_CHECKING:
    from collections.abc import Callable

ORDERS = Orders(Values())
PLAIN = ORDERS.plain()
FULL = list(ORDERS.full())


def shrink(
    order: dict[str, Any], fails: Callable[[dict[str, Any]], object], *, place: str = "", most: int = 200
) -> tuple[dict[str, Any], bool, int]:
    """The small order, whether it is as small as can be, and how often it was asked."""
    asked = 0

    def ask(candidate: dict[str, Any]) -> bool:
        nonlocal asked
        asked += 1
        assert check_request({**candidate, "external_id": "acf-1"}).ok
        return bool(fails(candidate))

    shrinker = Shrinker(PLAIN, ask, place=place, most=most)
    before = json.dumps(order)
    small = shrinker.shrink(order)
    assert json.dumps(order) == before
    return small, shrinker.is_done, asked


def without_sums(order: dict[str, Any]) -> dict[str, Any]:
    """An order without what follows from its lines."""
    return {**order, "data": {name: value for name, value in order["data"].items() if not name.endswith("total_price")}}


def test_what_always_fails_is_the_plain_order() -> None:
    """Where the order does not matter, the plain one is asked for first and is all that is left."""
    assert shrink(FULL[0], lambda _: True) == (PLAIN, True, 1)


def test_what_never_fails_again_stays() -> None:
    """Where nothing smaller shows the same, the order stays as it was."""
    small, _, asked = shrink(FULL[0], lambda _: False, most=24)

    assert small == FULL[0]
    assert asked <= 24


@pytest.mark.parametrize(
    ("fails", "place"),
    [
        (lambda one: "delivery_cost" in one["data"], "/data/delivery_cost"),
        (lambda one: "tags" in one["data"], "/data/tags"),
        (lambda one: any("status" in line for line in one["data"]["lines"]), "/data/lines/*/status"),
        (lambda one: any("product" in line for line in one["data"]["lines"]), "/data/lines/*/product"),
        (lambda one: one["data"].get("custom_fields"), "/data/custom_fields"),
    ],
)
@pytest.mark.parametrize("is_known", [True, False])
def test_only_what_it_takes_is_left(fails: Callable[[dict[str, Any]], object], place: str, is_known: bool) -> None:
    """Of an order with every field only the one that matters is left, whether its place is known or not."""
    small, is_done, _ = shrink(FULL[0], fails, place=place if is_known else "")

    assert is_done
    assert fails(small)
    assert {found for found in differences(small, PLAIN) if not found.startswith(place)} == set()
    assert len(small["data"]["lines"]) == 1


def test_a_known_place_is_reached_at_once() -> None:
    """Where the place is known, what has nothing to do with it goes in one step, so that few requests are sent."""
    fails = lambda one: "delivery_cost" in one["data"]  # noqa: E731 - it is asked twice
    _, is_done, asked = shrink(FULL[0], fails, place="/data/delivery_cost", most=24)

    assert is_done
    assert asked <= 12


def test_lines_that_matter_stay() -> None:
    """Where it takes two lines, two are left, plain, and the sums are theirs."""
    order = ORDERS.plain()
    order["data"] |= {
        "lines": [{**ORDERS.plain_line(str(number)), "count": 3, "status": "new"} for number in range(1, 5)],
        "total_price": "120.00",
        "final_total_price": "120.00",
    }
    small, is_done, _ = shrink(order, lambda one: len(one["data"]["lines"]) > 1)

    assert is_done
    assert len(small["data"]["lines"]) == 2
    assert differences(small, PLAIN) == ("/data/lines/*",) or differences(small, PLAIN)[0] == "/data/lines/*"
    assert not any("status" in line for line in small["data"]["lines"])
    total = sum(line["count"] * 10 for line in small["data"]["lines"])
    assert small["data"]["total_price"] == f"{total}.00"


def test_another_currency_alone_is_left() -> None:
    """Where it takes a currency, the rest has the values of a plain order, and prices that fit."""
    order = ORDERS.plain()
    line = {**ORDERS.plain_line("a"), "count": 2, "base_price_per_item": "3.125", "final_price_per_item": "3.125"}
    order["data"] |= {"currency": "KWD", "total_price": "6.250", "final_total_price": "6.250", "lines": [line]}
    small, is_done, _ = shrink(order, lambda one: one["data"]["currency"] == "KWD")

    assert is_done
    assert differences(small, PLAIN) == ("/data/currency",)


def test_long_texts_become_short() -> None:
    """A long text is cut in half as long as that shows the same."""
    order = ORDERS.plain()
    order["data"]["region"] = "r" * 1_000
    small, _, _ = shrink(order, lambda one: "region" in one["data"])

    assert 0 < len(small["data"]["region"]) <= 40


def test_a_text_keeps_the_length_that_matters() -> None:
    """Where it takes a long text, the text stays long enough."""
    order = ORDERS.plain()
    order["data"]["region"] = "r" * 1_000
    small, _, _ = shrink(order, lambda one: len(one["data"].get("region", "")) > 100)

    assert 100 < len(small["data"]["region"]) <= 200


@given(most=st.integers(1, 30), wanted=st.integers(0, 9))
def test_no_more_is_asked_than_may_be(most: int, wanted: int) -> None:
    """However little may be asked, what is left fails and is valid."""
    name = ["tags", "region", "delivery_cost", "create_time", "promocodes", "custom_fields"][wanted % 6]
    small, is_done, asked = shrink(FULL[0], lambda one: name in one["data"], most=most)

    assert asked <= most
    assert name in small["data"]
    assert is_done or asked == most


@given(seed=st.integers(0, 1_000), wanted=st.sampled_from(["tags", "region", "delivery_cost", "create_time"]))
def test_any_order_becomes_small(seed: int, wanted: str) -> None:
    """Of any order that has a field, next to nothing else is left."""
    order = Orders(Values(), seed=seed).drawn()
    order["data"].setdefault(wanted, FULL[0]["data"][wanted])
    small, is_done, _ = shrink(order, lambda one: wanted in one["data"])

    assert is_done
    assert [found for found in differences(small, PLAIN) if not found.startswith(f"/data/{wanted}")] == []


def test_a_plain_order_has_no_differences() -> None:
    """A plain order differs in nothing, nor does one with other sums."""
    other = ORDERS.plain()
    other["data"] |= {"total_price": "20.00", "final_total_price": "20.00"}

    assert differences(PLAIN, PLAIN) == differences(other, PLAIN) == ()


@pytest.mark.parametrize(
    ("change", "places"),
    [
        ({"region": "x"}, ("/data/region",)),
        ({"currency": "EUR"}, ("/data/currency",)),
        ({"promocodes": [{"code": "A", "pool_id": 1}]}, ("/data/promocodes",)),
        ({"lines": [ORDERS.plain_line("1"), ORDERS.plain_line("2")]}, ("/data/lines/*",)),
        ({"lines": [{**ORDERS.plain_line("1"), "count": 2}]}, ("/data/lines/*/count",)),
        ({"lines": [{**ORDERS.plain_line("1"), "status": "new"}]}, ("/data/lines/*/status",)),
    ],
)
def test_differences_are_the_outer_ones(change: dict[str, Any], places: tuple[str, ...]) -> None:
    """What an order has beyond a plain one is told by its outermost places, indexes starred."""
    order = ORDERS.plain()
    order["data"] |= change

    assert differences(order, PLAIN) == places


def test_differences_come_in_one_order_in_every_process() -> None:
    """The places, and so the fingerprint of a cause, do not depend on the hashes of a process."""
    script = (
        "from altcraft_contract.fuzz.orders import Orders\n"
        "from altcraft_contract.fuzz.shrinking import differences\n"
        "from altcraft_contract.strategies import Values\n"
        "orders = Orders(Values())\n"
        "other = orders.plain()\n"
        "other['data'] |= {'endpoint': 'a', 'status': 'b', 'currency': 'EUR'}\n"
        "other['data']['lines'][0] |= {'sku': 'c', 'count': 2, 'external_id': 'd', 'base_price_per_item': '11.00'}\n"
        "print(differences(other, orders.plain()))\n"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", script], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }

    assert len(told) == 1
    assert b"/data/currency" in told.pop()
