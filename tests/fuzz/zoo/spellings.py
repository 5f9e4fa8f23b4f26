"""How a valid order may be spelt: features of its text."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from tests.fuzz.zoo.feature import Feature, feature
from tests.fuzz.zoo.samples import raw, replaced, sent, spelt
from tests.fuzz.zoo.syntaxes import write_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fuzz.zoo.behaviour import Exchange
    from tests.fuzz.zoo.client import Sent


def written(pattern: bytes, syntax: str) -> Callable[[Exchange], bool]:
    """A condition on the text of an order in one syntax."""
    return lambda exchange: exchange.syntax == syntax and re.search(pattern, exchange.body, re.DOTALL) is not None


def _json_forms() -> Iterator[Feature]:
    body = write_value(_reversed(sent().body), "json")
    first = rb'^\s*\{\s*"data"'
    yield feature("reversed-members", "with `data` as the first member", written(first, "json"), raw(body))
    yield feature("json-white-space", "with white space between tokens", written(rb"^\s*\{\s", "json"), spelt(indent=2))
    yield feature(
        "spaces-around-json",
        "with white space around the body",
        written(rb"^\s|\s$", "json"),
        raw(b" " + sent().body + b"\n"),
        rare=True,
    )
    escaped = replaced('"data":', '"d\\u0061ta":')
    yield feature(
        "escaped-names",
        "with escapes in names",
        written(rb'\\u[0-9a-fA-F]{4}[a-z\\u0-9A-F_]*"\s*:', "json"),
        escaped,
        rare=True,
    )
    accents = sent({"/data/region": "Москва"})
    yield feature(
        "escaped-text", "with escapes in texts", written(rb"\\u0[0-9a-fA-F]{3}", "json"), raw(_ascii(accents.body))
    )
    floats = replaced('"count":1', '"count":1.0')
    yield feature("integer-as-1.0", "with an integer as 1.0", written(rb":\s*\d+\.0\b", "json"), floats, rare=True)
    power = replaced('"count":1', '"count":1e0')
    yield feature("integer-with-exponent", "with an exponent", written(rb":\s*[\d.]+[eE]", "json"), power, rare=True)


def _reversed(body: bytes) -> dict[str, Any]:
    return dict(reversed(json.loads(body).items()))


def _ascii(body: bytes) -> bytes:
    return json.dumps(json.loads(body)).encode()


def _xml_forms() -> Iterator[Feature]:
    body = write_value(json.loads(sent().body), "xml")
    declaration = b'<?xml version="1.0" encoding="UTF-8"?>'
    root = body.removeprefix(declaration)

    def row(name: str, described: str, pattern: bytes, order: Sent, *, rare: bool = True) -> Feature:
        return feature(name, f"in XML {described}", written(pattern, "xml"), order, rare=rare)

    def form(old: str, new: str) -> Sent:
        return replaced(old, new, "xml")

    yield row("cdata", "with CDATA", rb"<!\[CDATA\[", form("moscow", "<![CDATA[moscow]]>"))
    yield row("xml-comment", "with a comment", b"<!--", form("<data>", "<!-- a - b --><data>"))
    yield row("character-reference", "with a character reference", b"&#", form("moscow", "&#x6d;oscow"))
    yield row(
        "processing-instruction", "with a processing instruction", rb"<\?(?!xml )", form("<data>", "<?note x?><data>")
    )
    yield row("no-declaration", "without a declaration", rb"^\s*<xml", raw(root, "xml"))
    yield row("xml-byte-order-mark", "with a byte order mark", b"^\xef\xbb\xbf", raw(b"\xef\xbb\xbf" + body, "xml"))
    quotes = raw(b"<?xml version='1.0' encoding='utf-8' standalone='yes' ?>" + root, "xml")
    yield row("declaration-in-single-quotes", "with single quotes in the declaration", b"^[^>]*'", quotes)
    yield row("digit-for-boolean", "with 1 for true", b"<skip_triggers>[01]<", form("true<", "1<"))
    yield row("spaces-around-boolean", "with white space around true", rb"<skip_triggers>\s", form("true<", " true <"))
    yield row("plus-sign", "with a plus sign before an integer", rb"<count>\s*\+", form("<count>1", "<count>+1"))
    yield row(
        "spaces-around-integer", "with white space around an integer", rb"<count>\s", form("<count>1", "<count> 1")
    )
    yield row(
        "zeros-before-integer", "with zeros before an integer", b"<(count|pool_id)>0", form("<count>1", "<count>001")
    )
    yield row(
        "indented-xml", "with white space between elements", rb"<xml>\s+<", form("<xml>", "<xml>\n  "), rare=False
    )
    mixed = form("<currency>", _first_line(body) + "<currency>")
    interleaved = raw(mixed.body.replace(_first_line(body).encode() + b"<lines>", b"<lines>", 1), "xml")
    yield row(
        "interleaved-lines", "with other elements between lines", rb"</lines><(?!lines|/)[^/].*<lines>", interleaved
    )


def _first_line(body: bytes) -> str:
    found = re.search(rb"<lines>.*?</lines>", body, re.DOTALL)
    return found[0].decode() if found is not None else ""


SPELLINGS: Final = (*_json_forms(), *_xml_forms())
"""Features of the text."""
