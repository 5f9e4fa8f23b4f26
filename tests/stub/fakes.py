"""A shop that sends orders: bodies in both syntaxes, and a plain way to send them."""

from __future__ import annotations

import http.client
import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from altcraft_contract import strategies as st
from altcraft_contract.contract import load_contract
from altcraft_contract.documents.document import read_document
from altcraft_contract.strategies.source import SeededSource
from altcraft_contract.strategies.wire import plain_body
from tests.stub.clients.clients import Reply

if TYPE_CHECKING:
    from altcraft_contract.contract import Syntax
    from altcraft_contract.stub import StubServer

CONTENT_TYPES: Final[dict[Syntax, str]] = {"json": "application/json", "xml": "application/xml"}
TOKEN: Final = "QXZW-7731-token"  # noqa: S105 - of nobody
EMAIL: Final = "zoe.quixote@example.com"
PHONE: Final = "+79161234567"
PATIENCE: Final = 20.0  # seconds after which a test gives up


def order(external_id: str = "order_1", /, **members: Any) -> dict[str, Any]:
    """A small valid request; *members* replace its own, and None takes one away."""
    request = deepcopy(st.EDGE_CASES["no-optional-field"](SeededSource(0)))
    request = {**request, "external_id": external_id, "token": TOKEN, **members}
    return {name: value for name, value in request.items() if value is not None}


def body_of(request: dict[str, Any], syntax: Syntax = "json") -> bytes:
    """The plainest body of a request."""
    return plain_body(request, syntax)


def value_of(body: bytes, syntax: Syntax = "json") -> Any:
    """The JSON form of an answer, as far as it has one; None if it cannot be read."""
    document = read_document(body, load_contract().response_shape, syntax=syntax)
    return None if document.malformed else document.value


def send(url: str, body: bytes | None = None, headers: dict[str, str] | None = None, *, method: str = "POST") -> Reply:
    """Send one request, and read the answer."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE)
    try:
        target = f"{place.path}?{place.query}" if place.query else place.path
        connection.request(method, target, body, headers or {})
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Reply(response.status, found, response.read())
    finally:
        connection.close()


def send_order(
    stub: StubServer, request: dict[str, Any] | bytes | None = None, syntax: Syntax = "json", **headers: str
) -> Reply:
    """Send an order, or a body, to the endpoint; `content_type="…"` is the header `content-type`."""
    body = request if isinstance(request, bytes) else body_of(request or order(), syntax)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return send(stub.url, body, {"content-type": CONTENT_TYPES[syntax], **named})


def control(stub: StubServer, name: str, members: Any = None, *, method: str = "", **headers: str) -> tuple[int, Any]:
    """Make a control call; return the status and the JSON value of its answer."""
    body = None if members is None else json.dumps(members).encode()
    named = {header.replace("_", "-"): value for header, value in headers.items()}
    reply = send(f"{stub.base_url}/__altcraft__/{name}", body, named, method=method or ("POST" if body else "GET"))
    return reply.status, json.loads(reply.body)
