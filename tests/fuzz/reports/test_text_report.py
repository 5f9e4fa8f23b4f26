"""The report for a terminal."""

from __future__ import annotations

import re

import pytest

from altcraft_contract.findings import Severity
from altcraft_contract.fuzz.reports import render_text
from altcraft_contract.fuzz.reports.wording import SYNTAXES
from altcraft_contract.fuzz.strictness import tally
from tests.fuzz.fakes import (
    make_case,
    make_failure,
    make_observations,
    make_received,
    make_report,
    make_strictness,
    sample_reports,
)

SAMPLES = sample_reports()
_color = re.compile(r"\x1b\[[0-9;]+m")


def render(sample: str, *, color: bool = False, verbose: bool = False, quiet: bool = False) -> str:
    """The report of a sample."""
    return "".join(render_text(SAMPLES[sample], color=color, verbose=verbose, quiet=quiet))


def test_failure_tells_what_why_and_how_again() -> None:
    """A failure has a title, what is wrong, what was expected, the source, what was sent and came, and two commands."""
    lines = render("failures").splitlines()
    assert lines[0] == "failure: invalid-accepted, missing-field at /data/lines/*/count (JSON), 12 times"
    block = "\n".join(lines[: lines.index("")])
    for part in (
        "An order without `count` in a line was accepted.",
        "expected: A refusal",
        "source: lines array (documented); rule missing-field",
        '"token":"$ALTCRAFT_TOKEN"',
        "came: 200, accepted, 3.1 ms; content-type: application/json; server: nginx",
        '{"error":0,',
        "the same in XML: 200, refused",
        "curl: curl -sS",
        "replay: altcraft-contract replay .altcraft-contract/runs/acf-1f3a9c20/cases/",
    ):
        assert part in block
    assert "date:" not in block


def test_last_line_is_the_summary() -> None:
    """The last line says what was sent, what was found, and how to get the same again."""
    assert render("failures").splitlines()[-1] == (
        "1,500 requests, 412 orders accepted, 12.3 s: 3 failures; seed 0, run acf-1f3a9c20"
    )
    assert render("interrupted").splitlines()[-1].endswith("3 failures; interrupted; seed 0, run acf-1f3a9c20")
    assert "no verdict; stopped: the target refused plain orders" in render("refused").splitlines()[-1]
    assert "nothing found, 1 known" in render("known").splitlines()[-1]
    assert "nothing was sent" in render("dry-run").splitlines()[-1]


def test_nothing_found_says_what_was_covered() -> None:
    """Without failures the report says how much was asked, and how strict the target was."""
    text = render("nothing")
    assert "failure:" not in text
    assert "Covered: 15 rules at 43 places and 61 edge cases." in text
    totals = tally(row for row in make_strictness() if row.severity is Severity.ERROR)
    strict = [totals[syntax]["enforced"] for syntax in SYNTAXES]
    assert (
        f"What must be refused is refused at {strict[0]} of 36 places in JSON, {strict[1]} of 33 places in XML" in text
    )


def test_refused_orders_are_shown() -> None:
    """If plain orders are refused, the answer and what to do about it are there, even when nothing else is wanted."""
    text = render("refused", quiet=True)
    assert "set values of the installation: skus, endpoints." in text
    assert "unknown sku: 4e3f2b78" in text


def test_quiet_leaves_failures() -> None:
    """Quiet leaves the failures, and nothing of a campaign that found none."""
    assert render("failures", quiet=True).count("failure:") == 3
    assert "Strictness" not in render("failures", quiet=True)
    assert render("nothing", quiet=True) == ""


def test_verbose_shows_every_place_and_observation() -> None:
    """Verbose adds a row for each place, all observations, and what the rules say."""
    brief, full = render("failures"), render("failures", verbose=True)
    assert "and 17 more, with --verbose" in brief
    for observation in make_observations():
        assert observation.subject in full
    for row in make_strictness():
        assert row.place in full
    assert "rule: The tables say which fields are required." in full


def test_differences_stand_out() -> None:
    """A rule that JSON and XML are not judged alike by has a mark."""
    matrix = render("failures").partition("Strictness:")[2].partition("Observations:")[0]
    rows = {line[4:].split()[0]: line for line in matrix.splitlines() if line.startswith(("  ! ", "    "))}
    differing = {row.rule for row in make_strictness() if row.differs}
    for rule in {row.rule for row in make_strictness()}:
        assert rows[rule].startswith("  ! ") == (rule in differing)


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize("verbose", [False, True])
def test_nothing_moves_the_cursor(sample: str, *, verbose: bool) -> None:
    """Colours apart, every character is in print, whatever a target says; the words are the same without colours."""
    text = render(sample, color=True, verbose=verbose)
    plain = _color.sub("", text)
    assert plain.replace("\n", "").isprintable()
    assert plain == render(sample, verbose=verbose)


def test_megabytes_are_cut() -> None:
    """Of long bodies, in one line or in many, a screen is shown."""
    for body in (b"x" * 10**6, b"x\n" * 10**5, b"[" * 10**5):
        step = make_failure().step
        step = type(step)(case=make_case(body=body), received=make_received(body.decode(), is_cut=True))
        text = "".join(render_text(make_report(failures=(make_failure(steps=(step,)),)), quiet=True))
        assert len(text) < 8_000
        assert "not shown here" in text
        assert "cut off: the whole answer has" in text


def test_long_body_is_left_to_replay() -> None:
    """A body that is too long for a command line is sent again by its case file."""
    step = make_failure().step
    step = type(step)(case=make_case(body=b"x" * 30_000), received=step.received)
    text = "".join(render_text(make_report(failures=(make_failure(steps=(step,)),)), quiet=True))
    assert "curl: its body has over 20,000 bytes" in text
    assert "replay: altcraft-contract replay" in text
