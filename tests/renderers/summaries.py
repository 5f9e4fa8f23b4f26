"""Summaries made by hand, tame and hostile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from altcraft_contract.findings import Severity
from altcraft_contract.renderers import SUMMARY_RENDERERS
from altcraft_contract.renderers.report import Entry, RenderOptions, Tally
from altcraft_contract.renderers.summary import Summary
from tests.renderers.entries import HOSTILE, entries, entry_of, finding

if TYPE_CHECKING:
    from collections.abc import Iterable

Item = tuple[Entry, str | None]
WARNING = finding(3, 4, severity=Severity.WARNING, rule="unknown-field", pointer="/data/lines/7/colour")
ALL = "".join(HOSTILE)

items: st.SearchStrategy[Item] = st.tuples(entries(), st.none() | st.dates().map(str))


def summary_of(run: Iterable[Item], tally: Tally | None = None) -> Summary:
    """The counts of documents, which *tally* counts, too."""
    summary, tally = Summary(), tally or Tally()
    for entry, day in run:
        tally.add(entry)
        summary.add(entry, day)
    return summary


def told(format_: str, run: Iterable[Item], *, options: RenderOptions | None = None, tally: Tally | None = None) -> str:
    """The summary of documents in one format; it can be written in UTF-8."""
    tally = tally or Tally()
    summary = summary_of(run, tally)
    text = "".join(SUMMARY_RENDERERS[format_](options or RenderOptions(contract="v75")).render(summary, tally))
    text.encode()
    return text


def a_year() -> list[Item]:
    """Documents of some days of a year, hostile ones among them."""
    hostile = finding(2, 60, pointer=f"/{ALL}", message=ALL)
    long = finding(1, 1, pointer="/" + "wide日本" * 40, severity=Severity.WARNING, rule="unknown-field")
    run: list[Item] = [(entry_of(), f"2025-{number % 12 + 1:02}-{number % 28 + 1:02}") for number in range(200)]
    run += [(entry_of(finding(2, 9), path="shop/order.json"), "2025-03-01")] * 3
    run += [(entry_of(hostile, WARNING, path="x" * 400 + ALL.replace("\x00", "")), "2025-03-02")]
    return [*run, (entry_of(long, document=3, truncated=True), None)]
