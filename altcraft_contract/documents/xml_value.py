"""The fast XML reader: the JSON form and nothing else, or no decision."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from lxml import etree

from altcraft_contract.documents.limits import DEFAULT_LIMITS, Limits
from altcraft_contract.documents.problem import LongInteger
from altcraft_contract.documents.xml_tree import XML_SPACE, leaf_value

if TYPE_CHECKING:
    from altcraft_contract.documents.shape import Shape

_LARGEST = 1_000_000  # bytes; far below the limits of libxml2, so that they never decide
_declaration = re.compile(rb"""<\?xml version=["']1\.0["'](?: encoding=["'](?i:utf-8)["'])?\s*\?>""")

_PARSER_OPTIONS: dict[str, Any] = {
    "encoding": "utf-8",
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
    "collect_ids": False,
}


class _Odd(Exception):  # noqa: N818 - a signal within this module
    """The document holds something that the exact reader must decide."""


def read_xml_value(data: bytes, shape: Shape, *, limits: Limits = DEFAULT_LIMITS) -> dict[str, Any] | None:
    """The JSON form of an XML document, if it holds documented elements only and nothing odd.

    Returns:
        The value, or None where the exact reader must decide: the body is malformed or large, or holds attributes,
        comments, processing instructions, CDATA, namespaces, interleaved lists, or elements that are not documented or not
        in their place.
    """
    if len(data) > min(_LARGEST, limits.max_bytes, limits.max_values, limits.max_text_bytes):
        return None
    declaration = _declaration.match(data)
    start = declaration.end() if declaration else 0
    if b"<!" in data or data.find(b"<?", start) >= 0 or data.find(b"=", start) >= 0:
        return None
    try:
        data.decode()
        root = etree.fromstring(data, etree.XMLParser(**_PARSER_OPTIONS))
        return cast("dict[str, Any]", _members(root, shape)) if root.tag == "xml" else None
    except (UnicodeDecodeError, etree.XMLSyntaxError, _Odd):
        return None


def _members(element: etree._Element, shape: Shape) -> dict[str, Any]:
    if element.text is not None and element.text.strip(XML_SPACE):
        raise _Odd
    members: dict[str, Any] = {}
    previous = None
    for child in element:
        name = child.tag
        child_shape = shape.fields.get(name)
        if child_shape is None:
            raise _Odd
        tail = child.tail
        if tail is not None and tail.strip(XML_SPACE):
            raise _Odd
        if child_shape.kind == "list":
            value = _value(child, child_shape.item or child_shape)
            if name not in members:
                members[name] = [value]
            elif previous == name:
                members[name].append(value)
            else:
                raise _Odd
        elif name in members:
            raise _Odd
        else:
            members[name] = _value(child, child_shape)
        previous = name
    return members


def _value(element: etree._Element, shape: Shape) -> Any:
    kind = shape.kind
    if kind == "object":
        return _members(element, shape)
    if kind == "free":
        return _free(element)
    if len(element):
        raise _Odd
    value = leaf_value(kind, element.text or "")
    if type(value) is LongInteger:
        raise _Odd
    return value


def _free(element: etree._Element) -> dict[str, str]:
    if element.text is not None and element.text.strip(XML_SPACE):
        raise _Odd
    members: dict[str, str] = {}
    for child in element:
        name = child.tag
        tail = child.tail
        if name in members or len(child) or not name.isascii() or (tail is not None and tail.strip(XML_SPACE)):
            raise _Odd
        members[name] = child.text or ""
    return members
