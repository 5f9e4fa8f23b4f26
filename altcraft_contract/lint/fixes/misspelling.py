"""Names that are slips of a documented one, and can be of no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from altcraft_contract.rules.nearest import find_nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from altcraft_contract.documents.shape import Shape

_LETTERS_A_SLIP: Final = 4  # of a name: one that is twice as long may hold two slips
_MOST_SLIPS: Final = 2
_LONGEST: Final = 64  # characters; no documented name is nearly as long


def find_meant(name: str, documented: Collection[str]) -> str | None:
    """The documented name that *name* must be a slip of, or None.

    It is the nearest one that hints tell of, and differs in nothing but case and marks between words, or in one or two
    letters while every other documented name differs in more. Names with digits or a prefix mean something of
    their own.
    """
    if name in documented or ":" in name or any(character.isdigit() for character in name) or len(name) > _LONGEST:
        return None
    plain = _plain(name)
    same = [candidate for candidate in documented if _plain(candidate) == plain]
    near = same or [candidate for candidate in documented if _is_near(plain, _plain(candidate))]
    return near[0] if len(near) == 1 and find_nearest(name, documented) == near[0] else None


def iter_names(shape: Shape) -> Iterator[str]:
    """The names of all fields that are documented in *shape* and below."""
    for name, child in shape.fields.items():
        yield name
        yield from iter_names(child)
    if shape.item is not None:
        yield from iter_names(shape.item)


def _plain(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


def _is_near(name: str, candidate: str) -> bool:
    most = min(len(candidate) // _LETTERS_A_SLIP, _MOST_SLIPS)
    return _slips(name, candidate, most) <= most


def _slips(name: str, other: str, most: int) -> int:
    """How many letters are wrong, left out, put in or swapped with the next; more than *most* if there are too many."""
    if abs(len(name) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(name, start=1):
        last, before, row = before, row, [i]
        for j, wanted in enumerate(other, start=1):
            slips = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and name[i - 2] == wanted:
                slips = min(slips, last[j - 2] + 1)
            row.append(slips)
    return row[-1]
