"""The libraries that we are measured against, each with its schema read once and reused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from jsonschema import Draft202012Validator
from xmlschema import XMLSchema11

from altcraft_contract.contract import load_contract

if TYPE_CHECKING:
    from collections.abc import Callable

    from bodies import Body


class JsonPeer:
    """jsonschema, on the published JSON Schema."""

    name = "jsonschema"
    syntax = "json"

    def __init__(self) -> None:
        self._validator = Draft202012Validator(load_contract().request_schema)

    def parsed(self, body: Body) -> Callable[[], int]:
        """Return what counts the errors of a parsed body."""
        value = json.loads(body.json)
        return lambda: self._count(value)

    def text(self, body: Body) -> Callable[[], int]:
        """Return what parses a body and counts its errors."""
        return lambda: self._count(json.loads(body.json))

    def _count(self, value: Any) -> int:
        return sum(1 for _ in self._validator.iter_errors(value))


class XmlPeer:
    """xmlschema, on the published XML Schema 1.1."""

    name = "xmlschema"
    syntax = "xml"

    def __init__(self) -> None:
        self._schema = XMLSchema11(str(load_contract().xsd_path("request")))

    def parsed(self, body: Body) -> Callable[[], int]:
        """Return what counts the errors of a parsed body."""
        root = ET.fromstring(body.xml)  # noqa: S314 - written by the benchmark itself
        return lambda: self._count(root)

    def text(self, body: Body) -> Callable[[], int]:
        """Return what parses a body and counts its errors."""
        return lambda: self._count(ET.fromstring(body.xml))  # noqa: S314 - as above

    def _count(self, root: ET.Element) -> int:
        return sum(1 for _ in self._schema.iter_errors(root))
