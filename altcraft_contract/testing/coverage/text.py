"""The coverage as lines of a terminal."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Final

from altcraft_contract.renderers.text import count
from altcraft_contract.testing.coverage.summary import GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from altcraft_contract.testing.coverage.summary import Share, Summary

_MOST_NAMES: Final = 12  # of a group, unless all are asked for
_LEAST_WIDTH: Final = 40
_INDENT: Final = "  "


def render_text(
    summary: Summary, *, width: int = 80, all_names: bool = False, others: str = "--altcraft-report PATH"
) -> list[str]:
    """A table of what was exercised, then what never was.

    Args:
        summary: What to tell.
        width: Of the terminal, in columns.
        all_names: Whether to name everything that was never exercised; otherwise a long list is cut, and says so.
        others: What writes a whole report.

    Returns:
        Lines in ASCII without line ends.
    """
    columns = max(width - 1, _LEAST_WIDTH)
    return [
        *_wrapped(_about(summary), columns),
        *_table(summary),
        *_never(summary, columns, all_names=all_names, others=others),
    ]


def render_shortfall(
    summary: Summary, percent: float | Decimal, option: str = "--altcraft-coverage-fail-under"
) -> str | None:
    """What to say when less than *percent*, which *option* asks for, was exercised; None if it was enough."""
    if not summary.falls_short(percent):
        return None
    total = summary.total
    return (
        f"contract coverage is {total.percent:.1f}% ({total.exercised} of {total.all}), "
        f"expected at least {percent}% ({option})"
    )


def _about(summary: Summary) -> str:
    checked = ", ".join(count(number, message) for message, number in summary.messages.items())
    return f"contract {summary.contract}; checked: {checked}"


def _table(summary: Summary) -> Iterator[str]:
    yield f"{'':<16} exercised  all  percent"
    rows: list[tuple[str, Share]] = [(GROUPS[group], summary.shares[group]) for group in summary.groups]
    for name, share in (*rows, ("total", summary.total)):
        yield f"{name:<16} {share.exercised:>9} {share.all:>4} {share.percent:>7.1f}%"


def _never(summary: Summary, columns: int, *, all_names: bool, others: str) -> Iterator[str]:
    left_out = 0
    for group in summary.groups:
        name = GROUPS[group]
        never = summary.never(group)
        shown = never if all_names or len(never) <= _MOST_NAMES + 1 else never[:_MOST_NAMES]
        left_out += len(never) - len(shown)
        more = [f"and {len(never) - len(shown)} more"] if len(shown) < len(never) else []
        if never:
            yield f"{name} never exercised ({len(never)}):"
            yield from _wrapped(", ".join([*shown, *more]), columns, _INDENT)
    if summary.off:
        off = f"not counted, since they are switched off ({len(summary.off)}): {', '.join(summary.off)}"
        yield from _wrapped(off, columns)
    if left_out:
        yield from _wrapped(f"{left_out} left out above: -v shows all, and so does {others}", columns)
    if summary.never("rules"):
        yield from _wrapped("`altcraft-contract explain RULE` shows what keeps and what breaks a rule", columns)


def _wrapped(text: str, columns: int, indent: str = "") -> list[str]:
    """*text* in lines of at most so many *columns*, but for a name that is longer by itself."""
    return wrap(
        text,
        columns,
        initial_indent=indent,
        subsequent_indent=_INDENT,
        break_on_hyphens=False,
        break_long_words=False,
    )
