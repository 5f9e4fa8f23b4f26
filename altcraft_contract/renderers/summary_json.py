"""The machine form of a summary; `schemas/lint-summary.schema.json` describes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract import __version__
from altcraft_contract.renderers.shown import encodable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from altcraft_contract.renderers.report import RenderOptions, Tally
    from altcraft_contract.renderers.summary import Example, Summary

VERSION: Final = 1


class SummaryJson:
    """A summary as one JSON document."""

    def __init__(self, options: RenderOptions) -> None:
        self._contract = options.contract

    def render(self, summary: Summary, tally: Tally) -> Iterator[str]:
        """The document, with a row a line."""
        head = {
            "version": VERSION,
            "tool": "altcraft-contract",
            "tool_version": __version__,
            "contract": self._contract,
            "summary": _counts(tally, summary.truncated),
        }
        yield json.dumps(head)[:-1]
        yield from _list("rules", _iter_rules(summary))
        yield from _list("places", _iter_places(summary))
        yield from _list("days", _iter_days(summary))
        yield "}\n"


def _counts(tally: Tally, truncated: int) -> dict[str, Any]:
    return {
        "documents": tally.documents,
        "failed": tally.failed,
        "skipped": len(tally.skipped),
        "unreadable": tally.unreadable,
        "errors": tally.errors,
        "warnings": tally.warnings,
        "suppressed": tally.suppressed,
        "truncated": truncated,
        "interrupted": tally.interrupted,
    }


def _list(name: str, rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield f',\n "{name}": ['
    separator = "\n  "
    for row in rows:
        yield separator + json.dumps(row, ensure_ascii=False)
        separator = ",\n  "
    yield "]"


def _iter_rules(summary: Summary) -> Iterator[dict[str, Any]]:
    for rule, severity, counts in summary.rules():
        yield {
            "rule": rule,
            "severity": str(severity),
            "documents": counts.documents,
            "findings": counts.findings,
            "example": _example(counts.example) if counts.example is not None else None,
        }


def _example(example: Example) -> dict[str, Any]:
    return {
        "path": encodable(example.path),
        "document": example.document or None,
        "line": example.line or None,
        "column": example.column or None,
    }


def _iter_places(summary: Summary) -> Iterator[dict[str, Any]]:
    for place, counts in summary.places():
        rules = dict(sorted(counts.rules.items(), key=lambda item: (-item[1], item[0])))
        yield {"place": place, "documents": counts.documents, "findings": counts.findings, "rules": rules}


def _iter_days(summary: Summary) -> Iterator[dict[str, Any]]:
    for day, counts in summary.days():
        yield {
            "day": day,
            "documents": counts.documents,
            "failed": counts.failed,
            "errors": counts.errors,
            "warnings": counts.warnings,
        }
