"""Code Quality reports, held to the form that GitLab documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from altcraft_contract.findings import Severity
from altcraft_contract.renderers.report import Entry, Suppressed
from tests.renderers.entries import entries, entry_of, finding, rendered

SCHEMA = json.loads((Path(__file__).parent / "data" / "gitlab-code-quality.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


def report_of(*run: Entry) -> Any:
    """The parsed report of a run, found valid, with a fingerprint of its own for each finding."""
    text = rendered("gitlab", *run)
    assert text.startswith("[")
    assert text.endswith("]\n")
    report = json.loads(text)
    VALIDATOR.validate(report)
    assert len(report) == len({issue["fingerprint"] for issue in report})
    return report


def test_a_finding_has_the_documented_form() -> None:
    """A finding tells what, which rule, how bad and where, and nothing else."""
    (issue,) = report_of(entry_of(finding(2, 3, hint="mend it"), path="./a/x.json", first_line=10))
    assert len(issue.pop("fingerprint")) == 32
    assert issue == {
        "description": "`data` is a list; hint: mend it",
        "check_name": "wrong-type",
        "severity": "major",
        "location": {"path": "a/x.json", "lines": {"begin": 11}},
    }


def test_a_run_without_findings_is_an_empty_list() -> None:
    """A report of nothing is a report."""
    assert report_of() == []
    assert report_of(entry_of()) == []


@pytest.mark.parametrize(
    ("rule", "severity", "told"),
    [
        ("malformed", Severity.ERROR, "critical"),
        ("wrong-type", Severity.ERROR, "major"),
        ("wrong-type", Severity.WARNING, "minor"),
    ],
)
def test_severities_are_those_of_gitlab(rule: str, severity: Severity, told: str) -> None:
    """What nothing else can be judged of is critical, an error is major, a warning is minor."""
    assert report_of(entry_of(finding(rule=rule, severity=severity)))[0]["severity"] == told


def test_a_finding_without_a_line_stands_on_the_first() -> None:
    """A body that is no text has no line, but the format wants one."""
    assert report_of(entry_of(finding(None)))[0]["location"]["lines"] == {"begin": 1}


def test_the_name_goes_before_the_path() -> None:
    """The path is that from the root of the project, if it is known, and the place in a host file is told."""
    (issue,) = report_of(entry_of(finding(), path="x.md", name="docs/x.md", where="code block 2"))
    assert issue["location"]["path"] == "docs/x.md"
    assert issue["description"] == "`data` is a list (code block 2)"


def test_what_is_suppressed_is_left_out() -> None:
    """A report has no place for what counts for nothing."""
    assert report_of(entry_of(suppressed=(Suppressed(finding(), "baseline", "", "f"),))) == []


def test_a_file_that_is_checked_twice_has_two_fingerprints() -> None:
    """Findings that are alike in everything are told apart, and the first keeps its fingerprint."""
    once, twice = report_of(entry_of(finding())), report_of(entry_of(finding()), entry_of(finding()))
    assert twice[0] == once[0]


def test_a_fingerprint_outlives_reformatting() -> None:
    """Lines and columns do not change a fingerprint; the path does."""
    before, after, other = (
        report_of(entry_of(finding(line, 1), path=path))[0]["fingerprint"]
        for line, path in ((1, "a.json"), (9, "a.json"), (1, "b.json"))
    )
    assert before == after
    assert before != other


@given(st.lists(entries(), max_size=4))
def test_every_report_is_valid(run: list[Entry]) -> None:
    """Whatever the findings and the names, the report is valid and tells of every finding."""
    assert len(report_of(*run)) == sum(len(entry.result.findings) for entry in run)


def test_ten_thousand_findings_are_told() -> None:
    """Nothing is left out of a long run."""
    assert len(report_of(entry_of(*(finding(line, 1) for line in range(1, 10_001))))) == 10_000
