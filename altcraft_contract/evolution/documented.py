"""The objects that a contract documents, as the tables of the vendor's page tell them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from altcraft_contract.contract import MESSAGES
from altcraft_contract.documents.pointer import join
from altcraft_contract.evolution.claims import claims_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from altcraft_contract.contract import Contract, Message
    from altcraft_contract.documents.shape import Shape
    from altcraft_contract.evolution.claims import Claims

Need = Literal["required", "optional", "one of several", "conditional"]

NEEDS: Final[tuple[Need, ...]] = ("required", "optional", "one of several", "conditional")


@dataclass(frozen=True, slots=True)
class DocumentedField:
    """A field of an object.

    Attributes:
        name: As documented.
        shape: What stands there.
        need: Whether it has to.
        least_items: Of a list; 0 if that is not said.
    """

    name: str
    shape: Shape
    need: Need
    least_items: int = 0


@dataclass(frozen=True, slots=True)
class DocumentedObject:
    """An object.

    Attributes:
        message: The message that it belongs to.
        section: Its section on the page, such as `lines array`.
        pointer: Its place; the first one, if it stands at several.
        fields: Name to field, in the order of the documentation.
    """

    message: Message
    section: str
    pointer: str
    fields: Mapping[str, DocumentedField]

    @property
    def title(self) -> str:
        """How it is called in a report."""
        return f"{self.message}, {self.section}"


def documented_objects(contract: Contract) -> tuple[DocumentedObject, ...]:
    """Every object of *contract* that has documented fields, each once a message."""
    found: dict[tuple[Message, str, tuple[str, ...]], DocumentedObject] = {}
    for message in MESSAGES:
        claims = claims_of(contract, message)
        for pointer, shape in _iter_objects(contract.shape(message), ""):
            found.setdefault((message, shape.section, tuple(shape.fields)), _read(message, pointer, shape, claims))
    return tuple(found.values())


def _iter_objects(shape: Shape, pointer: str) -> Iterator[tuple[str, Shape]]:
    if shape.kind == "object":
        yield pointer, shape
    for name, child in shape.fields.items():
        yield from _iter_objects(child, pointer + join([name]))
    if shape.item is not None:
        yield from _iter_objects(shape.item, f"{pointer}/*")


def _read(message: Message, pointer: str, shape: Shape, claims: Claims) -> DocumentedObject:
    conditions = [key.condition for key in claims.said if key.pointer == pointer and key.keyword == "type"]
    own = min(conditions, key=len, default="")  # when there is such an object at all
    either = {
        name
        for key, claim in claims.said.items()
        if key.pointer == pointer and key.keyword == "anyOf"
        for part in claim.value
        if isinstance(part, dict)
        for name in part.get("required", ())
    }
    fields: dict[str, DocumentedField] = {}
    for name, child in shape.fields.items():
        place = pointer + join([name])
        demands = {key.condition for key in claims.said if key.pointer == place and key.keyword == "required"}
        need: Need = "conditional" if demands else "one of several" if name in either else "optional"
        if own in demands:
            need = "required"
        least = next((c.value for key, c in claims.said.items() if key[:3] == (place, own, "minItems")), 0)
        fields[name] = DocumentedField(name, child, need, least)
    return DocumentedObject(message, shape.section, pointer, fields)
