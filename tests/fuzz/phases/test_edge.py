"""Edge cases: valid by the letter, in both syntaxes."""

from __future__ import annotations

import pytest

from altcraft_contract.fuzz.phases.edge import iter_edge
from altcraft_contract.strategies import EDGE_CASES, Values
from tests.fuzz.phases.made import (
    INSTALLATION,
    Made,
    bytes_of,
    count_requests,
    find_false_claims,
    find_lost_stand_ins,
    find_triggers,
    find_unknown_values,
    made_by,
)


@pytest.fixture(scope="module")
def made() -> list[Made]:
    """All that the phase sends with nothing known."""
    return made_by(iter_edge)


def test_every_case_is_what_it_claims_to_be(made: list[Made]) -> None:
    """What is expected to be accepted has no finding, and what is expected to be refused has the one that it names."""
    assert not list(find_false_claims(made))


def test_no_case_runs_triggers(made: list[Made]) -> None:
    """Every body that can be read has `skip_triggers` true, in whatever spelling."""
    assert not list(find_triggers(made))


def test_stand_ins_stand_literally(made: list[Made]) -> None:
    """Token, e-mail, telephone number and the order's id stand in the bytes as they are, to be replaced when sent."""
    assert not list(find_lost_stand_ins(made))


def test_the_phase_keeps_to_its_share(made: list[Made]) -> None:
    """There are at most 190 requests, and no two trials have the same id."""
    ids = [one.trial.id for one in made]

    assert count_requests(made) <= 190
    assert len(set(ids)) == len(ids)
    assert all(one.startswith("edge-") for one in ids)


def test_the_same_seed_sends_the_same(made: list[Made]) -> None:
    """The same seed makes the same bytes, and another seed makes others."""
    assert bytes_of(made_by(iter_edge)) == bytes_of(made)
    assert bytes_of(made_by(iter_edge, seed=1)) != bytes_of(made)


def test_values_of_the_installation_are_used() -> None:
    """Where values of the installation are known, every order holds them and no others."""
    trials = made_by(iter_edge, values=INSTALLATION)

    assert not [(one.trial.feature, *found) for one in trials for found in find_unknown_values(one.trial.order)]
    assert not list(find_false_claims(trials))


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
