"""A body as read: its syntax, its value, what is wrong with its form, and where its values stand."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from altcraft_contract.documents.json_places import find_starts
from altcraft_contract.documents.json_text import read_json
from altcraft_contract.documents.json_value import read_json_value
from altcraft_contract.documents.limits import DEFAULT_LIMITS, Limits
from altcraft_contract.documents.mapping import read_value
from altcraft_contract.documents.position import LineIndex, Position
from altcraft_contract.documents.problem import Problem, Reading

if TYPE_CHECKING:
    from collections.abc import Iterable

    from altcraft_contract.documents.shape import Shape

Syntax = Literal["json", "xml"]

# After a byte order mark of UTF-8 or UTF-16, white space and the NULs of UTF-16.
_first_character = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?+[\s\x00]*+([^\s\x00])").match


def sniff_syntax(data: bytes) -> Syntax | None:
    """The syntax that *data* begins like: `<` makes it XML; None if there is nothing but white space."""
    first = _first_character(data)
    if first is None:
        return None
    return "xml" if first[1] == b"<" else "json"


class Document:
    """One body as read.

    Attributes:
        syntax: `json` or `xml`.
        data: The bytes of the body; None if it was given as a parsed value.
        value: The JSON form; None if the body is malformed.
        problems: What the reader found wrong by itself.
        long_integers: Whether `value` holds an integer too long for Python's limit on digits.
    """

    __slots__ = ("__dict__", "_limits", "_shape", "data", "long_integers", "problems", "syntax", "value")

    def __init__(self, syntax: Syntax, data: bytes | None, shape: Shape, limits: Limits, reading: Reading) -> None:
        self.syntax = syntax
        self.data = data
        self.value: Any = reading.value
        self.problems = reading.problems
        self.long_integers = reading.long_integers
        self._shape = shape
        self._limits = limits

    @property
    def malformed(self) -> bool:
        """Whether the body is not well-formed, so that nothing else is known of it."""
        return self.value is None

    @cached_property
    def text(self) -> str:
        """The text of the body, for people; what is not UTF-8 is replaced, and what is over the limit left out."""
        return self.data[: self._limits.max_bytes].decode(errors="replace") if self.data is not None else ""

    @cached_property
    def lines(self) -> LineIndex:
        """The lines of `text`."""
        return LineIndex(self.text)

    def locate(self, pointers: Iterable[str]) -> dict[str, int]:
        """Where the values at *pointers* begin, in characters from 0; those that have no place are left out."""
        wanted = list(pointers)
        if self.data is None or self.malformed or not wanted:
            return {}
        if self.syntax == "json":
            return find_starts(self.text, wanted)
        from altcraft_contract.documents.xml_text import find_xml_starts  # noqa: PLC0415 - JSON does not pay for it

        return find_xml_starts(self.data, self._shape, wanted)

    def position(self, offset: int | None) -> Position | None:
        """The line and column of *offset*; None where there is no text."""
        return self.lines.position(offset) if self.data is not None and offset is not None else None


def read_document(
    body: object,
    shape: Shape,
    *,
    syntax: Syntax | None = None,
    exact: bool = False,
    limits: Limits = DEFAULT_LIMITS,
) -> Document:
    """Read a body.

    Args:
        body: `bytes`, `bytearray`, `memoryview` or `str` as sent, or the parsed value.
        shape: The documented form of the message.
        syntax: None tells it by the first character.
        exact: Whether to go without the fast reader.
        limits: Bounds on the document.

    Returns:
        The document; a malformed one says so in its problems. Nothing is raised for any body.
    """
    if isinstance(body, str):
        data = body.encode(errors="surrogatepass")  # a lone surrogate is then found as what UTF-8 does not allow
    elif isinstance(body, bytes | bytearray | memoryview):
        data = bytes(body)
    else:
        return Document("json", None, shape, limits, read_value(body, limits=limits))
    syntax = syntax or sniff_syntax(data) or "json"
    if len(data) > limits.max_bytes:
        detail = f"the body has more than the {limits.max_bytes:,} bytes that are allowed"
        problem = Problem("malformed", "", 0, detail, "send less at once")
        return Document(syntax, data, shape, limits, Reading(None, [problem]))
    value = None if exact else _read_fast(data, syntax, shape, limits)
    reading = Reading(value) if value is not None else _read_exactly(data, syntax, shape, limits)
    return Document(syntax, data, shape, limits, reading)


def _read_fast(data: bytes, syntax: Syntax, shape: Shape, limits: Limits) -> dict[str, Any] | None:
    if syntax == "json":
        return read_json_value(data, limits=limits)
    from altcraft_contract.documents.xml_value import read_xml_value  # noqa: PLC0415 - JSON does not pay for it

    return read_xml_value(data, shape, limits=limits)


def _read_exactly(data: bytes, syntax: Syntax, shape: Shape, limits: Limits) -> Reading:
    if syntax == "json":
        return read_json(data, limits=limits)
    from altcraft_contract.documents.xml_text import read_xml  # noqa: PLC0415 - JSON does not pay for it

    return read_xml(data, shape, limits=limits)
