"""One line a finding."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.findings import Severity
from altcraft_contract.renderers.report import Entry, RenderOptions, Tally
from tests.renderers.entries import entries, entry_of, finding, rendered

ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def test_a_finding_is_one_line() -> None:
    """A line tells path, place, severity, rule, message, place in a host file, and hint."""
    text = rendered(
        "concise",
        entry_of(finding(2, 3, hint="mend it"), path="a/x.json"),
        entry_of(finding(None, None, severity=Severity.WARNING), path="b.json"),
        entry_of(finding(1, 1), path="c.md", first_line=7, where="code block 2"),
    )
    assert text.splitlines() == [
        "a/x.json:2:3: error wrong-type: `data` is a list; hint: mend it",
        "b.json: warning wrong-type: `data` is a list",
        "c.md:7:1: error wrong-type: `data` is a list [code block 2]",
        "3 documents checked: 2 errors, 1 warning",
    ]


def test_a_quiet_run_without_findings_is_silent() -> None:
    """Without findings there is the summary alone; a quiet run has none."""
    assert rendered("concise", entry_of()) == "1 document checked: no findings\n"
    assert not rendered("concise", entry_of(), options=RenderOptions(quiet=True))


def test_a_result_that_was_cut_off_says_so() -> None:
    """A document with more findings than are kept has a line that tells of it."""
    lines = rendered("concise", entry_of(finding(), truncated=True)).splitlines()
    assert lines[1] == "order.json: there are more findings than the 1 shown"


def test_what_is_suppressed_is_counted_only() -> None:
    """A suppressed finding has no line; the summary counts it."""
    tally = Tally(suppressed=2)
    assert rendered("concise", entry_of(), tally=tally) == "1 document checked: no findings (2 findings suppressed)\n"


@given(st.lists(entries(), max_size=3))
def test_nothing_moves_the_cursor(run: list[Entry]) -> None:
    """Whatever the findings and the names, each finding is one line in print, with colours too."""
    text = rendered("concise", *run)
    lines = text.split("\n")
    found = sum(len(entry.result.findings) + (entry.result.truncated and entry.result.findings != ()) for entry in run)
    assert len(lines) == found + 2
    assert all(line.isprintable() for line in lines)
    colored = rendered("concise", *run, options=RenderOptions(color=True))
    assert ESCAPES.sub("", colored) == text
    assert (colored == text) == (not any(entry.result.findings for entry in run))


@pytest.mark.parametrize("quiet", [False, True])
def test_ten_thousand_findings_are_ten_thousand_lines(quiet: bool) -> None:
    """Nothing is left out of a long run."""
    entry = entry_of(*(finding(line, 1) for line in range(1, 10_001)))
    assert rendered("concise", entry, options=RenderOptions(quiet=quiet)).count("\n") == 10_001 - quiet
