"""Failures shrink to a small, plausible order."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, find, settings

from altcraft_contract import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_Request = dict[str, Any]

SETTINGS = settings(max_examples=5000, database=None, deadline=None, suppress_health_check=list(HealthCheck))
TOLERANCE = 1.5  # times the smallest request known


def promotions(request: _Request) -> Iterator[_Request]:
    """All promotions of a request."""
    for line in request["data"]["lines"]:
        yield from line.get("requested_promotions", ())
    yield from request["data"].get("requested_promotions", ())


def of_type(holder: _Request, kind: str) -> bool:
    """Whether one of the promotions of an order or a line has a type."""
    return any(promotion["type"] == kind for promotion in holder.get("requested_promotions", ()))


# The number is the length, as compact JSON, of the smallest request that was found by hand or by many runs.
PREDICATES: dict[str, tuple[int, Callable[[_Request], bool]]] = {
    "anything": (281, lambda _: True),
    "redemption on a line of more than 7": (
        565,
        lambda r: any(line["count"] > 7 and of_type(line, "redeem_points") for line in r["data"]["lines"]),
    ),
    "three lines": (495, lambda r: len(r["data"]["lines"]) >= 3),
    "phone": (278, lambda r: "phone" in r),
    "price above 1000": (289, lambda r: float(r["data"]["lines"][0]["base_price_per_item"]) > 1000),
    "yen": (277, lambda r: r["data"]["currency"] == "JPY"),
    "points expire": (486, lambda r: any("expiration_date" in p.get("points_info", ()) for p in promotions(r))),
    "points named by eid only": (
        432,
        lambda r: any("points_currency_iid" not in p.get("points_info", "points_currency_iid") for p in promotions(r)),
    ),
    "fraction as custom field": (
        315,
        lambda r: any(isinstance(value, float) for value in r["data"].get("custom_fields", {}).values()),
    ),
    "name beyond ASCII": (
        385,
        lambda r: any(not p["promotion"].get("name", "").isascii() for p in promotions(r)),
    ),
    "tags and region": (311, lambda r: "tags" in r["data"] and "region" in r["data"]),
    "half price": (
        281,
        lambda r: float(r["data"]["final_total_price"]) <= float(r["data"]["total_price"]) / 2,
    ),
    "product and sku": (299, lambda r: {"product", "sku"} <= set(r["data"]["lines"][0])),
    "promotion on a second line": (
        462,
        lambda r: any(line.get("requested_promotions") for line in r["data"]["lines"][1:]),
    ),
    "delivery": (305, lambda r: "delivery_cost" in r["data"]),
    "no triggers": (303, lambda r: r.get("skip_triggers") is True),
    "two promo codes": (369, lambda r: len(r["data"].get("promocodes", ())) >= 2),
    "dear order": (289, lambda r: float(r["data"]["total_price"]) > 5000),
    "minimum price on a second line": (
        416,
        lambda r: any("min_price_per_item" in line for line in r["data"]["lines"][1:]),
    ),
    "codes at both levels": (
        435,
        lambda r: of_type(r["data"], "code_issue") and any(of_type(line, "code_issue") for line in r["data"]["lines"]),
    ),
    "created in the afternoon": (318, lambda r: "T13" in r["data"].get("create_time", "")),
}


@pytest.mark.parametrize("name", PREDICATES)
def test_failures_shrink_to_a_small_order(name: str) -> None:
    """What is found is at most half as large again as the smallest request that will do."""
    smallest, holds = PREDICATES[name]

    found = find(st.requests(), holds, settings=SETTINGS, random=Random(7))

    assert len(json.dumps(found, separators=(",", ":"))) <= TOLERANCE * smallest


def test_the_simplest_request_is_plausible() -> None:
    """The simplest request has one line, short ASCII ids and round prices."""
    found = find(st.requests(), lambda _: True, settings=SETTINGS, random=Random(7))

    assert found == {
        "token": "sample-token",
        "external_id": "order_1",
        "email": "ann@example.com",
        "data": {
            "endpoint": "shop",
            "status": "new",
            "currency": "RUB",
            "total_price": "10.00",
            "final_total_price": "10.00",
            "lines": [
                {
                    "external_id": "1",
                    "sku": "mug-white",
                    "count": 1,
                    "base_price_per_item": "10.00",
                    "final_price_per_item": "10.00",
                }
            ],
        },
    }
