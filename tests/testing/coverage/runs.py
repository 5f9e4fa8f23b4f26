"""Coverages of made-up runs, for the reports."""

from __future__ import annotations

from altcraft_contract.contract import load_contract
from altcraft_contract.rules import RULES
from altcraft_contract.stub.scenarios import SCENARIOS
from altcraft_contract.testing.coverage import Coverage
from altcraft_contract.testing.coverage.plan import plan_of
from altcraft_contract.validation import RuleSelection
from tests.testing.coverage.messages import take

EXAMPLES = load_contract().examples


def nothing() -> Coverage:
    """A run in which nothing was checked."""
    return Coverage()


def something() -> Coverage:
    """A run that exercised the documented examples and two scenarios, with one rule switched off."""
    coverage = Coverage(rules=RuleSelection(ignore=["total-mismatch"]))
    for name, body in EXAMPLES.items():
        take(coverage, "request" if name.startswith("request") else "response", body)
    take(coverage, "request", b"{")
    coverage.take_scenario("success")
    coverage.take_scenario("outdated")
    return coverage


def everything(*, but: str | None = None) -> Coverage:
    """A run that exercised all, or all but one field of the request."""
    coverage = Coverage()
    plan = plan_of(load_contract())
    coverage.merge(
        {
            **coverage.as_json(),
            "request": {name: 1 for name in plan.request.templates if name != but},
            "response": dict.fromkeys(plan.response.templates, 1),
            "kept": dict.fromkeys(RULES, 1),
            "scenarios": dict.fromkeys(SCENARIOS, 1),
        }
    )
    return coverage
