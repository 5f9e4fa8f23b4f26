"""The reference engine on XML: xmlschema judges the elements themselves, by the XSD 1.1."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from elementpath import ElementPathError
from xmlschema import XMLSchemaException

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.pointer import escape
from altcraft_contract.documents.xml_elements import read_elements
from altcraft_contract.errors import UnusableContract
from altcraft_contract.rules.rule import Breach
from altcraft_contract.rules.schema_faults import Quota, describe_element_fault
from altcraft_contract.validation.xsd import iter_xsd_problems, load_xsd

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xmlschema import XMLSchema11

    from altcraft_contract.contract import Contract, Message
    from altcraft_contract.documents.document import Document
    from altcraft_contract.documents.shape import Shape


@cache
def schema_of(name: str, message: Message) -> XMLSchema11:
    """The XSD of *message*.

    Args:
        name: Of the contract, as `load_contract` takes it.
        message: `request` or `response`.

    Raises:
        UnusableContract: if the file is no XSD 1.1.
    """
    path = load_contract(name).xsd_path(message)
    try:
        return load_xsd(path)
    except (XMLSchemaException, ElementPathError, ET.ParseError, ValueError) as error:
        reason = " ".join(str(getattr(error, "message", None) or error).split())[:200]
        raise UnusableContract(str(path), f"is no XML Schema 1.1: {reason}") from None


def iter_breaches(document: Document, contract: Contract, message: Message, quota: Quota) -> Iterator[Breach]:
    """What the XSD of *message* finds wrong with a well-formed XML document, in no order."""
    root = read_elements(document.data or b"")
    shape = contract.shape(message)
    pointers = _prepare(root, shape)
    for problem in iter_xsd_problems(schema_of(contract.name, message), root):
        if not quota.admits(problem.rule):
            continue
        pointer = pointers[problem.element]
        found = {} if len(problem.element) else problem.element.text or ""
        text, hint = describe_element_fault(problem.rule, pointer, found, problem.field, shape)
        yield Breach(problem.rule, pointer, text, hint, absent=problem.field)


def _prepare(root: ET.Element, shape: Shape) -> dict[ET.Element, str]:
    """Take out of a tree what must never reach a schema processor: attributes, and elements in a namespace.

    Returns:
        Element to pointer.
    """
    pointers = {root: ""}
    pending: list[tuple[ET.Element, str, Shape | None]] = [(root, "", shape)]
    while pending:
        element, pointer, described = pending.pop()
        element.attrib.clear()
        if described is not None and described.kind not in ("object", "free"):
            _make_plain(element)
        else:
            _remove_namespaced(element)
        items: dict[str, int] = {}
        for child in element:
            child_shape = described.fields.get(child.tag) if described is not None else None
            child_pointer = f"{pointer}/{escape(child.tag)}"
            if child_shape is not None and child_shape.kind == "list":
                index = items.get(child.tag, 0)
                items[child.tag] = index + 1
                child_pointer, child_shape = f"{child_pointer}/{index}", child_shape.item
            pointers[child] = child_pointer
            pending.append((child, child_pointer, child_shape))
    return pointers


def _make_plain(value: ET.Element) -> None:
    """Leave of the elements within a value that they are there, whatever their namespace: a value holds none."""
    for child in value:
        child.clear()
        child.tag = "element"


def _remove_namespaced(element: ET.Element) -> None:
    kept: list[ET.Element] = []
    before = element.text or ""
    for child in element:
        if child.tag.startswith("{"):
            tail = child.tail or ""
            if kept:
                kept[-1].tail = (kept[-1].tail or "") + tail
            else:
                before += tail
        else:
            kept.append(child)
    if len(kept) != len(element):
        element[:] = kept
        element.text = before
