"""Servers that refuse valid orders, and servers that break down over orders or bodies."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from tests.fuzz.zoo.behaviour import Behaviour
from tests.fuzz.zoo.fault import Fault
from tests.fuzz.zoo.features import FEATURES
from tests.fuzz.zoo.listener import Reply
from tests.fuzz.zoo.samples import full, raw, sent, sent_plain
from tests.fuzz.zoo.syntaxes import write_value
from tests.fuzz.zoo.witness import is_no_envelope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fuzz.zoo.behaviour import Exchange
    from tests.fuzz.zoo.client import Client, Sent
    from tests.fuzz.zoo.listener import Request

LONG: Final = 600.0
"""Seconds that a hanging server waits; it is stopped long before."""

BREAKDOWNS: Final[dict[str, tuple[str, Reply]]] = {
    "500": ("Answers HTTP 500", Reply(status=500, content_type="text/plain", body=b"Internal Server Error")),
    "html-500": (
        "Answers HTTP 500 with a page",
        Reply(status=500, content_type="text/html", body=b"<html><body><h1>Oops</h1></body></html>"),
    ),
    "502": (
        "Answers HTTP 502 with a page",
        Reply(status=502, content_type="text/html", body=b"<html>Bad Gateway</html>"),
    ),
    "drop": ("Drops the connection", Reply(wire=b"", closes=True)),
    "hang": ("Does not answer", Reply(delay=LONG, wire=b"", closes=True)),
    "empty": ("Answers HTTP 200 without a body", Reply()),
}
"""How a server breaks down: what it does in words, and what it sends."""

_DROPS: Final = (
    *("time-first-year", "emoji", "large-count", "over-100-lines", "integer-as-1.0", "cdata", "long-text"),
    *("promotion-without-name", "xml-comment", "huge-price"),
)
_FAILS: Final = (
    *("apostrophe", "percent-sign", "line-end", "time-last-year", "time-long-fraction", "negative-line-number"),
    *("price-with-many-decimals", "empty-tags", "custom-field-number", "character-reference", "large-pool"),
    *("escaped-names", "processing-instruction", "redemption-on-later-line", "two-promotions-of-one-type"),
    *("delivery-and-promocodes", "points-info-with-eid-alone", "combining-character", "interleaved-lines"),
)
_HANGS: Final = ("backslash", "negative-pool")


def _refusing() -> Iterator[Fault]:
    for feature in FEATURES.values():
        yield Fault(
            name=f"refuses-{feature.name}",
            family="refuses",
            description=f"Refuses an order {feature.description}",
            told_by="valid-refused",
            behaviour=Behaviour(refuses=feature.has),
            witness=(feature.order,),
            is_hard=feature.is_rare,
        )


def breaking(when: Callable[[Exchange], bool], how: str) -> Behaviour:
    """A behaviour that breaks down, in a way of `BREAKDOWNS`, over some orders."""
    broken = BREAKDOWNS[how][1]
    return Behaviour(replies=lambda exchange, reply: broken if when(exchange) else reply)


def _breaking_over_features() -> Iterator[Fault]:
    for how, names in (("drop", _DROPS), ("500", _FAILS), ("hang", _HANGS)):
        for name in names:
            feature = FEATURES[name]
            yield Fault(
                name=f"{how}-on-{name}",
                family="crashes",
                description=f"{BREAKDOWNS[how][0]} for an order {feature.description}",
                told_by="server-error or latency",
                behaviour=breaking(feature.has, how),
                witness=(feature.order,),
                is_hard=feature.is_rare,
            )


def _breaking_over_bodies() -> Iterator[Fault]:
    def row(
        name: str, described: str, when: Callable[[Exchange], bool], how: str, body: bytes, *, xml: bool = False
    ) -> Fault:
        return Fault(
            name=f"{how}-on-{name}",
            family="crashes",
            description=f"{BREAKDOWNS[how][0]} for {described}",
            told_by="server-error or response-contract",
            behaviour=breaking(when, how),
            witness=(raw(body, "xml" if xml else "json"),),
            is_hard=xml or how == "hang",
        )

    def has(rule: str, syntax: str) -> Callable[[Exchange], bool]:
        return lambda exchange: exchange.syntax == syntax and any(error.rule == rule for error in exchange.errors)

    order = write_value(full(), "json")
    deep = b'{"x":' + b"[" * 200 + b"]" * 200 + b"," + order[1:]
    yield row("malformed-json", "malformed JSON", has("malformed", "json"), "500", order[:-1])
    yield row("malformed-xml", "malformed XML", has("malformed", "xml"), "html-500", b"<xml><token>", xml=True)
    yield row("empty-body", "an empty body", lambda exchange: not exchange.body.strip(), "500", b"")
    yield row(
        "other-root", "a root that is no object", lambda exchange: exchange.body[:1] in (b"[", b"n", b'"'), "502", b"[]"
    )
    yield row("deep-nesting", "deep nesting", lambda exchange: exchange.body.count(b"[[") > 40, "drop", deep)
    yield row(
        "nul", "a NUL", lambda exchange: b"\0" in exchange.body or b"\\u0000" in exchange.body, "500", order + b"\0"
    )
    yield row("no-utf-8", "bytes that are no UTF-8", lambda exchange: b"\xff" in exchange.body, "500", b'{"x":"\xff"}')
    yield row(
        "lone-surrogate", "a lone surrogate", lambda exchange: b"\\ud800" in exchange.body, "500", b'{"x":"\\ud800"}'
    )
    yield row(
        "missing-data",
        "an order without `data`",
        lambda exchange: "data" not in exchange.value,
        "500",
        b'{"token":"x"}',
    )
    yield row(
        "dtd", "a DTD", lambda exchange: b"<!DOCTYPE" in exchange.body, "empty", b"<!DOCTYPE xml><xml/>", xml=True
    )
    yield row(
        "entities",
        "entities",
        lambda exchange: b"<!ENTITY" in exchange.body,
        "hang",
        b'<!DOCTYPE xml [<!ENTITY a "b">]><xml>&a;</xml>',
        xml=True,
    )
    nothing = write_value(full() | {"data": None}, "json")
    yield row("null-data", "null as `data`", lambda exchange: exchange.value.get("data", 0) is None, "500", nothing)
    huge = sent({"/data/lines/0/count": 10**400}).body
    yield row("huge-integer", "an integer beyond 64 bits", has("out-of-range", "json"), "500", huge)
    number = sent({"/data/total_price": 5}).body
    yield row(
        "number-as-price",
        "a number as a price",
        lambda exchange: isinstance(exchange.data.get("total_price"), int | float),
        "500",
        number,
    )
    no_lines = sent_plain({"/data/lines": []}).body
    yield row("no-lines", "an order without lines", lambda exchange: exchange.data.get("lines") == [], "500", no_lines)
    bad_time = sent({"/data/create_time": "2026-02-30T00:00:00Z"}, "xml").body
    yield row("bad-time-in-xml", "a wrong time in XML", has("invalid-timestamp", "xml"), "500", bad_time, xml=True)
    repeated = order[:-1] + b',"email":"b@example.com"}'
    yield row("repeated-member", "a repeated member", has("duplicate-field", "json"), "drop", repeated)
    large = sent_plain({"/data/region": "x" * 2_000_000}).body
    yield row("large-body", "a body of over 1 MB", lambda exchange: len(exchange.body) > 1_000_000, "drop", large)


def _breaking_over_http() -> Iterator[Fault]:
    def row(
        name: str, described: str, when: Callable[[Request], bool], how: str, request: Sent, *, hard: bool = False
    ) -> Fault:
        broken = BREAKDOWNS[how][1]
        return Fault(
            name=f"{how}-on-{name}",
            family="crashes",
            description=f"{BREAKDOWNS[how][0]} for {described}",
            told_by="server-error",
            behaviour=Behaviour(meets=lambda request: broken if when(request) else None),
            witness=partial(_shows_breakdown, request),
            is_hard=hard,
        )

    def typed(value: str, *more: tuple[str, str]) -> Sent:
        return replace(sent_plain(), headers=(("Content-Type", value), *more))

    def content_type(request: Request) -> str:
        return request.header("content-type") or ""

    known = ("application/json", "application/xml")
    bare = replace(sent_plain(), headers=())
    yield row(
        "missing-content-type", "a request without content type", lambda request: not content_type(request), "500", bare
    )
    yield row(
        "unknown-content-type",
        "another content type",
        lambda request: not content_type(request).lower().startswith(known),
        "500",
        typed("text/csv"),
    )
    yield row(
        "charset",
        "a content type with a charset",
        lambda request: "charset" in content_type(request).lower(),
        "500",
        typed("application/json; charset=utf-8"),
    )
    yield row(
        "content-type-in-capitals",
        "a content type in capitals",
        lambda request: content_type(request).lower() != content_type(request),
        "500",
        typed("Application/JSON"),
        hard=True,
    )
    upper = replace(sent_plain(), headers=(("CONTENT-TYPE", "application/json"),))
    yield row(
        "header-in-capitals",
        "names of headers in capitals",
        lambda request: any(name == "CONTENT-TYPE" for name, _ in request.headers),
        "500",
        upper,
        hard=True,
    )
    lower = replace(sent_plain(), headers=(("content-type", "application/json"),))
    yield row(
        "header-in-small-letters",
        "names of headers in small letters",
        lambda request: any(name == "content-type" for name, _ in request.headers),
        "500",
        lower,
        hard=True,
    )
    many = typed("application/json", *((f"X-Header-{number}", "x") for number in range(60)))
    yield row("many-headers", "over 50 headers", lambda request: len(request.headers) > 50, "drop", many, hard=True)
    long = typed("application/json", ("X-Long", "x" * 10_000))
    yield row(
        "long-header",
        "a header of over 8 KiB",
        lambda request: any(len(value) > 8192 for _, value in request.headers),
        "drop",
        long,
        hard=True,
    )
    chunked = replace(sent_plain(), is_chunked=True)
    yield row(
        "chunked-body",
        "a body in chunks",
        lambda request: request.header("transfer-encoding") is not None,
        "500",
        chunked,
    )
    expecting = typed("application/json", ("Expect", "100-continue"))
    yield row(
        "expectation",
        "`Expect: 100-continue`",
        lambda request: request.header("expect") is not None,
        "hang",
        expecting,
        hard=True,
    )
    accepting = typed("application/json", ("Accept", "application/xml"))
    yield row(
        "accept-of-other",
        "an `Accept` of XML with JSON",
        lambda request: "xml" in (request.header("accept") or "") and "json" in content_type(request),
        "500",
        accepting,
        hard=True,
    )
    for method in ("GET", "PUT", "DELETE"):
        other = replace(sent_plain(), method=method)
        yield row(f"method-{method.lower()}", f"the method {method}", partial(_has_method, method), "500", other)


def _has_method(method: str, request: Request) -> bool:
    return request.method == method


def _shows_breakdown(request: Sent, client: Client) -> bool:
    return is_no_envelope(client.send(request))


STUMBLING: Final = (*_refusing(), *_breaking_over_features(), *_breaking_over_bodies(), *_breaking_over_http())
"""Faults of these families."""
