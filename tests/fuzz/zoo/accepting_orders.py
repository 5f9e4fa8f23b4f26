"""Servers that accept wrong forms of prices, times and currencies, and what does not fit together."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from tests.fuzz.zoo.forgiving import accepts, forgiving
from tests.fuzz.zoo.samples import ABSENT, promotion, replaced, sent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fuzz.zoo.behaviour import Exchange
    from tests.fuzz.zoo.fault import Fault

_LINE = r"/data/lines/\d+"
_LATER_LINE = r"/data/lines/[1-9]\d*"


def _is_float(text: Any, _: Exchange) -> bool:
    with suppress(TypeError, ValueError):
        float(text)
        return True
    return False


def _is_iso(text: Any, _: Exchange) -> bool:
    with suppress(TypeError, ValueError):
        datetime.fromisoformat(text)
        return True
    return False


def _decimals() -> Iterator[Fault]:
    total = "/data/total_price"

    def row(name: str, value: str, *, at: str = ".*", pointer: str = total, hard: bool = False, when: Any) -> Fault:
        behaviour = forgiving("invalid-decimal", at=at, when=lambda found, _: when(str(found)))
        return accepts(name, f"decimals such as {value!r} at {at}", behaviour, sent({pointer: value}), hard=hard)

    yield accepts(
        "decimals-of-float",
        "every decimal that float() reads",
        forgiving("invalid-decimal", when=_is_float),
        sent({total: "3e1"}),
    )
    yield row("decimal-comma", "30,00", when=lambda text: "," in text)
    yield row("decimal-exponent", "3e1", when=lambda text: "e" in text.lower())
    yield row("negative-decimal", "-30.00", when=lambda text: text.startswith("-"))
    yield row("decimal-plus", "+30.00", when=lambda text: text.startswith("+"), hard=True)
    yield row("decimal-spaces", " 30.00", when=lambda text: text != text.strip(" "))
    yield row("decimal-line-end", "30.00\n", when=lambda text: text.endswith("\n"), hard=True)
    yield row("empty-decimal", "", when=lambda text: not text)
    yield row("decimal-of-other-digits", "١٢", when=lambda text: text.isdecimal(), hard=True)
    yield row("decimal-trailing-point", "30.", when=lambda text: text.endswith("."), hard=True)
    yield row("decimal-without-whole", ".5", when=lambda text: text.startswith("."), hard=True)
    yield row("decimal-thousands", "1 500", when=lambda text: " " in text.strip())
    places = {
        "delivery": ("/data/delivery_cost", "/data/delivery_cost", False),
        "minimum": (r".*/min_price_per_item", "/data/lines/0/min_price_per_item", True),
        "later-base": (f"{_LATER_LINE}/base_price_per_item", "/data/lines/1/base_price_per_item", True),
        "promotion": (r".*/requested_promotions/\d+/amount", "/data/requested_promotions/0/amount", False),
        "line-promotion": (f"{_LINE}/requested_promotions/.*", "/data/lines/0/requested_promotions/0/amount", True),
        "points": (r".*/points_info/amount", "/data/requested_promotions/1/points_info/amount", True),
    }
    for name, (at, pointer, hard) in places.items():
        yield row(f"any-{name}-amount", "free", at=at, pointer=pointer, when=lambda _: True, hard=hard)
    yield accepts(
        "any-decimal-in-xml",
        "every text as a decimal in XML",
        forgiving("invalid-decimal", syntax="xml"),
        sent({total: "free"}, "xml"),
        hard=True,
    )


def _times() -> Iterator[Fault]:
    created, expires = "/data/create_time", "/data/requested_promotions/1/points_info/expiration_date"

    def row(name: str, value: str, *, when: Any, hard: bool = False) -> Fault:
        behaviour = forgiving("invalid-timestamp", when=lambda found, _: when(str(found)))
        return accepts(name, f"times such as {value!r}", behaviour, sent({created: value}), hard=hard)

    yield accepts(
        "times-of-fromisoformat",
        "every time that fromisoformat() reads",
        forgiving("invalid-timestamp", when=_is_iso),
        sent({created: "2026-02-18 13:01:05Z"}),
    )
    yield accepts(
        "any-expiration",
        "every text for `expiration_date`",
        forgiving("invalid-timestamp", at=".*/expiration_date"),
        sent({expires: "never"}),
        hard=True,
    )
    yield accepts(
        "any-time-in-xml",
        "every text for `create_time` in XML",
        forgiving("invalid-timestamp", at=created, syntax="xml"),
        sent({created: "now"}, "xml"),
        hard=True,
    )
    yield row("space-for-t", "2026-02-18 13:01:05Z", when=lambda text: " " in text)
    yield row("epoch", "1771419665", when=lambda text: text.isdigit())
    yield row("no-such-day", "2026-02-30T13:01:05Z", when=lambda text: "-02-3" in text, hard=True)
    yield row("no-leap-year", "2026-02-29", when=lambda text: "-02-29" in text, hard=True)
    yield row("hour-24", "2026-02-18T24:00:00Z", when=lambda text: "T24:" in text, hard=True)
    yield row("second-60", "2026-02-18T23:59:60Z", when=lambda text: ":60" in text, hard=True)
    yield row("basic-time", "20260218T130105Z", when=lambda text: "-" not in text and "T" in text, hard=True)
    yield row("date-with-offset", "2026-02-18Z", when=lambda text: text.endswith("Z") and "T" not in text, hard=True)
    yield row("empty-time", "", when=lambda text: not text)


def _currencies() -> Iterator[Fault]:
    def row(name: str, value: str, *, when: Any, hard: bool = False) -> Fault:
        behaviour = forgiving("invalid-currency", when=lambda found, _: when(str(found)))
        return accepts(name, f"currencies such as {value!r}", behaviour, sent({"/data/currency": value}), hard=hard)

    yield row("currency-in-small-letters", "rub", when=lambda text: text.upper() != text)
    yield row("currency-number", "643", when=lambda text: text.isdigit())
    yield row("long-currency", "RUBL", when=lambda text: len(text) > len("RUB") and text.isalpha())
    yield row("currency-symbol", "₽", when=lambda text: len(text) == 1, hard=True)
    yield row("empty-currency", "", when=lambda text: not text)
    yield row("currency-line-end", "RUB\n", when=lambda text: text.endswith("\n"), hard=True)


def _together() -> Iterator[Fault]:
    def row(name: str, rule: str, at: str, *changes: Any, hard: bool = True, syntax: Any = None) -> Fault:
        witness = [sent(change, syntax or "json") for change in changes]
        return accepts(name, f"{rule} at {at}", forgiving(rule, at=at, syntax=syntax), *witness, hard=hard)

    without_item = {"/data/lines/1/sku": ABSENT, "/data/lines/1/product": ABSENT}
    yield row("later-line-without-item", "line-item-missing", _LATER_LINE, without_item)
    yield row("line-without-item-in-xml", "line-item-missing", _LINE, without_item, syntax="xml")
    yield row("no-identifier-in-xml", "profile-identifier-missing", "", {"/email": ABSENT}, syntax="xml")
    in_promotion = "/data/lines/0/requested_promotions"
    no_currency = {f"{in_promotion}/1/points_info": {"amount": "5"}}
    yield row("points-info-without-currency", "points-currency-missing", ".*/points_info", no_currency)
    redemption = {"/data/redeem_points/0": {"amount": 5}}
    yield row("redemption-without-currency", "points-currency-missing", r"/data/redeem_points/\d+", redemption)
    line_discount = {f"{in_promotion}/0/amount": ABSENT}
    yield row("line-discount-without-amount", "discount-amount-missing", f"{_LINE}/.*", line_discount)
    later_points = {"/data/lines/2/requested_promotions/2/points_info": ABSENT}
    yield row("later-redemption-without-points", "points-info-missing", f"{_LATER_LINE}/.*", later_points)
    empty: dict[str, Any] = {"/data/redeem_points": []}
    yield row("empty-redemptions", "redeem-points-missing", "/data/redeem_points", empty)
    yield accepts(
        "line-redemption-unmatched",
        "redeem promotions of lines without `redeem_points`",
        forgiving(
            "redeem-points-missing",
            when=lambda _, exchange: all(item.get("type") != "redeem_points" for item in exchange.order_promotions),
        ),
        sent({"/data/redeem_points": ABSENT, "/data/requested_promotions": [promotion("message")]}),
        hard=True,
    )
    yield accepts(
        "repeated-member-in-line",
        "a repeated member of a line",
        forgiving("duplicate-field", at=f"{_LINE}/[a-z_]*", syntax="json"),
        replaced('"sku":', '"count":5,"sku":'),
        hard=True,
    )
    yield accepts(
        "repeated-custom-field",
        "a repeated custom field",
        forgiving("duplicate-field", at=".*/custom_fields/.*"),
        replaced('"source":', '"source":"x","source":'),
        hard=True,
    )
    yield accepts(
        "repeated-element",
        "repeated elements in XML",
        forgiving("duplicate-field", syntax="xml"),
        replaced("<currency>", "<currency>EUR</currency><currency>", "xml"),
        hard=True,
    )


ORDERS: Final = (*_decimals(), *_times(), *_currencies(), *_together())
"""Faults of this family."""
