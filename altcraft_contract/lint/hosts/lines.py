"""Host files that are text: decoded, cut into lines, and put together again without what is no message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.hosts.host_text import BYTE_ORDER_MARK
from altcraft_contract.lint.hosts.source_map import Piece, assemble, verbatim

if TYPE_CHECKING:
    from collections.abc import Iterable

    from altcraft_contract.lint.hosts.source_map import SourceMap

Span = tuple[int, int]
"""Offsets in a host file: of the first character, and of that after the last."""

_MOST_LINES: Final = 200_000  # bounds the memory that parsers take: more than a kilobyte a line
_line = re.compile(r"[^\r\n]*+(?:\r\n|\r|\n)|[^\r\n]++")


def read_host_text(data: bytes, path: str) -> str:
    """The text of a host file, in which offsets count as in that of `decode_host`.

    Raises:
        UnreadableFile: if it is not UTF-8.
    """
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise UnreadableFile(path, f"not UTF-8 at byte {error.start + 1}; save it as UTF-8") from None


def split_lines(text: str, path: str) -> list[Span]:
    """The lines of *text*, each with its end; a byte order mark belongs to none.

    Raises:
        UnreadableFile: if there are more than any text that people write has.
    """
    start = len(BYTE_ORDER_MARK) if text.startswith(BYTE_ORDER_MARK) else 0
    if text.count("\n") + text.count("\r") - text.count("\r\n") > _MOST_LINES:
        raise UnreadableFile(path, f"more than {_MOST_LINES:,} lines; split the file")
    return [match.span() for match in _line.finditer(text, start)]


def join_spans(text: str, spans: Iterable[Span]) -> tuple[str, SourceMap]:
    """What stands in *spans* of a host file, one after the other, and the way back.

    Args:
        text: Of the host file.
        spans: At least one, in order.
    """
    joined: list[Span] = []
    for start, end in spans:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    first, last = joined[0], joined[-1]
    if first is last:
        return text[first[0] : first[1]], verbatim(*first)
    return assemble((Piece(start, text[start:end]) for start, end in joined), last[1])
