"""Servers that accept malformed bodies, by mending them or by looking away."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from tests.fuzz.zoo.behaviour import Behaviour
from tests.fuzz.zoo.forgiving import accepts, forgiving
from tests.fuzz.zoo.samples import full, raw, replaced, sent
from tests.fuzz.zoo.syntaxes import write_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from altcraft_contract.contract import Syntax
    from tests.fuzz.zoo.client import Sent
    from tests.fuzz.zoo.fault import Fault

_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>'


def _mending(syntax: Syntax, mend: Callable[[bytes], bytes]) -> Behaviour:
    return Behaviour(mends=lambda body, written: mend(body) if written == syntax else body)


def _without(pattern: bytes, syntax: Syntax, by: bytes = b"") -> Behaviour:
    expression = re.compile(pattern, re.DOTALL)
    return _mending(syntax, lambda body: expression.sub(by, body))


def _json() -> Iterator[Fault]:
    def row(name: str, description: str, behaviour: Behaviour, witness: Sent, *, hard: bool = False) -> Fault:
        return accepts(name, f"JSON with {description}", behaviour, witness, hard=hard)

    body = write_value(full(), "json")
    start = '"data":'
    yield row("trailing-comma", "trailing commas", _without(rb",\s*(?=[}\]])", "json"), raw(body[:-1] + b",}"))
    comments = _without(rb"/\*.*?\*/", "json")
    yield row("comments", "comments", comments, replaced(start, f"/* x */{start}"))
    quotes = _without(rb"'([^'\"]*)'", "json", rb'"\1"')
    yield row("single-quotes", "single quotes", quotes, replaced(start, f"'x':1,{start}"))
    bare = _without(rb"([{,])\s*([a-z_]+)\s*:", "json", rb'\1"\2":')
    yield row("names-without-quotes", "bare names", bare, replaced(start, f"x:1,{start}"), hard=True)
    constants = _without(rb":\s*-?(NaN|Infinity)", "json", b":0")
    yield row("nan", "NaN and Infinity", constants, replaced(start, f'"x":NaN,{start}'))
    mark = _mending("json", lambda text: text.removeprefix(b"\xef\xbb\xbf"))
    yield row("byte-order-mark", "a byte order mark", mark, raw(b"\xef\xbb\xbf" + body), hard=True)
    after = _mending("json", lambda text: text[: text.rfind(b"}") + 1])
    yield row("text-after-json", "text after the end", after, raw(body + b"x"))
    nul = _mending("json", lambda text: text.rstrip(b"\0"))
    yield row("nul-after-json", "a NUL after the end", nul, raw(body + b"\0"), hard=True)
    latin = _mending("json", lambda text: text.decode(errors="replace").encode())
    yield row("not-utf-8", "bytes that are no UTF-8", latin, raw(body.replace(b"moscow", b"\xffmoscow")))
    lone = _without(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}", "json", b"?")
    yield row("lone-surrogate", "lone surrogates", lone, replaced(start, f'"x":"\\ud800",{start}'), hard=True)
    zeros = _without(rb'":[0+]+(?=[1-9])', "json", b'":')
    yield row("leading-zeros-in-json", "01 and +1", zeros, replaced(start, f'"x":01,{start}'), hard=True)
    raw_control = _mending("json", lambda text: text.replace(b"\n", b" "))
    yield row("raw-line-end", "raw line ends in texts", raw_control, replaced("moscow", "mos\ncow"), hard=True)
    python = _without(rb":True\b", "json", b":true")
    yield row("python-literals", "True for true", python, replaced(start, f'"x":True,{start}'), hard=True)
    wide = _mending("json", lambda text: text.decode("utf-16").encode() if text[:2] == b"\xff\xfe" else text)
    yield row("utf-16", "UTF-16", wide, raw(body.decode().encode("utf-16")))
    unwrapped = _mending("json", lambda text: text[1:-1] if text[:1] == b"[" else text)
    yield row("list-around-the-order", "a list around the order", unwrapped, raw(b"[" + body + b"]"))
    yield row("any-malformed-json", "any mistake", forgiving("malformed", syntax="json"), raw(b"{" + body))
    braces = _mending("json", lambda text: text + b"}" * (text.count(b"{") - text.count(b"}")))
    yield row("missing-brace", "a missing brace at the end", braces, raw(body[:-1]), hard=True)


def _xml() -> Iterator[Fault]:
    body = write_value(full(), "xml")
    root = body.removeprefix(_DECLARATION.encode())

    def row(name: str, description: str, behaviour: Behaviour, witness: bytes, *, hard: bool = True) -> Fault:
        return accepts(name, f"XML with {description}", behaviour, raw(witness, "xml"), hard=hard)

    def within(text: bytes) -> bytes:
        return body.replace(b"<xml>", b"<xml>" + text, 1)

    dtd = _without(rb"<!DOCTYPE[^\[>]*(\[.*?\])?\s*>", "xml")
    yield row("dtd", "a DTD", dtd, b"<!DOCTYPE xml>" + root, hard=False)
    entities = _mending("xml", _without_entities)
    yield row(
        "entities",
        "entities that it declares",
        entities,
        b'<!DOCTYPE xml [<!ENTITY a "b">]>' + within(b"<x>&a;</x>")[len(_DECLARATION) :],
    )
    latin = _without(rb"encoding=(['\"])(?i:iso-8859-1|us-ascii|windows-1251)\1", "xml", b'encoding="UTF-8"')
    yield row(
        "latin-1-declaration", "a declared ISO-8859-1", latin, b'<?xml version="1.0" encoding="ISO-8859-1"?>' + root
    )
    version = _without(rb"version=(['\"])1\.1\1", "xml", b'version="1.0"')
    yield row("version-1-1", "version 1.1", version, b'<?xml version="1.1"?>' + root)
    end = _mending("xml", lambda text: text[: text.find(b"</xml>") + 6] if b"</xml>" in text else text)
    yield row("two-roots", "more after the root", end, body + b"<xml/>")
    yield row("text-after-xml", "text after the root", _without(rb"(?<=</xml>)\w+\Z", "xml"), body + b"x")
    before = _mending("xml", lambda text: text.lstrip())
    yield row("space-before-declaration", "space before the declaration", before, b"\n" + body)
    other = _without(rb"(</?)(order|request|Xml|XML|root)>", "xml", rb"\1xml>")
    yield row("other-root", "another root", other, body.replace(b"xml>", b"order>"), hard=False)
    ampersand = _without(rb"&(?![#a-zA-Z])", "xml", b"&amp;")
    yield row("bare-ampersand", "bare ampersands", ampersand, within(b"<x>a & b</x>"))
    undefined = _without(rb"&(nbsp|copy|laquo|raquo);", "xml", b"?")
    yield row("html-entities", "entities of HTML", undefined, within(b"<x>&nbsp;</x>"))
    control = _without(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", "xml", b"?")
    yield row("control-characters", "control characters", control, within(b"<x>\x0b</x>"))
    reference = _without(rb"&#(0+|x0+|x[dD]8[0-9a-fA-F]{2});", "xml", b"?")
    yield row("reference-to-nul", "references to NUL or surrogates", reference, within(b"<x>&#0;</x>"))
    quotes = _without(rb"<([a-z]+) ([a-z]+)=(\w+)(/?)>", "xml", rb'<\1 \2="\3"\4>')
    yield row("attributes-without-quotes", "attributes without quotes", quotes, within(b"<x a=1/>"))
    prefix = _without(rb"<(/?)[a-z]+:", "xml", rb"<\1")
    yield row("undeclared-prefix", "undeclared prefixes", prefix, within(b"<p:x/>"))
    hyphens = _without(rb"<!--.*?-->", "xml")
    yield row("double-hyphen", "two hyphens in a comment", hyphens, within(b"<!-- a -- b -->"))
    missing = _mending("xml", lambda text: text if text.rstrip().endswith(b"</xml>") else text + b"</xml>")
    yield row("missing-end-tag", "the last end tag missing", missing, body.removesuffix(b"</xml>"))
    yield row("any-malformed-xml", "any mistake", forgiving("malformed", syntax="xml"), body + b"x", hard=False)


def _without_entities(body: bytes) -> bytes:
    """The body with each entity that its DTD declares put in."""
    dtd = re.search(rb"<!DOCTYPE[^\[>]*\[(.*?)\]\s*>", body, re.DOTALL)
    if dtd is None:
        return body
    rest = body.replace(dtd[0], b"", 1)
    for name, text in re.findall(rb'<!ENTITY\s+(\w+)\s+"([^"]*)"', dtd[1]):
        rest = rest.replace(b"&" + name + b";", text)
    return rest


def _forms() -> Iterator[Fault]:
    """Lexical forms of XML."""

    def row(name: str, at: str, when: Any, pointer: str, value: str) -> Fault:
        behaviour = forgiving("wrong-type", at=at, syntax="xml", when=lambda found, _: when(str(found)))
        return accepts(name, f"{value!r} at {at} in XML", behaviour, sent({pointer: value}, "xml"), hard=True)

    yield row("fraction-in-xml", ".*", lambda text: text.endswith(".0"), "/data/lines/0/count", "1.0")
    yield row("exponent-in-xml", ".*", lambda text: "e" in text and text[:1].isdigit(), "/data/lines/0/count", "1e0")
    yield row("empty-integer-in-xml", ".*", lambda text: not text, "/data/lines/0/line_number", "")
    yield row("boolean-in-capitals", "/skip_triggers", lambda text: text == "TRUE", "/skip_triggers", "TRUE")
    yield row("boolean-in-words", "/skip_triggers", lambda text: text == "yes", "/skip_triggers", "yes")
    beside = accepts(
        "text-beside-elements",
        "text beside the elements of an object",
        forgiving("wrong-type", at=r"/data(/lines/\d+)?", syntax="xml"),
        replaced("<data>", "<data>text", "xml"),
        hard=True,
    )
    inside = accepts(
        "elements-in-values",
        "elements within a value in XML",
        forgiving("wrong-type", at="/data/(status|endpoint|region)", syntax="xml"),
        replaced("moscow", "moscow<value/>", "xml"),
        hard=True,
    )
    yield from (beside, inside)


TEXTS: Final = (*_json(), *_xml(), *_forms())
"""Faults of this family."""
