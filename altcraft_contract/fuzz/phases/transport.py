"""Plain orders that differ in how they are sent: types, methods, headers, framing, size, company on a connection."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.fuzz.case import MEDIA_TYPES, Trial, case_of
from altcraft_contract.fuzz.identity import DERIVED_TOKENS
from altcraft_contract.strategies.mutations.mutation import BOTH
from altcraft_contract.strategies.wire import plain_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from altcraft_contract.contract import Syntax
    from altcraft_contract.fuzz.case import Case, FreshOrder, Kind, Order
    from altcraft_contract.fuzz.orders import Orders

_KILOBYTE: Final = 1_000
_ODD: Final[Mapping[str, Any]] = {"is_odd": True, "expected": "undocumented"}


@dataclass(frozen=True, slots=True)
class _Call:
    """One way to send an order.

    Attributes:
        title: What is special about it.
        settings: As for `Case`.
        syntaxes: In which it is sent.
    """

    title: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    syntaxes: tuple[Syntax, ...] = BOTH

    def make(self, fresh: FreshOrder, syntax: Syntax) -> tuple[Case]:
        """The case of a fresh order."""
        case = case_of(fresh(), syntax, title=self.title, **self.settings)
        return (case if case.body.strip() else replace(case, external_id=None),)


def iter_transport(orders: Orders) -> Iterator[Trial]:
    """Every way of sending, those that clients are most likely to use first."""
    makers = (_successions, _framings, _sizes, _calls, _methods)
    trials = chain.from_iterable(make(orders) for make in makers)
    for number, trial in enumerate(trials, 1):
        yield replace(trial, id=f"transport-{number:04d}")


def _trial(feature: str, order: Order, make: Callable[[FreshOrder], tuple[Case, ...]], kind: Kind = "single") -> Trial:
    is_new = feature.endswith("in-a-row")
    return Trial(id="", phase="transport", feature=feature, order=order, make=make, kind=kind, on_new_connection=is_new)


def _bound(make: Callable[[FreshOrder, Syntax], tuple[Case, ...]], syntax: Syntax) -> Callable[..., tuple[Case, ...]]:
    return lambda fresh: make(fresh, syntax)


def _successions(orders: Orders) -> Iterator[Trial]:
    plain = orders.settled(orders.plain())
    for syntax in BOTH:
        yield _trial("two-in-a-row", plain, _row(syntax, syntax), "variant")
        yield _trial("three-in-a-row", plain, _row(syntax, syntax, syntax), "variant")
    yield _trial("syntaxes-in-a-row", plain, _row("json", "xml", "json"), "twins")
    for name, spoil in _SPOILT.items():
        for syntax in BOTH:
            yield _trial(f"plain-after-{name}", plain, _after(spoil, name, syntax))


def _row(*syntaxes: Syntax) -> Callable[[FreshOrder], tuple[Case, ...]]:
    titles = ("a plain order", "an order after another on one connection", "a third order on one connection")
    return lambda fresh: tuple(
        case_of(fresh(), syntax, title=title) for syntax, title in zip(syntaxes, titles, strict=False)
    )


def _after(
    spoil: Callable[[Order, Syntax], Case], name: str, syntax: Syntax
) -> Callable[[FreshOrder], tuple[Case, ...]]:
    """A spoilt request, and a plain order on the same connection."""
    title = f"a plain order after one with {name.replace('-', ' ')} on one connection"
    return lambda fresh: (spoil(fresh(), syntax), case_of(fresh(), syntax, title=title))


def _without_currency(order: Order, syntax: Syntax) -> Case:
    data = {name: value for name, value in order["data"].items() if name != "currency"}
    settings = {"expected": "refused", "rule": "missing-field", "place": "/data"}
    return case_of({**order, "data": data}, syntax, title="an order without a currency", **settings)


def _cut_off(order: Order, syntax: Syntax) -> Case:
    body = plain_body(order, syntax)
    body = body[:-1] if syntax == "json" else body.removesuffix(b"</xml>")
    settings = {"expected": "refused", "rule": "malformed", "body": body}
    return replace(case_of(order, syntax, title="a body without its end", **settings), external_id=None)


def _of_unknown_type(order: Order, syntax: Syntax) -> Case:
    return case_of(order, syntax, title="an unknown content type", content_type="application/x-unknown", **_ODD)


def _with_wrong_token(order: Order, syntax: Syntax) -> Case:
    settings = {"expected": "undocumented", "place": "/token"}  # judged elsewhere
    return case_of({**order, "token": DERIVED_TOKENS["wrong"]}, syntax, title="an order with a wrong token", **settings)


_SPOILT: Final[Mapping[str, Callable[[Order, Syntax], Case]]] = {
    "a-missing-currency": _without_currency,
    "a-malformed-body": _cut_off,
    "an-unknown-content-type": _of_unknown_type,
    "a-wrong-token": _with_wrong_token,
}


def _worded(orders: Orders) -> Order:
    """A plain order with characters of several bytes, for whoever decodes a body piece by piece."""
    order = orders.plain()
    order["data"]["custom_fields"] = {"note": "Кружка «Ёжик» 白い 🎁🎁🎁"}
    return orders.settled(order)


def _framings(orders: Orders) -> Iterator[Trial]:
    order = _worded(orders)
    for framing, (title, settings) in _FRAMINGS.items():
        call = _Call(title, {"framing": framing, "own_connection": True, **settings})
        yield from (_trial(f"framing-{framing}", order, _bound(call.make, syntax)) for syntax in call.syntaxes)


_FRAMINGS: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "pieces": ("a body that comes in pieces", {}),
    "bytewise": ("a head that comes byte by byte", {}),
    # RFC 9112 has servers understand both, the vendor's page is silent, and gateways refuse them.
    "chunked": ("a chunked body", _ODD),
    "expect-continue": ("a body after HTTP 100", _ODD),
}


def _sizes(orders: Orders) -> Iterator[Trial]:
    """Orders that are large; gateways commonly refuse a megabyte, without an envelope."""
    for title, size in (("100 kB", 100), ("1 MB", 1_000), ("5 MB", 5_000)):
        order = orders.plain()
        order["data"]["custom_fields"] = {"note": "x" * size * _KILOBYTE}
        settings = {"expected": "undocumented", "is_odd": size >= _KILOBYTE, "own_connection": True}
        call = _Call(f"a custom field of {title}", settings)
        settled = orders.settled(order)
        yield from (_trial("large-text", settled, _bound(call.make, syntax)) for syntax in BOTH)
    order = orders.plain()
    order["data"]["tags"] = [f"tag_{number}" for number in range(1, 2_001)]
    call = _Call("2,000 tags", {"expected": "undocumented"})
    settled = orders.settled(order)
    yield from (_trial("many-tags", settled, _bound(call.make, syntax)) for syntax in BOTH)


def _calls(orders: Orders) -> Iterator[Trial]:
    plain = orders.settled(orders.plain())
    for feature, calls in _CALLS.items():
        for call in calls:
            yield from (_trial(feature, plain, _bound(call.make, syntax)) for syntax in call.syntaxes)


def _typed(syntax: Syntax, content_type: str | None, *, is_odd: bool = True) -> _Call:
    title = "no Content-Type" if content_type is None else f"Content-Type: {content_type}"
    shown = f"{title} on {syntax.upper()}"
    return _Call(shown, {"content_type": content_type, **(_ODD if is_odd else {})}, (syntax,))


def _accepting(syntax: Syntax, accept: str, *, is_odd: bool = True) -> _Call:
    settings = {"headers": (("Accept", accept),), **(_ODD if is_odd else {})}
    return _Call(f"Accept: {accept} on {syntax.upper()}", settings, (syntax,))


def _headed(title: str, *headers: tuple[str, str], syntaxes: tuple[Syntax, ...] = ("json",), **settings: Any) -> _Call:
    return _Call(title, {"headers": headers, **settings}, syntaxes)


def _spelt(title: str, spell: Callable[[str], str], syntax: Syntax) -> _Call:
    headers = ((spell("Content-Type"), MEDIA_TYPES[syntax]), (spell("Accept"), "*/*"))
    return _Call(title, {"content_type": None, "headers": headers}, (syntax,))


def _empty(title: str, body: bytes, *syntaxes: Syntax) -> _Call:
    settings = {"body": body, "expected": "refused", "rule": "malformed", "is_odd": True, "own_connection": True}
    return _Call(title, settings, syntaxes)


_ANY_TYPE: Final = (
    None,
    "text/plain",
    "application/x-www-form-urlencoded",
)
_CALLS: Final[Mapping[str, tuple[_Call, ...]]] = {
    "charset": (
        _typed("json", "application/json; charset=utf-8", is_odd=False),
        _typed("json", "application/json;charset=UTF-8", is_odd=False),
        _typed("xml", "application/xml; charset=utf-8", is_odd=False),
        _typed("xml", "application/xml;charset=UTF-8", is_odd=False),
    ),
    "accept": (
        _accepting("json", "application/json", is_odd=False),
        _accepting("xml", "application/xml", is_odd=False),
        _accepting("json", "application/xml"),
        _accepting("xml", "application/json"),
        _accepting("json", "text/html"),
        _accepting("json", "*/*;q=0"),
    ),
    "headers": (
        *(_spelt("header names in small letters", str.lower, syntax) for syntax in BOTH),
        *(_spelt("header names in capitals", str.upper, syntax) for syntax in BOTH),
        _headed("a repeated header", ("Accept", "text/html"), ("Accept", "*/*"), **_ODD),
        _headed("Accept-Encoding: gzip", ("Accept-Encoding", "gzip"), **_ODD, syntaxes=BOTH),
        _headed("X-HTTP-Method-Override: GET", ("X-HTTP-Method-Override", "GET"), **_ODD),
        _headed(
            "100 more headers", *((f"X-Extra-{number}", "x") for number in range(1, 101)), own_connection=True, **_ODD
        ),
        _headed("a header of 16 KiB", ("X-Large", "x" * 2**14), own_connection=True, **_ODD),
    ),
    "empty-body": (_empty("an empty body", b"", *BOTH), _empty("a body of white space", b" \r\n\t ", "json")),
    "content-type": (
        _typed("xml", "text/xml"),
        _typed("json", MEDIA_TYPES["json"].upper()),
        _typed("xml", MEDIA_TYPES["xml"].upper()),
        _typed("json", MEDIA_TYPES["xml"]),
        _typed("xml", MEDIA_TYPES["json"]),
        *(_typed(syntax, content_type) for content_type in _ANY_TYPE for syntax in BOTH),
        _typed("json", "nonsense"),
        _typed("json", "application/json; charset=windows-1251"),
        _typed("xml", "application/xml; charset=windows-1251"),
    ),
}


def _methods(orders: Orders) -> Iterator[Trial]:
    """Methods that are not the documented one, on connections of their own: what they leave behind is anybody's."""
    plain = orders.settled(orders.plain())
    for method in ("GET", "HEAD", "OPTIONS", "DELETE", "PUT", "PATCH", "post", "FOO"):
        settings: dict[str, Any] = {"method": method, "own_connection": True, **_ODD}
        if method in _BODILESS:
            settings |= {"body": b"", "content_type": None}
        call = _Call(f"method {method}", settings)
        yield _trial("method", plain, _bound(call.make, orders.source.pick(BOTH)))


_BODILESS: Final = frozenset({"GET", "HEAD", "OPTIONS", "DELETE"})
