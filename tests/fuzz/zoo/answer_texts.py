"""Servers whose answers are not well-formed, or no text of their syntax."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from tests.fuzz.zoo.alteration import (
    in_syntax,
    is_accepted,
    wrong,
)
from tests.fuzz.zoo.behaviour import Behaviour
from tests.fuzz.zoo.samples import sent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fuzz.zoo.behaviour import Exchange
    from tests.fuzz.zoo.client import Sent
    from tests.fuzz.zoo.fault import Fault


def _writing(when: Callable[[Exchange], bool], change: Callable[[Exchange, bytes], bytes]) -> Behaviour:
    return Behaviour(writes=lambda exchange, text: change(exchange, text) if when(exchange) else text)


def _answer_texts() -> Iterator[Fault]:
    """Answers that are not well-formed, or have the wrong form."""

    def row(name: str, description: str, when: Any, change: Any, *orders: Sent, hard: bool = False) -> Fault:
        return wrong(f"text-{name}", description, _writing(when, change), *orders, hard=hard)

    any_time = lambda _: True  # noqa: E731 - beside its use
    quoted = sent({"/external_id": 'zoo-"1"'})
    yield row(
        "json-quotes",
        "Does not escape quotes in JSON",
        in_syntax("json"),
        lambda _, text: text.replace(b'\\"', b'"'),
        quoted,
        hard=True,
    )
    slashes = sent({"/external_id": "zoo\\1"})
    yield row(
        "json-backslashes",
        "Does not escape backslashes in JSON",
        in_syntax("json"),
        lambda _, text: text.replace(b"\\\\", b"\\"),
        slashes,
        hard=True,
    )
    lines = sent({"/external_id": "zoo\n1"})
    yield row(
        "json-line-ends",
        "Does not escape line ends in JSON",
        in_syntax("json"),
        lambda _, text: text.replace(b"\\n", b"\n"),
        lines,
        hard=True,
    )
    ampersand = sent({"/external_id": "zoo & 1"}, "xml")
    yield row(
        "xml-ampersands",
        "Does not escape ampersands in XML",
        in_syntax("xml"),
        lambda _, text: text.replace(b"&amp;", b"&"),
        ampersand,
        hard=True,
    )
    bracket = sent({"/external_id": "zoo <1"}, "xml")
    yield row(
        "xml-brackets",
        "Does not escape `<` in XML",
        in_syntax("xml"),
        lambda _, text: text.replace(b"&lt;", b"<"),
        bracket,
        hard=True,
    )
    name = sent({"/data/requested_promotions/3/promotion/name": "a & b"}, "xml")
    yield row(
        "xml-names",
        "Does not escape names of promotions in XML",
        in_syntax("xml"),
        lambda _, text: re.sub(rb"<name>[^<]*", lambda found: found[0].replace(b"&amp;", b"&"), text),
        name,
        hard=True,
    )
    yield row(
        "xml-twice-escaped",
        "Escapes ampersands twice in XML",
        in_syntax("xml"),
        lambda _, text: text.replace(b"&amp;", b"&amp;amp;"),
        ampersand,
        hard=True,
    )
    yield row(
        "byte-order-mark",
        "Begins JSON with a byte order mark",
        in_syntax("json"),
        lambda _, text: b"\xef\xbb\xbf" + text,
        sent(),
    )
    yield row(
        "notice",
        "Begins answers with a notice",
        any_time,
        lambda _, text: b"Notice: undefined index in order.php\n" + text,
        sent(),
    )
    yield row(
        "notice-on-tags",
        "Begins answers with a notice, for orders with tags",
        lambda exchange: bool(exchange.data.get("tags")),
        lambda _, text: b"Warning: x\n" + text,
        sent(),
        hard=True,
    )
    yield row("twice", "Writes the answer twice", any_time, lambda _, text: text + text, sent())
    yield row("cut", "Cuts answers at 400 bytes", any_time, lambda _, text: text[:400], sent(), hard=True)
    yield row("trailing-nul", "Ends answers with a NUL", any_time, lambda _, text: text + b"\0", sent())
    yield row(
        "trailing-comma",
        "Writes a trailing comma into lists",
        in_syntax("json"),
        lambda _, text: text.replace(b"}]", b"},]"),
        sent(),
        hard=True,
    )
    yield row("utf-16", "Writes UTF-16", any_time, lambda _, text: text.decode().encode("utf-16"), sent())
    latin = sent({"/external_id": "zoo-é"})
    yield row(
        "latin-1",
        "Writes ISO-8859-1",
        any_time,
        lambda _, text: text.decode().encode("latin-1", "replace"),
        latin,
        hard=True,
    )
    yield row(
        "other-root",
        "Writes XML with another root",
        in_syntax("xml"),
        lambda _, text: text.replace(b"xml>", b"response>"),
        sent({}, "xml"),
    )
    yield row(
        "no-end-tag",
        "Leaves the last end tag out",
        in_syntax("xml"),
        lambda _, text: text.removesuffix(b"</xml>"),
        sent({}, "xml"),
    )
    yield row(
        "xml-latin-1-declared",
        "Declares ISO-8859-1 in XML",
        in_syntax("xml"),
        lambda _, text: text.replace(b"UTF-8", b"ISO-8859-1"),
        sent({}, "xml"),
        hard=True,
    )
    yield row(
        "xml-dtd",
        "Writes a DTD",
        in_syntax("xml"),
        lambda _, text: text.replace(b"?><xml", b"?><!DOCTYPE xml><xml", 1),
        sent({}, "xml"),
        hard=True,
    )
    yield row(
        "single-quotes",
        "Writes JSON with single quotes",
        in_syntax("json"),
        lambda _, text: text.replace(b'"', b"'"),
        sent(),
    )
    yield row(
        "nan",
        "Writes NaN for points of zero",
        in_syntax("json"),
        lambda _, text: text.replace(b'_points":', b'_points":NaN,"x":', 1),
        sent(),
        hard=True,
    )
    yield row(
        "repeated-error",
        "Repeats `error`",
        in_syntax("json"),
        lambda _, text: text[:-1] + b',"error":0}',
        sent(),
        hard=True,
    )
    yield row(
        "repeated-status-in-xml",
        "Repeats `status` in XML",
        in_syntax("xml"),
        lambda _, text: text.replace(b"<status>", b"<status>success</status><status>", 1),
        sent({}, "xml"),
        hard=True,
    )
    yield row("empty", "Answers without a body", is_accepted, lambda *_: b"", sent())
    yield row(
        "empty-for-several-codes",
        "Answers without a body to several promo codes",
        lambda exchange: str(exchange.data.get("promocodes")).count("code") > 1,
        lambda *_: b"",
        sent(),
        hard=True,
    )


ANSWER_TEXTS: Final = tuple(_answer_texts())
"""Faults of this family."""
