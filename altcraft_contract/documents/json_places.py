"""Where values stand in a JSON text that is known to be well-formed: a scanner that builds nothing.

Only documents that have been read are located, so nothing is judged here: strings and brackets are all that is looked
at, and what nobody asks for is skipped.
"""

from __future__ import annotations

import re
from json.decoder import scanstring  # type: ignore[attr-defined]  # typeshed leaves it out
from typing import TYPE_CHECKING, Any

from altcraft_contract.documents.pointer import forget_starts, wanted_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# Possessive throughout: a text of many megabytes leaves nothing to go back to.
_SPACE = r"[ \t\n\r]*+"
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_comma = re.compile(rf"{_SPACE},?{_SPACE}").match
_member = re.compile(rf"({_STRING}){_SPACE}:{_SPACE}", re.DOTALL).match
_scalar = re.compile(rf"(?:{_STRING}|[^\[\]{{}}\",: \t\n\r]++){_SPACE},?{_SPACE}", re.DOTALL).match
_bracket = re.compile(rf'[^\[\]{{}}"]*+(?:{_STRING}[^\[\]{{}}"]*+)*+([\[\]{{}}])', re.DOTALL).match

_WantedTree = dict[str | None, Any]


def find_starts(text: str, pointers: Iterable[str], start: int = 0) -> dict[str, int]:
    """Where the values at *pointers* begin.

    Args:
        text: A well-formed document.
        pointers: RFC 6901.
        start: Offset of the value from which the pointers lead on.

    Returns:
        Pointer to offset in characters, without the pointers that show nowhere. Of repeated members the last counts.
    """
    scanner = _Scanner(text)
    scanner.value(_end(_comma, text, start), wanted_tree(pointers))
    return scanner.starts


def find_end(text: str, start: int) -> int:
    """Where the value that begins at *start* of a well-formed *text* ends."""
    following = _Scanner(text).skip(start)
    return start + len(text[start:following].rstrip(" \t\n\r,"))


def _end(match: Callable[[str, int], re.Match[str] | None], text: str, position: int) -> int:
    """Where a match that cannot fail, *text* being well-formed, ends."""
    return match(text, position).end()  # type: ignore[union-attr]  # as said


class _Scanner:
    """Each method takes the position of a value and returns the position after it, its comma and white space."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts: dict[str, int] = {}

    def value(self, position: int, wanted: _WantedTree) -> int:
        """Pass a value that is wanted, or that something wanted may stand in."""
        if None in wanted:
            self.starts[wanted[None]] = position
        opening = self.text[position]
        if opening == "{":
            return self.members(_end(_comma, self.text, position + 1), wanted)
        if opening == "[":
            return self.items(_end(_comma, self.text, position + 1), wanted)
        return self.skip(position)

    def members(self, position: int, wanted: _WantedTree) -> int:
        text, seen = self.text, set()
        while member := _member(text, position):
            key, position = member[1], member.end()
            # Host files may hold control characters, which JSON forbids.
            name = scanstring(key, 1, False)[0] if "\\" in key else key[1:-1]  # noqa: FBT003 - it takes no keyword
            if name not in wanted:
                position = self.skip(position)
                continue
            if name in seen:
                forget_starts(self.starts, wanted[name])
            seen.add(name)
            position = self.value(position, wanted[name])
        return _end(_comma, text, position + 1)

    def items(self, position: int, wanted: _WantedTree) -> int:
        text, index = self.text, 0
        while text[position] != "]":
            below = wanted.get(str(index))
            position = self.value(position, below) if below is not None else self.skip(position)
            index += 1
        return _end(_comma, text, position + 1)

    def skip(self, position: int) -> int:
        """Pass a value that nobody asks for."""
        text = self.text
        if scalar := _scalar(text, position):
            return scalar.end()
        depth = 0
        while bracket := _bracket(text, position):
            position = bracket.end()
            depth += 1 if bracket[1] in "[{" else -1
            if depth == 0:
                break
        return _end(_comma, text, position)
