"""Parameters of the strategies for requests, checked when they are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.errors import ImpossibleRequest
from altcraft_contract.rules.currencies import CURRENCY_DECIMALS
from altcraft_contract.strategies.vocabulary import (
    CURRENCIES,
    IDENTIFIERS,
    ITEMS,
    MADE_UP,
    NOTHING_KNOWN,
    PROMOTION_TYPES,
    Values,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_LINES: Final = 100_000


@dataclass(frozen=True, slots=True)
class Parameters:
    """What requests may be made of; see `requests` for each."""

    least_lines: int = 1
    most_lines: int = 3
    identifiers: Sequence[str] = IDENTIFIERS
    items: Sequence[str] = ITEMS
    promotion_types: Sequence[str] = PROMOTION_TYPES
    currencies: Sequence[str] = CURRENCIES
    values: Values = NOTHING_KNOWN
    custom_fields: bool = True

    def of(self, name: str) -> Any:
        """The installation's values of that *name*, or made-up ones."""
        return getattr(self.values, name) or getattr(MADE_UP, name)


def parameters_of(
    *,
    lines: int | tuple[int, int] = (1, 3),
    identifiers: Sequence[str] = IDENTIFIERS,
    items: Sequence[str] = ITEMS,
    promotion_types: Sequence[str] = PROMOTION_TYPES,
    currencies: Sequence[str] = CURRENCIES,
    values: Values | None = None,
    custom_fields: bool = True,
) -> Parameters:
    """Check the parameters of a strategy.

    Raises:
        ImpossibleRequest: if nothing valid can be made with them.
    """
    least, most = lines if isinstance(lines, tuple) and len(lines) == 2 else (lines, lines)  # noqa: PLR2004 - a pair
    numbers: tuple[Any, ...] = (least, most)
    if not all(isinstance(number, int) for number in numbers) or not 1 <= least <= most <= MOST_LINES:
        raise ImpossibleRequest("lines", lines, f"a number, or a pair of numbers, from 1 to {MOST_LINES:,}")
    _check_subset("identifiers", identifiers, IDENTIFIERS, may_be_empty=False)
    _check_subset("items", items, ITEMS, may_be_empty=False)
    _check_subset("promotion_types", promotion_types, PROMOTION_TYPES, may_be_empty=True)
    _check_subset("currencies", currencies, tuple(CURRENCY_DECIMALS), may_be_empty=False)
    if values is not None and not isinstance(values, Values):
        raise ImpossibleRequest("values", values, "an instance of Values")
    ordered = tuple(kind for kind in PROMOTION_TYPES if kind in promotion_types)
    return Parameters(least, most, identifiers, items, ordered, currencies, values or NOTHING_KNOWN, custom_fields)


def _check_subset(name: str, given: Any, known: Sequence[str], *, may_be_empty: bool) -> None:
    is_sequence = isinstance(given, list | tuple | set | frozenset)
    if not is_sequence or any(item not in known for item in given) or not (given or may_be_empty):
        shown = ", ".join(known) if len(known) < 20 else "codes of ISO 4217"  # noqa: PLR2004 - a line of text
        raise ImpossibleRequest(name, given, f"some of {shown}")
