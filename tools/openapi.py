"""Make the OpenAPI document of the endpoint from its JSON Schemas and examples.

    python tools/openapi.py            # rewrite schemas/v75/openapi.yaml
    python tools/openapi.py --check    # compare only; print a diff and exit 1 on a difference

Schemas of OpenAPI 3.1 are JSON Schemas 2020-12, so nothing of them is lost; what is added says how they look in XML.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from altcraft_contract.contract import load_contract
from tools.generated import settle

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from altcraft_contract.contract import Contract, Message

MESSAGES: Final[tuple[Message, ...]] = ("request", "response")
HEADER: Final = """\
# Order Confirmation as OpenAPI 3.1. Made from the JSON Schemas beside it by tools/openapi.py: do not edit.
# The contract was read from the vendor's documentation, and never measured on a live server.
"""
DESCRIPTION: Final = """\
Confirms an order. Read from the vendor's documentation, version {version}, never measured on a live server. This is not
a document of the vendor.

Which rule of altcraft-contract a keyword enforces stands beside it, under `x-rules`. A schema enforces fewer rules than
`altcraft-contract lint` does.

In XML a message is the root element `xml`, a member is an element of its name, and a list is its element repeated,
without a wrapper. All values are text there, and an empty list is the same as none.
"""
ANSWER: Final = """\
The answer, whatever became of the order: what counts is `error`, which is 0 on success. How the syntax of the answer is
chosen is not documented.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Rewrite or compare the file, and return the exit code."""
    contract = load_contract()
    return settle({contract.openapi_path: render_openapi(contract)}, __doc__, arguments)


def render_openapi(contract: Contract) -> str:
    """Return the document as YAML."""
    text = yaml.dump(make_openapi(contract), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
    return HEADER + text


class _Dumper(yaml.SafeDumper):
    """Texts of several lines stay what they are, and what is equal is written twice, not referred to."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the name is that of the base
        return True


def _write_text(dumper: _Dumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _write_text)


def make_openapi(contract: Contract) -> dict[str, Any]:
    """Return the document, with both content types."""
    source = contract.source
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{source['product']}: Order Confirmation",
            "version": contract.version,
            "description": DESCRIPTION.format(version=contract.version),
        },
        "servers": [
            {
                "url": "http://127.0.0.1:8075",
                "description": "The stub server, `altcraft-contract stub`; put your installation here.",
            }
        ],
        "paths": {
            source["path"]: {
                source["method"].lower(): {
                    "operationId": "confirmOrder",
                    "summary": "Confirm an order",
                    "security": [{}, {"token": []}],
                    "requestBody": {"required": True, "content": dict(_iter_content(contract, "request"))},
                    "responses": {"200": {"description": ANSWER, "content": dict(_iter_content(contract, "response"))}},
                }
            }
        },
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The token of the API, which the member `token` of the body holds, too.",
                }
            },
            "schemas": make_schemas(contract),
        },
    }


def _iter_content(contract: Contract, message: Message) -> Iterator[tuple[str, dict[str, Any]]]:
    """Media type to schema and documented example."""
    schema = {"$ref": f"#/components/schemas/{message}"}
    examples = {
        "json": json.loads(contract.examples[f"{message}.json"]),
        "xml": contract.examples[f"{message}.xml"].decode(),
    }
    for syntax, example in examples.items():
        documented = {"summary": f"The documented {message}", "value": example}
        yield f"application/{syntax}", {"schema": schema, "examples": {"documented": documented}}


def make_schemas(contract: Contract) -> dict[str, Any]:
    """Return the schemas of both messages by their names in the document.

    A definition is named after its message and its own name, such as `request_lines`; what both messages define alike,
    such as `decimal`, has its own name only.
    """
    definitions = {message: contract.schema(message)["$defs"] for message in MESSAGES}
    shared = {
        name
        for name, schema in definitions["request"].items()
        if definitions["response"].get(name) == schema and "$ref" not in json.dumps(schema)
    }
    schemas: dict[str, Any] = {}
    for message in MESSAGES:
        names = {name: name if name in shared else f"{message}_{name}" for name in definitions[message]}
        root = {key: value for key, value in contract.schema(message).items() if key not in {"$schema", "$id", "$defs"}}
        schemas[message] = {**_translate(root, names), "xml": {"name": "xml"}}
        for name, schema in definitions[message].items():
            schemas[names[name]] = _translate(schema, names)
    return schemas


def _translate(schema: Any, names: dict[str, str]) -> Any:
    """Return *schema* with references into the document, and with `xml` at every list."""
    if isinstance(schema, list):
        return [_translate(item, names) for item in schema]
    if not isinstance(schema, dict):
        return schema
    translated = {key: _translate(value, names) for key, value in schema.items()}
    if isinstance(schema.get("$ref"), str):
        translated["$ref"] = f"#/components/schemas/{names[schema['$ref'].rpartition('/')[2]]}"
    if schema.get("type") == "array" and "items" in schema:
        translated["xml"] = {"wrapped": False}
    return translated


if __name__ == "__main__":
    sys.exit(main())
