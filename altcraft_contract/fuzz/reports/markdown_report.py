"""A campaign in GitHub's Markdown, for the summary of a job: nothing in it but the report is markup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from altcraft_contract.fuzz.reports.excerpt import Excerpt
from altcraft_contract.fuzz.reports.text_failure import again_lines
from altcraft_contract.fuzz.reports.wording import (
    ENFORCEMENTS,
    SILENCE,
    SYNTAXES,
    answer_head,
    by_kind,
    by_rule,
    coverage_of,
    duration,
    ending_of,
    request_head,
    sentence,
    source_of,
    summary_of,
    title_of,
    verdict_of,
)
from altcraft_contract.fuzz.showing import safe_line
from altcraft_contract.renderers.markdown_text import fenced, inline, table_row
from altcraft_contract.renderers.text import count
from altcraft_contract.rules.catalogue import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from altcraft_contract.fuzz.failure import Failure, Step
    from altcraft_contract.fuzz.report import CampaignReport
    from altcraft_contract.fuzz.strictness import Enforcement

_MOST_FAILURES: Final = 50  # of each kind: the summary of a job has at most a mebibyte
_TOP: Final = 5  # observations of a kind
_SENT: Final = Excerpt(lines=40, columns=160)
_CAME: Final = Excerpt(lines=15, columns=160)
_COLUMNS: Final[tuple[Enforcement, ...]] = ("enforced", "not-enforced", "partly", "not-reached")


def render_markdown(report: CampaignReport) -> Iterator[str]:
    """Render a campaign as Markdown, in parts."""
    yield f"## Altcraft contract: {inline(verdict_of(report))}\n\n"
    yield f"{inline(summary_of(report))}\n\n"
    if report.ending != "finished":
        yield f"> **{inline(ending_of(report))}**\n\n"
    for told in coverage_of(report) if report.requests else ():
        yield f"{inline(told)}  \n"
    yield "\n"
    yield from _failures(report, report.failures, "Failures")
    yield from _failures(report, report.known, "Known failures")
    if report.ending == "refused-warm-up":
        for step in report.warm_up:
            yield from _step(step, "Plain order")
    yield from _matrix(report)
    yield from _observations(report)
    yield from _numbers(report)


def _failures(report: CampaignReport, failures: Sequence[Failure], title: str) -> Iterator[str]:
    if not failures:
        return
    yield f"### {title}\n\n"
    for failure in failures[:_MOST_FAILURES]:
        yield from _failure(failure, report)
    if len(failures) > _MOST_FAILURES:
        yield f"And {len(failures) - _MOST_FAILURES:,} more, which the other reports show.\n\n"


def _failure(failure: Failure, report: CampaignReport) -> Iterator[str]:
    yield f"<details>\n<summary><b>{inline(title_of(failure))}</b></summary>\n\n"
    yield f"{inline(sentence(failure.message))}\n\n"
    yield f"- Expected: {inline(sentence(failure.expected))}\n- Source: {inline(source_of(failure))}\n\n"
    for number, step in enumerate(failure.steps, 1):
        yield from _step(step, f"{number} of {len(failure.steps)}" if len(failure.steps) > 1 else "Request")
    if failure.twin is not None:
        yield from _step(failure.twin, f"The same order in {SYNTAXES[failure.twin.case.syntax]}")
    again = [line.strip().partition(": ")[2] for line in again_lines(failure, report)]
    if again:
        yield "To see it again:\n\n"
        yield fenced(again, "sh")
    yield "</details>\n\n"


def _step(step: Step, title: str) -> Iterator[str]:
    yield f"{inline(title)}: {inline(request_head(step.case))}; {inline(safe_line(step.case.title))}\n\n"
    sent = _SENT.of_request(step.case)
    if sent:
        yield fenced(sent)
    yield f"Answer: {inline(answer_head(step.received))}\n\n"
    came = _CAME.of_answer(step.received)
    if came:
        yield fenced(came)


def _matrix(report: CampaignReport) -> Iterator[str]:
    if not report.strictness:
        return
    yield "### Strictness\n\nAt how many places each rule is enforced; **bold** where JSON and XML differ.\n\n"
    heads = [f"{title}: {ENFORCEMENTS[column]}" for title in SYNTAXES.values() for column in _COLUMNS]
    yield table_row(["Rule", "Severity", *heads, "Differ"])
    yield table_row(["---", "---", *["--:"] * (len(heads) + 1)])
    counts = [by_rule(report, syntax) for syntax in SYNTAXES]
    for rule in counts[0]:
        differing = sum(row.differs for row in report.strictness if row.rule == rule)
        cells = [f"{of[rule][column]:,}" if of[rule][column] else "" for of in counts for column in _COLUMNS]
        name = f"**{inline(rule)}**" if differing else inline(rule)
        yield table_row([name, str(RULES[rule].severity), *cells, f"**{differing:,}**" if differing else ""])
    yield "\n"


def _observations(report: CampaignReport) -> Iterator[str]:
    if not report.observations:
        return
    yield f"### Observations\n\n{inline(SILENCE.capitalize())}.\n\n"
    for title, items in by_kind(report.observations).items():
        yield f"- {inline(title)}\n"
        for item in items[:_TOP]:
            told = f"{inline(safe_line(item.subject))}: {inline(safe_line(item.message))}"
            yield f"  - {told} ({count(item.count, 'time')})\n"
        if len(items) > _TOP:
            yield f"  - and {len(items) - _TOP:,} more\n"
    yield "\n"


def _numbers(report: CampaignReport) -> Iterator[str]:
    if report.phases:
        yield "### Phases\n\n"
        yield table_row(["Phase", "Trials", "Requests", "Failures"])
        yield table_row(["---", "--:", "--:", "--:"])
        for phase in report.phases:
            done = f"{phase.done:,} of {phase.planned:,}"
            yield table_row([phase.phase, done, f"{phase.requests:,}", f"{phase.failures:,}"])
        yield "\n"
    timing = report.timing
    if timing.most:
        times = [duration(seconds) for seconds in (timing.least, timing.median, timing.p95, timing.most)]
        yield inline("Answers took: least {}, median {}, 95 of 100 within {}, most {}.".format(*times)) + "\n"
