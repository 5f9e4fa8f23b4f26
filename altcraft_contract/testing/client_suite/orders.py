"""Orders that a client has to be able to send: each holds something that clients are known to spoil."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.contract import load_contract

if TYPE_CHECKING:
    from collections.abc import Mapping

_MANY: Final = 120  # lines
_AWKWARD: Final = '<b>Tom & "Jerry\'s"</b> ]]> 100% + a/b\\c?x=1#y; 🛒 Ё 日本 שלום مرحبا'
_POINTS: Final = {"points_currency_iid": 1, "points_currency_eid": "bonus1", "name": "Bonus points", "amount": "50"}
_BUYER: Final = {"profile_id": "696e304f547840a7286619e0"}


def documented_order() -> dict[str, Any]:
    """The example of the vendor's page."""
    order: dict[str, Any] = json.loads(load_contract().examples["request.json"])
    return order


def order_with_results(order: Mapping[str, Any], number: int) -> dict[str, Any]:
    """*order* with other promotions: the answer to it has *number* promo codes, changes of points and texts."""
    changed = deepcopy(dict(order))
    data = changed["data"]
    data.pop("redeem_points", None)
    for holder in (data, *data["lines"]):
        holder.pop("requested_promotions", None)
    promotions: list[dict[str, Any]] = [
        {"type": kind, "promotion": {"external_id": f"{kind}_{index}", "name": f"Promotion {index}"}}
        for kind in ("code_issue", "message")
        for index in range(1, number + 1)
    ]
    for index in range(1, number + 1):
        points = {"points_currency_iid": index, "points_currency_eid": f"bonus{index}", "amount": "50"}
        promotions.append({**_promotion("accrue_points"), "amount": "50", "points_info": points})
    if promotions:
        data["requested_promotions"] = promotions
    return changed


def _order(
    *prices: str,
    currency: str = "RUB",
    total: str | None = None,
    count: int = 1,
    buyer: Mapping[str, str] = _BUYER,
    **fields: Any,
) -> dict[str, Any]:
    """An order with a line for each of *prices*; a total is needed unless there is one line of one piece."""
    lines = [
        {
            "external_id": f"line_{number}",
            "sku": f"sku_{number}",
            "count": count,
            "base_price_per_item": price,
            "final_price_per_item": price,
        }
        for number, price in enumerate(prices, start=1)
    ]
    data = {
        "endpoint": "shop",
        "status": "new",
        "currency": currency,
        "total_price": total or prices[0],
        "final_total_price": total or prices[0],
        "lines": lines,
        **fields,
    }
    return {"token": "", "external_id": "", **buyer, "data": data}


def _promotion(kind: str, **members: Any) -> dict[str, Any]:
    return {"type": kind, "promotion": {"external_id": f"{kind}_promo", "name": f"Promotion {kind}"}, **members}


def _with_promotion(kind: str, **members: Any) -> dict[str, Any]:
    """An order with a promotion of one type, for the whole order and for its line."""
    order = _order("100.00", requested_promotions=[_promotion(kind, **members)])
    order["data"]["lines"][0]["requested_promotions"] = [_promotion(kind, **members)]
    if kind == "redeem_points":
        order["data"]["redeem_points"] = [{"points_currency_iid": 1, "points_currency_eid": "bonus1", "amount": 100}]
    return order


def _with_awkward_texts() -> dict[str, Any]:
    order = _order(
        "100.00",
        requested_promotions=[_promotion("code_issue")],
        tags=[_AWKWARD, "a,b", "null", "007"],
        custom_fields={"comment": _AWKWARD, "article": "0010", "flag": "true"},
    )
    order["data"]["requested_promotions"][0]["promotion"]["name"] = _AWKWARD
    order["data"]["lines"][0]["sku"] = 'cup & saucer <0.5 l> "blue"'
    return order


ORDERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "documented-example": documented_order(),
    "no-optional-fields": _order("100.00", buyer={"email": "ann@example.com"}),
    "customer-by-phone": _order("100.00", buyer={"phone": "+79991234567"}),
    "awkward-characters": _with_awkward_texts(),
    "small-prices": _order("0.10", "0.20", "0.70", total="3.00", count=3, delivery_cost="0.00"),
    "large-prices": _order("1999999999999.99", "12345678901234567.89", total="12347678901234567.88"),
    "trailing-zeros": _order("100.00", "200.50", "1000", total="1300.50"),
    "yen-without-decimals": _order("1500", currency="JPY"),
    "dinar-with-three-decimals": _order("12.345", currency="KWD"),
    "many-lines": _order(*["1.10"] * _MANY, total="132.00"),
    "discount": _with_promotion("discount", amount="10.50"),
    "accrue-points": _with_promotion("accrue_points", amount="50", points_info=_POINTS),
    "redeem-points": _with_promotion("redeem_points", amount="50", points_info=_POINTS),
    "code-issue": _with_promotion("code_issue"),
    "message": _with_promotion("message"),
}
"""Name to request; the suite gives each a token and an `external_id`."""
