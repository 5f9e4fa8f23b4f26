"""Mutations that every documented field allows, found by the shape of the message."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.documents.pointer import escape
from altcraft_contract.rules.rule import ABSENT
from altcraft_contract.strategies.mutations.delicate import holds_redemption, is_delicate, is_free
from altcraft_contract.strategies.mutations.mutation import BOTH, JSON_ONLY, Change, Mutation, iter_places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from altcraft_contract.contract import Message, Syntax
    from altcraft_contract.documents.shape import Shape

_64_BITS: Final = 2**63

_BAD_DECIMALS: Final = {
    "decimal-comma": "1,50",
    "decimal-sign": "-1.50",
    "decimal-plus": "+1.50",
    "decimal-exponent": "1e3",
    "decimal-space": " 1.50",
    "decimal-trailing-point": "1.",
    "decimal-no-leading-digit": ".5",
    "decimal-thousands": "1 500",
    "decimal-empty": "",
    "decimal-line-end": "1.50\n",
    "decimal-arabic-digits": "١٢",
    "decimal-word": "free",
    "decimal-underscore": "1_000",
    "decimal-not-a-number": "NaN",
    "decimal-infinity": "Infinity",
    "decimal-trailing-space": "1.50 ",
    "decimal-currency": "1.50 RUB",
}
_BAD_TIMESTAMPS: Final = {
    "timestamp-space": "2026-02-18 13:01:05Z",
    "timestamp-no-such-day": "2026-02-30T13:01:05Z",
    "timestamp-no-leap-year": "2026-02-29",
    "timestamp-hour-24": "2026-02-18T24:00:00Z",
    "timestamp-second-60": "2026-02-18T23:59:60Z",
    "timestamp-epoch": "1771419665",
    "timestamp-basic-form": "20260218T130105Z",
    "timestamp-date-with-offset": "2026-02-18Z",
    "timestamp-short-offset": "2026-02-18T13:01:05+03",
    "timestamp-local-order": "18.02.2026",
    "timestamp-week": "2026-W08-3",
    "timestamp-small-letters": "2026-02-18t13:01:05z",
    "timestamp-trailing-space": "2026-02-18T13:01:05Z ",
    "timestamp-without-leading-zeros": "2026-2-18T1:01:05Z",
    "timestamp-empty": "",
}
_INCOMPLETE_TIMESTAMPS: Final = {"timestamp-no-time": "2026-02-18", "timestamp-no-offset": "2026-02-18T13:01:05"}
_BAD_CURRENCIES: Final = {
    "currency-small-letters": "rub",
    "currency-number": "643",
    "currency-too-long": "RUBL",
    "currency-symbol": "₽",
    "currency-mixed-case": "Rub",
    "currency-too-short": "RU",
    "currency-space": " RUB",
    "currency-letters-of-another-script": "РУБ",
    "currency-empty": "",
    "currency-line-end": "RUB\n",
}


_MISSPELLINGS: Final[Mapping[str, Callable[[str], str]]] = {
    "misspell-value": "{}s".format,
    "value-in-capitals": str.upper,
    "value-with-space": "{} ".format,
    "value-empty": lambda _: "",
}


def _missing(message: Mapping[str, Any], shape: Shape) -> Iterator[Change]:
    """Every required field, left out."""
    for place in iter_places(message, shape):
        for name in place.shape.required if isinstance(place.value, dict) else ():
            pointer = f"{place.pointer}/{escape(name)}"
            announcing = {"lines": pointer, "type": place.pointer}.get(name)
            silences = announcing is not None and holds_redemption(message, announcing)
            if name in place.value and not silences and not is_delicate(message, pointer):
                yield Change(place.pointer, {pointer: ABSENT})


def _wrong_type(values: Mapping[str, Any], message: Mapping[str, Any], shape: Shape) -> Iterator[Change]:
    """Every documented value of a kind, replaced by one of another kind; *values* is kind to wrong value."""
    for place in iter_places(message, shape):
        if place.pointer and place.shape.kind in values and not is_delicate(message, place.pointer):
            yield Change(place.pointer, {place.pointer: values[place.shape.kind]})


def _in_a_list(message: Mapping[str, Any], shape: Shape) -> Iterator[Change]:
    """Every documented value that is no list, as the only item of one."""
    for place in iter_places(message, shape):
        if place.pointer and place.shape.kind != "list" and not is_delicate(message, place.pointer):
            yield Change(place.pointer, {place.pointer: [place.value]})


def _out_of_list(message: Mapping[str, Any], shape: Shape) -> Iterator[Change]:
    """Every list that is not empty, replaced by its first item."""
    for place in iter_places(message, shape):
        if place.shape.kind == "list" and place.value and not is_delicate(message, place.pointer):
            yield Change(place.pointer, {place.pointer: place.value[0]})


def _of_type(names: Sequence[str], value: Any, message: Mapping[str, Any], shape: Shape) -> Iterator[Change]:
    """Every value of one of the types *names*, replaced by *value*."""
    for place in iter_places(message, shape):
        if place.shape.type_name in names and place.shape.kind != "list" and not is_delicate(message, place.pointer):
            yield Change(place.pointer, {place.pointer: value})


def _of_closed_set(spell: Callable[[str], str], message: Mapping[str, Any], shape: Shape) -> Iterator[Change]:
    """Every value of a closed set, misspelt."""
    for place in iter_places(message, shape):
        if place.shape.values and not is_delicate(message, place.pointer):
            yield Change(place.pointer, {place.pointer: spell(place.value)})


def _below_least(distance: int, message: Mapping[str, Any], shape: Shape) -> Iterator[Change]:
    for place in iter_places(message, shape):
        if place.shape.least is not None and not is_delicate(message, place.pointer):
            yield Change(place.pointer, {place.pointer: place.shape.least - distance})


def _unknown(name: str, message: Mapping[str, Any], shape: Shape) -> Iterator[Change]:
    """Every documented object, with a member that is not documented."""
    for place in iter_places(message, shape):
        if place.shape.kind == "object":
            pointer = f"{place.pointer}/{escape(name)}"
            yield Change(pointer, {pointer: "x"})


def _empty(message: Mapping[str, Any], shape: Shape) -> Iterator[Change]:
    return _of_type(("identifier",), "", message, shape)


_WRONG_TYPES: Final[Mapping[str, tuple[Mapping[str, Any], tuple[Syntax, ...]]]] = {
    "null": (dict.fromkeys(("string", "integer", "boolean", "object", "list", "free")), JSON_ONLY),
    "number": ({"string": 5, "boolean": 1, "object": 5, "list": 5, "free": 5}, JSON_ONLY),
    "text": ({"integer": "many", "boolean": "yes", "object": "x", "free": "x"}, BOTH),
    "text-for-list": ({"list": "x"}, JSON_ONLY),
    "fraction": ({"integer": 1.5}, JSON_ONLY),
    "number-as-text": ({"integer": "1"}, JSON_ONLY),
    "boolean": ({"string": True, "integer": True, "list": False}, JSON_ONLY),
    "object": ({"string": {}, "integer": {"value": 1}, "boolean": {}, "list": {"0": {}}}, JSON_ONLY),
    "list": ({"string": [], "integer": [1], "boolean": [True], "object": [{}], "free": []}, JSON_ONLY),
}


def _judged(
    find: Callable[[Mapping[str, Any], Shape], Iterator[Change]], message: Mapping[str, Any], shape: Shape
) -> Iterator[Change]:
    """The changes of a response that do not stand in a result which nobody judges."""
    for change in find(message, shape):
        if not is_free(message) or not any(pointer.startswith("/data") for pointer in change.edits):
            yield change


def _rows(message: Message) -> Iterator[Mutation]:
    """The rows for one message."""
    for row in _plain_rows(message):
        yield row if message == "request" else replace(row, find=partial(_judged, row.find))


def _plain_rows(message: Message) -> Iterator[Mutation]:
    def name(what: str) -> str:
        return what if message == "request" else f"response-{what}"

    yield Mutation(name("leave-out-required"), "missing-field", _missing, message)
    for what, (values, syntaxes) in _WRONG_TYPES.items():
        yield Mutation(name(f"{what}-instead"), "wrong-type", partial(_wrong_type, values), message, syntaxes)
    yield Mutation(name("in-a-list"), "wrong-type", _in_a_list, message, JSON_ONLY)
    yield Mutation(name("item-for-list"), "wrong-type", _out_of_list, message, JSON_ONLY)
    yield Mutation(name("empty-identifier"), "empty-value", _empty, message)
    for what, spell in _MISSPELLINGS.items():
        yield Mutation(name(what), "unknown-value", partial(_of_closed_set, spell), message)
    for what, value in _BAD_DECIMALS.items():
        yield Mutation(name(what), "invalid-decimal", partial(_of_type, ("decimal",), value), message)
    yield Mutation(name("below-least"), "out-of-range", partial(_below_least, 1), message)
    yield Mutation(name("far-below-least"), "out-of-range", partial(_below_least, 10), message)
    integers = ("integer", "positive_integer", "natural_number")
    yield Mutation(name("beyond-64-bits"), "out-of-range", partial(_of_type, integers, _64_BITS), message)
    yield Mutation(name("below-64-bits"), "out-of-range", partial(_of_type, integers, -_64_BITS - 1), message)
    yield Mutation(name("unknown-member"), "unknown-field", partial(_unknown, "x_note"), message)


def _request_rows() -> Iterator[Mutation]:
    for rule, values in (("invalid-timestamp", _BAD_TIMESTAMPS), ("incomplete-timestamp", _INCOMPLETE_TIMESTAMPS)):
        for what, value in values.items():
            yield Mutation(what, rule, partial(_of_type, ("timestamp",), value))
            added = partial(_added, "/data/create_time", value)
            yield Mutation(f"{what}-added", rule, added)
    for what, value in _BAD_CURRENCIES.items():
        yield Mutation(what, "invalid-currency", partial(_of_type, ("currency",), value))
    yield Mutation("currency-withdrawn", "unknown-currency", partial(_of_type, ("currency",), "DEM"))


def _added(pointer: str, value: Any, _: Mapping[str, Any], __: Shape) -> Iterator[Change]:
    """The value at *pointer*, set whether it was there or not."""
    yield Change(pointer, {pointer: value})


FIELD_MUTATIONS: Final = (*_rows("request"), *_request_rows(), *_rows("response"))
