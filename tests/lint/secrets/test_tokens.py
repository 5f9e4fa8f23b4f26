"""Which tokens are taken for real."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.lint.secrets.tokens import find_shape
from tests.lint.secrets.corpus import PLACEHOLDERS, TOKENS


@pytest.mark.parametrize("value", PLACEHOLDERS)
def test_a_placeholder_passes(value: str) -> None:
    """What people write in place of a token is no finding: 100 of 100 do."""
    assert find_shape(value) is None


def test_random_tokens_are_found() -> None:
    """At least 99 of 100 tokens of 20 characters or more, in every shape in which services make them, are found."""
    missed = [token for token in TOKENS if find_shape(token) is None]

    assert len(TOKENS) >= 200
    assert len(missed) <= len(TOKENS) * 0.01, missed


def test_the_corpora_are_large_enough_to_tell() -> None:
    """There are 150 different placeholders at least, and none of the tokens stands twice."""
    assert len(set(PLACEHOLDERS)) == len(PLACEHOLDERS) >= 150
    assert len(set(TOKENS)) == len(TOKENS)


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ("f3b1c09e7a5d4c2f8e6b0a9d7c5e3f10", "32 hexadecimal digits"),
        ("f3b1c09e7a5d4c2f8e6b0a9d7c5e", "hexadecimal digits in no order"),
        ("8f14e45f-ceea-467f-a8d2-1c9b0f5e37b6", "a UUID"),
        ("k7Qe2mVx9TzRw4LpB6sN", "letters and digits in no order"),
        ("59274018365209471836", "digits in no order"),
        ("Bearer k7Qe2mVx9TzRw4LpB6sN", "letters and digits in no order"),
        ("Basic c2hvcDprN1FlMm1WeDlUelJ3NExwQjZzTg==", "letters and digits in no order"),
        ("test-k7Qe2mVx9TzRw4LpB6sN", "letters and digits in no order"),
    ],
)
def test_a_shape_is_told_in_words(value: str, shape: str) -> None:
    """What a real token looks like is told without a part of it, and its length only where that is a usual one."""
    assert find_shape(value) == shape


@given(st.text(max_size=200))
def test_any_value_is_judged(value: str) -> None:
    """Whatever the value, it is a token or it is none, and its shape tells no part of it."""
    shape = find_shape(value)

    assert shape is None or value not in shape


@pytest.mark.parametrize("value", ["a" * 100_000, "{" * 100_000, "ab-" * 30_000, "<" * 50_000, "eyJ" + "a." * 50_000])
def test_a_huge_value_is_judged_by_its_beginning(value: str) -> None:
    """A value of any length is judged at once."""
    assert find_shape(value) is None


@pytest.mark.parametrize("word", ["example-", "sample_", "dummy."])
def test_a_word_before_a_token_does_not_vouch_for_it(word: str) -> None:
    """Whoever writes `example-` before a real token has not made it a sample."""
    assert find_shape(f"{word}k7Qe2mVx9TzRw4LpB6sN") is not None
    assert find_shape(f"{word}token-of-our-documentation") is None
