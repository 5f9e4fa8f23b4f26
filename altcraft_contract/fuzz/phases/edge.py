"""Orders that are valid by the letter and that a careless server fails on, in both syntaxes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.fuzz.case import Trial, case_of
from altcraft_contract.strategies.edge_cases import EDGE_CASES
from altcraft_contract.strategies.vocabulary import MADE_UP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from altcraft_contract.contract import Syntax
    from altcraft_contract.fuzz.case import Case, Expected, FreshOrder, Order
    from altcraft_contract.fuzz.orders import Orders

_SAME_AS: Final[Mapping[str, str]] = {"one-line": "no-optional-field", "identifiers-email": "no-optional-field"}
"""Edge cases that are left out, and the ones that send the same."""

_SIZE: Final = "limits of size are not documented"
_RANGE: Final = "how large a number may be is not documented"
_EMPTY: Final = "what is empty is not mentioned"
_IDENTIFIERS: Final = "which identifier wins, and whether they must agree, is not documented"
_WHITE_SPACE: Final = "whether white space around ids and within them counts is not documented"
_CHARACTERS: Final = "which characters that cannot be seen a text may hold is not documented"
_CALENDAR: Final = "which years, and how fine a time, is not documented"

_UNDOCUMENTED: Final[Mapping[str, str]] = {
    "1000-lines": _SIZE,
    "100-promotions": _SIZE,
    "huge-count": _RANGE,
    "huge-price": _RANGE,
    "price-beyond-a-double": _RANGE,
    "100-pieces": "a shop may not have as many",
    "largest-numbers": _RANGE,
    "negative-pool": _RANGE,
    "many-decimals": "how many decimals a price may have is not documented",
    "leading-zeros": "the examples have no leading zeros",
    "empty-lists": _EMPTY,
    "empty-custom-fields": _EMPTY,
    "empty-texts": _EMPTY,
    "long-text": _SIZE,
    "long-text-of-4-byte-characters": _SIZE,
    "identifiers-profile_id-and-email": _IDENTIFIERS,
    "identifiers-profile_id-and-phone": _IDENTIFIERS,
    "identifiers-email-and-phone": _IDENTIFIERS,
    "identifiers-profile_id-and-email-and-phone": _IDENTIFIERS,
    "script-right-to-left-override": _CHARACTERS,
    "script-zero-width": _CHARACTERS,
    "script-noncharacters-and-separators": _CHARACTERS,
    "text-leading-spaces": _WHITE_SPACE,
    "text-trailing-spaces": _WHITE_SPACE,
    "text-only-a-space": _WHITE_SPACE,
    "text-carriage-return": _WHITE_SPACE,
    "text-tabs-and-line-ends": _WHITE_SPACE,
    "time-first-year": _CALENDAR,
    "time-leap-century": _CALENDAR,
    "time-last-year": _CALENDAR,
    "time-many-fraction-digits": _CALENDAR,
    "time-negative-zero-offset": "ISO 8601 has no such offset, though RFC 3339 has",
}
"""Edge case to what it leans on without documentation: it may be refused."""

_ALIKE_IN_BOTH: Final = frozenset(
    (
        *(name for name in EDGE_CASES if name.startswith("time-") and name != "time-leap-day"),
        *(f"script-{script}" for script in ("greek", "hebrew", "devanagari", "thai", "japanese", "korean")),
        *(f"script-{script}" for script in ("georgian", "ethiopic")),
        *(f"text-{text}" for text in ("format-string", "sql", "null-word", "number-word", "json-in-text")),
    )
)
"""Edge cases that are written the same way in both syntaxes, or much like another: one syntax, which the seed picks."""

_NO_XML: Final = frozenset({"empty-lists"})  # which XML cannot tell from absent ones
_GENERIC_ID: Final = re.compile(r"order_\d+")


def iter_edge(orders: Orders) -> Iterator[Trial]:
    """Every edge case: what is documented first, what is written alike in both syntaxes last."""
    known = [(name, build(orders.source)) for name, build in EDGE_CASES.items() if name not in _SAME_AS]
    further = [(name, order) for name, build in _FURTHER.items() if (order := build(orders)) is not None]
    rows = sorted((*further, *known), key=lambda row: (row[0] in _ALIKE_IN_BOTH, row[0] in _UNDOCUMENTED))
    for number, (name, order) in enumerate(rows, 1):
        syntaxes = _syntaxes(name, orders)
        yield Trial(
            id=f"edge-{number:04d}",
            phase="edge",
            feature=name,
            make=_maker(name, syntaxes),
            order=_settled(order, orders),
            kind="twins" if len(syntaxes) > 1 else "single",
        )


def _syntaxes(name: str, orders: Orders) -> tuple[Syntax, ...]:
    if name in _NO_XML:
        return ("json",)
    return (orders.source.pick(("json", "xml")),) if name in _ALIKE_IN_BOTH else ("json", "xml")


def _maker(name: str, syntaxes: tuple[Syntax, ...]) -> Callable[[FreshOrder], tuple[Case, ...]]:
    expected: Expected = "undocumented" if name in _UNDOCUMENTED else "accepted"
    title = f"edge case {name}"
    return lambda fresh: tuple(case_of(fresh(), syntax, title=title, expected=expected) for syntax in syntaxes)


def _settled(order: Order, orders: Orders) -> Order:
    """The order as it may be sent, with items that the installation is likely to have."""
    settled = orders.settled(order)
    if _GENERIC_ID.fullmatch(settled["external_id"]):
        settled["external_id"] = ""
    if orders.values.products and not orders.values.skus:
        for line in settled["data"]["lines"]:
            line.pop("sku", None)
            line.setdefault("product", orders.values.products[0])
    return settled


def _with(**members: Any) -> Callable[[Orders], Order]:
    """A plain order whose `data` has more members, or other ones."""

    def build(orders: Orders) -> Order:
        order = orders.plain()
        order["data"] |= members
        return order

    return build


def _with_lines(*lines: dict[str, Any], **members: Any) -> Callable[[Orders], Order]:
    """An order of plain lines that have more members, or other ones."""

    def build(orders: Orders) -> Order:
        order = orders.plain()
        made = [orders.plain_line(str(number)) | line for number, line in enumerate(lines, 1)]
        total = f"{10 * len(made)}.00"
        order["data"] |= {"total_price": total, "final_total_price": total, "lines": made, **members}
        return order

    return build


def _priced(currency: str, price: str) -> Callable[[Orders], Order]:
    """An order of one line in some currency."""
    line = {"base_price_per_item": price, "final_price_per_item": price}
    return _with_lines(line, currency=currency, total_price=price, final_total_price=price)


def _product_alone(orders: Orders) -> Order:
    order = orders.plain()
    for line in order["data"]["lines"]:
        line.pop("sku", None)
        line["product"] = (orders.values.products or MADE_UP.products)[0]
    return order


def _id_alone(orders: Orders) -> Order:
    return {**orders.plain(), "external_id": "-заказ-№5-注文"}


def _promotion(kind: str, name: str = "promo_1", **members: Any) -> dict[str, Any]:
    return {"type": kind, "promotion": {"external_id": name, "name": "Summer sale"}, **members}


def _redemption(*currencies: dict[str, Any]) -> dict[str, Any]:
    """Redemptions of a single point each, and the promotions that announce them."""
    promotions = [
        _promotion("redeem_points", amount="1", points_info={**currency, "amount": "1"}) for currency in currencies
    ]
    return {
        "requested_promotions": promotions,
        "redeem_points": [{**currency, "amount": 1} for currency in currencies],
    }


def _two_redemptions(orders: Orders) -> Order | None:
    known = orders.values.point_currencies or MADE_UP.point_currencies
    names = ("points_currency_iid", "points_currency_eid")
    currencies = [
        {name: part for name, part in zip(names, pair, strict=True) if part is not None} for pair in known[:2]
    ]
    return _with(**_redemption(*currencies))(orders) if len(currencies) > 1 else None


def _two_promotions(orders: Orders) -> Order | None:
    known = (orders.values.promotions or MADE_UP.promotions)[:2]
    promotions = [_promotion("message", name) for name in known]
    return _with(requested_promotions=promotions)(orders) if len(promotions) > 1 else None


def _two_promocodes(orders: Orders) -> Order | None:
    pools = orders.values.pools or MADE_UP.pools
    known = [{"code": code, "pool_id": pool} for pool, codes in pools.items() for code in codes]
    return _with(promocodes=known[:: len(known) - 1])(orders) if len(known) > 1 else None


_DISCOUNT: Final = _promotion("discount", amount="1.00")
_REDEMPTION: Final = _redemption({"points_currency_iid": 1, "points_currency_eid": "bonus"})
_FURTHER: Final[Mapping[str, Callable[[Orders], Order | None]]] = {
    "promotion-without-name": _with(
        requested_promotions=[{"type": "message", "promotion": {"external_id": "promo_1"}}]
    ),
    "redemption-by-eid": _with(**_redemption({"points_currency_eid": "bonus"})),
    "redemption-by-iid": _with(**_redemption({"points_currency_iid": 1})),
    "two-redemptions": _two_redemptions,
    "points-without-options": _with(
        requested_promotions=[
            _promotion("accrue_points", amount="5", points_info={"points_currency_eid": "bonus", "amount": "5"})
        ]
    ),
    "promotion-on-a-later-line-alone": _with_lines({}, {"requested_promotions": [_DISCOUNT]}),
    "redemption-on-a-later-line-alone": _with_lines(
        {},
        {"requested_promotions": _REDEMPTION["requested_promotions"]},
        redeem_points=_REDEMPTION["redeem_points"],
    ),
    "product-alone": _product_alone,
    "currency-without-decimals": _priced("JPY", "1000"),
    "currency-of-three-decimals": _priced("KWD", "1.250"),
    "12-lines": _with_lines(*[{}] * 12),
    "101-lines": _with_lines(*[{}] * 101),
    "two-promotions-of-a-type": _two_promotions,
    "same-item-on-two-lines": _with_lines({}, {}),
    "free-later-line": _with_lines({}, {"final_price_per_item": "0.00"}, final_total_price="10.00"),
    "two-promocodes": _two_promocodes,
    "time-utc": _with(create_time="2026-02-18T13:01:05Z"),
    "time-offset": _with(create_time="2026-02-18T16:01:05+03:00"),
    "time-fraction": _with(create_time="2026-02-18T13:01:05.141Z"),
    "order-id-of-other-scripts": _id_alone,
    "20-tags": _with(tags=[f"tag_{number}" for number in range(1, 21)]),
    "custom-field-names": _with(
        custom_fields={"channel-2": "web", "цвет": "красный", "a.b": "x", "_x": "x", "gift_wrap": "yes", "Größe": "M"}
    ),
    "names-of-200-characters": _with(
        requested_promotions=[
            {"type": "message", "promotion": {"external_id": "promo_1", "name": "Summer " * 28 + "sale"}}
        ],
        custom_fields={"note": "n" * 200},
        tags=["t" * 200],
    ),
    "line-number-0": _with_lines({"line_number": 0}),
    "line-number-beyond-16-bits": _with_lines({"line_number": 100_000}),
    "100-pieces": _with_lines({"count": 100}, total_price="1000.00", final_total_price="1000.00"),
    "price-of-one-decimal": _priced("RUB", "10.5"),
    "price-of-millions": _priced("RUB", "12345678.90"),
    "pool-beyond-16-bits": _with(promocodes=[{"code": "SPRING", "pool_id": 100_000}]),
}
"""Name to the function that builds a further case without any finding; None where too little is known for it."""
