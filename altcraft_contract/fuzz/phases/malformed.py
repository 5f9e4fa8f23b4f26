"""Phase `malformed`: bodies that no reader may take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from altcraft_contract.fuzz.case import Case, Trial
from altcraft_contract.strategies.malformed import MALFORMED_JSON, MALFORMED_XML, REPEATS, break_body
from altcraft_contract.strategies.source import SeededSource
from altcraft_contract.strategies.wire import plain_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from altcraft_contract.contract import Syntax
    from altcraft_contract.fuzz.case import FreshOrder
    from altcraft_contract.fuzz.orders import Orders

UNDOCUMENTED: Final = frozenset({"byte-order-mark", "too-deep-lists", "too-deep-objects", "too-deep"})
"""A mark at the beginning and depth: some readers take them, and no page forbids them."""


def iter_malformed(orders: Orders) -> Iterator[Trial]:
    """Every way to break a body, in JSON and in XML by turns."""
    ways: dict[Syntax, list[str]] = {
        "json": [way for way in MALFORMED_JSON if way not in REPEATS],
        "xml": [way for way in MALFORMED_XML if way not in REPEATS],
    }
    number = 0
    for index in range(max(map(len, ways.values()))):
        for syntax, names in ways.items():
            if index < len(names):
                number += 1
                yield Trial(
                    id=f"malformed-{number:04d}",
                    phase="malformed",
                    feature=names[index],
                    order=orders.plain(),
                    make=_maker(names[index], syntax, number),
                )


def _maker(way: str, syntax: Syntax, number: int) -> Callable[[FreshOrder], tuple[Case, ...]]:
    def make(fresh: FreshOrder) -> tuple[Case, ...]:
        order = fresh()
        body = break_body(SeededSource(number), plain_body(order, syntax), syntax, way)
        name = str(order["external_id"])
        return (
            Case(
                title=f"malformed {syntax.upper()}: {way}",
                syntax=syntax,
                body=body,
                expected="undocumented" if way in UNDOCUMENTED else "refused",
                rule="malformed",
                external_id=name if name.encode() in body else None,
            ),
        )

    return make
