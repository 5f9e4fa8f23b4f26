"""What the proxy found, in the form that reports are made of; secrets of a request are kept out of its answer, too."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from altcraft_contract.findings import with_findings
from altcraft_contract.renderers.redaction import Redactor
from altcraft_contract.renderers.report import Entry
from altcraft_contract.stub.entry_json import secrets_of_request

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from altcraft_contract.findings import CheckResult, Finding
    from altcraft_contract.stub.journal import Check, JournalEntry


def iter_report_entries(entries: Iterable[JournalEntry]) -> Iterator[Entry]:
    """Each request and answer that was checked, and the two together."""
    for entry in entries:
        place = f"exchange {entry.number}"
        secrets = _Secrets(entry)
        request = _Message(entry.request.body, entry.body_size)
        if entry.check is not None:
            yield _entry(f"{place}: request", entry.check, request, secrets)
        if entry.answer is None:
            continue
        answer = _Message(entry.answer.body, entry.answer_size)
        if entry.check_answer is not None:
            yield _entry(f"{place}: answer", entry.check_answer, answer, secrets)
        if entry.check_exchange is not None:
            yield _entry(place, entry.check_exchange, answer, secrets)


class _Secrets:
    """The secrets of an exchange, looked for when they are first needed."""

    def __init__(self, entry: JournalEntry) -> None:
        self._entry = entry
        self._values: frozenset[str] | None = None

    def values(self) -> frozenset[str]:
        if self._values is None:
            self._values = secrets_of_request(self._entry.request) | self._entry.secrets
        return self._values


class _Message:
    """A body as the journal keeps it: of a large one there is only the beginning, and so no frame can be shown."""

    def __init__(self, body: bytes, size: int) -> None:
        self.body = body
        self.is_whole = len(body) >= size

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


def _entry(path: str, check: Check, message: _Message, secrets: _Secrets) -> Entry:
    result = check()
    if not result.findings:
        return Entry(path, None, result, "")
    redactor = Redactor(message.text, secrets=secrets.values())
    return Entry(path, None, _redacted(result, redactor), redactor.source if message.is_whole else "")


def _redacted(result: CheckResult, redactor: Redactor) -> CheckResult:
    def redact(finding: Finding) -> Finding:
        return replace(
            finding,
            pointer=redactor.redact(finding.pointer),
            message=redactor.redact(finding.message),
            hint=redactor.redact(finding.hint) if finding.hint is not None else None,
        )

    return with_findings(result, [redact(finding) for finding in result.findings])
