"""Where a member of an object stands in a document, with its name and its value."""

from __future__ import annotations

from typing import NamedTuple

Span = tuple[int, int]


class Member(NamedTuple):
    """One occurrence of a member, or of an item of a list in XML; all places are in bytes from 0.

    Attributes:
        place: Where findings about it stand: at its value; in XML at its start tag.
        gap: Where begins what goes if the member goes: the end of the one before it, or the space before the element.
        names: Its key with the quotes; in XML its name in the start tag, and in the end tag if there is one.
        value: Its value; in XML what stands between the tags.
        end: Where the member ends.
    """

    place: int
    gap: int
    names: tuple[Span, ...]
    value: Span
    end: int
