"""Long integers, and the tally of problems."""

from __future__ import annotations

import copy
import pickle

import pytest

from altcraft_contract.documents.problem import MAX_PROBLEMS, LongInteger, Problem, Tally, exact_integer

NINES = "9" * 4300


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("-0", 0),
        ("+7", 7),
        ("007", 7),
        ("-" + NINES, -(10**4300 - 1)),
        ("+" + NINES, 10**4300 - 1),
        ("0" * 5000, 0),
        ("-" + "0" * 5000 + "12", -12),
    ],
)
def test_integers_are_exact(text: str, value: int) -> None:
    """Neither the sign nor leading zeros count as digits."""
    integer = exact_integer(text)

    assert type(integer) is int
    assert integer == value


@pytest.mark.parametrize(
    ("text", "exact"),
    [("9" + NINES, "9" + NINES), ("-00" + NINES + "1", "-" + NINES + "1"), ("+1" + NINES, "1" + NINES)],
)
def test_longer_integers_are_kept_as_text(text: str, exact: str) -> None:
    """An integer of more than 4,300 digits has the right sign and an exact text, and cannot be printed."""
    integer = exact_integer(text)

    assert isinstance(integer, LongInteger)
    assert integer.text == exact
    assert (integer < -(10**4300)) if text.startswith("-") else (integer > 10**4300)
    with pytest.raises(ValueError, match="digits"):
        str(integer)


def test_long_integers_are_equal_by_text() -> None:
    """Two are equal just if they are the same number, and neither is equal to the number it stands for."""
    assert LongInteger("1" * 5000) == LongInteger("1" * 5000)
    assert LongInteger("1" * 5000) != LongInteger("2" * 5000)
    assert LongInteger("1" * 5000) != 10**5000
    assert len({LongInteger("1" * 5000), LongInteger("1" * 5000)}) == 1


def test_long_integers_are_copied_and_pickled() -> None:
    """A copy has the same text."""
    integer = LongInteger("-" + "1" * 5000)

    assert copy.deepcopy(integer) == pickle.loads(pickle.dumps(integer)) == integer  # noqa: S301 - pickled here


def test_what_is_forgotten_makes_room() -> None:
    """Only problems that are kept count against the limit, warnings and errors each by themselves."""
    tally = Tally()

    assert all(tally.admits("duplicate") for _ in range(MAX_PROBLEMS))
    assert not tally.admits("mixed")
    assert tally.admits("unknown-element")
    tally.forget([Problem("duplicate", "/a", 0, "a")] * 2)
    assert tally.admits("duplicate")
