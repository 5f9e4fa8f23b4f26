"""What a mutation is: a change that breaks exactly one rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from altcraft_contract.documents.pointer import escape, split
from altcraft_contract.rules.samples import put

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from altcraft_contract.contract import Message, Syntax
    from altcraft_contract.documents.shape import Shape

BOTH: Final[tuple[Syntax, ...]] = ("json", "xml")
JSON_ONLY: Final[tuple[Syntax, ...]] = ("json",)


class Change(NamedTuple):
    """A change of one message.

    Attributes:
        pointer: Where the finding will stand.
        edits: Pointer to new value; `ABSENT` takes a member out.
    """

    pointer: str
    edits: Mapping[str, Any]

    def apply(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """A changed copy of *value*."""
        changed: dict[str, Any] = _copy(value)
        for pointer, new in self.edits.items():
            put(changed, split(pointer), _copy(new))
        return changed


def _copy(value: Any) -> Any:
    """A copy in which nothing stands in two places, as it would after writing and reading."""
    if isinstance(value, Mapping):
        return {name: _copy(member) for name, member in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class Mutation:
    """A kind of change that breaks one rule, wherever that can be done.

    Attributes:
        name: What is done, in kebab-case; unique.
        rule: Id of the rule that it breaks, and of no other.
        find: Finds the changes that a valid message, with its shape, allows.
        message: Which message it changes.
        syntaxes: In which syntaxes the changed message can be written.
        needs: Parameters of `requests` that make sure that there is something to change.
    """

    name: str
    rule: str
    find: Callable[[Mapping[str, Any], Shape], Iterator[Change]]
    message: Message = "request"
    syntaxes: tuple[Syntax, ...] = BOTH
    needs: Mapping[str, Any] = field(default_factory=dict)


class Place(NamedTuple):
    """A documented value of a message.

    Attributes:
        pointer: To the value.
        value: The value.
        shape: Its documented form.
        name: Of the member; of the list, for an item.
    """

    pointer: str
    value: Any
    shape: Shape
    name: str


def iter_places(value: Any, shape: Shape, pointer: str = "", name: str = "") -> Iterator[Place]:
    """Every documented value of a valid message, from the outside to the inside."""
    yield Place(pointer, value, shape, name)
    if isinstance(value, dict):
        for member, child in value.items():
            if member in shape.fields:
                yield from iter_places(child, shape.fields[member], f"{pointer}/{escape(member)}", member)
    elif isinstance(value, list) and shape.item is not None:
        for index, item in enumerate(value):
            yield from iter_places(item, shape.item, f"{pointer}/{index}", name)
