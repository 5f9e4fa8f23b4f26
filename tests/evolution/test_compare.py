"""Changes between versions of the contract, and whom they break."""

from __future__ import annotations

import json
import shutil
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings

from altcraft_contract import strategies as st
from altcraft_contract.contract import load_contract
from altcraft_contract.errors import UnusableContract
from altcraft_contract.evolution import Change, compare_contracts
from altcraft_contract.evolution.changes import VERDICTS, count_changes
from altcraft_contract.evolution.documented import documented_objects
from altcraft_contract.testing.coverage.fields import template_of
from altcraft_contract.validation import check_request, check_response
from tests.contract.versions.v76 import BEFORE, read_schema, write_schema, write_v76

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from altcraft_contract.contract import Contract, Message

    Edit = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def v76(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    """The later version."""
    return load_contract(write_v76(tmp_path_factory.mktemp("versions") / "v76"))


def of(schema: dict[str, Any], name: str) -> dict[str, Any]:
    """A definition of a schema."""
    definition: dict[str, Any] = schema["$defs"][name]
    return definition


def members(schema: dict[str, Any], name: str) -> dict[str, Any]:
    """The fields of an object of a schema."""
    fields: dict[str, Any] = of(schema, name)["properties"]
    return fields


# Name: message, edit of its schema, and of each change its pointer, keyword, whom it breaks, and the rule.
EDITS: dict[str, tuple[Message, Edit, set[tuple[str, str, str, str | None]]]] = {
    "required request field is new": (
        "request",
        lambda s: (s["properties"].update(shop={"$ref": "#/$defs/text"}), s["required"].append("shop")),
        {("/shop", "field", "clients", "missing-field")},
    ),
    "optional request field is new": (
        "request",
        lambda s: s["properties"].update(shop={"$ref": "#/$defs/text"}),
        {("/shop", "field", "servers", None)},
    ),
    "request field is gone": (
        "request",
        lambda s: members(s, "data").pop("region"),
        {("/data/region", "field", "clients", None)},
    ),
    "request object is gone": (
        "request",
        lambda s: members(s, "data").pop("promocodes"),
        {("/data/promocodes", "field", "clients", None)},
    ),
    "request field is optional now": (
        "request",
        lambda s: of(s, "data")["required"].remove("status"),
        {("/data/status", "required", "servers", "missing-field")},
    ),
    "request text may be empty": (
        "request",
        lambda s: members(s, "promocodes").update(code={"$ref": "#/$defs/text", "description": "The code."}),
        {("/data/promocodes/*/code", "minLength", "servers", "empty-value")},
    ),
    "request list is longer": (
        "request",
        lambda s: members(s, "data")["lines"].update(minItems=2),
        {("/data/lines", "minItems", "clients", "empty-list")},
    ),
    "request pattern is another one": (
        "request",
        lambda s: of(s, "currency").update(pattern="^[A-Z]{4}$"),
        {("/data/currency", "pattern", "clients servers", "invalid-currency")},
    ),
    "request number may be greater": (
        "request",
        lambda s: of(s, "positive_integer").update(minimum=0),
        {
            ("/data/lines/*/count", "minimum", "servers", "out-of-range"),
            ("/data/redeem_points/*/amount", "minimum", "servers", "out-of-range"),
        },
    ),
    "one alternative fewer": (
        "request",
        lambda s: s.update(anyOf=[part for part in s["anyOf"] if part["required"] != ["phone"]]),
        {("", "anyOf", "clients", "profile-identifier-missing")},
    ),
    "a condition is gone": (
        "request",
        lambda s: of(s, "requested_promotions")["allOf"].pop(0),
        {
            ("/data/requested_promotions/*/amount", "required", "servers", "discount-amount-missing"),
            ("/data/lines/*/requested_promotions/*/amount", "required", "servers", "discount-amount-missing"),
        },
    ),
    "a rule has another name": (
        "request",
        lambda s: members(s, "data")["lines"]["x-rules"].update(minItems="out-of-range"),
        {("/data/lines", "minItems", "", "out-of-range")},
    ),
    "a description is another one": (
        "request",
        lambda s: members(s, "data")["region"].update(description="Region."),
        {("/data/region", "description", "", None)},
    ),
    "values in another order": (
        "request",
        lambda s: members(s, "requested_promotions")["type"]["enum"].reverse(),
        {
            ("/data/requested_promotions/*/type", "values", "", "unknown-value"),
            ("/data/lines/*/requested_promotions/*/type", "values", "", "unknown-value"),
        },
    ),
    "required response field is new": (
        "response",
        lambda s: (
            members(s, "data").update(number={"$ref": "#/$defs/text"}),
            of(s, "data")["required"].append("number"),
        ),
        {("/data/number", "field", "servers", "missing-field")},
    ),
    "optional response field is new": (
        "response",
        lambda s: members(s, "data").update(number={"$ref": "#/$defs/text"}),
        {("/data/number", "field", "", None)},
    ),
    "response field is gone": (
        "response",
        lambda s: members(s, "points_info").pop("name"),
        {("/data/points_changes/*/points_info/name", "field", "clients", None)},
    ),
    "response field may be absent": (
        "response",
        lambda s: of(s, "points_changes")["required"].remove("points_info"),
        {("/data/points_changes/*/points_info", "required", "clients", "missing-field")},
    ),
    "response value is new": (
        "response",
        lambda s: members(s, "data")["status"]["enum"].append("queued"),
        {("/data/status", "values", "clients", "unknown-value")},
    ),
    "response value is gone": (
        "response",
        lambda s: members(s, "data")["processing_target"]["enum"].remove("processed"),
        {("/data/processing_target", "values", "servers", "unknown-value")},
    ),
    "response text is a set": (
        "response",
        lambda s: members(s, "content")["type"].update({"enum": ["text"], "x-rules": {"enum": "unknown-value"}}),
        {("/data/contents/*/contents/*/type", "values", "servers", "unknown-value")},
    ),
    "response may be null": (
        "response",
        lambda s: members(s, "data")["contents"].update(type=["array", "null"]),
        {("/data/contents", "type", "clients", "wrong-type")},
    ),
    "response type is another one": (
        "response",
        lambda s: members(s, "issued_promocodes")["codes"]["items"].update({"$ref": "#/$defs/integer"}),
        {("/data/issued_promocodes/*/codes/*", "type", "clients servers", "wrong-type")},
    ),
    "response field is no longer forbidden": (
        "response",
        lambda s: of(s, "data")["allOf"].pop(1),
        {("/data/processing_target", "not", "clients", "processing-target-unexpected")},
    ),
    "error result may be text": (
        "response",
        lambda s: s["allOf"][1]["then"]["properties"]["data"].update(type=["object", "null", "string"]),
        {("/data", "type", "clients", "wrong-type")},
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_one_edit(tmp_path: Path, name: str) -> None:
    """One edit of a schema is one change at each place that it is about, and breaks whom it should."""
    message, edit, expected = EDITS[name]
    schema = read_schema(message)
    edit(schema)
    shutil.copytree(BEFORE.directory, tmp_path / "new")
    write_schema(tmp_path / "new", message, schema)

    changes = compare_contracts(BEFORE, load_contract(tmp_path / "new"))

    assert {(c.pointer, c.keyword, " ".join(c.breaks), c.rule) for c in changes} == expected
    assert len(changes) == len(expected)
    assert {c.subject for c in changes} == {message}


@pytest.mark.parametrize("name", EDITS)
def test_back_is_the_other_way_round(tmp_path: Path, name: str) -> None:
    """What broke clients on the way there breaks servers on the way back, but for fields that readers overlook."""
    message, edit, _ = EDITS[name]
    schema = read_schema(message)
    edit(schema)
    shutil.copytree(BEFORE.directory, tmp_path / "new")
    write_schema(tmp_path / "new", message, schema)
    new = load_contract(tmp_path / "new")
    there = {c.pointer: c for c in compare_contracts(BEFORE, new) if c.keyword != "field"}
    back = {c.pointer: c for c in compare_contracts(new, BEFORE) if c.keyword != "field"}

    assert there.keys() == back.keys()
    other = {"clients": "servers", "servers": "clients"}
    for pointer, change in there.items():
        assert {other[side] for side in change.breaks} == set(back[pointer].breaks)
        assert (change.before, change.after) == (back[pointer].after, back[pointer].before)


def test_same_version_has_no_change() -> None:
    """A version beside itself has no change."""
    assert compare_contracts(BEFORE, BEFORE) == ()


def test_order_is_that_of_the_documentation(v76: Contract) -> None:
    """Requests come before responses, and a field before those that the documentation lists behind it."""
    places = [(change.subject, change.pointer) for change in compare_contracts(BEFORE, v76)]

    assert [subject for subject, _ in places] == sorted(subject for subject, _ in places)
    assert places.index(("request", "/data/region")) < places.index(("request", "/data/gift_card"))
    assert places.index(("request", "/data/gift_card")) > places.index(("request", "/data/requested_promotions/*/type"))


def test_conditions_are_told(v76: Contract) -> None:
    """What holds only sometimes says when."""
    (change,) = (c for c in compare_contracts(BEFORE, v76) if c.pointer == "/data/issued_promocodes/*/pool/name")

    assert change.condition == "if `error` is `0`"
    assert change.text == "is required now; it was optional, if `error` is `0`"
    assert change.verdict == "breaking for servers"


@pytest.mark.parametrize(
    ("before", "after", "keyword", "verdict"),
    [
        ('method = "POST"', 'method = "PUT"', "method", "breaking for clients and servers"),
        ("orders/preorder_commit", "orders/commit", "path", "breaking for clients and servers"),
        ("2026-03-12", "2027-01-01", "page_updated", "harmless"),
    ],
)
def test_source(tmp_path: Path, before: str, after: str, keyword: str, verdict: str) -> None:
    """Another method or path breaks everybody, another date nobody."""
    shutil.copytree(BEFORE.directory, tmp_path / "new")
    source = tmp_path / "new/source.toml"
    text = source.read_text("utf-8")
    assert before in text
    source.write_text(text.replace(before, after), "utf-8")

    (change,) = compare_contracts(BEFORE, load_contract(tmp_path / "new"))

    assert (change.subject, change.keyword, change.verdict) == ("endpoint", keyword, verdict)


def test_examples(tmp_path: Path) -> None:
    """Another example, and one that is gone, are told and harmless."""
    shutil.copytree(BEFORE.directory, tmp_path / "new")
    (tmp_path / "new/examples/request.json").write_text("{}", "utf-8")
    (tmp_path / "new/examples/response.xml").unlink()

    changes = compare_contracts(BEFORE, load_contract(tmp_path / "new"))

    assert [(c.keyword, c.before, c.after, c.breaks) for c in changes] == [
        ("example", "request.json", "request.json", ()),
        ("example", "response.xml", None, ()),
    ]


def told_by(changes: tuple[Change, ...], message: Message, side: str) -> set[str]:
    """Where changes that break one side are, with the objects around them."""
    found = [c.pointer for c in changes if c.subject == message and side in c.breaks]
    return {*found, *(pointer.rpartition("/")[0] for pointer in found)}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.requests())
def test_no_error_of_a_request_is_untold(v76: Contract, body: dict[str, Any]) -> None:
    """Where the newer version finds an error in a request that the older one accepts, a change breaks clients."""
    told = told_by(compare_contracts(BEFORE, v76), "request", "clients")

    for finding in check_request(body, contract=v76).errors:
        assert template_of(finding.pointer, v76.request_shape) in told, finding


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.responses())
def test_no_error_of_a_response_is_untold(v76: Contract, body: dict[str, Any]) -> None:
    """Where the newer version finds an error in a response that the older one accepts, a change breaks servers."""
    told = told_by(compare_contracts(BEFORE, v76), "response", "servers")

    for finding in check_response(body, contract=v76).errors:
        assert template_of(finding.pointer, v76.response_shape) in told, finding


def test_counts(v76: Contract) -> None:
    """Each change is counted for each side that it breaks."""
    changes = compare_contracts(BEFORE, v76)
    counts = count_changes(changes)

    assert counts.all == len(changes) == 13
    assert (counts.clients, counts.servers, counts.harmless) == (8, 6, 1)
    assert {change.breaks for change in changes} == VERDICTS.keys()


def test_claims_said_twice_are_all_compared(tmp_path: Path) -> None:
    """Two parts of a schema that speak of one keyword at one place are both compared."""
    schema = read_schema("request")
    of(schema, "text")["allOf"] = [
        {"pattern": "a", "x-rules": {"pattern": "unknown-value"}},
        {"pattern": "b", "x-rules": {"pattern": "unknown-value"}},
    ]
    shutil.copytree(BEFORE.directory, tmp_path / "new")
    write_schema(tmp_path / "new", "request", schema)

    changes = compare_contracts(BEFORE, load_contract(tmp_path / "new"))

    assert {c.after for c in changes if c.pointer == "/data/region"} == {"a", "b"}
    assert json.dumps([c.before for c in changes if c.pointer == "/data/region"]) == "[null, null]"


def _else_true(schema: dict[str, Any]) -> None:
    schema["allOf"] = [{"if": True, "then": {}, "else": True}]


def _else_itself(schema: dict[str, Any]) -> None:
    of(schema, "data")["else"] = {"$ref": "#/$defs/data"}


def _any_of_true(schema: dict[str, Any]) -> None:
    schema["anyOf"] = [True]


@pytest.mark.parametrize("edit", [_else_true, _else_itself, _any_of_true])
def test_odd_schemas_are_compared_or_refused(tmp_path: Path, edit: Edit) -> None:
    """A schema with booleans for schemas is compared, one that refers to itself is refused: nothing else happens."""
    schema = read_schema("request")
    edit(schema)
    shutil.copytree(BEFORE.directory, tmp_path / "new")
    write_schema(tmp_path / "new", "request", schema)
    new = load_contract(tmp_path / "new")

    with pytest.raises(UnusableContract) if edit is _else_itself else nullcontext():
        compare_contracts(BEFORE, new)
    with pytest.raises(UnusableContract) if edit is _else_itself else nullcontext():
        documented_objects(new)
