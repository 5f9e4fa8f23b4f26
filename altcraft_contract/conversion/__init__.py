"""JSON form to XML form and back, directed by the JSON Schema: it says which elements are lists and which numbers.

What the other syntax cannot carry is refused, with a pointer; the writer's output is read again and compared. Three
limits are documented instead of refused: an empty list is not written in XML, values of custom fields are text on the
way back, and a whole number written with a fraction or an exponent comes back as plain digits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.contract import Contract, load_contract, message_of
from altcraft_contract.conversion.fidelity import as_read, check_elements, check_values, compare, refuse
from altcraft_contract.conversion.xml_writer import XmlWriter
from altcraft_contract.documents.document import read_document, sniff_syntax
from altcraft_contract.documents.limits import DEFAULT_LIMITS, Limits
from altcraft_contract.documents.problem import LongInteger
from altcraft_contract.documents.xml_elements import read_elements
from altcraft_contract.documents.xml_text import read_xml

if TYPE_CHECKING:
    from altcraft_contract.contract import Message, Syntax
    from altcraft_contract.documents.problem import Reading

__all__ = ["convert", "from_json", "from_xml", "message_of", "to_xml", "write_xml"]

_MARK: Final = "\ud800"  # half of a surrogate pair, which no value holds


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
    compare(as_read(value, shape), _checked(read_xml(xml, shape, keep_unknown=True, limits=limits)).value, "")
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
    return "\n".join(XmlWriter(strict=strict).element("xml", value, shape, "", 0))


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
        refuse(problem.kind, problem.pointer, problem.detail)
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
    check_values(value, shape, "")
    check_elements(read_elements(data), shape, "")
    result: dict[str, Any] = value
    return result


def convert(
    body: bytes | str,
    *,
    to: Syntax | None = None,
    message: Message | None = None,
    contract: Contract | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> bytes:
    """Convert a body as text.

    Args:
        body: The text of the body.
        to: The syntax to write; None is the other one.
        message: `request` or `response`; None tells it by the fields.
        contract: The version of the contract; None is the newest.
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
        xml = to_xml(data, message=message, contract=contract, limits=limits)
        return xml if target == "xml" else _json_text(from_json(data, limits=limits))
    value = from_xml(data, message=message, contract=contract, limits=limits)
    if target == "json":
        return _json_text(value)
    return to_xml(value, message=message, contract=contract, limits=limits)


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
            refuse(problem.kind, problem.pointer, problem.detail)
    return reading
