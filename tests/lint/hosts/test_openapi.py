"""OpenAPI and Swagger documents."""

from __future__ import annotations

import json
from functools import partial
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.limits import DEFAULT_LIMITS
from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.hosts import Excerpt, Judgement, Unseen, iter_judgements
from altcraft_contract.lint.hosts.host_text import HostText
from altcraft_contract.lint.hosts.openapi import iter_json_openapi, iter_yaml_openapi
from tests.lint.hosts.recordings import REQUEST, RESPONSE, bytes_of, openapi

if TYPE_CHECKING:
    from collections.abc import Callable

    from altcraft_contract.lint.hosts import Exchange

TREE = json.loads(REQUEST)
XML = load_contract().examples["request.xml"].decode()
PATH = "/api/v1.1/market/orders/preorder_commit"
FORMS = (
    ("api.json", iter_json_openapi, partial(json.dumps, indent=2)),
    ("api.yaml", iter_yaml_openapi, partial(yaml.safe_dump, sort_keys=False)),
    ("api.yaml", iter_yaml_openapi, partial(yaml.safe_dump, sort_keys=False, default_flow_style=True)),
)


def read(made: Any) -> list[Exchange]:
    """The examples in a document in YAML, or as JSON."""
    if isinstance(made, str):
        return list(iter_yaml_openapi(made.encode(), "api.yaml", DEFAULT_LIMITS))
    return list(iter_json_openapi(bytes_of(made), "api.json", DEFAULT_LIMITS))


def messages_of(exchanges: list[Exchange]) -> list[Any]:
    """The messages, or why they cannot be had."""
    found = [message for one in exchanges for message in (one.request, one.response) if message is not None]
    return [
        (one.where, json.loads(one.body) if one.syntax == "json" else one.body.decode())
        if isinstance(one, Excerpt)
        else (one.where, one.reason)
        for one in found
    ]


@pytest.mark.parametrize(("name", "iterate", "dump"), FORMS)
def test_examples_of_both_messages_are_found(name: str, iterate: Callable[..., Any], dump: Callable[..., str]) -> None:
    """JSON and YAML hold the same examples, as trees and as texts, with their values as they are."""
    content = {
        "application/json": {"examples": {"whole": {"value": TREE}, "text": {"value": REQUEST}}},
        "text/xml": {"example": XML},
        "multipart/form-data": {"example": {}},
    }
    text = dump(openapi(content))
    assert messages_of(list(iterate(text.encode(), name, DEFAULT_LIMITS))) == [
        ("request, application/json, example whole", TREE),
        ("request, application/json, example text", TREE),
        ("request, text/xml, example", XML),
        ("response, application/json, example", json.loads(RESPONSE)),
    ]


@pytest.mark.parametrize(("name", "iterate", "dump"), FORMS)
def test_findings_stand_at_the_values_of_the_file(
    name: str, iterate: Callable[..., Any], dump: Callable[..., str]
) -> None:
    """A wrong value has its own line and column, and what is missing those of the object that lacks it."""
    tree = json.loads(REQUEST)
    tree["data"]["total_price"] = 77_777
    tree["data"]["status"] = ["Ärger 😀"]
    del tree["data"]["lines"][0]["count"]
    text = dump(openapi({"application/json": {"example": tree}}))
    [request, _] = iter_judgements(iterate(text.encode(), name, DEFAULT_LIMITS), name, HostText(text.encode()))
    assert isinstance(request, Judgement)
    entry = request.entry
    places = {}
    for finding in entry.result.errors:
        line = text.splitlines()[(finding.line or 0) + entry.first_line - 2]
        places[finding.pointer] = line[(finding.column or 0) - 1 :]
    assert places["/data/total_price"].startswith("77777")
    assert places["/data/status"][0] in "[-"
    first = places["/data/lines/0"]
    assert first.startswith("{") or first.partition(":")[0].strip('"') in tree["data"]["lines"][0]


def test_plain_scalars_are_what_openapi_says() -> None:
    """Numbers, booleans and null are such; dates, `yes` and what has quotes are texts; merged members count."""
    text = f"""
        openapi: 3.1.0
        x-base: &base {{a: 1, b: 2}}
        paths:
          {PATH}:
            post:
              requestBody:
                content:
                  application/json:
                    example:
                      values: [0, 7, -007, +5, 0x1F, 0o17, 1.50, .5, 1e3, 5., true, FALSE, ~]
                      words: [2024-01-01, yes, 1_000, .inf]
                      texts: ["7", 'true', !!str 7, "null", "ä\\t\\"😀"]
                      merged: {{<<: *base, b: 3}}
                      list: {{<<: [*base, {{c: 4, a: 0}}]}}
                      ? {{complex: key}}
                      : 1
    """
    [(_, value)] = messages_of(read(dedent(text)))
    numbers = [0, 7, -7, 5, 31, 15, 1.5, 0.5, 1000.0, 5.0]
    assert value["values"] == [*numbers, True, False, None]
    assert value["words"] == ["2024-01-01", "yes", "1_000", ".inf"]
    assert value["texts"] == ["7", "true", "7", "null", 'ä\t"😀']
    assert value["merged"] == {"a": 1, "b": 3}
    assert value["list"] == {"a": 1, "b": 2, "c": 4}


def test_references_within_the_file_are_followed() -> None:
    """What several places refer to is judged once, where it stands; what is elsewhere is not looked for."""
    content = {
        "application/json": {
            "examples": {
                "one": {"$ref": "#/components/examples/Full~1Order"},
                "two": {"$ref": "#/components/examples/Full~1Order"},
                "far": {"$ref": "other.yaml#/x"},
                "none": {"$ref": "#/components/nothing"},
                "round": {"$ref": "#/components/examples/round"},
                "outside": {"externalValue": "https://market.example/x.json"},
                "text": "value",
            },
            "schema": {"$ref": "#/components/schemas/Order"},
        }
    }
    examples = {"Full/Order": {"value": TREE}, "round": {"$ref": "#/components/examples/round"}}
    components = {"examples": examples, "schemas": {"Order": {"example": {"a": 1}, "examples": [{"b": 2}]}}}
    found = messages_of(read(openapi(content, components=components)))
    assert found[:-1] == [
        ("request, application/json, example one", TREE),
        ("request, application/json, example of the schema", {"a": 1}),
        ("request, application/json, example of the schema 1", {"b": 2}),
    ]


def test_version_2_is_read() -> None:
    """Swagger 2 has the request's example in a schema, the answer's by media type, and a base path."""
    operation = {
        "consumes": ["application/xml"],
        "parameters": [{"in": "query", "name": "x"}, {"in": "body", "schema": {"example": XML}}],
        "responses": {"200": {"examples": {"application/json": json.loads(RESPONSE)}}, "400": {"examples": {}}},
    }
    made = {
        "swagger": "2.0",
        "basePath": "/api/v1.1/market/",
        "paths": {"/orders/preorder_commit": {"post": operation}},
    }
    assert messages_of(read(made)) == [
        ("request, application/xml, example of the schema", XML),
        ("response, application/json", json.loads(RESPONSE)),
    ]


def test_only_the_endpoint_counts() -> None:
    """Examples of other paths and methods are others'; the path may be split between server and path."""
    made = openapi()
    item = made["paths"].pop(PATH)
    made["paths"] = {"/orders/preorder_commit": item, "/health": item, "x-internal": 1}
    assert read(made) == []
    servers = [{"url": "https://{host}/api/v1.1/market"}]
    assert len(read({**made, "servers": servers})) == 2
    assert read({**made, "servers": servers, "paths": {"/orders/preorder_commit": {"get": item["post"]}}}) == []


@pytest.mark.parametrize(
    ("scheme", "has_token"),
    [
        ({"type": "http", "scheme": "Bearer"}, True),
        ({"type": "apiKey", "in": "header", "name": "Authorization"}, True),
        ({"type": "apiKey", "in": "query", "name": "token"}, False),
    ],
)
def test_a_token_in_the_header_need_not_stand_in_the_body(scheme: Any, has_token: bool) -> None:
    """Security by a bearer token counts as the token."""
    made = openapi(components={"securitySchemes": {"s": scheme}}, security=[{"s": []}])
    request = read(made)[0].request
    assert isinstance(request, Excerpt)
    assert request.token_in_header is has_token


def test_an_example_of_xml_must_be_xml() -> None:
    """Nobody can tell which XML an object would make."""
    request = read(openapi({"application/xml": {"example": TREE}}))[0].request
    assert isinstance(request, Unseen)
    assert request.reason == "the example of application/xml is an object, not a text; write the XML itself"


def test_aliases_stand_where_their_anchors_do() -> None:
    """A value that an alias stands for has the place of its anchor, and no code frame of other lines."""
    text = dedent(f"""
        openapi: 3.1.0
        x-status: &s [5]
        paths:
          {PATH}:
            post:
              requestBody: {{content: {{application/json: {{example: {{data: {{status: *s}}}}}}}}}}
    """)
    [judged] = iter_judgements(read(text), "api.yaml", HostText(text.encode()))
    assert isinstance(judged, Judgement)
    [finding] = [one for one in judged.entry.result.findings if one.pointer == "/data/status"]
    assert ((finding.line or 0) + judged.entry.first_line - 1, judged.entry.text) == (3, "")


def test_aliases_cannot_grow() -> None:
    """An example of aliases of aliases is refused before it is written in full."""
    deep = "x0: &x0 [1]\n" + "".join(f"x{n}: &x{n} [*x{n - 1}]\n" for n in range(1, 3_000))
    wide = "x0: &x0 [1,1,1,1,1,1,1,1,1,1]\n" + "".join(
        f"x{n}: &x{n} [{','.join([f'*x{n - 1}'] * 10)}]\n" for n in range(1, 7)
    )
    for laughs, last in ((deep, 2_999), (wide, 6)):
        example = f"{{application/json: {{example: *x{last}}}}}"
        text = f"openapi: 3.1.0\n{laughs}paths: {{{PATH}: {{post: {{requestBody: {{content: {example}}}}}}}}}\n"
        try:
            [exchange] = read(text)
        except UnreadableFile:
            continue
        assert isinstance(exchange.request, Unseen)
        assert "too large" in exchange.request.reason


@pytest.mark.parametrize("made", [{"x": 1}, [], "a: b", "- 1"])
def test_what_is_no_document_is_a_fault(made: Any) -> None:
    """A file that is no OpenAPI document says so."""
    with pytest.raises(UnreadableFile, match="no OpenAPI document"):
        read(made)
