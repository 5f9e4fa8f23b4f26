"""Journal entries in their JSON form: the one way out, and so the one place where secrets are taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.renderers.json_report import finding_as_json
from altcraft_contract.renderers.redaction import MASK, Redactor, redact_text
from altcraft_contract.renderers.secret_names import is_secret_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from altcraft_contract.findings import Finding
    from altcraft_contract.stub.journal import JournalEntry
    from altcraft_contract.stub.traffic import Answer, Headers, Request

LONGEST_ID: Final = 200  # characters of an order's id that are shown
MOST_FINDINGS: Final = 200  # of one message, in the JSON form
_SECRET_HEADERS: Final = frozenset({"cookie", "set-cookie", "proxy-authorization"})


def render_entry(entry: JournalEntry) -> dict[str, Any]:
    """The JSON form of an entry, without the secrets of its request."""
    request = _Redacted(entry.request, entry.secrets)
    return {
        "number": entry.number,
        "time": render_time(entry.time),
        "duration_ms": round(entry.duration * 1000, 3),
        "method": request.redact(entry.request.method),
        "path": request.redact(entry.request.path),
        "headers": request.headers(entry.request.headers),
        "syntax": entry.syntax,
        "body": request.redactor.source if entry.request.body else None,
        "body_bytes": entry.body_size,
        "external_id": request.redact(entry.external_id)[:LONGEST_ID] if entry.external_id is not None else None,
        "ok": entry.ok,
        "findings": _findings(entry.findings, request.redactor),
        "refusal": entry.refusal,
        "scenario": entry.scenario,
        "is_repeat": entry.is_repeat,
        "notes": [request.redact(note) for note in entry.notes],
        "answer": _answer(entry, entry.answer, request) if entry.answer is not None else None,
        "exchange_findings": _findings(entry.exchange_findings, request.redactor),
    }


def render_time(time: datetime) -> str:
    """A time in UTC as RFC 3339, to the millisecond."""
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def secrets_of_request(request: Request) -> frozenset[str]:
    """The secrets of a request, in its headers as well as in its body."""
    return _Redacted(request).secrets


class _Redacted:
    """Takes the secrets of one request out of whatever is said about it."""

    def __init__(self, request: Request, secrets: frozenset[str] = frozenset()) -> None:
        values = secrets.union(_header_secrets(request.headers))
        self.redactor = Redactor(request.body.decode(errors="replace"), secrets=values)
        self.secrets = self.redactor.secrets | values

    def redact(self, text: str) -> str:
        return redact_text(text, self.secrets)

    def headers(self, headers: Headers) -> list[list[str]]:
        shown = []
        for raw_name, raw_value in headers:
            name = raw_name.decode("latin-1")
            value = MASK if _is_secret(name) else self.redact(raw_value.decode("latin-1"))
            shown.append([self.redact(name), value])
        return shown


def _is_secret(name: str) -> bool:
    return name in _SECRET_HEADERS or is_secret_name(name)


def _header_secrets(headers: Headers) -> Iterable[str]:
    for raw_name, raw_value in headers:
        if _is_secret(raw_name.decode("latin-1")):
            value = raw_value.decode("latin-1").strip()
            yield value
            yield value.rpartition(" ")[2]  # the credentials without their scheme


def _answer(entry: JournalEntry, answer: Answer, request: _Redacted) -> dict[str, Any]:
    redactor = Redactor(answer.body.decode(errors="replace"), secrets=request.secrets)
    return {
        "status": answer.status,
        "headers": request.headers(answer.headers),
        "body": redactor.source if answer.body else None,
        "body_bytes": entry.answer_size,
        "error": entry.error,
        "error_text": redactor.redact(entry.error_text) if entry.error_text is not None else None,
        "outcome": entry.outcome,
        "delay": answer.delay,
        "cut": answer.cut,
        "findings": _findings(entry.answer_findings, redactor),
    }


def _findings(findings: Sequence[Finding], redactor: Redactor) -> list[dict[str, Any]]:
    return [finding_as_json(finding, redactor) for finding in findings[:MOST_FINDINGS]]
