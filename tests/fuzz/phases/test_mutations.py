"""Every rule broken once in every place, in JSON and in XML, the most telling first."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from altcraft_contract.findings import Severity
from altcraft_contract.fuzz.case import case_of
from altcraft_contract.fuzz.orders import Orders
from altcraft_contract.fuzz.phases.mutations import iter_mutations
from altcraft_contract.rules.catalogue import RULES
from altcraft_contract.strategies import Values
from altcraft_contract.strategies.mutations.exchanges import ExchangeMutation
from altcraft_contract.strategies.mutations.table import MUTATIONS, MalformedMutation
from altcraft_contract.validation import check_request
from tests.fuzz.phases.made import Made, bytes_of, find_triggers, made_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.fuzz.case import Trial

SOME = 700


def some(orders: Orders) -> Iterator[Trial]:
    """The first trials of the phase, which has no end."""
    return islice(iter_mutations(orders), SOME)


@pytest.fixture(scope="module")
def made() -> list[Made]:
    """What the phase sends first."""
    return made_by(some)


def test_every_case_breaks_the_rule_that_it_names(made: list[Made]) -> None:
    """The checker finds the rule that a case names, and it must be refused exactly if that is an error."""
    for one in made:
        (case,) = one.cases
        result = check_request(case.body, syntax=case.syntax)
        assert case.rule is not None
        assert case.rule in {finding.rule for finding in result.findings}, case.title
        assert case.expected == ("refused" if RULES[case.rule].severity is Severity.ERROR else "undocumented")
        if case.expected == "refused":
            assert {finding.rule for finding in result.errors} == {case.rule}, case.title


def test_no_case_runs_triggers(made: list[Made]) -> None:
    """No reader can take a mutant for an order with triggers."""
    mutants = [one for one in made if one.cases[0].rule != "duplicate-field"]

    assert all(b"skip_triggers" in one.cases[0].body for one in made)
    assert not any(one.cases[0].place.startswith("/skip_triggers") for one in made)
    readable = [one for one in mutants if one.cases[0].place not in ("", "/data") and one.cases[0].syntax == "json"]
    assert not list(find_triggers(readable))


def test_every_error_and_mutation_comes_soon(made: list[Made]) -> None:
    """The first trials break every rule of severity error in both syntaxes where it can be, by every mutation."""
    rows = {
        name: row.rule
        for name, row in MUTATIONS.items()
        if not isinstance(row, ExchangeMutation | MalformedMutation) and RULES[row.rule].severity is Severity.ERROR
    }
    requests = {rule for rule in rows.values() if RULES[rule].scope != "response"}
    found = {(one.cases[0].rule, one.cases[0].syntax) for one in made}

    assert requests - {rule for rule, _ in found} == set()
    assert {syntax for _, syntax in found} == {"json", "xml"}


def test_places_come_before_more_of_the_same(made: list[Made]) -> None:
    """Nearly every one of the first trials breaks a rule at a place where no other did in that syntax."""
    keys = [(case.rule, case.place, case.syntax) for one in made for case in one.cases]
    new = len(set(keys[:300]))

    assert new > 270
    assert new > 0.7 * len(set(keys))


def test_trials_have_twins(made: list[Made]) -> None:
    """Where the other syntax can hold the mutant, its twin breaks the same rule at the same place there."""
    twins = 0
    for one in made[:200]:
        if one.trial.twin is None:
            continue
        twin = one.trial.twin(partial(dict, {**one.trial.order, "external_id": "acf-00000000-1"}))
        if twin is None:
            continue
        twins += 1
        (case,) = one.cases
        assert {twin.syntax, case.syntax} == {"json", "xml"}
        assert (twin.rule, twin.place, twin.expected) == (case.rule, case.place, case.expected)
    assert twins > 50


def test_an_order_without_the_place_makes_nothing(made: list[Made]) -> None:
    """Where an order has not what is to be broken, the trial makes no case of it."""
    plain = {**Orders(Values()).plain(), "external_id": "acf-00000000-1"}
    rich = [one for one in made if "/tags" in one.cases[0].place or "/delivery_cost" in one.cases[0].place]

    assert rich
    assert all(one.trial.make(partial(dict, plain)) is None for one in rich)


def test_names_stand_in_the_bytes(made: list[Made]) -> None:
    """A case names its order exactly where the name stands in its bytes, and no mark is left."""
    for one in made:
        (case,) = one.cases
        assert b"acf-mark" not in case.body
        assert case.external_id is None or case.external_id.encode() in case.body
    assert sum(one.cases[0].external_id is not None for one in made) > len(made) / 2


def test_the_same_seed_sends_the_same(made: list[Made]) -> None:
    """The same seed makes the same bytes."""
    assert bytes_of(made_by(some)) == bytes_of(made)


def test_mutants_stay_near_their_order(made: list[Made]) -> None:
    """A mutant is the plainest body of its order but for one place: it is seldom much longer or shorter."""
    for one in made[:100]:
        plain = case_of({**one.trial.order, "external_id": "acf-00000000-1"}, one.cases[0].syntax, title="plain")
        assert 0.2 < len(one.cases[0].body) / len(plain.body) < 3 or one.cases[0].place in ("", "/data")


def test_mistakes_in_redemptions_stand_in_the_second(made: list[Made]) -> None:
    """A redemption with a mistake stands behind a right one, unless the order has one alone."""
    found = [one for one in made if any(case.place.startswith("/data/redeem_points/") for case in one.cases)]
    assert {case.syntax for one in found for case in one.cases} == {"json", "xml"}
    for one in found:
        (item, _) = one.trial.order["data"]["redeem_points"]
        single = {**one.trial.order, "data": {**one.trial.order["data"], "redeem_points": [item]}}
        for order, index in ((one.trial.order, 1), (single, 0)):
            (made_case,) = one.trial.make(partial(dict, order, external_id="x")) or ()
            (finding,) = check_request(made_case.body).findings
            assert finding.pointer.startswith(f"/data/redeem_points/{index}")
