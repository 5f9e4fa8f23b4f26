"""One version of the contract: what it holds, and the shapes of its messages."""

from __future__ import annotations

import json
import pickle
from datetime import date
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from altcraft_contract.contract import LATEST, Contract, load_contract, shape_of
from altcraft_contract.errors import AltcraftContractError, UnknownContract

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.contract import Message
    from altcraft_contract.documents.shape import Shape

CONTRACT = load_contract()
MESSAGES: tuple[Message, ...] = ("request", "response")


def test_newest_version_is_loaded_by_default() -> None:
    """Without a version the newest one is loaded, and loading it again gives the same one."""
    assert CONTRACT.version == LATEST == "v75"
    assert load_contract("v75") == CONTRACT
    assert load_contract() is load_contract()


@pytest.mark.parametrize("version", ["v76", "", "75", "v75/..", "V75", "a\0b", "a" * 10_000])
def test_version_that_there_is_not(version: str) -> None:
    """A version that the package does not hold is a fault that names those it holds."""
    with pytest.raises(UnknownContract) as raised:
        load_contract(version)

    assert raised.value.version == version
    assert raised.value.known == ("v75",)
    remedy = "known: v75, and any directory that `schema --export` has written"
    assert str(raised.value) == f"no contract {version!r}; {remedy}"
    assert isinstance(raised.value, AltcraftContractError)
    assert isinstance(raised.value, LookupError)


def test_unknown_version_pickles() -> None:
    """The fault survives pickling, as parallel test runs do it."""
    copy = pickle.loads(pickle.dumps(UnknownContract("v1", ("v75",))))  # noqa: S301 - pickled on the same line

    assert (copy.version, copy.known) == ("v1", ("v75",))


def test_contract_pickles() -> None:
    """A contract survives pickling, with what it had read and without."""
    assert pickle.loads(pickle.dumps(CONTRACT)) == CONTRACT  # noqa: S301 - pickled on the same line


def test_contract_from_another_directory() -> None:
    """A contract may lie anywhere."""
    assert Contract("v75", CONTRACT.directory).request_schema == CONTRACT.request_schema


@pytest.mark.parametrize("message", MESSAGES)
def test_schema(message: Message) -> None:
    """The schema of a message is the published file, and says which message and version it is of."""
    schema = CONTRACT.schema(message)

    assert schema == json.loads(CONTRACT.schema_path(message).read_text(encoding="utf-8"))
    assert schema is {"request": CONTRACT.request_schema, "response": CONTRACT.response_schema}[message]
    assert schema["$id"] == f"urn:altcraft-contract:v75:{message}"
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("message", MESSAGES)
def test_xsd_paths(message: Message) -> None:
    """The XML Schemas of a message lie where the contract says, one for each level of processors."""
    assert CONTRACT.xsd_path(message) == CONTRACT.xsd_path(message, "1.1")
    assert CONTRACT.xsd_path(message).name == f"{message}.xsd"
    assert CONTRACT.xsd_path(message, "1.0").name == f"{message}.xsd10.xsd"
    for level in ("1.1", "1.0"):
        root = ET.parse(CONTRACT.xsd_path(message, level)).getroot()  # noqa: S314 - our own file
        assert root.tag == "{http://www.w3.org/2001/XMLSchema}schema"


def test_examples() -> None:
    """The contract holds the four payloads of the page, each well-formed."""
    assert list(CONTRACT.examples) == ["request.json", "request.xml", "response.json", "response.xml"]
    for name, data in CONTRACT.examples.items():
        root = ET.fromstring(data) if name.endswith("xml") else None  # noqa: S314 - our own file
        assert json.loads(data) if root is None else root.tag == "xml"


def test_source() -> None:
    """The contract says which page of which version it was read from, and when."""
    assert CONTRACT.source["version"] == "v75"
    assert CONTRACT.source["method"] == "POST"
    assert CONTRACT.source["path"] == "/api/v1.1/market/orders/preorder_commit"
    assert CONTRACT.source["page"].endswith("Order Confirmation")
    assert CONTRACT.source["page_updated"] == date(2026, 3, 12)


# The documented form of every field, after the tables of the page.
KINDS: dict[Message, str] = {
    "request": """
        token string, external_id string, profile_id string, email string, phone string, skip_triggers boolean,
        data object, data/endpoint string, data/status string, data/currency string, data/total_price string,
        data/final_total_price string, data/delivery_cost string, data/create_time string, data/region string,
        data/lines list, data/lines/0 object, data/lines/0/external_id string, data/lines/0/product string,
        data/lines/0/sku string, data/lines/0/line_number integer, data/lines/0/count integer,
        data/lines/0/base_price_per_item string, data/lines/0/min_price_per_item string,
        data/lines/0/final_price_per_item string, data/lines/0/status string, data/lines/0/custom_fields free,
        data/lines/0/requested_promotions list, data/lines/0/requested_promotions/0 object,
        data/lines/0/requested_promotions/0/type string, data/lines/0/requested_promotions/0/promotion object,
        data/lines/0/requested_promotions/0/promotion/external_id string,
        data/lines/0/requested_promotions/0/promotion/name string,
        data/lines/0/requested_promotions/0/amount string, data/lines/0/requested_promotions/0/points_info object,
        data/lines/0/requested_promotions/0/points_info/points_currency_iid integer,
        data/lines/0/requested_promotions/0/points_info/points_currency_eid string,
        data/lines/0/requested_promotions/0/points_info/name string,
        data/lines/0/requested_promotions/0/points_info/amount string,
        data/lines/0/requested_promotions/0/points_info/expiration_date string,
        data/promocodes list, data/promocodes/0 object, data/promocodes/0/code string,
        data/promocodes/0/pool_id integer, data/requested_promotions list, data/requested_promotions/0 object,
        data/requested_promotions/0/type string, data/requested_promotions/0/promotion object,
        data/requested_promotions/0/promotion/external_id string, data/requested_promotions/0/promotion/name string,
        data/requested_promotions/0/amount string, data/requested_promotions/0/points_info object,
        data/requested_promotions/0/points_info/points_currency_iid integer,
        data/requested_promotions/0/points_info/points_currency_eid string,
        data/requested_promotions/0/points_info/name string, data/requested_promotions/0/points_info/amount string,
        data/requested_promotions/0/points_info/expiration_date string, data/redeem_points list,
        data/redeem_points/0 object, data/redeem_points/0/points_currency_iid integer,
        data/redeem_points/0/points_currency_eid string, data/redeem_points/0/name string,
        data/redeem_points/0/amount integer, data/custom_fields free, data/tags list, data/tags/0 string
    """,
    "response": """
        data object, error integer, error_text string, data/status string, data/processing_target string,
        data/external_id string, data/issued_promocodes list, data/issued_promocodes/0 object,
        data/issued_promocodes/0/codes list, data/issued_promocodes/0/codes/0 string,
        data/issued_promocodes/0/pool object, data/issued_promocodes/0/pool/pool_id integer,
        data/issued_promocodes/0/pool/name string, data/issued_promocodes/0/promotion object,
        data/issued_promocodes/0/promotion/external_id string, data/issued_promocodes/0/promotion/name string,
        data/points_changes list, data/points_changes/0 object, data/points_changes/0/points_info object,
        data/points_changes/0/points_info/points_currency_iid integer,
        data/points_changes/0/points_info/points_currency_eid string,
        data/points_changes/0/points_info/name string, data/points_changes/0/points_info/amount string,
        data/points_changes/0/accrue_points integer, data/points_changes/0/redeem_points integer,
        data/contents list, data/contents/0 object, data/contents/0/promotion object,
        data/contents/0/promotion/external_id string, data/contents/0/promotion/name string,
        data/contents/0/contents list, data/contents/0/contents/0 object, data/contents/0/contents/0/type string,
        data/contents/0/contents/0/message string
    """,
}


def iter_shapes(shape: Shape, place: str = "") -> Iterator[tuple[str, Shape]]:
    """Every shape below *shape*, with its place."""
    for name, field in shape.fields.items():
        yield f"{place}{name}", field
        yield from iter_shapes(field, f"{place}{name}/")
    if shape.item is not None:
        yield f"{place}0", shape.item
        yield from iter_shapes(shape.item, f"{place}0/")


@pytest.mark.parametrize("message", MESSAGES)
def test_shapes(message: Message) -> None:
    """The shape of a message has the fields of the page, each of its documented kind, and no others."""
    documented = dict(row.split() for row in KINDS[message].replace("\n", " ").split(","))

    assert {place: shape.kind for place, shape in iter_shapes(CONTRACT.shape(message))} == documented
    assert CONTRACT.shape(message).kind == "object"


def test_shapes_are_those_of_the_properties() -> None:
    """The shapes may be had by message or by name."""
    assert CONTRACT.shape("request") is CONTRACT.request_shape
    assert CONTRACT.shape("response") is CONTRACT.response_shape


@pytest.mark.parametrize(("message", "secrets"), [("request", {"token", "email", "phone"}), ("response", set[str]())])
def test_secrets(message: Message, secrets: set[str]) -> None:
    """The token, the e-mail address and the phone are secret, and nothing else is."""
    assert {place for place, shape in iter_shapes(CONTRACT.shape(message)) if shape.secret} == secrets


@pytest.mark.parametrize(
    ("place", "type_name"),
    [
        ("data/total_price", "decimal"),
        ("data/lines/0/base_price_per_item", "decimal"),
        ("data/create_time", "timestamp"),
        ("data/currency", "currency"),
        ("data/endpoint", "identifier"),
        ("data/region", "text"),
        ("data/lines/0/count", "positive_integer"),
    ],
)
def test_type_names(place: str, type_name: str) -> None:
    """A shape tells the name of its type in the schema."""
    assert dict(iter_shapes(CONTRACT.request_shape))[place].type_name == type_name


@pytest.mark.parametrize(
    ("message", "place", "section"),
    [
        ("request", "token", "request body"),
        ("request", "data/currency", "data object"),
        ("request", "data/lines", "data object"),
        ("request", "data/lines/0/count", "lines array"),
        ("request", "data/promocodes/0/code", "promocodes array"),
        ("request", "data/lines/0/requested_promotions/0/points_info/amount", "points_info object"),
        ("request", "data/redeem_points/0/amount", "redeem_points array"),
        ("request", "data/custom_fields", "custom_fields object"),
        ("response", "error", "response body"),
        ("response", "data/status", "data object"),
        ("response", "data/issued_promocodes/0/pool/name", "pool object"),
        ("response", "data/contents/0/contents/0/type", "contents array"),
    ],
)
def test_sections(message: Message, place: str, section: str) -> None:
    """A shape tells the section of the page that describes it, or the object in which it stands."""
    assert dict(iter_shapes(CONTRACT.shape(message)))[place].section == section


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({"type": "object"}, "free"),
        ({}, "free"),
        ({"type": "object", "properties": {"a": {"type": "string"}}}, "object"),
        ({"type": "array", "items": {"type": "integer"}}, "list"),
        ({"type": ["object", "null"]}, "free"),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"type": "boolean"}}}, "boolean"),
        ({"allOf": [{"then": {"properties": {"a": {"type": "integer"}}}}]}, "object"),
    ],
)
def test_kind_of_a_schema(schema: dict[str, Any], kind: str) -> None:
    """The kind of a shape is what all parts of a schema say together."""
    assert shape_of(schema).kind == kind


def test_walking_along_a_shape() -> None:
    """A way is followed through fields and items as far as it is documented."""
    shapes = list(CONTRACT.request_shape.along(iter(["data", "lines", "0", "count"])))

    assert [shape.kind for shape in shapes] == ["object", "object", "list", "object", "integer"]
    assert len(list(CONTRACT.request_shape.along(iter(["data", "colour", "a"])))) == 2
    assert CONTRACT.request_shape.child("colour") is None
