"""One version of the contract: its schemas, its examples, and the shapes of its messages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from altcraft_contract.documents.shape import Kind, Shape
from altcraft_contract.errors import UnknownContract

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Message = Literal["request", "response"]
Syntax = Literal["json", "xml"]

LATEST: Final = "v75"
RESPONSE_FIELDS: Final = ("error", "error_text")
"""A message that has one of them at the top is a response."""
_KINDS: Final[Mapping[str, Kind]] = {
    "string": "string",
    "integer": "integer",
    "boolean": "boolean",
    "array": "list",
    "object": "object",
}


@dataclass(frozen=True)
class Contract:
    """Everything promised at one documentation version.

    Attributes:
        version: Version of the vendor's documentation, such as `v75`.
        directory: Where the schemas and the examples of this version lie.
    """

    version: str
    directory: Path

    @cached_property
    def request_schema(self) -> dict[str, Any]:
        """The JSON Schema (2020-12) of the request."""
        return self._schema("request")

    @cached_property
    def response_schema(self) -> dict[str, Any]:
        """The JSON Schema (2020-12) of the response."""
        return self._schema("response")

    @cached_property
    def request_shape(self) -> Shape:
        """The documented form of the request."""
        return shape_of(self.request_schema)

    @cached_property
    def response_shape(self) -> Shape:
        """The documented form of the response."""
        return shape_of(self.response_schema)

    @cached_property
    def examples(self) -> Mapping[str, bytes]:
        """The documented payloads, by file name: `request.json`, `request.xml`, `response.json`, `response.xml`."""
        return {path.name: path.read_bytes() for path in sorted((self.directory / "examples").iterdir())}

    @cached_property
    def source(self) -> Mapping[str, Any]:
        """Where this version was read: `version`, `page`, `page_updated`, `method`, `path`."""
        import tomllib  # noqa: PLC0415 - costs start-up time that few commands need

        return tomllib.loads((self.directory / "source.toml").read_text(encoding="utf-8"))

    @property
    def openapi_path(self) -> Path:
        """The file of the endpoint as OpenAPI 3.1, in YAML."""
        return self.directory / "openapi.yaml"

    def schema(self, message: Message) -> dict[str, Any]:
        """The JSON Schema of *message*."""
        return self.request_schema if message == "request" else self.response_schema

    def shape(self, message: Message) -> Shape:
        """The documented form of *message*."""
        return self.request_shape if message == "request" else self.response_shape

    def schema_path(self, message: Message) -> Path:
        """The file of the JSON Schema of *message*."""
        return self.directory / f"{message}.schema.json"

    def xsd_path(self, message: Message, level: Literal["1.1", "1.0"] = "1.1") -> Path:
        """The file of the XML Schema of *message*, for processors of XSD *level*."""
        return self.directory / (f"{message}.xsd" if level == "1.1" else f"{message}.xsd10.xsd")

    def _schema(self, message: Message) -> dict[str, Any]:
        schema: dict[str, Any] = json.loads(self.schema_path(message).read_bytes())
        return schema


@cache
def load_contract(version: str = LATEST) -> Contract:
    """Load one version of the contract.

    Raises:
        UnknownContract: if the package holds no such version.
    """
    root = _schemas_directory()
    if version not in _versions(root):
        raise UnknownContract(version, _versions(root))
    return Contract(version, root / version)


def _schemas_directory() -> Path:
    """In a wheel the schemas lie in the package, in a checkout (an editable install, too) beside it."""
    package = Path(__file__).parent
    installed = package / "schemas"
    return installed if installed.is_dir() else package.parent / "schemas"


def _versions(root: Path) -> tuple[str, ...]:
    return tuple(sorted(path.name for path in root.iterdir() if path.is_dir()))


def shape_of(schema: Mapping[str, Any]) -> Shape:
    """The shape that a JSON Schema of ours describes."""
    return _Shaper(schema).shape([schema], "")


class _Shaper:
    def __init__(self, root: Mapping[str, Any]) -> None:
        self.root = root

    def shape(self, schemas: list[Mapping[str, Any]], section: str) -> Shape:
        """The shape of a value that all of *schemas* speak of."""
        parts = [part for schema in schemas for part in self.parts(schema)]
        section = next((part["title"] for part in parts if "title" in part), section)
        properties: dict[str, list[Mapping[str, Any]]] = {}
        for part in parts:
            for name, schema in part.get("properties", {}).items():
                properties.setdefault(name, []).append(schema)
        item = next((part["items"] for part in parts if "items" in part), None)
        return Shape(
            self.kind(parts, properties),
            {name: self.shape(schemas, section) for name, schemas in properties.items()},
            self.shape([item], section) if item is not None else None,
            section,
            next((part["$ref"].rpartition("/")[2] for part in parts if "$ref" in part), ""),
            any("x-secret" in part for part in parts),
            tuple(name for part in self.unconditional(schemas) for name in part.get("required", ())),
            next((tuple(part["enum"]) for part in parts if "enum" in part), ()),
            next((part["minimum"] for part in parts if "minimum" in part), None),
            next((part["description"] for part in parts if "description" in part), ""),
            next((part["examples"][0] for part in parts if "examples" in part), None),
        )

    def unconditional(self, schemas: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
        """*schemas* and what they refer to, without what holds only sometimes."""
        for schema in schemas:
            yield schema
            if "$ref" in schema:
                yield self.root["$defs"][schema["$ref"].rpartition("/")[2]]

    @staticmethod
    def kind(parts: list[Mapping[str, Any]], properties: Mapping[str, Any]) -> Kind:
        named = next((part["type"] for part in parts if isinstance(part.get("type"), str)), "object")
        return "free" if named == "object" and not properties else _KINDS[named]

    def parts(self, schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """*schema* and all that it says through `$ref`, `allOf` and `then`."""
        yield schema
        if "$ref" in schema:
            yield from self.parts(self.root["$defs"][schema["$ref"].rpartition("/")[2]])
        for part in schema.get("allOf", ()):
            yield from self.parts(part)
        if "then" in schema:
            yield from self.parts(schema["then"])


def message_of(value: Any) -> Message:
    """Whether a JSON form is that of a request or of a response: an answer has `error` or `error_text`."""
    is_response = isinstance(value, dict) and any(field in value for field in RESPONSE_FIELDS)
    return "response" if is_response else "request"
