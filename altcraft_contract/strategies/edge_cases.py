"""Orders that are valid by the letter and likely to break a careless server or client."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from hypothesis import event
from hypothesis import strategies as st

from altcraft_contract.errors import ImpossibleRequest
from altcraft_contract.strategies.building import OrderBuilder
from altcraft_contract.strategies.messages import TEXTS
from altcraft_contract.strategies.parameters import parameters_of
from altcraft_contract.strategies.source import DrawnSource

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy

    from altcraft_contract.strategies.source import Source

_Request = dict[str, Any]

_SCRIPTS: Final = {
    "cyrillic": "Кружка «Ёжик»",
    "greek": "Κούπα",
    "arabic": "كوب أبيض",
    "hebrew": "ספל לבן",
    "devanagari": "सफ़ेद मग",
    "thai": "แก้วสีขาว",
    "chinese": "白色马克杯",
    "japanese": "白いマグカップ",
    "korean": "하얀 머그잔",
    "georgian": "თეთრი ჭიქა",
    "ethiopic": "ነጭ ኩባያ",
    "emoji": "🎁☕️",
    "emoji-sequence": "👩‍👩‍👧‍👦🏳️‍🌈",
    "combining": "e\u0301a\u0328\u0323\u0302",
    "right-to-left-override": "abc\u202edef\u202c",
    "zero-width": "a\u200bb\u200dc\ufeff",
    "beyond-the-basic-plane": "𝒳𐍈𠜎",
    "noncharacters-and-separators": "a\u2028b\u2029c\u0085d",
}
_HOSTILE: Final = {
    "cdata-end": "a]]>b",
    "ampersand": "fish & chips &amp; &#65;",
    "markup": "<b>bold</b><!-- no comment --><?pi?>",
    "leading-spaces": "   three before",
    "trailing-spaces": "three after   ",
    "only-a-space": " ",
    "carriage-return": "one\r\ntwo\rthree",
    "tabs-and-line-ends": "\tone\n\n\ttwo",
    "quotes": "\"double\" and 'single'",
    "backslashes": "\\ \\\\ \\n \\u0041",
    "format-string": "%s %d {0} ${x} #{y}",
    "script": "<script>alert(1)</script>",
    "sql": "'; DROP TABLE orders; --",
    "null-word": "null",
    "number-word": "0123",
    "json-in-text": '{"a": [1, 2]}',
}
_TIMES: Final = {
    "leap-day": "2028-02-29T23:59:59Z",
    "leap-century": "2000-02-29T00:00:00Z",
    "first-year": "0001-01-01T00:00:00Z",
    "last-year": "9999-12-31T23:59:59.999999999Z",
    "most-ahead": "2026-03-01T00:00:00+14:00",
    "most-behind": "2026-03-01T00:00:00-12:00",
    "odd-offset": "2026-03-01T12:00:00+05:45",
    "negative-zero-offset": "2026-03-01T12:00:00-00:00",
    "no-seconds": "2026-03-01T12:00Z",
    "many-fraction-digits": "2026-03-01T12:00:00.1234567890123456789Z",
    "clock-change": "2026-03-29T02:30:00+01:00",
}
_LONG: Final = 100_000
_HUGE: Final = 2**63 - 1
_POINTS: Final = {"points_currency_iid": 1, "points_currency_eid": "bonus"}


def _with_text(text: str) -> Callable[[Source], _Request]:
    """The text wherever free text may stand."""

    def build(source: Source) -> _Request:
        request = _plain(source)
        data = request["data"]
        request["external_id"] = data["region"] = data["lines"][0]["external_id"] = text
        data["lines"][0]["status"] = text
        data["custom_fields"] = {"note": text}
        data["tags"] = [text, text]
        data["requested_promotions"] = [{"type": "message", "promotion": {"external_id": text, "name": text}}]
        return request

    return build


def _with_time(time: str) -> Callable[[Source], _Request]:
    return _with_data(create_time=time)


def _with_data(**members: Any) -> Callable[[Source], _Request]:
    def build(source: Source) -> _Request:
        request = _plain(source)
        request["data"] |= members
        return request

    return build


def _plain(source: Source, lines: int = 1) -> _Request:
    """An order without options."""
    return {
        "token": "sample-token",
        "external_id": f"order_{source.integer(1, 9_999)}",
        "email": "ann@example.com",
        "data": _priced([_line(str(number)) for number in range(1, lines + 1)]),
    }


def _line(line_id: str, *, price: int = 10, count: int = 1) -> _Request:
    text = f"{price}.00"
    return {
        "external_id": line_id,
        "sku": "mug-white",
        "count": count,
        "base_price_per_item": text,
        "final_price_per_item": text,
    }


def _priced(lines: list[_Request]) -> _Request:
    total = sum(int(line["base_price_per_item"].partition(".")[0]) * line["count"] for line in lines)
    price = f"{total}.00"
    return {
        "endpoint": "shop",
        "status": "new",
        "currency": "RUB",
        "total_price": price,
        "final_total_price": price,
        "lines": lines,
    }


def _everything(source: Source) -> _Request:
    """Every optional field at once."""
    request = _plain(source)
    promotions = [
        {"type": kind, "promotion": {"external_id": kind, "name": kind}, "amount": "50", "points_info": _info()}
        for kind in ("discount", "accrue_points", "redeem_points", "code_issue", "message")
    ]
    request["skip_triggers"] = True
    request["data"] |= {
        "delivery_cost": "0.00",
        "create_time": "2026-02-18T13:01:05.141Z",
        "region": "moscow",
        "promocodes": [{"code": "SPRING", "pool_id": 42}],
        "requested_promotions": promotions,
        "redeem_points": [{**_POINTS, "name": "Bonus", "amount": 100}],
        "custom_fields": {"source": "bot"},
        "tags": ["new"],
    }
    request["data"]["lines"][0] |= {
        "product": "mug",
        "line_number": 1,
        "min_price_per_item": "1.00",
        "status": "reserved",
        "custom_fields": {"gift": True},
        "requested_promotions": promotions,
    }
    return request


def _info() -> _Request:
    return {**_POINTS, "name": "Bonus", "amount": "50", "expiration_date": "2027-01-01T00:00:00Z"}


def _identifiers(*names: str) -> Callable[[Source], _Request]:
    given = {"email": "ann@example.com", "phone": "+79991234567", "profile_id": "696e304f547840a7286619e0"}

    def build(source: Source) -> _Request:
        request = _plain(source)
        del request["email"]
        return {**{name: given[name] for name in names}, **request}

    return build


def _lines(count: int) -> Callable[[Source], _Request]:
    return lambda source: _plain(source, count)


def _single_line(**settings: int) -> Callable[[Source], _Request]:
    def build(source: Source) -> _Request:
        request = _plain(source)
        request["data"] |= _priced([_line("1", **settings)])
        return request

    return build


def _ordinary(source: Source) -> _Request:
    return OrderBuilder(source, parameters_of()).request(source.integer(1, 9_999))


def _many_promotions(source: Source) -> _Request:
    promotion = {"type": "accrue_points", "promotion": {"external_id": "cashback"}, "amount": "1"}
    promotions = [{**promotion, "points_info": {**_POINTS, "amount": "1"}}] * 100
    request = _plain(source)
    request["data"]["requested_promotions"] = promotions
    return request


EDGE_CASES: Final[Mapping[str, Callable[[Source], _Request]]] = MappingProxyType(
    {
        "ordinary": _ordinary,
        "no-optional-field": _plain,
        "every-optional-field": _everything,
        "one-line": _lines(1),
        "1000-lines": _lines(1000),
        "100-promotions": _many_promotions,
        "free-order": _single_line(price=0),
        "huge-count": _single_line(price=0, count=_HUGE),
        "huge-price": _single_line(price=10**30),
        "many-decimals": _with_data(total_price="10." + "0" * 40, final_total_price="9.9999999999999999"),
        "leading-zeros": _with_data(total_price="0010.00", final_total_price="010.00"),
        "price-beyond-a-double": _single_line(price=9_007_199_254_740_993),
        "no-decimals": _with_data(total_price="10", final_total_price="10"),
        "empty-lists": _with_data(promocodes=[], requested_promotions=[], redeem_points=[], tags=[]),
        "empty-custom-fields": _with_data(custom_fields={}),
        "empty-texts": _with_data(region="", tags=[""], custom_fields={"note": ""}),
        "custom-field-kinds": _with_data(custom_fields={"text": "1", "number": 1.5, "whole": 1, "yes": True}),
        "custom-field-named-like-ours": _with_data(custom_fields={"token": "x", "lines": "y", "currency": "z"}),
        "long-text": _with_text("x" * _LONG),
        "long-text-of-4-byte-characters": _with_data(region="🎁" * (_LONG // 10)),
        "both-item-ids": lambda source: _with_item(source, product="mug", sku="mug-white"),
        "largest-numbers": _with_data(promocodes=[{"code": "SPRING", "pool_id": _HUGE}]),
        "negative-pool": _with_data(promocodes=[{"code": "SPRING", "pool_id": -_HUGE - 1}]),
        "both-iid-and-eid": _with_data(
            requested_promotions=[
                {"type": "redeem_points", "promotion": {"external_id": "p"}, "amount": "1", "points_info": _info()}
            ],
            redeem_points=[{**_POINTS, "amount": 1}],
        ),
        **{
            f"identifiers-{'-and-'.join(names)}": _identifiers(*names)
            for names in (
                ("profile_id",),
                ("phone",),
                ("email",),
                ("profile_id", "email"),
                ("profile_id", "phone"),
                ("email", "phone"),
                ("profile_id", "email", "phone"),
            )
        },
        **{f"script-{name}": _with_text(text) for name, text in _SCRIPTS.items()},
        **{f"text-{name}": _with_text(text) for name, text in _HOSTILE.items()},
        **{f"time-{name}": _with_time(time) for name, time in _TIMES.items()},
    }
)
"""Name to the function that builds the case. All are without an error; some have warnings."""


def _with_item(source: Source, **members: str) -> _Request:
    request = _plain(source)
    request["data"]["lines"][0] |= members
    return request


def edge_cases(*, names: Sequence[str] = tuple(EDGE_CASES)) -> SearchStrategy[dict[str, Any]]:
    """Requests that are valid by the letter and likely to break a careless server or client.

    None has an error; some have warnings, where the documentation is silent. The name of each is reported as an event.

    Args:
        names: Which of `EDGE_CASES`.

    Raises:
        ImpossibleRequest: if there is no such case, or none is given.
    """
    unknown = [name for name in names if name not in EDGE_CASES]
    if unknown or not names:
        raise ImpossibleRequest("names", unknown or names, "some of the keys of EDGE_CASES")
    return _edge_cases(tuple(names))


@st.composite
def _edge_cases(draw: DrawFn, names: tuple[str, ...]) -> dict[str, Any]:
    name = draw(st.sampled_from(names))
    event(f"edge case: {name}")
    return EDGE_CASES[name](DrawnSource(draw, TEXTS))
