"""The parts of a campaign in their JSON form, without secrets; `report.schema.json` describes them."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.fuzz.reports.wording import case_file
from altcraft_contract.fuzz.showing import (
    curl_line,
    is_text,
    request_headers,
    safe,
    safe_body,
    safe_headers,
    shown_body,
)
from altcraft_contract.renderers.redaction import redact_path
from altcraft_contract.renderers.visible import visible

if TYPE_CHECKING:
    from altcraft_contract.fuzz.case import Case
    from altcraft_contract.fuzz.failure import Failure, Observation, Received, Step
    from altcraft_contract.fuzz.report import CampaignReport, PhaseCount
    from altcraft_contract.fuzz.strictness import StrictnessCell, StrictnessRow

VERSION: Final = 1
TOOL: Final = "altcraft-contract"


_LONGEST: Final = 100_000  # characters of a request's body; the case file has all of it
_perhaps_unseen = re.compile(r"[^ -~\n]")


def dumped(value: Any, *, indent: int | None = None) -> str:
    """*value* as JSON in which every character is in print, so that it can be looked at in a terminal, too."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return text if text.isprintable() else _perhaps_unseen.sub(_in_print, text)


def _in_print(found: re.Match[str]) -> str:
    """A character; as an escape of JSON if it does not show: outside of strings there is none."""
    return found[0] if found[0].isprintable() else json.dumps(found[0])[1:-1]


def head_as_json(report: CampaignReport) -> dict[str, Any]:
    """What is known of a campaign before it begins."""
    return {
        "version": VERSION,
        "tool": TOOL,
        "tool_version": report.tool_version,
        "contract": report.contract,
        "run": report.run,
        "target": safe(report.target),
        "seed": report.seed,
        "started": report.started,
    }


def end_as_json(report: CampaignReport) -> dict[str, Any]:
    """What is known at its end, but for what it found."""
    return {
        "seconds": report.seconds,
        "ending": report.ending,
        "ending_detail": safe(report.ending_detail),
        "ok": report.ok,
        "exit_code": report.exit_code,
        "requests": report.requests,
        "orders": report.orders,
        "outcomes": dict(report.outcomes),
        "timing": asdict(report.timing),
        "gone": list(report.gone),
        "journal": _path(report.journal),
        "directory": _path(report.directory),
    }


def failure_as_json(failure: Failure, report: CampaignReport) -> dict[str, Any]:
    """A failure with its steps."""
    return {
        "id": failure.id,
        "cause": {name: safe(part) for name, part in failure.cause._asdict().items()},
        "phase": failure.phase,
        "trial": failure.trial,
        "feature": failure.feature,
        "rule": failure.rule,
        "basis": str(failure.basis),
        "section": failure.section,
        "message": safe(failure.message),
        "expected": safe(failure.expected),
        "steps": [step_as_json(step) for step in failure.steps],
        "guilty": failure.guilty % len(failure.steps),
        "twin": step_as_json(failure.twin) if failure.twin is not None else None,
        "syntaxes": list(failure.syntaxes),
        "count": failure.count,
        "is_shrunk": failure.is_shrunk,
        "attempts": failure.attempts,
        "confirmed": failure.confirmed,
        "curl": curl_line(failure.step.case, safe(report.target)),
        "case_file": case_file(report, failure),
    }


def step_as_json(step: Step) -> dict[str, Any]:
    """A request and its answer."""
    return {"request": _request(step.case), "answer": _answer(step.received)}


def observation_as_json(observation: Observation) -> dict[str, Any]:
    """Something that the documentation is silent about."""
    return {
        "kind": observation.kind,
        "subject": safe(observation.subject),
        "message": safe(observation.message),
        "count": observation.count,
        "trial": observation.trial,
    }


def strictness_as_json(row: StrictnessRow) -> dict[str, Any]:
    """A row of the matrix."""
    return {
        "rule": row.rule,
        "place": row.place,
        "severity": str(row.severity),
        "differs": row.differs,
        "json": _cell(row.json),
        "xml": _cell(row.xml),
    }


def _request(case: Case) -> dict[str, Any]:
    text = shown_body(case)
    return {
        "title": case.title,
        "syntax": case.syntax,
        "method": case.method,
        "headers": [list(header) for header in request_headers(case)],
        "framing": case.framing,
        "credentials": case.credentials,
        "own_connection": case.own_connection,
        "is_odd": case.is_odd,
        "expected": case.expected,
        "rule": case.rule,
        "place": case.place,
        "external_id": case.external_id,
        "body": text[:_LONGEST],
        "body_base64": None if is_text(case.body) else b64encode(case.body[:_LONGEST]).decode(),
        "body_bytes": len(case.body),
        "is_cut": len(text) > _LONGEST,
    }


def _answer(received: Received) -> dict[str, Any]:
    return {
        "status": received.status,
        "headers": [list(header) for header in safe_headers(received)],
        "body": safe_body(received.text),
        "body_bytes": received.size,
        "is_cut": received.is_cut,
        "outcome": received.outcome,
        "seconds": received.seconds,
        "fault": received.fault,
        "detail": safe(received.detail),
    }


def _cell(cell: StrictnessCell) -> dict[str, Any]:
    return {"enforcement": cell.enforcement, **asdict(cell)}


def _path(path: str | None) -> str | None:
    return None if path is None else visible(redact_path(path))


def phase_as_json(phase: PhaseCount) -> dict[str, Any]:
    """What became of a phase."""
    return asdict(phase)
