"""Where the schemas enforce a rule."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.pointer import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from altcraft_contract.contract import Message

XS: Final = "{http://www.w3.org/2001/XMLSchema}"
RULE_NOTE: Final = "urn:altcraft-contract:rule"


@cache
def find_json_places(message: Message) -> Mapping[str, Sequence[str]]:
    """Return rule id to the JSON Pointers of the keywords that enforce it, in the order of the JSON Schema."""
    places: dict[str, list[str]] = defaultdict(list)
    for pointer, rule in _iter_json_places(load_contract().schema(message), ""):
        places[rule].append(pointer)
    return places


def _iter_json_places(node: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, list):
        for number, item in enumerate(node):
            yield from _iter_json_places(item, f"{pointer}/{number}")
    elif isinstance(node, dict):
        for keyword, rule in node.get("x-rules", {}).items():
            yield f"{pointer}/{escape(keyword)}", rule
        for name, item in node.items():
            if name != "x-rules":
                yield from _iter_json_places(item, f"{pointer}/{escape(name)}")


@cache
def find_xsd_places(path: Path) -> Mapping[str, Sequence[str]]:
    """Return rule id to the components of an XML Schema that enforce it, such as `lines/assert`, in its order."""
    places: dict[str, dict[str, None]] = defaultdict(dict)
    for component in etree.parse(path).getroot().iter(f"{XS}*"):
        for note in component.findall(f"{XS}annotation/{XS}appinfo"):
            if note.get("source") == RULE_NOTE and note.text:
                places[note.text][_name(component)] = None
    return {rule: list(names) for rule, names in places.items()}


def _name(component: etree._Element) -> str:
    """The nearest named component around it, and what it is itself."""
    kind = etree.QName(component).localname
    holder = next((node for node in (component, *component.iterancestors()) if node.get("name")), component)
    return f"{holder.get('name', '')}" if holder is component else f"{holder.get('name', '')}/{kind}"
