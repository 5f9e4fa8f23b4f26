"""Messages as text: read into plain values, and written, in JSON and in XML."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from altcraft_contract.contract import Syntax

_LISTS: Final = frozenset(
    {"lines", "promocodes", "requested_promotions", "redeem_points", "tags"}
    | {"issued_promocodes", "points_changes", "contents", "codes"}
)
_LEAF_IN_JSON: Final = re.compile(rb'"(external_id|token)"\s*:\s*"([^"]*)"')
_LEAF_IN_XML: Final = re.compile(rb"<(external_id|token)>([^<]*)</")


def read_value(body: bytes, syntax: Syntax) -> dict[str, Any]:
    """The value of a body, every leaf of XML as text; empty where it cannot be read.

    All that is looked for in an unreadable body are its first `token` and `external_id`.
    """
    try:
        value = json.loads(body) if syntax == "json" else _of_element(ET.fromstring(body))  # noqa: S314 - DTDs are refused before
    except (ValueError, ET.ParseError, RecursionError):
        value = None
    if isinstance(value, dict):
        return value
    found: dict[str, Any] = {}
    for name, text in (_LEAF_IN_JSON if syntax == "json" else _LEAF_IN_XML).findall(body):
        found.setdefault(name.decode(), text.decode(errors="replace"))
    return found


def _of_element(element: ET.Element) -> Any:
    if not len(element):
        return element.text or ""
    value: dict[str, Any] = {}
    for child in element:
        if child.tag in _LISTS:
            value.setdefault(child.tag, []).append(_of_element(child))
        else:
            value[child.tag] = _of_element(child)
    return value


def write_value(value: Any, syntax: Syntax) -> bytes:
    """The text of a value."""
    if syntax == "json":
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
    return b'<?xml version="1.0" encoding="UTF-8"?>' + write_element("xml", value).encode(errors="replace")


def write_element(name: str, value: Any) -> str:
    """An element, or for a list one element for each item."""
    if isinstance(value, list):
        return "".join(write_element(name, item) for item in value)
    return f"<{name}>{_inside(value)}</{name}>"


def _inside(value: Any) -> str:
    if isinstance(value, dict):
        return "".join(write_element(name, member) for name, member in value.items())
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else escape(str(value))


def escape(text: str) -> str:
    """Text as XML writes it; characters that XML cannot carry are replaced."""
    kept = re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
    for character, reference in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;")):
        kept = kept.replace(character, reference)
    return kept
