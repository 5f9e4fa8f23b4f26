"""XML to JSON form: what is read, and what JSON has no form for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from altcraft_contract.contract import load_contract
from altcraft_contract.conversion import from_xml, to_xml
from altcraft_contract.documents.limits import Limits
from altcraft_contract.errors import ConversionError

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


@pytest.mark.parametrize("message", ["request", "response"])
def test_documented_example(message: str) -> None:
    """The documented XML is read as the documented JSON, but for the fields that it leaves out."""
    expected = json.loads(load_contract().examples[f"{message}.json"])
    for field in ("tags", "custom_fields"):
        expected["data"].pop(field, None)

    assert from_xml(load_contract().examples[f"{message}.xml"]) == expected


@pytest.mark.parametrize(
    ("xml", "value"),
    [
        ("<xml/>", {}),
        ("<xml> \n </xml>", {}),
        ("<xml><token/></xml>", {"token": ""}),
        ("<xml><token> a </token></xml>", {"token": " a "}),
        ("<xml><token>a&#13;b<![CDATA[<&>]]><!-- x -->c</token></xml>", {"token": "a\rb<&>c"}),
        ("<xml><token>a\r\nb</token></xml>", {"token": "a\nb"}),
        ("<xml><data/></xml>", {"data": {}}),
        ("<xml><skip_triggers> 1 </skip_triggers></xml>", {"skip_triggers": True}),
        ("<xml><skip_triggers>maybe</skip_triggers></xml>", {"skip_triggers": "maybe"}),
        ("<xml><data><lines><count> +007\n</count></lines></data></xml>", {"data": {"lines": [{"count": 7}]}}),
        ("<xml><data><lines><count>7.0</count></lines></data></xml>", {"data": {"lines": [{"count": "7.0"}]}}),
        ("<xml><data><tags>a</tags></data></xml>", {"data": {"tags": ["a"]}}),
        (
            "<xml><data><tags>a</tags><region/><tags>b</tags></data></xml>",
            {"data": {"tags": ["a", "b"], "region": ""}},
        ),
        ("<xml><colour>red</colour></xml>", {"colour": "red"}),
        (
            "<xml><data><custom_fields><a>1</a><b/></custom_fields></data></xml>",
            {"data": {"custom_fields": {"a": "1", "b": ""}}},
        ),
        (
            "<xml><error>0</error><data><contents><contents/></contents></data></xml>",
            {"error": 0, "data": {"contents": [{"contents": [{}]}]}},
        ),
        (f'<xml {XSI} xsi:noNamespaceSchemaLocation="a.xsd" xml:lang="ru"><token>a</token></xml>', {"token": "a"}),
        ('<xml xmlns:p="urn:p"><token xml:space="preserve">a</token></xml>', {"token": "a"}),
    ],
)
def test_value(xml: str, value: dict[str, Any]) -> None:
    """Elements become members in their order, lists are lists, and values have their documented types."""
    assert from_xml(xml) == value
    assert from_xml(xml.encode()) == value


CUSTOM = "<xml><data><custom_fields>{}</custom_fields></data></xml>"


@pytest.mark.parametrize(
    ("xml", "at", "reason"),
    [
        ("", "", "malformed"),
        ("<xml>", "", "malformed"),
        ("<order/>", "", "malformed"),
        ('<xml xmlns="urn:x"/>', "", "malformed"),
        ("<!DOCTYPE xml><xml/>", "", "malformed"),
        ("{}", "", "malformed"),
        ("<xml>\ud800</xml>", "", "malformed"),
        ("<xml><token>a</token><token>b</token></xml>", "/token", "more than once"),
        ("<xml><data/><data/></xml>", "/data", "more than once"),
        ("<xml><data><lines/><lines><sku/><sku/></lines></data></xml>", "/data/lines/1/sku", "more than once"),
        (CUSTOM.format("<a/><a/>"), "/data/custom_fields/a", "more than once"),
        ("<xml><colour>red</colour><colour>blue</colour></xml>", "/colour", "more than once"),
        ("<xml><data><lines><colour/><sku/><colour/></lines></data></xml>", "/data/lines/0/colour", "more than once"),
        ('<xml version="1"/>', "", "the attribute `version`"),
        ('<xml><data id="1"/></xml>', "/data", "the attribute `id`"),
        ('<xml><data><tags>a</tags><tags id="1">b</tags></data></xml>', "/data/tags/1", "the attribute `id`"),
        (f'<xml {XSI}><data xsi:type="order"/></xml>', "/data", "the attribute `xsi:type`"),
        ('<xml><colour code="#f00">red</colour></xml>', "/colour", "the attribute `code`"),
        (CUSTOM.format('<a id="1">b</a>'), "/data/custom_fields/a", "the attribute `id`"),
        ('<xml><data><custom_fields id="1"/></data></xml>', "/data/custom_fields", "the attribute `id`"),
        ('<xml><p:token xmlns:p="urn:x">a</p:token></xml>', "/p:token", "namespace"),
        ('<xml><token xmlns="urn:x">a</token></xml>', "/token", "namespace"),
        ('<xml><data><tags>a</tags><tags xmlns="urn:x">b</tags></data></xml>', "/data/tags", "namespace"),
        ('<xml><colour xmlns="urn:x">red</colour></xml>', "/colour", "namespace"),
        (CUSTOM.format('<a xmlns="urn:x">b</a>'), "/data/custom_fields/a", "namespace"),
        (CUSTOM.format('<p:a xmlns:p="urn:x">b</p:a>'), "/data/custom_fields/p:a", "namespace"),
        ("<xml>order</xml>", "", "text"),
        ("<xml>a<token>b</token></xml>", "", "text"),
        ("<xml><data>a<tags>b</tags></data></xml>", "/data", "text"),
        ("<xml><data><lines/><lines>a<sku>b</sku></lines></data></xml>", "/data/lines/1", "text"),
        ("<xml><data>order</data></xml>", "/data", "text"),
        ("<xml><data><custom_fields>a</custom_fields></data></xml>", "/data/custom_fields", "text"),
        ("<xml><token><a/></token></xml>", "/token", "holds elements where a string is documented"),
        ("<xml><token>a<b/></token></xml>", "/token", "holds elements where a string is documented"),
        ("<xml><data><lines><count><a/></count></lines></data></xml>", "/data/lines/0/count", "a whole number"),
        ("<xml><skip_triggers><a/></skip_triggers></xml>", "/skip_triggers", "a boolean"),
        (CUSTOM.format("<a><b>c</b></a>"), "/data/custom_fields/a", "elements"),
        ("<xml><colour><red/></colour></xml>", "/colour", "elements"),
    ],
)
def test_what_json_has_no_form_for(xml: str, at: str, reason: str) -> None:
    """What JSON has no form for is refused with a pointer to it, and never dropped in silence."""
    with pytest.raises(ConversionError) as raised:
        from_xml(xml)

    assert raised.value.pointer == at
    assert reason in raised.value.reason


def test_message_may_be_named() -> None:
    """An answer that cannot be told for one by its fields is read as one if it is said to be one."""
    xml = "<xml><data><contents><contents><type>text</type></contents></contents></data></xml>"

    assert from_xml(xml, message="response") == {"data": {"contents": [{"contents": [{"type": "text"}]}]}}
    with pytest.raises(ConversionError):
        from_xml(xml)


def test_limits_hold() -> None:
    """A document beyond the limits is refused."""
    with pytest.raises(ConversionError, match="levels"):
        from_xml("<xml><data><lines/></data></xml>", limits=Limits(max_depth=2))


def test_integer_of_many_digits() -> None:
    """An integer of any length is read exactly."""
    integer = "7" * 5_000
    promocode = f"    <promocodes>\n      <pool_id>{integer}</pool_id>\n    </promocodes>\n"
    xml = f"<xml>\n  <data>\n{promocode}  </data>\n</xml>\n"

    assert to_xml(from_xml(xml)).decode().partition("\n")[2] == xml
