"""Edge cases: valid by the letter, in both syntaxes."""

from __future__ import annotations

import pytest

from altcraft_contract.fuzz.phases.edge import iter_edge
from altcraft_contract.strategies import EDGE_CASES, Values
from tests.fuzz.phases.made import (
    INSTALLATION,
    Made,
    find_false_claims,
    made_by,
)


@pytest.fixture(scope="module")
def made() -> list[Made]:
    """All that the phase sends with nothing known."""
    return made_by(iter_edge)


def test_every_edge_case_is_sent(made: list[Made]) -> None:
    """Every row of the table is a trial, but for two that send the same as another."""
    features = {one.trial.feature for one in made}

    assert set(EDGE_CASES) - features == {"one-line", "identifiers-email"}


def test_twins_are_one_order_in_both_syntaxes(made: list[Made]) -> None:
    """Twins hold a case of each syntax, with ids of their own; what is single holds one case."""
    for one in made:
        syntaxes = [case.syntax for case in one.cases]

        assert syntaxes == ["json", "xml"] if one.trial.kind == "twins" else len(syntaxes) == 1
        assert len({case.external_id for case in one.cases}) == len(one.cases)


def test_products_alone_are_ordered_where_only_products_are_known() -> None:
    """An installation of which only products are known gets no SKU that nobody knows."""
    trials = made_by(iter_edge, values=Values(products=("their-mug",)))
    lines = [line for one in trials for line in one.trial.order["data"]["lines"]]

    assert {line["product"] for line in lines} == {"their-mug"}
    assert not any("sku" in line for line in lines)


def test_two_of_a_kind_are_two_that_are_known() -> None:
    """What needs two promotions, currencies or codes takes known ones, and is left out where one alone is known."""
    two = Values(promotions=("a", "b"), point_currencies=((1, None), (None, "c")), pools={7: ("A", "B")})
    features = {"two-promotions-of-a-type", "two-redemptions", "two-promocodes"}
    made = [one for one in made_by(iter_edge, values=two) if one.trial.feature in features]
    alone = {one.trial.feature for one in made_by(iter_edge, values=INSTALLATION)}

    assert {one.trial.feature for one in made} == features
    assert not list(find_false_claims(made))
    assert not alone & features
