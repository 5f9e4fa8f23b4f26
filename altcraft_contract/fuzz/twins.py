"""Trials of one order in both syntaxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from altcraft_contract.conversion import to_xml
from altcraft_contract.errors import ConversionError
from altcraft_contract.fuzz.case import case_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from altcraft_contract.fuzz.case import Case, Expected, FreshOrder


def make_twins(title: str, *, expected: Expected = "accepted") -> Callable[[FreshOrder], tuple[Case, ...]]:
    """Makes the cases: JSON and, if XML can carry the order, XML; each with an id of its own."""

    def make(fresh: FreshOrder) -> tuple[Case, ...]:
        first = case_of(fresh(), "json", title=title, expected=expected)
        order = fresh()
        try:
            to_xml(order, message="request")
        except ConversionError:
            return (first,)
        return (first, case_of(order, "xml", title=title, expected=expected))

    return make
