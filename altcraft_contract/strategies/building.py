"""Builders of valid requests, driven by any source of choices.

Every order they make has no finding at all: prices add up, promotions and redemptions agree, currencies have their
decimals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.rules.currencies import CURRENCY_DECIMALS
from altcraft_contract.strategies.vocabulary import FIELD_NAMES, NAMES, TAGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from altcraft_contract.strategies.parameters import Parameters
    from altcraft_contract.strategies.source import Source

JSON = dict[str, Any]

_MINUTES_A_DAY: Final = 1440
_DAYS_OF_ANY_MONTH: Final = 28
_PRICES: Final = tuple(
    (base, base - base * percent // 100)
    for percent in (0, 10, 25, 50, 100)
    for base in (1000, 100, 150_000, 1, 99, 70_000, 123_456, 9_999_999)
)
"""Prices before and after a discount, in the smallest unit of the currency."""
_OFFSETS: Final = ("Z", "+03:00", "-05:30", "+14:00", "-00:00")
_FRACTIONS: Final = ("", ".5", ".141", ".000001")


def amount_text(units: int, decimals: int | None) -> str:
    """A number of the smallest units of a currency as a price: `1050` is `10.50` where there are two decimals."""
    if not decimals:
        return str(units)
    whole, part = divmod(units, 10**decimals)
    return f"{whole}.{part:0{decimals}d}"


def build_timestamp(source: Source) -> str:
    """A complete ISO 8601 time."""
    month, day = divmod(source.integer(0, 12 * _DAYS_OF_ANY_MONTH - 1), _DAYS_OF_ANY_MONTH)
    minute = source.integer(0, _MINUTES_A_DAY - 1)
    form = source.integer(0, len(_OFFSETS) * len(_FRACTIONS) - 1)
    offset, fraction = _OFFSETS[form % len(_OFFSETS)], _FRACTIONS[form // len(_OFFSETS)]
    return f"2026-{month + 1:02d}-{day + 1:02d}T{minute // 60:02d}:{minute % 60:02d}:00{fraction}{offset}"


def build_custom_fields(source: Source, names: Sequence[str]) -> JSON:
    """Custom fields: text, whole numbers, numbers, booleans and dates as text."""
    values = source.several(0, 2, lambda _: _build_custom_value(source), odds=3)
    return dict(zip(names, values, strict=False))


def _build_custom_value(source: Source) -> Any:
    kind = source.pick(("whole number", "text", "boolean", "number", "date"))
    if kind == "text":
        return source.text()
    if kind == "boolean":
        return source.flag()
    number = source.integer(1, 28)
    return {"whole number": number, "number": number / 8, "date": f"2026-01-{number:02d}"}[kind]


def _put(holder: JSON, name: str, value: Any) -> None:
    """Give *holder* a member, unless there is none to give."""
    if value is not None:
        holder[name] = value


_DELIVERIES: Final = ((None, False), (30_000, False), (30_000, True), (0, False), (500, True))  # cost, in total_price
_LINE_OPTIONS: Final = (
    (),
    ("line_number",),
    ("min_price_per_item",),
    ("status",),
    ("line_number", "min_price_per_item"),
    ("min_price_per_item", "status"),
    ("line_number", "status"),
    ("line_number", "min_price_per_item", "status"),
)


class PointCurrency:
    """A currency of points, and how much of it is redeemed."""

    def __init__(self, iid: int | None, eid: str | None) -> None:
        self.iid = iid
        self.eid = eid
        self.redeemed = 0

    def name_into(self, holder: JSON) -> None:
        """Name the currency in a `points_info` or an item of `redeem_points`."""
        if self.iid is not None:
            holder["points_currency_iid"] = self.iid
        if self.eid is not None:
            holder["points_currency_eid"] = self.eid


class OrderBuilder:
    """Builds one request."""

    def __init__(self, source: Source, parameters: Parameters) -> None:
        self.source = source
        self.parameters = parameters
        self.currency: str = source.pick(parameters.currencies)
        self.decimals = CURRENCY_DECIMALS[self.currency]
        self.points: dict[int, PointCurrency] = {}
        self.promotions = 0

    def request(self, serial: int) -> JSON:
        """A whole request; *serial* makes its id."""
        source, parameters = self.source, self.parameters
        identifier, value = source.pick(parameters.identifier_choices)
        request: JSON = {"token": "sample-token", "external_id": f"order_{serial}", identifier: value}
        _put(request, "skip_triggers", source.pick((None, False, True)))
        request["data"] = self.order()
        return request

    def order(self) -> JSON:
        """The `data` object."""
        source, parameters = self.source, self.parameters
        lines = source.several(parameters.least_lines, parameters.most_lines, self.line)
        total = sum(line.pop("_base") for line in lines)
        final = sum(line.pop("_final") for line in lines)
        delivery, is_in_total = source.pick(_DELIVERIES)
        endpoint, status = source.pick(parameters.origin_choices)
        order: JSON = {
            "endpoint": endpoint,
            "status": status,
            "currency": self.currency,
            "total_price": amount_text(total + (delivery or 0) * is_in_total, self.decimals),
            "final_total_price": amount_text(final, self.decimals),
        }
        _put(order, "delivery_cost", amount_text(delivery, self.decimals) if delivery is not None else None)
        _put(order, "create_time", source.optional(lambda: build_timestamp(source)))
        _put(order, "region", source.pick((None, *parameters.of("regions"))))
        order["lines"] = lines
        _put(order, "promocodes", source.optional(lambda: build_promocodes(source, parameters)))
        _put(order, "requested_promotions", self.requested_promotions(final) or None)
        _put(order, "redeem_points", self.redeem_points() or None)
        if parameters.custom_fields:
            _put(order, "custom_fields", build_custom_fields(source, FIELD_NAMES) or None)
        tags = source.pick((None, 0, 1, 2, 3))
        _put(order, "tags", list(TAGS[:tags]) if tags is not None else None)
        return order

    def line(self, number: int) -> JSON:
        """An item of `lines`, with the cost of the whole line under `_base` and `_final`."""
        source, parameters = self.source, self.parameters
        count = source.integer(1, 20)
        base, final = source.pick(_PRICES)
        line: JSON = {"external_id": str(number), **source.pick(parameters.item_choices)}
        options = source.pick(_LINE_OPTIONS)
        if "line_number" in options:
            line["line_number"] = number
        line |= {"count": count, "base_price_per_item": amount_text(base, self.decimals)}
        if "min_price_per_item" in options:
            line["min_price_per_item"] = amount_text(final // 2, self.decimals)
        line["final_price_per_item"] = amount_text(final, self.decimals)
        if "status" in options:
            line["status"] = source.pick(("reserved", "", "готово"))
        if parameters.custom_fields:
            _put(line, "custom_fields", build_custom_fields(source, FIELD_NAMES) or None)
        _put(line, "requested_promotions", self.requested_promotions(base - final) or None)
        return line | {"_base": base * count, "_final": final * count}

    def plain_line(self, number: int) -> JSON:
        """An item of `lines` and nothing else."""
        return {name: value for name, value in self.line(number).items() if not name.startswith("_")}

    def requested_promotions(self, discount: int) -> list[JSON]:
        """Promotions; *discount*, in the smallest units of the currency, is what a discount takes off."""
        most = 2 if self.parameters.promotion_types else 0
        return self.source.several(0, most, lambda _: self.requested_promotion(discount), odds=3)

    def requested_promotion(self, discount: int) -> JSON:
        """One promotion."""
        source = self.source
        kind = source.pick(self.parameters.promotion_types)
        promotion: JSON = {"external_id": source.pick(self.parameters.of("promotions"))}
        _put(promotion, "name", source.optional(source.text))
        requested: JSON = {"type": kind, "promotion": promotion}
        if kind == "discount":
            requested["amount"] = amount_text(discount, self.decimals)
        elif kind in ("accrue_points", "redeem_points"):
            points = source.integer(1, 500)
            requested["amount"] = str(points)
            requested["points_info"] = self.points_info(points, redeemed=kind == "redeem_points")
        return requested

    def points_info(self, amount: int, *, redeemed: bool) -> JSON:
        """Points of one currency; what is redeemed is remembered."""
        source = self.source
        index = source.integer(0, len(self.parameters.of("point_currencies")) - 1)
        currency = self.points.setdefault(index, PointCurrency(*self.parameters.of("point_currencies")[index]))
        currency.redeemed += amount if redeemed else 0
        info: JSON = {}
        currency.name_into(info)
        _put(info, "name", source.optional(source.text))
        info["amount"] = str(amount)
        _put(info, "expiration_date", source.optional(lambda: build_timestamp(source)))
        return info

    def redeem_points(self) -> list[JSON]:
        """The redemptions that the promotions announced, in the order of the currencies."""
        items = []
        for _, currency in sorted(self.points.items()):
            if currency.redeemed:
                item: JSON = {}
                currency.name_into(item)
                _put(item, "name", self.source.pick((None, *NAMES)))
                items.append({**item, "amount": currency.redeemed})
        return items


def build_promocodes(source: Source, parameters: Parameters) -> list[JSON]:
    """Promo codes, each once."""
    pools = parameters.of("pools")
    known = [(pool, code) for pool, codes in pools.items() for code in codes]
    if not known:
        return []
    first = source.integer(0, len(known) - 1)
    count = source.integer(0, min(3, len(known)))
    chosen = [known[(first + step) % len(known)] for step in range(count)]
    return [{"code": code, "pool_id": pool} for pool, code in dict.fromkeys(chosen)]
