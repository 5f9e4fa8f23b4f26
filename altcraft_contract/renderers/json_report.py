"""The stable machine form; `schemas/lint-report.schema.json` describes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract import __version__
from altcraft_contract.renderers.redaction import Redactor, redact_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from altcraft_contract.findings import Finding
    from altcraft_contract.renderers.report import Entry, RenderOptions, Tally

VERSION: Final = 1


def render_json(entries: Iterable[Entry], tally: Tally, options: RenderOptions) -> Iterator[str]:
    """Render a run as one JSON document, in parts; a record of an NDJSON file only if it has findings."""
    head = {"version": VERSION, "tool": "altcraft-contract", "tool_version": __version__, "contract": options.contract}
    yield json.dumps(head)[:-1] + ',\n "results": ['
    separator = "\n  "
    for entry in entries:
        if entry.result.findings or entry.document is None:
            yield separator + json.dumps(_result(entry), ensure_ascii=False)
            separator = ",\n  "
    summary = {
        "documents": tally.documents,
        "failed": tally.failed,
        "skipped": len(tally.skipped),
        "errors": tally.errors,
        "warnings": tally.warnings,
    }
    yield f'],\n "summary": {json.dumps(summary)}}}\n'


def _result(entry: Entry) -> dict[str, Any]:
    redactor = (
        Redactor(entry.text, "xml" if entry.result.syntax == "xml" else "json") if entry.result.findings else None
    )
    return {
        "path": redact_text(entry.path),
        "document": entry.document,
        "message": entry.result.message,
        "syntax": entry.result.syntax,
        "ok": entry.result.ok,
        "findings": [
            _finding(finding, redactor, entry.first_line - 1)
            for finding in entry.result.findings
            if redactor is not None
        ],
    }


def _finding(finding: Finding, redactor: Redactor, shift: int) -> dict[str, Any]:
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
