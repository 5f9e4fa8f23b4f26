"""Phase `valid`: orders in which every two features meet."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.fuzz.case import Trial
from altcraft_contract.fuzz.twins import make_twins
from altcraft_contract.rules.currencies import CURRENCY_DECIMALS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from altcraft_contract.fuzz.case import Order
    from altcraft_contract.fuzz.orders import Orders

FIRST: Final = 60
"""Orders after which nearly all pairs of features have met."""
_POOL: Final = 400  # orders that the first are chosen from
_MANY: Final = 3  # lines


def iter_valid(orders: Orders) -> Iterator[Trial]:
    """Orders chosen so that every two features meet soon, then any."""
    number = 0
    for order in (*_chosen([orders.drawn(lines=(1, 4)) for _ in range(_POOL)]), *_any(orders)):
        number += 1
        yield _trial(number, order)
    while True:
        number += 1
        yield _trial(number, orders.drawn(lines=(1, 4), currencies=tuple(CURRENCY_DECIMALS)))


def _any(orders: Orders) -> Iterator[Order]:
    yield from orders.full()


def _trial(number: int, order: Order) -> Trial:
    return Trial(
        id=f"valid-{number:04d}",
        phase="valid",
        kind="twins",
        feature="drawn",
        order=order,
        make=make_twins("a valid order"),
    )


def _chosen(pool: list[Order]) -> Iterator[Order]:
    """Orders of *pool*, each the one in which most pairs of features meet for the first time."""
    pairs = [(order, set(combinations(sorted(features_of(order)), 2))) for order in pool]
    seen: set[tuple[str, str]] = set()
    for _ in range(FIRST):
        order, found = max(pairs, key=lambda pair: len(pair[1] - seen))
        if found <= seen:
            return
        seen |= found
        yield order


def features_of(order: Mapping[str, Any]) -> frozenset[str]:
    """What is in a valid order, as short names."""
    data = order["data"]
    found = {name for name in ("email", "phone", "profile_id") if name in order}
    found |= {f"currency {data['currency']}", f"lines {min(len(data['lines']), _MANY)}"}
    found |= {name for name in ("delivery_cost", "create_time", "region", "redeem_points", "tags") if name in data}
    found |= {f"order {name}" for name in ("custom_fields", "promocodes") if data.get(name)}
    if data.get("create_time", "Z")[-1] != "Z":
        found.add("offset")
    if data["final_total_price"] == data["total_price"]:
        found.add("no discount")
    for level, holders in (("order", [data]), ("line", data["lines"])):
        for promotion in (item for holder in holders for item in holder.get("requested_promotions", ())):
            found.add(f"{level} {promotion['type']}")
            info = promotion.get("points_info", {})
            found |= {f"points {name[-3:]}" for name in info if name.endswith("id")}
            found |= {name for name in ("expiration_date",) if name in info}
            found.add("named promotion" if "name" in promotion["promotion"] else "nameless promotion")
    for line in data["lines"]:
        found |= {
            f"line {name}"
            for name in ("product", "sku", "line_number", "min_price_per_item", "status", "custom_fields")
            if name in line
        }
        found.add("one piece" if line["count"] == 1 else "several pieces")
    return frozenset(found)
