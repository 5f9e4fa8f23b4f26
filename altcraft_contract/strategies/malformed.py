"""Bodies that no reader may take."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from hypothesis import event
from hypothesis import strategies as st

from altcraft_contract.errors import ImpossibleRequest
from altcraft_contract.strategies.building import OrderBuilder
from altcraft_contract.strategies.messages import TEXTS
from altcraft_contract.strategies.parameters import parameters_of
from altcraft_contract.strategies.source import DrawnSource
from altcraft_contract.strategies.wire import plain_body

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy

    from altcraft_contract.contract import Syntax
    from altcraft_contract.strategies.source import Source

_DEEP: Final = 129
REPEATS: Final = frozenset({"repeated-member", "repeated-member-escaped", "repeated-element"})
"""The ways that repeat a field: an error of its own, not a malformed body."""
_BOMB: Final = (
    b'<!DOCTYPE xml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">'
    b'<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;">]>'
)


def _truncate(source: Source, body: bytes) -> bytes:
    return body[: source.integer(1, len(body) - 1)]


def _instead(replacement: bytes) -> Callable[[Source, bytes], bytes]:
    return lambda _, __: replacement


def _around(before: bytes = b"", after: bytes = b"") -> Callable[[Source, bytes], bytes]:
    return lambda _, body: before + body + after


def _member(text: bytes) -> Callable[[Source, bytes], bytes]:
    """One more member in front of the others."""
    return lambda _, body: b"{" + text + b"," + body[1:]


def _element(text: bytes) -> Callable[[Source, bytes], bytes]:
    """Something in front of the first element within the root."""
    return lambda _, body: body.replace(b"<xml>", b"<xml>" + text, 1)


def _prolog(text: bytes) -> Callable[[Source, bytes], bytes]:
    """Another declaration, or something after it."""
    return lambda _, body: text + body[body.index(b"<xml>") :]


def _recoded(encoding: str) -> Callable[[Source, bytes], bytes]:
    return lambda _, body: body.decode().encode(encoding, errors="replace")


def _repeat_member(_: Source, body: bytes) -> bytes:
    return b'{"token":"other",' + body[1:]


def _escaped_repeat(_: Source, body: bytes) -> bytes:
    return b'{"\\u0074oken":"other",' + body[1:]


MALFORMED_JSON: Final[Mapping[str, Callable[[Source, bytes], bytes]]] = MappingProxyType(
    {
        "truncated": _truncate,
        "empty": _instead(b""),
        "only-space": _instead(b" \r\n\t"),
        "two-documents": lambda _, body: body + body,
        "text-after-the-end": _around(after=b"x"),
        "nul-after-the-end": _around(after=b"\x00"),
        "byte-order-mark": _around(b"\xef\xbb\xbf"),
        "utf-16": _recoded("utf-16"),
        "utf-32": _recoded("utf-32"),
        "not-utf-8": _member(b'"x":"\xff"'),
        "overlong-utf-8": _member(b'"x":"\xc0\xaf"'),
        "surrogate-in-utf-8": _member(b'"x":"\xed\xa0\x80"'),
        "lone-surrogate": _member(b'"x":"\\ud800"'),
        "swapped-surrogates": _member(b'"x":"\\udc00\\ud800"'),
        "root-list": lambda _, body: b"[" + body + b"]",
        "root-null": _instead(b"null"),
        "root-text": _instead(b'"order"'),
        "root-number": _instead(b"0"),
        "nan": _member(b'"x":NaN'),
        "infinity": _member(b'"x":-Infinity'),
        "beyond-a-double": _member(b'"x":1e400'),
        "leading-zero": _member(b'"x":01'),
        "plus-sign": _member(b'"x":+1'),
        "no-digit-after-point": _member(b'"x":1.'),
        "hexadecimal": _member(b'"x":0x1F'),
        "trailing-comma": lambda _, body: body[:-1] + b",}",
        "trailing-comma-in-list": lambda _, body: body.replace(b"]", b",]", 1),
        "comment": lambda _, body: b"{/* x */" + body[1:],
        "line-comment": lambda _, body: b"{// x\n" + body[1:],
        "comment-after-the-end": _around(after=b" // x"),
        "single-quotes": _member(b"'x':1"),
        "name-without-quotes": _member(b"x:1"),
        "python-literal": _member(b'"x":True'),
        "unknown-escape": _member(b'"x":"\\x41"'),
        "short-escape": _member(b'"x":"\\u12"'),
        "raw-line-end": _member(b'"x":"a\nb"'),
        "raw-nul": _member(b'"x":"\x00"'),
        "too-deep-lists": _member(b'"x":' + b"[" * _DEEP + b"]" * _DEEP),
        "too-deep-objects": _member(b'"x":' + b'{"a":' * _DEEP + b"1" + b"}" * _DEEP),
        "unclosed-depth": _instead(b"[" * 100_000),
        "missing-brace": lambda _, body: body[:-1],
        "repeated-member": _repeat_member,
        "repeated-member-escaped": _escaped_repeat,
    }
)
"""Name to the function that breaks a JSON body. The last two repeat a member, which is an error of its own."""

MALFORMED_XML: Final[Mapping[str, Callable[[Source, bytes], bytes]]] = MappingProxyType(
    {
        "truncated": _truncate,
        "empty": _instead(b""),
        "only-space": _instead(b"\n"),
        "only-declaration": _instead(b'<?xml version="1.0"?>'),
        "two-roots": _around(after=b"<xml/>"),
        "text-after-the-end": _around(after=b"x"),
        "text-before": _around(b"x"),
        "declaration-not-first": _around(b"\n"),
        "other-root": lambda _, body: body.replace(b"<xml>", b"<order>", 1).replace(b"</xml>", b"</order>"),
        "root-in-capitals": lambda _, body: body.replace(b"<xml>", b"<XML>", 1).replace(b"</xml>", b"</XML>"),
        "root-in-namespace": lambda _, body: body.replace(b"<xml>", b'<xml xmlns="urn:x">', 1),
        "utf-16": _recoded("utf-16"),
        "not-utf-8": _element(b"<x>\xff</x>"),
        "declared-latin-1": _prolog(b'<?xml version="1.0" encoding="ISO-8859-1"?>'),
        "version-1.1": _prolog(b'<?xml version="1.1"?>'),
        "no-version": _prolog(b'<?xml encoding="UTF-8"?>'),
        "dtd": _prolog(b"<!DOCTYPE xml>"),
        "internal-entity": lambda _, body: (
            b'<!DOCTYPE xml [<!ENTITY x "RUB">]>'
            + body[body.index(b"<xml>") :].replace(b"</data>", b"<tags>&x;</tags></data>", 1)
        ),
        "external-dtd": _prolog(b'<!DOCTYPE xml SYSTEM "file:///etc/passwd">'),
        "external-entity": lambda _, body: (
            b'<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            + body[body.index(b"<xml>") :].replace(b"<xml>", b"<xml>&x;", 1)
        ),
        "entity-bomb": lambda _, body: _BOMB + body[body.index(b"<xml>") :].replace(b"<xml>", b"<xml>&e;", 1),
        "undefined-entity": _element(b"<x>&nbsp;</x>"),
        "bare-ampersand": _element(b"<x>a & b</x>"),
        "bare-less-than": _element(b"<x>a < b</x>"),
        "cdata-end-in-text": _element(b"<x>]]></x>"),
        "open-cdata": _around(b"", b"<![CDATA["),
        "open-comment": _around(b"", b"<!-- "),
        "double-hyphen-in-comment": _element(b"<!-- a -- b -->"),
        "crossed-tags": _element(b"<a><b></a></b>"),
        "unclosed-tag": _element(b"<x>"),
        "attribute-without-quotes": _element(b"<x a=1/>"),
        "repeated-attribute": _element(b'<x a="1" a="2"/>'),
        "undeclared-prefix": _element(b"<p:x/>"),
        "name-with-digit-first": _element(b"<1x/>"),
        "control-character": _element(b"<x>\x0b</x>"),
        "nul": _element(b"<x>\x00</x>"),
        "reference-to-nul": _element(b"<x>&#0;</x>"),
        "reference-to-surrogate": _element(b"<x>&#xD800;</x>"),
        "too-deep": _element(b"<x>" * _DEEP + b"</x>" * _DEEP),
        "missing-end": lambda _, body: body.removesuffix(b"</xml>"),
        "repeated-element": _element(b"<token>other</token>"),
    }
)
"""Name to the function that breaks an XML body. The last repeats an element, which is an error of its own."""


def malformed_bodies(syntax: Syntax = "json", *, names: Sequence[str] | None = None) -> SearchStrategy[bytes]:
    """Bodies that are malformed, or repeat a field.

    Args:
        syntax: `json` or `xml`.
        names: Which of `MALFORMED_JSON` or `MALFORMED_XML`; None is all.

    Raises:
        ImpossibleRequest: if there is no such syntax or name.
    """
    if syntax not in ("json", "xml"):
        raise ImpossibleRequest("syntax", syntax, "json or xml")
    table = MALFORMED_JSON if syntax == "json" else MALFORMED_XML
    chosen = tuple(table) if names is None else tuple(names)
    unknown = [name for name in chosen if name not in table]
    if unknown or not chosen:
        raise ImpossibleRequest("names", unknown or names, "some of the keys of the table")
    return _malformed_bodies(syntax, chosen)


@st.composite
def _malformed_bodies(draw: DrawFn, syntax: Syntax, names: tuple[str, ...]) -> bytes:
    name = draw(st.sampled_from(names))
    event(f"malformed: {name}")
    source = DrawnSource(draw, TEXTS)
    request = OrderBuilder(source, parameters_of(lines=(1, 2))).request(source.integer(1, 9_999))
    return break_body(source, plain_body(request, syntax), syntax, name)


def break_body(source: Source, body: bytes, syntax: Syntax, name: str) -> bytes:
    """A plain *body*, broken in the way called *name*."""
    return (MALFORMED_JSON if syntax == "json" else MALFORMED_XML)[name](source, body)
