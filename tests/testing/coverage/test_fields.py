"""Documented fields, and those that a message has."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as hypotheses

from altcraft_contract import strategies as st
from altcraft_contract.contract import load_contract
from altcraft_contract.conversion import write_xml
from altcraft_contract.testing.coverage.fields import fields_of, iter_places, template_of
from tests.testing.coverage.messages import coverage_of, with_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.contract import Message

MESSAGES = ("request", "response")


def templates(value: Any, pointer: str = "") -> Iterator[str]:
    """The templates of the fields of a valid message, told without its schema."""
    if isinstance(value, dict):
        is_open = pointer.endswith("/custom_fields")
        for name, member in value.items():
            below = f"{pointer}/{'*' if is_open else name}"
            yield below
            yield from templates(member, below)
    elif isinstance(value, list):
        for item in value:
            if not isinstance(item, dict):
                yield f"{pointer}/*"
            yield from templates(item, f"{pointer}/*")


def documented(message: Message) -> set[str]:
    """The templates of all documented fields."""
    return {field.pointer for field in fields_of(load_contract().shape(message), message)}


@given(st.requests())
def test_exactly_the_fields_of_a_request_are_exercised(request: dict[str, Any]) -> None:
    """Of any valid request the fields that it has are counted once each, and no other, in both syntaxes."""
    expected = dict.fromkeys(templates(request), 1)
    for body in (request, json.dumps(request), json.dumps(request).encode()):
        assert coverage_of("request", body).as_json()["request"] == expected
    in_xml = coverage_of("request", write_xml(request, "request")).as_json()["request"]
    assert in_xml.keys() <= expected.keys()
    assert all(
        name.endswith(("/requested_promotions", "/tags", "/promocodes", "/redeem_points")) or is_in_custom(name)
        for name in expected.keys() - in_xml.keys()
    )


def is_in_custom(name: str) -> bool:
    """Whether a template is one of custom fields, of which an empty object is lost in XML."""
    return "custom_fields" in name


@given(st.responses())
def test_exactly_the_fields_of_a_response_are_exercised(response: dict[str, Any]) -> None:
    """Of any valid response the documented fields that it has are counted once each, and no other."""
    expected = set(templates(response)) & documented("response")
    assert coverage_of("response", response).as_json()["response"] == dict.fromkeys(expected, 1)


@given(hypotheses.lists(st.requests(), max_size=4))
def test_a_field_counts_messages(requests: list[dict[str, Any]]) -> None:
    """The count of a field is the number of messages that had it, however often each did."""
    counts = coverage_of("request", *requests).as_json()["request"]
    assert counts == {
        name: sum(name in set(templates(request)) for request in requests)
        for name in {name for request in requests for name in templates(request)}
    }


@pytest.mark.parametrize("message", MESSAGES)
def test_fields_are_those_of_the_schema(message: Message) -> None:
    """Every member that the schema lists anywhere is a field, at each place where its table is used."""
    schema = load_contract().schema(message)
    names = {name for table in (schema, *schema["$defs"].values()) for name in table.get("properties", {})}
    assert {pointer.rpartition("/")[2] for pointer in documented(message)} - {"*"} == names


def test_fields_of_a_table_stand_wherever_it_is_used() -> None:
    """The promotions of a line have the same fields as those of the order."""
    fields = documented("request")
    promotions = {name for name in fields if name.startswith("/data/requested_promotions/")}
    assert "/data/requested_promotions/*/points_info/expiration_date" in promotions
    assert {name.replace("/data/", "/data/lines/*/", 1) for name in promotions} <= fields


@pytest.mark.parametrize(
    ("edits", "exercised", "not_exercised"),
    [
        ({"data__tags": ["a", "b"]}, {"/data/tags", "/data/tags/*"}, set()),
        ({"data__tags": []}, {"/data/tags"}, {"/data/tags/*"}),
        ({"data__custom_fields": {"a": 1, "b/c~": 2}}, {"/data/custom_fields", "/data/custom_fields/*"}, set()),
        ({"data__custom_fields": {}}, {"/data/custom_fields"}, {"/data/custom_fields/*"}),
        ({"data__custom_fields": ["a"]}, {"/data/custom_fields"}, {"/data/custom_fields/*"}),
        ({"data__region": None}, {"/data/region"}, set()),
        ({"data__lines": {"sku": "a"}}, {"/data/lines"}, {"/data/lines/*/sku"}),
        ({"data": ["a"]}, {"/data"}, {"/data/lines"}),
        ({"data__*": 1, "nothing": 1}, set(), {"/data/*"}),
    ],
)
def test_fields_of_unusual_values(edits: dict[str, Any], exercised: set[str], not_exercised: set[str]) -> None:
    """A field is exercised by any value, what stands in it only where it has the documented form."""
    counts = coverage_of("request", with_value("request", **edits)).as_json()["request"]
    assert exercised <= counts.keys()
    assert not not_exercised & counts.keys()
    assert counts.keys() <= documented("request")


@pytest.mark.parametrize(
    ("pointer", "template"),
    [
        ("", ""),
        ("/data/lines/12/sku", "/data/lines/*/sku"),
        ("/data/lines/0", "/data/lines/*"),
        ("/data/delivery_price", "/data"),
        ("/data/lines/0/sku/deeper", "/data/lines/*/sku"),
        ("/data/custom_fields/a~1b/c", "/data/custom_fields/*"),
        ("/nothing", ""),
    ],
)
def test_template_of_a_pointer(pointer: str, template: str) -> None:
    """A pointer belongs to the documented place that it shows, or to the nearest one above."""
    assert template_of(pointer, load_contract().request_shape) == template


@pytest.mark.parametrize("message", MESSAGES)
def test_a_template_is_its_own_template(message: Message) -> None:
    """The template of every documented place, with any index, is that place."""
    shape = load_contract().shape(message)
    for place in iter_places(shape):
        assert template_of(place.pointer.replace("*", "7"), shape) == place.pointer
