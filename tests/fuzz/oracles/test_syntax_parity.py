"""`syntax-parity`: one order, two answers."""

from __future__ import annotations

from typing import Any

import pytest

from altcraft_contract.fuzz.oracles.syntax_parity import SYNTAX_PARITY, substance_of
from tests.fuzz.exchanges import ACCEPTED, OUTDATED, PAGE, REFUSED, case, exchange, find

CODES = {"codes": ["A"], "pool": {"pool_id": 1, "name": "P"}, "promotion": {"external_id": "p"}}
POINTS = {"points_info": {"points_currency_iid": 1, "amount": "5"}, "accrue_points": 5, "redeem_points": 0}


def answer(**data: Any) -> dict[str, Any]:
    """An answer that accepts, with more data."""
    return {**ACCEPTED, "data": {**ACCEPTED["data"], **data}}


@pytest.mark.parametrize(
    ("json", "xml", "guilty"),
    [(ACCEPTED, REFUSED, 1), (REFUSED, ACCEPTED, 0), (OUTDATED, REFUSED, 1), (ACCEPTED, OUTDATED, 1)],
)
def test_two_verdicts_are_found(json: dict[str, Any], xml: dict[str, Any], guilty: int) -> None:
    """Where one syntax is taken and the other is not, the refused one is wrong."""
    (found,) = find(SYNTAX_PARITY, exchange(json), exchange(xml, of=case("xml")), kind="twins")

    assert (found.guilty, found.place) == (guilty, "outcome")
    assert "JSON is " in found.message
    assert "XML is " in found.message


@pytest.mark.parametrize(
    ("other", "place"),
    [
        (answer(processing_target="processed"), "/data/processing_target"),
        (answer(issued_promocodes=[CODES]), "/data/issued_promocodes"),
        (answer(points_changes=[POINTS]), "/data/points_changes"),
        (answer(contents=[{"promotion": {"external_id": "p"}, "contents": []}]), "/data/contents"),
    ],
)
@pytest.mark.parametrize("kind", ["twins", "variant"])
def test_other_substance_is_found(other: dict[str, Any], place: str, kind: Any) -> None:
    """Where both are accepted, what they say has to be the same."""
    found = find(SYNTAX_PARITY, exchange(), exchange(other, of=case("xml", title="another form")), kind=kind)

    assert [(one.guilty, one.place) for one in found] == [(1, place)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (ACCEPTED, ACCEPTED),
        (REFUSED, {**REFUSED, "error": 402, "error_text": "otherwise"}),
        (ACCEPTED, PAGE),
        (PAGE, REFUSED),
        (OUTDATED, OUTDATED),
        (answer(issued_promocodes=[CODES]), answer(issued_promocodes=[{**CODES, "codes": ["B"]}])),
        (answer(external_id="other"), ACCEPTED),
        (
            answer(points_changes=[POINTS]),
            answer(points_changes=[{**POINTS, "points_info": {"points_currency_iid": 1, "amount": "10"}}]),
        ),
        (answer(contents=[]), ACCEPTED),
    ],
)
def test_what_differs_from_order_to_order_passes(first: Any, second: Any) -> None:
    """Ids, codes and balances differ from one order to the next; so may the texts of two refusals."""
    assert find(SYNTAX_PARITY, exchange(first), exchange(second, of=case("xml")), kind="twins") == []


def test_verdicts_of_variants_are_left_to_controls() -> None:
    """Which of two forms in one syntax is refused wrongly is told by controls."""
    assert find(SYNTAX_PARITY, exchange(), exchange(REFUSED), kind="variant") == []


@pytest.mark.parametrize("settings", [{"expected": "undocumented"}, {"expected": "refused"}, {"is_odd": True}])
def test_what_need_not_be_accepted_need_not_be_alike(settings: dict[str, Any]) -> None:
    """Forms that no page says are valid may be answered otherwise."""
    assert find(SYNTAX_PARITY, exchange(), exchange(REFUSED, of=case("xml", **settings)), kind="twins") == []


@pytest.mark.parametrize("kind", ["single", "repeat", "authentication", "controlled"])
def test_other_trials_are_not_compared(kind: Any) -> None:
    """Orders that are not the same are not compared."""
    assert find(SYNTAX_PARITY, exchange(), exchange(REFUSED), exchange(), kind=kind) == []


def test_substance_needs_no_data() -> None:
    """The substance of an answer without data, or with wrong data, can be told."""
    assert substance_of(None) == substance_of({"data": []}) == substance_of({"data": {"contents": 1}})
