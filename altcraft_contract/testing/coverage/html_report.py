"""The coverage as one page that asks nothing of any host, runs no script, and needs none."""

from __future__ import annotations

import re
from html import escape
from itertools import groupby
from string import Template
from typing import TYPE_CHECKING, Final

from altcraft_contract import __version__
from altcraft_contract.renderers.html_page import policy_of, read_part
from altcraft_contract.renderers.text import count
from altcraft_contract.stub.scenarios import KINDS
from altcraft_contract.testing.coverage.legend import LEGEND
from altcraft_contract.testing.coverage.summary import GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from altcraft_contract.testing.coverage.summary import FieldUse, Group, RuleUse, ScenarioUse, Share, Summary, Use

_style = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_code = re.compile(r"`([^`]+)`")
_FIELDS: Final[Mapping[Group, str]] = {"request_fields": "request", "response_fields": "response"}
_METER: Final = 100  # units of its width


def render_html(summary: Summary) -> str:
    """One self-contained HTML page."""
    page = read_part("altcraft_contract.testing.coverage", "page.html")
    (style,) = _style.findall(page)
    total = summary.total
    return Template(page).substitute(
        policy=policy_of(style),
        percent=_percent(total),
        about=_about(summary),
        figures="\n".join(_figures(summary)),
        never=f"{total.all - total.exercised:,}",
        all=f"{total.all:,}",
        cards="\n".join(_cards(summary)),
        legend="\n".join(f"    <dt>{escape(head)}</dt><dd>{_prose(text)}</dd>" for head, text in LEGEND),
    )


def _about(summary: Summary) -> str:
    checked = ", ".join(count(number, message) for message, number in summary.messages.items())
    return escape(f"Contract {summary.contract} · checked: {checked} · altcraft-contract {__version__}")


def _figures(summary: Summary) -> Iterable[str]:
    yield _figure("All", summary.total)
    for group in summary.groups:
        yield _figure(f'<a href="#{group}">{_title(group)}</a>', summary.shares[group])


def _figure(title: str, share: Share) -> str:
    done = float(share.exact) * _METER / 100
    return (
        f'    <div class="figure"><dt>{title}</dt><dd class="percent">{_percent(share)}</dd>'
        f'<dd class="of">{share.exercised:,} of {share.all:,}'
        f'<svg class="meter" viewBox="0 0 {_METER} 5" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="all" width="{_METER}" height="5"/><rect class="done" width="{done:.2f}" height="5"/></svg>'
        f"</dd></div>"
    )


def _cards(summary: Summary) -> Iterable[str]:
    for group, message in _FIELDS.items():
        uses = [use for use in summary.fields if use.field.message == message]
        if uses:
            yield _card(summary, group, ("Field", "Messages"), _field_parts(uses))
    yield _card(
        summary, "rules", ("Rule", "Kept", "Broken"), [_body(None, map(_rule_row, summary.rules))], _off(summary)
    )
    if summary.scenarios:
        yield _card(summary, "scenarios", ("Scenario", "Answers"), _scenario_parts(summary.scenarios))


def _card(summary: Summary, group: Group, heads: Sequence[str], bodies: Iterable[str], note: str = "") -> str:
    share = summary.shares[group]
    first, *numbers = heads
    columns = "".join(f'<th class="number" scope="col">{head}</th>' for head in numbers)
    done = " done" if share.exercised == share.all else ""
    return (
        f'<section class="card{done}" aria-labelledby="{group}">\n'
        f'  <div class="card-head"><h2 id="{group}">{_title(group)}</h2>'
        f'<span class="count">{share.exercised:,} of {share.all:,} exercised · {_percent(share)}</span></div>\n'
        f'  <p class="all-done">All of them were exercised.</p>\n'
        f'  <table><thead><tr><th scope="col">{first}</th>{columns}</tr></thead>\n'
        f"{''.join(bodies)}  </table>\n{note}</section>"
    )


def _field_parts(uses: Sequence[FieldUse]) -> Iterable[str]:
    """Fields by section of the documentation, each section once."""
    sections = list(dict.fromkeys(use.field.section for use in uses))
    ordered = sorted(uses, key=lambda use: sections.index(use.field.section))
    for section, part in groupby(ordered, key=lambda use: use.field.section):
        yield _body(section, map(_field_row, part))


def _scenario_parts(uses: Sequence[ScenarioUse]) -> Iterable[str]:
    """Scenarios by kind."""
    for kind, title in KINDS.items():
        yield _body(title, (_scenario_row(use) for use in uses if use.scenario.kind == kind))


def _body(title: str | None, rows: Iterable[tuple[bool, str]]) -> str:
    """A part of a table; its heading is hidden with its last row."""
    parts = list(rows)
    done = " done" if all(is_exercised for is_exercised, _ in parts) else ""
    head = f'    <tr class="part{done}"><th colspan="2" scope="rowgroup">{escape(title)}</th></tr>\n' if title else ""
    return f"  <tbody>\n{head}{''.join(row for _, row in parts)}  </tbody>\n"


def _field_row(use: FieldUse) -> tuple[bool, str]:
    name = escape(use.field.pointer).replace("/", "/<wbr>")
    return _row(use, f"<code>{name}</code>", "", (use.messages,))


def _rule_row(use: RuleUse) -> tuple[bool, str]:
    rule = use.rule
    name = f'<code>{escape(rule.id)}</code><span class="severity">{rule.severity}, {escape(str(rule.basis))}</span>'
    return _row(use, name, rule.statement, (use.kept, use.broken))


def _scenario_row(use: ScenarioUse) -> tuple[bool, str]:
    return _row(use, f"<code>{escape(use.scenario.name)}</code>", use.scenario.description, (use.answers,))


def _row(use: Use, name: str, words: str, counts: Sequence[int]) -> tuple[bool, str]:
    told = f'<div class="words">{_prose(words)}</div>' if words else ""
    state = "exercised" if use.exercised else "never"
    if use.exercised:
        cells = "".join(f'<td class="number{"" if number else " none"}">{number:,}</td>' for number in counts)
    else:
        cells = f'<td class="number" colspan="{len(counts)}"><span class="badge">never</span></td>'
    return use.exercised, f'    <tr class="use {state}"><th class="name" scope="row">{name}{told}</th>{cells}</tr>\n'


def _off(summary: Summary) -> str:
    if not summary.off:
        return ""
    names = ", ".join(f"<code>{escape(rule)}</code>" for rule in summary.off)
    return f'  <p class="off">Switched off, and not counted: {names}</p>\n'


def _title(group: Group) -> str:
    return GROUPS[group].capitalize()


def _percent(share: Share) -> str:
    return f"{share.percent:.1f}%"


def _prose(text: str) -> str:
    """*text* as markup: what stands in back quotes is code."""
    return _code.sub(r"<code>\1</code>", escape(text))
