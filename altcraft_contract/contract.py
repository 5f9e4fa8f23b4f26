"""One version of the contract: its schemas, its examples, and the shapes of its messages."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from altcraft_contract.documents.shape import Kind, Shape
from altcraft_contract.errors import UnknownContract, UnusableContract

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Message = Literal["request", "response"]
Syntax = Literal["json", "xml"]

LATEST: Final = "v75"
MESSAGES: Final[tuple[Message, ...]] = ("request", "response")
RESPONSE_FIELDS: Final = ("error", "error_text")
"""A message that has one of them at the top is a response."""
_version = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_LARGEST: Final = 4 * 1024 * 1024  # bytes of a file of a contract
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
    def name(self) -> str:
        """What `load_contract` takes to load it again: its version, or its directory if it lies elsewhere."""
        is_ours = self.directory == _schemas_directory() / self.version
        return self.version if is_ours else str(self.directory.resolve())

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
        folder = self.directory / "examples"
        return {path.name: path.read_bytes() for path in sorted(folder.iterdir())} if folder.is_dir() else {}

    @cached_property
    def source(self) -> Mapping[str, Any]:
        """Where this version was read: `version`, `page`, `page_updated`, `method`, `path`."""
        import tomllib  # noqa: PLC0415 - costs start-up time that few commands need

        return tomllib.loads((self.directory / "source.toml").read_text(encoding="utf-8"))

    @property
    def openapi_path(self) -> Path:
        """The file of the endpoint as OpenAPI 3.1, in YAML."""
        return self.directory / "openapi.yaml"

    @property
    def postman_path(self) -> Path:
        """The file of the Postman collection, version 2.1: the documented request, and an order for each rule."""
        return self.directory / "preorder_commit.postman_collection.json"

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


def load_contract(version: str | Path = LATEST) -> Contract:
    """Load one version of the contract.

    Args:
        version: One that the package holds, such as `v75`, or a directory laid out as its own are: `source.toml`, and
            for `request` and `response` a `.schema.json`, a `.xsd` and a `.xsd10.xsd`. `schema --export` writes one.

    Raises:
        UnknownContract: if the package holds no such version, and there is no such directory.
        UnusableContract: if the directory holds no contract, or a damaged one.
    """
    if isinstance(version, str):
        if version in _versions():
            return _load_version(version)
        if not version or not _is_directory(version):
            raise UnknownContract(version, _versions())
    return _load_directory(Path(version).resolve())


@cache
def _load_version(version: str) -> Contract:
    return Contract(version, _schemas_directory() / version)


@cache
def _load_directory(directory: Path) -> Contract:
    for message in MESSAGES:
        for suffix in ("schema.json", "xsd", "xsd10.xsd"):
            _check_file(directory / f"{message}.{suffix}")
    _check_file(directory / "source.toml")
    contract = Contract(_version_in(directory), directory)
    for message in MESSAGES:
        path = contract.schema_path(message)
        try:
            _check_schema(contract.schema(message))
            if contract.shape(message).fields["data"].kind != "object":
                raise ValueError("`data` is no object")  # noqa: TRY301 - told as the others are
        except RecursionError:
            raise UnusableContract(str(path), "is nested too deeply, or refers to itself") from None
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            reason = f"is no schema of this kind ({type(error).__name__}: {str(error)[:200]})"
            raise UnusableContract(str(path), f"{reason}; start from what `schema --export DIR` writes") from None
    return contract


def _is_directory(path: str) -> bool:
    try:
        return Path(path).is_dir()
    except (OSError, ValueError):
        return False


def _check_file(path: Path) -> None:
    try:
        size = path.stat().st_size if path.is_file() else None
    except OSError as error:
        raise UnusableContract(str(path), f"cannot be read: {error.strerror}") from None
    if size is None:
        remedy = "a contract lies in a directory such as `altcraft-contract schema --export DIR` writes"
        raise UnusableContract(str(path.parent), f"there is no {path.name}; {remedy}")
    if size > _LARGEST:
        raise UnusableContract(str(path), f"is larger than {_LARGEST // 1024 // 1024} MiB; no schema is")


def _version_in(directory: Path) -> str:
    """The version that the `source.toml` of a contract tells."""
    path = directory / "source.toml"
    try:
        version = Contract("", directory).source.get("version")
    except (OSError, ValueError, RecursionError) as error:
        raise UnusableContract(str(path), f"cannot be read as TOML: {str(error)[:200]}") from None
    if not isinstance(version, str) or not _version.fullmatch(version):
        raise UnusableContract(str(path), 'names no version of the documentation; add version = "v76", say')
    return version


def _check_schema(schema: Any) -> None:
    """Refuse what is no JSON Schema, or speaks of one that lies elsewhere.

    Raises:
        ValueError: if it is so.
    """
    from jsonschema import Draft202012Validator, SchemaError  # noqa: PLC0415 - the versions of the package need none

    if not isinstance(schema, dict) or not isinstance(schema.get("$defs"), dict):
        raise ValueError("an object with $defs was expected")  # noqa: TRY004 - a fault of the file, not of a caller
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        raise ValueError(error.message) from None
    for part in _iter_objects(schema):
        reference = part.get("$ref", "#/$defs/")
        if not isinstance(reference, str) or not reference.startswith("#/$defs/") or "$dynamicRef" in part:
            raise ValueError("a reference leads out of the file; expected $ref to one of its $defs")
        if "$ref" in part and reference.removeprefix("#/$defs/") not in schema["$defs"]:
            raise ValueError(f"{reference} is not there")


def _iter_objects(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, dict):
        yield value
        for member in value.values():
            yield from _iter_objects(member)
    elif isinstance(value, list):
        for item in value:
            yield from _iter_objects(item)


def _schemas_directory() -> Path:
    """In a wheel the schemas lie in the package, in a checkout (an editable install, too) beside it."""
    package = Path(__file__).parent
    installed = package / "schemas"
    return installed if installed.is_dir() else package.parent / "schemas"


@cache
def _versions() -> tuple[str, ...]:
    return tuple(sorted(path.name for path in _schemas_directory().iterdir() if path.is_dir()))


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
