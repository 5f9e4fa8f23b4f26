"""Messages in which every mutation finds a place, for when a drawn one has none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_INFO: Final = {
    "points_currency_iid": 1,
    "points_currency_eid": "bonus",
    "name": "Bonus",
    "amount": "50",
    "expiration_date": "2027-01-01T00:00:00Z",
}


def _promotion(kind: str) -> dict[str, Any]:
    promotion: dict[str, Any] = {"type": kind, "promotion": {"external_id": kind, "name": kind}}
    if kind in ("discount", "accrue_points", "redeem_points"):
        promotion["amount"] = "50"
    if kind.endswith("_points"):
        promotion["points_info"] = _INFO
    return promotion


def _line(line_id: str, *promotions: str) -> dict[str, Any]:
    return {
        "external_id": line_id,
        "product": "mug",
        "sku": "mug-white",
        "line_number": int(line_id),
        "count": 2,
        "base_price_per_item": "10.00",
        "min_price_per_item": "5.00",
        "final_price_per_item": "9.00",
        "status": "reserved",
        "custom_fields": {"gift": "yes"},
        "requested_promotions": [_promotion(kind) for kind in promotions],
    }


def _request(*promotions: str, **members: Any) -> dict[str, Any]:
    return {
        "token": "sample-token",
        "external_id": "order_1",
        "email": "ann@example.com",
        "skip_triggers": True,
        "data": {
            "endpoint": "shop",
            "status": "new",
            "currency": "RUB",
            "total_price": "40.00",
            "final_total_price": "36.00",
            "delivery_cost": "3.00",
            "create_time": "2026-02-18T13:01:05Z",
            "region": "moscow",
            "lines": [_line("1", "discount", "accrue_points"), _line("2", "message")],
            "promocodes": [{"code": "SPRING", "pool_id": 42}],
            "requested_promotions": [_promotion(kind) for kind in promotions],
            **members,
            "custom_fields": {"source": "bot"},
            "tags": ["new", "premium"],
        },
    }


REQUESTS: Final[tuple[Mapping[str, Any], ...]] = (
    _request("code_issue", "accrue_points"),
    _request("redeem_points", redeem_points=[{"points_currency_iid": 1, "points_currency_eid": "bonus", "amount": 50}]),
)
"""Two valid requests: one without a redemption, one with a single one."""

RESPONSE: Final[Mapping[str, Any]] = {
    "data": {
        "status": "success",
        "processing_target": "immediate",
        "external_id": "order_1",
        "issued_promocodes": [
            {
                "codes": ["SPRING"],
                "pool": {"pool_id": 42, "name": "Welcome"},
                "promotion": {"external_id": "welcome", "name": "Welcome"},
            }
        ],
        "points_changes": [
            {
                "points_info": {key: _INFO[key] for key in _INFO if key != "expiration_date"},
                "accrue_points": 50,
                "redeem_points": 0,
            }
        ],
        "contents": [
            {
                "promotion": {"external_id": "thanks", "name": "Thanks"},
                "contents": [{"type": "text", "message": "Thank you"}],
            }
        ],
    },
    "error": 0,
    "error_text": "Successful operation",
}
"""A valid response with every documented field."""
