"""Servers that are wrong about repeated orders, connections, time and what came before."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from tests.fuzz.zoo.alteration import altering
from tests.fuzz.zoo.behaviour import Behaviour
from tests.fuzz.zoo.fault import Fault
from tests.fuzz.zoo.listener import Reply
from tests.fuzz.zoo.samples import raw, sent, sent_plain
from tests.fuzz.zoo.stumbling import BREAKDOWNS, breaking
from tests.fuzz.zoo.witness import is_no_envelope, is_wrong

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fuzz.zoo.behaviour import Exchange
    from tests.fuzz.zoo.client import Client, Sent

_PLAIN: Final = sent_plain()
_OTHER: Final = sent_plain({"/external_id": "zoo-2"})
_THIRD: Final = sent_plain({"/external_id": "zoo-3"})
_XML: Final = sent_plain({}, "xml")
_BAD: Final = sent({"/data/currency": "rub"})
_SLOW: Final = 3.0  # seconds


def _fault(
    family: str,
    name: str,
    description: str,
    behaviour: Behaviour,
    witness: Any,
    *,
    hard: bool = True,
    by: str = "server-error",
) -> Fault:
    return Fault(
        name=name,
        family=family,
        description=description,
        told_by=by,
        behaviour=behaviour,
        witness=witness,
        is_hard=hard,
    )


def _replying(when: Callable[[Exchange], bool], make: Callable[[Exchange, Reply], Reply]) -> Behaviour:
    return Behaviour(replies=lambda exchange, reply: make(exchange, reply) if when(exchange) else reply)


def _repeats() -> Iterator[Fault]:
    """What goes wrong when an order comes again."""

    def row(name: str, description: str, behaviour: Behaviour, *witness: Sent, hard: bool = True) -> Fault:
        return _fault(
            "repeats",
            f"repeat-{name}",
            description,
            behaviour,
            witness or (_PLAIN, _PLAIN),
            hard=hard,
            by="repeatability",
        )

    def is_repeat(exchange: Exchange) -> bool:
        return exchange.is_repeat and not exchange.is_refused

    for how in ("500", "drop", "html-500", "hang", "empty"):
        yield row(how, f"{BREAKDOWNS[how][0]} for a repeated order", breaking(is_repeat, how), hard=how == "hang")
    in_xml = breaking(lambda exchange: is_repeat(exchange) and exchange.syntax == "xml", "500")
    yield row("500-in-xml", "Answers HTTP 500 to an order repeated in XML", in_xml, _XML, _XML)
    crossed = breaking(
        lambda exchange: (
            is_repeat(exchange) and exchange.previous is not None and exchange.previous.syntax != exchange.syntax
        ),
        "500",
    )
    yield row("500-in-other-syntax", "Answers HTTP 500 to an order repeated in the other syntax", crossed, _PLAIN, _XML)
    text = Behaviour(writes=lambda exchange, answer: b"duplicate order" if is_repeat(exchange) else answer)
    yield row("in-plain-text", "Tells of a repeated order in plain text", text, hard=False)
    other = altering({"/data/external_id": "zoo-1-2"}, lambda exchange: exchange.is_repeat)
    yield row("with-other-id", "Answers a repeated order with another id", other, hard=False)
    bare = altering({"/data": {}}, lambda exchange: exchange.is_repeat)
    yield row("without-data", "Answers a repeated order with empty `data`", bare)
    outdated = altering({"/data/status": "outdated"}, lambda exchange: exchange.is_repeat)
    yield row("outdated-with-target", "Answers a repeated order with `outdated` and a target", outdated)
    unknown = altering({"/data/status": "duplicate"}, lambda exchange: exchange.is_repeat)
    yield row("with-other-status", "Answers a repeated order with the status `duplicate`", unknown)
    sql = Behaviour(
        replies=lambda exchange, reply: (
            Reply(
                status=500,
                content_type="application/json; charset=utf-8",
                body=b'{"data":{},"error":500,"error_text":"SQLSTATE[23505]: unique violation"}',
            )
            if is_repeat(exchange)
            else reply
        )
    )
    yield row("sql", "Tells an error of SQL for a repeated order", sql)
    slow = _replying(is_repeat, lambda _, reply: replace(reply, delay=_SLOW))
    yield row("slow", "Takes 3 s for a repeated order", slow)


def _connections() -> Iterator[Fault]:
    """Faults of the connection: what comes after something else."""

    def row(name: str, description: str, behaviour: Behaviour, *witness: Sent, hard: bool = True) -> Fault:
        return _fault(
            "connections", f"connection-{name}", description, behaviour, witness or (_PLAIN, _OTHER), hard=hard
        )

    def position(number: int) -> Callable[[Exchange], bool]:
        return lambda exchange: exchange.request.position == number

    yield row("second-dropped", "Drops the second request on a connection", breaking(position(2), "drop"))
    orders = [sent_plain({"/external_id": f"zoo-{number}"}) for number in range(60)]
    yield row("tenth-dropped", "Drops the tenth request on a connection", breaking(position(10), "drop"), *orders[:10])
    yield row("second-500", "Answers HTTP 500 to the second request on a connection", breaking(position(2), "500"))
    every = breaking(lambda exchange: exchange.serial % 50 == 0, "500")
    yield row("every-50th-500", "Answers HTTP 500 to every 50th request", every, *orders)
    seventh = breaking(lambda exchange: exchange.serial % 7 == 0 and exchange.syntax == "xml", "502")
    xml = [sent_plain({"/external_id": f"zoo-{number}"}, "xml") for number in range(8)]
    yield row("every-7th-in-xml-502", "Answers HTTP 502 to every seventh request if it is XML", seventh, *xml)
    refused = lambda exchange: exchange.previous is not None and exchange.previous.is_refused  # noqa: E731
    yield row(
        "500-after-refusal",
        "Answers HTTP 500 after a refusal on the connection",
        breaking(refused, "500"),
        _BAD,
        _PLAIN,
    )
    yield row("drop-after-refusal", "Drops the request after a refusal", breaking(refused, "drop"), _BAD, _PLAIN)
    unread = lambda exchange: exchange.previous is not None and not exchange.previous.data  # noqa: E731
    broken = raw(b'{"token":')
    yield row(
        "drop-after-malformed", "Drops the request after a malformed one", breaking(unread, "drop"), broken, _PLAIN
    )
    changed = lambda exchange: exchange.previous is not None and exchange.previous.syntax != exchange.syntax  # noqa: E731
    yield row(
        "500-after-other-syntax",
        "Answers HTTP 500 where the syntax changes on a connection",
        breaking(changed, "500"),
        _PLAIN,
        _XML,
    )
    swapped = Behaviour(answers=_previous_answer)
    yield row("previous-answer", "Gives the answer to the previous request", swapped, _PLAIN, _OTHER, hard=False)
    after_bad = Behaviour(
        answers=lambda exchange, answer: _previous_answer(exchange, answer) if refused(exchange) else answer
    )
    yield row("refusal-again", "Gives a refusal again to the order after it", after_bad, _BAD, _PLAIN)
    after_many = Behaviour(refuses=lambda exchange: exchange.request.position > 25)
    yield row("refused-after-25", "Refuses every order after 25 requests on a connection", after_many, *orders[:30])
    yield row("redirected", "Answers HTTP 302 to orders with `region`", _redirecting(), sent())
    yield row(
        "no-content", "Answers HTTP 204", _replying(lambda _: True, lambda *_: Reply(status=204)), _PLAIN, hard=False
    )
    created = _replying(lambda exchange: not exchange.is_refused, lambda _, reply: replace(reply, status=503))
    yield row("503-with-success", "Answers HTTP 503 with a successful body", created, _PLAIN, hard=False)


def _previous_answer(exchange: Exchange, answer: Any) -> Any:
    return answer if exchange.previous is None else exchange.previous.answer


def _redirecting() -> Behaviour:
    found = Reply(status=302, headers=(("Location", "https://elsewhere.invalid/"),))
    return _replying(lambda exchange: bool(exchange.data.get("region")), lambda *_: found)


def _wires() -> Iterator[Fault]:
    """Answers that are no HTTP, or have another length than they say."""

    def row(
        name: str,
        description: str,
        write: Callable[[Reply], bytes],
        *witness: Sent,
        closes: bool = False,
        when: Callable[[Exchange], bool] = lambda _: True,
    ) -> Fault:
        behaviour = _replying(when, lambda _, reply: replace(reply, wire=write(reply), closes=closes))
        return _fault("connections", f"wire-{name}", description, behaviour, witness or (_PLAIN, _OTHER), hard=True)

    def sized(difference: int) -> Callable[[Reply], bytes]:
        return lambda reply: reply.head(f"Content-Length: {len(reply.body) + difference}") + reply.body

    def chunked(text: Callable[[bytes], bytes]) -> Callable[[Reply], bytes]:
        return lambda reply: reply.head("Transfer-Encoding: chunked") + text(reply.body)

    yield row("too-long", "Says that answers are 10 bytes longer", sized(10))
    yield row("too-long-and-closed", "Says that answers are longer, and closes", sized(10), closes=True)
    yield row("too-short", "Says that answers are 10 bytes shorter", sized(-10))
    by_letters = lambda reply: reply.head(f"Content-Length: {len(reply.body.decode())}") + reply.body  # noqa: E731
    script = sent({"/external_id": "zoo-Москва"})
    yield row("length-in-characters", "Counts characters, not bytes, for Content-Length", by_letters, script)
    yield row(
        "chunk-too-long",
        "Says that a chunk is longer than it is",
        chunked(lambda text: b"%x\r\n%s\r\n0\r\n\r\n" % (len(text) + 50, text)),
    )
    yield row(
        "chunks-without-end",
        "Does not end its chunks",
        chunked(lambda text: b"%x\r\n%s\r\n" % (len(text), text)),
        closes=True,
    )
    yield row("chunks-without-sizes", "Says chunked, and writes none", chunked(lambda text: text), closes=True)
    yield row("twice", "Sends every answer twice", lambda reply: replace(reply).text() * 2, _PLAIN, _OTHER)
    yield row(
        "garbage-after", "Sends more after an answer", lambda reply: reply.text() + b"<!-- 0.01 s -->", _PLAIN, _OTHER
    )
    yield row("no-http", "Answers without HTTP", lambda reply: reply.body, _PLAIN, closes=True)
    yield row(
        "false-gzip",
        "Says gzip, and writes plain text",
        lambda reply: replace(reply, headers=(("Content-Encoding", "gzip"),)).text(),
        _PLAIN,
    )
    yield row("half", "Sends half an answer, and closes", lambda reply: reply.text()[:-40], _PLAIN, closes=True)
    in_xml = lambda exchange: exchange.syntax == "xml"  # noqa: E731 - beside its use
    yield row(
        "half-in-xml",
        "Sends half an answer to XML, and closes",
        lambda reply: reply.text()[:-40],
        _XML,
        closes=True,
        when=in_xml,
    )
    on_refusal = lambda exchange: exchange.is_refused  # noqa: E731
    yield row("refusal-too-long", "Says that refusals are longer", sized(5), _BAD, closes=True, when=on_refusal)


def _pasts() -> Iterator[Fault]:
    """What depends on the time, or on everything that came before."""

    def row(name: str, description: str, behaviour: Behaviour, witness: Any, by: str) -> Fault:
        return _fault("state", name, description, behaviour, witness, by=by)

    def slow(when: Callable[[Exchange], bool]) -> Behaviour:
        return _replying(when, lambda _, reply: replace(reply, delay=_SLOW))

    yield row(
        "slow-with-promocodes",
        "Takes 3 s for promo codes",
        slow(lambda exchange: bool(exchange.data.get("promocodes"))),
        (sent(),),
        "latency",
    )
    yield row(
        "slow-with-many-lines",
        "Takes 3 s for over 20 lines",
        slow(lambda exchange: len(exchange.lines) > 20),
        (_many_lines(30),),
        "latency",
    )
    yield row(
        "slow-tags-in-xml",
        "Takes 3 s for tags in XML",
        slow(lambda exchange: exchange.syntax == "xml" and bool(exchange.data.get("tags"))),
        (sent({}, "xml"),),
        "latency",
    )
    yield row("slow-on-refusal", "Takes 3 s to refuse", slow(lambda exchange: exchange.is_refused), (_BAD,), "latency")
    full = breaking(lambda exchange: exchange.accepted >= 200 and not exchange.is_refused, "500")
    yield row(
        "full-after-200-orders",
        "Answers HTTP 500 once it has taken 200 orders",
        full,
        partial(_fails_after, 205),
        "server-error",
    )
    tired = Behaviour(refuses=lambda exchange: exchange.accepted >= 100)
    yield row(
        "refuses-after-100-orders",
        "Refuses every order once it has taken 100",
        tired,
        partial(_fails_after, 105),
        "valid-refused",
    )
    leaking = breaking(lambda exchange: exchange.serial > 300, "drop")
    yield row(
        "drops-after-300-requests", "Drops every request after 300", leaking, partial(_fails_after, 305), "server-error"
    )
    method = Behaviour(
        meets=lambda request: Reply(content_type="text/html", body=b"<html>") if request.method == "GET" else None
    )
    yield row("page-for-get", "Answers GET with a page", method, _shows_page_for_get, "response-contract")
    taking = Behaviour(meets=lambda request: _TAKEN if request.method == "PUT" else None)
    yield row("success-for-put", "Takes every PUT for a success", taking, _shows_success_for_put, "invalid-accepted")


_TAKEN: Final = Reply(
    content_type="application/json; charset=utf-8",
    body=b'{"data":{"status":"success","processing_target":"immediate","external_id":"zoo-1"},"error":0,"error_text":"x"}',
)


def _many_lines(number: int) -> Sent:
    return sent_plain({"/data/lines": [{**_LINE, "external_id": str(index)} for index in range(number)]})


_LINE: Final = {
    "sku": "mug-white",
    "count": 1,
    "base_price_per_item": "10.00",
    "final_price_per_item": "10.00",
}


def _fails_after(number: int, client: Client) -> bool:
    orders = (sent_plain({"/external_id": f"zoo-{index}"}) for index in range(number))
    return any(is_wrong(order, client.send(order)) for order in orders)


def _shows_page_for_get(client: Client) -> bool:
    return is_no_envelope(client.send(replace(_PLAIN, method="GET")))


def _shows_success_for_put(client: Client) -> bool:
    received = client.send(replace(_PLAIN, method="PUT"))
    return received is None or received.status == 200


CONNECTING: Final = (*_repeats(), *_connections(), *_wires(), *_pasts())
"""Faults of these families."""
