"""What a client sent, compared with the order that it was given."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.document import read_document
from altcraft_contract.documents.pointer import join

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from altcraft_contract.documents.shape import Shape
    from altcraft_contract.stub import JournalEntry

# What a shop decides by itself: its settings, and when and in what state it sends the order.
_OWN: Final = frozenset(
    {
        *("/token", "/skip_triggers", "/data/create_time", "/data/endpoint", "/data/status"),
        *("/data/lines/*/status", "/data/lines/*/line_number"),
    }
)
# What costs the customer money, points or a promo code if it does not arrive.
_NEEDED: Final = frozenset(
    {
        *("/data/promocodes", "/data/redeem_points", "/data/delivery_cost"),
        *("/data/requested_promotions", "/data/lines/*/requested_promotions"),
        *(
            f"/data{part}/requested_promotions/*/{name}"
            for part in ("", "/lines/*")
            for name in ("amount", "points_info")
        ),
    }
)
_PERSONAL: Final = frozenset({"email", "phone", "profile_id"})
_ONE_SECOND: Final = 1.0
_index = re.compile(r"/[0-9]+(?=/|$)")


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


def iter_changes(order: Mapping[str, Any], entry: JournalEntry, may_differ: Collection[str] = ()) -> Iterator[Change]:
    """What *entry* says otherwise than *order*, and what it lacks of what a customer has to have.

    Args:
        order: What the client was given.
        entry: What it sent.
        may_differ: Pointers, with `*` for any item of a list, to what may differ or be left out.
    """
    shape = load_contract().request_shape
    document = read_document(entry.request.body, shape, syntax=entry.syntax)
    if not isinstance(document.value, dict):
        return
    allowed = _OWN.union(may_differ)
    for change in _iter_object(order, document.value, shape, ()):
        template = _template_of(change.pointer)
        if not any(template == pointer or template.startswith(f"{pointer}/") for pointer in allowed):
            yield change


Tokens = tuple[str | int, ...]


def _template_of(pointer: str) -> str:
    return _index.sub("/*", pointer)


def _iter_value(given: Any, sent: Any, shape: Shape | None, place: Tokens) -> Iterator[Change]:
    if isinstance(given, dict) and isinstance(sent, dict):
        yield from _iter_object(given, sent, shape, place)
    elif isinstance(given, list) and isinstance(sent, list):
        yield from _iter_list(given, sent, shape, place)
    elif not _find_law(shape)(given, sent):
        yield Change(join(place), _difference(given, sent, is_personal=place[-1] in _PERSONAL))


def _iter_object(
    given: Mapping[str, Any], sent: Mapping[str, Any], shape: Shape | None, place: Tokens
) -> Iterator[Change]:
    for name, value in given.items():
        if name not in sent:
            if not _is_nothing(value) and _template_of(join((*place, name))) in _NEEDED:
                yield Change(join((*place, name)), f"{_summary(value)} given, nothing was sent")
        else:
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


def _difference(given: object, sent: object, *, is_personal: bool) -> str:
    """How two values differ; what is personal is not shown."""
    if not is_personal:
        return f"{_shown(given)} was given, {_shown(sent)} was sent"
    first, second = str(given), str(sent)
    if first.strip("+ ").lower() == second.strip("+ ").lower():
        return "sent with another case, or without a + or blanks that were given"
    return f"another text was sent: {len(first)} characters were given, {len(second)} were sent"


def _is_nothing(value: object) -> bool:
    """Whether a value says no more than its absence: nothing, or a sum of zero."""
    return not value or (isinstance(value, str) and _is_same_decimal(value, "0"))


def _summary(value: object) -> str:
    if isinstance(value, list):
        return f"{len(value)} {'item was' if len(value) == 1 else 'items were'}"
    return f"{_shown(value)} was"


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


def _find_law(shape: Shape | None) -> Callable[[object, object], bool]:
    """What tells whether two values of a type are the same."""
    name = shape.type_name if shape is not None else ""
    return _is_same_decimal if name.endswith("integer") else _SAME.get(name, _is_same_text)


def _shown(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else f"{value!r}"
