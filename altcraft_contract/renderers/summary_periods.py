"""Days of a summary, put together to as many periods as can be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from altcraft_contract.renderers.summary import OTHER, UNKNOWN, DayCounts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from altcraft_contract.renderers.summary import Summary

_NO_DAYS: Final = frozenset({OTHER, UNKNOWN})
_LENGTHS: Final = {"Days": len("2025-01-31"), "Months": len("2025-01"), "Years": len("2025")}


class Periods(NamedTuple):
    """Periods of one length.

    Attributes:
        title: What they are: `Days`, `Months` or `Years`.
        dated: Period, such as `2025-01`, to counts, in their order.
        rest: The same for what is of none of them.
    """

    title: str
    dated: dict[str, DayCounts]
    rest: dict[str, DayCounts]


def periods_of(summary: Summary, most: int) -> Periods:
    """The shortest periods of which there are no more than *most*; of too many years the first ones are left out."""
    days = summary.days()
    rest = _grouped(day for day in days if day[0] in _NO_DAYS)
    title, found = "", {}
    for title, length in _LENGTHS.items():  # noqa: B007 - the last one is kept
        found = _grouped((name[:length], counts) for name, counts in days if name not in _NO_DAYS)
        if len(found) <= most:
            break
    while len(found) > most:
        first = next(iter(found))
        rest.setdefault(OTHER, DayCounts()).merge(found.pop(first))
    return Periods(title, found, rest)


def share_of(counts: DayCounts) -> str:
    """How much of the documents of a day has failed."""
    return f"{counts.failed / counts.documents:.1%}" if counts.documents else ""


def _grouped(days: Iterable[tuple[str, DayCounts]]) -> dict[str, DayCounts]:
    """Counts of the same name, put together."""
    found: dict[str, DayCounts] = {}
    for name, counts in days:
        found.setdefault(name, DayCounts()).merge(counts)
    return found
