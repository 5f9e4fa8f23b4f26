"""Where the characters of a text stand that a host file writes as a string of JSON."""

from __future__ import annotations

import json
import re
from array import array
from itertools import islice
from typing import Final

from altcraft_contract.lint.hosts.source_map import SourceMap

_BLOCK: Final = 1 << 10  # characters of the message between two marks: of long texts not each escape is kept
_UNIT: Final = r"""(?:[^"\\]|\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[^u]))"""
_units = re.compile(_UNIT, re.DOTALL)
_blocks = re.compile(rf"{_UNIT}{{1,{_BLOCK}}}+", re.DOTALL)


class JsonStringMap(SourceMap):
    """The way from offsets in a text to offsets in its literal; a character may be written as an escape.

    Args:
        host: The text of the host file.
        start: Offset of the first character behind the quote.
        end: Offset of the quote at the end.
    """

    __slots__ = ("_text",)

    def __init__(self, host: str, start: int, end: int) -> None:
        super().__init__([(0, start)], end)
        self._text = host
        # Every block but the last has as many characters.
        self._host = array("q", (block.start() for block in _blocks.finditer(host, start, end)))
        self._host.append(end)

    def find(self, offset: int) -> int:
        """As for `SourceMap`."""
        block, rest = divmod(max(offset, 0), _BLOCK)
        if block >= len(self._host) - 1:
            return self.end
        start = self._host[block]
        unit = next(islice(_units.finditer(self._text, start, self._host[block + 1]), rest, None), None)
        return unit.start() if unit is not None else self._host[block + 1]


def map_json_string(host: str, start: int, text: str) -> JsonStringMap | None:
    """The map of the literal that begins, with its quote, at *start* of *host*; None if it does not mean *text*."""
    try:
        value, end = json.JSONDecoder(strict=False).raw_decode(host, start)
    except ValueError:
        return None
    return JsonStringMap(host, start + 1, end - 1) if isinstance(value, str) and value == text else None
