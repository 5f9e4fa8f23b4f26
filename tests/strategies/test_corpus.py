"""Bodies in bulk."""

from __future__ import annotations

from typing import Any

import pytest

from altcraft_contract.errors import ImpossibleRequest
from altcraft_contract.rules import RULES
from altcraft_contract.strategies.corpus import KINDS, Specimen, iter_corpus
from altcraft_contract.validation import check_request, check_response


def found(specimen: Specimen) -> list[str]:
    """The rules that a check of a body reports."""
    check = check_request if specimen.message == "request" else check_response
    return [finding.rule for finding in check(specimen.body, syntax=specimen.syntax).findings]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("syntax", ["json", "xml"])
def test_bodies_are_what_the_manifest_says(kind: Any, syntax: Any) -> None:
    """A generated body has the finding that is foretold, and no other."""
    for specimen in iter_corpus(kind, 150, syntax=syntax, seed=3):
        rules = found(specimen)
        if kind == "edge":
            assert all(RULES[rule].severity == "warning" for rule in rules)
        else:
            assert rules == ([specimen.rule] if specimen.rule is not None else [])


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_bytes(kind: Any) -> None:
    """The same arguments give the same bodies, another seed gives others."""
    first = list(iter_corpus(kind, 60, seed=7))

    assert first == list(iter_corpus(kind, 60, seed=7))
    assert first != list(iter_corpus(kind, 60, seed=8))


def test_mutations_of_one_rule_break_that_rule() -> None:
    """With a rule only mutations of that rule are made."""
    assert {item.rule for item in iter_corpus("mutation", 30, rule="total-mismatch")} == {"total-mismatch"}


@pytest.mark.parametrize(
    ("kind", "rule"), [("order", None), ("mutation", "no-such-rule"), ("mutation", "token-disclosed")]
)
def test_impossible_corpora_are_refused(kind: Any, rule: str | None) -> None:
    """A kind or a rule of which no body can be made is refused."""
    with pytest.raises(ImpossibleRequest):
        list(iter_corpus(kind, 1, rule=rule))
