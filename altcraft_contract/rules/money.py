"""Prices, sums, currencies and times."""

from __future__ import annotations

from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.rules.currencies import CURRENCY_DECIMALS
from altcraft_contract.rules.rule import CONTRADICTED, DOCUMENTED, EXAMPLE, INFERRED, WARNING, Breach, Rule, Sample

if TYPE_CHECKING:
    from collections.abc import Mapping

    from altcraft_contract.rules.order import Order

EXACT: Final = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)  # nothing is ever rounded
_ORDER_PRICES: Final = ("total_price", "final_total_price", "delivery_cost")
_LINE_PRICES: Final = ("base_price_per_item", "min_price_per_item", "final_price_per_item")

RULES: Final = (
    Rule(
        "incomplete-timestamp",
        WARNING,
        EXAMPLE,
        "request",
        "data object, points_info object",
        "The example's times have a time of day and an offset from UTC (`2026-02-18T13:01:05.141Z`).",
        "Add the time of day and `Z` or an offset such as `+03:00`, so that the moment is certain.",
        Sample({"/data/create_time": "2026-02-18T13:01:05Z"}, {"/data/create_time": "2026-02-18T13:01:05"}),
    ),
    Rule(
        "unknown-currency",
        WARNING,
        INFERRED,
        "request",
        "data object",
        "The currency is a three-letter ISO code; ISO 4217 lists which codes there are.",
        "Use a code of ISO 4217 that is in force.",
        Sample({"/data/currency": "EUR"}, {"/data/currency": "DEM"}),
    ),
    Rule(
        "excess-precision",
        WARNING,
        INFERRED,
        "request",
        "data object, lines array",
        "A price in a currency has no more decimals than the currency has (2 for RUB, 0 for JPY, 3 for KWD).",
        "Round the price as your shop rounds what the customer pays.",
        Sample(
            {"/data/currency": "RUB", "/data/delivery_cost": "1.25"},
            {"/data/currency": "RUB", "/data/delivery_cost": "1.255"},
        ),
    ),
    Rule(
        "price-above-base",
        WARNING,
        INFERRED,
        "request",
        "lines array",
        "`final_price_per_item` is the unit price after all discounts, so it should not exceed `base_price_per_item`.",
        "Check whether the two prices are exchanged.",
        Sample(
            {"/data/lines/0/base_price_per_item": "10.00", "/data/lines/0/final_price_per_item": "9.00"},
            {"/data/lines/0/base_price_per_item": "10.00", "/data/lines/0/final_price_per_item": "12.00"},
        ),
    ),
    Rule(
        "price-below-minimum",
        WARNING,
        DOCUMENTED,
        "request",
        "lines array",
        "`min_price_per_item` is the lowest unit price allowed, so `final_price_per_item` should not be below it.",
        "Limit the discount on this line.",
        Sample(
            {"/data/lines/0/min_price_per_item": "8.00", "/data/lines/0/final_price_per_item": "9.00"},
            {"/data/lines/0/min_price_per_item": "8.00", "/data/lines/0/final_price_per_item": "7.00"},
        ),
    ),
    Rule(
        "total-mismatch",
        WARNING,
        CONTRADICTED,
        "request",
        "data object",
        "`total_price` is the cost of the order before discounts. No arithmetic is documented, and the sums of the "
        "page's own example do not add up.",
        "Check that it is the sum of `base_price_per_item` times `count`, with or without `delivery_cost`.",
        Sample(
            {"/data/total_price": "20.00", "/data/lines/0/count": 2, "/data/lines/0/base_price_per_item": "10.00"},
            {"/data/total_price": "15.00", "/data/lines/0/count": 2, "/data/lines/0/base_price_per_item": "10.00"},
        ),
    ),
    Rule(
        "final-total-above-total",
        WARNING,
        INFERRED,
        "request",
        "data object",
        "`final_total_price` is the cost after all discounts, so it should not exceed `total_price` with "
        "`delivery_cost`.",
        "Check whether the two totals are exchanged.",
        Sample(
            {"/data/total_price": "10.00", "/data/final_total_price": "9.00"},
            {"/data/total_price": "10.00", "/data/final_total_price": "12.00"},
        ),
    ),
)


def do_sums_fit(data: Mapping[str, Any]) -> bool:
    """Whether `check_money` finds nothing in a plain data object (see `rules/plain.py`); False leaves that to it.

    Counts in hundredths, so that nothing is built; prices with more decimals are left to `check_money`.
    """
    try:
        due = 0
        for line in data["lines"]:
            base, final = line["base_price_per_item"], line["final_price_per_item"]
            unit = int(base.replace(".", "")) if base[-3:-2] == "." else _hundredths(base)
            if final != base:
                price = int(final.replace(".", "")) if final[-3:-2] == "." else _hundredths(final)
                if price > unit:
                    return False
            else:
                price = unit
            if "min_price_per_item" in line and _hundredths(line["min_price_per_item"]) > price:
                return False
            count = line["count"]
            if count != 1:
                if type(count) is not int:
                    return False
                unit *= count
            due += unit
        text = data["total_price"]
        total = int(text.replace(".", "")) if text[-3:-2] == "." else _hundredths(text)
        extra = _hundredths(data["delivery_cost"]) if "delivery_cost" in data else 0
        return (total == due or total == due + extra) and _hundredths(data["final_total_price"]) <= total + extra
    except ValueError:
        return False


def _hundredths(price: str) -> int:
    """A price of two decimals at most, in hundredths.

    Raises:
        ValueError: if there are more, or too many digits.
    """
    if price[-3:-2] == ".":
        return int(price.replace(".", ""))
    if "." not in price:
        return int(price) * 100
    if price[-2] == ".":
        return int(price.replace(".", "")) * 10
    raise ValueError(price)


def check_money(order: Order, found: list[Breach]) -> None:
    """Find what is suspicious about the order's prices and currency."""
    if not order.data:
        return
    decimals = _check_currency(order.data, found)
    if decimals is not None:
        _check_precision(order, decimals, found)
    due: Decimal | None = Decimal(0)
    for index, line in order.lines:
        due = _check_line(index, line, due, found)
    _check_totals(order, due if order.all_lines_readable else None, found)


def check_times(order: Order, found: list[Breach]) -> None:
    """Find times that leave open which moment they mean."""
    _check_time(order.data.get("create_time"), "/data/create_time", found)
    for promotion in order.promotions:
        points = promotion.members.get("points_info")
        if type(points) is dict and "expiration_date" in points:
            _check_time(points["expiration_date"], f"{promotion.pointer}/points_info/expiration_date", found)


def _check_time(value: Any, pointer: str, found: list[Breach]) -> None:
    if type(value) is not str:
        return
    if "T" not in value:
        message = f'"{value}" has neither a time of day nor an offset from UTC'
    elif value[-1] != "Z" and value[-6] not in "+-":
        message = f'"{value}" has no offset from UTC'
    else:
        return
    found.append(Breach("incomplete-timestamp", pointer, message, 'write it like "2026-02-18T13:01:05Z"'))


def _check_currency(data: Mapping[str, Any], found: list[Breach]) -> int | None:
    """Check the currency; return how many decimals it has, None if that is not known."""
    currency = data.get("currency")
    if type(currency) is not str:
        return None
    if currency not in CURRENCY_DECIMALS:
        message = f'"{currency}" is not a currency that ISO 4217 lists'
        found.append(Breach("unknown-currency", "/data/currency", message))
        return None
    return CURRENCY_DECIMALS[currency]


def _check_precision(order: Order, decimals: int, found: list[Breach]) -> None:
    for field in _ORDER_PRICES:
        _check_price(order.data.get(field), decimals, field, "/data", found)
    for index, line in order.lines:
        for field in _LINE_PRICES:
            price = line.get(field)
            if type(price) is str and price.find(".", 0, -decimals - 1) >= 0:
                _check_price(price, decimals, field, f"/data/lines/{index}", found)


def _check_price(price: Any, decimals: int, field: str, place: str, found: list[Breach]) -> None:
    if type(price) is not str:
        return
    used = len(price.partition(".")[2].rstrip("0"))
    if used > decimals:
        message = f"`{field}` has {used} decimals, its currency has {decimals}"
        found.append(Breach("excess-precision", f"{place}/{field}", message))


def _check_line(index: int, line: Mapping[str, Any], due: Decimal | None, found: list[Breach]) -> Decimal | None:
    """Check the prices of a line; return *due* with what the line costs before discounts, None if that is not known."""
    base = _amount(line, "base_price_per_item")
    final = _amount(line, "final_price_per_item")
    least = _amount(line, "min_price_per_item")
    pointer = f"/data/lines/{index}/final_price_per_item"
    if final is not None and base is not None and final > base:
        found.append(Breach("price-above-base", pointer, "`final_price_per_item` is above `base_price_per_item`"))
    if final is not None and least is not None and final < least:
        found.append(Breach("price-below-minimum", pointer, "`final_price_per_item` is below `min_price_per_item`"))
    count = line.get("count")
    if due is None or base is None or not isinstance(count, int | float):
        return None
    return EXACT.add(due, EXACT.multiply(base, Decimal(int(count))))


def _check_totals(order: Order, due: Decimal | None, found: list[Breach]) -> None:
    delivery = _amount(order.data, "delivery_cost")
    if delivery is None and "delivery_cost" in order.data:
        return
    total, final = _amount(order.data, "total_price"), _amount(order.data, "final_total_price")
    if total is None:
        return
    delivery = delivery or Decimal(0)
    if due is not None and total not in (due, EXACT.add(due, delivery)):
        message = f"`total_price` is not the sum of `base_price_per_item` times `count`, which is {_shown(due)}"
        hint = f"with `delivery_cost` it would be {_shown(EXACT.add(due, delivery))}" if delivery else None
        found.append(Breach("total-mismatch", "/data/total_price", message, hint))
    if final is not None and final > EXACT.add(total, delivery):
        message = "`final_total_price`, after discounts, is above `total_price` with `delivery_cost`"
        found.append(Breach("final-total-above-total", "/data/final_total_price", message))


def _amount(holder: Mapping[str, Any], field: str) -> Decimal | None:
    value = holder.get(field)
    try:
        return Decimal(value) if type(value) is str else None
    except InvalidOperation:  # a version of the contract may document any text there
        return None


def _shown(amount: Decimal) -> str:
    text = f"{amount:f}"
    longest = 40
    return text if len(text) <= longest else f"{text[:longest]}…"
