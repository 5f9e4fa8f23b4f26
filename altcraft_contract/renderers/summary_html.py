"""A summary as one page that asks nothing of any host, runs no script, and needs none."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from altcraft_contract import __version__
from altcraft_contract.findings import Severity
from altcraft_contract.renderers.html_finding import severity_badge
from altcraft_contract.renderers.html_page import figure, read_part, render_page
from altcraft_contract.renderers.html_text import place, prose
from altcraft_contract.renderers.shown import shortened
from altcraft_contract.renderers.summary_chart import bar, chart
from altcraft_contract.renderers.summary_periods import periods_of, share_of
from altcraft_contract.renderers.text import count
from altcraft_contract.renderers.text_report import summary_of
from altcraft_contract.renderers.verdict import state_of, verdict_of
from altcraft_contract.rules.catalogue import find_rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from altcraft_contract.renderers.report import RenderOptions, Tally
    from altcraft_contract.renderers.summary import PlaceCounts, Summary
    from altcraft_contract.renderers.summary_periods import Periods

_MOST_PLACES: Final = 100
_MOST_PERIODS: Final = 400
_LONGEST_PATH: Final = 120  # characters of the place of an example


class SummaryHtml:
    """A summary as a page."""

    def __init__(self, options: RenderOptions) -> None:
        self._contract = options.contract

    def render(self, summary: Summary, tally: Tally) -> Iterator[str]:
        """The whole page."""
        style = read_part("altcraft_contract.renderers", "summary.css")
        yield from render_page(f"Contract summary: {verdict_of(tally)}", self._body(summary, tally), style=style)

    def _body(self, summary: Summary, tally: Tally) -> Iterator[str]:
        periods = periods_of(summary, _MOST_PERIODS)
        yield "<header>\n"
        yield from self._head(summary, tally, periods)
        yield "</header>\n<main>\n"
        yield from _days(periods)
        yield from _rules(summary)
        yield from _places(summary)
        if summary.truncated:
            told = f"{count(summary.truncated, 'document')} had more findings than were kept."
            yield f'<p class="rest">{told}</p>\n'
        yield "</main>\n"

    def _head(self, summary: Summary, tally: Tally, periods: Periods) -> Iterator[str]:
        about = [f"contract {self._contract}"] if self._contract else []
        about += [f"altcraft-contract {__version__}"] + (["interrupted"] if tally.interrupted else [])
        yield "  <h1>Altcraft contract: summary</h1>\n"
        yield f'  <p class="quiet">{escape(" · ".join(about))}</p>\n'
        yield (
            f'  <div class="verdict {state_of(tally)}"><strong>{escape(verdict_of(tally))}</strong>'
            f"<p>{escape(summary_of(tally))}</p></div>\n"
        )
        yield '  <dl class="figures">\n'
        yield from (f"{line}\n" for line in _figures(summary, tally))
        yield "  </dl>\n"
        links = {
            "days": (periods.title, tally.documents),
            "rules": ("Rules", summary.rules()),
            "places": ("Places", summary.places()),
        }
        told = " ".join(f'<a href="#{name}">{title}</a>' for name, (title, found) in links.items() if found)
        if told:
            yield f'  <nav aria-label="Parts">{told}</nav>\n'


def _figures(summary: Summary, tally: Tally) -> Iterator[str]:
    share = f"{tally.failed / tally.documents:.2%} of all" if tally.documents else ""
    yield figure("Documents", f"{tally.documents:,}")
    yield figure("Failed", f"{tally.failed:,}", share, kind="bad" if tally.failed else "")
    yield figure("Errors", f"{tally.errors:,}")
    yield figure("Warnings", f"{tally.warnings:,}")
    yield figure("Rules broken", f"{len(summary.rules()):,}")
    yield figure("Paths unreadable", f"{tally.unreadable:,}", kind="bad" if tally.unreadable else "")


def _days(periods: Periods) -> Iterator[str]:
    found = periods.dated | periods.rest
    if not found:
        return
    yield _card_head("days", periods.title)
    if periods.dated:
        yield from chart(periods.title, periods.dated)
    yield f'<details class="more"><summary>{periods.title} as a table ({count(len(found), "row")})</summary>\n'
    yield _table_head("days", [periods.title[:-1]], ("Documents", "Failed", "Share", "Errors", "Warnings"))
    for name, counts in found.items():
        numbers = (counts.documents, counts.failed)
        cells = "".join(f'<td class="number">{value:,}</td>' for value in numbers)
        cells += f'<td class="number">{share_of(counts)}</td>'
        cells += "".join(f'<td class="number">{value:,}</td>' for value in (counts.errors, counts.warnings))
        yield f'<tr><th scope="row">{name}</th>{cells}</tr>\n'
    yield "</tbody></table>\n</details>\n</section>\n"


def _rules(summary: Summary) -> Iterator[str]:
    rules = summary.rules()
    if not rules:
        return
    yield _card_head("rules", "Rules")
    yield _table_head(
        "rules", ["Rule", "What it says", "First"], ("Documents", "Findings"), ["Compared with the most frequent"]
    )
    most = max(counts.documents for _, _, counts in rules)
    for rule, severity, counts in rules:
        name = f"{escape(rule)} {severity_badge(severity)}"
        first = place(shortened(str(counts.example or ""), _LONGEST_PATH))
        yield (
            f'<tr><th scope="row">{name}</th><td>{prose(find_rule(rule).statement)}</td><td class="first">{first}</td>'
            f"{_numbers(counts.documents, counts.findings)}"
            f'<td class="bars">{bar(counts.documents, most, str(severity))}</td></tr>\n'
        )
    yield "</tbody></table>\n</section>\n"


def _places(summary: Summary) -> Iterator[str]:
    places = summary.places()
    if not places:
        return
    yield _card_head("places", "Places")
    yield _table_head("places", ["Place", "Rules"], ("Documents", "Findings"), ["Compared with the most frequent"])
    most = max(counts.documents for _, counts in places)
    errors = {rule for rule, severity, _ in summary.rules() if severity is Severity.ERROR}
    for name, counts in places[:_MOST_PLACES]:
        kind = "error" if errors & counts.rules.keys() else "warning"
        yield (
            f'<tr><th scope="row">{place(name) or "the whole document"}</th><td>{_told(counts)}</td>'
            f"{_numbers(counts.documents, counts.findings)}"
            f'<td class="bars">{bar(counts.documents, most, kind)}</td></tr>\n'
        )
    yield "</tbody></table>\n"
    if len(places) > _MOST_PLACES:
        more = count(len(places) - _MOST_PLACES, "more place")
        yield f'<p class="rest">And {more}, which --format json shows.</p>\n'
    yield "</section>\n"


def _told(counts: PlaceCounts) -> str:
    """The rules that are broken at a place, the most frequent first."""
    found = sorted(counts.rules.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(
        f"<code>{escape(rule)}</code>" + (f" {number:,}" if len(found) > 1 else "") for rule, number in found
    )


def _card_head(name: str, title: str) -> str:
    return (
        f'<section class="card" aria-labelledby="{name}">\n<div class="card-head"><h2 id="{name}">{title}</h2></div>\n'
    )


def _table_head(name: str, words: Iterable[str], numbers: Iterable[str], bars: Iterable[str] = ()) -> str:
    """The head of a table: columns of words, of numbers, and of bars, whose title is not seen."""
    columns = "".join(f'<th scope="col">{head}</th>' for head in words)
    columns += "".join(f'<th class="number" scope="col">{head}</th>' for head in numbers)
    columns += "".join(f'<th class="bars" scope="col"><span class="unseen">{head}</span></th>' for head in bars)
    return f'<table class="plain {name}"><thead><tr>{columns}</tr></thead>\n<tbody>\n'


def _numbers(documents: int, findings: int) -> str:
    return (
        f'<td class="number" data-of="documents">{documents:,}</td>'
        f'<td class="number" data-of="findings">{findings:,}</td>'
    )
