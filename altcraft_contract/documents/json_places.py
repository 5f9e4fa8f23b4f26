"""Where values stand in a JSON text that is known to be well-formed: a scanner that builds nothing.

Locating is asked of documents that have been read, so nothing is judged here: strings and brackets are all that is
looked at, and what nobody asks for is skipped.
"""

from __future__ import annotations

import re
from json.decoder import scanstring
from typing import TYPE_CHECKING, Any

from altcraft_contract.documents.pointer import wanted_tree

if TYPE_CHECKING:
    from collections.abc import Iterable

_SPACE = r"[ \t\n\r]*+"
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_member = re.compile(rf"{_SPACE}({_STRING}){_SPACE}:{_SPACE}", re.DOTALL).match
_space = re.compile(_SPACE).match
_scalar = re.compile(rf"(?:{_STRING}|[^\[\]{{}}, \t\n\r\"]++){_SPACE},?", re.DOTALL).match
_to_bracket = re.compile(rf'[^\[\]{{}}"]*+(?:{_STRING}[^\[\]{{}}"]*+)*+[\[\]{{}}]', re.DOTALL).match
_comma = re.compile(rf"{_SPACE},?").match

_Wanted = dict[str | None, Any]


def find_starts(text: str, pointers: Iterable[str]) -> dict[str, int]:
    """Where the values at *pointers* begin.

    Args:
        text: A well-formed document.
        pointers: RFC 6901.

    Returns:
        Pointer to offset in characters; without those that nothing stands at. Of repeated members the last one counts.
    """
    starts: dict[str, int] = {}
    _Scanner(text, starts).value(_space(text).end(), wanted_tree(pointers))  # type: ignore[union-attr]  # it matches nothing, too
    return starts
