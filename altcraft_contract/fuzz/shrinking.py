"""Making an order small: what is not needed goes, what has to stay gets plain values."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.documents.pointer import escape, split
from altcraft_contract.fuzz.oracles.oracle import starred
from altcraft_contract.validation import check_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from altcraft_contract.fuzz.case import Order

_SUMS: Final = ("/data/total_price", "/data/final_total_price")  # follow from the lines
_ITEM: Final = ("product", "sku")
_PERSON: Final = ("email", "phone", "profile_id")
_LONG: Final = 40  # characters of a text that may be made shorter


class Shrinker:
    """Makes one order small.

    Args:
        plain: The smallest valid order.
        fails: Sends an order, and says whether it shows the same.
        place: Pointer, with `*` for indexes, of what is to stay if it can; empty if that is not known.
        most: How often *fails* may be asked.

    Attributes:
        is_done: Whether nothing more could be taken away.
    """

    def __init__(self, plain: Order, fails: Callable[[Order], bool], *, place: str, most: int) -> None:
        self._plain = plain
        self._fails = fails
        self._place = place
        self._left = most
        self.is_done = False

    def shrink(self, order: Order) -> Order:
        """The smallest order that was found."""
        if self._try(self._plain):
            self.is_done = True
            return self._plain
        order = self._without_others(order)
        order = self._with_all_plain(order)
        order = self._without_units(order)
        order = self._with_plain_values(order)
        order = self._with_short_texts(order)
        self.is_done = self._left > 0
        return order

    def _try(self, order: Order) -> bool:
        """Whether *order* is valid and shows the same; false once nothing more may be asked."""
        if self._left <= 0 or not check_request({**order, "external_id": "x"}).ok:
            return False
        self._left -= 1
        return self._fails(order)

    def _without_others(self, order: Order) -> Order:
        """Take out all that has nothing to do with the place, at once."""
        units = list(_iter_units(order, self._plain))
        apart = [unit for unit in units if not _are_related(starred(unit), self._place)]
        candidate = _repriced(_without(order, apart))
        return candidate if apart and self._try(candidate) else order

    def _with_all_plain(self, order: Order) -> Order:
        """Let the customer of a plain order buy, and give every value that a plain order has, too, its value."""
        others = {name: value for name, value in order.items() if name not in _PERSON}
        candidate: Order = {**self._plain, **others}
        if candidate != order and self._try(candidate):
            order = candidate
        candidate = _repriced(_with(order, self._changes(order)))
        order = candidate if candidate != order and self._try(candidate) else order
        candidate = self._with_plain_items(order)
        return candidate if candidate != order and self._try(candidate) else order

    def _with_plain_items(self, order: Order) -> Order:
        """The order with what a plain order buys, under the one name that it gives."""
        item = {
            name: self._plain["data"]["lines"][0][name] for name in _ITEM if name in self._plain["data"]["lines"][0]
        }
        lines = [
            {"external_id": line["external_id"], **item, **{name: line[name] for name in line if name not in _ITEM}}
            for line in order["data"]["lines"]
        ]
        return {**order, "data": {**order["data"], "lines": lines}}

    def _without_units(self, order: Order) -> Order:
        """Take out ever smaller parts."""
        width = max(1, len(list(_iter_units(order, self._plain, all_items=True))))
        while self._left > 0:
            units = list(_iter_units(order, self._plain, all_items=True))
            smaller = self._smaller(order, units, width)
            if smaller is not None:
                order = smaller
            elif width == 1:
                break
            else:
                width = (width + 1) // 2
        return order

    def _smaller(self, order: Order, units: Sequence[str], width: int) -> Order | None:
        """The first order without *width* of the units, from the end, that shows the same."""
        for end in range(len(units), 0, -width):
            candidate = _repriced(_without(order, units[max(0, end - width) : end]))
            if candidate != order and self._try(candidate):
                return candidate
        return None

    def _changes(self, order: Order) -> list[tuple[str, Any]]:
        """Pointers to values that a plain order has, too, with its values."""
        return [
            (pointer, plain)
            for pointer, value, plain in _iter_common(order, self._plain)
            if value != plain and not isinstance(plain, dict | list) and pointer not in _SUMS
        ]

    def _with_plain_values(self, order: Order) -> Order:
        """Give plain values: all at once, or one by one."""
        changes = self._changes(order)
        for part in (changes, *([change] for change in changes)):
            candidate = _repriced(_with(order, part))
            if candidate != order and self._try(candidate):
                order = candidate
        return order

    def _with_short_texts(self, order: Order) -> Order:
        """Cut long texts in half while that shows the same."""
        for pointer, text in list(_iter_texts(order)):
            while len(text) > _LONG:
                text = text[: len(text) // 2]  # noqa: PLW2901 - it is what is made smaller
                candidate = _with(order, [(pointer, text)])
                if not self._try(candidate):
                    break
                order = candidate
        return order


def differences(order: Order, plain: Order, *, outer_alone: bool = True) -> tuple[str, ...]:
    """Where a valid order is more than a plain one, or another: pointers with `*` for indexes.

    Args:
        order: Any valid order.
        plain: The smallest.
        outer_alone: Whether what stands within another difference is left out.
    """
    found = [*_iter_units(order, plain)]
    found += [
        pointer
        for pointer, value, known in _iter_common(order, plain)
        if value != known and not isinstance(known, dict | list) and pointer not in _SUMS
    ]
    places = dict.fromkeys(starred(pointer) for pointer in found)
    return _outer(places) if outer_alone else tuple(places)


def _outer(pointers: Iterable[str]) -> tuple[str, ...]:
    """Those of *pointers* that do not stand within another."""
    known = list(pointers)
    return tuple(
        pointer for pointer in known if not any(pointer != other and pointer.startswith(f"{other}/") for other in known)
    )


def reduce_until_taken(order: Order, plain: Order, is_taken: Callable[[Order], bool]) -> Order:
    """As much of a valid order that is refused as is taken, beginning with a plain one.

    Args:
        order: The order; it comes back if it is taken.
        plain: The smallest, which is taken.
        is_taken: Sends an order.
    """
    if is_taken(order):
        return order
    others = {name: value for name, value in order.items() if name not in _PERSON}
    order = {**plain, **others}  # a member that the target knows
    if is_taken(order):
        return order
    left_out = list(_outer(_iter_units(order, plain)))
    for unit in list(left_out):
        remaining = [other for other in left_out if other != unit]
        candidate = _repriced(_without(order, remaining))
        if check_request({**candidate, "external_id": "x"}).ok and is_taken(candidate):
            left_out = remaining
    reduced = _repriced(_without(order, left_out))
    return reduced if check_request({**reduced, "external_id": "x"}).ok else plain


def _are_related(unit: str, place: str) -> bool:
    """Whether one of two places stands in the other."""
    return bool(place) and (f"{place}/".startswith(f"{unit}/") or f"{unit}/".startswith(f"{place}/"))


def _iter_units(order: Any, plain: Any, pointer: str = "", *, all_items: bool = False) -> Iterator[str]:
    """Pointers to what a plain order does not have, and to what may be taken out within it; outer ones first.

    Of a list that a plain order has, too, the first item stays, unless *all_items* are asked for.
    """
    if isinstance(order, dict):
        known = plain if isinstance(plain, dict) else {}
        for name, value in order.items():
            below = f"{pointer}/{escape(name)}"
            if name not in known:
                yield below
            yield from _iter_units(value, known.get(name), below, all_items=all_items)
    elif isinstance(order, list):
        first = plain[0] if isinstance(plain, list) and plain else None
        for index, item in enumerate(order):
            below = f"{pointer}/{index}"
            if first is None or index or (all_items and len(order) > 1):
                yield below
            yield from _iter_units(item, first, below, all_items=all_items)


def _iter_common(order: Any, plain: Any, pointer: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Pointer, value and plain value of what both have."""
    yield pointer, order, plain
    if isinstance(order, dict) and isinstance(plain, dict):
        for name in (name for name in order if name in plain):
            yield from _iter_common(order[name], plain[name], f"{pointer}/{escape(name)}")
    elif isinstance(order, list) and isinstance(plain, list):
        for index, item in enumerate(order):
            known = plain[0] if not index else {name: plain[0][name] for name in plain[0] if name != "external_id"}
            yield from _iter_common(item, known, f"{pointer}/{index}")


def _iter_texts(node: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, str):
        yield pointer, node
    elif isinstance(node, dict):
        for name, value in node.items():
            yield from _iter_texts(value, f"{pointer}/{escape(name)}")
    elif isinstance(node, list):
        for index, item in enumerate(node):
            yield from _iter_texts(item, f"{pointer}/{index}")


def _without(order: Order, units: Sequence[str]) -> Order:
    """A copy of *order* without *units*; the last are taken first, so that indexes stay true."""
    copy: Order = json.loads(json.dumps(order))
    for pointer in reversed(units):
        *path, last = split(pointer)
        node = _walk(copy, path)
        if isinstance(node, dict):
            node.pop(last, None)
        elif isinstance(node, list) and int(last) < len(node):
            del node[int(last)]
    return copy


def _with(order: Order, changes: Sequence[tuple[str, Any]]) -> Order:
    copy: Order = json.loads(json.dumps(order))
    for pointer, value in changes:
        *path, last = split(pointer)
        node = _walk(copy, path)
        node[int(last) if isinstance(node, list) else last] = value
    return copy


def _walk(node: Any, path: Sequence[str | int]) -> Any:
    for token in path:
        if isinstance(node, dict):
            node = node.get(token)
        elif isinstance(node, list) and int(token) < len(node):
            node = node[int(token)]
        else:
            return None
    return node


def _repriced(order: Order) -> Order:
    """*order* with sums of what it now consists of; as it is where they cannot be known."""
    data = order["data"]
    try:
        sums = [
            sum((Decimal(line[f"{name}_price_per_item"]) * line["count"] for line in data["lines"]), Decimal(0))
            for name in ("base", "final")
        ]
    except (InvalidOperation, TypeError, KeyError):
        return order
    if not all(0 <= total < 10**12 for total in sums):
        return order
    return {**order, "data": {**data, "total_price": f"{sums[0]:f}", "final_total_price": f"{sums[1]:f}"}}
