"""Bodies as text, from either syntax to either."""

from __future__ import annotations

import json
import pickle

import pytest

from altcraft_contract.contract import load_contract
from altcraft_contract.conversion import convert, message_of
from altcraft_contract.errors import ConversionError

EXAMPLES = load_contract().examples


@pytest.mark.parametrize("name", ["request.xml", "response.json", "response.xml"])
def test_there_and_back(name: str) -> None:
    """A documented example that is converted twice is what it was."""
    once = convert(EXAMPLES[name])

    assert convert(convert(once)) == once
    assert convert(once, to="json") == convert(EXAMPLES[name], to="json")


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("syntax", ["json", "xml"])
def test_target(name: str, syntax: str) -> None:
    """The syntax to write may be named, also if it is that of the body."""
    text = convert(EXAMPLES[name], to="json" if syntax == "json" else "xml").decode()

    assert text.startswith("{" if syntax == "json" else "<?xml")
    assert text.endswith("\n")


def test_json_text() -> None:
    """JSON is written in UTF-8, indented by two spaces, with the characters themselves."""
    assert convert("<xml><token>ключ</token><data><tags>a</tags></data></xml>") == (
        '{\n  "token": "ключ",\n  "data": {\n    "tags": [\n      "a"\n    ]\n  }\n}\n'.encode()
    )


def test_text_is_taken_as_bytes_are() -> None:
    """A body may be text or bytes."""
    assert convert(EXAMPLES["request.json"].decode()) == convert(EXAMPLES["request.json"])


@pytest.mark.parametrize("digits", [4_300, 4_301, 5_000, 100_000])
def test_integers_of_many_digits(digits: int) -> None:
    """Integers of any length are written in JSON as they stood in XML, and the other way round."""
    xml = "<xml><data><lines><line_number>{0}</line_number><count>-{0}</count></lines></data></xml>".format(
        "8" * digits
    )

    text = convert(xml)

    assert text.count(b"8" * digits) == 2
    assert f'"count": -{"8" * digits}\n'.encode() in text
    assert convert(convert(text)) == text


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ("", ""),
        ("{", ""),
        ("<xml", ""),
        ('{"token": null}', "/token"),
        ('{"token": "a", "token": "b"}', "/token"),
        ("<xml><token>a</token><token>b</token></xml>", "/token"),
        (b"\xff\xfe<\x00", ""),
        ("\ud800", ""),
    ],
)
def test_body_that_cannot_be_converted(body: bytes | str, pointer: str) -> None:
    """A body that the other syntax cannot carry is refused, with a pointer."""
    with pytest.raises(ConversionError) as raised:
        convert(body)

    assert raised.value.pointer == pointer


def test_refusal_pickles_and_reads_well() -> None:
    """A refusal survives pickling and says where and why."""
    error = ConversionError("/data/region", "is null")

    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - what has been pickled on the same line

    assert (copy.pointer, copy.reason) == ("/data/region", "is null")
    assert str(copy) == "/data/region: is null"
    assert str(ConversionError("", "malformed")) == "the document: malformed"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"error": 0}, "response"),
        ({"error_text": None}, "response"),
        ({"data": {"error": 0}}, "request"),
        ({}, "request"),
        (None, "request"),
        ([{"error": 0}], "request"),
        ("error", "request"),
    ],
)
def test_message_of_a_value(value: object, message: str) -> None:
    """A top-level `error` or `error_text` makes a value a response."""
    assert message_of(value) == message


def test_message_may_be_named() -> None:
    """A body may be said to be a response that does not look like one."""
    body = json.dumps({"data": {"contents": [{"contents": [{"type": "text"}]}]}})

    assert convert(convert(body, message="response"), message="response", to="json") == convert(
        body, to="json", message="response"
    )
