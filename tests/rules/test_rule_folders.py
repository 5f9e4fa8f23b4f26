"""Every case in the folders of the rules gets the findings that stand beside it."""

from __future__ import annotations

import pytest

from altcraft_contract.rules import RULES
from altcraft_contract.validation import ENGINES
from tests.rules.cases import EXPECTED, FOLDER, Case, load_cases

CASES = load_cases()
NOT_IN_XML = {"empty-list"}  # in XML an empty list is none
SYNTAXES = {rule: {"json"} if rule in NOT_IN_XML else {"json", "xml"} for rule in RULES}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case_has_the_findings_beside_it(case: Case) -> None:
    """A case gets exactly the expected findings, in order and in place, from either engine."""
    results = {engine: case.check(engine) for engine in ENGINES}

    for engine, result in results.items():
        found = [[f.severity.value, f.rule, f.pointer, f.line, f.column] for f in result.findings]
        assert found == case.expected(), engine


def test_expectation_of_a_case_fits_its_folder() -> None:
    """An invalid case is expected to break the rule of its folder, and a valid one is not."""
    breaking = {str(case) for case in CASES if case.rule in {rule for _, rule, *_ in case.expected()}}

    assert breaking == {str(case) for case in CASES if case.kind == "invalid"}


def test_expected_severity_is_that_of_the_rule() -> None:
    """The findings expected of a case name rules of the catalogue, with their severities."""
    expected = [(rule, severity) for case in CASES for severity, rule, *_ in case.expected()]

    assert [entry for entry in expected if entry not in {(rule, RULES[rule].severity) for rule in RULES}] == []


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("kind", ["valid", "invalid"])
def test_rule_has_cases(rule: str, kind: str) -> None:
    """Every rule has a valid and an invalid case in each syntax in which it can be broken."""
    syntaxes = {case.syntax for case in CASES if case.rule == rule and case.kind == kind}

    assert syntaxes >= SYNTAXES[rule]


def test_every_folder_is_that_of_a_rule() -> None:
    """A folder bears the name of a rule."""
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir() and path.name != "__pycache__"}

    assert folders == set(RULES)


def test_every_file_belongs_to_a_case() -> None:
    """A file in a folder is a body, the request of a response, or the expectation of a body that is there."""
    used = {file for case in CASES for file in (case.path, case.request) if file is not None}
    used |= {case.path.with_name(case.path.name + EXPECTED) for case in CASES}

    stray = {path for rule in RULES for path in (FOLDER / rule).rglob("*") if path.is_file()} - used

    assert not stray
