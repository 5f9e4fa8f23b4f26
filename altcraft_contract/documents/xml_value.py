"""The fast XML reader: the JSON form of a plain document and nothing else, or no decision.

It is expat, too, so that no document is well-formed for one reader and not for the other; what makes it quick is that
it keeps no positions and tells of no problems. A document of nothing but tags and texts is not even taken from expat
event by event: once expat has found it well-formed, it is cut at its brackets.
"""

from __future__ import annotations

import re
from pyexpat import ExpatError, ParserCreate
from typing import TYPE_CHECKING, Any

from altcraft_contract.documents.limits import DEFAULT_LIMITS, Limits
from altcraft_contract.documents.problem import LongInteger
from altcraft_contract.documents.shape import Shape
from altcraft_contract.documents.xml_tree import XML_SPACE, leaf_value

if TYPE_CHECKING:
    from collections.abc import Iterator

_LARGEST = 1_000_000  # bytes; what is larger is not read twice
_CUSTOM_VALUE = Shape("string")
_OBJECTS = ("object", "free")
_DEEPEST = 10  # levels that no documented element is below; limits that are lower are not kept by cutting
_IN_DECLARATION = 4  # bytes; an XML declaration begins before
_MARKS = 2  # question marks of an XML declaration

_is_name = re.compile(r"[\w.-]+").fullmatch  # of what expat takes for a tag: no attribute, no prefix, no white space


class _Odd(Exception):
    """The document holds something that the exact reader must decide."""


class _CustomFields(dict[str, Shape]):
    """The fields of an object whose members are not documented."""

    def get(self, name: str, _: object = None) -> Any:
        """The shape of the field *name*, if it has no prefix."""
        return None if ":" in name else _CUSTOM_VALUE


class _CutCustomFields(_CustomFields):
    """The same, where a name may be a tag with other things in it."""

    def get(self, name: str, _: object = None) -> Any:
        """The shape of the field *name*, if it is a name without prefix."""
        return _CUSTOM_VALUE if name.isidentifier() or _is_name(name) else None


_CUSTOM_FIELDS = _CustomFields()
_CUT_CUSTOM_FIELDS = _CutCustomFields()


def read_xml_value(data: bytes, shape: Shape, *, limits: Limits = DEFAULT_LIMITS) -> dict[str, Any] | None:
    """The JSON form of an XML document, if it holds documented elements only and nothing odd.

    Returns:
        The value, or None where the exact reader must decide: the body is malformed or large, or holds attributes,
        namespaces, repeated fields, or elements that are not documented or not in their place.
    """
    if len(data) > min(_LARGEST, limits.max_bytes, limits.max_values, limits.max_text_bytes):
        return None
    try:
        text = data.decode()
        value = _cut(data, text, shape) if limits.max_depth >= _DEEPEST and _may_be_cut(data) else None
        return value if value is not None else _build(data, shape, limits.max_depth)
    except (UnicodeDecodeError, ExpatError, _Odd):
        return None


def _may_be_cut(data: bytes) -> bool:
    """Whether each `<` begins a tag or the XML declaration, and texts are as written.

    One character is found sooner than two, and hardly any document has one of these.
    """
    if b"&" in data or (b"!" in data and b"<!" in data):
        return False
    marks = _MARKS if data.startswith(b"<?xml ") else 0
    return data.count(b"?") == marks or b"<?" not in data[_IN_DECLARATION:]


def _cut(data: bytes, text: str, shape: Shape) -> dict[str, Any] | None:
    """The value of a document, cut at its brackets; None if that is not the way to read it.

    Raises:
        ExpatError: if it is not well-formed.
        _Odd: if the exact reader must decide.
    """
    parser = ParserCreate("utf-8")
    parser.XmlDeclHandler = _check_declaration
    parser.Parse(data, True)  # noqa: FBT003 - the only form it takes
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    parts = text.replace(">", "<").split("<")
    if len(parts) != 2 * text.count("<") + 1:
        return None  # there is a `>` in a text or in an attribute; else tags and texts take turns
    tags = zip(parts[1::2], parts[2::2], strict=True)  # and the text after each
    name, after = next(tags)
    if name.startswith("?xml ") and name.endswith("?"):
        name, after = next(tags)
    return None if name != "xml" or after.strip(XML_SPACE) else _members(tags, shape)


def _members(tags: Iterator[tuple[str, str]], shape: Shape) -> dict[str, Any] | None:
    """The members of the root, whose start tag has been taken; None if a tag holds more than a documented name.

    Every end tag is known to be that of the element which was begun last.
    """
    root: dict[str, Any] = {}
    members, fields = root, shape.fields
    above: list[Any] = []  # members and fields of the objects around the innermost
    for name, after in tags:
        child = fields.get(name)
        if child is None:
            if name[0] != "/":
                return None
            if after and after.strip(XML_SPACE):
                raise _Odd
            if above:
                members, fields = above.pop()
        elif child.kind == "string":  # most are
            end, tail = next(tags)
            if end[0] != "/" or name in members or (tail and tail.strip(XML_SPACE)):
                raise _Odd
            members[name] = after
        else:
            value = _take(tags, child, name, after, members)
            if type(value) is dict:
                inner = child.item or child
                above.append((members, fields))
                members, fields = value, inner.fields if inner.kind == "object" else _CUT_CUSTOM_FIELDS
    return root


def _take(
    tags: Iterator[tuple[str, str]], shape: Shape, name: str, after: str, members: dict[str, Any]
) -> dict[str, Any] | str | int:
    """Make a member, or an item of one, of the element *name*, whose start tag has been taken.

    Returns:
        The value; of an object, just its beginning.

    Raises:
        _Odd: if the exact reader must decide.
    """
    value: dict[str, Any] | str | int
    inner = shape.item or shape
    if inner.kind in _OBJECTS:
        value = {}
    else:
        value = leaf_value(inner.kind, after)
        end, after = next(tags)
        if end[0] != "/" or type(value) is LongInteger:
            raise _Odd
    if after and after.strip(XML_SPACE):
        raise _Odd
    if shape.kind == "list":
        members.setdefault(name, []).append(value)
    elif name in members:
        raise _Odd
    else:
        members[name] = value
    return value


def _build(data: bytes, shape: Shape, max_depth: int) -> dict[str, Any]:
    """The value of a document, built from expat's events.

    Raises:
        ExpatError: if it is not well-formed.
        _Odd: if the exact reader must decide.
    """
    builder = _Builder(shape, max_depth)
    parser = ParserCreate("utf-8")
    parser.buffer_text = True
    parser.ordered_attributes = True
    parser.XmlDeclHandler = _check_declaration
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.take_text
    parser.Parse(data, True)  # noqa: FBT003 - the only form it takes
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
