"""The stable machine form, whole or line by line; `report.schema.json` describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from altcraft_contract.fuzz.reports.json_form import (
    dumped,
    end_as_json,
    failure_as_json,
    head_as_json,
    observation_as_json,
    phase_as_json,
    step_as_json,
    strictness_as_json,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from altcraft_contract.fuzz.report import CampaignReport


def render_json(report: CampaignReport) -> Iterator[str]:
    """One JSON document."""
    parts: dict[str, Any] = {
        **head_as_json(report),
        **end_as_json(report),
        "phases": [phase_as_json(phase) for phase in report.phases],
        "failures": [failure_as_json(failure, report) for failure in report.failures],
        "known": [failure_as_json(failure, report) for failure in report.known],
        "observations": [observation_as_json(observation) for observation in report.observations],
        "strictness": [strictness_as_json(row) for row in report.strictness],
        "warm_up": [step_as_json(step) for step in report.warm_up],
    }
    yield dumped(parts, indent=1) + "\n"


def render_ndjson(report: CampaignReport) -> Iterator[str]:
    """A JSON object a line, with a `type`: first `campaign`, last `end`."""
    yield _line("campaign", head_as_json(report))
    yield from _lines("warm-up", map(step_as_json, report.warm_up))
    yield from _lines("phase", map(phase_as_json, report.phases))
    for kind, failures in (("failure", report.failures), ("known", report.known)):
        yield from _lines(kind, (failure_as_json(failure, report) for failure in failures))
    yield from _lines("observation", map(observation_as_json, report.observations))
    yield from _lines("strictness", map(strictness_as_json, report.strictness))
    yield _line("end", end_as_json(report))


def _lines(kind: str, values: Iterable[dict[str, Any]]) -> Iterator[str]:
    for value in values:
        yield _line(kind, value)


def _line(kind: str, value: dict[str, Any]) -> str:
    return dumped({"type": kind, **value}) + "\n"
