"""Mutations: one change, one rule, one place."""

from __future__ import annotations

from collections import Counter
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


ODD_REQUESTS: dict[str, dict[str, Any]] = {
    "unknown currency": {"currency": "DEM"},
    "long price": {"total_price": "1" * 5000, "final_total_price": "1" * 5000},
    "34 digits": {"total_price": "14" * 17, "final_total_price": "14" * 17},
    "low total": {"total_price": "8.00", "final_total_price": "8.00"},
    "unknown field": {"x_note": "y"},
}


@pytest.mark.parametrize(
    "order",
    [
        *(load_contract().examples[name] for name in ("request.json", "request.xml", "response.json", "response.xml")),
        *({**REQUESTS[0], "data": {**REQUESTS[0]["data"], **members}} for members in ODD_REQUESTS.values()),
        {**REQUESTS[0], "phone": "+79991234567"},
        b'{"error": 400, "error_text": "x", "data": null}',
        b"<xml><error>400</error><error_text>x</error_text><data><status>a</status></data></xml>",
    ],
)
def test_neighbours_of_an_order_with_warnings_have_one_finding_more(order: Any) -> None:
    """A neighbour has the foretold finding, which its order did not have, and no other that is new."""
    check = check_response if b"error" in (order if isinstance(order, bytes) else b"") else check_request
    known = Counter((finding.rule, finding.pointer) for finding in check(order).findings)

    for mutant in st.neighbours(order):
        new = Counter(found(mutant)) - known
        if mutant.rule != "malformed":
            assert new == Counter({(mutant.rule, mutant.pointer): 1}), mutant


def test_neighbours_that_xml_cannot_carry_are_refused_at_once() -> None:
    """What XML cannot carry is refused before the first neighbour."""
    order = {**REQUESTS[0], "data": {**REQUESTS[0]["data"], "custom_fields": {"a b": "1"}}}

    with pytest.raises(ConversionError, match="a b"):
        st.neighbours(order, syntax="xml")


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
        ({"names": "attribute"}, "names='attribute'"),
        ({"names": ["nope", "attribute"]}, "names=['nope']"),
        ({"rule": ["x"]}, "rule=['x']"),
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
