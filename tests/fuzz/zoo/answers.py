"""The answers of a server to the orders that it takes, and to those that it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.fuzz.zoo.behaviour import as_integer, as_object

if TYPE_CHECKING:
    from tests.fuzz.zoo.behaviour import Exchange

_MOST_POINTS: Final = 2**63 - 1
_BALANCE: Final = 1_000


def accepted(exchange: Exchange) -> dict[str, Any]:
    """The answer to a valid order: it is confirmed."""
    data: dict[str, Any] = {
        "status": "success",
        "processing_target": "immediate",
        "external_id": exchange.value.get("external_id"),
    }
    lists = {
        "issued_promocodes": _codes(exchange),
        "points_changes": _points(exchange),
        "contents": _contents(exchange),
    }
    data |= {name: items for name, items in lists.items() if items}
    return {"data": data, "error": 0, "error_text": "Successful operation"}


def refused(code: int, text: str) -> dict[str, Any]:
    """The answer that tells of an error."""
    return {"data": {}, "error": code, "error_text": text}


def _of_type(exchange: Exchange, *types: str) -> list[dict[str, Any]]:
    return [promotion for promotion in exchange.promotions if promotion.get("type") in types]


def _promotion(promotion: dict[str, Any]) -> dict[str, Any]:
    named = as_object(promotion.get("promotion"))
    kept = {name: named[name] for name in ("external_id", "name") if isinstance(named.get(name), str)}
    return {"external_id": "unnamed", **kept}


def _codes(exchange: Exchange) -> list[dict[str, Any]]:
    return [
        {
            "codes": [f"GIFT-{number}"],
            "pool": {"pool_id": 100, "name": "Gifts"},
            "promotion": _promotion(promotion),
        }
        for number, promotion in enumerate(_of_type(exchange, "code_issue"), start=1)
    ]


def _points(exchange: Exchange) -> list[dict[str, Any]]:
    """One change for each currency of points that the promotions name."""
    changes: dict[tuple[str, str], dict[str, Any]] = {}
    for promotion in _of_type(exchange, "accrue_points", "redeem_points"):
        info = as_object(promotion.get("points_info"))
        key = (str(info.get("points_currency_iid", "")), str(info.get("points_currency_eid", "")))
        change = changes.setdefault(
            key, {"points_info": {**_named(info), "amount": ""}, "accrue_points": 0, "redeem_points": 0}
        )
        kind = str(promotion["type"])
        amount = as_integer(str(promotion.get("amount", info.get("amount", "0"))).partition(".")[0][:30])
        change[kind] = min(change[kind] + max(amount, 0), _MOST_POINTS)
    for change in changes.values():
        balance = max(_BALANCE + change["accrue_points"] - change["redeem_points"], 0)
        change["points_info"]["amount"] = str(balance)
    return list(changes.values())


def _named(info: dict[str, Any]) -> dict[str, Any]:
    named: dict[str, Any] = {}
    if "points_currency_iid" in info:
        named["points_currency_iid"] = as_integer(info["points_currency_iid"])
    for name in ("points_currency_eid", "name"):
        if isinstance(info.get(name), str):
            named[name] = info[name]
    return named or {"points_currency_eid": "unnamed"}


def _contents(exchange: Exchange) -> list[dict[str, Any]]:
    return [
        {"promotion": _promotion(promotion), "contents": [{"type": "text", "message": "Thank you!"}]}
        for promotion in _of_type(exchange, "message")
    ]
