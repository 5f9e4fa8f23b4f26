"""XML of JUnit, read back and held to a schema of its dialect."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xmlschema import XMLSchema11

from altcraft_contract.findings import Severity
from altcraft_contract.renderers.fingerprint import fingerprints_of
from altcraft_contract.renderers.report import Entry, RenderOptions, Suppressed, Tally
from altcraft_contract.validation import check_request
from tests.renderers.entries import HOSTILE, entries, entry_of, finding, rendered

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA = XMLSchema11(Path(__file__).with_name("data") / "junit.xsd")
WARNING = finding(3, 4, severity=Severity.WARNING, rule="unknown-field", message="`x` is unknown")


def suites_of(*run: Entry, options: RenderOptions | None = None, tally: Tally | None = None) -> list[ET.Element]:
    """The suites of a run, found valid, each counting what is in it."""
    text = rendered("junit", *run, options=options, tally=tally)
    root = ET.fromstring(text.encode())  # noqa: S314 - our own output
    SCHEMA.validate(root)
    for suite in root:
        for name, kind in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.attrib[name]) == len(list(suite.iter(kind)))
    return list(root)


def outcomes_of(suite: ET.Element) -> Mapping[str, list[str]]:
    """Name of each test to the names of what it holds."""
    return {test.attrib["name"]: [child.tag for child in test] for test in suite.iter("testcase")}


def test_an_error_is_a_test_that_failed() -> None:
    """An error fails a test of its file, which tells rule and message, and the text that people are shown."""
    text = '{\n "token": "abcdefgh"\n}'
    entry = Entry("shop/order.json", None, check_request(text), text, name="a/shop/order.json")
    (suite,) = suites_of(entry)
    test = suite[0]
    fingerprint = fingerprints_of(entry)[0][:8]
    assert suite.attrib["name"] == test.attrib["classname"] == "shop/order.json"
    assert suite.attrib["file"] == "a/shop/order.json"
    assert test.attrib["name"] == f"missing-field at the whole document [{fingerprint}]"
    (failure,) = test
    assert failure.tag == "failure"
    assert failure.attrib["type"] == "missing-field"
    assert failure.attrib["message"] == "`external_id` is missing; the request body requires it"
    told = (failure.text or "").splitlines()
    assert told[0] == f"shop/order.json:1:1: error missing-field: {failure.attrib['message']}"
    assert told[1:4] == ["  |", "1 | {", "  | ^"]


@pytest.mark.parametrize(
    ("fail_on", "expected"),
    [("error", ["failure", "system-out"]), ("warning", ["failure", "failure"]), ("never", ["failure", "system-out"])],
)
def test_a_warning_fails_only_where_it_fails_the_run(fail_on: str, expected: list[str]) -> None:
    """A warning is told by a test that passed, unless warnings are to fail."""
    options = RenderOptions(contract="v75", fail_on=fail_on)
    (suite,) = suites_of(entry_of(finding(), WARNING), options=options)
    assert [child.tag for test in suite for child in test] == expected
    assert "warning unknown-field: `x` is unknown" in (suite[1][0].text or "")


def test_a_clean_document_is_a_test_that_passed() -> None:
    """A document without findings has one test, named after its message."""
    suites = suites_of(entry_of(path="a.json"), entry_of(path="b.md", where="code block 2"))
    assert [outcomes_of(suite) for suite in suites] == [{"request": []}, {"request, code block 2": []}]
    assert [suite.attrib["name"] for suite in suites] == ["a.json", "b.md, code block 2"]


def test_clean_records_share_a_suite() -> None:
    """Of a file of records each with findings has a suite; one more, after them, counts the others."""
    run = [entry_of(*[finding()] * (number == 2), path="a.ndjson", document=number) for number in (1, 2, 3)]
    suites = suites_of(*run, entry_of(path="b.ndjson", document=1))
    assert [suite.attrib["name"] for suite in suites] == ["a.ndjson, record 2", "a.ndjson", "b.ndjson"]
    assert "2 of them" in (suites[1].findtext("testcase/system-out") or "")
    (name,) = outcomes_of(suites[0])
    assert name.startswith("wrong-type at /data, record 2 [")


def test_what_is_suppressed_is_skipped_with_its_reason() -> None:
    """A suppressed finding fails nothing, and says why it counts for nothing."""
    item = finding(2, 1)
    suppressed = (
        Suppressed(item, "configuration", "the old shop", "0123456789abcdef"),
        Suppressed(item, "baseline", "", "fedcba9876543210"),
    )
    (suite,) = suites_of(entry_of(WARNING, suppressed=suppressed))
    messages = [skipped.attrib["message"] for skipped in suite.iter("skipped")]
    assert messages == ["the old shop", "known before: in the baseline"]
    assert list(outcomes_of(suite))[1] == "wrong-type at /data [01234567]"


def test_what_could_not_be_read_is_an_error() -> None:
    """A run that could not read a path has a test that came to no verdict."""
    (suite,) = suites_of(tally=Tally(unreadable=2))
    assert suite[0][0].tag == "error"
    assert "2 paths could not be read" in suite[0][0].attrib["message"]


def test_a_document_with_more_findings_says_so() -> None:
    """What was not kept is told by the suite."""
    (suite,) = suites_of(entry_of(finding(), truncated=True))
    assert suite.findtext("system-out") == "there are more findings than these"


def test_a_run_without_documents_has_no_suite() -> None:
    """A report of nothing is a report."""
    assert suites_of() == []


def test_names_stay_and_are_unique() -> None:
    """Tests of one file have names of their own, in which no line stands."""
    names = set()
    for shift in (0, 7):
        (suite,) = suites_of(entry_of(finding(1 + shift), finding(5 + shift), finding(5 + shift, pointer="/x")))
        names.add(tuple(outcomes_of(suite)))
    (found,) = names
    assert len(set(found)) == 3


@pytest.mark.parametrize("text", HOSTILE)
def test_characters_that_xml_has_not_are_escaped(text: str) -> None:
    """Control characters, and what would end a section or a tag, are written so that they show."""
    hostile = finding(message=text, pointer=f"/{text}", hint=text)
    written = rendered("junit", entry_of(hostile, path=f"a{text}.json", where=text))
    assert written.replace("\n", "").isprintable()
    assert "]]>" not in written


@given(st.lists(entries(), max_size=3))
def test_every_report_is_valid(run: list[Entry]) -> None:
    """Whatever the findings and the names, the schema accepts the report, and no finding is lost."""
    suites = suites_of(*run)
    found = [finding for entry in run for finding in entry.result.findings]
    failed = sum(int(suite.attrib["failures"]) for suite in suites)
    assert failed == sum(finding.severity is Severity.ERROR for finding in found)
    skipped = sum(int(suite.attrib["skipped"]) for suite in suites)
    assert skipped == sum(len(entry.suppressed) for entry in run)


def test_ten_thousand_findings_are_ten_thousand_tests() -> None:
    """Nothing is left out of a long run."""
    (suite,) = suites_of(entry_of(*(finding(line) for line in range(1, 10_001))))
    assert suite.attrib["tests"] == suite.attrib["failures"] == "10000"
