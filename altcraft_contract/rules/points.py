"""Points: accrued, redeemed, announced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.rules.rule import CONTRADICTED, DOCUMENTED, ERROR, INFERRED, WARNING, Breach, Rule, Sample

if TYPE_CHECKING:
    from collections.abc import Mapping

    from altcraft_contract.rules.order import Order

POINT_TYPES: Final = ("accrue_points", "redeem_points")
_POINTS: Final = {"points_currency_iid": 1, "amount": "50"}
_ACCRUAL: Final = {
    "type": "accrue_points",
    "promotion": {"external_id": "cashback"},
    "amount": "50",
    "points_info": _POINTS,
}
_DISCOUNT: Final = {"type": "discount", "promotion": {"external_id": "summer"}, "amount": "1.50"}
_REDEEMED: Final = {"points_currency_iid": 1, "amount": 50}
_REDEMPTION: Final = {**_ACCRUAL, "type": "redeem_points", "promotion": {"external_id": "pay-with-points"}}


def _without(members: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return {key: value for key, value in members.items() if key != name}


RULES: Final = (
    Rule(
        "points-currency-missing",
        ERROR,
        DOCUMENTED,
        "message",
        "redeem_points array, points_info object",
        "Points are of a currency, named by `points_currency_iid`, by `points_currency_eid`, or by both.",
        "Add one of the two.",
        Sample(
            {"/data/requested_promotions": [_ACCRUAL]},
            {"/data/requested_promotions": [{**_ACCRUAL, "points_info": {"amount": "50"}}]},
        ),
    ),
    Rule(
        "redeem-points-missing",
        ERROR,
        DOCUMENTED,
        "request",
        "data object",
        "If a requested promotion has the type `redeem_points`, `redeem_points` says how many points of which "
        "currency. The page names no level, and its example has the promotion on a line: read as either level.",
        "Add `redeem_points` to the data object.",
        Sample(
            {"/data/requested_promotions": [_REDEMPTION], "/data/redeem_points": [_REDEEMED]},
            {"/data/requested_promotions": [_REDEMPTION]},
        ),
    ),
    Rule(
        "discount-amount-missing",
        ERROR,
        DOCUMENTED,
        "request",
        "requested_promotions array",
        "A promotion of the type `discount` says its `amount`.",
        "Add `amount`, the discount in the order's currency.",
        Sample(
            {"/data/requested_promotions": [_DISCOUNT]},
            {"/data/requested_promotions": [_without(_DISCOUNT, "amount")]},
        ),
    ),
    Rule(
        "points-amount-missing",
        WARNING,
        CONTRADICTED,
        "request",
        "requested_promotions array",
        "The table requires `amount` for promotions of the types `accrue_points` and `redeem_points`; the page's own "
        "example leaves it out.",
        "Add `amount`, the number of points, to be safe.",
        Sample(
            {"/data/requested_promotions": [_ACCRUAL]}, {"/data/requested_promotions": [_without(_ACCRUAL, "amount")]}
        ),
    ),
    Rule(
        "points-info-missing",
        ERROR,
        DOCUMENTED,
        "request",
        "requested_promotions array",
        "A promotion of the type `accrue_points` or `redeem_points` has a `points_info`.",
        "Add `points_info` with the currency and the amount of the points.",
        Sample(
            {"/data/requested_promotions": [_ACCRUAL]},
            {"/data/requested_promotions": [_without(_ACCRUAL, "points_info")]},
        ),
    ),
    Rule(
        "redemption-unannounced",
        WARNING,
        INFERRED,
        "request",
        "data object",
        "`redeem_points` belongs to a requested promotion of the type `redeem_points`; here no promotion announces it.",
        "Add the promotion that the preliminary calculation returned, or leave `redeem_points` out.",
        Sample(
            {"/data/requested_promotions": [_REDEMPTION], "/data/redeem_points": [_REDEEMED]},
            {"/data/redeem_points": [_REDEEMED]},
        ),
    ),
    Rule(
        "redemption-currency-mismatch",
        WARNING,
        INFERRED,
        "request",
        "redeem_points array",
        "What is redeemed should be of the currency that a promotion of the type `redeem_points` names.",
        "Use the same `points_currency_iid` or `points_currency_eid` in both places.",
        Sample(
            {"/data/requested_promotions": [_REDEMPTION], "/data/redeem_points": [_REDEEMED]},
            {
                "/data/requested_promotions": [_REDEMPTION],
                "/data/redeem_points": [{**_REDEEMED, "points_currency_iid": 2}],
            },
        ),
    ),
)


def check_points(order: Order, found: list[Breach]) -> None:
    """Find what is suspicious about promotions with points and about redemptions."""
    redemptions = []
    for promotion in order.promotions:
        if promotion.type in POINT_TYPES:
            if "amount" not in promotion.members:
                message = (
                    f"`amount` is missing: the table requires it for `{promotion.type}`, the page's example omits it"
                )
                found.append(Breach("points-amount-missing", promotion.pointer, message, "add the number of points"))
            if promotion.type == "redeem_points":
                redemptions.append(promotion.members.get("points_info"))
    items = order.data.get("redeem_points")
    if type(items) is not list or not items:
        return
    if redemptions:
        _check_currencies(items, redemptions, found)
    elif order.all_promotions_readable:
        message = "points are redeemed, but no requested promotion has the type `redeem_points`"
        found.append(Breach("redemption-unannounced", "/data/redeem_points", message))


def _check_currencies(items: list[Any], announced: list[Any], found: list[Breach]) -> None:
    names = [points for points in announced if type(points) is dict]
    for index, item in enumerate(items):
        if type(item) is not dict:
            continue
        verdicts = {_same_currency(item, points) for points in names}
        if False in verdicts and True not in verdicts:
            message = "no `redeem_points` promotion names this currency of points"
            found.append(Breach("redemption-currency-mismatch", f"/data/redeem_points/{index}", message))


def _same_currency(item: Mapping[str, Any], points: Mapping[str, Any]) -> bool | None:
    """Whether both name the same currency; None if they cannot be compared."""
    for field, kinds in (("points_currency_iid", (int, float)), ("points_currency_eid", (str,))):
        mine, theirs = item.get(field), points.get(field)
        if isinstance(mine, kinds) and isinstance(theirs, kinds):
            return bool(mine == theirs)
    return None
