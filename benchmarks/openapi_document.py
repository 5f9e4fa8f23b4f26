"""The endpoint as a document of OpenAPI 3.1, for peers that are told about it that way."""

from __future__ import annotations

import json
from typing import Any, Final

from altcraft_contract.contract import load_contract

PATH: Final = "/api/v1.1/market/orders/preorder_commit"


def make_openapi() -> dict[str, Any]:
    """Return the document, whose answer is the documented example, in JSON and in XML."""
    contract = load_contract()
    request, requests = split_schema(contract.request_schema, "request")
    response, responses = split_schema(contract.response_schema, "response")
    examples = contract.examples
    call = {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": request}, "application/xml": {"schema": {}}},
        },
        "responses": {
            "200": {
                "description": "answer",
                "content": {
                    "application/json": {"schema": response, "example": json.loads(examples["response.json"])},
                    "application/xml": {"schema": {"type": "string"}, "example": examples["response.xml"].decode()},
                },
            }
        },
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Order Confirmation", "version": contract.version},
        "paths": {PATH: {"post": call}},
        "components": {"schemas": requests | responses},
    }


def split_schema(schema: Any, message: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a schema that stands in the document, and its definitions, named after the message.

    The document has its own dialect, and references count from its root.
    """
    text = json.dumps(schema).replace("#/$defs/", f"#/components/schemas/{message}_")
    root: dict[str, Any] = json.loads(text)
    definitions = {f"{message}_{name}": definition for name, definition in root.pop("$defs").items()}
    for keyword in ("$schema", "$id"):
        root.pop(keyword, None)
    return root, definitions
