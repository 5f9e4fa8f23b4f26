"""Pictures of counts as SVG that stands in a page; their colours are the page's."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from altcraft_contract.renderers.summary import DayCounts
from altcraft_contract.renderers.summary_periods import share_of
from altcraft_contract.renderers.text import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_HEIGHT: Final = 100.0  # of a picture; a period is 1 wide, and all of it is stretched to fit the page
_MOST_DAYS: Final = 800
_LEAST: Final = 0.7  # so that what is not nothing can be seen


def bar(value: int, most: int, kind: str) -> str:
    """A bar that is full where *value* is *most*; the number stands beside it."""
    width = 100 * value / most if most else 0.0
    return (
        '<svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="all" width="100" height="8"/>'
        f'<rect class="{kind}" width="{width:.2f}" height="8"/></svg>'
    )


def chart(title: str, periods: Mapping[str, DayCounts]) -> Iterator[str]:
    """Two pictures: documents of each period, clean and failed, one on the other; and the share that failed."""
    periods = _whole(periods) if title == "Days" else periods
    most = max(counts.documents for counts in periods.values())
    worst = max(map(_share_of, periods.values()))
    names = list(periods)
    ends = f"<span>{names[0]}</span><span>{names[-1] if len(names) > 1 else ''}</span>"
    yield '<div class="chart">\n<p><span><span class="key">clean</span><span class="key failed">failed</span></span>'
    yield f"<span>up to {count(most, 'document')}</span></p>\n"
    told = _told(periods)
    yield from _picture(
        "documents",
        f"Documents by {title[:-1].lower()}",
        told,
        [_stack(name, counts, most) for name, counts in periods.items()],
    )
    if worst:
        day = max(periods, key=lambda name: _share_of(periods[name]))
        yield f"<p><span>share that failed</span><span>up to {worst:.1%}</span></p>\n"
        shares = [_share(name, counts, worst) for name, counts in periods.items()]
        told = f"The largest share failed on {day}: {worst:.1%}."
        yield from _picture("share", f"Share of failed documents by {title[:-1].lower()}", told, shares)
    yield f'<p class="ends">{ends}</p>\n</div>\n'


def _picture(name: str, title: str, told: str, columns: list[str]) -> Iterator[str]:
    yield (
        f'<svg class="{name}" role="img" aria-labelledby="{name}-title" aria-describedby="{name}-told" '
        f'viewBox="0 0 {len(columns)} {_HEIGHT:.0f}" preserveAspectRatio="none">'
        f'<title id="{name}-title">{title}</title><desc id="{name}-told">{told}</desc>\n'
    )
    for number, column in enumerate(columns):
        yield f'<g transform="translate({number})">{column}</g>\n'
    yield "</svg>\n"


def _told(periods: Mapping[str, DayCounts]) -> str:
    """The picture in a sentence."""
    names = list(periods)
    busiest = max(periods, key=lambda name: periods[name].documents)
    worst = max(periods, key=lambda name: periods[name].failed)
    told = f"From {names[0]} to {names[-1]}; most documents on {busiest}: {periods[busiest].documents:,}"
    if periods[worst].failed:
        told += f"; most failed on {worst}: {periods[worst].failed:,}"
    return f"{told}. The table below has all numbers."


def _stack(name: str, counts: DayCounts, most: int) -> str:
    whole = _height(counts.documents, most)
    failed = _height(counts.failed, most)
    return (
        _tip(name, counts) + _rect("clean", whole - failed, _HEIGHT - whole) + _rect("failed", failed, _HEIGHT - failed)
    )


def _share(name: str, counts: DayCounts, worst: float) -> str:
    height = _height(_share_of(counts), worst)
    return _tip(name, counts) + _rect("part", height, _HEIGHT - height)


def _share_of(counts: DayCounts) -> float:
    return counts.failed / counts.documents if counts.documents else 0.0


def _whole(days: Mapping[str, DayCounts]) -> Mapping[str, DayCounts]:
    """*days* with those between them that have no documents, unless these are far too many."""
    first, last = date.fromisoformat(min(days)), date.fromisoformat(max(days))
    span = (last - first).days + 1
    if span > _MOST_DAYS:
        return days
    names = [(first + timedelta(number)).isoformat() for number in range(span)]
    return {name: days.get(name, DayCounts()) for name in names}


def _height(value: float, most: float) -> float:
    return max(_LEAST, _HEIGHT * value / most) if value else 0.0


def _tip(name: str, counts: DayCounts) -> str:
    """What is shown where the pointer rests, and the ground that it rests on."""
    told = f"{name}: {count(counts.documents, 'document')}, {counts.failed:,} failed ({share_of(counts)})"
    return f"<title>{told}</title>" + _rect("back", _HEIGHT, 0, width=1.0)


def _rect(kind: str, height: float, top: float, *, width: float = 0.84) -> str:
    if height <= 0:
        return ""
    return f'<rect class="{kind}" x="{(1 - width) / 2:.2f}" y="{top:.2f}" width="{width}" height="{height:.2f}"/>'
