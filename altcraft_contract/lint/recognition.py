"""What a body is: its syntax, which message, and whether it is a message of this contract at all."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

from altcraft_contract.contract import message_of
from altcraft_contract.documents.document import read_document, sniff_syntax

if TYPE_CHECKING:
    from collections.abc import Mapping

    from altcraft_contract.contract import Contract, Message, Syntax
    from altcraft_contract.documents.limits import Limits

FileSyntax = Literal["json", "xml", "ndjson", "xml-lines"]
"""`ndjson` is a JSON document a line, `xml-lines` an XML document a line."""

RECORD_SYNTAXES: Final[Mapping[str, Syntax]] = MappingProxyType({"ndjson": "json", "xml-lines": "xml"})
"""Syntax of a file that has a document a line to the syntax of its documents."""

_NDJSON_SUFFIXES: Final = frozenset({".ndjson", ".jsonl"})
_response_field = re.compile(rb'"error(?:_text)?"\s*:|<error(?:_text)?[\s/>]').search
_TELLING: Final = (
    b"final_total_price",
    b"base_price_per_item",
    b"requested_promotions",
    b"points_info",
    b"error_text",
    b"processing_target",
)
"""Names that hardly any other document holds; a broken document with one of them is a broken message."""

_mention = re.compile(rb"""["'<](?:data|external_id|error)|""" + b"|".join(_TELLING)).search


def syntax_of_file(start: bytes, suffix: str) -> FileSyntax:
    """The syntax of a file, by its content, then by its suffix.

    Args:
        start: The first bytes of the file, at least the first two lines of a file with a document a line.
        suffix: Of the path, in small letters.
    """
    if sniff_syntax(start) == "xml":
        return "xml-lines" if _is_xml_a_line(start) else "xml"
    if suffix in _NDJSON_SUFFIXES:
        return "json" if _is_indented_object(start) else "ndjson"
    return "ndjson" if suffix != ".json" and is_object_a_line(start) else "json"


def is_object_a_line(start: bytes) -> bool:
    """Whether the first two lines of a file are an object each."""
    first, _, rest = start.lstrip().partition(b"\n")
    return first.rstrip().endswith(b"}") and first.startswith(b"{") and rest.lstrip().startswith(b"{")


def _is_xml_a_line(start: bytes) -> bool:
    """Whether the first line of a file is a whole document, and another one follows."""
    first, _, rest = start.lstrip().partition(b"\n")
    return first.rstrip().endswith(b"</xml>") and first.startswith(b"<") and rest.lstrip().startswith(b"<")


def _is_indented_object(start: bytes) -> bool:
    """Whether the first object of a file goes on over its second line."""
    first, _, rest = start.lstrip().partition(b"\n")
    second = rest.lstrip()
    return first.strip() == b"{" and bool(second) and not second.startswith(b"{")


def message_of_body(data: bytes, syntax: Syntax, contract: Contract, limits: Limits) -> Message:
    """Whether a body is a request or a response: an answer has `error` or `error_text` at the top."""
    if b"error" not in data and b"\\u" not in data:
        return "request"
    document = read_document(data, contract.response_shape, syntax=syntax, limits=limits)
    if document.malformed:
        is_response = _response_field(data) is not None
    else:
        return message_of(document.value)
    return "response" if is_response else "request"


def is_message(data: bytes, syntax: Syntax, message: Message, contract: Contract, limits: Limits) -> bool:
    """Whether a body looks like a message of this contract, broken or not."""
    shape = contract.shape(message)
    document = read_document(data, shape, syntax=syntax, limits=limits)
    if document.malformed:
        return any(name in data for name in _TELLING)
    value: Any = document.value
    if not isinstance(value, dict):
        return any(name in data for name in _TELLING)
    known = sum(name in shape.fields for name in value)
    inner = value.get("data")
    known_inside = sum(name in shape.fields["data"].fields for name in inner) if isinstance(inner, dict) else 0
    least = 2  # fields: one name alone, such as "data" or "email", says nothing
    return known_inside >= least or (
        known >= least and ("data" in value or "external_id" in value or message == "response")
    )


def may_hold_message(data: bytes) -> bool:
    """Whether a message may stand in *data*, which holds other things, too: a quick look, which errs on that side."""
    return _mention(data) is not None
