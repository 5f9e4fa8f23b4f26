"""What an installation may not know: a refusal for such a value is no failure until somebody says that it exists."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.strategies.vocabulary import MADE_UP

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from altcraft_contract.fuzz.case import Order
    from altcraft_contract.fuzz.exchange import Exchange
    from altcraft_contract.strategies.vocabulary import Values

_NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "endpoint": ("endpoints",),
    "status": ("statuses",),
    "region": ("regions",),
    "product": ("products",),
    "sku": ("skus",),
    "profile_id": ("profile_ids",),
    "email": ("emails",),
    "phone": ("phones",),
    "promocodes": ("pools",),
    "code": ("pools",),
    "pool_id": ("pools",),
    "promotion": ("promotions",),
    "requested_promotions": ("promotions", "point_currencies"),
    "points_info": ("point_currencies",),
    "redeem_points": ("point_currencies", "promotions"),
}
"""Field to the keys of `Values` that say what may stand in it."""
_BOTH_IDS: Final[Mapping[str, Any]] = {
    "points_currency_iid": MADE_UP.point_currencies[0][0],
    "points_currency_eid": MADE_UP.point_currencies[0][1],
    "name": "Bonus",
}
_WELL_KNOWN: Final = ("EUR", "USD", "RUB")
_UNAUTHORISED: Final = (401, 403)


def unknown_values(places: Iterable[str], values: Values) -> tuple[str, ...]:
    """Keys of `Values` that *places* lean on and that are not set, though others are.

    A target that takes an order of nothing but made-up values does not look them up: then there is no such key.
    """
    if not any(getattr(values, field.name) for field in fields(values)):
        return ()
    names = [name for place in places for name in place.split("/")]
    needed = [key for name in names for key in _NEEDS.get(name, ())]
    return tuple(key for key in dict.fromkeys(needed) if not getattr(values, key))


def plainest_forms(places: Iterable[str], order: Order, plain: Order, taken_codes: Sequence[Any]) -> Iterator[Order]:
    """Orders that show whether an installation has at all what a refused order leans on.

    A shop may have one currency, a member no points, and a promo code may be used once: if none of these orders is
    taken, the refusal says nothing about the contract.

    Args:
        places: Where the refused order is more than a plain one.
        order: The refused order.
        plain: The smallest order.
        taken_codes: `promocodes` that were taken before.
    """
    roots = {place.split("/")[2] for place in places if place.count("/") > 1}
    data = plain["data"]
    if roots == {"currency"}:
        for currency in _WELL_KNOWN:
            if currency not in (order["data"]["currency"], data["currency"]):
                yield {**plain, "data": {**data, "currency": currency}}
    elif roots <= {"redeem_points", "requested_promotions", "lines"} and "redeem_points" in roots:
        item: dict[str, Any] = next(iter(order["data"].get("redeem_points", ())), {})
        named = {"external_id": _promotion_of(order), "name": "Redemption"}
        for info in ({name: item[name] for name in item if name.startswith("points_currency")}, _BOTH_IDS):
            promotion = {"type": "redeem_points", "promotion": named, "amount": "1"}
            promotions = [{**promotion, "points_info": {**info, "amount": "1"}}]
            items = [{**info, "amount": 1}]
            yield {**plain, "data": {**data, "requested_promotions": promotions, "redeem_points": items}}
    elif roots == {"promocodes"} and taken_codes:
        yield {**plain, "data": {**data, "promocodes": list(taken_codes)}}


def _promotion_of(order: Order) -> str:
    """The first promotion of an order, or one that is made up."""
    holders = [order["data"], *order["data"]["lines"]]
    promotions = [item for holder in holders for item in holder.get("requested_promotions", ())]
    return str(promotions[0]["promotion"]["external_id"]) if promotions else MADE_UP.promotions[0]


def explain_refusal(exchange: Exchange, values: Values, text: str) -> str:
    """Why a plain order is refused, probably, and what to do.

    Args:
        exchange: A plain order with its refusal.
        values: What is said to exist.
        text: What the target says, without secrets.
    """
    said = f"the target refuses a plain order with error {exchange.error}" + (f" ({text})" if text else "")
    if exchange.error in _UNAUTHORISED:
        return f"{said}; set the token of the installation in ALTCRAFT_TOKEN, or name another with --token-env"
    item = ("skus or products",) if not values.skus and not values.products else ()
    unset = [key for key in ("endpoints", "statuses", "emails") if not getattr(values, key)]
    missing = ", ".join([*unset[:2], *item, *unset[2:]])
    told = f"these are made up: {missing}" if missing else "look whether all of them exist there"
    return f"{said}; set what exists there in [tool.altcraft-contract.values] or with --values FILE: {told}"
