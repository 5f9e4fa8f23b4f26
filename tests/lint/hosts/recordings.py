"""Recordings for the tests: the documented example as recorders write it."""

from __future__ import annotations

import json
from typing import Any

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.limits import DEFAULT_LIMITS, Limits
from altcraft_contract.endpoint import ENDPOINT_PATH
from altcraft_contract.lint.hosts import Excerpt, Exchange
from altcraft_contract.lint.hosts.har import iter_har
from altcraft_contract.lint.hosts.postman import iter_postman
from altcraft_contract.lint.hosts.vcr import iter_json_cassette, iter_yaml_cassette

URL = "https://market.example/api/v1.1/market/orders/preorder_commit"
REQUEST = json.dumps(json.loads(load_contract().examples["request.json"]))
RESPONSE = json.dumps(json.loads(load_contract().examples["response.json"]))


def read_har(value: Any, limits: Limits = DEFAULT_LIMITS) -> list[Exchange]:
    """The calls in an archive."""
    return list(iter_har(bytes_of(value), "traffic.har", limits))


def read_json(value: Any, limits: Limits = DEFAULT_LIMITS) -> list[Exchange]:
    """The calls in a cassette in JSON."""
    return list(iter_json_cassette(bytes_of(value), "order.json", limits))


def read_yaml(value: Any, limits: Limits = DEFAULT_LIMITS) -> list[Exchange]:
    """The calls in a cassette in YAML."""
    return list(iter_yaml_cassette(bytes_of(value), "order.yaml", limits))


def bytes_of(value: Any) -> bytes:
    """*value* as it stands in a file."""
    if isinstance(value, bytes):
        return value
    return value.encode() if isinstance(value, str) else json.dumps(value, indent=1).encode()


def har(*entries: dict[str, Any]) -> dict[str, Any]:
    """An archive of *entries*."""
    return {"log": {"version": "1.2", "creator": {"name": "test", "version": "1"}, "entries": list(entries)}}


def entry(
    post: Any = None, content: Any = None, *, url: str = URL, method: str = "POST", status: Any = 200, **headers: str
) -> dict[str, Any]:
    """An entry of an archive; *headers* are those of both messages."""
    listed = [{"name": name.replace("_", "-"), "value": value} for name, value in headers.items()]
    return {
        "request": {"method": method, "url": url, "headers": listed, "postData": post or {"text": REQUEST}},
        "response": {"status": status, "headers": listed, "content": content or {"text": RESPONSE}},
    }


def cassette(*interactions: dict[str, Any], name: str = "interactions") -> dict[str, Any]:
    """A cassette of *interactions*."""
    return {name: list(interactions), "version": 1}


def interaction(
    body: Any = REQUEST,
    answer: Any = None,
    *,
    uri: str = URL,
    status: Any = None,
    headers: Any = None,
    response_headers: Any = None,
) -> dict[str, Any]:
    """An interaction as VCR.py writes it."""
    return {
        "request": {"method": "POST", "uri": uri, "body": body, "headers": headers or {}},
        "response": {
            "status": status or {"code": 200, "message": "OK"},
            "headers": response_headers or {},
            "body": answer if answer is not None else {"string": RESPONSE},
        },
    }


def postman_item(
    raw: Any = REQUEST, answer: Any = RESPONSE, *, url: Any = URL, name: str = "Commit", **request: Any
) -> dict[str, Any]:
    """A request of a collection with a saved answer; *request* are further members of the request."""
    asked = {"method": "POST", "header": [], "body": {"mode": "raw", "raw": raw}, "url": url, **request}
    example = {"name": "OK", "originalRequest": asked, "code": 200, "header": None, "body": answer}
    return {"name": name, "request": asked, "response": [example]}


def collection(*items: dict[str, Any], **members: Any) -> dict[str, Any]:
    """A Postman collection of *items*."""
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    return {"info": {"name": "test", "schema": schema}, "item": list(items), **members}


def openapi(request: Any = None, response: Any = None, **members: Any) -> dict[str, Any]:
    """An OpenAPI document with the contents of a request and of an answer; examples of JSON unless others are given."""
    request = request or {"application/json": {"example": json.loads(REQUEST)}}
    response = response or {"application/json": {"example": json.loads(RESPONSE)}}
    operation = {"requestBody": {"content": request}, "responses": {"200": {"content": response}}}
    return {"openapi": "3.0.3", "paths": {ENDPOINT_PATH: {"post": operation}}, **members}


def read_collection(value: Any, limits: Limits = DEFAULT_LIMITS) -> list[Exchange]:
    """The calls in a Postman collection."""
    return list(iter_postman(bytes_of(value), "api.postman_collection.json", limits))


def bodies_of(exchange: Exchange) -> tuple[bytes | str | None, ...]:
    """The bodies of an exchange; the reason where one cannot be had."""
    return tuple(
        None if message is None else message.body if isinstance(message, Excerpt) else message.reason
        for message in (exchange.request, exchange.response)
    )
