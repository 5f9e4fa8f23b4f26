"""Redemptions are compared across a request: a change near one may break a second rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from altcraft_contract.conversion import message_of
from altcraft_contract.rules.order import Order
from altcraft_contract.rules.response import is_successful

if TYPE_CHECKING:
    from collections.abc import Mapping


def redemptions(request: Mapping[str, Any]) -> list[str]:
    """Pointers to the promotions of the type `redeem_points`."""
    return [promotion.pointer for promotion in Order(request).promotions if promotion.type == "redeem_points"]


def is_delicate(request: Mapping[str, Any], pointer: str) -> bool:
    """Whether making the value at *pointer* unreadable would leave redemptions that no longer agree.

    With one redemption nothing is left to compare; with several, those that stay do not name all currencies.
    """
    announced = redemptions(request) if "data" in request else []
    touches = any(_related(pointer, promotion) for promotion in announced) or _related(pointer, "/data/redeem_points")
    return touches and (len(announced) > 1 or len(_items(request)) > 1)


def is_free(message: Mapping[str, Any]) -> bool:
    """Whether a message is a response whose `data` nobody judges."""
    return message_of(message) == "response" and not is_successful(message)


def holds_redemption(request: Mapping[str, Any], pointer: str) -> bool:
    """Whether taking out the value at *pointer* would take out the announcement of a redemption."""
    return any(_related(pointer, promotion) for promotion in redemptions(request))


def _items(request: Mapping[str, Any]) -> list[Any]:
    data = request.get("data")
    items = data.get("redeem_points") if isinstance(data, dict) else None
    return items if isinstance(items, list) else []


def _related(pointer: str, other: str) -> bool:
    """Whether one of the two values stands in the other."""
    return f"{other}/".startswith(f"{pointer}/") or f"{pointer}/".startswith(f"{other}/")
