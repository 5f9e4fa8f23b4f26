"""The documented fields of a message, and which of them a value has.

A field is named by its *template*: an RFC 6901 pointer in which the items of a list, and the members of an object whose
members are not documented, are `*`, such as `/data/lines/*/sku`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from altcraft_contract.documents.pointer import join, split
from altcraft_contract.documents.shape import Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from altcraft_contract.contract import Message

ANY: Final = "*"
_CONTAINERS: Final = ("object", "list", "free")


class Field(NamedTuple):
    """One documented field.

    Attributes:
        message: The message that it belongs to.
        pointer: Its template.
        section: Section of the vendor's page that describes it.
    """

    message: Message
    pointer: str
    section: str


class Place(NamedTuple):
    """A place of the documented form.

    Attributes:
        pointer: Its template; empty for the message as a whole.
        shape: What is documented to stand there.
        is_field: Whether it has a name of its own, or stands for all that an undocumented object or a list of plain
            values holds; the items of a list of objects are no fields.
    """

    pointer: str
    shape: Shape
    is_field: bool


class Mark(NamedTuple):
    """A rule that speaks of the value at a place.

    Attributes:
        rule: Its id.
        kinds: Python types that a value must have to be judged by it.
        first: Index of the first item of a list that can break it: 1 if an item is compared with those before it.
        applies: Whether it speaks of a value of that type; None of each.
    """

    rule: str
    kinds: tuple[type, ...]
    first: int = 0
    applies: Callable[[Any], bool] | None = None


@dataclass(slots=True)
class Node:
    """What is looked for at one place of a message.

    Attributes:
        pointer: Template of the place.
        members: Field name to node.
        held: Node of the items of a list, or of whatever an undocumented object holds.
        is_free: Whether any member of an object is one of those held.
        is_plain: Whether there is nothing to look for but that it is there.
        marks: Rules that speak of the place.
    """

    pointer: str
    members: dict[str, Node] = field(default_factory=dict)
    held: Node | None = None
    is_free: bool = False
    is_plain: bool = False
    marks: tuple[Mark, ...] = ()


def iter_places(shape: Shape, pointer: str = "", *, is_field: bool = False) -> Iterator[Place]:
    """Every place of the documented form *shape*, from the outside to the inside, in the order of the documentation."""
    yield Place(pointer, shape, is_field)
    for name, child in shape.fields.items():
        yield from iter_places(child, pointer + join([name]), is_field=True)
    if shape.item is not None:
        yield from iter_places(shape.item, f"{pointer}/{ANY}", is_field=shape.item.kind not in _CONTAINERS)
    elif shape.kind == "free" and pointer:
        yield Place(f"{pointer}/{ANY}", Shape("string", section=shape.section), is_field=True)


def fields_of(shape: Shape, message: Message) -> tuple[Field, ...]:
    """Every documented field of *message*, whose documented form is *shape*."""
    return tuple(Field(message, place.pointer, place.shape.section) for place in iter_places(shape) if place.is_field)


def template_of(pointer: str, shape: Shape) -> str:
    """The template of the documented place that *pointer* shows, or of the nearest one above it."""
    tokens: list[str] = []
    at: Shape | None = shape
    for token in split(pointer):
        below = at.child(token) if at is not None else None
        if at is None or (below is None and at.kind != "free"):
            break
        tokens.append(ANY if at.kind in ("list", "free") else token)
        at = below
    return join(tokens)


def node_of(shape: Shape, marks: Mapping[str, tuple[Mark, ...]], pointer: str = "") -> Node:
    """What to look for in a message of the documented form *shape*, with the *marks* of each template."""
    node = Node(pointer, marks=marks.get(pointer, ()))
    for name, child in shape.fields.items():
        node.members[name] = node_of(child, marks, pointer + join([name]))
    if shape.item is not None:
        node.held = node_of(shape.item, marks, f"{pointer}/{ANY}")
    elif shape.kind == "free" and pointer:
        node.is_free = True
        node.held = Node(f"{pointer}/{ANY}", is_plain=True)
    node.is_plain = not node.members and node.held is None and not node.marks
    return node


def find_present(node: Node, value: Any, present: set[str], spoken: set[tuple[str, str]], index: int = 0) -> None:
    """Find which places of the documented form *value* has, and which rules speak of what stands there.

    Only documented places are visited, so that the depth of a hostile value does not matter.

    Args:
        node: What to look for at the place of *value*.
        value: The JSON form of a message, or a part of it.
        present: Takes the templates.
        spoken: Takes pairs of a rule's id and a template.
        index: Of the item of the innermost list that *value* is, or stands in.
    """
    present.add(node.pointer)
    for mark in node.marks:
        if index >= mark.first and isinstance(value, mark.kinds) and (mark.applies is None or mark.applies(value)):
            spoken.add((mark.rule, node.pointer))
    if type(value) is dict:
        for name, member in value.items():
            child = node.members.get(name)
            if child is None:
                continue
            if child.is_plain:
                present.add(child.pointer)
            else:
                find_present(child, member, present, spoken, index)
    if node.held is not None and value and type(value) is (dict if node.is_free else list):
        _find_held(node.held, value, present, spoken)


def _find_held(node: Node, value: Any, present: set[str], spoken: set[tuple[str, str]]) -> None:
    """Find what the items of a list, or the members of an object that are not documented, have."""
    if node.is_plain:
        present.add(node.pointer)
        return
    for index, item in enumerate(value):
        find_present(node, item, present, spoken, index)
