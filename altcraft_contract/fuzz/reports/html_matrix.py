"""The strictness matrix as a picture: places by rules, each cell split into JSON and XML."""

from __future__ import annotations

from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from altcraft_contract.findings import Severity
from altcraft_contract.fuzz.reports.wording import ENFORCEMENTS, SYNTAXES
from altcraft_contract.renderers.html_text import place
from altcraft_contract.renderers.text import count
from altcraft_contract.rules.catalogue import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from altcraft_contract.contract import Syntax
    from altcraft_contract.fuzz.report import CampaignReport
    from altcraft_contract.fuzz.strictness import Enforcement, StrictnessCell, StrictnessRow

_SIGNS: Final[Mapping[Enforcement, str]] = MappingProxyType(
    {"enforced": "✓", "not-enforced": "✕", "partly": "½", "not-reached": "?", "impossible": ""}
)
_GROUPS: Final[Mapping[Severity, str]] = MappingProxyType(
    {Severity.ERROR: "Must be refused", Severity.WARNING: "May be accepted"}
)
_WHOLE: Final = "the whole body"
_DEEPEST: Final = 6  # levels that the page indents


def matrix_card(report: CampaignReport) -> str:
    """The picture with its legend; empty if nothing was asked."""
    rows = report.strictness
    if not rows:
        return ""
    differing = sum(row.differs for row in rows)
    apart = f"JSON and XML differ at {count(differing, 'place')}" if differing else "JSON and XML are treated alike"
    return (
        '<section class="card" aria-labelledby="strictness">\n'
        f'  <div class="card-head"><h2 id="strictness">Strictness</h2><span class="count">{apart}</span></div>\n'
        '  <p class="note">Whether the target refuses what breaks a rule, for each rule and each place.</p>\n'
        f'{_legend()}  <div class="scroll" role="region" aria-labelledby="strictness" tabindex="0">'
        f"{_table(rows)}</div>\n</section>"
    )


def _legend() -> str:
    items = "".join(
        f'<li><span class="half {name}" aria-hidden="true">{_SIGNS[name]}</span>{title}</li>'
        for name, title in ENFORCEMENTS.items()
        if name != "impossible"
    )
    return (
        f'  <ul class="legend" aria-label="Legend">{items}'
        '<li><span class="pair" aria-hidden="true"><span class="half enforced">✓</span>'
        '<span class="half not-enforced">✕</span></span>left JSON, right XML</li>'
        '<li><span class="pair differs" aria-hidden="true"><span class="half enforced">✓</span>'
        '<span class="half not-enforced">✕</span></span>outlined: the two differ</li>'
        "<li>empty: the rule cannot be broken there</li></ul>\n"
    )


def _table(rows: Sequence[StrictnessRow]) -> str:
    asked = {row.rule for row in rows}
    groups = {kind: [r for r in RULES if r in asked and RULES[r].severity is kind] for kind in _GROUPS}
    groups = {kind: rules for kind, rules in groups.items() if rules}
    cells = {(row.place, row.rule): row for row in rows}
    places = sorted({row.place for row in rows}, key=lambda pointer: pointer.split("/"))
    tops = "".join(
        f'<th class="group" colspan="{len(rules)}" scope="colgroup">{_GROUPS[kind]}</th>'
        for kind, rules in groups.items()
    )
    heads = "".join(_head(rule, is_first=rule == rules[0]) for rules in groups.values() for rule in rules)
    body = "".join(_row(pointer, parents, groups, cells) for pointer, parents in _iter_parents(places))
    return (
        '<table class="matrix"><caption class="unseen">Places by rules</caption>'
        f'<thead><tr><td></td>{tops}</tr><tr><th scope="col">Place</th>{heads}</tr></thead>\n'
        f"<tbody>\n{body}</tbody></table>"
    )


def _head(rule: str, *, is_first: bool) -> str:
    first = " first" if is_first else ""
    return (
        f'<th class="rule{first}" scope="col" title="{escape(RULES[rule].statement)}"><span>{escape(rule)}</span></th>'
    )


def _iter_parents(places: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    """Each place with those that it stands in, the outermost first; *places* in their order."""
    parents: list[str] = []
    for pointer in places:
        while parents and not pointer.startswith(f"{parents[-1]}/"):
            parents.pop()
        yield pointer, tuple(parents)
        if pointer:
            parents.append(pointer)


def _row(
    pointer: str,
    parents: Sequence[str],
    groups: Mapping[Severity, Sequence[str]],
    cells: Mapping[tuple[str, str], StrictnessRow],
) -> str:
    prefix = parents[-1] if parents else ""
    shown = f'<span class="prefix">{place(prefix)}</span>{place(pointer.removeprefix(prefix))}'
    name = f"<code>{shown}</code>" if pointer else _WHOLE
    depth = min(len(parents), _DEEPEST)
    written = "".join(
        _cell(cells.get((pointer, rule)), kind, is_first=rule == rules[0])
        for kind, rules in groups.items()
        for rule in rules
    )
    return f'<tr><th class="place depth-{depth}" scope="row" title="{escape(pointer)}">{name}</th>{written}</tr>\n'


def _cell(row: StrictnessRow | None, severity: Severity, *, is_first: bool) -> str:
    first = " first" if is_first else ""
    if row is None:
        return f'<td class="cell none{first}"></td>'
    differs = " differs" if row.differs else ""
    halves = "".join(_half(row, syntax) for syntax in SYNTAXES)
    return (
        f'<td class="cell {severity}{first}" data-rule="{escape(row.rule)}">'
        f'<span class="pair{differs}" title="{escape(_title(row))}">{halves}</span></td>'
    )


def _half(row: StrictnessRow, syntax: Syntax) -> str:
    kind = _of(row, syntax).enforcement
    words = f"{SYNTAXES[syntax]}: {ENFORCEMENTS[kind]}. "
    return (
        f'<span class="half {kind}" data-syntax="{SYNTAXES[syntax]}"><span class="unseen">{words}</span>'
        f'<span aria-hidden="true">{_SIGNS[kind]}</span></span>'
    )


def _title(row: StrictnessRow) -> str:
    return "\n".join([f"{row.rule} at {row.place or _WHOLE}", *_iter_told(row)])


def _iter_told(row: StrictnessRow) -> Iterator[str]:
    for syntax, title in SYNTAXES.items():
        cell = _of(row, syntax)
        numbers = {"refused": cell.refused, "accepted": cell.accepted, "without a usable answer": cell.broken}
        told = ", ".join(f"{number:,} {name}" for name, number in numbers.items() if number)
        yield f"{title}: {ENFORCEMENTS[cell.enforcement]}{f' ({told})' if told else ''}"


def _of(row: StrictnessRow, syntax: Syntax) -> StrictnessCell:
    return row.json if syntax == "json" else row.xml
