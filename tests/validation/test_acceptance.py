"""The acceptance set: bodies with the findings that the rules give them, for both engines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from altcraft_contract.contract import load_contract
from altcraft_contract.validation import ENGINES, check_exchange, check_request, check_response

if TYPE_CHECKING:
    from altcraft_contract.findings import CheckResult
    from altcraft_contract.validation import Engine

ACCEPTANCE = Path(__file__).resolve().parents[1] / "acceptance"
CHECKS = {"request": check_request, "response": check_response}

# The warnings that the rules give to the documented examples, which have no error.
EXAMPLE_WARNINGS = {
    "request": [
        ("points-amount-missing", "/data/lines/0/requested_promotions/1"),
        ("points-amount-missing", "/data/lines/1/requested_promotions/0"),
        ("total-mismatch", "/data/total_price"),
    ],
    "response": [],
}


def load_cases(name: str) -> list[dict[str, Any]]:
    """The rows of a file of the set."""
    return [json.loads(line) for line in (ACCEPTANCE / name).read_text(encoding="utf-8").splitlines()]


def triples(result: CheckResult) -> list[list[str]]:
    """Severity, rule and pointer of each finding, sorted."""
    return sorted([finding.severity.value, finding.rule, finding.pointer] for finding in result.findings)


CASES = load_cases("cases.jsonl")
EXCHANGES = load_cases("exchanges.jsonl")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["file"])
def test_body_of_the_acceptance_set(case: dict[str, Any], engine: Engine) -> None:
    """Either engine gives a body exactly the findings, and the verdict, that the acceptance set states."""
    body = (ACCEPTANCE / "cases" / case["file"]).read_bytes()

    result = CHECKS[case["message"]](body, syntax=case["syntax"], engine=engine)

    assert triples(result) == sorted(case["findings"])
    assert result.ok == case["ok"]


def test_syntax_of_the_acceptance_set_is_sniffed() -> None:
    """A body whose syntax is not told gets the same verdict as one whose syntax is."""
    bodies = {case["file"]: (ACCEPTANCE / "cases" / case["file"]).read_bytes() for case in CASES}

    found = {case["file"]: triples(CHECKS[case["message"]](bodies[case["file"]])) for case in CASES}

    assert found == {case["file"]: sorted(case["findings"]) for case in CASES}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", EXCHANGES, ids=lambda case: case["request"].partition("/")[2].partition(".")[0])
def test_exchange_of_the_acceptance_set(case: dict[str, Any], engine: Engine) -> None:
    """Either engine gives an exchange exactly the findings that the acceptance set states."""
    request = (ACCEPTANCE / case["request"]).read_bytes()
    response = (ACCEPTANCE / case["response"]).read_bytes()

    result = check_exchange(
        request,
        response,
        request_syntax=case["request_syntax"],
        response_syntax=case["response_syntax"],
        engine=engine,
    )

    assert triples(result) == sorted(case["findings"])
    assert result.ok == all(severity != "error" for severity, _, _ in case["findings"])


def test_every_file_of_the_acceptance_set_is_a_case() -> None:
    """A body in the folder of the acceptance set is named by a case, and the other way round."""
    named = {f"cases/{case['file']}" for case in CASES}
    named |= {case[side] for case in EXCHANGES for side in ("request", "response")}

    lying = {
        path.relative_to(ACCEPTANCE).as_posix()
        for path in ACCEPTANCE.rglob("*")
        if path.is_file() and path.suffix != ".jsonl"
    }

    assert lying == named


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", ["request.json", "request.xml", "response.json", "response.xml"])
def test_documented_example(name: str, engine: Engine) -> None:
    """A documented example has no error, and of the warnings only those that the page itself provokes."""
    message = name.partition(".")[0]

    result = CHECKS[message](load_contract().examples[name], engine=engine)

    assert result.ok
    assert not result.errors
    assert sorted((finding.rule, finding.pointer) for finding in result.warnings) == EXAMPLE_WARNINGS[message]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("syntax", ["json", "xml"])
def test_documented_examples_form_an_exchange(syntax: str, engine: Engine) -> None:
    """The documented request and response fit each other."""
    examples = load_contract().examples

    result = check_exchange(examples[f"request.{syntax}"], examples[f"response.{syntax}"], engine=engine)

    assert result.findings == ()
