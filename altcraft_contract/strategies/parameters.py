"""Parameters of the strategies for requests, checked when they are given."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
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
    from collections.abc import Mapping, Sequence

MOST_LINES: Final = 100_000
MOST_DRAWN_LINES: Final = 100  # Hypothesis gives up on much larger examples
_MOST_CHOICES: Final = 1_000  # of the pairs of a product and a SKU


@dataclass(frozen=True)
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

    @cached_property
    def identifier_choices(self) -> tuple[tuple[str, str], ...]:
        """Every identifier that may say who ordered, with its value; one choice is cheaper than two."""
        return tuple((name, value) for name in self.identifiers for value in self.of(f"{name}s"))

    @cached_property
    def origin_choices(self) -> tuple[tuple[str, str], ...]:
        """Every pair of an endpoint and a status."""
        return tuple(product(self.of("endpoints"), self.of("statuses")))

    @cached_property
    def item_choices(self) -> tuple[Mapping[str, str], ...]:
        """Every way to name what was bought."""
        choices: dict[str, list[Mapping[str, str]]] = {
            "sku": [{"sku": sku} for sku in self.of("skus")],
            "product": [{"product": name} for name in self.of("products")],
            "both": [{"product": name, "sku": sku} for name, sku in product(self.of("products"), self.of("skus"))],
        }
        return tuple(choice for kind in self.items for choice in choices[kind][:_MOST_CHOICES])

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
    if not all(type(number) is int for number in numbers) or not 1 <= least <= most <= MOST_LINES:
        raise ImpossibleRequest("lines", lines, f"a number, or a pair of numbers, from 1 to {MOST_LINES:,}")
    _check_subset("identifiers", identifiers, IDENTIFIERS, may_be_empty=False)
    _check_subset("items", items, ITEMS, may_be_empty=False)
    _check_subset("promotion_types", promotion_types, PROMOTION_TYPES, may_be_empty=True)
    _check_subset("currencies", currencies, tuple(CURRENCY_DECIMALS), may_be_empty=False)
    return Parameters(
        least,
        most,
        tuple(name for name in IDENTIFIERS if name in identifiers),
        tuple(item for item in ITEMS if item in items),
        tuple(kind for kind in PROMOTION_TYPES if kind in promotion_types),
        tuple(currencies) if isinstance(currencies, list | tuple) else tuple(sorted(currencies)),
        check_values(values),
        custom_fields,
    )


def check_values(values: Values | None) -> Values:
    """The values of an installation that were given, or none.

    Raises:
        ImpossibleRequest: if they are no `Values`.
    """
    if values is not None and not isinstance(values, Values):
        raise ImpossibleRequest("values", values, "an instance of Values")
    return values or NOTHING_KNOWN


def _check_subset(name: str, given: Any, known: Sequence[str], *, may_be_empty: bool) -> None:
    is_sequence = isinstance(given, list | tuple | set | frozenset)
    if not is_sequence or any(item not in known for item in given) or not (given or may_be_empty):
        shown = ", ".join(known) if len(known) < 20 else "codes of ISO 4217"  # noqa: PLR2004 - a line of text
        raise ImpossibleRequest(name, given, f"some of {shown}")
