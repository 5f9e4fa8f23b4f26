"""Counts over a run, put together from parts in any order."""

from __future__ import annotations

import json
import pickle
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.contract import load_contract
from altcraft_contract.renderers import summary as summary_module
from altcraft_contract.renderers.facts import Facts, day_of, facts_of
from altcraft_contract.renderers.places import place_of
from altcraft_contract.renderers.report import Entry, RenderOptions, Tally
from altcraft_contract.renderers.shown import ShownEntry
from altcraft_contract.renderers.summary import OTHER, UNKNOWN, DayCounts, Summary
from altcraft_contract.renderers.summary_json import SummaryJson
from altcraft_contract.renderers.summary_periods import periods_of
from altcraft_contract.validation import check_request
from tests.renderers.entries import entry_of, finding
from tests.renderers.summaries import WARNING, Item, items, summary_of

EXAMPLES = load_contract().examples


def told(summary: Summary) -> str:
    """All that a summary holds."""
    return "".join(SummaryJson(RenderOptions()).render(summary, Tally()))


def merged(*parts: Summary) -> Summary:
    """The counts of parts, which are left as they are."""
    whole = Summary()
    for part in parts:
        whole.merge(pickle.loads(pickle.dumps(part)))  # noqa: S301 - our own
    return whole


@given(run=st.lists(items, max_size=8), place=st.integers(0, 8), most=st.sampled_from([2, 10_000]))
def test_parts_are_as_good_as_the_whole(run: list[Item], place: int, most: int) -> None:
    """However a run is divided, and more than is kept among it, its parts together tell what the whole tells."""
    with patch.object(summary_module, "MOST_KEPT", most):
        whole = told(summary_of(run))
        assert told(merged(summary_of(run[:place]), summary_of(run[place:]))) == whole
        assert told(merged(*(summary_of([item]) for item in run))) == whole


@given(run=st.lists(items, max_size=8), data=st.data(), most=st.sampled_from([2, 10_000]))
def test_order_does_not_matter(run: list[Item], data: st.DataObject, most: int) -> None:
    """Documents, and parts of a run, may come in any order."""
    with patch.object(summary_module, "MOST_KEPT", most):
        other = data.draw(st.permutations(run))
        assert told(summary_of(other)) == told(summary_of(run))
        assert told(merged(*(summary_of([item]) for item in other))) == told(summary_of(run))


@given(one=st.lists(items, max_size=4), two=st.lists(items, max_size=4), three=st.lists(items, max_size=4))
def test_merging_is_associative(one: list[Item], two: list[Item], three: list[Item]) -> None:
    """Which parts are put together first makes no difference."""
    with patch.object(summary_module, "MOST_KEPT", 3):
        first, second, third = map(summary_of, (one, two, three))
        assert told(merged(merged(first, second), third)) == told(merged(first, merged(second, third)))


@given(run=st.lists(items, max_size=8))
def test_nothing_is_lost(run: list[Item]) -> None:
    """Rules, places and days each have all findings, and days have all documents."""
    tally = Tally()
    summary = summary_of((entry, day) for entry, day in run if [*tally.watch([entry])])
    found = tally.errors + tally.warnings
    assert sum(counts.findings for _, _, counts in summary.rules()) == found
    assert sum(counts.findings for _, counts in summary.places()) == found
    assert summary.total() == DayCounts(tally.documents, tally.failed, tally.errors, tally.warnings)


def test_a_document_counts_once_for_each_rule_and_place() -> None:
    """However many findings a document has of a rule or at a place, it is one document."""
    summary = summary_of([(entry_of(finding(), finding(2, 2), WARNING), "2025-01-31"), (entry_of(WARNING), None)])
    assert [(rule, str(severity), counts.documents, counts.findings) for rule, severity, counts in summary.rules()] == [
        ("unknown-field", "warning", 2, 2),
        ("wrong-type", "error", 1, 2),
    ]
    assert [(place, counts.documents, counts.findings) for place, counts in summary.places()] == [
        ("/data/lines/*/colour", 2, 2),
        ("/data", 1, 2),
    ]
    assert summary.days() == [("2025-01-31", DayCounts(1, 1, 2, 1)), (UNKNOWN, DayCounts(1, 0, 0, 1))]


def test_clean_documents_are_counted_by_day() -> None:
    """Documents without findings count for their day alone."""
    summary = Summary()
    summary.add_clean("2025-01-31")
    summary.add_clean("2025-01-30", 7)
    summary.add_clean(None)
    assert [(day, counts.documents) for day, counts in summary.days()] == [
        ("2025-01-30", 7),
        ("2025-01-31", 1),
        (UNKNOWN, 1),
    ]
    assert (summary.rules(), summary.places()) == ([], [])


def test_the_example_is_the_first() -> None:
    """The example of a rule is its first finding in the order of files and records, and counts lines in the file."""
    summary = summary_of(
        (entry_of(finding(2, 5), path=path, document=document, first_line=10), None)
        for path, document in (("b.ndjson", 1), ("a.ndjson", 9), ("a.ndjson", 3))
    )
    ((_, _, counts),) = summary.rules()
    assert str(counts.example) == "a.ndjson:11:5"
    summary.shift(100, 1000)
    assert counts.example is not None
    assert (counts.example.document, str(counts.example)) == (103, "a.ndjson:1011:5")


def test_hostile_documents_take_bounded_memory() -> None:
    """Of many undocumented places and days some are kept, and documented places always are."""
    summary = Summary()
    for number in range(1_000):
        day = f"{number:04}-01-01"
        summary.add(entry_of(*(finding(pointer=f"/a{number}x{part}") for part in range(50))), day)
    summary.add(entry_of(finding(pointer="/data/currency")), None)
    for number in range(30_000):
        summary.add_clean(f"{number // 28 + 1000:04}-01-{number % 28 + 1:02}")
    places, found = dict(summary.places()), dict(summary.days())
    assert (len(places), len(found)) == (10_001, 10_002)
    assert places["/data/currency"].documents == 1
    assert places[OTHER].findings == 50_001 - 10_000
    assert found[OTHER].documents == 31_000 - 10_000
    assert len(pickle.dumps(summary)) < 2**22


def test_more_findings_than_are_kept_are_told() -> None:
    """A document with more findings than were kept is counted."""
    assert summary_of([(entry_of(finding(), truncated=True), None)]).truncated == 1


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("", ""),
        ("/data/lines/12/count", "/data/lines/*/count"),
        ("/data/lines/0", "/data/lines/*"),
        ("/data/lines/0/requested_promotions/1/amount", "/data/lines/*/requested_promotions/*/amount"),
        ("/data/custom_fields/79161234567", "/data/custom_fields/*"),
        ("/lines/1x", "/lines/1x"),
        ("/a~1b", "/a~1b"),
        ("/a\x1b[31m\udcff\ud800", "/a\\x1b[31m\\xff\\ud800"),
        ("/ann@example.com/1", "/***/*"),
        ("/" + "x" * 1000, "/" + "x" * 20 + "…" + "x" * 19),
    ],
)
def test_a_place_is_the_same_in_all_documents(pointer: str, expected: str) -> None:
    """Numbers are `*`, and names that nobody documented are cut, made visible and without secrets."""
    assert place_of(pointer, ShownEntry(entry_of(text="{}"))).name == expected


def test_a_place_is_short() -> None:
    """A pointer of a megabyte makes a place of two hundred characters."""
    assert len(place_of("/data" * 2**18, ShownEntry(entry_of())).name) == 200


def test_documented_places_come_first() -> None:
    """What the contract documents is told from what it does not, for requests and responses."""
    odd = {
        pointer: place_of(pointer, ShownEntry(entry_of())).is_odd for pointer in ("/data/lines/3/count", "/error", "/x")
    }
    assert odd == {"/data/lines/3/count": False, "/error": False, "/x": True}


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("2025-01-31T23:59:59+03:00", "2025-01-31"),
        ("2025-01-31", "2025-01-31"),
        ("2024-02-29 odd", "2024-02-29"),
        ("2025-02-29T00:00:00Z", None),
        ("0000-01-01T00:00:00Z", None),
        ("2025-W01-1T00", None),
        ("\u0662025-01-31", None),
        ("31.01.2025", None),
        ("", None),
        (20250131, None),
        (None, None),
        (["2025-01-31"], None),
    ],
)
def test_a_day_is_told_as_written(time: Any, expected: str | None) -> None:
    """The day of an order is the date with which its time begins; what is no day of the calendar is none."""
    assert day_of({"data": {"create_time": time}}) == expected


@pytest.mark.parametrize("value", [None, 1, "data", [], {}, {"data": None}, {"data": []}, {"data": "create_time"}])
def test_what_is_no_order_has_no_day(value: Any) -> None:
    """Any value at all may be asked for its day."""
    assert day_of(value) is None


@given(
    value=st.recursive(
        st.none() | st.text(max_size=12), lambda inner: st.dictionaries(st.sampled_from(["data", "create_time"]), inner)
    )
)
def test_any_value_may_be_asked_for_its_day(value: Any) -> None:
    """Whatever a document holds, there is a day or none."""
    assert day_of(value) is None


@pytest.mark.parametrize("name", ["request.json", "request.xml"])
def test_an_order_tells_its_name_and_day(name: str) -> None:
    """Both syntaxes tell the same; so does an order with an undocumented field or a byte order mark."""
    text = EXAMPLES[name].decode()
    order = json.loads(EXAMPLES["request.json"])
    expected = Facts(order["external_id"], order["data"]["create_time"][:10])
    odd = text.replace("<xml>", "<xml><odd>1</odd>") if name.endswith("xml") else text.replace("{", '{"odd": 1,', 1)
    for told_text in (text, odd, f"\ufeff{text}"):
        assert facts_of(Entry("a", None, check_request(told_text), told_text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[" * 100_000,
        "<xml>",
        "<a/>",
        "1" * 5000,
        "[]",
        "null",
        '{"external_id": {}, "data": 1}',
        "<!DOCTYPE a>",
    ],
)
def test_what_is_malformed_tells_nothing(text: str) -> None:
    """A text that is no order has neither name nor day."""
    assert facts_of(Entry("a", None, check_request(text), text)) == Facts()


def test_a_part_of_another_file_tells_nothing() -> None:
    """The text of a message within a host file is that of the file."""
    text = EXAMPLES["request.json"].decode()
    assert facts_of(Entry("a.har", None, check_request(text), text, where="entry 1")) == Facts()


def test_a_number_may_be_a_name() -> None:
    """An order whose name is of the wrong type is found by it all the same."""
    text = '{"external_id": 12345678901234567890}'
    assert facts_of(Entry("a", None, check_request(text), text)).external_id == "12345678901234567890"


@pytest.mark.parametrize(
    ("most", "title", "count"), [(400, "Days", 366), (365, "Months", 13), (12, "Years", 2), (1, "Years", 1)]
)
def test_days_are_put_together_until_they_can_be_looked_at(most: int, title: str, count: int) -> None:
    """Too many days become months, then years; of too many years the last are shown, and no document is lost."""
    summary = Summary()
    for number in range(365):
        summary.add_clean(f"2024-{number // 31 + 1:02}-{number % 31 + 1:02}")
    summary.add_clean("2025-01-01")
    summary.add_clean(None)
    periods = periods_of(summary, most)
    assert (periods.title, len(periods.dated)) == (title, count)
    assert sum(counts.documents for counts in (periods.dated | periods.rest).values()) == 367
    assert summary.total().documents == 367
