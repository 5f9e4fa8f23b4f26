"""Every documented field, after the tables of the page: missing, empty, and of every wrong type, in JSON and in XML."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from lxml import etree

from altcraft_contract.conversion import write_xml
from altcraft_contract.documents.pointer import split
from altcraft_contract.validation import ENGINES, check_request, check_response

if TYPE_CHECKING:
    from altcraft_contract.contract import Message
    from altcraft_contract.validation import Engine

CHECKS = {"request": check_request, "response": check_response}
_POINTS = {"points_currency_iid": 3, "points_currency_eid": "beans", "name": "Beans", "amount": "95"}
REQUEST: dict[str, Any] = {
    "token": "tok-7f3a9c51",
    "external_id": "A-1042",
    "email": "anna.k@example.com",
    "skip_triggers": False,
    "data": {
        "endpoint": "app",
        "status": "confirmed",
        "currency": "KZT",
        "total_price": "15000.00",
        "final_total_price": "13500.00",
        "delivery_cost": "990.00",
        "create_time": "2026-02-18T13:01:05.141+05:00",
        "region": "almaty",
        "lines": [
            {
                "external_id": "1",
                "product": "kettle",
                "sku": "kettle-red",
                "line_number": 1,
                "count": 1,
                "base_price_per_item": "12000.00",
                "min_price_per_item": "9000.00",
                "final_price_per_item": "11000.00",
                "status": "reserved",
                "custom_fields": {"gift": "yes"},
                "requested_promotions": [
                    {
                        "type": "accrue_points",
                        "promotion": {"external_id": "cashback", "name": "Cashback"},
                        "amount": "95",
                        "points_info": {**_POINTS, "expiration_date": "2027-02-18T00:00:00Z"},
                    }
                ],
            },
            {
                "external_id": "2",
                "sku": "cup",
                "count": 2,
                "base_price_per_item": "1500.00",
                "final_price_per_item": "1250.00",
            },
        ],
        "promocodes": [{"code": "SPRING", "pool_id": 42}],
        "requested_promotions": [
            {
                "type": "redeem_points",
                "promotion": {"external_id": "pay", "name": "Pay with points"},
                "amount": "100",
                "points_info": _POINTS,
            }
        ],
        "redeem_points": [{**_POINTS, "amount": 100}],
        "custom_fields": {"source": "telegram"},
        "tags": ["premium"],
    },
}
RESPONSE: dict[str, Any] = {
    "data": {
        "status": "success",
        "processing_target": "processed",
        "external_id": "A-1042",
        "issued_promocodes": [
            {
                "codes": ["HYDO-4728"],
                "pool": {"pool_id": 100, "name": "Welcome"},
                "promotion": {"external_id": "welcome", "name": "Welcome gift"},
            }
        ],
        "points_changes": [{"points_info": _POINTS, "accrue_points": 95, "redeem_points": 100}],
        "contents": [
            {
                "promotion": {"external_id": "thanks", "name": "Thanks"},
                "contents": [{"type": "text", "message": "Thank you!"}],
            }
        ],
    },
    "error": 0,
    "error_text": "Successful operation",
}
BODIES = {"request": REQUEST, "response": RESPONSE}

# Field, kind, and what its absence and its being empty are: a rule at the field's object or at the field, or nothing.
# The kinds are those of the page, and `time`, `price` and `currency` for text of a form.
TABLES: dict[tuple[Message, str], str] = {
    ("request", ""): """
        token text missing-field empty-value
        external_id text missing-field empty-value
        email text profile-identifier-missing empty-value
        skip_triggers boolean - -
        data object missing-field -
    """,
    ("request", "/data"): """
        endpoint text missing-field empty-value
        status text missing-field empty-value
        currency text missing-field invalid-currency
        total_price text missing-field invalid-decimal
        final_total_price text missing-field invalid-decimal
        delivery_cost text - invalid-decimal
        create_time text - invalid-timestamp
        region text - -
        lines list missing-field -
        promocodes list - -
        redeem_points list redeem-points-missing -
        custom_fields object - -
        tags list - -
    """,
    ("request", "/data/lines/0"): """
        external_id text missing-field empty-value
        product text - empty-value
        sku text - empty-value
        line_number integer - -
        count integer missing-field -
        base_price_per_item text missing-field invalid-decimal
        min_price_per_item text - invalid-decimal
        final_price_per_item text missing-field invalid-decimal
        status text - -
        custom_fields object - -
        requested_promotions list - -
    """,
    ("request", "/data/lines/1"): """
        sku text line-item-missing empty-value
    """,
    ("request", "/data/promocodes/0"): """
        code text missing-field empty-value
        pool_id integer missing-field -
    """,
    ("request", "/data/redeem_points/0"): """
        points_currency_iid integer - -
        points_currency_eid text - empty-value
        name text - -
        amount integer missing-field -
    """,
    ("request", "/data/requested_promotions/0"): """
        type text missing-field unknown-value
        promotion object missing-field -
        amount text points-amount-missing invalid-decimal
        points_info object points-info-missing -
    """,
    ("request", "/data/requested_promotions/0/promotion"): """
        external_id text missing-field empty-value
        name text - -
    """,
    ("request", "/data/lines/0/requested_promotions/0/promotion"): """
        external_id text missing-field empty-value
        name text - -
    """,
    ("request", "/data/lines/0/requested_promotions/0/points_info"): """
        points_currency_iid integer - -
        points_currency_eid text - empty-value
        name text - -
        amount text missing-field invalid-decimal
        expiration_date text - invalid-timestamp
    """,
    ("response", ""): """
        data object missing-field -
        error integer missing-field -
        error_text text missing-field -
    """,
    ("response", "/data"): """
        status text missing-field unknown-value
        processing_target text missing-field unknown-value
        external_id text missing-field empty-value
        issued_promocodes list - -
        points_changes list - -
        contents list - -
    """,
    ("response", "/data/issued_promocodes/0"): """
        codes list missing-field -
        pool object - -
        promotion object - -
    """,
    ("response", "/data/issued_promocodes/0/pool"): """
        pool_id integer missing-field -
        name text - -
    """,
    ("response", "/data/issued_promocodes/0/promotion"): """
        external_id text missing-field empty-value
        name text - -
    """,
    ("response", "/data/points_changes/0"): """
        points_info object missing-field -
        accrue_points integer - -
        redeem_points integer - -
    """,
    ("response", "/data/points_changes/0/points_info"): """
        points_currency_iid integer - -
        points_currency_eid text - empty-value
        name text - -
        amount text missing-field invalid-decimal
    """,
    ("response", "/data/contents/0"): """
        promotion object - -
        contents list - -
    """,
    ("response", "/data/contents/0/promotion"): """
        external_id text missing-field empty-value
        name text - -
    """,
    ("response", "/data/contents/0/contents/0"): """
        type text missing-field -
        message text - -
    """,
}
# Items of lists, which have no name.
ITEMS: dict[Message, dict[str, str]] = {
    "request": {
        "/data/lines/1": "object",
        "/data/promocodes/0": "object",
        "/data/redeem_points/0": "object",
        "/data/requested_promotions/0": "object",
        "/data/lines/0/requested_promotions/0": "object",
        "/data/tags/0": "text",
    },
    "response": {
        "/data/issued_promocodes/0": "object",
        "/data/issued_promocodes/0/codes/0": "text",
        "/data/points_changes/0": "object",
        "/data/contents/0": "object",
        "/data/contents/0/contents/0": "object",
    },
}
WRONG: dict[str, list[Any]] = {
    "text": [None, True, 5, 2.5, [], ["a"], {}, {"a": 1}],
    "integer": [None, False, 1.5, "1", "", [], {}],
    "boolean": [None, 0, 1, "true", "", [], {}],
    "list": [None, True, 0, "", "a", {}, {"0": {}}],
    "object": [None, True, 0, "", "a", [], [{}]],
}
WRONG_IN_XML: dict[str, list[str]] = {
    "text": ["<a/>", "a<b/>", "<a>1</a>b"],
    "integer": ["<a/>", "", "one", "1.0", "1e0", "1 0", "+", "0x1", "\u0661", "\u00a01", "1,0"],
    "boolean": ["<a/>", "", "yes", "TRUE", "00", "2", "t", "\u00a0true"],
    "object": ["a", "a<b/>", "<b/>a", "\u00a0"],
}


class Field(NamedTuple):
    """One field at one place, with the rules that its absence and its being empty break."""

    message: Message
    holder: str
    name: str
    kind: str
    absent: str | None
    empty: str | None

    @property
    def pointer(self) -> str:
        """Where the field stands."""
        return f"{self.holder}/{self.name}"

    def __str__(self) -> str:
        return f"{self.message}{self.pointer}"


def read_tables() -> list[Field]:
    """The fields of the tables above."""
    fields = []
    for (message, holder), table in TABLES.items():
        for row in table.strip().splitlines():
            name, kind, *rules = row.split()
            absent, empty = (None if rule == "-" else rule for rule in rules)
            fields.append(Field(message, holder, name, kind, absent, empty))
    return fields


FIELDS = read_tables()
PLACES: list[tuple[Message, str, str]] = [(field.message, field.pointer, field.kind) for field in FIELDS] + [
    (message, pointer, kind) for message, items in ITEMS.items() for pointer, kind in items.items()
]


def holder_of(body: Any, pointer: str) -> tuple[Any, str | int]:
    """The object or list that holds the value at *pointer*, and its key there."""
    *way, last = split(pointer)
    for token in way:
        body = body[int(token)] if isinstance(body, list) else body[token]
    return body, int(last) if isinstance(body, list) else last


def put(message: Message, pointer: str, value: Any) -> dict[str, Any]:
    """The body of *message* with *value* at *pointer*."""
    body = deepcopy(BODIES[message])
    holder, key = holder_of(body, pointer)
    holder[key] = value
    return body


def put_in_xml(message: Message, pointer: str, content: str) -> bytes:
    """The XML body of *message* with *content* in the element at *pointer*."""
    root = etree.fromstring(write_xml(BODIES[message], message))
    element = root
    tokens = split(pointer)
    while tokens:
        name = tokens.pop(0)
        index = int(tokens.pop(0)) if tokens and tokens[0].isdigit() else 0
        element = element.findall(name)[index]
    parent = element.getparent()
    assert parent is not None
    name = str(element.tag)
    parent.replace(element, etree.fromstring(f"<{name}>{content}</{name}>"))
    return etree.tostring(root)


def pairs(message: Message, body: object, engine: Engine) -> list[tuple[str, str]]:
    """Rule and pointer of each finding."""
    return [(finding.rule, finding.pointer) for finding in CHECKS[message](body, engine=engine).findings]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("message", BODIES)
def test_body_with_every_field(message: Message, engine: Engine) -> None:
    """A body with every documented field has no finding, in either syntax."""
    assert pairs(message, json.dumps(BODIES[message]), engine) == []
    assert pairs(message, write_xml(BODIES[message], message), engine) == []


@pytest.mark.parametrize(("message", "pointer", "kind"), PLACES)
def test_wrong_types_in_json(message: Message, pointer: str, kind: str) -> None:
    """A value of another JSON type is of the wrong type, and nothing else is wrong about it or what depends on it."""
    bodies = {repr(value): json.dumps(put(message, pointer, value)) for value in WRONG[kind]}

    for engine in ENGINES:
        found = {value: pairs(message, body, engine) for value, body in bodies.items()}
        assert found == {key: [("wrong-type", pointer)] for key in bodies}


@pytest.mark.parametrize(("message", "pointer", "kind"), [place for place in PLACES if place[2] != "list"])
def test_wrong_types_in_xml(message: Message, pointer: str, kind: str) -> None:
    """Text for an object, elements for a value, and text not of a type's lexical form are of the wrong type."""
    bodies = {content: put_in_xml(message, pointer, content) for content in WRONG_IN_XML[kind]}

    for engine in ENGINES:
        found = {content: pairs(message, body, engine) for content, body in bodies.items()}
        assert found == {key: [("wrong-type", pointer)] for key in bodies}


@pytest.mark.parametrize("syntax", ["json", "xml"])
@pytest.mark.parametrize("field", FIELDS, ids=str)
def test_absent_field(field: Field, syntax: str) -> None:
    """A required field that is absent is reported once, at its object; an optional one may be absent."""
    body = deepcopy(BODIES[field.message])
    holder, key = holder_of(body, field.pointer)
    del holder[key]

    text = json.dumps(body) if syntax == "json" else write_xml(body, field.message)
    found = {engine: pairs(field.message, text, engine) for engine in ENGINES}

    assert found == dict.fromkeys(ENGINES, [(field.absent, field.holder)] if field.absent else [])


@pytest.mark.parametrize("syntax", ["json", "xml"])
@pytest.mark.parametrize("field", [field for field in FIELDS if field.kind == "text"], ids=str)
def test_empty_text(field: Field, syntax: str) -> None:
    """What names something cannot be empty, other text can, and text of a form breaks the rule of that form."""
    body = put(field.message, field.pointer, "")

    text = json.dumps(body) if syntax == "json" else write_xml(body, field.message)
    found = {engine: pairs(field.message, text, engine) for engine in ENGINES}

    assert found == dict.fromkeys(ENGINES, [(field.empty, field.pointer)] if field.empty else [])


@pytest.mark.parametrize("message", BODIES)
def test_tables_name_every_field(message: Message) -> None:
    """Every field of the bodies above stands in a table, so that none is forgotten."""

    def fields(value: Any, pointer: str) -> set[str]:
        if pointer.endswith("/custom_fields"):
            return set()
        if isinstance(value, dict):
            return {f"{pointer}/{name}" for name in value}.union(
                *(fields(member, f"{pointer}/{name}") for name, member in value.items())
            )
        if isinstance(value, list):
            return set().union(*(fields(item, f"{pointer}/{index}") for index, item in enumerate(value)))
        return set()

    named = {field.pointer for field in FIELDS if field.message == message}
    seen_elsewhere = (
        "/data/lines/1/",
        "/data/requested_promotions/0/points_info/",
        "/data/lines/0/requested_promotions/0/",
    )
    conditional = {"/data/requested_promotions"}  # without it the redemption is unannounced

    unnamed = fields(BODIES[message], "") - named - conditional
    assert not {pointer for pointer in unnamed if not pointer.startswith(seen_elsewhere)}
