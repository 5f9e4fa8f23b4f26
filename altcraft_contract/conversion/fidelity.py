"""What must be the same in both syntaxes, and what is refused because it cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NoReturn

from altcraft_contract.conversion.xml_writer import KIND_WORDS, XmlWriter
from altcraft_contract.documents.pointer import escape
from altcraft_contract.errors import ConversionError

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from altcraft_contract.documents.shape import Shape

_XML_NAMESPACE: Final = "{http://www.w3.org/XML/1998/namespace}"


def refuse(kind: str, pointer: str, detail: str) -> NoReturn:
    """Refuse what a reader found."""
    reasons = {
        "malformed": f"malformed: {detail}",
        "duplicate": "stands more than once, so that one of the values would be lost",
        "unknown-attribute": f"has the attribute `{detail}`, for which JSON has no form",
        "unknown-element": f"`{detail}` is in a namespace, for which JSON has no form",
        "mixed": "text beside elements, for which JSON has no form",
    }
    raise ConversionError(pointer, reasons[kind])


def as_read(value: Any, shape: Shape | None) -> Any:
    """*value* as it will be read from XML: without empty lists, custom fields as text."""
    if shape is None:
        return value if isinstance(value, str) else XmlWriter().text(value, None, "")
    if isinstance(value, dict):
        members = {name: as_read(member, shape.fields.get(name)) for name, member in value.items()}
        return {name: member for name, member in members.items() if member != []}
    if isinstance(value, list):
        return [as_read(item, shape.item) for item in value]
    return value


def compare(written: Any, read: Any, pointer: str) -> None:
    """Refuse a document that does not read back as what was written."""
    if isinstance(written, dict) and isinstance(read, dict) and list(written) != list(read):
        lost = next((name for name in written if name not in read), "")
        raise ConversionError(f"{pointer}/{escape(lost)}", "does not read back from XML")
    if isinstance(written, dict) and isinstance(read, dict):
        for name, member in written.items():
            compare(member, read[name], f"{pointer}/{escape(name)}")
    elif isinstance(written, list) and isinstance(read, list) and len(written) == len(read):
        for index, item in enumerate(written):
            compare(item, read[index], f"{pointer}/{index}")
    elif written != read or isinstance(written, bool) != isinstance(read, bool):
        raise ConversionError(pointer, "does not read back from XML")


def check_values(value: Any, shape: Shape, pointer: str) -> None:
    """Refuse what stands where the documentation has something else, and elements within custom fields."""
    if shape.kind in ("free", "object"):
        if not isinstance(value, dict):
            raise ConversionError(pointer, "is text where elements are documented")
        for name, member in value.items():
            if ":" in name:
                refuse("unknown-element", f"{pointer}/{escape(name)}", name)
            _check_member(member, shape.fields.get(name), f"{pointer}/{escape(name)}")
    elif isinstance(value, dict):
        raise ConversionError(pointer, f"holds elements where {KIND_WORDS[shape.kind]} is documented")


def _check_member(value: Any, shape: Shape | None, pointer: str) -> None:
    if shape is None:
        if not isinstance(value, str):
            raise ConversionError(pointer, "holds elements, for which there is no documented form in JSON")
    elif shape.kind == "list":
        for index, item in enumerate(value):
            check_values(item, shape.item or shape, f"{pointer}/{index}")
    else:
        check_values(value, shape, pointer)


def check_elements(element: ET.Element, shape: Shape | None, pointer: str) -> None:
    """Refuse what the value has lost: namespaces, attributes of custom fields, all but the last of unknown elements."""
    for attribute in element.attrib:
        if (shape is None or shape.kind == "free") and not attribute.startswith(_XML_NAMESPACE):
            refuse("unknown-attribute", pointer, attribute.rpartition("}")[2])
    counts: dict[str, int] = {}
    for child in element:
        name = child.tag.rpartition("}")[2]
        place = f"{pointer}/{escape(name)}"
        index = counts.get(name, 0)
        counts[name] = index + 1
        field = shape.fields.get(name) if shape is not None else None
        if name != child.tag:
            refuse("unknown-element", place, name)
        if field is not None and field.kind == "list":
            place, field = f"{place}/{index}", field.item
        elif index:
            refuse("duplicate", place, name)
        check_elements(child, field, place)
