"""A failure as lines for people: what is wrong, what was sent, what came, and how to see it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from altcraft_contract.fuzz.reports.excerpt import Excerpt
from altcraft_contract.fuzz.reports.wording import (
    SYNTAXES,
    answer_head,
    confirmation_of,
    replay_line,
    request_head,
    sentence,
    source_of,
    title_of,
)
from altcraft_contract.fuzz.showing import LONGEST_IN_CURL, curl_line, safe, safe_body, safe_headers, safe_line
from altcraft_contract.renderers.text import PLAIN
from altcraft_contract.renderers.visible import visible
from altcraft_contract.rules.catalogue import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.fuzz.failure import Failure, Received, Step
    from altcraft_contract.fuzz.report import CampaignReport
    from altcraft_contract.renderers.text import Style

TELLING: Final = frozenset(
    {"content-type", "content-encoding", "connection", "location", "retry-after", "server", "www-authenticate"}
)
"""Headers of an answer that people are shown."""

_SENT: Final = Excerpt(lines=28, columns=160)
_CAME: Final = Excerpt(lines=12, columns=160)


def failure_lines(
    failure: Failure, report: CampaignReport, *, style: Style = PLAIN, label: str = "failure", verbose: bool = False
) -> Iterator[str]:
    """The lines that tell of a failure, without line ends."""
    yield f"{style.paint(label, 'error')}: {style.paint(title_of(failure), 'place')}"
    yield f"  {sentence(failure.message)}"
    yield f"  expected: {safe_line(failure.expected)}"
    yield f"  source: {source_of(failure)}"
    if not failure.is_shrunk:
        yield "  as it was met: it was not made as small as could be"
    if verbose and failure.rule is not None and failure.rule in RULES:
        yield f"  rule: {RULES[failure.rule].statement}"
    if verbose and (confirmation := confirmation_of(failure)):
        yield f"  {confirmation}; first in {failure.trial} ({safe_line(failure.feature)}), id {failure.id}"
    several = len(failure.steps) > 1
    for number, step in enumerate(failure.steps, 1):
        yield from step_lines(step, style=style, label=f"{number} of {len(failure.steps)}: " if several else "")
    if failure.twin is not None:
        yield from _twin_lines(failure.twin, style, verbose=verbose)
    yield from again_lines(failure, report)


def step_lines(step: Step, *, style: Style = PLAIN, label: str = "") -> Iterator[str]:
    """The lines that tell of a request and its answer."""
    bar = style.paint("|", "frame")
    yield f"  {label}sent: {request_head(step.case)}; {safe_line(step.case.title)}"
    yield from (f"  {bar} {line}" for line in _SENT.of_request(step.case))
    headers = [f"{name}: {value}" for name, value in safe_headers(step.received) if name.lower() in TELLING]
    yield f"  {label}came: {'; '.join([answer_head(step.received), *headers])}"
    yield from (f"  {bar} {line}" for line in _CAME.of_answer(step.received))


def again_lines(failure: Failure, report: CampaignReport) -> Iterator[str]:
    """The commands that send it again."""
    curl = curl_line(failure.step.case, safe(report.target))
    replay = replay_line(report, failure)
    if curl is not None:
        yield f"  curl: {visible(curl)}"
    elif replay is not None:
        yield f"  curl: its body has over {LONGEST_IN_CURL:,} bytes, too many for a command line"
    if replay is not None:
        yield f"  replay: {replay}"


def _twin_lines(twin: Step, style: Style, *, verbose: bool) -> Iterator[str]:
    """The same order in the other syntax: its answer, and with *verbose* all of it."""
    title = SYNTAXES[twin.case.syntax]
    if verbose:
        yield from step_lines(twin, style=style, label=f"the same in {title}: ")
    else:
        yield f"  the same in {title}: {answer_head(twin.received)}{_error_of(twin.received)}"


def _error_of(received: Received) -> str:
    """The beginning of the answer's body, on one line."""
    text = safe_line(safe_body(received.text))
    longest = 100
    return f": {text[:longest]}{'…' * (len(text) > longest)}" if text else ""
