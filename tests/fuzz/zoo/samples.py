"""Orders that show a fault: a plain one, the fullest one, and changes of them."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

from tests.fuzz.zoo.behaviour import CONTENT_TYPES, TOKEN
from tests.fuzz.zoo.client import Sent
from tests.fuzz.zoo.syntaxes import write_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from altcraft_contract.contract import Syntax

ABSENT: Final = object()
"""A change that takes a member away."""

_POINTS: Final = {"points_currency_iid": 1, "points_currency_eid": "bonus"}


def plain() -> dict[str, Any]:
    """An order of one line, without options."""
    return {
        "token": TOKEN,
        "external_id": "zoo-1",
        "email": "ann@example.com",
        "skip_triggers": True,
        "data": {
            "endpoint": "shop",
            "status": "new",
            "currency": "RUB",
            "total_price": "10.00",
            "final_total_price": "10.00",
            "lines": [line("1")],
        },
    }


def line(name: str) -> dict[str, Any]:
    """A line without options."""
    return {
        "external_id": name,
        "sku": "mug-white",
        "count": 1,
        "base_price_per_item": "10.00",
        "final_price_per_item": "10.00",
    }


def promotion(kind: str, name: str = "promo") -> dict[str, Any]:
    """A promotion of a type, with what the type needs."""
    made: dict[str, Any] = {"type": kind, "promotion": {"external_id": name, "name": "Promotion"}}
    if kind in ("discount", "accrue_points", "redeem_points"):
        made["amount"] = "5"
    if kind in ("accrue_points", "redeem_points"):
        made["points_info"] = {
            **_POINTS,
            "name": "Bonus",
            "amount": "5",
            "expiration_date": "2027-01-01T00:00:00Z",
        }
    return made


def full() -> dict[str, Any]:
    """An order of three lines with every option; the first line has them, too."""
    order = plain()
    kinds = ("discount", "accrue_points", "redeem_points", "code_issue", "message")
    order["data"] |= {
        "total_price": "30.00",
        "final_total_price": "30.00",
        "lines": [line("1"), line("2"), line("3")],
        "delivery_cost": "0.00",
        "create_time": "2026-02-18T13:01:05Z",
        "region": "moscow",
        "promocodes": [{"code": "SPRING", "pool_id": 42}, {"code": "SUMMER", "pool_id": 42}],
        "requested_promotions": [promotion(kind) for kind in kinds],
        "redeem_points": [{**_POINTS, "name": "Bonus", "amount": 5}],
        "custom_fields": {"source": "bot"},
        "tags": ["first", "second"],
    }
    for item in order["data"]["lines"]:
        item |= {
            "product": "mug",
            "line_number": 1,
            "min_price_per_item": "1.00",
            "status": "reserved",
            "custom_fields": {"gift": "yes"},
            "requested_promotions": [promotion(kind) for kind in kinds],
        }
    return order


def changed(order: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of an order with other values at some JSON Pointers."""
    made = deepcopy(order)
    for pointer, value in changes.items():
        *way, last = pointer.split("/")[1:]
        place: Any = made
        for token in way:
            place = place[int(token)] if isinstance(place, list) else place[token]
        if value is ABSENT:
            del place[last]
        elif isinstance(place, list):
            place[int(last)] = deepcopy(value)
        else:
            place[last] = deepcopy(value)
    return made


def sent(
    changes: Mapping[str, Any] | None = None, syntax: Syntax = "json", *, of: dict[str, Any] | None = None
) -> Sent:
    """The fullest order, or *of*, with some changes."""
    return raw(write_value(changed(of if of is not None else full(), changes or {}), syntax), syntax)


def sent_plain(changes: Mapping[str, Any] | None = None, syntax: Syntax = "json") -> Sent:
    """The plain order with some changes."""
    return sent(changes, syntax, of=plain())


def raw(body: bytes, syntax: Syntax = "json", *headers: tuple[str, str]) -> Sent:
    """A body as it stands."""
    return Sent(body, syntax, (("Content-Type", CONTENT_TYPES[syntax]), *headers))


def replaced(old: str, new: str, syntax: Syntax = "json") -> Sent:
    """The fullest order with something replaced in its text, once."""
    text = write_value(full(), syntax).decode()
    if old not in text:
        raise ValueError(old)
    return raw(text.replace(old, new, 1).encode(errors="surrogatepass"), syntax)


def spelt(syntax: Syntax = "json", **settings: Any) -> Sent:
    """The fullest order in JSON, spelt as `json.dumps` is told."""
    return raw(json.dumps(full(), **settings).encode(), syntax)
