"""The exact XML reader: hardened, with positions, directed by a shape.

It decides what the fast reader leaves open, says where and why a body is malformed, finds what the documentation does
not list, and maps pointers to positions. Expat does the parsing: it is linear, never opens anything, and its positions
can be trusted.
"""

from __future__ import annotations

import re
import sys
from pyexpat import ExpatError, ParserCreate
from typing import TYPE_CHECKING

from altcraft_contract.documents.limits import DEFAULT_LIMITS, Limits
from altcraft_contract.documents.pointer import wanted_tree
from altcraft_contract.documents.problem import Malformed, Reading
from altcraft_contract.documents.utf8 import decode_utf8
from altcraft_contract.documents.xml_tree import Locator, TextCollector, TreeBuilder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from altcraft_contract.documents.shape import Shape

_SEPARATOR = "\x01"  # between the parts of an expanded name; no document can hold it
_XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"
_XSI_NAMESPACE = "http://www.w3.org/2001/XMLSchema-instance"
_IGNORED_ATTRIBUTES = frozenset(
    {
        (_XML_NAMESPACE, "space"),
        (_XML_NAMESPACE, "lang"),
        (_XSI_NAMESPACE, "schemaLocation"),
        (_XSI_NAMESPACE, "noNamespaceSchemaLocation"),
    }
)
_MOST_NAMES = 10_000
_SHORTEST_ATTRIBUTE = len(' a=""')
# The start of a tag with as many quoted values.
_ATTRIBUTES = rb"""<[^!?/<>"'][^<>"']*+(?:(?:"[^"<]*+"|'[^'<]*+')[^<>"']*+){%d}+"""
_DECLARATION = 'begin with <?xml version="1.0" encoding="UTF-8"?>, and save the file so'
_UNBOUNDED = Limits(sys.maxsize, sys.maxsize, sys.maxsize, sys.maxsize, sys.maxsize)


def read_xml(
    data: bytes,
    shape: Shape,
    *,
    wanted: Iterable[str] = (),
    keep_unknown: bool = False,
    limits: Limits = DEFAULT_LIMITS,
) -> Reading:
    """Read an XML document exactly.

    Args:
        data: The body.
        shape: The documented form of the root element.
        wanted: Pointers whose positions are asked for.
        keep_unknown: Whether undocumented elements become members, as custom fields do; else they are left out.
        limits: Bounds on the document.

    Returns:
        The JSON form with its problems, or a reading whose only problem is `malformed`.
    """
    try:
        text = decode_utf8(data)
        builder = TreeBuilder(shape, wanted_tree(wanted), limits, keep_unknown=keep_unknown)
        _Reader(data, text, builder).read()
    except Malformed as malformed:
        return malformed.reading()
    return builder.reading


def find_xml_starts(data: bytes, shape: Shape, pointers: Iterable[str]) -> dict[str, int]:
    """Where the values at *pointers* begin.

    Args:
        data: A body that has been read.
        shape: The documented form of the root element.
        pointers: RFC 6901.

    Returns:
        Pointer to offset in characters, without the pointers that show nowhere.
    """
    locator = Locator(shape, wanted_tree(pointers), _UNBOUNDED)
    _Reader(data, decode_utf8(data), locator).read()
    return locator.reading.starts


def iter_xml_texts(data: bytes, shape: Shape, *, limits: Limits = _UNBOUNDED) -> Iterator[tuple[str, int, str]]:
    """Every text and every value of an attribute of a well-formed document, documented or not.

    Args:
        data: A body that has been read.
        shape: The documented form of the root element.
        limits: None by default, since whoever read the body has set them.

    Yields:
        Pointer to the element (to one above it, if names are extremely long), its offset in characters, and the text;
        in the order in which elements end.
    """
    collector = TextCollector(shape, limits)
    _Reader(data, decode_utf8(data), collector).read()
    yield from collector.texts


class _Reader:
    """Expat's events, cleaned of namespaces and attributes, handed to a tree builder."""

    def __init__(self, data: bytes, text: str, builder: TreeBuilder) -> None:
        self.data = data
        self.decoded = text
        self.ascii = len(data) == len(text)
        self.builder = builder
        self.offset = 0
        self.byte = 0
        self.names: dict[str, str] = {}  # those met of late, each kept once
        self.all_names = 0
        parser = ParserCreate("utf-8", _SEPARATOR, self.names)
        parser.namespace_prefixes = True
        parser.ordered_attributes = True
        parser.buffer_text = True
        parser.buffer_size = 1 << 16
        parser.XmlDeclHandler = self.declaration
        parser.StartDoctypeDeclHandler = self.doctype
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = builder.text
        self.parser = parser

    def read(self) -> None:
        if not self.data.strip(b" \t\r\n\xef\xbb\xbf"):
            raise Malformed(0, "the body is empty", "write the message into it, as one element <xml>")
        self.refuse_crowded_tag()
        try:
            self.parser.Parse(self.data, True)  # noqa: FBT003 - the only form it takes
        except ExpatError as error:
            from altcraft_contract.documents.xml_slips import explain_xml_slip  # noqa: PLC0415 - few bodies need it

            place = self.position(max(0, self.parser.ErrorByteIndex))
            raise explain_xml_slip(self.decoded, place, error.code) from None

    def refuse_crowded_tag(self) -> None:
        """Refuse a tag of more attributes than are allowed, which expat would hold all at once."""
        limit = self.builder.limits.max_names
        if len(self.data) // _SHORTEST_ATTRIBUTE <= limit or self.data.count(b"=") <= limit:
            return
        tag = re.search(_ATTRIBUTES % (limit + 1), self.data)
        if tag is not None:
            raise Malformed(self.position(tag.start()), f"a tag of more than {limit:,} attributes", "leave them out")

    def position(self, byte: int) -> int:
        """The offset in characters of *byte*; asked for in ascending order."""
        if self.ascii:
            return byte
        if byte >= self.byte:
            self.offset += len(self.data[self.byte : byte].decode(errors="ignore"))
            self.byte = byte
        return self.offset

    def here(self) -> int:
        return self.position(self.parser.CurrentByteIndex)

    def declaration(self, version: str, encoding: str | None, _standalone: int) -> None:
        if version != "1.0":
            raise Malformed(self.here(), "the XML declaration names another version than 1.0", _DECLARATION)
        if encoding is not None and encoding.lower() != "utf-8":
            raise Malformed(self.here(), "the XML declaration names another encoding than UTF-8", _DECLARATION)

    def doctype(self, *_: object) -> None:
        raise Malformed(self.here(), "a document type declaration, which is never read", "leave it out")

    def start(self, expanded_name: str, attributes: list[str]) -> None:
        if len(self.names) > _MOST_NAMES:
            self.forget_names()
        name, known = (expanded_name, True) if _SEPARATOR not in expanded_name else _written(expanded_name)
        if not attributes:
            self.builder.start(name, self.here(), [], in_namespace=not known)
            return
        unknown = [
            _written(attribute)[0] for attribute in attributes[::2] if _parts(attribute)[:2] not in _IGNORED_ATTRIBUTES
        ]
        self.builder.start(name, self.here(), unknown, in_namespace=not known)
        self.builder.attribute_values(attributes[1::2])

    def forget_names(self) -> None:
        self.all_names += len(self.names)
        if self.all_names > self.builder.limits.max_names:
            detail = f"more than {self.builder.limits.max_names:,} different names"
            raise Malformed(self.here(), detail, "send less at once")
        self.names.clear()

    def end(self, _: str) -> None:
        self.builder.end()


def _parts(expanded_name: str) -> tuple[str, str, str]:
    """Namespace, local name and prefix; empty where there is none."""
    parts = expanded_name.split(_SEPARATOR)
    if len(parts) == 1:
        return "", parts[0], ""
    return parts[0], parts[1], parts[2] if len(parts) > 2 else ""  # noqa: PLR2004 - namespace, local name, prefix


def _written(expanded_name: str) -> tuple[str, bool]:
    """The name as written, and whether it is in no namespace."""
    namespace, local_name, prefix = _parts(expanded_name)
    return f"{prefix}:{local_name}" if prefix else local_name, not namespace
