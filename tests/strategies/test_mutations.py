"""Mutations: one change, one rule, one place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings

from altcraft_contract import strategies as st
from altcraft_contract.contract import load_contract
from altcraft_contract.errors import ConversionError, ImpossibleRequest
from altcraft_contract.rules import RULES
from altcraft_contract.strategies.mutations.bases import REQUESTS, RESPONSE
from altcraft_contract.strategies.mutations.exchanges import ExchangeMutation
from altcraft_contract.strategies.mutations.table import fits, mutants_of
from altcraft_contract.strategies.source import SeededSource
from altcraft_contract.validation import check_exchange, check_request, check_response

if TYPE_CHECKING:
    from altcraft_contract.validation import Engine


def found(mutant: st.Mutant, engine: Engine = "fast") -> list[tuple[str, str]]:
    """The rules and pointers that a check of a mutant reports."""
    if mutant.message == "exchange":
        result = check_exchange(mutant.request, mutant.body, engine=engine)
    else:
        check = check_request if mutant.message == "request" else check_response
        result = check(mutant.body, syntax=mutant.syntax, engine=engine)
    return [(finding.rule, finding.pointer) for finding in result.findings]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_mutation(rule: str) -> None:
    """There is a mutation for every rule of the catalogue."""
    assert any(row.rule == rule for row in st.MUTATIONS.values())


@pytest.mark.parametrize("name", [name for name, row in st.MUTATIONS.items() if not isinstance(row, ExchangeMutation)])
def test_every_mutation_breaks_exactly_its_rule(name: str) -> None:
    """In the fullest messages every mutation has a place, and breaks exactly its rule, there."""
    row: Any = st.MUTATIONS[name]
    source = SeededSource(0)
    for message, bases in (("request", REQUESTS), ("response", (RESPONSE,))):
        for syntax in ("json", "xml"):
            if not fits(row, message, syntax):
                continue
            mutants = [
                mutant
                for base in bases
                for mutant in mutants_of(row, dict(base), message, syntax, source)  # type: ignore[arg-type]
            ]

            assert mutants
            for mutant in mutants:
                assert found(mutant) == [(mutant.rule, mutant.pointer)], mutant.body


@settings(max_examples=200)
@given(st.mutations())
def test_a_drawn_mutation_breaks_exactly_its_rule(mutant: st.Mutant) -> None:
    """A drawn mutant has exactly the finding that is foretold."""
    assert found(mutant) == [(mutant.rule, mutant.pointer)]


@settings(max_examples=60)
@given(st.mutations())
def test_the_reference_engine_finds_the_same(mutant: st.Mutant) -> None:
    """A drawn mutant has exactly the finding that is foretold by the reference engine, too."""
    assert found(mutant, "reference") == [(mutant.rule, mutant.pointer)]


@settings(max_examples=20)
@given(st.requests())
def test_neighbours_of_any_request_break_exactly_their_rule(request_: dict[str, Any]) -> None:
    """Each neighbour of a valid request has exactly the finding that is foretold."""
    for number, mutant in enumerate(st.neighbours(request_)):
        if number % 5 == 0:
            assert found(mutant) == [(mutant.rule, mutant.pointer)]


def test_neighbours_of_the_documented_example_have_one_finding_more() -> None:
    """A neighbour of an order with warnings has these and one finding more, or a warning less."""
    example = load_contract().examples["request.xml"]
    known = [(finding.rule, finding.pointer) for finding in check_request(example).findings]

    for mutant in st.neighbours(example):
        rules = found(mutant)
        assert (mutant.rule, mutant.pointer) in rules
        assert len(rules) <= len(known) + 1


def test_mutated_requests_unpack_into_body_rule_and_pointer() -> None:
    """A mutant unpacks as body, rule and pointer."""

    @settings(max_examples=30)
    @given(st.mutated_requests(rule="line-item-missing", syntax="xml"))
    def draw(mutant: st.Mutant) -> None:
        body, rule, pointer = mutant
        assert body.startswith(b"<xml>")
        assert rule == "line-item-missing"
        assert pointer.startswith("/data/lines/")

    draw()


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "empty-list"])
@pytest.mark.parametrize("syntax", ["json", "xml"])
def test_every_rule_can_be_asked_for_in_both_syntaxes(rule: str, syntax: Any) -> None:
    """But for the empty list, which XML cannot write, every rule can be broken in both syntaxes."""
    strategy = st.mutations(rule=rule, syntax=syntax)

    @settings(max_examples=5)
    @given(strategy)
    def draw(mutant: st.Mutant) -> None:
        assert mutant.rule == rule

    draw()


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ({"rule": "no-such-rule"}, "rule='no-such-rule'"),
        ({"rule": "empty-list", "syntax": "xml"}, "rule='empty-list'"),
        ({"syntax": "yaml"}, "syntax='yaml'"),
    ],
)
def test_impossible_mutations_are_refused(arguments: dict[str, Any], shown: str) -> None:
    """What no mutation can make is refused, and shown."""
    with pytest.raises(ImpossibleRequest) as caught:
        st.mutations(**arguments)

    assert shown in str(caught.value)


def test_neighbours_of_a_broken_order_are_refused() -> None:
    """Only a valid order has one-fault neighbours."""
    with pytest.raises(ImpossibleRequest, match="missing-field"):
        list(st.neighbours({"token": "t"}))
    with pytest.raises(ConversionError):
        list(st.neighbours(b"{"))
