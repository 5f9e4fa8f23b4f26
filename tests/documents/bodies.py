"""Bodies to read: the acceptance set, what goes wrong with it on the way, and random texts of both syntaxes."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape

from hypothesis import strategies as st

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.shape import Shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.contract import Message, Syntax

ACCEPTANCE: Final = Path(__file__).resolve().parents[1] / "acceptance"

# A small document with one field of each kind.
SHAPE: Final = Shape(
    "object",
    {
        "text": Shape("string"),
        "number": Shape("integer"),
        "flag": Shape("boolean"),
        "list": Shape("list", item=Shape("string")),
        "group": Shape("object", {"text": Shape("string"), "items": Shape("list", item=Shape("object", {}))}),
        "extra": Shape("free"),
    },
)

_PIECES: Final = {
    "json": [
        *[b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"\\u", b"\\ud83d", b"\\ude00", b"\\u0000", b"\\u0061"],
        *[b"1e400", b"-0", b"1E5", b"1e-400", b"0.1", b"1.", b"01", b"NaN", b"Infinity", b"null", b"true"],
        *[b"\xff", b"\xed\xa0\x80", b"\xc0\x80", b"\xf0\x9f\x98\x80", b"\x00", b"\x7f", b"\n", b"\r", b" "],
        *[b"\xef\xbb\xbf", b"9" * 4300, b"-" + b"9" * 4300, b"9" * 4301, b"[[[[", b"]]]]", b"9007199254740993.0"],
        *[b'"a":1,', b'"\\u0061":2,', b'"":{},', b"1.7976931348623159e308", b"1.7976931348623158e308"],
    ],
    "xml": [
        *[b"<", b">", b"/", b"&", b";", b"&amp;", b"&quot;", b"&#13;", b"&#0;", b"&#xFFFE;", b"&#x41;", b"&foo;"],
        *[b"]]>", b"<![CDATA[x]]>", b"<!-- c -->", b"<!-- - -- -->", b"<?pi x?>", b'<?xml version="1.0"?>'],
        *[b"\r", b"\r\n", b"\n", b"\t", b" ", b"\x00", b"\x0b", b"\x7f", b"\xc2\x85", b"\xe2\x80\xa8", b"\xff"],
        *[b"\xef\xbf\xbe", b"\xef\xbf\xbd", b"\xef\xbb\xbf", b"\xf0\x9f\xbf\xbe", b"\xed\xa0\x80", b"\xd0\x96"],
        *[b"<a/>", b"<a>", b"</a>", b"<a />", b"</a >", b"<token>x</token>", b"<xml/>", b"<xml:a/>", b"<p:a/>"],
        *[b'<a xmlns="u"/>', b'<p:a xmlns:p="u"/>', b' xmlns:p=""', b' a="1"', b' xml:lang="en"', b"<!DOCTYPE xml>"],
        *[b"<tags>t</tags>", b"<tags/>", b"<lines/>", b"<custom_fields><k>v</k></custom_fields>", b"<k><l/></k>"],
        *[b"<count>1</count>", b"<\xd0\x96/>", b"<\xf0\x90\x80\x80/>", b"<-a/>", b"<1/>", b"<a.b-c/>", b"<:a/>"],
    ],
}
_TOUCHES: Final = (
    *(b"&amp;", b"&lt;", b"&quot;", b"&#65;", b"&", b"\r", b"\r\n", b"\n", b" ", b"\t", b"x", b">", b"/", b"/>", b"<"),
    *(b'"', b"=", b"]", b"]]>", b"-", b"\xc2\xa0", b"\xd0\x96", b"\x7f", b"\x00", b"\xef\xbf\xbd", b"1", b"+"),
    *(b"<tags/>", b"<tags>a</tags>", b"<q/>", b"<custom_fields><a/></custom_fields>", b"<k>v</k>", b"<lines/>"),
)
_PLACES: Final = {"json": b'{}[],:"', "xml": b"<>"}


@cache
def acceptance_bodies(syntax: Syntax) -> tuple[tuple[Message, bytes], ...]:
    """The message and the bytes of each acceptance body and documented example in *syntax*."""
    cases = [json.loads(line) for line in (ACCEPTANCE / "cases.jsonl").read_text(encoding="utf-8").splitlines()]
    examples = load_contract().examples
    return (
        *(
            (case["message"], (ACCEPTANCE / "cases" / case["file"]).read_bytes())
            for case in cases
            if case["syntax"] == syntax
        ),
        ("request", examples[f"request.{syntax}"]),
        ("response", examples[f"response.{syntax}"]),
    )


def seeded(seed: int) -> Random:
    """A generator whose draws are the same on every run."""
    return Random(seed)


def mutate(body: bytes, syntax: Syntax, random: Random) -> bytes:
    """*body* with a byte changed, something left out, repeated or put in; or all of these."""
    damaged = bytearray(body)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        place = random.randrange(len(damaged) + 1)
        places = [index for index, byte in enumerate(damaged) if byte in _PLACES[syntax]]
        if places and random.random() < 0.6:
            place = random.choice(places) + random.randrange(2)
        match random.choice(("flip", "cut", "copy", "drop", "noise", "piece", "piece", "piece")):
            case "flip" if damaged:
                damaged[random.randrange(len(damaged))] ^= 1 << random.randrange(8)
            case "cut":
                del damaged[place:]
            case "copy":
                damaged[place:place] = damaged[place : place + random.randrange(1, 60)]
            case "drop":
                del damaged[place : place + random.randrange(1, 30)]
            case "noise":
                damaged[place:place] = random.randbytes(random.randrange(1, 4))
            case _:
                damaged[place:place] = random.choice(_PIECES[syntax])
    return bytes(damaged)


def touch(body: bytes, random: Random) -> bytes:
    """XML *body* with one piece more beside a tag: a small change, which often leaves it well-formed."""
    bracket = random.choice(b"<>")
    places = [index for index, byte in enumerate(body) if byte == bracket]
    place = random.choice(places) + random.randrange(2)
    return body[:place] + random.choice(_TOUCHES) + body[place:]


def iter_mutants(syntax: Syntax, random: Random, count: int) -> Iterator[tuple[Message, bytes]]:
    """Draw *count* mutants of the acceptance bodies."""
    bodies = acceptance_bodies(syntax)
    for _ in range(count):
        message, body = random.choice(bodies)
        yield message, mutate(body, syntax, random)


def pointers_of(value: Any, pointer: str = "") -> Iterator[str]:
    """The pointers to *value* and to all that it holds."""
    yield pointer
    if isinstance(value, dict):
        for name, member in value.items():
            token = name.replace("~", "~0").replace("/", "~1")
            yield from pointers_of(member, f"{pointer}/{token}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from pointers_of(item, f"{pointer}/{index}")


def value_at(value: Any, pointer: str) -> Any:
    """What *pointer* points to."""
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value


_white_spaces = st.text(" \t\r\n", max_size=2)
_names = st.text(max_size=3) | st.sampled_from(["a", "b", "~", "/", "a/b", "~1", "0", '"', "\\"])
_numbers = st.sampled_from(["0", "-0", "-0.0", "1e5", "1E-5", "0.1", "9007199254740993", "1e308", "1e400", "9" * 400])


@st.composite
def _strings(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> str:
    return json.dumps(draw(texts), ensure_ascii=draw(st.booleans()))


def _containers(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    members = st.builds("{}{}{}:{}{}".format, _white_spaces, _strings(_names), _white_spaces, _white_spaces, values)
    items = st.builds("{}{}{}".format, _white_spaces, values, _white_spaces)
    return st.lists(members, max_size=4).map(lambda parts: "{" + ",".join(parts) + "}") | st.lists(
        items, max_size=4
    ).map(lambda parts: "[" + ",".join(parts) + "]")


json_values = st.recursive(
    _strings(st.text()) | _numbers | st.sampled_from(["true", "false", "null", "nul", "NaN", '"\\ud800"', '"\\x"']),
    _containers,
    max_leaves=12,
)
json_texts = st.builds("{}{}{}".format, _white_spaces, json_values, _white_spaces)

_leaf_texts = st.text(max_size=4).map(escape) | st.sampled_from(
    ["1", "true", " +07 ", "x", "", " ", "&#13;", "<![CDATA[<]]>"]
)
_leaves = st.builds(
    lambda name, text, form: form.format(name=name, text=text),
    st.sampled_from(["text", "number", "flag", "list", "unknown", "p:q", "Ж"]),
    _leaf_texts,
    st.sampled_from(
        ["<{name}>{text}</{name}>", "<{name}/>", "<{name} a=''>{text}</{name}>", "{text}", " ", "<!-- -->"]
    ),
)
xml_texts = st.recursive(
    _leaves,
    lambda parts: st.builds(
        lambda name, inner: f"<{name}>{''.join(inner)}</{name}>",
        st.sampled_from(["group", "extra", "items", "list", "text", "unknown"]),
        st.lists(parts, max_size=5),
    ),
    max_leaves=12,
)
xml_documents = st.builds(
    "{}<xml>{}</xml>{}".format,
    st.sampled_from(["", "\ufeff", '<?xml version="1.0"?>\n', '\ufeff<?xml version="1.0" encoding="UTF-8"?>\r\n', " "]),
    st.lists(xml_texts, max_size=6).map("".join),
    st.sampled_from(["", "\n", "x", "<xml/>"]),
)
