"""What a reader finds wrong, and what it hands on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

ProblemKind = Literal["malformed", "duplicate", "unknown-element", "unknown-attribute", "mixed"]

MAX_PROBLEMS = 10_000
"""A document with more problems than this is not read for more of them: they would fill the memory."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that a reader finds wrong by itself.

    Attributes:
        kind: `duplicate` is a repeated member or element; `mixed` is text where child elements are documented, or the
            other way round.
        pointer: RFC 6901 pointer; `""` for a malformed document.
        offset: Where it stands in the text, in characters from 0; None where there is no text.
        detail: A sentence for `malformed`; else the name of the member, element or attribute.
    """

    kind: ProblemKind
    pointer: str
    offset: int | None
    detail: str


@dataclass(slots=True)
class Reading:
    """What came of reading a body.

    Attributes:
        value: The JSON form, or None if the body is malformed.
        problems: In the order of the document.
        starts: Pointer to offset in characters, for those pointers that were asked for.
        long_integers: Whether `value` holds an integer too long for Python's limit on digits.
    """

    value: Any
    problems: list[Problem] = field(default_factory=list)
    starts: dict[str, int] = field(default_factory=dict)
    long_integers: bool = False


class Malformed(Exception):  # noqa: N818 - a condition, raised and caught inside the readers
    """A reader cannot go on."""

    def __init__(self, offset: int, detail: str) -> None:
        super().__init__(offset, detail)
        self.offset = offset
        self.detail = detail

    def reading(self) -> Reading:
        """The reading that tells of it."""
        return Reading(None, [Problem("malformed", "", self.offset, self.detail)])


class LongInteger(int):
    """An integer of more digits than Python converts (4,300).

    As a number it is only known to be far outside 64 bits, with the right sign; `text` is exact. It cannot be printed as
    a number, so that a wrong one never is.
    """

    text: str

    def __new__(cls, text: str) -> LongInteger:
        """Make one from its decimal *text*."""
        self = super().__new__(cls, _FAR_BELOW if text.startswith("-") else _FAR_ABOVE)
        self.text = text
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LongInteger) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)


MAX_INTEGER_DIGITS = 4300
_FAR_ABOVE = 10**5000
_FAR_BELOW = -_FAR_ABOVE


def exact_integer(text: str) -> int:
    """The integer that the decimal *text* writes, exact however long."""
    return int(text) if len(text) <= MAX_INTEGER_DIGITS else LongInteger(text)
