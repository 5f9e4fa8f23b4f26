"""Valid requests, their parts, and the parameters that narrow them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as hypothesis_strategies

from altcraft_contract import strategies as st
from altcraft_contract.contract import load_contract
from altcraft_contract.conversion import write_xml
from altcraft_contract.errors import ImpossibleRequest
from altcraft_contract.rules.currencies import CURRENCY_DECIMALS
from altcraft_contract.strategies.source import SeededSource
from altcraft_contract.validation import check_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.documents.shape import Shape

PLAIN: dict[str, Any] = st.EDGE_CASES["no-optional-field"](SeededSource(0))
VALUES = st.Values(
    products=["p-1"],
    skus=["s-1"],
    endpoints=["till"],
    statuses=["open"],
    regions=["r-1"],
    pools={7: ["ONLY"]},
    emails=["bob@example.org"],
    phones=["+4915112345678"],
    profile_ids=["0123456789abcdef01234567"],
    point_currencies=[(5, None)],
    promotions=["promo-x"],
)


@given(st.requests())
def test_no_request_has_a_finding(request_: dict[str, Any]) -> None:
    """No drawn request has a finding, in either syntax."""
    assert not check_request(request_).findings
    assert not check_request(write_xml(request_, "request")).findings


@settings(max_examples=25)
@given(st.requests())
def test_no_request_has_a_finding_by_the_reference_engine(request_: dict[str, Any]) -> None:
    """No drawn request has a finding by the reference engine, in either syntax."""
    assert not check_request(request_, engine="reference").findings
    assert not check_request(write_xml(request_, "request"), engine="reference").findings


@settings(max_examples=25)
@given(
    hypothesis_strategies.tuples(
        st.orders(), st.lines(), st.promocodes(), st.points_redemptions(), st.requested_promotions()
    )
)
def test_parts_fit_into_a_request(parts: tuple[Any, ...]) -> None:
    """A part that is drawn by itself has no error where it belongs."""
    order, line, promocodes, redemptions, promotion = parts
    request = {"token": "t", "external_id": "1", "email": "ann@example.com", "data": order}
    mixed = {**order, "lines": [line], "promocodes": promocodes, "redeem_points": redemptions}
    mixed["requested_promotions"] = [promotion]

    assert not check_request(request).findings
    assert check_request({**request, "data": mixed}).ok or promotion["type"] == "redeem_points"


def test_requests_reach_every_field_type_and_level() -> None:
    """Three hundred draws reach every documented field and every type of promotion at both levels."""
    seen: set[Any] = set()

    @settings(max_examples=300, database=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    @given(st.requests())
    def draw(request_: dict[str, Any]) -> None:
        seen.update(_traits(request_, ""))

    draw()

    wanted: set[Any] = set(_leaves(load_contract().request_shape, ""))
    wanted |= {
        (level, kind)
        for level in ("/data/requested_promotions", "/data/lines/requested_promotions")
        for kind in st.PROMOTION_TYPES
    }
    assert wanted <= seen


def _traits(value: Any, place: str) -> Iterator[Any]:
    if isinstance(value, dict):
        if "promotion" in value and "type" in value:
            yield place, value["type"]
        for name, member in value.items():
            yield f"{place}/{name}"
            yield from _traits(member, f"{place}/{name}")
    elif isinstance(value, list):
        for item in value:
            yield from _traits(item, place)


def _leaves(shape: Shape, place: str) -> Iterator[str]:
    for name, child in shape.fields.items():
        yield f"{place}/{name}"
        yield from _leaves(child.item if child.item is not None else child, f"{place}/{name}")


@given(st.requests(values=VALUES, lines=2))
def test_values_of_an_installation_are_the_only_ones(request_: dict[str, Any]) -> None:
    """With the values of an installation nothing is made up."""
    data = request_["data"]
    assert len(data["lines"]) == 2
    assert (data["endpoint"], data["status"]) == ("till", "open")
    assert data.get("region", "r-1") == "r-1"
    for line in data["lines"]:
        assert line.get("product", "p-1") == "p-1"
        assert line.get("sku", "s-1") == "s-1"
    for item in data.get("promocodes", ()):
        assert item == {"code": "ONLY", "pool_id": 7}
    for item in data.get("redeem_points", ()):
        assert item["points_currency_iid"] == 5
        assert "points_currency_eid" not in item


@given(
    st.requests(
        identifiers=["phone"],
        items=["product"],
        promotion_types=[],
        currencies=["JPY"],
        custom_fields=False,
        lines=(2, 3),
    )
)
def test_parameters_narrow_the_space(request_: dict[str, Any]) -> None:
    """Every parameter is kept to by every draw."""
    assert "phone" in request_
    assert not {"email", "profile_id"} & set(request_)
    assert 2 <= len(request_["data"]["lines"]) <= 3
    assert request_["data"]["currency"] == "JPY"
    assert "." not in request_["data"]["total_price"]
    assert not request_["data"].get("requested_promotions")
    assert "custom_fields" not in request_["data"]
    assert all("sku" not in line for line in request_["data"]["lines"])


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ({"lines": 0}, "lines=0"),
        ({"lines": (3, 2)}, "lines=(3, 2)"),
        ({"lines": "2"}, "lines='2'"),
        ({"lines": True}, "lines=True"),
        ({"lines": 1000}, "lines=1000"),
        ({"identifiers": []}, "identifiers=[]"),
        ({"identifiers": ["mail"]}, "identifiers=['mail']"),
        ({"items": "sku"}, "items='sku'"),
        ({"promotion_types": ["bonus"]}, "promotion_types=['bonus']"),
        ({"currencies": ["DEM"]}, "currencies=['DEM']"),
        ({"values": {"skus": ["a"]}}, "values={'skus': ['a']}"),
    ],
)
def test_impossible_parameters_are_refused_with_their_value(arguments: dict[str, Any], shown: str) -> None:
    """A parameter with which nothing valid can be made is refused at once, and its value is shown."""
    with pytest.raises(ImpossibleRequest) as caught:
        st.requests(**arguments)

    assert shown in str(caught.value)


@pytest.mark.parametrize(
    "arguments",
    [
        {"skus": "abc"},
        {"skus": [""]},
        {"pools": {"7": ["A"]}},
        {"pools": {7: "A"}},
        {"pools": {2**70: ["A"]}},
        {"pools": [1]},
        {"point_currencies": [(None, None)]},
        {"point_currencies": [(True, None)]},
        {"point_currencies": [(1,)]},
        {"point_currencies": [(None, "")]},
        {"regions": (1,)},
        {"emails": ["bad"]},
        {"phones": ["123"]},
        {"profile_ids": ["x"]},
        {"skus": ["\ud800"]},
        {"skus": ["a\x00"]},
        {"products": None},
    ],
)
def test_impossible_values_are_refused(arguments: dict[str, Any]) -> None:
    """Values that no installation can have are refused."""
    with pytest.raises(ImpossibleRequest):
        st.Values(**arguments)


@pytest.mark.parametrize("currency", ["RUB", "JPY", "KWD", "CLF", "XAU"])
def test_money_has_the_decimals_of_its_currency(currency: str) -> None:
    """A price has as many decimals as its currency."""
    price = find(st.money(currency=currency), lambda _: True)

    assert len(price.partition(".")[2]) == (CURRENCY_DECIMALS[currency] or 0)


def test_money_of_an_unknown_currency_is_refused() -> None:
    """There is no price in a currency that ISO 4217 does not list."""
    with pytest.raises(ImpossibleRequest, match="currency='DEM'"):
        st.money(currency="DEM")


def test_promotions_of_no_type_are_refused() -> None:
    """There is no promotion of no type."""
    with pytest.raises(ImpossibleRequest, match="types="):
        st.requested_promotions(types=[])


@given(st.timestamps())
def test_timestamps_are_complete(time: str) -> None:
    """A drawn time has a date, a time of day and an offset."""
    request = {**PLAIN, "data": {**PLAIN["data"], "create_time": time}}

    assert not check_request(request).findings
