"""The coverage in a stable machine form; `report.schema.json`, beside this module, describes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract import __version__

if TYPE_CHECKING:
    from altcraft_contract.testing.coverage.summary import Share, Summary

VERSION: Final = 1


def render_json(summary: Summary) -> str:
    """One JSON document: the totals, then every field, rule and scenario with its counts."""
    return json.dumps(_report(summary), indent=1, ensure_ascii=False) + "\n"


def _report(summary: Summary) -> dict[str, Any]:
    return {
        "version": VERSION,
        "tool": "altcraft-contract",
        "tool_version": __version__,
        "contract": summary.contract,
        "checked": {f"{message}s": number for message, number in summary.messages.items()},
        "totals": {
            **{group: _share(share) for group, share in summary.shares.items()},
            "all": _share(summary.total),
        },
        "fields": [
            {
                "message": use.field.message,
                "pointer": use.field.pointer,
                "section": use.field.section,
                "exercised": use.exercised,
                "messages": use.messages,
            }
            for use in summary.fields
        ],
        "rules": [
            {
                "rule": use.rule.id,
                "severity": str(use.rule.severity),
                "basis": str(use.rule.basis),
                "scope": use.rule.scope,
                "exercised": use.exercised,
                "kept": use.kept,
                "broken": use.broken,
            }
            for use in summary.rules
        ],
        "rules_off": list(summary.off),
        "scenarios": [
            {
                "scenario": use.scenario.name,
                "kind": use.scenario.kind,
                "exercised": use.exercised,
                "answers": use.answers,
            }
            for use in summary.scenarios
        ],
    }


def _share(share: Share) -> dict[str, Any]:
    return {"exercised": share.exercised, "all": share.all, "percent": share.percent}
