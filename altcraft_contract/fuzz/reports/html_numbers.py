"""What came of the phases, how long answers took, and what was observed, on the page."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from altcraft_contract.fuzz.reports.wording import SILENCE, by_kind, duration
from altcraft_contract.fuzz.showing import safe_line
from altcraft_contract.renderers.html_text import prose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from altcraft_contract.fuzz.failure import Observation
    from altcraft_contract.fuzz.report import CampaignReport

_BAR: Final = 100  # units of its width
_TOP: Final = 12  # observations of a kind that are not folded away


def phases_card(report: CampaignReport) -> str:
    """The phases; empty if there was none."""
    if not report.phases:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{escape(phase.phase)}</th>'
        f'<td class="number">{phase.done:,} of {phase.planned:,}{_bar(phase.done, phase.planned)}</td>'
        f'<td class="number">{phase.requests:,}</td><td class="number">{phase.failures:,}</td></tr>\n'
        for phase in report.phases
    )
    columns = "".join(f'<th class="number" scope="col">{name}</th>' for name in ("Trials", "Requests", "Failures"))
    head = f'<thead><tr><th scope="col">Phase</th>{columns}</tr></thead>\n'
    return _card("phases", "Phases", f"{_table(rows, head)}\n")


def timing_card(report: CampaignReport) -> str:
    """How long answers took; empty if there was none."""
    timing = report.timing
    if not timing.most:
        return ""
    times = {"Least": timing.least, "Median": timing.median, "95 of 100 within": timing.p95, "Most": timing.most}
    rows = "".join(
        f'<tr><th scope="row">{name}</th><td class="wide">{_bar(seconds, timing.most)}</td>'
        f'<td class="number">{duration(seconds)}</td></tr>\n'
        for name, seconds in times.items()
    )
    return _card("timing", "How long answers took", f"{_table(rows)}\n")


def observations_card(report: CampaignReport) -> str:
    """What the documentation is silent about; empty if nothing was met."""
    if not report.observations:
        return ""
    parts = (f'<h3 class="part">{title}</h3>\n{_kind(items)}' for title, items in by_kind(report.observations).items())
    return _card("observations", "Observations", "".join(parts), remark=SILENCE)


def _kind(items: Sequence[Observation]) -> str:
    rows = [
        f'<tr><th class="subject" scope="row">{prose(safe_line(item.subject))}</th>'
        f'<td>{prose(safe_line(item.message))}</td><td class="number">{item.count:,}</td></tr>\n'
        for item in items
    ]
    shown, more = _table("".join(rows[:_TOP])), _table("".join(rows[_TOP:]))
    folded = f'<details class="more"><summary>{len(rows) - _TOP:,} more</summary>{more}</details>'
    return f"{shown}{folded if len(rows) > _TOP else ''}\n"


def _card(name: str, title: str, body: str, *, remark: str = "") -> str:
    told = f'<span class="count">{remark}</span>' if remark else ""
    return (
        f'<section class="card" aria-labelledby="{name}">\n'
        f'<div class="card-head"><h2 id="{name}">{title}</h2>{told}</div>\n{body}</section>\n'
    )


def _table(rows: str, head: str = "") -> str:
    return f'<table class="plain">{head}<tbody>\n{rows}</tbody></table>'


def _bar(part: float, whole: float) -> str:
    done = _BAR * min(1.0, part / whole) if whole else 0.0
    return (
        f'<svg class="meter" viewBox="0 0 {_BAR} 5" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="all" width="{_BAR}" height="5"/><rect class="done" width="{done:.2f}" height="5"/></svg>'
    )
