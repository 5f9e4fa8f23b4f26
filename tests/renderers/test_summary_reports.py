"""Summaries as text, as JSON and as a page, without a browser."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from altcraft_contract import __version__
from altcraft_contract.contract import load_contract
from altcraft_contract.renderers import SUMMARY_RENDERERS
from altcraft_contract.renderers.report import RenderOptions, Tally
from altcraft_contract.renderers.summary import OTHER, UNKNOWN, Summary
from altcraft_contract.renderers.visible import columns_of
from tests.renderers.entries import HOSTILE, entry_of, finding
from tests.renderers.page_reading import Outline
from tests.renderers.summaries import WARNING, a_year, items, told

if TYPE_CHECKING:
    from tests.renderers.summaries import Item

SCHEMA = json.loads((load_contract().directory.parent / "lint-summary.schema.json").read_text(encoding="utf-8"))
TWO: list[Item] = [
    (entry_of(finding(2, 5), WARNING, path="a.ndjson", document=2, first_line=2), "2025-01-31"),
    (entry_of(WARNING, path="b.json"), None),
    (entry_of(), "2025-01-30"),
]


def json_of(run: list[Item], tally: Tally | None = None) -> Any:
    """The parsed summary of a run, found valid."""
    text = told("json", run, tally=tally)
    assert text.endswith("}\n")
    summary = json.loads(text)
    Draft202012Validator(SCHEMA).validate(summary)
    return summary


def page_of(run: list[Item], **settings: Any) -> str:
    """The page of a summary, which is well-formed, inert, in print, and links to parts of itself alone."""
    page = told("html", run, **settings)
    outline = Outline(page)
    assert not {"script", "iframe", "object", "img", "form", "base", "image", "use"} & set(outline.tags)
    assert all(link.startswith(("#", "data:image/svg+xml,")) for link in outline.links)
    assert {link[1:] for link in outline.links if link.startswith("#")} <= set(outline.ids)
    assert len(set(outline.ids)) == len(outline.ids)
    assert page.replace("\n", "").isprintable()
    return page


def test_a_summary_as_text_is_three_tables_and_a_line() -> None:
    """Rules, places and days stand in aligned columns, days with a bar of what failed."""
    assert told("text", TWO).splitlines() == [
        "Rules",
        "documents  findings  severity  rule           first",
        "        2         2  warning   unknown-field  a.ndjson:4:4",
        "        1         1  error     wrong-type     a.ndjson:3:5",
        "",
        "Places",
        "documents  findings  place                 most frequent rule",
        "        2         2  /data/lines/*/colour  unknown-field",
        "        1         1  /data                 wrong-type",
        "",
        "Days",
        "day         documents  failed   share",
        "2025-01-30          1       0    0.0%",
        "2025-01-31          1       1  100.0%  " + "█" * 41,
        "unknown             1       0    0.0%",
        "",
        "3 documents checked: 1 error, 2 warnings",
    ]


def test_a_clean_run_has_no_empty_tables() -> None:
    """Without findings there are days alone; without documents one line, or none."""
    text = told("text", [(entry_of(), "2025-01-30")])
    assert text.startswith("Days\n")
    assert text.endswith("\n1 document checked: no findings\n")
    assert told("text", []) == "nothing checked\n"
    assert told("text", [], options=RenderOptions(quiet=True)) == ""


def test_many_places_are_cut_unless_all_are_wanted() -> None:
    """Text shows twenty places, and tells how to see the others."""
    run: list[Item] = [(entry_of(*(finding(pointer=f"/a{number}x") for number in range(25))), None)]
    assert "and 5 more places; --verbose shows them\n" in told("text", run)
    assert told("text", run, options=RenderOptions(verbose=True)).count("wrong-type") == 26


def test_what_is_too_wide_is_cut() -> None:
    """Of a long path the end is shown, of a long place both ends, and of several rules the most frequent."""
    other = finding(rule="unknown-value", pointer="/data/lines/0/requested_promotions/7/points_info/amount")
    found = finding(rule="wrong-type", pointer=other.pointer)
    text = told("text", [(entry_of(other, found, found, path="archive/" * 20 + "orders.json"), None)])
    assert "…e/archive/archive/orders.json:1:1\n" in text
    assert "/data/lines/*/requ…oints_info/amount  wrong-type +1\n" in text


def test_many_days_are_shown_as_months() -> None:
    """A year is twelve lines."""
    text = told("text", a_year())
    assert len(re.findall(r"^2025-\d\d ", text, re.MULTILINE)) == 12
    assert "\nMonths\nmonth " in text


def test_colours_move_nothing() -> None:
    """With colours, the text is the same but for them."""
    plain, colored = (told("text", a_year(), options=RenderOptions(color=color)) for color in (False, True))
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain
    assert "\x1b[1;31m█" in colored


@given(run=st.lists(items, max_size=5), verbose=st.booleans())
def test_text_fits_a_terminal(run: list[Item], verbose: bool) -> None:
    """Whatever the findings and the names, lines of tables have 80 columns at most, and nothing moves the cursor."""
    *lines, _ = told("text", run, options=RenderOptions(verbose=verbose)).splitlines()
    assert all(columns_of(line) <= 80 and line.isprintable() for line in lines)


def test_a_summary_as_json_has_the_documented_form() -> None:
    """The JSON tells version, tool and contract, the counts of the run, and those by rule, place and day."""
    summary = json_of(TWO, Tally(skipped=["a"], unreadable=2, interrupted=True))
    assert summary == {
        "version": 1,
        "tool": "altcraft-contract",
        "tool_version": __version__,
        "contract": "v75",
        "summary": {
            "documents": 3,
            "failed": 1,
            "skipped": 1,
            "unreadable": 2,
            "errors": 1,
            "warnings": 2,
            "suppressed": 0,
            "truncated": 0,
            "interrupted": True,
        },
        "rules": [
            {
                "rule": "unknown-field",
                "severity": "warning",
                "documents": 2,
                "findings": 2,
                "example": {"path": "a.ndjson", "document": 2, "line": 4, "column": 4},
            },
            {
                "rule": "wrong-type",
                "severity": "error",
                "documents": 1,
                "findings": 1,
                "example": {"path": "a.ndjson", "document": 2, "line": 3, "column": 5},
            },
        ],
        "places": [
            {"place": "/data/lines/*/colour", "documents": 2, "findings": 2, "rules": {"unknown-field": 2}},
            {"place": "/data", "documents": 1, "findings": 1, "rules": {"wrong-type": 1}},
        ],
        "days": [
            {"day": "2025-01-30", "documents": 1, "failed": 0, "errors": 0, "warnings": 0},
            {"day": "2025-01-31", "documents": 1, "failed": 1, "errors": 1, "warnings": 1},
            {"day": "unknown", "documents": 1, "failed": 0, "errors": 0, "warnings": 1},
        ],
    }


@given(run=st.lists(items, max_size=5))
def test_every_summary_is_valid(run: list[Item]) -> None:
    """Whatever the findings, the summary is one JSON document that its schema accepts, and counts all of them."""
    summary = json_of(run)
    found = summary["summary"]["errors"] + summary["summary"]["warnings"]
    assert sum(rule["findings"] for rule in summary["rules"]) == found
    assert sum(sum(place["rules"].values()) for place in summary["places"]) == found


def test_the_schema_is_a_schema() -> None:
    """The shipped JSON Schema keeps the rules of its own draft."""
    Draft202012Validator.check_schema(SCHEMA)


def test_a_page_has_a_picture_with_its_numbers() -> None:
    """The picture of days has a title, a description and a table below it."""
    page = page_of(TWO)
    assert '<title id="documents-title">Documents by day</title>' in page
    assert "From 2025-01-30 to 2025-01-31; most documents on 2025-01-30: 1; most failed on 2025-01-31: 1." in page
    assert "<title>2025-01-31: 1 document, 1 failed (100.0%)</title>" in page
    assert '<th scope="row">unknown</th><td class="number">1</td>' in page
    text = unescape(re.sub("<[^>]*>", "", page.partition("<body>")[2]))
    assert "a.ndjson:3:5" in text
    assert "/data/lines/*/colour" in text


def test_days_without_documents_are_gaps() -> None:
    """The picture has a column for each day between the first and the last, unless these are years apart."""
    week: list[Item] = [(entry_of(), day) for day in ("2025-01-01", "2025-01-07")]
    assert page_of(week).count("<g ") == 7
    assert page_of([*week, (entry_of(), "9999-01-07")]).count("<g ") == 3


def test_a_run_without_orders_has_a_page() -> None:
    """There is no picture of nothing."""
    assert "<svg" not in page_of([])
    assert "<svg" not in page_of([(entry_of(), None)])


def test_a_page_shows_the_first_places() -> None:
    """A page shows a hundred places, and tells how to see the others."""
    run: list[Item] = [(entry_of(*(finding(pointer=f"/a{number}x") for number in range(150))), None)]
    page = page_of(run)
    assert "And 50 more places, which --format json shows." in page
    assert page.count("<code>wrong-type</code>") == 100


def test_an_interrupted_run_says_so() -> None:
    """A page of a run that was ended before its end tells that."""
    assert "interrupted" in page_of(TWO, tally=Tally(interrupted=True))
    assert "1 document had more findings than were kept." in page_of(a_year())


@given(run=st.lists(items, max_size=3))
def test_every_page_is_well_formed(run: list[Item]) -> None:
    """Whatever the findings and the names, the page is inert."""
    page_of(run)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_is_markup(text: str) -> None:
    """Whatever a name or a path says is text."""
    page_of([(entry_of(finding(pointer=f"/{text}"), path=f"a{text}b"), None)])


@pytest.mark.parametrize("format_", SUMMARY_RENDERERS)
def test_what_is_not_kept_is_told_together(format_: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every format shows what is counted for places and days that are not counted by themselves."""
    monkeypatch.setattr("altcraft_contract.renderers.summary.MOST_KEPT", 1)
    run: list[Item] = [(entry_of(finding(pointer=f"/a{number}x")), f"2025-01-0{number}") for number in range(1, 5)]
    text = told(format_, [*run, (entry_of(), None)])
    assert text.count(OTHER) >= 2
    assert UNKNOWN in text
    assert "a4x" not in text


@pytest.mark.parametrize("format_", SUMMARY_RENDERERS)
def test_rendering_changes_nothing(format_: str) -> None:
    """A summary can be rendered again, and counted on."""
    run, tally = a_year(), Tally()
    summary = Summary()
    for entry, day in run:
        summary.add(entry, day)
    renderer = SUMMARY_RENDERERS[format_](RenderOptions())
    assert "".join(renderer.render(summary, tally)) == "".join(renderer.render(summary, tally))
