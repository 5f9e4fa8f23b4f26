"""What a reader finds wrong, and what it hands on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, Self

if TYPE_CHECKING:
    from collections.abc import Iterable

ProblemKind = Literal["malformed", "duplicate", "unknown-element", "unknown-attribute", "mixed"]

MAX_PROBLEMS: Final = 10_000
"""Of a document with more problems than this the rest is not kept: it would fill the memory."""

_UNKNOWN_KINDS: Final = ("unknown-element", "unknown-attribute")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that a reader finds wrong by itself.

    Attributes:
        kind: `duplicate` is a repeated member or element; `mixed` is text where child elements are documented, or the
            other way round.
        pointer: RFC 6901 pointer; `""` for a malformed document.
        offset: Where it stands in the text, in characters from 0; None where there is no text.
        detail: A sentence for `malformed`; else the name of the member, element or attribute.
        hint: What to do about a malformed document.
    """

    kind: ProblemKind
    pointer: str
    offset: int | None
    detail: str
    hint: str | None = None


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


class Malformed(Exception):
    """A reader cannot go on."""

    def __init__(self, offset: int, detail: str, hint: str | None = None) -> None:
        super().__init__(offset, detail, hint)
        self.offset = offset
        self.detail = detail
        self.hint = hint

    def reading(self) -> Reading:
        """The reading that tells of it."""
        return Reading(None, [Problem("malformed", "", self.offset, self.detail, self.hint)])


class Tally:
    """Counts the problems that a reader keeps.

    What is unknown (a warning) and what is wrong have a count each: no number of the former hides one of the latter.
    """

    def __init__(self) -> None:
        self._unknown = 0
        self._wrong = 0

    def admits(self, kind: ProblemKind) -> bool:
        """Count a problem; whether it is to be kept."""
        if kind in _UNKNOWN_KINDS:
            self._unknown += 1
            return self._unknown <= MAX_PROBLEMS
        self._wrong += 1
        return self._wrong <= MAX_PROBLEMS

    def forget(self, problems: Iterable[Problem]) -> None:
        """Make room: these were kept, and do not count any more."""
        for problem in problems:
            if problem.kind in _UNKNOWN_KINDS:
                self._unknown -= 1
            else:
                self._wrong -= 1


MAX_INTEGER_DIGITS: Final = 4300
_FAR_ABOVE: Final = 10**5000
_FAR_BELOW: Final = -_FAR_ABOVE
MAX_PLAIN_INTEGER: Final = 10**MAX_INTEGER_DIGITS - 1


class LongInteger(int):
    """An integer of more digits than Python converts (4,300).

    As a number it is only known to be far outside 64 bits, with the right sign; `text` is exact. It cannot be printed
    as a number, so that a wrong one never is.
    """

    text: str

    def __new__(cls, text: str) -> Self:
        """Make one from its decimal *text*."""
        self = super().__new__(cls, _FAR_BELOW if text.startswith("-") else _FAR_ABOVE)
        self.text = text
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LongInteger) and self.text == other.text

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.text)

    def __getnewargs__(self) -> tuple[str]:  # type: ignore[override]  # copied and pickled by the text
        return (self.text,)


def exact_integer(text: str) -> int:
    """The integer that the decimal *text* writes, with or without sign and leading zeros, exact however long."""
    if len(text) <= MAX_INTEGER_DIGITS:
        return int(text)
    digits = text.lstrip("+-").lstrip("0") or "0"
    text = f"-{digits}" if text.startswith("-") else digits
    return int(text) if len(digits) <= MAX_INTEGER_DIGITS else LongInteger(text)
