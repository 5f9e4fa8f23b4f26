"""JSON form to XML form and back, directed by the JSON Schema: it says which elements are lists and which numbers.

What the other syntax cannot carry is refused, with a pointer; the writer's output is read again and compared. Three
limits are documented instead of refused: an empty list is not written in XML, values of custom fields are text on the
way back, and a whole number written with a fraction or an exponent comes back as plain digits.
"""

from __future__ import annotations

import re
from pyexpat import ExpatError, ParserCreate
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.contract import Contract, load_contract
from altcraft_contract.documents.document import read_document, sniff_syntax
from altcraft_contract.documents.limits import DEFAULT_LIMITS, Limits
from altcraft_contract.documents.pointer import escape
from altcraft_contract.documents.problem import LongInteger
from altcraft_contract.documents.xml_elements import read_elements
from altcraft_contract.documents.xml_text import read_xml
from altcraft_contract.errors import ConversionError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree import ElementTree as ET

    from altcraft_contract.contract import Message, Syntax
    from altcraft_contract.documents.problem import Reading
    from altcraft_contract.documents.shape import Shape

RESPONSE_FIELDS: Final = ("error", "error_text")  # a message that has one of them at the top is a response

_INDENT: Final = "  "
_MARK: Final = "\ud800"  # half of a surrogate pair, which no value holds
_XML_NAMESPACE: Final = "{http://www.w3.org/XML/1998/namespace}"
_NAME_START: Final = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd"
)
_element_name = re.compile(rf"[{_NAME_START}][{_NAME_START}\-.0-9\u00b7\u0300-\u036f\u203f-\u2040]*").fullmatch
_forbidden = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]").search
_KIND_WORDS: Final = {
    "object": "an object",
    "list": "a list",
    "string": "a string",
    "integer": "a whole number",
    "boolean": "a boolean",
}


def message_of(value: Any) -> Message:
    """Whether a JSON form is that of a request or of a response: an answer has `error` or `error_text`."""
    is_response = isinstance(value, dict) and any(field in value for field in RESPONSE_FIELDS)
    return "response" if is_response else "request"


def to_xml(
    body: object, *, message: Message | None = None, contract: Contract | None = None, limits: Limits = DEFAULT_LIMITS
) -> bytes:
    """Write a JSON body as XML.

    Args:
        body: The JSON text (`bytes` or `str`), or the parsed value.
        message: `request` or `response`; None tells it by the fields.
        contract: The version of the contract; None is the newest.
        limits: Bounds on the document.

    Returns:
        The XML document in UTF-8, with a declaration, indented by two spaces.

    Raises:
        ConversionError: if the body is malformed or repeats a member, or XML cannot carry a value.
    """
    contract = contract or load_contract()
    value = from_json(body, limits=limits)
    message = message or message_of(value)
    shape = contract.shape(message)
    xml = f'<?xml version="1.0" encoding="UTF-8"?>\n{write_xml(value, message, contract=contract)}\n'.encode()
    _compare(_as_read(value, shape), _checked(read_xml(xml, shape, keep_unknown=True, limits=limits)).value, "")
    return xml


def write_xml(value: Any, message: Message, *, contract: Contract | None = None, strict: bool = True) -> str:
    """The root element of a JSON form as text, not compared with what it reads as.

    Args:
        value: The JSON form.
        message: `request` or `response`.
        contract: The version of the contract; None is the newest.
        strict: Whether text where a number or a boolean is documented, and the other way round, is refused; else it is
            written as it stands.

    Raises:
        ConversionError: if XML cannot carry a value.
    """
    shape = (contract or load_contract()).shape(message)
    return "\n".join(_XmlWriter(strict=strict).element("xml", value, shape, "", 0))


def from_json(body: object, *, limits: Limits = DEFAULT_LIMITS) -> dict[str, Any]:
    """Read a JSON body strictly.

    Args:
        body: The JSON text (`bytes` or `str`), or the parsed value.
        limits: Bounds on the document.

    Returns:
        The value, made of new plain dictionaries and lists.

    Raises:
        ConversionError: if the body is malformed or repeats a member.
    """
    document = read_document(body, load_contract().request_shape, syntax="json", exact=True, limits=limits)
    for problem in document.problems:
        _refuse(problem.kind, problem.pointer, problem.detail)
    value: dict[str, Any] = document.value
    return value


def from_xml(
    body: bytes | str,
    *,
    message: Message | None = None,
    contract: Contract | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> dict[str, Any]:
    """Read an XML body into its JSON form.

    Args:
        body: The XML text.
        message: `request` or `response`; None tells it by the elements.
        contract: The version of the contract; None is the newest.
        limits: Bounds on the document.

    Returns:
        The JSON form: plain dictionaries, lists, strings, integers and booleans.

    Raises:
        ConversionError: if the body is malformed, repeats an element that is no list, or holds what JSON has no
            form for: attributes, namespaces, text beside elements, elements within a custom field.
    """
    contract = contract or load_contract()
    data = body.encode(errors="surrogatepass") if isinstance(body, str) else body
    reading = read_xml(data, contract.shape(message or "request"), keep_unknown=True, limits=limits)
    if message is None and message_of(reading.value) == "response":
        reading = read_xml(data, contract.response_shape, keep_unknown=True, limits=limits)
        message = "response"
    value = _checked(reading).value
    shape = contract.shape(message or "request")
    _check_values(value, shape, "")
    _check_elements(read_elements(data), shape, "")
    result: dict[str, Any] = value
    return result


def convert(
    body: bytes | str, *, to: Syntax | None = None, message: Message | None = None, limits: Limits = DEFAULT_LIMITS
) -> bytes:
    """Convert a body as text.

    Args:
        body: The text of the body.
        to: The syntax to write; None is the other one.
        message: `request` or `response`; None tells it by the fields.
        limits: Bounds on the document.

    Returns:
        The document in UTF-8, indented, with a final line end.

    Raises:
        ConversionError: if the other syntax cannot carry it.
    """
    data = body.encode(errors="surrogatepass") if isinstance(body, str) else body
    source = sniff_syntax(data) or "json"
    target = to or ("xml" if source == "json" else "json")
    if source == "json":
        xml = to_xml(data, message=message, limits=limits)
        return xml if target == "xml" else _json_text(from_json(data, limits=limits))
    value = from_xml(data, message=message, limits=limits)
    return _json_text(value) if target == "json" else to_xml(value, message=message, limits=limits)


def _json_text(value: Any) -> bytes:
    import json  # noqa: PLC0415 - reading an XML body into Python needs none

    integers: list[str] = []
    text = json.dumps(_marked(value, integers), indent=2, ensure_ascii=False)
    for index, integer in enumerate(integers):
        text = text.replace(f'"{_MARK}{index}"', integer, 1)
    return f"{text}\n".encode()


def _marked(value: Any, integers: list[str]) -> Any:
    """*value* with a mark for each integer beyond Python's limit on digits, whose text is appended to *integers*."""
    if isinstance(value, dict):
        return {name: _marked(member, integers) for name, member in value.items()}
    if isinstance(value, list):
        return [_marked(item, integers) for item in value]
    if isinstance(value, LongInteger):
        integers.append(value.text)
        return f"{_MARK}{len(integers) - 1}"
    return value


def _checked(reading: Reading) -> Reading:
    for problem in reading.problems:
        if problem.kind != "unknown-element" or ":" in problem.detail:
            _refuse(problem.kind, problem.pointer, problem.detail)
    return reading


def _refuse(kind: str, pointer: str, detail: str) -> None:
    reasons = {
        "malformed": f"malformed: {detail}",
        "duplicate": "stands more than once, so that one of the values would be lost",
        "unknown-attribute": f"has the attribute `{detail}`, for which JSON has no form",
        "unknown-element": f"`{detail}` is in a namespace, for which JSON has no form",
        "mixed": "text beside elements, for which JSON has no form",
    }
    raise ConversionError(pointer, reasons[kind])


class _XmlWriter:
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
            raise ConversionError(pointer, f"is {_kind_of(value)} where {_KIND_WORDS[shape.kind]} is documented")
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


def _as_read(value: Any, shape: Shape | None) -> Any:
    """*value* as it will be read from XML: without empty lists, custom fields as text."""
    if shape is None:
        return value if isinstance(value, str) else _XmlWriter().text(value, None, "")
    if isinstance(value, dict):
        members = {name: _as_read(member, shape.fields.get(name)) for name, member in value.items()}
        return {name: member for name, member in members.items() if member != []}
    if isinstance(value, list):
        return [_as_read(item, shape.item) for item in value]
    return value


def _compare(written: Any, read: Any, pointer: str) -> None:
    """Refuse a document that does not read back as what was written."""
    if isinstance(written, dict) and isinstance(read, dict) and list(written) != list(read):
        lost = next((name for name in written if name not in read), "")
        raise ConversionError(f"{pointer}/{escape(lost)}", "does not read back from XML")
    if isinstance(written, dict) and isinstance(read, dict):
        for name, member in written.items():
            _compare(member, read[name], f"{pointer}/{escape(name)}")
    elif isinstance(written, list) and isinstance(read, list) and len(written) == len(read):
        for index, item in enumerate(written):
            _compare(item, read[index], f"{pointer}/{index}")
    elif written != read or isinstance(written, bool) != isinstance(read, bool):
        raise ConversionError(pointer, "does not read back from XML")


def _check_values(value: Any, shape: Shape, pointer: str) -> None:
    """Refuse what stands where the documentation has something else, and elements within custom fields."""
    if shape.kind in ("free", "object"):
        if not isinstance(value, dict):
            raise ConversionError(pointer, "is text where elements are documented")
        for name, member in value.items():
            if ":" in name:
                _refuse("unknown-element", f"{pointer}/{escape(name)}", name)
            _check_member(member, shape.fields.get(name), f"{pointer}/{escape(name)}")
    elif isinstance(value, dict):
        raise ConversionError(pointer, f"holds elements where {_KIND_WORDS[shape.kind]} is documented")


def _check_member(value: Any, shape: Shape | None, pointer: str) -> None:
    if shape is None:
        if not isinstance(value, str):
            raise ConversionError(pointer, "holds elements, for which there is no documented form in JSON")
    elif shape.kind == "list":
        for index, item in enumerate(value):
            _check_values(item, shape.item or shape, f"{pointer}/{index}")
    else:
        _check_values(value, shape, pointer)


def _check_elements(element: ET.Element, shape: Shape | None, pointer: str) -> None:
    """Refuse what the value has lost: namespaces, attributes of custom fields, all but the last of unknown elements."""
    for attribute in element.attrib:
        if (shape is None or shape.kind == "free") and not attribute.startswith(_XML_NAMESPACE):
            _refuse("unknown-attribute", pointer, attribute.rpartition("}")[2])
    counts: dict[str, int] = {}
    for child in element:
        name = child.tag.rpartition("}")[2]
        place = f"{pointer}/{escape(name)}"
        index = counts.get(name, 0)
        counts[name] = index + 1
        field = shape.fields.get(name) if shape is not None else None
        if name != child.tag:
            _refuse("unknown-element", place, name)
        if field is not None and field.kind == "list":
            place, field = f"{place}/{index}", field.item
        elif index:
            _refuse("duplicate", place, name)
        _check_elements(child, field, place)
