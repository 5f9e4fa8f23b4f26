"""What a page says otherwise than the contract, as text, JSON and Markdown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from altcraft_contract import __version__
from altcraft_contract.renderers.markdown_text import code, inline, table_row
from altcraft_contract.renderers.text import count
from altcraft_contract.renderers.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from altcraft_contract.evolution.drift import Comparison, Drift

VERSION: Final = 1
"""Of the JSON form; `schemas/drift-report.schema.json` describes it."""
_LONGEST: Final = 300  # characters of what a page says that are shown


@dataclass(frozen=True, slots=True)
class DriftReport:
    """What is to be told.

    Attributes:
        path: Of the page, as the user named it.
        contract: Version of the contract.
        comparison: As `compare_page` returns it.
    """

    path: str
    contract: str
    comparison: Comparison

    def headline(self) -> str:
        """What was compared and how much of it differs, in a sentence."""
        compared = self.comparison
        looked = f"{count(compared.tables, 'table')}, {count(compared.fields, 'field')}"
        told = count(len(compared.drifts), "difference") if compared.drifts else "no difference"
        return f"{looked} and {count(compared.examples, 'example')} compared with {self.contract}: {told}"


def _render_text(report: DriftReport) -> str:
    lines = [
        f"{visible(_place(report.path, drift))} {drift.kind}: {visible(drift.where)}\n"
        f"  page:     {visible(_said(drift.page))}\n  contract: {visible(_said(drift.contract))}\n"
        for drift in report.comparison.drifts
    ]
    return "\n".join([*lines, report.headline(), ""])


def _place(path: str, drift: Drift) -> str:
    return f"{path}:{drift.line}:" if drift.line is not None else f"{path}:"


def _said(text: str) -> str:
    if not text:
        return "nothing"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _render_markdown(report: DriftReport) -> str:
    lines = [f"## {inline(f'The page beside the contract {report.contract}')}\n\n{inline(report.headline())}\n"]
    if report.comparison.drifts:
        lines += ["\n", table_row(["line", "what", "where", "page", "contract"]), table_row(["---"] * 5)]
    for drift in report.comparison.drifts:
        line = str(drift.line) if drift.line is not None else ""
        said = [inline(_said(text)) for text in (drift.page, drift.contract)]
        lines.append(table_row([line, drift.kind, code(drift.where), *said]))
    return "".join(lines)


def _render_json(report: DriftReport) -> str:
    compared = report.comparison
    form = {
        "version": VERSION,
        "tool": "altcraft-contract",
        "tool_version": __version__,
        "contract": report.contract,
        "drifts": [
            {
                "kind": drift.kind,
                "line": drift.line,
                "where": drift.where,
                "pointer": drift.pointer,
                "page": _said(drift.page) if drift.page else None,
                "contract": drift.contract or None,
            }
            for drift in compared.drifts
        ],
        "summary": {
            "tables": compared.tables,
            "fields": compared.fields,
            "examples": compared.examples,
            "drifts": len(compared.drifts),
        },
    }
    return json.dumps(form, indent=1, ensure_ascii=False) + "\n"


DRIFT_RENDERERS: Final[Mapping[str, Callable[[DriftReport], str]]] = {
    "text": _render_text,
    "json": _render_json,
    "markdown": _render_markdown,
}
"""Name of a format, as `--format` takes it, to what renders a report in it."""
