"""A summary for people: tables of rules, places and days, in 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from altcraft_contract.renderers.shown import shortened
from altcraft_contract.renderers.summary_periods import periods_of, share_of
from altcraft_contract.renderers.text import Style, count
from altcraft_contract.renderers.text_report import summary_of
from altcraft_contract.renderers.visible import columns_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from altcraft_contract.renderers.report import RenderOptions, Tally
    from altcraft_contract.renderers.summary import PlaceCounts, Summary

_WIDTH: Final = 80
_MOST_PLACES: Final = 20
_MOST_PERIODS: Final = 62
_WIDEST_PLACE: Final = 36
_GAP: Final = "  "
_EIGHTHS: Final = " ▏▎▍▌▋▊▉"


class _Column(NamedTuple):
    title: str
    is_number: bool


def _numbers(*titles: str) -> tuple[_Column, ...]:
    return tuple(_Column(title, is_number=True) for title in titles)


def _words(*titles: str) -> tuple[_Column, ...]:
    return tuple(_Column(title, is_number=False) for title in titles)


class SummaryText:
    """A summary as text."""

    def __init__(self, options: RenderOptions) -> None:
        self._options = options
        self._paint = Style(color=options.color).paint

    def render(self, summary: Summary, tally: Tally) -> Iterator[str]:
        """The tables that are not empty, and one line on all."""
        yield from self._rules(summary)
        yield from self._places(summary)
        yield from self._days(summary)
        if summary.truncated:
            yield f"{count(summary.truncated, 'document')} had more findings than were kept\n"
        if not self._options.quiet:
            yield f"{summary_of(tally)}\n"

    def _rules(self, summary: Summary) -> Iterator[str]:
        columns = (*_numbers("documents", "findings"), *_words("severity", "rule"))
        rules = summary.rules()
        rows = [(f"{found.documents:,}", f"{found.findings:,}", str(severity), rule) for rule, severity, found in rules]
        room = _room(columns, rows)
        table = [(*row, _end_of(str(rule[-1].example or ""), room)) for row, rule in zip(rows, rules, strict=True)]
        roles = [(2, str(severity)) for _, severity, _ in rules]
        yield from self._table("Rules", (*columns, *_words("first")), table, roles)

    def _places(self, summary: Summary) -> Iterator[str]:
        places = summary.places()
        shown = places if self._options.verbose else places[:_MOST_PLACES]
        rows = [
            (
                f"{found.documents:,}",
                f"{found.findings:,}",
                _cut(name or "the whole document", _WIDEST_PLACE),
                _told(found),
            )
            for name, found in shown
        ]
        columns = (*_numbers("documents", "findings"), *_words("place", "most frequent rule"))
        more = len(places) - len(shown)
        yield from self._table(
            "Places", columns, rows, more=f"and {count(more, 'more place')}; --verbose shows them" if more else ""
        )

    def _days(self, summary: Summary) -> Iterator[str]:
        periods = periods_of(summary, _MOST_PERIODS)
        found = periods.dated | periods.rest
        most = max((counts.failed for counts in found.values()), default=0)
        rows = [
            (name, f"{counts.documents:,}", f"{counts.failed:,}", share_of(counts)) for name, counts in found.items()
        ]
        columns = (*_words(periods.title[:-1].lower()), *_numbers("documents", "failed", "share"))
        room = _room(columns, rows)
        bars = [_bar(counts.failed, most, room) for counts in found.values()]
        table = [(*row, bar) for row, bar in zip(rows, bars, strict=True)]
        roles = [(len(columns), "error")] * len(table)
        yield from self._table(periods.title, (*columns, *_words("")), table, roles)

    def _table(
        self,
        title: str,
        columns: Sequence[_Column],
        rows: Sequence[Sequence[str]],
        roles: Iterable[tuple[int, str]] = (),
        *,
        more: str = "",
    ) -> Iterator[str]:
        """A table, of which the last column is cut to fit; a role says which cell of a row has a colour."""
        if not rows:
            return
        widths = _widths(columns, rows)
        widths[-1] = max(0, min(widths[-1], _WIDTH - sum(widths[:-1]) - len(_GAP) * (len(columns) - 1)))
        colored = [*roles] or [(-1, "place")] * len(rows)
        yield f"{self._paint(title, 'place')}\n"
        yield self._row([column.title for column in columns], columns, widths)
        for row, role in zip(rows, colored, strict=True):
            yield self._row(row, columns, widths, role)
        yield f"{more}\n\n" if more else "\n"

    def _row(
        self, row: Sequence[str], columns: Sequence[_Column], widths: Sequence[int], role: tuple[int, str] = (-1, "")
    ) -> str:
        cells = []
        for index, (text, column, width) in enumerate(zip(row, columns, widths, strict=True)):
            told = _cut(text, width)
            space = " " * (width - columns_of(told))
            painted = self._paint(told, role[1]) if index == role[0] and told else told
            cells.append(space + painted if column.is_number else painted + space)
        return _GAP.join(cells).rstrip() + "\n"


def _told(counts: PlaceCounts) -> str:
    """The rule that is broken most at a place, and how many others are."""
    first = min(counts.rules, key=lambda rule: (-counts.rules[rule], rule))
    return first + (f" +{len(counts.rules) - 1}" if len(counts.rules) > 1 else "")


def _room(columns: Sequence[_Column], rows: Iterable[Sequence[str]]) -> int:
    """How wide one more column may be."""
    return _WIDTH - sum(_widths(columns, rows)) - len(_GAP) * len(columns)


def _widths(columns: Sequence[_Column], rows: Iterable[Sequence[str]]) -> list[int]:
    cells = zip(*([column.title for column in columns], *rows), strict=True)
    return [max(map(columns_of, texts)) for texts in cells]


def _cut(text: str, room: int) -> str:
    """*text* in at most so many columns."""
    longest = room
    while columns_of(text) > room:
        text = shortened(text, longest) if longest > 1 else ""
        longest -= 1
    return text


def _end_of(text: str, room: int) -> str:
    """The end of *text*, if all of it takes more columns."""
    shown = text
    while columns_of(shown) > room and len(text) > 1:
        text = text[1:]
        shown = f"…{text}"
    return shown


def _bar(value: int, most: int, room: int) -> str:
    """A bar of blocks, in eighths of a column; what is not nothing can be seen."""
    if not value or room <= 0:
        return ""
    eighths = max(1, value * room * 8 // most)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()
