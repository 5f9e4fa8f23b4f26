"""Fuzzes the conversion: what is written in the other syntax is read as what it was, or is refused."""

from __future__ import annotations

import json
from typing import Any

from altcraft_contract.conversion import convert, from_json, from_xml, message_of, to_xml
from altcraft_contract.documents.document import sniff_syntax
from altcraft_contract.errors import ConversionError
from fuzzing.readers import LIMITS


def check_conversion(data: bytes) -> None:
    """Convert a body there and back.

    Args:
        data: The body.

    Raises:
        AssertionError: It came back as another one.
    """
    try:
        converted = convert(data, limits=LIMITS)
    except ConversionError:
        return
    assert sniff_syntax(converted) != (sniff_syntax(data) or "json")
    if sniff_syntax(data) == "xml":
        value = from_xml(data, limits=LIMITS)
        assert from_json(converted) == value
        message = message_of(value)
        try:
            again = to_xml(value, message=message)
        except ConversionError:
            return
        assert from_xml(again, message=message) == value
    else:
        value = from_json(data, limits=LIMITS)
        assert _as_carried(from_xml(converted, message=message_of(value))) == _as_carried(value)


def _as_carried(value: Any, place: str = "") -> Any:
    """A value up to the documented limits of XML: no empty lists, texts in custom fields, whole numbers as digits."""
    if isinstance(value, dict):
        members = {name: _as_carried(member, name) for name, member in value.items() if member != []}
        return {name: _as_text(member) for name, member in members.items()} if place == "custom_fields" else members
    if isinstance(value, list):
        return [_as_carried(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)
