"""What a client sent, compared with the order that it was given."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.document import read_document
from altcraft_contract.documents.pointer import join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from altcraft_contract.documents.shape import Shape
    from altcraft_contract.stub import JournalEntry

_NOT_COMPARED: Final = frozenset({"token", "skip_triggers"})  # settings of the client, and no part of the order
_ONE_SECOND: Final = 1.0


class Change(NamedTuple):
    """A place where a request says something else than the order.

    Attributes:
        pointer: Where, in the order.
        told: What was given and what was sent.
    """

    pointer: str
    told: str

    def __str__(self) -> str:
        return f"{self.pointer}: {self.told}"


def iter_changes(order: Mapping[str, Any], entry: JournalEntry) -> Iterator[Change]:
    """What *entry* says otherwise than *order*; fields that one of them lacks are left out."""
    shape = load_contract().request_shape
    document = read_document(entry.request.body, shape, syntax=entry.syntax)
    if isinstance(document.value, dict):
        given = {name: value for name, value in order.items() if name not in _NOT_COMPARED}
        yield from _iter_object(given, document.value, shape, ())


Tokens = tuple[str | int, ...]


def _iter_value(given: Any, sent: Any, shape: Shape | None, place: Tokens) -> Iterator[Change]:
    if isinstance(given, dict) and isinstance(sent, dict):
        yield from _iter_object(given, sent, shape, place)
    elif isinstance(given, list) and isinstance(sent, list):
        yield from _iter_list(given, sent, shape, place)
    elif not _SAME.get(shape.type_name if shape is not None else "", _is_same_text)(given, sent):
        yield Change(join(place), f"{_shown(given)} was given, {_shown(sent)} was sent")


def _iter_object(
    given: Mapping[str, Any], sent: Mapping[str, Any], shape: Shape | None, place: Tokens
) -> Iterator[Change]:
    for name, value in given.items():
        if name in sent:
            yield from _iter_value(value, sent[name], shape.child(name) if shape is not None else None, (*place, name))


def _iter_list(given: Sequence[Any], sent: Sequence[Any], shape: Shape | None, place: Tokens) -> Iterator[Change]:
    if len(given) != len(sent):
        yield Change(join(place), f"items given: {len(given)}, items sent: {len(sent)}")
        return
    partners = {_key(item): item for item in sent}
    for index, item in enumerate(given):
        is_paired = len(partners) == len(sent) and _key(item) in partners
        partner = partners[_key(item)] if is_paired else sent[index]
        yield from _iter_value(item, partner, shape.item if shape is not None else None, (*place, index))


def _key(item: Any) -> object:
    """What an item of a list is known by, so that its place does not matter."""
    if not isinstance(item, dict):
        return str(item)
    promotion = item.get("promotion")
    promotion_id = promotion.get("external_id") if isinstance(promotion, dict) else None
    names = ("external_id", "code", "type", "points_currency_iid", "points_currency_eid")
    return (*(str(item.get(name)) for name in names), str(promotion_id))


def _is_same_text(given: object, sent: object) -> bool:
    """Whether two leaves say the same; values of custom fields are text in XML, whatever they were."""
    if isinstance(given, bool) or isinstance(sent, bool):
        return str(given).lower() == str(sent).lower()
    return str(given) == str(sent)


def _is_same_decimal(given: object, sent: object) -> bool:
    try:
        return Decimal(str(given)) == Decimal(str(sent))
    except InvalidOperation:
        return _is_same_text(given, sent)


def _is_same_time(given: object, sent: object) -> bool:
    """Whether two times are the same up to a second, in whatever offset they are written."""
    try:
        times = [datetime.fromisoformat(str(text)) for text in (given, sent)]
    except ValueError:
        return _is_same_text(given, sent)
    first, second = (time if time.tzinfo is not None else time.replace(tzinfo=UTC) for time in times)
    return abs((first - second).total_seconds()) < _ONE_SECOND


_SAME: Final[Mapping[str, Callable[[object, object], bool]]] = {
    "decimal": _is_same_decimal,
    "timestamp": _is_same_time,
}
"""Name of a type to what tells whether two values of it are the same."""


def _shown(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else f"{value!r}"
