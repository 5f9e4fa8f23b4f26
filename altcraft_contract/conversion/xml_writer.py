"""JSON forms to lines of XML."""

from __future__ import annotations

import re
from pyexpat import ExpatError, ParserCreate
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.documents.pointer import escape
from altcraft_contract.documents.problem import LongInteger
from altcraft_contract.errors import ConversionError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.documents.shape import Shape

_INDENT: Final = "  "
_NAME_START: Final = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd"
)
_element_name = re.compile(rf"[{_NAME_START}][{_NAME_START}\-.0-9\u00b7\u0300-\u036f\u203f-\u2040]*").fullmatch
_forbidden = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]").search
KIND_WORDS: Final = {
    "object": "an object",
    "list": "a list",
    "string": "a string",
    "integer": "a whole number",
    "boolean": "a boolean",
}


class XmlWriter:
    """Values to lines of XML."""

    def __init__(self, *, strict: bool = True) -> None:
        self.strict = strict

    def element(self, name: str, value: Any, shape: Shape | None, pointer: str, depth: int) -> Iterator[str]:
        """The lines of one element."""
        indent = _INDENT * depth
        if shape is not None and shape.kind in ("object", "free"):
            if isinstance(value, str) and not self.strict:
                yield f"{indent}<{name}>{self.text(value, None, pointer)}</{name}>"
                return
            if not isinstance(value, dict):
                raise ConversionError(pointer, f"is {_kind_of(value)} where an object is documented")
            if not value:
                yield f"{indent}<{name}/>"
                return
            yield f"{indent}<{name}>"
            for member, child in value.items():
                yield from self.member(member, child, shape, f"{pointer}/{escape(member)}", depth + 1)
            yield f"{indent}</{name}>"
            return
        text = self.text(value, shape, pointer)
        yield f"{indent}<{name}>{text}</{name}>" if text else f"{indent}<{name}/>"

    def member(self, name: str, value: Any, parent: Shape, pointer: str, depth: int) -> Iterator[str]:
        """The lines of a member: as many elements as a list has items."""
        if not _is_element_name(name):
            raise ConversionError(pointer, "the name cannot be that of an XML element")
        shape = parent.fields.get(name)
        if shape is None or shape.kind != "list":
            if shape is None and parent.kind == "object" and not isinstance(value, str):
                raise ConversionError(pointer, f"is not documented, and XML would lose that it is {_kind_of(value)}")
            yield from self.element(name, value, shape, pointer, depth)
            return
        if not isinstance(value, list):
            raise ConversionError(pointer, f"is {_kind_of(value)} where a list is documented")
        for index, item in enumerate(value):
            yield from self.element(name, item, shape.item, f"{pointer}/{index}", depth)

    def text(self, value: Any, shape: Shape | None, pointer: str) -> str:
        """The text of a leaf; *shape* is None for a custom field and an undocumented one."""
        if value is None or isinstance(value, dict | list):
            raise ConversionError(pointer, f"is {_kind_of(value)}, which a text of XML cannot carry")
        if self.strict and shape is not None and not _fits(value, shape):
            raise ConversionError(pointer, f"is {_kind_of(value)} where {KIND_WORDS[shape.kind]} is documented")
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | float):
            return _number(value, whole=shape is not None and _fits(value, shape))
        found = _forbidden(value)
        if found is not None:
            raise ConversionError(pointer, f"holds the character U+{ord(found[0]):04X}, which XML does not allow")
        text: str = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return text.replace("\r", "&#13;")


def _is_element_name(name: str) -> bool:
    """Whether a name can be that of an element: by the specification, and by expat, which knows its fourth edition."""
    if not _element_name(name):
        return False
    if name.isascii():
        return True
    try:
        ParserCreate().Parse(f"<{name}/>", True)  # noqa: FBT003 - the only form it takes
    except ExpatError:
        return False
    return True


def _number(value: float, *, whole: bool) -> str:
    if isinstance(value, LongInteger):
        return value.text
    return str(int(value)) if whole else repr(value)


def _fits(value: Any, shape: Shape) -> bool:
    if shape.kind == "string":
        return isinstance(value, str)
    if shape.kind == "boolean":
        return isinstance(value, bool)
    if isinstance(value, float):
        return value.is_integer()
    return isinstance(value, int) and not isinstance(value, bool)


def _kind_of(value: Any) -> str:
    if value is None:
        return "null"
    kinds = {dict: "an object", list: "a list", str: "a string", bool: "a boolean"}
    return kinds.get(type(value), "a number")
