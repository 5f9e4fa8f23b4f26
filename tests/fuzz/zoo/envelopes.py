"""Servers whose refusals or content types are wrong, or whose answers tell too much."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from tests.fuzz.zoo.alteration import (
    BAD,
    BAD_XML,
    MALFORMED,
    MALFORMED_XML,
    fails,
    in_syntax,
    is_accepted,
    is_refused,
    wrong,
)
from tests.fuzz.zoo.behaviour import TOKEN, Behaviour
from tests.fuzz.zoo.listener import Reply
from tests.fuzz.zoo.samples import ABSENT, changed, raw, sent, sent_plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fuzz.zoo.behaviour import Exchange
    from tests.fuzz.zoo.client import Sent
    from tests.fuzz.zoo.fault import Fault


def _refusals() -> Iterator[Fault]:
    """Refusals without the envelope."""

    def row(
        name: str,
        description: str,
        when: Any,
        text: bytes | None,
        *orders: Sent,
        hard: bool = False,
        kind: str = "text/plain",
        status: int = 200,
    ) -> Fault:
        def replies(exchange: Exchange, reply: Reply) -> Reply:
            if not (exchange.is_refused and when(exchange)):
                return reply
            return Reply(status=status, content_type=kind, body=reply.body if text is None else text)

        return wrong(f"refusal-{name}", description, Behaviour(replies=replies), *orders, hard=hard)

    any_time = lambda _: True  # noqa: E731 - beside its use
    json, xml = "application/json; charset=utf-8", "application/xml; charset=utf-8"
    yield row("in-plain-text", "Refuses in plain text", any_time, b"Bad request", BAD)
    yield row(
        "as-a-page",
        "Refuses with a page",
        any_time,
        b"<html><body>400</body></html>",
        BAD,
        kind="text/html",
        status=400,
    )
    yield row("without-body", "Refuses without a body", any_time, b"", BAD, kind=json, status=400)
    yield row(
        "with-problem",
        "Refuses with a problem document",
        any_time,
        b'{"title":"Bad Request","status":400}',
        BAD,
        kind="application/problem+json",
        status=400,
    )
    yield row("without-text", "Refuses without `error_text`", any_time, b'{"data":{},"error":400}', BAD, kind=json)
    yield row(
        "with-text-as-error",
        "Refuses with `error` as text",
        any_time,
        b'{"error":"400","error_text":"x"}',
        BAD,
        kind=json,
    )
    yield row("with-list-of-errors", "Refuses with a list of errors", any_time, b'{"errors":["x"]}', BAD, kind=json)
    yield row(
        "with-text-as-data",
        "Refuses with a text as `data`",
        any_time,
        b'{"data":"x","error":400,"error_text":"x"}',
        BAD,
        kind=json,
        hard=True,
    )
    yield row(
        "in-json-for-xml",
        "Refuses XML in JSON",
        in_syntax("xml"),
        b'{"data":{},"error":400,"error_text":"x"}',
        BAD_XML,
        kind=json,
        hard=True,
    )
    yield row(
        "in-xml-without-text",
        "Refuses XML without `error_text`",
        in_syntax("xml"),
        b"<xml><error>400</error></xml>",
        BAD_XML,
        kind=xml,
        hard=True,
    )
    yield row(
        "in-xml-with-other-root",
        "Refuses XML with another root",
        in_syntax("xml"),
        b"<error><code>400</code></error>",
        BAD_XML,
        kind=xml,
        hard=True,
    )
    malformed = lambda exchange: any(error.rule == "malformed" for error in exchange.errors)  # noqa: E731
    yield row(
        "of-malformed-in-plain-text", "Refuses malformed bodies in plain text", malformed, b"parse error", MALFORMED
    )
    yield row(
        "of-malformed-xml-as-a-page",
        "Refuses malformed XML with a page",
        lambda exchange: exchange.syntax == "xml" and malformed(exchange),
        b"<html>",
        MALFORMED_XML,
        kind="text/html",
        hard=True,
    )
    wrong_token = lambda exchange: exchange.token != TOKEN  # noqa: E731
    yield row(
        "of-token-as-a-page",
        "Refuses tokens with a page",
        wrong_token,
        b"<html>Log in</html>",
        sent({"/token": "other"}),
        kind="text/html",
        status=401,
    )
    yield row(
        "of-token-without-body",
        "Refuses tokens without a body",
        wrong_token,
        b"",
        sent({"/token": "other"}),
        status=403,
    )
    yield row("with-500", "Refuses with HTTP 500", any_time, None, BAD, kind=json, status=500)
    range_ = lambda exchange: any(error.rule == "out-of-range" for error in exchange.errors)  # noqa: E731
    yield row(
        "of-ranges-with-500",
        "Refuses numbers out of range with HTTP 500",
        range_,
        None,
        sent({"/data/lines/0/count": 0}),
        kind=json,
        status=500,
        hard=True,
    )


def _types() -> Iterator[Fault]:
    """Content types that are not that of the answer."""

    def row(name: str, description: str, when: Any, kind: str | None, *orders: Sent, hard: bool = False) -> Fault:
        def replies(exchange: Exchange, reply: Reply) -> Reply:
            return replace(reply, content_type=kind) if when(exchange) else reply

        return wrong(f"type-{name}", description, Behaviour(replies=replies), *orders, hard=hard, by="content-type")

    yield row("html", "Calls JSON text/html", in_syntax("json"), "text/html; charset=utf-8", sent())
    yield row("plain", "Calls every answer text/plain", lambda _: True, "text/plain; charset=utf-8", sent())
    yield row(
        "json-for-xml",
        "Calls XML application/json",
        in_syntax("xml"),
        "application/json; charset=utf-8",
        sent({}, "xml"),
    )
    yield row("none", "Names no content type", lambda _: True, None, sent())
    yield row("none-for-xml", "Names no content type for XML", in_syntax("xml"), None, sent({}, "xml"), hard=True)
    yield row("other-charset", "Names windows-1251", lambda _: True, "application/json; charset=windows-1251", sent())
    yield row(
        "xml-charset",
        "Names ISO-8859-1 for XML",
        in_syntax("xml"),
        "application/xml; charset=iso-8859-1",
        sent({}, "xml"),
        hard=True,
    )
    yield row("html-for-refusals", "Calls refusals text/html", is_refused, "text/html; charset=utf-8", BAD, hard=True)

    def in_json(exchange: Exchange, reply: Reply) -> Reply:
        if exchange.syntax == "json":
            return reply
        body = b'{"data":{},"error":400,"error_text":"x"}'
        if not exchange.is_refused:
            body = b'{"data":{"status":"outdated"},"error":0,"error_text":"x"}'
        return Reply(content_type="application/json; charset=utf-8", body=body)

    yield wrong(
        "type-always-json", "Answers XML in JSON", Behaviour(replies=in_json), sent({}, "xml"), by="encoding-mismatch"
    )


def _disclosures() -> Iterator[Fault]:
    """Answers that tell the token, or what the server is made of."""

    def row(name: str, description: str, when: Any, text: str, *orders: Sent, hard: bool = False) -> Fault:
        def answers(exchange: Exchange, answer: dict[str, Any]) -> Any:
            exchange.answer = answer
            return changed(answer, {"/error_text": text.format(token=exchange.token)}) if when(exchange) else answer

        return wrong(f"tells-{name}", description, Behaviour(answers=answers), *orders, hard=hard, by="disclosure")

    python = 'Traceback (most recent call last):\n  File "/srv/app/orders.py", line 41, in commit\nValueError'
    java = "java.lang.NullPointerException\n\tat ru.shop.OrderService.commit(OrderService.java:112)"
    sql = "SQLSTATE[23000]: Integrity constraint violation: 1048 Column 'currency' cannot be null"
    yield row("token-in-refusals", "Tells the token in refusals", is_refused, "order of {token} refused", BAD)
    yield row("token-in-success", "Tells the token in `error_text` of success", is_accepted, "done for {token}", sent())
    yield row(
        "token-in-xml-refusals",
        "Tells the token in refusals of XML",
        lambda exchange: exchange.syntax == "xml" and exchange.is_refused,
        "{token}?",
        BAD_XML,
        hard=True,
    )
    yield row(
        "token-on-wrong-type",
        "Tells the token where a type is wrong",
        fails("wrong-type"),
        "{token}: wrong type",
        sent({"/data/region": 5}),
        hard=True,
    )
    yield row(
        "token-on-empty-list",
        "Tells the token where lines are missing",
        fails("empty-list"),
        "{token}: no lines",
        sent_plain({"/data/lines": []}),
        hard=True,
    )
    yield row("python", "Tells a Python traceback in refusals", is_refused, python, BAD)
    yield row(
        "python-on-duplicates",
        "Tells a Python traceback for repeated members",
        fails("duplicate-field"),
        python,
        raw(sent().body[:-1] + b',"email":"b@example.com"}'),
        hard=True,
    )
    yield row("java-on-malformed", "Tells a Java stack trace for malformed bodies", fails("malformed"), java, MALFORMED)
    yield row(
        "java-on-bad-time",
        "Tells a Java stack trace for wrong times",
        fails("invalid-timestamp"),
        java,
        sent({"/data/create_time": "x"}),
        hard=True,
    )
    yield row(
        "sql-on-missing",
        "Tells an error of SQL for missing fields",
        fails("missing-field"),
        sql,
        sent({"/data/currency": ABSENT}),
    )
    yield row(
        "sql-on-apostrophe",
        "Tells an error of SQL for apostrophes",
        lambda exchange: any("'" in text for text in exchange.texts()),
        sql,
        sent({"/data/region": "it's"}),
        hard=True,
    )
    yield row(
        "sql-on-huge-numbers",
        "Tells an error of SQL for huge numbers",
        fails("out-of-range"),
        sql,
        sent({"/data/lines/0/count": 2**63}),
        hard=True,
    )

    def header(name: str) -> Behaviour:
        return Behaviour(replies=lambda exchange, reply: replace(reply, headers=((name, f"t={exchange.token}"),)))

    yield wrong("tells-token-in-header", "Tells the token in a header", header("X-Debug"), sent(), by="disclosure")
    yield wrong(
        "tells-token-in-cookie", "Tells the token in a cookie", header("Set-Cookie"), sent(), by="disclosure", hard=True
    )
    inside = Behaviour(answers=lambda exchange, answer: {**answer, "debug": {"request": {"token": exchange.token}}})
    yield wrong("tells-token-in-member", "Tells the token in a member of its own", inside, sent(), by="disclosure")

    def echo(exchange: Exchange, answer: dict[str, Any]) -> Any:
        told = {**answer, "error_text": f"cannot read {exchange.body.decode(errors='replace')}"}
        return told if fails("malformed")(exchange) else answer

    unread = raw(sent().body[:-1])
    yield wrong(
        "tells-malformed-body",
        "Repeats malformed bodies in `error_text`",
        Behaviour(answers=echo),
        unread,
        by="disclosure",
    )


ENVELOPES: Final = (*_refusals(), *_types(), *_disclosures())
"""Faults of these families."""
