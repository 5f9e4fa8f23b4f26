"""Mutations of the text of a body: repeated fields, and what only XML can get wrong."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from xml.etree import ElementTree as ET

from altcraft_contract.documents.pointer import escape
from altcraft_contract.strategies.mutations.delicate import is_delicate, is_free

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from altcraft_contract.contract import Message, Syntax
    from altcraft_contract.documents.shape import Kind, Shape


class Respelling(NamedTuple):
    """A changed body.

    Attributes:
        pointer: Where the finding will stand.
        body: The changed body.
    """

    pointer: str
    body: bytes


@dataclass(frozen=True, slots=True)
class SpellingMutation:
    """A kind of change of a plain body that breaks one rule, wherever that can be done.

    Attributes:
        name: What is done, in kebab-case; unique.
        rule: Id of the rule that it breaks, and of no other.
        syntax: The syntax of the bodies that it changes.
        find: Finds the changed bodies, from the message, its shape and its plain body.
        messages: Which messages it changes.
    """

    name: str
    rule: str
    syntax: Syntax
    find: Callable[[Mapping[str, Any], Shape, bytes], Iterator[Respelling]]
    messages: tuple[Message, ...] = ("request", "response")


def _json_repeats(value: Mapping[str, Any], _: Shape, body: bytes) -> Iterator[Respelling]:
    """Every member, once more in front of the object that it stands in, with another value."""
    text = body.decode()
    for pointer, offset, name in _json_members(value, 0, ""):
        repeated = f"{json.dumps(name)}:null,"
        yield Respelling(f"{pointer}/{escape(name)}", (text[: offset + 1] + repeated + text[offset + 1 :]).encode())


def _json_members(value: Any, start: int, pointer: str) -> Iterator[tuple[str, int, str]]:
    """Pointer to the object, offset of its brace, and name of a member, for every member in a compact text."""
    if isinstance(value, dict):
        yield from ((pointer, start, name) for name in value)
        position = start + 1
        for name, member in value.items():
            position += len(json.dumps(name, ensure_ascii=False)) + 1
            yield from _json_members(member, position, f"{pointer}/{escape(name)}")
            position += len(_compact(member)) + 1
    elif isinstance(value, list):
        position = start + 1
        for index, item in enumerate(value):
            yield from _json_members(item, position, f"{pointer}/{index}")
            position += len(_compact(item)) + 1


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_UNNEEDED: Final = frozenset(
    {"region", "create_time", "expiration_date", "line_number", "name", "message", "skip_triggers"}
)
"""Optional fields whose absence breaks no rule."""


class _Spot(NamedTuple):
    element: ET.Element
    parent: ET.Element | None
    pointer: str
    shape: Shape | None
    is_item: bool
    path: tuple[int, ...]  # numbers of children, from the root on


def _spots(
    element: ET.Element,
    shape: Shape,
    pointer: str = "",
    parent: ET.Element | None = None,
    *,
    is_item: bool = False,
    path: tuple[int, ...] = (),
) -> Iterator[_Spot]:
    """Every documented element with its pointer."""
    yield _Spot(element, parent, pointer, shape, is_item, path)
    counts: dict[str, int] = {}
    for number, child in enumerate(element):
        child_shape = shape.fields.get(child.tag)
        if child_shape is None:
            continue
        place, below = f"{pointer}/{escape(child.tag)}", (*path, number)
        if child_shape.kind == "list" and child_shape.item is not None:
            index = counts.get(child.tag, 0)
            counts[child.tag] = index + 1
            yield from _spots(child, child_shape.item, f"{place}/{index}", element, is_item=True, path=below)
        else:
            yield from _spots(child, child_shape, place, element, path=below)


def _each(
    value: Mapping[str, Any], shape: Shape, body: bytes, change: Callable[[_Spot], str | None]
) -> Iterator[Respelling]:
    """The bodies that *change* makes, one for each element that it changes.

    It returns the pointer of the finding, or None if it has left the element as it was.
    """
    original = ET.fromstring(body)  # noqa: S314 - our own text
    root = deepcopy(original)
    for spot in list(_spots(original, shape)):
        if is_delicate(value, spot.pointer) or (f"{spot.pointer}/".startswith("/data/") and is_free(value)):
            continue
        parent = _walk(root, spot.path[:-1]) if spot.path else None
        pointer = change(spot._replace(element=_walk(root, spot.path), parent=parent))
        if pointer is not None:
            yield Respelling(pointer, ET.tostring(root, encoding="utf-8", xml_declaration=True))
            root = deepcopy(original)


def _walk(element: ET.Element, path: tuple[int, ...]) -> ET.Element:
    for number in path:
        element = element[number]
    return element


def _attribute(spot: _Spot) -> str | None:
    if spot.shape is None or spot.shape.kind == "free":
        return None
    spot.element.set("type", "x")
    return spot.pointer


def _attribute_instead(spot: _Spot) -> str | None:
    """An optional value that nothing depends on, written as an attribute of its parent."""
    if spot.parent is None or spot.element.tag not in _UNNEEDED or spot.is_item or "/custom_fields/" in spot.pointer:
        return None
    spot.parent.remove(spot.element)
    spot.parent.set(spot.element.tag, spot.element.text or "")
    return spot.pointer.rpartition("/")[0]


def _namespaced_child(spot: _Spot) -> str | None:
    if spot.shape is None or spot.shape.kind != "object":
        return None
    ET.SubElement(spot.element, "{urn:other}note")
    return f"{spot.pointer}/ns0:note"


def _text_beside_elements(spot: _Spot) -> str | None:
    if not len(spot.element) or spot.shape is None or spot.shape.kind not in ("object", "free"):
        return None
    spot.element.text = "text"
    return spot.pointer


def _child_in_value(spot: _Spot) -> str | None:
    if spot.shape is None or spot.shape.kind in ("object", "free"):
        return None
    ET.SubElement(spot.element, "value")
    return spot.pointer


def _repeated(spot: _Spot) -> str | None:
    if spot.parent is None or spot.is_item or spot.shape is None:
        return None
    copy = ET.Element(spot.element.tag)
    spot.parent.insert(list(spot.parent).index(spot.element), copy)
    return spot.pointer


def _form(kind: Kind, form: str) -> Callable[[_Spot], str | None]:
    """A change that writes each value of a kind in another *form*."""

    def change(spot: _Spot) -> str | None:
        if spot.shape is None or spot.shape.kind != kind:
            return None
        spot.element.text = form
        return spot.pointer

    return change


def _by(change: Callable[[_Spot], str | None]) -> Callable[[Mapping[str, Any], Shape, bytes], Iterator[Respelling]]:
    return lambda value, shape, body: _each(value, shape, body, change)


SPELLING_MUTATIONS: Final = (
    SpellingMutation("repeated-member", "duplicate-field", "json", _json_repeats),
    SpellingMutation("repeated-element", "duplicate-field", "xml", _by(_repeated)),
    SpellingMutation("attribute", "unknown-field", "xml", _by(_attribute)),
    SpellingMutation("attribute-instead-of-element", "unknown-field", "xml", _by(_attribute_instead)),
    SpellingMutation("element-in-namespace", "unknown-field", "xml", _by(_namespaced_child)),
    SpellingMutation("text-beside-elements", "wrong-type", "xml", _by(_text_beside_elements)),
    SpellingMutation("element-in-value", "wrong-type", "xml", _by(_child_in_value)),
    SpellingMutation("integer-with-fraction", "wrong-type", "xml", _by(_form("integer", "1.0"))),
    SpellingMutation("integer-with-exponent", "wrong-type", "xml", _by(_form("integer", "1e0"))),
    SpellingMutation("integer-empty", "wrong-type", "xml", _by(_form("integer", ""))),
    SpellingMutation("integer-in-words", "wrong-type", "xml", _by(_form("integer", "one"))),
    SpellingMutation("boolean-in-capitals", "wrong-type", "xml", _by(_form("boolean", "TRUE")), ("request",)),
    SpellingMutation("boolean-in-words", "wrong-type", "xml", _by(_form("boolean", "yes")), ("request",)),
)
