"""JSON form to XML: what is written, and what XML cannot carry."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from altcraft_contract.contract import load_contract
from altcraft_contract.conversion import from_xml, to_xml, write_xml
from altcraft_contract.errors import ConversionError
from altcraft_contract.rules.samples import sample_message
from altcraft_contract.validation import check_request

REQUEST = json.loads(load_contract().examples["request.json"])


def with_values(edits: dict[str, Any]) -> dict[str, Any]:
    """The sample request with *edits*, pointer to value."""
    return sample_message(edits, "request")


def test_documented_request() -> None:
    """The documented request is written as the page writes it, but for the fields that the page's XML leaves out."""
    value = deepcopy(REQUEST)
    del value["data"]["tags"], value["data"]["custom_fields"]

    written = ET.canonicalize(to_xml(value).decode(), strip_text=True)

    assert written == ET.canonicalize(load_contract().examples["request.xml"].decode(), strip_text=True)


def test_documented_response() -> None:
    """The documented response is written as the page writes it."""
    written = ET.canonicalize(to_xml(load_contract().examples["response.json"]).decode(), strip_text=True)

    assert written == ET.canonicalize(load_contract().examples["response.xml"].decode(), strip_text=True)


def test_form_of_the_text() -> None:
    """The document is UTF-8 with a declaration, indented by two spaces, and ends with a line end."""
    assert (
        to_xml({"external_id": "ключ", "data": {"tags": ["a", "b"], "custom_fields": {}}})
        == (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            "<xml>\n"
            "  <external_id>ключ</external_id>\n"
            "  <data>\n"
            "    <tags>a</tags>\n"
            "    <tags>b</tags>\n"
            "    <custom_fields/>\n"
            "  </data>\n"
            "</xml>\n"
        ).encode()
    )


@pytest.mark.parametrize(
    "body", [json.dumps(REQUEST), json.dumps(REQUEST).encode(), REQUEST, json.dumps(REQUEST, ensure_ascii=False)]
)
def test_kinds_of_bodies(body: object) -> None:
    """A body may be text, bytes or a parsed value."""
    assert to_xml(body) == to_xml(REQUEST)


@pytest.mark.parametrize(
    ("pointer", "value", "text"),
    [
        ("/skip_triggers", True, "true"),
        ("/skip_triggers", False, "false"),
        ("/data/lines/0/line_number", -5, "-5"),
        ("/data/lines/0/line_number", 2.0, "2"),
        ("/data/lines/0/line_number", 1e22, "10000000000000000000000"),
        ("/data/region", "a & b <c> ]]> \"d\" 'e'", "a & b <c> ]]> \"d\" 'e'"),
        ("/data/region", "a\rb\r\nc\n", "a\rb\r\nc\n"),
        ("/data/region", "  spaces \t kept  ", "  spaces \t kept  "),
        ("/data/region", "😀 \x7f\x85\u2028\ufffd", "😀 \x7f\x85\u2028\ufffd"),
        ("/data/region", "", ""),
        ("/data/custom_fields", {"a": 1.5}, "1.5"),
        ("/data/custom_fields", {"a": True}, "true"),
        ("/data/custom_fields", {"a": 10**30}, str(10**30)),
        ("/data/custom_fields", {"ключ": "значение"}, "значение"),
    ],
)
def test_text_of_an_element(pointer: str, value: Any, text: str) -> None:
    """A leaf is written so that any reader of XML reads the very same text."""
    root = ET.fromstring(to_xml(with_values({pointer: value})))  # noqa: S314 - our own output

    element = root.find(pointer.removeprefix("/").replace("/0", ""))

    assert element is not None
    assert (element[0] if len(element) else element).text == (text or None)


@pytest.mark.parametrize(
    ("pointer", "value", "at", "reason"),
    [
        ("/token", None, "/token", "is null"),
        ("/data/custom_fields", {"a": None}, "/data/custom_fields/a", "is null"),
        ("/data/lines/0", None, "/data/lines/0", "is null where an object is documented"),
        ("/data/tags", None, "/data/tags", "is null where a list is documented"),
        ("/data/tags", ["a", None], "/data/tags/1", "is null"),
        ("/colour", None, "/colour", "XML would lose that it is null"),
        ("/data/region", "a\x00b", "/data/region", "U+0000"),
        ("/data/region", "\x1b[31m", "/data/region", "U+001B"),
        ("/data/region", "\ufffe", "/data/region", "U+FFFE"),
        ("/data/lines/0/sku", "\x0b", "/data/lines/0/sku", "U+000B"),
        ("/data/tags", ["a", "\x01"], "/data/tags/1", "U+0001"),
        ("/data/custom_fields", {"a": "\x08"}, "/data/custom_fields/a", "U+0008"),
        ("/data/custom_fields", {"a b": "1"}, "/data/custom_fields/a b", "name"),
        ("/data/custom_fields", {"1a": "1"}, "/data/custom_fields/1a", "name"),
        ("/data/custom_fields", {"p:a": "1"}, "/data/custom_fields/p:a", "name"),
        ("/data/custom_fields", {"": "1"}, "/data/custom_fields/", "name"),
        ("/data/custom_fields", {"a/b~": "1"}, "/data/custom_fields/a~1b~0", "name"),
        ("/data/custom_fields", {"a\u0378": "1"}, "/data/custom_fields/a\u0378", "name"),
        ("/data/custom_fields", {"\U00010000": "1"}, "/data/custom_fields/\U00010000", "name"),
        ("/data/custom_fields", {"-a": "1"}, "/data/custom_fields/-a", "name"),
        ("/data/a&b", "1", "/data/a&b", "name"),
        ("/data/custom_fields", {"a": {"b": "1"}}, "/data/custom_fields/a", "is an object"),
        ("/data/custom_fields", {"a": ["1"]}, "/data/custom_fields/a", "is a list"),
        ("/data/custom_fields", ["1"], "/data/custom_fields", "is a list where an object is documented"),
        ("/data/total_price", 2500, "/data/total_price", "is a number where a string is documented"),
        ("/data/lines/0/count", "1", "/data/lines/0/count", "is a string where a whole number is documented"),
        ("/data/lines/0/count", 1.5, "/data/lines/0/count", "is a number where a whole number is documented"),
        ("/data/lines/0/count", True, "/data/lines/0/count", "is a boolean where a whole number is documented"),
        ("/skip_triggers", "true", "/skip_triggers", "is a string where a boolean is documented"),
        ("/skip_triggers", 1, "/skip_triggers", "is a number where a boolean is documented"),
        ("/data/lines", {}, "/data/lines", "is an object where a list is documented"),
        ("/data/lines/0", "1", "/data/lines/0", "is a string where an object is documented"),
        ("/data", [], "/data", "is a list where an object is documented"),
        ("/data/region", {"a": "1"}, "/data/region", "is an object"),
        ("/colour", 1, "/colour", "is not documented, and XML would lose that it is a number"),
        ("/colour", {"a": "1"}, "/colour", "is not documented, and XML would lose that it is an object"),
        ("/data/colours", ["red"], "/data/colours", "is not documented, and XML would lose that it is a list"),
    ],
)
def test_value_that_xml_cannot_carry(pointer: str, value: Any, at: str, reason: str) -> None:
    """What XML cannot carry without loss is refused, with a pointer to it."""
    with pytest.raises(ConversionError) as raised:
        to_xml(with_values({pointer: value}))

    assert raised.value.pointer == at
    assert reason in raised.value.reason


@pytest.mark.parametrize(
    ("body", "at", "reason"),
    [
        ("{", "", "malformed"),
        ("", "", "malformed"),
        ("[]", "", "malformed"),
        ("\ufeff{}", "", "malformed"),
        (b"\xff", "", "malformed"),
        ('{"error": 1e400}', "", "malformed"),
        ('{"token": "\\ud800"}', "", "malformed"),
        ('{"token": "a", "token": "b"}', "/token", "more than once"),
        ('{"data": {"lines": [{}, {"sku": "a", "sku": "b"}]}}', "/data/lines/1/sku", "more than once"),
        ('{"data": {"custom_fields": {"a": {"b": 1, "b": 2}}}}', "/data/custom_fields/a/b", "more than once"),
        (["a"], "", "malformed"),
        ({"token": float("nan")}, "", "malformed"),
        ({1: "a"}, "", "malformed"),
    ],
)
def test_body_that_cannot_be_read(body: object, at: str, reason: str) -> None:
    """A malformed body, and one that repeats a member, is refused."""
    with pytest.raises(ConversionError) as raised:
        to_xml(body)

    assert raised.value.pointer == at
    assert reason in raised.value.reason


def test_undocumented_text_is_carried() -> None:
    """A member that is not documented is carried if it is text."""
    assert from_xml(to_xml(with_values({"/colour": "red"})))["colour"] == "red"


def test_order_of_members_is_kept() -> None:
    """Members stand in XML, and come back, in the order in which they stood."""
    value = {"phone": "1", "token": "2", "data": {"tags": ["b", "a"], "endpoint": "x"}, "external_id": "3"}

    back = from_xml(to_xml(value))

    assert back == value
    assert list(back) == ["phone", "token", "data", "external_id"]
    assert list(back["data"]) == ["tags", "endpoint"]


@pytest.mark.parametrize(("digits", "sign"), [(5_000, ""), (5_000, "-"), (4_301, ""), (4_300, ""), (100_000, "")])
def test_integer_of_many_digits(digits: int, sign: str) -> None:
    """An integer is carried exactly, however long."""
    text = f"{sign}1{'0' * (digits - 1)}"
    body = json.dumps(with_values({"/data/lines/0/line_number": -7})).replace("-7", text)

    xml = to_xml(body)

    assert f"<line_number>{text}</line_number>" in xml.decode()
    assert to_xml(from_xml(xml)) == xml


def test_empty_lists_are_not_written() -> None:
    """An empty list is nothing in XML, which is a documented limit."""
    value = with_values({"/data/promocodes": [], "/data/lines/0/requested_promotions": []})

    assert from_xml(to_xml(value)) == with_values({})


def test_list_of_one_item_stays_a_list() -> None:
    """A list of one item comes back as a list."""
    value = with_values({"/data/tags": ["a"], "/data/promocodes": [{"code": "A", "pool_id": 1}]})

    assert from_xml(to_xml(value)) == value


def test_empty_item_is_an_item() -> None:
    """An empty text and an empty object are items, not nothing."""
    value = {"data": {"tags": ["", "a", ""], "promocodes": [{}, {"code": ""}, {}]}}

    assert from_xml(to_xml(value)) == value


def test_custom_fields_come_back_as_text() -> None:
    """Numbers and booleans in custom fields are text on the way back, which is a documented limit."""
    value = with_values({"/data/custom_fields": {"a": 1, "b": 1.50, "c": True, "d": "e"}})

    back = from_xml(to_xml(value))

    assert back["data"]["custom_fields"] == {"a": "1", "b": "1.5", "c": "true", "d": "e"}


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({"data": {"contents": [{"contents": [{"type": "text"}]}]}, "error": 0}, "response"),
        ({"data": {"contents": [{}]}, "error_text": ""}, "response"),
        ({"data": {"tags": ["a"]}}, "request"),
    ],
)
def test_message_is_told_by_its_fields(value: dict[str, Any], name: str) -> None:
    """A body with `error` or `error_text` is a response, and any other a request."""
    assert to_xml(value) == to_xml(value, message="response" if name == "response" else "request")
    assert from_xml(to_xml(value)) == value


def test_message_may_be_named() -> None:
    """A body that looks like a request is written as the response that it is said to be."""
    value: dict[str, Any] = {"data": {"contents": [{"contents": [{"type": "text"}]}]}}

    assert b"<type>text</type>" in to_xml(value, message="response")
    with pytest.raises(ConversionError):
        to_xml(value)


def test_writing_what_stands_there() -> None:
    """Without strictness a leaf of the wrong type is written as it stands, for tests of those who read it."""
    value = with_values({"/data/lines/0/count": "two", "/data/total_price": 5, "/skip_triggers": "yes"})

    findings = check_request(write_xml(value, "request", strict=False)).findings

    assert [(finding.rule, finding.pointer) for finding in findings] == [
        ("final-total-above-total", "/data/final_total_price"),
        ("wrong-type", "/data/lines/0/count"),
        ("wrong-type", "/skip_triggers"),
    ]


def test_writing_without_strictness_still_refuses_null() -> None:
    """What XML has no form for is refused, strict or not."""
    with pytest.raises(ConversionError, match="null"):
        write_xml({"token": None}, "request", strict=False)


def test_limits_hold() -> None:
    """What nests deeper than a reader goes is refused instead of written."""
    value: Any = "x"
    for _ in range(200):
        value = [value]

    with pytest.raises(ConversionError, match="levels"):
        to_xml({"a": value})
