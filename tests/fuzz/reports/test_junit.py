"""JUnit's XML."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from altcraft_contract.fuzz.oracles import ORACLES
from altcraft_contract.fuzz.reports.junit_report import render_junit
from tests.fuzz.fakes import make_failure, make_report, sample_reports

SAMPLES = sample_reports()


def load(sample: str) -> ET.Element:
    """The root of the report of a sample."""
    return ET.fromstring("".join(render_junit(SAMPLES[sample])).encode())  # noqa: S314 - our own output


@pytest.mark.parametrize("sample", SAMPLES)
def test_totals_are_those_of_the_tests(sample: str) -> None:
    """The document is well-formed, and counts what is in it."""
    root = load(sample)
    totals = {"tests": "testcase", "failures": "failure", "errors": "error"}
    for part in (root, *root.iter("testsuite")):
        for name, kind in totals.items():
            assert int(part.attrib[name]) == len(list(part.iter(kind)))
    for suite in root:
        assert int(suite.attrib["skipped"]) == len(list(suite.iter("skipped")))
    assert int(root.attrib["failures"]) == len(SAMPLES[sample].failures)


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_oracle_has_a_suite(sample: str) -> None:
    """Each oracle has a suite; one without failures has a test that passed."""
    suites = {suite.attrib["name"]: suite for suite in load(sample).iter("testsuite")}
    assert suites.keys() == {"campaign", "strictness", *ORACLES}
    met = {failure.cause.oracle for failure in (*SAMPLES[sample].failures, *SAMPLES[sample].known)}
    for name in ORACLES.keys() - met:
        (test,) = suites[name].iter("testcase")
        assert not list(test)


@pytest.mark.parametrize("sample", SAMPLES)
def test_names_are_unique(sample: str) -> None:
    """No two tests of a suite have one name, unless a failure is known and new at once."""
    for suite in load(sample).iter("testsuite"):
        names = [test.attrib["name"] for test in suite.iter("testcase")]
        assert len(set(names)) == len(names) or sample == "hostile"


@pytest.mark.parametrize(
    ("sample", "is_error"), [("failures", False), ("nothing", False), ("refused", True), ("interrupted", True)]
)
def test_no_verdict_is_an_error(sample: str, *, is_error: bool) -> None:
    """A campaign that could not judge the target, or was interrupted, is no success."""
    (test,) = next(load(sample).iter("testsuite")).iter("testcase")
    assert [child.tag for child in test] == ["error"] * is_error


def test_known_failures_are_skipped() -> None:
    """A failure of the baseline does not fail, and is told."""
    (skipped,) = load("known").iterfind("testsuite[@name='invalid-accepted']/testcase/skipped")
    assert skipped.attrib["message"].startswith("known from the baseline: invalid-accepted, missing-field")


def test_failure_tells_all() -> None:
    """The text of a failed test says what was sent, what came, and how to see it again."""
    (failure,) = load("failures").iterfind("testsuite[@name='invalid-accepted']/testcase/failure")
    text = failure.text or ""
    for part in ("expected:", '"sku":', '{"error":0', "curl -sS", "altcraft-contract replay"):
        assert part in text


def test_matrix_fails_nothing() -> None:
    """What is enforced has passed, and whatever is not is skipped with a reason."""
    suite = load("failures").find("testsuite[@name='strictness']")
    assert suite is not None
    assert {child.tag for test in suite for child in test} == {"skipped"}
    assert all(child.attrib["message"] for test in suite for child in test)


def test_characters_that_xml_has_not_are_escaped() -> None:
    """Control characters, and what would end a section or a tag, are written so that they show."""
    text = "".join(render_junit(SAMPLES["hostile"]))
    assert text.replace("\n", "").isprintable()
    assert "\\x1b[2J" in text
    assert "]]>" not in text


def test_one_cause_has_one_name_in_every_run() -> None:
    """The name of a failed test does not depend on what came."""
    names = set()
    for count in (1, 2):
        report = make_report(failures=(make_failure(count=count, message=f"{count}"),))
        root = ET.fromstring("".join(render_junit(report)).encode())  # noqa: S314 - our own output
        names |= {test.attrib["name"] for test in root.iter("testcase") if list(test.iter("failure"))}
    assert len(names) == 1
