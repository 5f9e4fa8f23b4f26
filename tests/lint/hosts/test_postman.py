"""Collections of Postman."""

from __future__ import annotations

import json
from typing import Any

import pytest

from altcraft_contract.endpoint import ENDPOINT_PATH
from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.hosts import Excerpt, Judgement, Unseen, iter_judgements
from altcraft_contract.lint.hosts.host_text import HostText
from tests.lint.hosts.recordings import (
    REQUEST,
    RESPONSE,
    URL,
    bodies_of,
    bytes_of,
    collection,
    postman_item,
    read_collection,
)

TOKENLESS = json.dumps({name: value for name, value in json.loads(REQUEST).items() if name != "token"})


def judge(made: Any) -> list[Judgement | Unseen]:
    """What is found in a collection."""
    return list(iter_judgements(read_collection(made), "api.json", HostText(bytes_of(made))))


def test_requests_and_saved_examples_are_found_in_folders() -> None:
    """A request is called by its folders and name; an example by its number and name, and shares the request."""
    made = collection({"name": "Orders", "item": [{"name": "Health", "request": "https://x"}, postman_item()]})
    request, example = read_collection(made)
    assert request.where == "request Orders / Commit"
    assert bodies_of(request) == (REQUEST.encode(), None)
    assert example.where == "request Orders / Commit, example 1 (OK)"
    assert bodies_of(example) == (REQUEST.encode(), RESPONSE.encode())
    assert example.repeats
    assert [type(one) for one in judge(made)] == [Judgement, Judgement, Judgement]


def test_an_example_of_another_request_brings_it() -> None:
    """An example whose request was another one is judged with that."""
    item = postman_item()
    item["response"][0]["originalRequest"] = {**item["request"], "body": {"mode": "raw", "raw": "{}"}}
    _, example = read_collection(collection(item))
    assert (example.repeats, bodies_of(example)[0]) == (False, b"{}")


def test_like_names_are_told_apart() -> None:
    """Requests of one name are numbered, since their findings must not be taken for each other."""
    places = [exchange.where for exchange in read_collection(collection(postman_item(), postman_item()))]
    assert places == [
        "request Commit",
        "request Commit, example 1 (OK)",
        "request Commit (2)",
        "request Commit (2), example 1 (OK)",
    ]


@pytest.mark.parametrize(
    ("url", "is_call"),
    [
        (URL, True),
        ({"raw": "{{baseUrl}}" + ENDPOINT_PATH, "host": ["{{baseUrl}}"]}, True),
        ({"host": ["market", "example"], "path": ENDPOINT_PATH.strip("/").split("/")}, True),
        ("https://{{host}}:{{port}}" + ENDPOINT_PATH + "?token={{token}}", True),
        ("{{market}}/orders/preorder_commit", True),
        ("{{unknown}}/orders/preorder_commit", False),
        (None, False),
        ([], False),
    ],
)
def test_a_call_is_told_behind_variables(url: Any, is_call: bool) -> None:
    """The host may be a variable; one that the collection defines may hold a part of the path."""
    variables = [{"key": "market", "value": "https://market.example/api/v1.1/market"}]
    assert bool(read_collection(collection(postman_item(url=url), variable=variables))) is is_call


@pytest.mark.parametrize(
    ("request_members", "collection_members", "has_token"),
    [
        ({}, {}, False),
        ({"auth": {"type": "bearer"}}, {}, True),
        ({}, {"auth": {"type": "bearer"}}, True),
        ({"auth": {"type": "noauth"}}, {"auth": {"type": "bearer"}}, False),
        ({"header": [{"key": "Authorization", "value": "Bearer {{token}}"}]}, {}, True),
        ({"header": "authorization: Bearer {{token}}"}, {}, True),
        ({"header": [{"key": "Authorization", "value": "Bearer x", "disabled": True}]}, {}, False),
    ],
)
def test_a_token_beside_the_body_counts(request_members: Any, collection_members: Any, has_token: bool) -> None:
    """A token in the header, of the request or by the authorization that it inherits, need not stand in the body."""
    [request, *_] = read_collection(collection(postman_item(TOKENLESS, **request_members), **collection_members))
    assert isinstance(request.request, Excerpt)
    assert request.request.token_in_header is has_token


def test_values_of_variables_are_put_in() -> None:
    """A variable that the collection defines counts as its value, and what follows keeps its place."""
    raw = REQUEST.replace('"order_12345"', '"{{id}}"').replace('"2500.00"', '{{price}} , "zzz": 1', 1)
    made = collection(
        postman_item(raw), variable=[{"key": "id", "value": "o-1"}, {"key": "price", "value": '"2500.00"'}]
    )
    request = judge(made)[0]
    assert isinstance(request, Judgement)
    assert request.body is not None
    assert b'"o-1"' in request.body
    [finding] = [one for one in request.entry.result.findings if one.rule == "unknown-field"]
    line = bytes_of(made).decode().splitlines()[(finding.line or 0) + request.entry.first_line - 2]
    assert line[(finding.column or 0) - 1 :].startswith("1, ")


def test_open_variables_are_no_mistake() -> None:
    """What is found at a value with a variable says nothing; in the other values mistakes are found."""
    raw = REQUEST.replace('"2500.00"', '"{{price}}"').replace('"RUB"', '"{{currency}}"')
    found = judge(collection(postman_item(raw.replace('"order_12345"', "5"))))[0]
    assert isinstance(found, Judgement)
    assert [finding.pointer for finding in found.entry.result.errors] == ["/external_id"]


@pytest.mark.parametrize(
    ("request_members", "reason"),
    [
        ({"body": {"mode": "raw", "raw": REQUEST.replace('"2500.00"', "{{n}}")}}, "variables such as {{count}} stand"),
        ({"body": {"mode": "formdata", "formdata": []}}, "its body is formdata; give it as raw text"),
        ({"body": {"mode": "tok-1", "formdata": []}}, "its body is of another kind; give it as raw text"),
        ({"body": {"mode": "raw", "raw": 5}}, "its body is a number, not a text; export the collection again"),
    ],
)
def test_what_cannot_be_read_says_why(request_members: Any, reason: str) -> None:
    """A body that is none before Postman has filled it in, or is no text, is told with a remedy."""
    [request, *_] = read_collection(collection(postman_item(**request_members)))
    assert isinstance(request.request, Unseen)
    assert request.request.reason.startswith(reason)


def test_answers_count_with_the_documented_status_only() -> None:
    """An example with another status is passed over."""
    item = postman_item()
    item["response"].append({"code": 429, "body": "slow down"})
    assert len(read_collection(collection(item))) == 2


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        ({"info": {}}, "no Postman collection: it has no list item; export it as Collection v2.1"),
        (b'{"item": [' * 40 + b"]}" * 40, "folders within more than 32 folders"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_collection_is_a_fault(made: Any, reason: str) -> None:
    """A file that is no collection, or means harm, cannot be read, and the fault says why."""
    with pytest.raises(UnreadableFile) as caught:
        read_collection(made)
    assert reason in str(caught.value)


def test_variables_cannot_grow() -> None:
    """What variables add is bounded for the whole file."""
    variables = [{"key": "x", "value": "y" * 1_000_000}]
    made = collection(*(postman_item("{{x}}" * 1_000) for _ in range(20)), variable=variables)
    total = sum(len(body) for one in read_collection(made) for body in bodies_of(one) if isinstance(body, bytes))
    assert total < 300_000_000
