"""What is special about a valid order: features that a faulty server stumbles over, each with an order that has it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from tests.fuzz.zoo.behaviour import as_integer, as_object, as_objects
from tests.fuzz.zoo.feature import Feature, feature
from tests.fuzz.zoo.samples import ABSENT, line, promotion, sent, sent_plain
from tests.fuzz.zoo.spellings import SPELLINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fuzz.zoo.behaviour import Exchange


_POINTS: Final = {"points_currency_iid": 1, "points_currency_eid": "bonus"}
_REDEEM: Final = "/data/redeem_points"
_INFO: Final = "/data/requested_promotions/1/points_info"
_PRICES: Final = ("total_price", "final_total_price", "delivery_cost")
_LINE_PRICES: Final = ("base_price_per_item", "min_price_per_item", "final_price_per_item")


def _prices(exchange: Exchange) -> list[str]:
    order = [exchange.data.get(name) for name in _PRICES]
    items = [item.get(name) for item in exchange.lines for name in _LINE_PRICES]
    return [price for price in (*order, *items) if isinstance(price, str)]


def _any_price(pattern: str) -> Callable[[Exchange], bool]:
    return lambda exchange: any(re.fullmatch(pattern, price) for price in _prices(exchange))


def _any_text(pattern: str) -> Callable[[Exchange], bool]:
    return lambda exchange: any(re.search(pattern, text) for text in exchange.texts())


def _time(pattern: str) -> Callable[[Exchange], bool]:
    return lambda exchange: re.search(pattern, str(exchange.data.get("create_time", ""))) is not None


def _only(name: str) -> Callable[[Exchange], bool]:
    others = {"email", "phone", "profile_id"} - {name}
    return lambda exchange: name in exchange.value and not others & exchange.value.keys()


def _infos(exchange: Exchange) -> list[dict[str, Any]]:
    infos = [item.get("points_info") for item in exchange.promotions]
    return as_objects(infos)


def _currencies() -> Iterator[Feature]:
    def one(name: str, codes: str) -> Feature:
        first = {"/data/currency": codes.split(maxsplit=1)[0]}
        whole = {"/data/total_price": "30", "/data/final_total_price": "30", **first}
        described = f"with one of the currencies {codes}"
        return feature(name, described, lambda exchange: exchange.data.get("currency") in codes.split(), sent(whole))

    yield one("currency-without-decimals", "JPY KRW VND CLP ISK XAF XOF UGX")
    yield one("currency-of-three-decimals", "KWD BHD OMR JOD TND IQD LYD")
    known = ("RUB", "USD", "EUR")
    yield feature(
        "less-known-currency",
        "in a currency other than RUB, USD and EUR",
        lambda exchange: exchange.data.get("currency") not in known,
        sent({"/data/currency": "KZT"}),
    )


def _identities() -> Iterator[Feature]:
    identifiers = {"phone": "+79991234567", "profile_id": "696e304f547840a7286619e0"}
    for name, value in identifiers.items():
        order = sent_plain({"/email": ABSENT, f"/{name}": value})
        yield feature(f"{name.replace('_', '-')}-alone", f"with `{name}` alone", _only(name), order)
    yield feature(
        "three-identifiers",
        "with `email`, `phone` and `profile_id`",
        lambda exchange: {"email", "phone", "profile_id"} <= exchange.value.keys(),
        sent_plain({f"/{name}": value for name, value in identifiers.items()}),
        rare=True,
    )
    no_sku = sent_plain({"/data/lines/0/sku": ABSENT, "/data/lines/0/product": "mug"})
    has_none = lambda exchange: any("sku" not in item for item in exchange.lines)  # noqa: E731
    yield feature("product-alone", "with a line without `sku`", has_none, no_sku)
    yield feature(
        "product-and-sku",
        "with a line that has both `product` and `sku`",
        lambda exchange: any({"product", "sku"} <= item.keys() for item in exchange.lines),
        sent_plain({"/data/lines/0/product": "mug"}),
    )


def _points() -> Iterator[Feature]:
    places: tuple[tuple[str, Any, str], ...] = (
        ("points-info", _infos, _INFO),
        ("redemption", lambda exchange: as_objects(exchange.data.get("redeem_points")), f"{_REDEEM}/0"),
    )
    iid, eid = "points_currency_iid", "points_currency_eid"
    for name, find, pointer in places:
        for kept, left in ((iid, eid), (eid, iid)):
            yield feature(
                f"{name}-with-{kept[-3:]}-alone",
                f"with `{kept}` without `{left}` in a {name}",
                lambda exchange, find=find, kept=kept, left=left: any(  # type: ignore[misc]
                    kept in item and left not in item for item in find(exchange)
                ),
                sent({f"{pointer}/{left}": ABSENT}),
            )
        yield feature(
            f"{name}-with-both",
            f"with both `{iid}` and `{eid}` in a {name}",
            lambda exchange, find=find: any({iid, eid} <= item.keys() for item in find(exchange)),  # type: ignore[misc]
            sent(),
        )
    yield feature(
        "redemption-on-later-line",
        "with a redemption on a line but the first",
        lambda exchange: any("'redeem_points'" in repr(item) for item in exchange.lines[1:]),
        sent(),
        rare=True,
    )
    yield feature(
        "points-expiration",
        "with points that expire",
        lambda exchange: any("expiration_date" in item for item in _infos(exchange)),
        sent(),
    )


def _times() -> Iterator[Feature]:
    for name, value, pattern, rare in (
        ("offset-ahead", "2026-03-01T12:00:00+03:00", r"\+\d\d:\d\d$", False),
        ("offset-behind", "2026-03-01T12:00:00-12:00", r"T.*-\d\d:\d\d$", False),
        ("offset-of-45-minutes", "2026-03-01T12:00:00+05:45", ":45$", True),
        ("negative-zero-offset", "2026-03-01T12:00:00-00:00", "-00:00$", True),
        ("time-in-utc", "2026-03-01T12:00:00Z", "Z$", False),
        ("no-fraction", "2026-03-01T12:00:00Z", r":\d\d:\d\d(Z|[+-]|$)", False),
        ("milliseconds", "2026-03-01T12:00:00.141Z", r"\.\d{3}\D", False),
        ("long-fraction", "2026-03-01T12:00:00.123456789Z", r"\.\d{7,}", True),
        ("no-seconds", "2026-03-01T12:00Z", r"T\d\d:\d\d(Z|[+-]|$)", True),
        ("leap-day", "2028-02-29T23:59:59Z", "-02-29", True),
        ("first-year", "0001-01-01T00:00:00Z", "^0001", True),
        ("last-year", "9999-12-31T23:59:59Z", "^9999", True),
    ):
        yield feature(
            f"time-{name}",
            f"created at a time such as {value}",
            _time(pattern),
            sent({"/data/create_time": value}),
            rare=rare,
        )


def _numbers() -> Iterator[Feature]:
    def numbers(name: str) -> Callable[[Exchange], list[int]]:
        return lambda exchange: [as_integer(item[name]) for item in exchange.lines if name in item]

    line_numbers, counts = numbers("line_number"), numbers("count")
    number, count = "/data/lines/0/line_number", "/data/lines/0/count"
    first_pool = "/data/promocodes/0/pool_id"
    for name, described, find, is_such, changes, rare in (
        ("line-number-0", "the line number 0", line_numbers, lambda n: n == 0, {number: 0}, True),
        ("negative-line-number", "a negative line number", line_numbers, lambda n: n < 0, {number: -1}, True),
        ("large-line-number", "a line number of over 32 bits", line_numbers, _is_large, {number: 2**31}, True),
        ("large-count", "a count of over 32 bits", counts, _is_large, {count: 2**40}, True),
        ("count-above-1", "a count above 1", counts, lambda n: n > 1, {count: 3}, False),
        ("large-pool", "a pool of over 32 bits", _pools, _is_large, {first_pool: 2**40}, True),
        ("negative-pool", "a negative pool", _pools, lambda n: n < 0, {first_pool: -1}, True),
    ):
        yield feature(name, f"with {described}", _some(find, is_such), sent(changes), rare=rare)
    for name, described, pattern, value, rare in (
        ("price-without-decimals", "with a price without decimals", r"\d+", "30", False),
        ("price-with-one-decimal", "with a price with one decimal", r"\d+\.\d", "30.0", True),
        ("price-with-leading-zeros", "with leading zeros in a price", r"0\d+.*", "030.00", True),
        ("price-with-many-decimals", "with a price with more than four decimals", r"\d+\.\d{5,}", "30.000000", True),
        ("zero-price", "with a price of zero", r"0+(\.0+)?", "0.00", False),
        ("huge-price", "with a price above 10^12", r"0*[1-9]\d{12,}.*", "12345678901234.00", True),
    ):
        yield feature(name, described, _any_price(pattern), sent({"/data/delivery_cost": value}), rare=rare)


def _some(find: Callable[[Exchange], list[int]], is_such: Callable[[int], bool]) -> Callable[[Exchange], bool]:
    return lambda exchange: any(is_such(number) for number in find(exchange))


def _is_large(number: int) -> bool:
    return number >= 2**31


def _pools(exchange: Exchange) -> list[int]:
    return [as_integer(item.get("pool_id")) for item in as_objects(exchange.data.get("promocodes"))]


def _lists() -> Iterator[Feature]:
    lines = {"/data/lines": [line(str(number)) for number in range(150)]}
    yield feature(
        "over-100-lines", "of over 100 lines", lambda exchange: len(exchange.lines) > 100, sent_plain(lines), rare=True
    )
    two = {"/data/lines": [line("1"), line("2")]}
    yield feature("two-lines", "of two lines", lambda exchange: len(exchange.lines) == 2, sent_plain(two))
    for name in ("promocodes", "requested_promotions", "redeem_points", "tags"):
        yield feature(
            f"empty-{name.replace('_', '-')}",
            f"with an empty list `{name}`",
            lambda exchange, name=name: exchange.data.get(name) == [],  # type: ignore[misc]
            sent_plain({f"/data/{name}": []}),
            rare=True,
        )
    yield feature("tags", "with tags", lambda exchange: bool(exchange.data.get("tags")), sent())
    yield feature("delivery", "with `delivery_cost`", lambda exchange: "delivery_cost" in exchange.data, sent())
    yield feature("region", "with `region`", lambda exchange: "region" in exchange.data, sent())
    yield feature(
        "minimum-price",
        "with `min_price_per_item`",
        lambda exchange: any("min_price_per_item" in item for item in exchange.lines),
        sent(),
    )
    yield feature(
        "line-status",
        "with the status of a line",
        lambda exchange: any("status" in item for item in exchange.lines),
        sent(),
    )
    yield feature(
        "two-promocodes",
        "with two promo codes",
        lambda exchange: len(as_objects(exchange.data.get("promocodes"))) > 1,
        sent(),
    )
    for name, value in (("boolean", True), ("number", 1.5), ("integer", 7)):
        kind = type(value)
        yield feature(
            f"custom-field-{name}",
            f"with a custom field that is of the kind {name}",
            lambda exchange, kind=kind: any(type(field) is kind for field in _custom_fields(exchange)),  # type: ignore[misc]
            sent({"/data/custom_fields": {"gift": value}}),
            rare=True,
        )
    yield feature(
        "line-custom-fields",
        "with custom fields of a line",
        lambda exchange: any(item.get("custom_fields") for item in exchange.lines),
        sent(),
    )
    yield feature(
        "promotion-without-name",
        "with a promotion without a name",
        lambda exchange: any("name" not in as_object(item.get("promotion")) for item in exchange.promotions),
        sent({"/data/requested_promotions/3/promotion": {"external_id": "p"}}),
    )
    yield feature(
        "two-promotions-of-one-type",
        "with two promotions of one type in the order",
        lambda exchange: (
            len({str(item.get("type")) for item in exchange.order_promotions}) < len(exchange.order_promotions)
        ),
        sent({"/data/requested_promotions": [promotion("message", "a"), promotion("message", "b")]}),
    )


def _custom_fields(exchange: Exchange) -> list[Any]:
    places = [exchange.data, *exchange.lines]
    return [value for place in places for value in as_object(place.get("custom_fields")).values()]


def _texts() -> Iterator[Feature]:
    for name, described, pattern, value, rare in (
        ("other-script", "with a text that is not ASCII", r"[^\x00-\x7f]", "Москва", False),
        ("emoji", "with a character beyond 16 bits", "[\U00010000-\U0010ffff]", "🎁", True),
        ("double-quote", "with a double quote in a text", '"', 'a "b"', True),
        ("apostrophe", "with an apostrophe in a text", "'", "it's", True),
        ("angle-bracket", "with an angle bracket in a text", "<", "<b>", True),
        ("ampersand", "with an ampersand in a text", "&", "fish & chips", True),
        ("backslash", "with a backslash in a text", r"\\", "a\\b", True),
        ("percent-sign", "with a percent sign in a text", "%", "100%", True),
        ("outer-spaces", "with spaces around a text", "^ | $", " a ", True),
        ("line-end", "with a line end in a text", "\n", "a\nb", True),
        ("zero-width-character", "with a zero-width character", "[\u200b-\u200d\ufeff]", "a\u200bb", True),
        ("combining-character", "with a combining character", "[\u0300-\u0323]", "e\u0301", True),
        ("long-text", "with a text of over 1,000 characters", "(?s).{1001}", "x" * 5000, True),
    ):
        yield feature(name, described, _any_text(pattern), sent({"/data/region": value}), rare=rare)


def _pairs() -> Iterator[Feature]:
    def both(*names: str) -> Callable[[Exchange], bool]:
        return lambda exchange: all(exchange.data.get(name) for name in names)

    yield feature(
        "delivery-and-promocodes",
        "with `delivery_cost` and `promocodes`",
        both("delivery_cost", "promocodes"),
        sent(),
        rare=True,
    )
    yield feature(
        "region-and-time", "with `region` and `create_time`", both("region", "create_time"), sent(), rare=True
    )
    phone = sent_plain({"/email": ABSENT, "/phone": "+79991234567", "/data/lines/0/product": "mug"})
    yield feature(
        "phone-and-product",
        "with `phone` and a line with `product`",
        lambda exchange: "phone" in exchange.value and any("product" in item for item in exchange.lines),
        phone,
        rare=True,
    )
    in_xml = lambda name: lambda exchange: exchange.syntax == "xml" and bool(exchange.data.get(name))  # noqa: E731 - two of them
    yield feature("tags-in-xml", "with tags in XML", in_xml("tags"), sent({}, "xml"), rare=True)
    yield feature("promocodes-in-xml", "with promo codes in XML", in_xml("promocodes"), sent({}, "xml"), rare=True)
    yield feature(
        "discount-on-third-line",
        "with a discount on the third line",
        lambda exchange: any("'discount'" in repr(item) for item in exchange.lines[2:]),
        sent(),
        rare=True,
    )
    yield feature(
        "code-and-message",
        "with a promotion that issues codes and one that shows a message",
        lambda exchange: {"code_issue", "message"} <= {str(item.get("type")) for item in exchange.promotions},
        sent(),
        rare=True,
    )


FEATURES: Final = {
    found.name: found
    for features in (
        *(_currencies(), _identities(), _points(), _times(), _numbers(), _lists()),
        *(_texts(), SPELLINGS, _pairs()),
    )
    for found in features
}
"""Name to feature."""
