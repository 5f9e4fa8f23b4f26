"""Whether a value could be somebody's telephone number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from altcraft_contract.lint.secrets.reserved_numbers import RESERVED_RANGES

if TYPE_CHECKING:
    from collections.abc import Iterator

_E164: Final = range(8, 16)  # digits of a number with its country code
_NATIONAL: Final = range(9, 16)  # digits of a number without `+`; what is shorter may be anything
_RUN: Final = 6  # digits of the shortest run that nobody's number is taken to have
_ENDING: Final = 7  # digits of a subscriber, in which fewer than 3 different ones are no chance
_FEW: Final = 2
_RUSSIAN: Final = 11  # digits with the country code, or with the 8 that is dialled within the country
_TEN: Final = 10  # digits of a number of Russia or North America without its country code

_spelt = re.compile(r"\+?[0-9][0-9 ().\u00a0\u2009\u2010-\u2013/-]*").fullmatch
_no_digit = re.compile("[^0-9]+")
_same = re.compile(r"([0-9])\1{5}").search
_RUNS: Final = frozenset(
    row[start : start + _RUN] for row in ("01234567890", "09876543210") for start in range(len(row) - _RUN + 1)
)


def digits_of(value: str) -> str | None:
    """The digits of a telephone number, from its country code on where that is known; None if *value* is none."""
    value = value.strip()
    if _spelt(value) is None:
        return None
    digits = _no_digit.sub("", value)
    if value.startswith("+"):
        return digits if len(digits) in _E164 and digits[0] != "0" else None
    digits = digits.removeprefix("00")
    if len(digits) not in _NATIONAL:
        return None
    if len(digits) == _RUSSIAN and digits[0] == "8":
        return f"7{digits[1:]}"
    return f"7{digits}" if len(digits) == _TEN and digits[0] == "9" else digits


def is_real_number(value: str) -> bool:
    """Whether *value* is a whole telephone number that may have an owner."""
    digits = digits_of(value)
    if digits is None or _same(digits) or any(run in digits for run in _RUNS):
        return False
    if len(set(digits[-_ENDING:])) <= _FEW:
        return False
    return not any(_is_reserved(form) for form in (digits, *_iter_international(digits)))


def _iter_international(digits: str) -> Iterator[str]:
    """What a number that was written as within its country may be in full."""
    if digits[0] == "0":
        yield from (f"{code}{digits[1:]}" for code in ("44", "61", "49", "33"))
    elif len(digits) == _TEN:
        yield f"1{digits}"


def _is_reserved(digits: str) -> bool:
    return any(re.fullmatch(reserved.digits, digits) for reserved in RESERVED_RANGES)
