"""`echo`: an answer about another order."""

from __future__ import annotations

from typing import Any

import pytest

from altcraft_contract.fuzz.oracles.echo import ECHO
from tests.fuzz.exchanges import ACCEPTED, IDENTITY, ORDER_ID, OUTDATED, REFUSED, case, exchange, find


def about(name: Any, answer: dict[str, Any] = ACCEPTED) -> dict[str, Any]:
    """An answer that speaks of an order."""
    return {**answer, "data": {**answer.get("data", {}), "external_id": name}}


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("acf-00000000-2", "another text"),
        ("", "another text"),
        (ORDER_ID[:-2], "cut off"),
        (f" {ORDER_ID} ", "white space"),
        (ORDER_ID.upper(), "case"),
        (f"{ORDER_ID}0", "another text"),
    ],
)
@pytest.mark.parametrize("answer", [ACCEPTED, OUTDATED])
def test_another_id_is_found(name: str, error: str, answer: dict[str, Any]) -> None:
    """An id that differs in a character is that of another order."""
    (found,) = find(ECHO, exchange(), exchange(about(name, answer)))

    assert (found.guilty, found.rule, found.place) == (1, "external-id-mismatch", "/data/external_id")
    assert found.error == error


def test_trimmed_ids_are_told_apart() -> None:
    """White space that is lost is told of as such."""
    spaced = case(external_id=f" {ORDER_ID}  x")

    assert [one.error for one in find(ECHO, exchange(about(f"{ORDER_ID} x"), of=spaced))] == ["white space"]


@pytest.mark.parametrize(
    "good",
    [
        exchange(),
        exchange(about(1)),
        exchange(REFUSED),
        exchange(about("x", {**REFUSED})),
        exchange({**ACCEPTED, "data": []}),
        exchange(about("x"), of=case(external_id=None)),
        exchange(about("x"), of=case(rule="wrong-type", expected="refused")),
    ],
)
def test_the_same_id_passes(good: Any) -> None:
    """The id of the order passes; where there is none to compare, other oracles tell what is wrong."""
    assert find(ECHO, good) == []


def test_the_ids_are_told_without_secrets() -> None:
    """An id that holds a secret, even where it is cut, is shown without it."""
    for before in range(80, 100, 3):
        (found,) = find(ECHO, exchange(about("-" * before + IDENTITY.token)))
        shown = found.message.partition("---")[2].strip("-")
        assert not any(IDENTITY.token[:length] in shown for length in range(6, len(IDENTITY.token) + 1)), before
