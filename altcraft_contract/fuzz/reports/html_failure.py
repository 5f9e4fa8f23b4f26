"""A failure on the page: what is wrong, and what was sent and what came, in JSON and in XML side by side."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from altcraft_contract.fuzz.reports.excerpt import Excerpt
from altcraft_contract.fuzz.reports.text_failure import again_lines
from altcraft_contract.fuzz.reports.wording import (
    SYNTAXES,
    answer_head,
    confirmation_of,
    name_of,
    request_head,
    sentence,
    source_of,
)
from altcraft_contract.fuzz.showing import request_headers, safe_headers, safe_line
from altcraft_contract.renderers.html_text import block, facts, place, prose
from altcraft_contract.renderers.text import count
from altcraft_contract.renderers.visible import visible
from altcraft_contract.rules.catalogue import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from altcraft_contract.fuzz.failure import Failure, Step
    from altcraft_contract.fuzz.report import CampaignReport

_SENT: Final = Excerpt(lines=80, columns=2_000)
_CAME: Final = Excerpt(lines=60, columns=2_000)


def failure_card(failure: Failure, report: CampaignReport, *, is_open: bool) -> str:
    """The failure as a part that can be folded."""
    syntaxes = ", ".join(SYNTAXES[syntax] for syntax in failure.syntaxes)
    told = " · ".join(part for part in (syntaxes, count(failure.count, "time")) if part)
    return (
        f'<details class="card failure" id="failure-{escape(failure.id)}"{" open" if is_open else ""}>\n'
        f'<summary><span class="badge bad">{escape(failure.cause.oracle)}</span>'
        f'<h3>{place(name_of(failure))}</h3><span class="count">{told}</span></summary>\n'
        f'<div class="card-body">\n<p class="message">{prose(sentence(failure.message))}</p>\n'
        f"{facts(_facts(failure))}{''.join(_earlier(failure))}"
        f"{_sides(failure)}{_again(failure, report)}</div>\n</details>"
    )


def step_side(step: Step, title: str, *, is_guilty: bool = False) -> str:
    """A request and its answer, one below the other."""
    case, received = step.case, step.received
    mark = ' <span class="badge bad">failing</span>' if is_guilty else ""
    return (
        f'<section class="side{" guilty" if is_guilty else ""}"><h4>{escape(title)}{mark}</h4>\n'
        f'<p class="quiet">{prose(safe_line(case.title))}</p>\n'
        f"<h5>Sent</h5><p>{escape(request_head(case))}</p>\n{_headers(request_headers(case))}"
        f"{_body(_SENT.of_request(case), f'Sent, {title}')}"
        f"<h5>Came</h5><p>{escape(answer_head(received))}</p>\n{_headers(safe_headers(received))}"
        f"{_body(_CAME.of_answer(received), f'Came, {title}')}</section>\n"
    )


def _headers(headers: Sequence[tuple[str, str]]) -> str:
    told = "; ".join(f"{name}: {value}" for name, value in headers)
    return f'<p class="headers">{escape(visible(told))}</p>\n' if told else ""


def _body(lines: Sequence[str], label: str) -> str:
    return block(lines, label=label) if lines else '<p class="quiet">No body.</p>\n'


def _facts(failure: Failure) -> Iterator[tuple[str, str]]:
    rule = RULES.get(failure.rule or "")
    yield "Expected", prose(sentence(failure.expected))
    yield "Source", prose(source_of(failure))
    yield "Rule", prose(rule.statement) if rule is not None else ""
    met = f"first in {failure.trial}, {failure.feature}; {confirmation_of(failure)}"
    yield "Met", prose(safe_line(met.removesuffix("; ")))


def _earlier(failure: Failure) -> Iterator[str]:
    """The requests besides the guilty one."""
    guilty = failure.guilty % len(failure.steps)
    for number, step in enumerate(failure.steps):
        if number != guilty:
            when = "before" if number < guilty else "after"
            title = f"Request {number + 1} of {len(failure.steps)}, {when} the failing one"
            side = step_side(step, SYNTAXES[step.case.syntax])
            yield f'<details class="earlier"><summary>{title}</summary>{side}</details>\n'


def _sides(failure: Failure) -> str:
    """The failing request, and the same order in the other syntax if there is one: JSON stands left."""
    steps = [(failure.step, True)] + ([(failure.twin, False)] if failure.twin is not None else [])
    steps.sort(key=lambda pair: list(SYNTAXES).index(pair[0].case.syntax))
    sides = "".join(step_side(step, SYNTAXES[step.case.syntax], is_guilty=is_guilty) for step, is_guilty in steps)
    return f'<div class="sides{" two" if len(steps) > 1 else ""}">\n{sides}</div>\n'


def _again(failure: Failure, report: CampaignReport) -> str:
    pairs = (line.strip().partition(": ") for line in again_lines(failure, report))
    return "".join(f"<h5>{escape(name)}</h5>{block([value], kind='command', label=name)}" for name, _, value in pairs)
