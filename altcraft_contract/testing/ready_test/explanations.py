"""What Hypothesis says of the lines that failing examples ran, without the lines of this package."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_OURS: Final = Path(__file__).parents[2]
_TITLE: Final = "Explanation:"
_INTRODUCTION: Final = "    These lines were always and only run by failing "
_STEP: Final = " " * 8
_MORE: Final = f"{_STEP}(and "


def without_our_lines(notes: Sequence[Any]) -> list[Any]:
    """*notes* of an exception without our lines, and without the explanation where no line is left.

    Hypothesis has a note for the title, one for the introduction, and one for each line. Notes of another form are
    left as they are.
    """
    kept: list[Any] = []
    number = 0
    while number < len(notes):
        end = number + 1
        if _begins_at(notes, number):
            end = number + 2
            while end < len(notes) and isinstance(notes[end], str) and notes[end].startswith(_STEP):
                end += 1
            kept += _pruned(notes[number:end])
        else:
            kept.append(notes[number])
        number = end
    return kept


def _begins_at(notes: Sequence[Any], number: int) -> bool:
    title, *following = notes[number : number + 2]
    return title == _TITLE and bool(following) and str(following[0]).startswith(_INTRODUCTION)


def _pruned(block: Sequence[str]) -> Sequence[str]:
    lines = [line for line in block[2:] if not _is_ours(line)]
    if len(lines) == len(block) - 2:
        return block
    # How many more there are says little when it is not known which; alone it says nothing.
    shown = [line for line in lines if not line.startswith(_MORE)]
    return [*block[:2], *lines] if shown else ()


def _is_ours(line: str) -> bool:
    path, _, number = line.strip().rpartition(":")
    return number.isdecimal() and Path(path).is_relative_to(_OURS)
