"""Strategies for valid requests and their parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

from altcraft_contract.errors import ImpossibleRequest
from altcraft_contract.rules.currencies import CURRENCY_DECIMALS
from altcraft_contract.strategies.building import OrderBuilder, amount_text, build_promocodes, build_timestamp
from altcraft_contract.strategies.parameters import MOST_DRAWN_LINES, Parameters, parameters_of
from altcraft_contract.strategies.source import DrawnSource
from altcraft_contract.strategies.vocabulary import CURRENCIES, IDENTIFIERS, ITEMS, NAMES, PROMOTION_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy

    from altcraft_contract.strategies.vocabulary import Values

XML_TEXT: Final = st.characters(
    exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff", include_characters="\t\n\r\u0085"
)
"""Characters that XML 1.0 can carry."""

TEXTS: Final = st.one_of(st.sampled_from(NAMES), st.text(XML_TEXT, max_size=12))
"""Texts that both syntaxes can carry, the plain ones first."""

_LARGEST_SERIAL: Final = 9_999
_LARGEST_AMOUNT: Final = 10_000_000  # in the smallest unit of the currency


def _check_drawn(lines: object, parameters: Parameters) -> None:
    if parameters.most_lines > MOST_DRAWN_LINES:
        expected = f"at most {MOST_DRAWN_LINES} lines; `edge_cases` and `iter_corpus` make larger orders"
        raise ImpossibleRequest("lines", lines, expected)


@st.composite
def _built(
    draw: DrawFn, build: Callable[[OrderBuilder], Any], parameters: Parameters, texts: SearchStrategy[str]
) -> Any:
    return build(OrderBuilder(DrawnSource(draw, texts), parameters))


def requests(
    *,
    lines: int | tuple[int, int] = (1, 3),
    identifiers: Sequence[str] = IDENTIFIERS,
    items: Sequence[str] = ITEMS,
    promotion_types: Sequence[str] = PROMOTION_TYPES,
    currencies: Sequence[str] = CURRENCIES,
    values: Values | None = None,
    custom_fields: bool = True,
    texts: SearchStrategy[str] = TEXTS,
) -> SearchStrategy[dict[str, Any]]:
    """Valid requests, as their JSON form.

    No draw has a finding, in either syntax: prices add up, promotions and redemptions agree, currencies have their
    decimals.

    Args:
        lines: How many lines, or from how many to how many.
        identifiers: Which of `email`, `phone` and `profile_id` may say who ordered; one of them does.
        items: Which of `sku`, `product` and `both` a line may name.
        promotion_types: Types that promotions may have; none gives orders without promotions.
        currencies: Codes of ISO 4217.
        values: What exists on the installation; None makes it up.
        custom_fields: Whether there may be custom fields.
        texts: Names and custom texts; the default is safe in XML.

    Raises:
        ImpossibleRequest: if nothing valid can be made.
    """
    parameters = parameters_of(
        lines=lines,
        identifiers=identifiers,
        items=items,
        promotion_types=promotion_types,
        currencies=currencies,
        values=values,
        custom_fields=custom_fields,
    )
    _check_drawn(lines, parameters)
    return _built(lambda builder: builder.request(builder.source.integer(1, _LARGEST_SERIAL)), parameters, texts)


def orders(
    *,
    lines: int | tuple[int, int] = (1, 3),
    items: Sequence[str] = ITEMS,
    promotion_types: Sequence[str] = PROMOTION_TYPES,
    currencies: Sequence[str] = CURRENCIES,
    values: Values | None = None,
    custom_fields: bool = True,
    texts: SearchStrategy[str] = TEXTS,
) -> SearchStrategy[dict[str, Any]]:
    """Valid `data` objects; arguments and exceptions as for `requests`."""
    parameters = parameters_of(
        lines=lines,
        items=items,
        promotion_types=promotion_types,
        currencies=currencies,
        values=values,
        custom_fields=custom_fields,
    )
    _check_drawn(lines, parameters)
    return _built(lambda builder: builder.order(), parameters, texts)


def lines(
    *,
    currency: str = "RUB",
    items: Sequence[str] = ITEMS,
    promotion_types: Sequence[str] = PROMOTION_TYPES,
    values: Values | None = None,
    texts: SearchStrategy[str] = TEXTS,
) -> SearchStrategy[dict[str, Any]]:
    """Valid items of `lines`, in one *currency*; the other arguments as for `requests`."""
    parameters = parameters_of(items=items, promotion_types=promotion_types, currencies=(currency,), values=values)
    return _built(lambda builder: builder.plain_line(1), parameters, texts)


def promocodes(*, values: Values | None = None) -> SearchStrategy[list[dict[str, Any]]]:
    """Valid lists of promo codes, each code of a pool once."""
    parameters = parameters_of(values=values)
    return _built(lambda builder: build_promocodes(builder.source, parameters), parameters, TEXTS)


def points_redemptions(
    *, values: Values | None = None, texts: SearchStrategy[str] = TEXTS
) -> SearchStrategy[list[dict[str, Any]]]:
    """Valid lists of `redeem_points`, at least one item, each currency of points once."""
    parameters = parameters_of(values=values)

    def build(builder: OrderBuilder) -> list[dict[str, Any]]:
        for _ in range(builder.source.integer(1, 3)):
            builder.points_info(builder.source.integer(1, 500), redeemed=True)
        return builder.redeem_points()

    return _built(build, parameters, texts)


def requested_promotions(
    *,
    types: Sequence[str] = PROMOTION_TYPES,
    currency: str = "RUB",
    values: Values | None = None,
    texts: SearchStrategy[str] = TEXTS,
) -> SearchStrategy[dict[str, Any]]:
    """Valid promotions of some *types*; discounts are amounts of *currency*.

    Raises:
        ImpossibleRequest: if there is no such type, or none is given.
    """
    if not types:
        raise ImpossibleRequest("types", types, f"some of {', '.join(PROMOTION_TYPES)}")
    parameters = parameters_of(promotion_types=types, currencies=(currency,), values=values)
    return _built(
        lambda builder: builder.requested_promotion(builder.source.integer(0, _LARGEST_AMOUNT)), parameters, texts
    )


def money(*, currency: str = "RUB") -> SearchStrategy[str]:
    """Prices with the decimals of their *currency*, from zero on."""
    if currency not in CURRENCY_DECIMALS:
        raise ImpossibleRequest("currency", currency, "a code of ISO 4217")
    decimals = CURRENCY_DECIMALS[currency]
    return st.integers(0, _LARGEST_AMOUNT).map(lambda units: amount_text(units, decimals))


def timestamps() -> SearchStrategy[str]:
    """Complete ISO 8601 times: date, time of day and offset."""
    return _built(lambda builder: build_timestamp(builder.source), parameters_of(), TEXTS)
