"""Bodies that have been parsed before."""

from __future__ import annotations

from collections import OrderedDict, UserDict, namedtuple
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from types import MappingProxyType
from typing import Any

import pytest

from altcraft_contract.documents.limits import Limits
from altcraft_contract.documents.mapping import read_value
from altcraft_contract.documents.problem import LongInteger


class Text(str):
    """A string that prints as another one."""

    __slots__ = ()

    def __str__(self) -> str:
        return "printed"


class Number(int):
    """An integer that converts to another one."""

    def __int__(self) -> int:
        return 0


class Fraction(float):
    """A double that converts to another one."""

    def __float__(self) -> float:
        return 0.0


class Color(str, Enum):  # noqa: UP042 - its members print as Color.RED
    """An enumeration of texts, as they were before `StrEnum`."""

    RED = "red"


class Shade(StrEnum):
    """An enumeration of texts."""

    DARK = "dark"


class Count(IntEnum):
    """An enumeration of integers."""

    TWO = 2


Pair = namedtuple("Pair", ["left", "right"])  # noqa: PYI024 - the plain kind is what callers have

VALUES: dict[str, tuple[Any, Any]] = {
    "tuple": ((1, (2,)), [1, [2]]),
    "named tuple": (Pair(1, "a"), [1, "a"]),
    "ordered dictionary": (OrderedDict(a=1), {"a": 1}),
    "mapping that is no dictionary": (UserDict(a=UserDict()), {"a": {}}),
    "mapping proxy": (MappingProxyType({"a": (1,)}), {"a": [1]}),
    "text of a subclass": (Text("a"), "a"),
    "key of a subclass": ({Text("a"): 1}, {"a": 1}),
    "enumerated text": (Color.RED, "red"),
    "enumerated key": ({Color.RED: Shade.DARK}, {"red": "dark"}),
    "integer of a subclass": (Number(5), 5),
    "enumerated integer": (Count.TWO, 2),
    "double of a subclass": (Fraction(1.5), 1.5),
    "booleans": ([True, False, None], [True, False, None]),
    "surrogate pair as one character": ("😀", "😀"),
    "NUL": ("\0", "\0"),
}


@pytest.mark.parametrize(("value", "plain"), VALUES.values(), ids=VALUES.keys())
def test_values_are_read_as_json_would_write_them(value: Any, plain: Any) -> None:
    """Whatever `json.dumps` writes is read as the plain value that it writes."""
    reading = read_value({"value": value})

    assert reading.problems == []
    assert reading.value == {"value": plain}
    assert _types(reading.value) <= {dict, list, str, int, float, bool, type(None)}


def _types(value: Any) -> set[type]:
    below: list[Any] = [*value, *value.values()] if type(value) is dict else value if type(value) is list else []
    return {type(value)}.union(*(_types(child) for child in below))


MALFORMED: dict[str, tuple[Any, str]] = {
    "decimal": (Decimal(1), "type Decimal"),
    "timestamp": (datetime(2026, 2, 18, tzinfo=UTC), "type datetime"),
    "bytes": (b"a", "type bytes"),
    "set": ({1}, "type set"),
    "NaN": (float("nan"), "NaN"),
    "infinity": (Fraction("-inf"), "infinity"),
    "complex number": (1j, "type complex"),
    "function": (len, "type builtin_function_or_method"),
    "enumeration without type": (Enum("Plain", ["ONE"]).ONE, "type Plain"),  # type: ignore[attr-defined]  # made here
    "lone surrogate": ("\ud800", "surrogate"),
    "surrogate pair as two characters": ("\ud83d\ude00", "surrogate"),
    "key with a lone surrogate": ({"\udc00": 1}, "surrogate"),
    "integer as key": ({1: 1}, "name of type int"),
    "None as key": ({None: 1}, "name of type NoneType"),
}


@pytest.mark.parametrize("value", [value for value, _ in MALFORMED.values()], ids=MALFORMED.keys())
def test_what_json_cannot_carry_is_malformed(value: Any, request: pytest.FixtureRequest) -> None:
    """The one problem says what was found, and where."""
    words = MALFORMED[request.node.callspec.id][1]

    reading = read_value({"a/b": [0, value]})

    assert reading.value is None
    assert [(problem.kind, problem.pointer, problem.offset) for problem in reading.problems] == [
        ("malformed", "", None)
    ]
    assert words in reading.problems[0].detail
    assert "/a~1b/1" in reading.problems[0].detail


@pytest.mark.parametrize("body", [None, [], (), 1, 1.5, True, object(), {1}])
def test_a_root_that_is_no_mapping_is_malformed(body: object) -> None:
    """Only an object is a message."""
    reading = read_value(body)

    assert [problem.detail for problem in reading.problems] == [
        f"the root is not an object but of type {type(body).__name__}"
    ]


def test_the_value_is_a_copy() -> None:
    """Later changes of the body do not reach the document."""
    body: dict[str, Any] = {"a": [{}]}

    value = read_value(body).value
    body["a"][0]["b"] = 1

    assert value == {"a": [{}]}


def test_128_levels_are_read_and_129_are_not() -> None:
    """Levels count as in text."""
    body: dict[str, Any] = {}
    for _ in range(127):
        body = {"a": body}

    assert read_value(body).problems == []
    assert "128 levels" in read_value({"a": body}).problems[0].detail


def test_cycles_are_too_deep() -> None:
    """A body that holds itself ends at the limit on levels."""
    cycle: list[Any] = []
    cycle.append(cycle)

    assert "levels" in read_value({"a": cycle}).problems[0].detail


def test_values_are_counted_as_often_as_they_are_written() -> None:
    """One list that stands in many places is many lists."""
    value: list[Any] = [0] * 10
    for _ in range(20):
        value = [value] * 10

    assert "100 values" in read_value({"a": value}, limits=Limits(max_values=100)).problems[0].detail


def test_integers_beyond_the_limit_on_digits_are_told() -> None:
    """An integer that cannot be printed is kept, and the reading says so."""
    assert not read_value({"a": 10**4300 - 1}).long_integers
    assert read_value({"a": -(10**4300)}).long_integers
    assert type(read_value({"a": LongInteger("9" * 5000)}).value["a"]) is LongInteger
