"""The stable machine form; `schemas/lint-report.schema.json` describes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract import __version__
from altcraft_contract.renderers.visible import needs_redaction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.findings import Finding
    from altcraft_contract.renderers.redaction import Redactor
    from altcraft_contract.renderers.report import Entry, RenderOptions, Tally

VERSION: Final = 1
_FIRST, _NEXT = "\n  ", ",\n  "  # before a result


class JsonReport:
    """A run as one JSON document; a record of an NDJSON file stands in it only if it has findings."""

    def __init__(self, options: RenderOptions) -> None:
        self._options = options
        self._separator = _FIRST

    def begin(self) -> Iterator[str]:
        """The head."""
        head = {
            "version": VERSION,
            "tool": "altcraft-contract",
            "tool_version": __version__,
            "contract": self._options.contract,
        }
        yield json.dumps(head)[:-1] + ',\n "results": ['

    def take(self, entry: Entry) -> Iterator[str]:
        """A result."""
        if entry.result.findings or entry.document is None:
            yield self._separator + json.dumps(_result(entry), ensure_ascii=False)
            self._separator = _NEXT

    def adopt(self, text: str) -> Iterator[str]:
        """What another one has made of documents, as part of this report."""
        yield text if self._separator == _FIRST else f",{text}"
        self._separator = _NEXT

    def end(self, tally: Tally) -> Iterator[str]:
        """The summary."""
        summary = {
            "documents": tally.documents,
            "failed": tally.failed,
            "skipped": len(tally.skipped),
            "errors": tally.errors,
            "warnings": tally.warnings,
        }
        yield f'],\n "summary": {json.dumps(summary)}}}\n'


def _result(entry: Entry) -> dict[str, Any]:
    result, path = entry.result, entry.path
    findings: list[dict[str, Any]] = []
    if result.findings or needs_redaction(path):
        from altcraft_contract.renderers.redaction import Redactor  # noqa: PLC0415 - most documents do not need it

        redactor = Redactor(entry.text, "xml" if result.syntax == "xml" else "json", secrets=entry.secrets)
        findings = [finding_as_json(finding, redactor, entry.first_line - 1) for finding in result.findings]
        path = redactor.redact_path(entry.path)
    return {
        "path": _encodable(path),
        "document": entry.document,
        "message": result.message,
        "syntax": result.syntax,
        "ok": result.ok,
        "findings": findings,
    }


def _encodable(path: str) -> str:
    """*path*, with the bytes of a name that is not UTF-8 as escapes: half a surrogate pair is no text."""
    return path.encode(errors="surrogateescape").decode(errors="backslashreplace")


def finding_as_json(finding: Finding, redactor: Redactor, shift: int = 0) -> dict[str, Any]:
    """A finding as it stands in the report, without secrets; its document begins *shift* lines down its file."""
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "basis": str(finding.basis),
        "pointer": redactor.redact(finding.pointer),
        "line": finding.line + shift if finding.line is not None else None,
        "column": finding.column,
        "message": redactor.redact(finding.message),
        "hint": redactor.redact(finding.hint) if finding.hint is not None else None,
        "section": finding.section,
    }
