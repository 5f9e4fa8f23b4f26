"""A parsed body, as the text that it would be written as."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

from altcraft_contract.documents.limits import DEFAULT_LIMITS, Limits
from altcraft_contract.documents.pointer import join
from altcraft_contract.documents.problem import MAX_PLAIN_INTEGER, LongInteger, Malformed, Problem, Reading


def read_value(body: object, *, limits: Limits = DEFAULT_LIMITS) -> Reading:
    """Read a body that has been parsed before.

    Tuples are lists and any `Mapping` is an object, as `json.dumps` would write them (in the case of mappings, would
    have to). What JSON cannot carry, such as `Decimal`, `datetime` or a key that is no string, is malformed.

    Returns:
        The value, made of new plain dictionaries and lists, or a reading whose only problem is `malformed`.
    """
    copier = _Copier(limits)
    try:
        return Reading(copier.root(body), long_integers=copier.long_integers)
    except Malformed as malformed:
        place = join(copier.path)
        detail = f"{malformed.detail} at {place}" if place else malformed.detail
        return Reading(None, [Problem("malformed", "", None, detail, malformed.hint)])


class _Copier:
    """Copies values.

    Attributes:
        path: The way to the value at hand; once something is refused, to that.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.values = 0
        self.long_integers = False
        self.path: list[str | int] = []

    def root(self, body: object) -> Any:
        if not isinstance(body, Mapping):
            raise Malformed(0, f"the root is not an object but of type {type(body).__name__}", "give a dictionary")
        return self.copy(body)

    def copy(self, value: Any) -> Any:
        self.values += 1
        if self.values > self.limits.max_values:
            raise Malformed(0, f"more than {self.limits.max_values:,} values", "send less at once")
        if isinstance(value, Mapping):
            self.descend()
            return self.members(value)
        if isinstance(value, list | tuple):
            self.descend()
            return self.items(value)
        return self.scalar(value)

    def descend(self) -> None:
        if len(self.path) >= self.limits.max_depth:
            raise Malformed(0, f"more than {self.limits.max_depth} levels of nesting", "nest less deeply")

    def members(self, mapping: Mapping[Any, Any]) -> dict[str, Any]:
        members = {}
        for key, value in mapping.items():
            name = self.name(key)
            self.path.append(name)
            members[name] = self.copy(value)
            self.path.pop()
        return members

    def items(self, sequence: list[Any] | tuple[Any, ...]) -> list[Any]:
        items = []
        for index, value in enumerate(sequence):
            self.path.append(index)
            items.append(self.copy(value))
            self.path.pop()
        return items

    def name(self, name: object) -> str:
        if not isinstance(name, str):
            raise Malformed(0, f"a member's name of type {type(name).__name__}", "write names as text")
        return self.text(name)

    def text(self, text: str) -> str:
        """*text* itself; that of a subclass, such as an enumeration, without what it would print as."""
        text = str.__str__(text)
        if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
            raise Malformed(0, "half of a surrogate pair", "write the whole character")
        return text

    def scalar(self, value: Any) -> Any:
        if value is None or value is True or value is False:
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, int):
            self.long_integers |= not -MAX_PLAIN_INTEGER <= value <= MAX_PLAIN_INTEGER
            return value if isinstance(value, LongInteger) else int.__int__(value)
        if isinstance(value, float):
            if not isfinite(value):
                raise Malformed(0, "NaN or an infinity, which JSON cannot carry,", "leave the field out")
            return float.__float__(value)
        detail = f"a value of type {type(value).__name__}, which JSON cannot carry,"
        raise Malformed(0, detail, "write it as text, a number or a boolean")
