"""The vendor's envelope, in the syntax of the request."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.conversion import write_xml
from altcraft_contract.errors import ConversionError

if TYPE_CHECKING:
    from altcraft_contract.contract import Syntax

_not_in_xml: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def encode_text(text: str, syntax: Syntax) -> bytes:
    """An answer that is JSON text already."""
    return text.encode() if syntax == "json" else encode(json.loads(text), syntax)


def encode(answer: dict[str, Any], syntax: Syntax) -> bytes:
    """The bytes of an answer, of which the members are as documented or at least JSON."""
    if syntax == "json":
        return json.dumps(answer, ensure_ascii=False).encode()
    value = _without_nulls(answer)
    try:
        root = write_xml(value, "response", strict=False)
    except ConversionError:  # an order that came as JSON may name what XML cannot carry, and be asked for again in XML
        root = write_xml(_carried(value), "response", strict=False)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}\n'.encode()


def refusal(code: int, text: str) -> dict[str, Any]:
    """An envelope that refuses; *text* may hold anything, what XML cannot carry is escaped in both syntaxes."""
    return {"error": code, "error_text": _carried(text)}


def _carried(value: Any) -> Any:
    """*value* with an escape in place of each character that XML cannot carry."""
    if isinstance(value, dict):
        return {name: _carried(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_carried(item) for item in value]
    return _not_in_xml.sub(_escaped, value) if isinstance(value, str) else value


def _escaped(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape", "surrogatepass").decode("ascii")


def _without_nulls(value: Any) -> Any:
    """*value* without members that are null: XML has no form for them."""
    if isinstance(value, dict):
        return {name: _without_nulls(member) for name, member in value.items() if member is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value
