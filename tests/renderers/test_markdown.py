"""A run in Markdown, read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.findings import Severity
from altcraft_contract.renderers.report import Entry, Suppressed, Tally
from altcraft_contract.rules.catalogue import RULES
from tests.renderers.entries import HOSTILE, entries, entry_of, finding, rendered
from tests.renderers.markdown_reading import Tags, to_html

OURS = {"h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "br"}
WARNING = finding(3, 4, severity=Severity.WARNING, rule="unknown-field", message="`x` is unknown", hint="drop it")


def tags_of(*run: Entry, tally: Tally | None = None) -> Tags:
    """What a reader makes of a run: nested well, and of no elements but ours."""
    tags = to_html(rendered("markdown", *run, tally=tally))
    assert not tags.open
    assert tags.found <= OURS
    return tags


def rows_of(*run: Entry) -> list[list[str]]:
    """The cells of each row that tells of a finding."""
    lines = [line for line in rendered("markdown", *run).splitlines() if line.startswith("| <code>")]
    return [[to_html(cell).text.strip() for cell in line.strip("| ").split(" | ")] for line in lines]


def test_a_finding_is_a_row() -> None:
    """A row tells place, rule, message and remedy; without a hint the rule's own remedy."""
    rows = rows_of(entry_of(finding(2, 3), WARNING, path="a/x.md", first_line=10, where="code block 2"))
    remedy = RULES["wrong-type"].remedy.replace("`", "")
    assert rows == [
        ["a/x.md:11:3, code block 2/data", "wrong-type", "data is a list", remedy],
        ["a/x.md:12:4, code block 2/data", "unknown-field", "x is unknown", "Drop it"],
    ]
    assert rows_of(entry_of(finding(None, pointer=""), document=7))[0][0] == "order.json, record 7the whole document"


def test_errors_come_first() -> None:
    """All errors stand before all warnings, whichever document has them."""
    text = tags_of(entry_of(WARNING, path="a"), entry_of(finding(), path="b")).text
    assert text.index("Errors") < text.index("b:1:1") < text.index("Warnings") < text.index("a:3:4")


def test_the_verdict_comes_first() -> None:
    """The heading says what was found, and a line sums the run up, as people are told on a terminal."""
    tally = Tally(skipped=["x"])
    lines = tags_of(entry_of(finding(), WARNING), entry_of(), tally=tally).text.splitlines()
    assert lines[0] == "Altcraft contract: 1 error, 1 warning"
    assert lines[1] == "2 documents checked, 1 file skipped: 1 error, 1 warning"
    assert tags_of(entry_of()).text.startswith("Altcraft contract: no findings\n")
    assert tags_of().text.startswith("Altcraft contract: nothing checked\n")
    assert "1 path unreadable" in tags_of(tally=Tally(unreadable=1)).text


def test_what_is_suppressed_is_counted() -> None:
    """Suppressed findings are a line; they have no rows."""
    kinds = ("configuration", "baseline", "baseline")
    suppressed = tuple(Suppressed(finding(), kind, "", "0" * 16) for kind in kinds)  # type: ignore[arg-type]  # literals
    tags = tags_of(entry_of(suppressed=suppressed))
    assert "Suppressed: 1 finding by the configuration, 2 findings known from the baseline." in tags.text
    assert "table" not in tags.found


def test_a_document_with_more_findings_says_so() -> None:
    """What was not kept is told."""
    assert "1 document had more findings than were kept." in tags_of(entry_of(finding(), truncated=True)).text


@pytest.mark.parametrize("text", [*HOSTILE, "@bob #1 http://x.test www.x.test a|b\\|c `d` *e* _f_ ~~g~~ [h](i) :j:"])
def test_nothing_hostile_is_markup(text: str) -> None:
    """Whatever a message, a hint, a name or a place says, the report is a table of four columns, and links nowhere."""
    hostile = finding(message=text, pointer=f"/{text}", hint=text)
    run = entry_of(hostile, path=f"a{text}.json", where=text)
    tags_of(run)
    (row,) = rows_of(run)
    assert len(row) == 4
    assert not any(mark in rendered("markdown", run) for mark in ("@", "://", "www."))


@given(st.lists(entries(), max_size=3))
def test_every_report_has_only_our_elements(run: list[Entry]) -> None:
    """Whatever the findings and the names, the report is text in print, and markup of ours."""
    tags_of(*run)
    assert rendered("markdown", *run).replace("\n", "").isprintable()
    assert len(rows_of(*run)) == sum(len(entry.result.findings) for entry in run)


@pytest.mark.parametrize("text", ["`data` is a list", "<@|" * 2_000])
def test_a_long_run_is_cut(text: str) -> None:
    """A run of many findings, however long, has at most a hundred rows, fits into a comment, and counts the rest."""
    some = [finding(line, message=text, hint=text, pointer=text) for line in range(1, 5_001)]
    run = (entry_of(*some, path="a"), entry_of(*[WARNING] * 5_000, path="b" * 5_000))
    written = rendered("markdown", *run)
    shown = len(rows_of(*run))
    assert 0 < shown <= 100
    assert len(written) < 2**16
    assert f"And {5_000 - shown:,} more" in written
    assert "And 5,000 more" in written
