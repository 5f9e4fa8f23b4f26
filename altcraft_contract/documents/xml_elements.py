"""A well-formed XML document as elements of the standard library, for those who judge elements and not values."""

from __future__ import annotations

from pyexpat import ParserCreate
from typing import Final
from xml.etree import ElementTree as ET

_SEPARATOR: Final = "\x01"  # between the parts of an expanded name; no document can hold it


def read_elements(data: bytes) -> ET.Element:
    """Read a document that the exact reader has found well-formed.

    `ElementTree.fromstring` refuses some of these: its parser joins a namespace and a name by a bracket, so it does not
    take a namespace that has one.

    Args:
        data: The body.

    Returns:
        The root, without comments and processing instructions; `{namespace}name` for what is in a namespace.
    """
    builder = ET.TreeBuilder()
    parser = ParserCreate("utf-8", _SEPARATOR)
    parser.buffer_text = True

    def start(name: str, attributes: dict[str, str]) -> None:
        builder.start(_tag(name), {_tag(attribute): value for attribute, value in attributes.items()})

    def end(name: str) -> None:
        builder.end(_tag(name))

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.Parse(data, True)  # noqa: FBT003 - the only form it takes
    return builder.close()


def _tag(expanded_name: str) -> str:
    namespace, separator, name = expanded_name.rpartition(_SEPARATOR)
    return f"{{{namespace}}}{name}" if separator else name
