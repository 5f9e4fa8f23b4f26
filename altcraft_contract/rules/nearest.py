"""The name that was probably meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 64  # characters; comparing longer names costs time and finds nothing
_SHORTEST_PART = 5  # characters of a name that may be only a part of the one that was meant


def find_nearest(name: str, known: Iterable[str]) -> str | None:
    """The one of *known* that *name* is most likely a slip of, or None."""
    if len(name) > _LONGEST:
        return None
    from difflib import get_close_matches  # noqa: PLC0415 - costs start-up time, and only a finding needs it

    plain = {_plain(candidate): candidate for candidate in known}
    matches = get_close_matches(_plain(name), plain, n=1, cutoff=0.7)
    if not matches and len(name) >= _SHORTEST_PART:
        matches = [candidate for candidate in plain if _plain(name) in candidate]
    return plain[matches[0]] if matches else None


def _plain(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())
