"""What a body is taken for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.limits import DEFAULT_LIMITS
from altcraft_contract.lint.recognition import is_message, may_hold_message, message_of_body, syntax_of_file

if TYPE_CHECKING:
    from altcraft_contract.contract import Syntax

CONTRACT = load_contract()
EXAMPLES = [(name, body) for name, body in CONTRACT.examples.items()]


def syntax_of(name: str) -> Syntax:
    """The syntax of an example."""
    return "xml" if name.endswith("xml") else "json"


@pytest.mark.parametrize(
    ("start", "suffix", "syntax"),
    [
        (b"<xml/>", ".json", "xml"),
        (b"\xef\xbb\xbf \n<xml/>", "", "xml"),
        (b'{"a": 1}', ".xml", "json"),
        (b'{"a": 1}', ".ndjson", "ndjson"),
        (b'{"a": 1}', ".jsonl", "ndjson"),
        (b'{"a": 1}\n{"b": 2}\n', "", "ndjson"),
        (b'\n{"a": 1}\r\n\r\n{"b": 2}', ".txt", "ndjson"),
        (b'{"a": 1}\n{"b": 2}\n', ".json", "json"),
        (b'{"a": 1}\n', "", "json"),
        (b'{\n "a": 1\n}\n', ".ndjson", "json"),
        (b'{\r\n "a": 1\r\n}\r\n', ".jsonl", "json"),
        (b'{\n{"a": 1}\n', ".ndjson", "ndjson"),
        (b'{"a": \n{"a": 1}\n', ".ndjson", "ndjson"),
        (b"", ".ndjson", "ndjson"),
        (b"", "", "json"),
        (b"\x00\xff", ".json", "json"),
    ],
)
def test_the_syntax_is_told_by_content_then_by_suffix(start: bytes, suffix: str, syntax: str) -> None:
    """A `<` makes a file XML; objects one a line make it NDJSON, unless it is called JSON; else the suffix decides."""
    assert syntax_of_file(start, suffix) == syntax


@pytest.mark.parametrize(("name", "body"), EXAMPLES)
def test_an_example_is_taken_for_what_it_is(name: str, body: bytes) -> None:
    """The documented examples are messages, and known as request or response."""
    syntax = syntax_of(name)
    message = message_of_body(body, syntax, CONTRACT, DEFAULT_LIMITS)
    assert message == name.partition(".")[0]
    assert is_message(body, syntax, message, CONTRACT, DEFAULT_LIMITS)


@pytest.mark.parametrize(("name", "body"), EXAMPLES)
def test_half_an_example_is_still_a_message(name: str, body: bytes) -> None:
    """A body that breaks off is a broken message, not something else."""
    syntax = syntax_of(name)
    half = body[: len(body) * 3 // 4]
    message = message_of_body(half, syntax, CONTRACT, DEFAULT_LIMITS)
    assert is_message(half, syntax, message, CONTRACT, DEFAULT_LIMITS)


@pytest.mark.parametrize(
    "body",
    [
        b'{"error": 0}',
        b'{"error_text": ""}',
        b'{"\\u0065rror": 1}',
        b'{"error": 5, ',
        b"<xml><error>0</error></xml>",
        b"<xml><error>0</error>",
    ],
)
def test_an_error_at_the_top_makes_a_response(body: bytes) -> None:
    """A body with `error` or `error_text` at the top, however written, is a response."""
    assert message_of_body(body, "xml" if body.startswith(b"<") else "json", CONTRACT, DEFAULT_LIMITS) == "response"


@pytest.mark.parametrize("body", [b'{"data": {"error": 0}}', b'{"a": "error"}', b"{}", b"", b"\xff", b'["error"]'])
def test_an_error_elsewhere_does_not(body: bytes) -> None:
    """The word anywhere else leaves a body a request."""
    assert message_of_body(body, "json", CONTRACT, DEFAULT_LIMITS) == "request"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"a": 1},
        {"email": "a@b.example", "phone": "+79991234567"},
        {"data": {"lines": []}},
        {"name": "altcraft", "version": "1.0.0", "dependencies": {}},
    ],
)
def test_other_documents_are_no_messages(body: object) -> None:
    """One documented name, or two that any document might have, make no message."""
    for text in (json.dumps(body), json.dumps([body]), json.dumps(body)[:-1]):
        assert not is_message(text.encode(), "json", "request", CONTRACT, DEFAULT_LIMITS)


def test_a_broken_document_is_a_message_by_its_telling_names() -> None:
    """A document that cannot be read is a message if a name stands in it that hardly any other document has."""
    assert is_message(b'{"final_total_price": ', "json", "request", CONTRACT, DEFAULT_LIMITS)
    assert is_message(b'[{"points_info": 1}]', "json", "request", CONTRACT, DEFAULT_LIMITS)


@pytest.mark.parametrize("text", ['"data"', "<error_text>", "{'external_id'", "final_total_price"])
def test_a_quick_look_sees_the_names_of_messages(text: str) -> None:
    """A file that mentions a name that messages cannot do without may hold one; prose about data does not."""
    assert may_hold_message(text.encode())
    assert not may_hold_message(b"Some data, an error, and no external ids.")
