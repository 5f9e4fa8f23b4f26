"""A campaign for a terminal: failures, then what was covered, then one line that says it all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from altcraft_contract.fuzz.reports.text_failure import failure_lines, step_lines
from altcraft_contract.fuzz.reports.text_matrix import matrix_lines
from altcraft_contract.fuzz.reports.wording import (
    SILENCE,
    by_kind,
    coverage_of,
    duration,
    ending_of,
    summary_of,
    title_of,
)
from altcraft_contract.fuzz.showing import safe_line
from altcraft_contract.renderers.redaction import redact_path
from altcraft_contract.renderers.text import Style, count
from altcraft_contract.renderers.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.fuzz.report import CampaignReport

_TOP: Final = 3  # observations of a kind that are shown
_IN_FULL: Final = 10  # failures that are shown with bodies, unless all are asked for


def render_text(
    report: CampaignReport, *, color: bool = False, verbose: bool = False, quiet: bool = False
) -> Iterator[str]:
    """Render a campaign as text, in parts.

    Args:
        report: The campaign.
        color: Whether to use colours.
        verbose: Whether to show every place, every observation, and known failures in full.
        quiet: Whether to leave out everything but failures and why there is no verdict.
    """
    style = Style(color=color)
    in_full = len(report.failures) if verbose else _IN_FULL
    for failure in report.failures[:in_full]:
        yield _block(failure_lines(failure, report, style=style, verbose=verbose))
    yield _block(_short_lines(report, in_full, style))
    for failure in report.known if verbose else ():
        yield _block(failure_lines(failure, report, style=style, label="known"))
    if report.ending != "finished":
        yield _block(_ending_lines(report, style))
    if quiet:
        return
    if any(report.outcomes.values()):
        yield _block(matrix_lines(report, style=style, verbose=verbose))
    yield _block(_observation_lines(report, style, verbose=verbose))
    yield _block(_phase_lines(report, style))
    yield _block(_other_lines(report, verbose=verbose))
    role = "error" if report.failures else "warning" if report.exit_code else "place"
    yield f"{style.paint(summary_of(report), role)}\n"


def _short_lines(report: CampaignReport, first: int, style: Style) -> Iterator[str]:
    """A line for each failure from the number *first* on."""
    rest = report.failures[first:]
    if rest:
        yield f"{count(len(rest), 'more failure')}; --verbose and the reports show all of them in full:"
    for failure in rest:
        yield f"  {style.paint('failure', 'error')}: {title_of(failure)}"


def _block(lines: Iterator[str]) -> str:
    """Lines and an empty one; nothing if there is none."""
    text = "\n".join(lines)
    return f"{text}\n\n" if text else ""


def _ending_lines(report: CampaignReport, style: Style) -> Iterator[str]:
    is_grave = not report.ok and not report.failures
    yield style.paint(ending_of(report), "error" if is_grave else "warning")
    if report.ending == "refused-warm-up":
        for step in report.warm_up:
            yield from step_lines(step, style=style)


def _observation_lines(report: CampaignReport, style: Style, *, verbose: bool) -> Iterator[str]:
    if not report.observations:
        return
    yield f"{style.paint('Observations', 'place')}: {SILENCE}"
    for title, items in by_kind(report.observations).items():
        shown = items if verbose else items[:_TOP]
        yield f"  {title}"
        for item in shown:
            trial = f" [{item.trial}]" if verbose and item.trial else ""
            told = f"{safe_line(item.subject)}: {safe_line(item.message)}"
            yield f"    {told} ({count(item.count, 'time')}){visible(trial)}"
        if len(shown) < len(items):
            yield f"    and {len(items) - len(shown):,} more, with --verbose"


def _phase_lines(report: CampaignReport, style: Style) -> Iterator[str]:
    if not report.phases:
        return
    yield f"{style.paint('Phases      ', 'place')} {'trials':>15} {'requests':>10} {'failures':>10}"
    for phase in report.phases:
        done = f"{phase.done:,} of {phase.planned:,}"
        yield f"  {phase.phase:<10} {done:>15} {phase.requests:>10,} {phase.failures or '·':>10}"


def _other_lines(report: CampaignReport, *, verbose: bool) -> Iterator[str]:
    if report.ending == "finished" and report.ending_detail:
        yield ending_of(report)
    timing = report.timing
    if timing.most:
        parts = {"least": timing.least, "median": timing.median, "95 of 100 within": timing.p95, "most": timing.most}
        yield "Answers took: " + ", ".join(f"{name} {duration(seconds)}" for name, seconds in parts.items())
    if not verbose:
        for failure in report.known:
            yield f"known: {title_of(failure)}"
    for fingerprint in report.gone:
        yield f"gone: {visible(fingerprint)} is in the baseline, and was not met"
    if report.journal is not None:
        yield f"Orders that the target accepted: {visible(redact_path(report.journal))}"
    if report.requests:
        yield from coverage_of(report)
