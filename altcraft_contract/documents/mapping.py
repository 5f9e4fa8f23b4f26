"""A parsed body, as the text that it would be written as."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

from altcraft_contract.documents.limits import DEFAULT_LIMITS, Limits
from altcraft_contract.documents.pointer import escape
from altcraft_contract.documents.problem import LongInteger, Malformed, Problem, Reading

_LARGEST_PLAIN = 10**400


def read_value(body: object, *, limits: Limits = DEFAULT_LIMITS) -> Reading:
    """Read a body that has been parsed before.

    Tuples are lists and any `Mapping` is an object, as `json.dumps` would write them (in the case of mappings, would
    have to). What JSON cannot carry, such as `Decimal`, `datetime` or a key that is no string, is malformed.

    Returns:
        The value, made of new plain dictionaries and lists, or a reading whose only problem is `malformed`.
    """
    try:
        if not isinstance(body, Mapping):
            raise Malformed(0, f"the root is not an object but of type {type(body).__name__}")
        copier = _Copier(limits)
        return Reading(copier.copy(body, "", 1), long_integers=copier.long_integers)
    except Malformed as malformed:
        return Reading(None, [Problem("malformed", "", None, malformed.detail)])


class _Copier:
    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.values = 0
        self.long_integers = False

    def copy(self, value: Any, pointer: str, depth: int) -> Any:
        self.values += 1
        if self.values > self.limits.max_values:
            raise Malformed(0, f"more than {self.limits.max_values:,} values")
        if isinstance(value, Mapping | list | tuple):
            if depth > self.limits.max_depth:
                raise Malformed(0, f"more than {self.limits.max_depth} levels of nesting")
            if not isinstance(value, Mapping):
                return [self.copy(item, f"{pointer}/{index}", depth + 1) for index, item in enumerate(value)]
            return {
                self.name(name, pointer): self.copy(item, f"{pointer}/{escape(str(name))}", depth + 1)
                for name, item in value.items()
            }
        return self.scalar(value, pointer)

    def name(self, name: object, pointer: str) -> str:
        if not isinstance(name, str):
            raise Malformed(0, f"a member's name of type {type(name).__name__} at {pointer or 'the root'}")
        return self.text(name, pointer)

    def text(self, text: str, pointer: str) -> str:
        if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
            raise Malformed(0, f"half of a surrogate pair at {pointer or 'the root'}")
        return str(text)

    def scalar(self, value: Any, pointer: str) -> Any:
        if value is None or value is True or value is False:
            return value
        if isinstance(value, str):
            return self.text(value, pointer)
        if isinstance(value, int):
            self.long_integers |= not -_LARGEST_PLAIN <= value <= _LARGEST_PLAIN
            return value if isinstance(value, LongInteger) else int(value)
        if isinstance(value, float) and isfinite(value):
            return float(value)
        raise Malformed(0, f"{_unfit(value)} at {pointer}, which JSON cannot carry")


def _unfit(value: object) -> str:
    return "NaN or an infinity" if isinstance(value, float) else f"a value of type {type(value).__name__}"
