"""A campaign as one page that asks nothing of any host, runs no script, and needs none."""

from __future__ import annotations

from html import escape
from string import Template
from typing import TYPE_CHECKING, Final

from altcraft_contract.fuzz.reports.html_failure import failure_card, step_side
from altcraft_contract.fuzz.reports.html_matrix import matrix_card
from altcraft_contract.fuzz.reports.html_numbers import observations_card, phases_card, timing_card
from altcraft_contract.fuzz.reports.wording import (
    SYNTAXES,
    coverage_of,
    duration,
    ending_of,
    share_of,
    verdict_of,
)
from altcraft_contract.fuzz.showing import safe_line
from altcraft_contract.renderers.html_page import figure, read_part, render_page
from altcraft_contract.renderers.html_text import place, prose
from altcraft_contract.renderers.redaction import redact_path
from altcraft_contract.renderers.text import count
from altcraft_contract.renderers.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from altcraft_contract.fuzz.failure import Failure
    from altcraft_contract.fuzz.report import CampaignReport

_HERE: Final = "altcraft_contract.fuzz.reports"
_HEADINGS: Final = {"failures": "Failures", "known": "Known failures, from the baseline"}
_OPEN: Final = 3  # failures that are unfolded


def render_html(report: CampaignReport) -> Iterator[str]:
    """One self-contained HTML page."""
    body = Template(read_part(_HERE, "campaign.html")).substitute(
        verdict=escape(verdict_of(report)),
        about=_about(report),
        state=_state(report),
        ending=prose(ending_of(report)),
        coverage=" ".join(map(escape, coverage_of(report))) if report.requests else "",
        figures="\n".join(_figures(report)),
        links=" ".join(_links(report)),
        cards="\n".join(part for part in _cards(report) if part),
    )
    style = read_part(_HERE, "campaign.css")
    return render_page(f"Fuzzing campaign: {verdict_of(report)}", [body], style=style)


def _about(report: CampaignReport) -> str:
    target = f"<code>{place(safe_line(report.target))}</code>"
    parts = (
        f"contract {report.contract}",
        f"started {report.started}",
        f"seed {report.seed}",
        f"run {report.run}",
        f"altcraft-contract {report.tool_version}",
    )
    return " · ".join([target, *(escape(visible(part)) for part in parts)])


def _state(report: CampaignReport) -> str:
    """Which colour the verdict has."""
    if report.failures:
        return "bad"
    return "ok" if report.ok and report.ending != "dry-run" else "warn"


def _links(report: CampaignReport) -> Iterator[str]:
    """Links to the parts of the page that are there."""
    parts = {
        "failures": ("Failures", report.failures),
        "strictness": ("Strictness", report.strictness),
        "warm-up": ("Warm-up", report.warm_up),
        "known": ("Known failures", report.known),
        "phases": ("Phases", report.phases),
        "observations": ("Observations", report.observations),
    }
    return (f'<a href="#{name}">{title}</a>' for name, (title, found) in parts.items() if found)


def _figures(report: CampaignReport) -> Iterator[str]:
    known = f"{len(report.known):,} known" if report.known else ""
    yield figure("Failures", f"{len(report.failures):,}", known, kind="bad" if report.failures else "")
    yield figure("Requests", f"{report.requests:,}", duration(report.seconds))
    yield figure("Orders accepted", f"{report.orders:,}")
    for syntax, title in SYNTAXES.items():
        strict, asked = share_of(report, syntax)
        percent = f"{strict / asked:.0%}" if asked else "—"
        yield figure(f"Strict in {title}", percent, f"at {strict:,} of {count(asked, 'place')}")
    yield figure("Answer, median", duration(report.timing.median) if report.timing.most else "—")


def _cards(report: CampaignReport) -> Iterator[str]:
    yield _failures(report.failures, report, "failures", opened=_OPEN)
    yield matrix_card(report)
    yield _warm_up(report)
    yield _failures(report.known, report, "known", opened=0)
    yield f'<div class="beside">\n{phases_card(report)}{timing_card(report)}</div>'
    yield observations_card(report)
    yield _rest(report)


def _failures(failures: Sequence[Failure], report: CampaignReport, name: str, *, opened: int) -> str:
    if not failures:
        return ""
    cards = "\n".join(failure_card(failure, report, is_open=rank < opened) for rank, failure in enumerate(failures))
    return (
        f'<h2 class="heading" id="{name}">{_HEADINGS[name]} <span class="count">{len(failures):,}</span></h2>\n{cards}'
    )


def _warm_up(report: CampaignReport) -> str:
    if not report.warm_up:
        return ""
    sides = "".join(step_side(step, f"Plain order in {SYNTAXES[step.case.syntax]}") for step in report.warm_up)
    is_open = " open" if report.ending == "refused-warm-up" else ""
    return (
        f'<details class="card" id="warm-up"{is_open}><summary><h2>Warm-up</h2>'
        f'<span class="count">plain orders that were sent first</span></summary>\n'
        f'<div class="card-body"><div class="sides two">\n{sides}</div></div></details>'
    )


def _rest(report: CampaignReport) -> str:
    lines = [f"{fingerprint} is in the baseline, and was not met" for fingerprint in report.gone]
    if report.journal is not None:
        lines.append(f"Orders that the target accepted: {redact_path(report.journal)}")
    items = "".join(f"<li>{escape(visible(line))}</li>" for line in lines)
    return f'<ul class="rest quiet">{items}</ul>' if items else ""
