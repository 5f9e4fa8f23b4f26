"""What a reader of XML must know of a document: which elements are objects, lists, integers, booleans or text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Kind = Literal["object", "list", "string", "integer", "boolean", "free"]


@dataclass(frozen=True, slots=True)
class Shape:
    """The documented form of one value.

    Attributes:
        kind: `free` is an object whose members are not documented.
        fields: Field name to shape, for an object.
        item: Shape of the items, for a list.
        section: Section of the documentation that describes the value, or the object it stands in.
        type_name: Name of the value's type in the schema, such as `decimal` or `timestamp`.
        secret: Whether the value must never be shown.
        required: Fields that an object always has, in the order of the documentation.
        values: The closed set that the value is one of; empty if it is none.
        least: The least that a number may be; None if that is not said.
        about: What the value is, in a sentence; empty if that is not said.
        example: A value as the documentation shows it; None if it shows none.
    """

    kind: Kind
    fields: Mapping[str, Shape] = field(default_factory=dict)
    item: Shape | None = None
    section: str = ""
    type_name: str = ""
    secret: bool = False
    required: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    least: int | None = None
    about: str = ""
    example: str | None = None

    def child(self, token: str | int) -> Shape | None:
        """The shape of a member or an item; None where nothing is documented."""
        if isinstance(token, int) or self.kind == "list":
            return self.item
        return self.fields.get(token)

    def along(self, tokens: Iterator[str | int]) -> Iterator[Shape]:
        """The shapes met on the way down *tokens*, this one first, as far as they are documented."""
        shape: Shape | None = self
        while shape is not None:
            yield shape
            token = next(tokens, None)
            if token is None:
                return
            shape = shape.child(token)
