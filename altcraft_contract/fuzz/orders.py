"""The valid orders that a campaign begins with, made of what the installation has."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.fuzz.identity import STAND_INS
from altcraft_contract.strategies.building import OrderBuilder
from altcraft_contract.strategies.parameters import parameters_of
from altcraft_contract.strategies.source import SeededSource
from altcraft_contract.strategies.vocabulary import MADE_UP

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from altcraft_contract.fuzz.case import Order
    from altcraft_contract.strategies.vocabulary import Values

_NAMED: Final = {
    "endpoint": "endpoints",
    "status": "statuses",
    "region": "regions",
    "product": "products",
    "sku": "skus",
    "profile_id": "profile_ids",
}
"""Field to the key of `Values` that holds what it may be."""


class Orders:
    """Makes valid orders: without triggers, with stand-ins, and with an empty `external_id` to be put behind a prefix.

    Args:
        values: What exists on the installation.
        seed: The same seed makes the same orders.
        with_triggers: Whether `skip_triggers` may be left out or false.
    """

    def __init__(self, values: Values, *, seed: int = 0, with_triggers: bool = False) -> None:
        self.values = values
        self.with_triggers = with_triggers
        self.source = SeededSource(seed)
        self._parameters = parameters_of(values=values)

    def plain(self) -> Order:
        """The smallest order: what is required and nothing else."""
        return {
            "skip_triggers": True,
            "token": STAND_INS.token,
            "external_id": "",
            "email": STAND_INS.email,
            "data": {
                "endpoint": self._first("endpoints"),
                "status": self._first("statuses"),
                "currency": "RUB",
                "total_price": "10.00",
                "final_total_price": "10.00",
                "lines": [self.plain_line("1")],
            },
        }

    def plain_line(self, line_id: str) -> dict[str, Any]:
        """The smallest line; ten roubles."""
        item = "product" if self.values.products and not self.values.skus else "sku"
        return {
            "external_id": line_id,
            item: self._first(f"{item}s"),
            "count": 1,
            "base_price_per_item": "10.00",
            "final_price_per_item": "10.00",
        }

    def full(self) -> Iterator[Order]:
        """Two orders of three lines in which every documented field stands; only the second redeems points."""
        for redeems in (False, True):
            yield self.settled(_full_order(redeems=redeems))

    def others(self) -> Iterator[Order]:
        """Plain orders with what the first full one lacks: other customers, and redemptions for a line and for all."""
        for name in ("phone", "profile_id"):
            order = self.plain()
            del order["email"]
            known = getattr(self.values, f"{name}s") or getattr(MADE_UP, f"{name}s")
            yield self.settled({name: known[0], **order})
        for is_for_line in (False, True):
            order = self.plain()
            holder = order["data"]["lines"][0] if is_for_line else order["data"]
            holder["requested_promotions"] = [_promotion("redeem_points")]
            order["data"]["redeem_points"] = [{**_INFO, "amount": 50}]
            yield self.settled(order)

    def drawn(self, **parameters: Any) -> Order:
        """Any valid order; *parameters* as for `strategies.requests`."""
        chosen = parameters_of(values=self.values, **parameters) if parameters else self._parameters
        return self.settled({**OrderBuilder(self.source, chosen).request(1), "external_id": ""})

    def settled(self, order: Order) -> Order:
        """A copy of a valid order that may be sent: with stand-ins, and with what exists on the installation.

        A value that nothing is known about stays as it is. Only what names the order stays in `external_id`.
        """
        copy: Order = json.loads(json.dumps(order))
        copy = {"skip_triggers": True, **copy}
        if not self.with_triggers:
            copy["skip_triggers"] = True
        for name in ("token", "email", "phone"):
            if name in copy:
                copy[name] = getattr(STAND_INS, name)
        _settle(copy, self.values)
        data = copy["data"]
        if data.get("promocodes"):  # which may have become the same
            data["promocodes"] = list({json.dumps(item): item for item in data["promocodes"]}.values())
        return copy

    def _first(self, name: str) -> str:
        known: Sequence[str] = getattr(self.values, name) or getattr(MADE_UP, name)
        return known[0]


def _settle(node: Any, values: Values) -> None:
    """Put what exists on the installation in the place of what does not, all the way down."""
    if isinstance(node, list):
        for item in node:
            _settle(item, values)
    if not isinstance(node, dict):
        return
    for name, value in node.items():
        known = getattr(values, _NAMED[name]) if name in _NAMED else ()
        if known and value not in known:
            node[name] = known[0]
        elif name != "custom_fields":
            _settle(value, values)
    promotion = node.get("promotion")
    if values.promotions and isinstance(promotion, dict) and promotion.get("external_id") not in values.promotions:
        promotion["external_id"] = values.promotions[0]
    if "pool_id" in node:
        _settle_pool(node, values.pools)
    if values.point_currencies and {"points_currency_iid", "points_currency_eid"} & node.keys():
        _settle_currency(node, values.point_currencies)


def _settle_pool(node: dict[str, Any], known: Mapping[int, Sequence[str]]) -> None:
    if not known or node.get("code") in known.get(node["pool_id"], ()):
        return
    node["pool_id"], codes = next(((pool, codes) for pool, codes in known.items() if codes), next(iter(known.items())))
    node["code"] = codes[0] if codes else node["code"]


def _settle_currency(node: dict[str, Any], known: Sequence[tuple[int | None, str | None]]) -> None:
    names = ("points_currency_iid", "points_currency_eid")
    given = tuple(node.get(name) for name in names)
    if any(all(part in (None, other) for part, other in zip(given, pair, strict=True)) for pair in known):
        return
    for name, part in zip(names, known[0], strict=True):
        if part is None:
            node.pop(name, None)
        else:
            node[name] = part


_INFO: Final = {"points_currency_iid": 1, "points_currency_eid": "bonus", "name": "Bonus", "amount": "50"}


def _promotion(kind: str) -> dict[str, Any]:
    promotion: dict[str, Any] = {"type": kind, "promotion": {"external_id": "promo_1", "name": "Summer sale"}}
    if kind in ("discount", "accrue_points", "redeem_points"):
        promotion["amount"] = "50" if kind.endswith("points") else "1.00"
    if kind.endswith("points"):
        promotion["points_info"] = {**_INFO, "expiration_date": "2027-01-01T00:00:00Z"}
    return promotion


def _full_line(number: int) -> dict[str, Any]:
    return {
        "external_id": str(number),
        "product": MADE_UP.products[0],
        "sku": MADE_UP.skus[0],
        "line_number": number,
        "count": 2,
        "base_price_per_item": "10.00",
        "min_price_per_item": "5.00",
        "final_price_per_item": "9.00",
        "status": "new",
        "custom_fields": {"gift": "yes"},
        "requested_promotions": [_promotion(kind) for kind in ("message", "discount", "accrue_points")[:number]],
    }


def _small_line(number: int) -> dict[str, Any]:
    return {
        "external_id": str(number),
        "sku": MADE_UP.skus[0],
        "count": 2,
        "base_price_per_item": "10.00",
        "final_price_per_item": "9.00",
    }


def _full_order(*, redeems: bool) -> Order:
    kind = "redeem_points" if redeems else "code_issue"
    data: dict[str, Any] = {
        "endpoint": "shop",
        "status": "new",
        "currency": "RUB",
        "total_price": "60.00",
        "final_total_price": "54.00",
        "delivery_cost": "3.00",
        "create_time": "2026-02-18T13:01:05Z",
        "region": MADE_UP.regions[0],
        "lines": [_full_line(1), _small_line(2), _full_line(3)],
        "promocodes": [{"code": "SPRING", "pool_id": 42}, {"code": "WELCOME", "pool_id": 100}],
        "requested_promotions": [_promotion("message"), _promotion("accrue_points"), _promotion(kind)],
    }
    if redeems:
        data["redeem_points"] = [{**_INFO, "amount": 50}]
    return {
        "token": STAND_INS.token,
        "external_id": "",
        "email": STAND_INS.email,
        "data": {**data, "custom_fields": {"source": "bot"}, "tags": ["new", "premium"]},
    }
