"""A body as read."""

from __future__ import annotations

from typing import Any

import pytest

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.document import Syntax, read_document, sniff_syntax
from altcraft_contract.documents.limits import Limits
from altcraft_contract.documents.problem import LongInteger
from tests.documents.bodies import SHAPE


@pytest.mark.parametrize(
    ("data", "syntax"),
    [
        (b"{}", "json"),
        (b"<xml/>", "xml"),
        (b" \r\n\t<xml/>", "xml"),
        (b" " * 100_000 + b"<xml/>", "xml"),
        (b"\xef\xbb\xbf<xml/>", "xml"),
        (b"\xef\xbb\xbf {}", "json"),
        ("<xml/>".encode("utf-16"), "xml"),
        ("\n<xml/>".encode("utf-16-be"), "xml"),
        (b"x", "json"),
        (b"", None),
        (b"\xef\xbb\xbf", None),
        (b" \n", None),
    ],
)
def test_the_first_character_tells_the_syntax(data: bytes, syntax: Syntax | None) -> None:
    """A less-than begins XML, anything else JSON, and nothing neither."""
    assert sniff_syntax(data) == syntax


@pytest.mark.parametrize(
    "body", [b'{"text":"a"}', bytearray(b'{"text":"a"}'), memoryview(b'{"text":"a"}'), '{"text":"a"}']
)
def test_every_kind_of_text_is_read(body: object) -> None:
    """Bytes of any kind and `str` are the same body."""
    document = read_document(body, SHAPE)

    assert (document.syntax, document.value, document.problems) == ("json", {"text": "a"}, [])
    assert document.data == b'{"text":"a"}'


@pytest.mark.parametrize("body", [b"<xml><text>a</text></xml>", "<xml><text>a</text></xml>", {"text": "a"}])
@pytest.mark.parametrize("exact", [False, True])
def test_the_exact_reader_alone_reads_the_same(body: object, exact: bool) -> None:
    """Without the fast reader the value is the same."""
    assert read_document(body, SHAPE, exact=exact).value == {"text": "a"}


@pytest.mark.parametrize("body", ['{"text":"\ud800"}', "<xml>\udfff</xml>", '{"text":"\ud83d\ude00"}', "\ufeff{}", ""])
def test_malformed_strings_are_malformed_documents(body: str) -> None:
    """A `str` with half a surrogate pair, a byte order mark or nothing in it is a body like another."""
    document = read_document(body, SHAPE)

    assert document.malformed
    assert [problem.kind for problem in document.problems] == ["malformed"]
    assert document.position(document.problems[0].offset) is not None


@pytest.mark.parametrize("body", [None, 5, [], object(), {"a": object()}])
def test_malformed_values_are_malformed_documents(body: object) -> None:
    """A body that is neither text nor a mapping is malformed, and has no place."""
    document = read_document(body, SHAPE)

    assert document.malformed
    assert document.problems[0].offset is None
    assert (document.text, document.locate([""]), document.position(0)) == ("", {}, None)


@pytest.mark.parametrize(
    ("body", "syntax"), [("é😀", "json"), (b"<xml/>", "json"), (b"{}", "xml"), (b"\xff\xfe", "xml"), (b"", "xml")]
)
def test_the_syntax_given_decides(body: object, syntax: Syntax) -> None:
    """What is said to be of one syntax is not read as the other."""
    document = read_document(body, SHAPE, syntax=syntax)

    assert (document.syntax, document.malformed) == (syntax, True)


def test_a_document_over_the_limit_is_refused_unread() -> None:
    """Only as much of it as the limit allows is ever decoded."""
    document = read_document(b'{"text":"aaaaaaaaaa"}', SHAPE, limits=Limits(max_bytes=10))

    assert document.problems[0].detail == "the body has more than the 10 bytes that are allowed"
    assert document.text == '{"text":"a'
    assert document.position(document.problems[0].offset) == (1, 1)


LOCATED: dict[str, tuple[str, str, tuple[int, int]]] = {
    "JSON": ('{\n  "text": "a",\n  "list": ["b", "c"]\n}', "/list/1", (3, 17)),
    "JSON with CR": ('{\r"text":\r"a"}', "/text", (3, 1)),
    "JSON with CRLF": ('{\r\n"list":\r\n["a",\r\n"b"]}', "/list/1", (4, 1)),
    "JSON with astral characters": ('{"x": "😀😀", "text": 1}', "/text", (1, 21)),
    "JSON, repeated": ('{"text": 1,\n"te\\u0078t": 2}', "/text", (2, 14)),
    "XML": ("<xml>\n  <text>a</text>\n</xml>", "/text", (2, 3)),
    "XML with a byte order mark": ("\ufeff<xml><text/></xml>", "/text", (1, 6)),
    "XML with CR": ("<xml>\r<list/>\r\r<list/></xml>", "/list/1", (4, 1)),
    "XML with astral characters": ("<xml><text>😀</text><number>1</number></xml>", "/number", (1, 20)),
    "XML, interleaved": ("<xml><list/>\n<text/>\n<list/></xml>", "/list/1", (3, 1)),
    "XML, repeated": ("<xml><text/>\n<text>😀</text></xml>", "/text", (2, 1)),
}


@pytest.mark.parametrize(("body", "pointer", "place"), LOCATED.values(), ids=LOCATED.keys())
@pytest.mark.parametrize("exact", [False, True])
def test_values_have_places(body: str, pointer: str, place: tuple[int, int], exact: bool) -> None:
    """A pointer leads to line and column, whatever ends the lines and however wide the characters are."""
    document = read_document(body, SHAPE, exact=exact)

    assert document.position(document.locate([pointer])[pointer]) == place


@pytest.mark.parametrize("syntax", ["json", "xml"])
def test_the_documented_examples_are_located(syntax: Syntax) -> None:
    """Each warning about the documented request has its place."""
    contract = load_contract()
    document = read_document(contract.examples[f"request.{syntax}"], contract.request_shape)
    pointers = ["/data/lines/0/requested_promotions/1", "/data/lines/1/requested_promotions/0", "/data/total_price"]

    starts = document.locate(pointers)

    assert sorted(pointers, key=lambda pointer: starts[pointer]) == [pointers[2], *pointers[:2]]


@pytest.mark.parametrize(
    "body",
    [f'{{"number":{"9" * 4301}}}', f"<xml><number>{'9' * 4301}</number></xml>", {"number": LongInteger("9" * 4301)}],
)
def test_integers_beyond_the_limit_on_digits_are_told(body: Any) -> None:
    """Whatever the syntax, the document says that it holds an integer that cannot be printed."""
    document = read_document(body, SHAPE)

    assert document.long_integers
    assert document.value["number"].text == "9" * 4301
