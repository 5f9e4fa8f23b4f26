"""The fast XML reader: the JSON form of a plain document and nothing else, or no decision.

It is expat, too, so that no document is well-formed for one reader and not for the other; what makes it quick is that
it keeps no positions and tells of no problems.
"""

from __future__ import annotations

from pyexpat import ExpatError, ParserCreate
from typing import Any

from altcraft_contract.documents.limits import DEFAULT_LIMITS, Limits
from altcraft_contract.documents.problem import LongInteger
from altcraft_contract.documents.shape import Shape
from altcraft_contract.documents.xml_tree import XML_SPACE, leaf_value

_LARGEST = 1_000_000  # bytes; what is larger is not read twice
_CUSTOM_VALUE = Shape("string")


class _Odd(Exception):
    """The document holds something that the exact reader must decide."""


class _CustomFields(dict[str, Shape]):
    """The fields of an object whose members are not documented."""

    def get(self, name: str, _: object = None) -> Any:
        """The shape of the field *name*, if it has no prefix."""
        return None if ":" in name else _CUSTOM_VALUE


_CUSTOM_FIELDS = _CustomFields()


def read_xml_value(data: bytes, shape: Shape, *, limits: Limits = DEFAULT_LIMITS) -> dict[str, Any] | None:
    """The JSON form of an XML document, if it holds documented elements only and nothing odd.

    Returns:
        The value, or None where the exact reader must decide: the body is malformed or large, or holds attributes,
        namespaces, repeated fields, or elements that are not documented or not in their place.
    """
    if len(data) > min(_LARGEST, limits.max_bytes, limits.max_values, limits.max_text_bytes):
        return None
    builder = _Builder(shape, limits.max_depth)
    parser = ParserCreate("utf-8")
    parser.buffer_text = True
    parser.ordered_attributes = True
    parser.XmlDeclHandler = _check_declaration
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.take_text
    try:
        data.decode()
        parser.Parse(data, True)  # noqa: FBT003 - the only form it takes
    except (UnicodeDecodeError, ExpatError, _Odd):
        return None
    root: dict[str, Any] = builder.document["xml"]
    return root


def _check_declaration(version: str, encoding: str | None, _standalone: int) -> None:
    if version != "1.0" or (encoding is not None and encoding.lower() != "utf-8"):
        raise _Odd


def _refuse(*_: object) -> None:
    raise _Odd


class _Builder:
    """Builds the JSON form of a plain document from expat's events."""

    __slots__ = ("above", "document", "fields", "leaf", "members", "most_above", "text")

    def __init__(self, shape: Shape, max_depth: int) -> None:
        self.document: dict[str, Any] = {}
        self.members = self.document  # of the innermost object
        self.fields: Any = {"xml": shape}  # documented there
        self.above: list[tuple[dict[str, Any], Any]] = []  # members and fields of the objects around it
        self.leaf: Shape | None = None  # the value that is open, if one is
        self.text = ""
        self.most_above = max_depth - 1

    def start(self, name: str, attributes: list[str]) -> None:
        child: Shape | None = self.fields.get(name)
        if child is None or attributes or self.leaf is not None or len(self.above) > self.most_above:
            raise _Odd
        if self.text:
            self.end_space()
        if child.kind == "list":
            child = child.item or child
            self.members.setdefault(name, [])
        elif name in self.members:
            raise _Odd
        if child.kind in ("object", "free"):
            value: dict[str, Any] = {}
            self.put(name, value)
            self.above.append((self.members, self.fields))
            self.members, self.fields = value, child.fields if child.kind == "object" else _CUSTOM_FIELDS
        else:
            self.leaf = child

    def end(self, name: str) -> None:
        leaf = self.leaf
        if leaf is None:
            if self.text:
                self.end_space()
            self.members, self.fields = self.above.pop()
            return
        value = self.text if leaf.kind == "string" else leaf_value(leaf.kind, self.text)
        if type(value) is LongInteger:
            raise _Odd
        self.put(name, value)
        self.leaf, self.text = None, ""

    def put(self, name: str, value: Any) -> None:
        """Make *value* a member, or an item of the list that is one."""
        items = self.members.get(name)
        if items is None:
            self.members[name] = value
        else:
            items.append(value)

    def take_text(self, text: str) -> None:
        self.text += text

    def end_space(self) -> None:
        """The text beside elements must be white space."""
        if self.text.strip(XML_SPACE):
            raise _Odd
        self.text = ""
