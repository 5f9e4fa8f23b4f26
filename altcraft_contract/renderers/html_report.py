"""A run as one page that asks nothing of any host, runs no script, and needs none."""

from __future__ import annotations

from collections import Counter
from html import escape
from itertools import islice
from typing import TYPE_CHECKING, Final

from altcraft_contract import __version__
from altcraft_contract.findings import Severity
from altcraft_contract.renderers.html_finding import finding_card, severity_badge, suppressed_row
from altcraft_contract.renderers.html_page import figure, read_part, render_page
from altcraft_contract.renderers.html_text import place, prose
from altcraft_contract.renderers.shown import ShownEntry, shortened
from altcraft_contract.renderers.text import FindingBlock, count
from altcraft_contract.renderers.text_report import summary_of
from altcraft_contract.renderers.verdict import state_of, verdict_of
from altcraft_contract.rules.catalogue import find_rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from altcraft_contract.renderers.report import Entry, RenderOptions, Tally

_HERE: Final = "altcraft_contract.renderers"
_MOST: Final = 10_000  # findings that are shown in full
_MOST_SUPPRESSED: Final = 1_000
_OPEN: Final = 20  # files that are unfolded
_LONGEST_PATH: Final = 300  # characters of a path


class _File:
    """The findings of one file, as markup."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.counts: Counter[Severity] = Counter()
        self.cards: list[str] = []

    @property
    def told(self) -> str:
        """How many findings of which severity."""
        return ", ".join(count(self.counts[kind], str(kind)) for kind in Severity if self.counts[kind])


class HtmlReport:
    """A run as a page; what stands on it is kept until the end, as the verdict comes first."""

    def __init__(self, options: RenderOptions) -> None:
        self._contract = options.contract
        self._files: dict[str, _File] = {}
        self._rules: Counter[tuple[Severity, str]] = Counter()
        self._suppressed: list[str] = []
        self._shown = 0
        self._truncated = 0

    def begin(self) -> Iterator[str]:
        """Nothing: the verdict comes first."""
        yield from ()

    def take(self, entry: Entry) -> Iterator[str]:
        """Nothing yet."""
        self._truncated += entry.result.truncated
        self._rules.update((finding.severity, finding.rule) for finding in entry.result.findings)
        if entry.result.findings and self._shown < _MOST:
            self._keep(entry, ShownEntry(entry))
        if entry.suppressed and len(self._suppressed) < _MOST_SUPPRESSED:
            shown = ShownEntry(entry)
            findings = islice(shown.iter_suppressed(), _MOST_SUPPRESSED - len(self._suppressed))
            self._suppressed += [suppressed_row(finding, _told_path(shown)) for finding in findings]
        yield from ()

    def _keep(self, entry: Entry, shown: ShownEntry) -> None:
        file = self._files.setdefault(shown.path, _File(_told_path(shown)))
        block = FindingBlock(shown.redactor, file.path, verbose=True, shift=entry.first_line - 1)
        where = shown.where or (f"record {entry.document}" if entry.document is not None else "")
        for finding, known in zip(entry.result.findings, shown.iter_findings(), strict=True):
            if self._shown >= _MOST:
                return
            self._shown += 1
            file.counts[finding.severity] += 1
            frame: Iterable[str] = ()
            if finding.line is not None and finding.column is not None and shown.redactor.source:
                frame = block.frame(finding.line, finding.column)
            file.cards.append(finding_card(known, frame, number=self._shown, where=where))

    def end(self, tally: Tally) -> Iterator[str]:
        """The whole page."""
        title = f"Contract findings: {verdict_of(tally)}"
        yield from render_page(title, self._body(tally), style=read_part(_HERE, "findings.css"))

    def _body(self, tally: Tally) -> Iterator[str]:
        yield "<header>\n"
        yield from self._head(tally)
        yield "</header>\n<main>\n"
        yield from self._rule_table()
        yield from self._file_table()
        for number, file in enumerate(self._files.values(), 1):
            yield from _file_card(file, number, is_open=number <= _OPEN)
        yield from self._rest(tally)
        yield "</main>\n"

    def _head(self, tally: Tally) -> Iterator[str]:
        about = [f"contract {self._contract}"] if self._contract else []
        yield "  <h1>Altcraft contract: findings</h1>\n"
        yield f'  <p class="quiet">{escape(" · ".join([*about, f"altcraft-contract {__version__}"]))}</p>\n'
        yield (
            f'  <div class="verdict {state_of(tally)}"><strong>{escape(verdict_of(tally))}</strong>'
            f"<p>{escape(summary_of(tally))}</p></div>\n"
        )
        yield '  <dl class="figures">\n'
        yield from (f"{line}\n" for line in _figures(tally))
        yield "  </dl>\n"
        links = {
            "rules": ("Rules", self._rules),
            "files": ("Files", self._files),
            "suppressed": ("Suppressed", self._suppressed),
        }
        told = " ".join(f'<a href="#{name}">{title}</a>' for name, (title, found) in links.items() if found)
        if told:
            yield f'  <nav aria-label="Parts">{told}</nav>\n'

    def _rule_table(self) -> Iterator[str]:
        if not self._rules:
            return
        yield _table_head("rules", "Rules", ("Rule", "What it says"), ["Findings"])
        order = list(Severity)
        for (severity, rule), found in sorted(
            self._rules.items(), key=lambda item: (order.index(item[0][0]), -item[1])
        ):
            name = f"<code>{escape(rule)}</code> {severity_badge(severity)}"
            told = prose(find_rule(rule).statement)
            yield f'<tr><th scope="row">{name}</th><td>{told}</td>{_number(found)}</tr>\n'
        yield "</tbody></table>\n</section>\n"

    def _file_table(self) -> Iterator[str]:
        if not self._files:
            return
        yield _table_head("files", "Files", ["File"], ("Errors", "Warnings"))
        for number, file in enumerate(self._files.values(), 1):
            link = f'<a href="#file-{number}">{place(file.path)}</a>'
            counts = "".join(_number(file.counts[kind]) for kind in Severity)
            yield f'<tr><th scope="row">{link}</th>{counts}</tr>\n'
        yield "</tbody></table>\n</section>\n"

    def _rest(self, tally: Tally) -> Iterator[str]:
        """What is not shown, and what counts for nothing."""
        hidden = tally.errors + tally.warnings - self._shown
        if hidden > 0:
            yield f'<p class="rest">And {count(hidden, "more finding")}, which the other reports show.</p>\n'
        if self._truncated:
            told = f"{count(self._truncated, 'document')} had more findings than were kept."
            yield f'<p class="rest">{told}</p>\n'
        if self._suppressed:
            yield _table_head("suppressed", "Suppressed", ("Place", "Finding", "Why it counts for nothing"))
            yield from self._suppressed
            yield "</tbody></table>\n</section>\n"
        hidden = tally.suppressed - len(self._suppressed)
        if hidden > 0:
            yield f'<p class="rest">And {count(hidden, "more suppressed finding")}.</p>\n'


def _told_path(shown: ShownEntry) -> str:
    return shortened(shown.path, _LONGEST_PATH)


def _figures(tally: Tally) -> Iterator[str]:
    yield figure("Errors", f"{tally.errors:,}", kind="bad" if tally.errors else "")
    yield figure("Warnings", f"{tally.warnings:,}")
    yield figure("Documents", f"{tally.documents:,}", f"{tally.failed:,} with errors" if tally.failed else "")
    yield figure("Suppressed", f"{tally.suppressed:,}")
    yield figure("Files skipped", f"{len(tally.skipped):,}", "no messages of this contract" if tally.skipped else "")
    yield figure("Paths unreadable", f"{tally.unreadable:,}", kind="bad" if tally.unreadable else "")


def _file_card(file: _File, number: int, *, is_open: bool) -> Iterator[str]:
    yield (
        f'<details class="card file" id="file-{number}"{" open" if is_open else ""}>'
        f'<summary><h2>{place(file.path)}</h2><span class="count">{file.told}</span></summary>\n'
    )
    yield from file.cards
    yield "</details>\n"


def _table_head(name: str, title: str, words: Iterable[str], numbers: Iterable[str] = ()) -> str:
    """The head of a card with a table: columns of words, then of numbers."""
    columns = "".join(f'<th scope="col">{head}</th>' for head in words)
    columns += "".join(f'<th class="number" scope="col">{head}</th>' for head in numbers)
    return (
        f'<section class="card" aria-labelledby="{name}">\n<div class="card-head"><h2 id="{name}">{title}</h2></div>\n'
        f'<table class="plain {name}"><thead><tr>{columns}</tr></thead>\n<tbody>\n'
    )


def _number(value: int) -> str:
    return f'<td class="number">{value:,}</td>'
