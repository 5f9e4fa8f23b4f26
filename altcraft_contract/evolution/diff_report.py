"""The changes between two versions of the contract as text, JSON and Markdown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract import __version__
from altcraft_contract.evolution.changes import VERDICTS, Change, count_changes
from altcraft_contract.evolution.usage import hit_of
from altcraft_contract.renderers.markdown_text import code, inline, table_row
from altcraft_contract.renderers.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from altcraft_contract.evolution.usage import Usage

VERSION: Final = 1
"""Of the JSON form; `schemas/diff-report.schema.json` describes it."""
_WHOLE: Final[Mapping[str, str]] = {"endpoint": "", "request": "the body", "response": "the body"}


@dataclass(frozen=True, slots=True)
class DiffReport:
    """What is to be told.

    Attributes:
        old: The older version.
        new: The newer version.
        changes: As `compare_contracts` returns them.
        usage: What a client uses; None if that is not asked.
    """

    old: str
    new: str
    changes: Sequence[Change]
    usage: Usage | None = None

    def groups(self) -> Iterator[tuple[str, list[Change]]]:
        """Each verdict that there is with its changes, the worst first."""
        for breaks, verdict in VERDICTS.items():
            group = [change for change in self.changes if change.breaks == breaks]
            if group:
                yield verdict, group

    def headline(self) -> str:
        """How many changes there are, in a sentence."""
        counts = count_changes(self.changes)
        if not counts.all:
            return f"{self.old} to {self.new}: no change"
        number = f"{counts.all} change{'s' if counts.all != 1 else ''}"
        parts = [f"{counts.clients} breaking for clients", f"{counts.servers} breaking for servers"]
        text = f"{self.old} to {self.new}: {number}, {', '.join(parts)}, {counts.harmless} harmless"
        if self.usage is None:
            return text
        return f"{text}; {self.count_hits()} of them hit this client"

    def count_hits(self) -> int:
        """How many changes hit the client."""
        return sum(hit_of(change, self.usage).hits for change in self.changes) if self.usage is not None else 0


def _render_text(report: DiffReport) -> str:
    lines = [report.headline()]
    for verdict, group in report.groups():
        lines += ["", f"{verdict}:"]
        for change in group:
            rule = f" [{change.rule}]" if change.rule is not None else ""
            lines.append(visible(f"  {_place(change)}{rule}: {change.text}"))
            if report.usage is not None and "clients" in change.breaks:
                hit = hit_of(change, report.usage)
                lines.append(visible(f"    = {'hits' if hit.hits else 'does not hit'} this client: {hit.why}"))
    return "\n".join([*lines, ""])


def _place(change: Change) -> str:
    return f"{change.subject} {change.pointer or _WHOLE[change.subject]}".rstrip()


def _render_markdown(report: DiffReport) -> str:
    lines = [f"## {inline(f'Contract {report.old} to {report.new}')}\n\n{inline(report.headline())}\n"]
    columns = ["where", "rule", "change", *(["this client"] if report.usage is not None else [])]
    for verdict, group in report.groups():
        lines.append(f"\n### {verdict.capitalize()}\n\n")
        lines.append(table_row(columns))
        lines.append(table_row(["---"] * len(columns)))
        for change in group:
            cells = [code(_place(change)), code(change.rule or ""), inline(change.text)]
            if report.usage is not None:
                hit = hit_of(change, report.usage)
                cells.append(inline(f"{'hit' if hit.hits else 'not hit'}: {hit.why}"))
            lines.append(table_row(cells))
    return "".join(lines)


def _render_json(report: DiffReport) -> str:
    counts = count_changes(report.changes)
    form = {
        "version": VERSION,
        "tool": "altcraft-contract",
        "tool_version": __version__,
        "old": report.old,
        "new": report.new,
        "changes": [_as_json(change, report.usage) for change in report.changes],
        "summary": {
            "changes": counts.all,
            "clients": counts.clients,
            "servers": counts.servers,
            "harmless": counts.harmless,
            "hits": report.count_hits() if report.usage is not None else None,
        },
    }
    return json.dumps(form, indent=1, ensure_ascii=False) + "\n"


def _as_json(change: Change, usage: Usage | None) -> dict[str, Any]:
    hit = hit_of(change, usage) if usage is not None else None
    return {
        "subject": change.subject,
        "pointer": change.pointer,
        "keyword": change.keyword,
        "rule": change.rule,
        "condition": change.condition or None,
        "before": change.before,
        "after": change.after,
        "breaks": list(change.breaks),
        "verdict": change.verdict,
        "text": change.text,
        "hits": hit.hits if hit is not None else None,
        "why": hit.why if hit is not None else None,
    }


DIFF_RENDERERS: Final[Mapping[str, Callable[[DiffReport], str]]] = {
    "text": _render_text,
    "json": _render_json,
    "markdown": _render_markdown,
}
"""Name of a format, as `--format` takes it, to what renders a report in it."""
