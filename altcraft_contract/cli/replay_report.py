"""What has become of failures that were sent again, for people and for programs."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract import __version__
from altcraft_contract.fuzz.replaying import VERDICTS
from altcraft_contract.renderers.text import Style, count
from altcraft_contract.renderers.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from altcraft_contract.fuzz.case_file import SavedCase
    from altcraft_contract.fuzz.failure import Step
    from altcraft_contract.fuzz.replaying import Replayed

VERSION: Final = 1
_ROLES: Final = {"fixed": "place", "still-failing": "error", "changed": "warning"}
_LONGEST: Final = 300  # characters of an answer in a line


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayReport:
    """What a report says besides the cases.

    Attributes:
        target: Where they were sent.
        contract: Version of the contract.
        cases: How many were to be sent.
        color: Whether to use colours.
        quiet: Whether to tell only what is not fixed.
    """

    target: str
    contract: str
    cases: int
    color: bool = False
    quiet: bool = False


def render_text(replays: Iterable[Replayed], report: ReplayReport) -> Iterator[str]:
    """A line or two for each case, and a summary."""
    style = Style(color=report.color)
    verdicts: Counter[str] = Counter()
    for replayed in replays:
        verdicts[replayed.verdict] += 1
        if replayed.verdict != "fixed" or not report.quiet:
            yield _entry(replayed, style)
    if report.quiet:
        return
    told = ", ".join(f"{verdicts[verdict]:,} {verdict.replace('-', ' ')}" for verdict in VERDICTS)
    yield f"{count(verdicts.total(), 'case')} replayed: {told}\n"


def _entry(replayed: Replayed, style: Style) -> str:
    case = replayed.case
    verdict = style.paint(replayed.verdict.replace("-", " "), _ROLES[replayed.verdict])
    text = f"{verdict}: {visible(subject_of(case))} ({case.id}): {visible(replayed.message)}\n"
    if replayed.verdict == "fixed":
        return text
    source = f"{visible(case.section)}, {case.basis}"
    return f"{text}  expected {visible(case.expected)} ({source})\n  came: {_came(replayed)}\n"


def subject_of(case: SavedCase) -> str:
    """What a case is about, in a few words."""
    name = f"{case.cause.oracle} {case.cause.rule}".strip()
    place = f" at {case.cause.place}" if case.cause.place else ""
    return f"{name}{place} in {case.step.syntax.upper()}"


def _came(replayed: Replayed) -> str:
    received = replayed.steps[replayed.case.guilty].received
    if received.status is None:
        return visible(received.detail or received.fault or "nothing")
    text = " ".join(received.text.split())
    return visible(f"HTTP {received.status} {text[:_LONGEST]}{'…' if len(text) > _LONGEST else ''}".rstrip())


def render_json(replays: Iterable[Replayed], report: ReplayReport) -> Iterator[str]:
    """One JSON document, in parts."""
    head = {
        "version": VERSION,
        "tool": "altcraft-contract",
        "tool_version": __version__,
        "contract": report.contract,
        "target": report.target,
    }
    yield json.dumps(head)[:-1] + ',\n "results": ['
    separator = "\n  "
    verdicts: Counter[str] = Counter()
    for replayed in replays:
        verdicts[replayed.verdict] += 1
        yield separator + json.dumps(_result(replayed))
        separator = ",\n  "
    summary = {
        "cases": report.cases,
        **{verdict.replace("-", "_"): verdicts[verdict] for verdict in VERDICTS},
        "not_replayed": report.cases - verdicts.total(),
    }
    yield f'],\n "summary": {json.dumps(summary)}}}\n'


def _result(replayed: Replayed) -> dict[str, Any]:
    case = replayed.case
    return {
        "id": case.id,
        "run": case.run,
        **{name: getattr(case.cause, name) for name in ("oracle", "rule", "place")},
        "verdict": replayed.verdict,
        "message": replayed.message,
        "expected": case.expected,
        "section": case.section,
        "basis": str(case.basis),
        "steps": [_step(step) for step in replayed.steps],
    }


def _step(step: Step) -> dict[str, Any]:
    received = step.received
    return {
        "title": step.case.title,
        "syntax": step.case.syntax,
        "external_id": step.case.external_id,
        "status": received.status,
        "outcome": received.outcome,
        "seconds": round(received.seconds, 3),
        "fault": received.fault,
        "answer": received.text,
        "is_cut": received.is_cut,
    }


RENDERERS: Final[Mapping[str, Callable[[Iterable[Replayed], ReplayReport], Iterator[str]]]] = MappingProxyType(
    {"text": render_text, "json": render_json}
)
"""Name of a form to what writes it."""
