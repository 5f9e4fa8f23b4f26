"""The quick ways of the rules with logic: what is plain keeps them, and sums of hundredths are sums of prices."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract import strategies as drawn
from altcraft_contract.contract import load_contract
from altcraft_contract.rules import RULES
from altcraft_contract.rules.identity import RULES as IDENTITY
from altcraft_contract.rules.identity import check_identity
from altcraft_contract.rules.money import RULES as MONEY
from altcraft_contract.rules.money import check_money, check_times, do_sums_fit
from altcraft_contract.rules.order import Order
from altcraft_contract.rules.plain import make_plain
from altcraft_contract.rules.points import RULES as POINTS
from altcraft_contract.rules.points import check_points
from altcraft_contract.rules.rule import Sample
from altcraft_contract.rules.samples import SAMPLE_REQUEST, sample_message
from altcraft_contract.validation.fast import plain_validator_of, validator_of
from tests.validation.messages import mutated

if TYPE_CHECKING:
    from altcraft_contract.rules.rule import Breach

VERSION = load_contract().version
is_plain = plain_validator_of(VERSION).is_valid
is_valid = validator_of(VERSION, "request").is_valid
SAMPLES = {
    rule.id: rule.sample
    for rule in (*IDENTITY, *POINTS, *MONEY)
    if isinstance(rule.sample, Sample) and rule.sample.message == "request"
}


def broken_rules(body: dict[str, Any]) -> list[str]:
    """The rules with logic that *body* breaks, arithmetic apart."""
    order = Order(body)
    found: list[Breach] = []
    for check in (check_identity, check_points, check_times):
        check(order, found)
    return [breach.rule for breach in found]


def money_rules(data: dict[str, Any]) -> list[str]:
    """What the rules about prices and currency say of a data object."""
    found: list[Breach] = []
    check_money(Order({"data": data}), found)
    return [breach.rule for breach in found]


def changed(pointer: str, value: Any) -> dict[str, Any]:
    """The sample request with one value changed."""
    body = sample_message({pointer: value}, "request")
    return dict(body)


def assert_plain_is_right(body: dict[str, Any]) -> None:
    """A plain request is valid, and breaks no rule with logic but for equal ids of lines and for sums."""
    if not is_plain(body):
        return
    assert is_valid(body)
    assert set(broken_rules(body)) <= {"duplicate-line-id"}
    if do_sums_fit(body["data"]):
        assert money_rules(body["data"]) == []


def test_the_sample_is_plain() -> None:
    """The least request is plain, and its sums fit."""
    assert is_plain(dict(SAMPLE_REQUEST))
    assert do_sums_fit(SAMPLE_REQUEST["data"])


@pytest.mark.parametrize("rule", [rule for rule in SAMPLES if rule != "duplicate-line-id"])
def test_what_breaks_a_rule_is_not_plain_or_does_not_fit(rule: str) -> None:
    """The sample that breaks a rule is never taken for one that keeps it."""
    assert RULES[rule].sample is SAMPLES[rule]
    body = dict(sample_message(SAMPLES[rule].invalid, "request"))
    assert not (is_plain(body) and do_sums_fit(body["data"]))


@given(mutated("request"))
def test_plain_requests_break_no_rule(body: dict[str, Any]) -> None:
    """Whatever is wrong with a request, it is not plain or it is not about the rules with logic."""
    assert_plain_is_right(body)


@given(drawn.requests())
def test_drawn_requests_that_are_plain_break_no_rule(body: dict[str, Any]) -> None:
    """Valid requests, too, are plain only if nothing is suspicious about them."""
    assert_plain_is_right(body)


def test_the_schema_is_left_as_it_was() -> None:
    """The schema that plainness is made of does not change."""
    schema = load_contract().request_schema
    before = deepcopy(schema)
    make_plain(schema)
    assert schema == before


@pytest.mark.parametrize(
    ("time", "plain"),
    [
        ("2026-02-18T13:01:05.141Z", True),
        ("2026-02-18T13:01Z", True),
        ("2026-02-18T13:01:05+03:00", True),
        ("2026-02-18T13:01:05.5-11:30", True),
        ("2026-02-18T13:01:05", False),
        ("2026-02-18T13:01", False),
        ("2026-02-18", False),
    ],
)
def test_plain_times_are_certain(time: str, *, plain: bool) -> None:
    """A time is plain just if the rules find it certain."""
    body = changed("/data/create_time", time)
    assert is_plain(body) == plain
    assert broken_rules(body) == ([] if plain else ["incomplete-timestamp"])


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/phone", "+79991234567"),
        ("/email", "a b@example.com"),
        ("/email", "ann@example"),
        ("/email", "ann@example.com\n"),
        ("/data/currency", "JPY"),
        ("/data/currency", "KWD"),
        ("/data/currency", "XYZ"),
        ("/data/unknown", 1),
        ("/data/redeem_points", [{"points_currency_iid": 1, "amount": 50}]),
        ("/data/promocodes", [{"code": "A", "pool_id": 1}, {"code": "B", "pool_id": 1}]),
    ],
)
def test_what_takes_a_second_look_is_not_plain(pointer: str, value: Any) -> None:
    """What is suspicious, or may be, is left to the rules."""
    assert not is_plain(changed(pointer, value))


def prices() -> st.SearchStrategy[str]:
    """Prices in all forms that the schema allows, near each other."""
    whole = st.sampled_from(["0", "1", "2", "02", "10", "100"])
    return st.builds(lambda left, right: left + right, whole, st.sampled_from(["", ".0", ".00", ".5", ".50", ".05"]))


def orders() -> st.SearchStrategy[dict[str, Any]]:
    """Data objects whose sums may fit."""
    line = st.fixed_dictionaries(
        {"base_price_per_item": prices(), "final_price_per_item": prices(), "count": st.sampled_from([1, 2, 3])},
        optional={"min_price_per_item": prices()},
    )
    return st.fixed_dictionaries(
        {
            "currency": st.just("RUB"),
            "total_price": prices(),
            "final_total_price": prices(),
            "lines": st.lists(line, min_size=1, max_size=2),
        },
        optional={"delivery_cost": prices()},
    )


def with_fitting_total(data: dict[str, Any], *, delivered: bool) -> dict[str, Any]:
    """The same with a total that is the sum of its lines, with or without the delivery."""
    hundredths = sum(round(100 * float(line["base_price_per_item"])) * line["count"] for line in data["lines"])
    if delivered:
        hundredths += round(100 * float(data.get("delivery_cost", "0")))
    return {**data, "total_price": f"{hundredths // 100}.{hundredths % 100:02}"}


@given(orders(), st.booleans())
def test_sums_of_hundredths_are_sums_of_prices(data: dict[str, Any], delivered: bool) -> None:
    """Of prices with two decimals at most, both say the same."""
    for order in (data, with_fitting_total(data, delivered=delivered)):
        assert do_sums_fit(order) == (money_rules(order) == [])


@pytest.mark.parametrize("price", ["10.000", "10.001", "10.", "", "9" * 5000, "9" * 5000 + ".00"])
@pytest.mark.parametrize("field", ["total_price", "base_price_per_item", "final_price_per_item", "min_price_per_item"])
def test_prices_of_other_forms_are_left_to_the_rules(field: str, price: str) -> None:
    """More decimals, and more digits than Python reads, are not decided, and nothing is raised."""
    data: dict[str, Any] = deepcopy(dict(SAMPLE_REQUEST["data"]))
    (data if field == "total_price" else data["lines"][0])[field] = price
    assert not do_sums_fit(data)


@pytest.mark.parametrize("count", [1.0, 2.0, True, 10**30])
def test_counts_of_any_type_give_no_wrong_verdict(count: Any) -> None:
    """A count that is no plain integer fits only where the rules say so."""
    data: dict[str, Any] = deepcopy(dict(SAMPLE_REQUEST["data"]))
    data["lines"][0]["count"] = count
    assert not do_sums_fit(data) or money_rules(data) == []
