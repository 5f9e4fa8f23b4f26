"""`invalid-accepted`: a request that breaks a rule is taken."""

from __future__ import annotations

from typing import Any

import pytest

from altcraft_contract.findings import Basis, Severity
from altcraft_contract.fuzz.oracles.invalid_accepted import INVALID_ACCEPTED
from altcraft_contract.rules.catalogue import RULES
from tests.fuzz.exchanges import ACCEPTED, OUTDATED, PAGE, REFUSED, case, exchange, find


def broken(rule: str | None = "invalid-decimal", **settings: Any) -> Any:
    """A case that breaks a rule."""
    return case(**{"expected": "refused", "rule": rule, "place": "/data/total_price", **settings})


@pytest.mark.parametrize(("answer", "error"), [(ACCEPTED, "accepted"), (OUTDATED, "outdated")])
def test_a_taken_mutant_is_found(answer: dict[str, Any], error: str) -> None:
    """A request that must be refused and is taken, or outdated, is a failure with its rule and place."""
    (found,) = find(INVALID_ACCEPTED, exchange(answer, of=broken()))

    assert (found.rule, found.place, found.error) == ("invalid-decimal", "/data/total_price", error)
    assert found.basis is RULES["invalid-decimal"].basis
    assert found.section == RULES["invalid-decimal"].section


@pytest.mark.parametrize("answer", [REFUSED, {**REFUSED, "error": 1042}, PAGE, b""])
def test_what_is_not_taken_passes(answer: Any) -> None:
    """Any error is a refusal, whatever its code; a broken answer is none of this oracle's business."""
    assert find(INVALID_ACCEPTED, exchange(answer, of=broken())) == []


@pytest.mark.parametrize(
    "settings", [{"expected": "accepted"}, {"expected": "undocumented"}, {"rule": None}, {"rule": "unknown-field"}]
)
def test_what_need_not_be_refused_passes(settings: dict[str, Any]) -> None:
    """What breaks no rule of severity error may be taken."""
    assert find(INVALID_ACCEPTED, exchange(of=broken(**settings))) == []


@pytest.mark.parametrize("rule", [rule for rule in RULES.values() if rule.severity is Severity.ERROR], ids=str)
def test_inferred_rules_count_unless_told_otherwise(rule: Any) -> None:
    """Every rule of severity error counts; with `documented` those do not that are inferred."""
    taken = exchange(of=broken(rule.id))

    assert len(find(INVALID_ACCEPTED, taken)) == 1
    assert len(find(INVALID_ACCEPTED, taken, fail_basis="documented")) == (rule.basis is not Basis.INFERRED)


def test_wrong_tokens_are_anothers() -> None:
    """Requests about tokens are judged by another oracle."""
    assert find(INVALID_ACCEPTED, exchange(of=broken()), kind="authentication") == []
