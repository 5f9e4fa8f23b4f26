"""Where the characters of a text stand that a host file writes as a scalar of YAML, in whichever style."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from altcraft_contract.lint.hosts.source_map import Piece, assemble

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from altcraft_contract.lint.hosts.source_map import SourceMap

_MOST_PIECES: Final = 1_000_000  # of one text: its escapes and lines; of more not all places can be kept
# What may stand before a scalar and counts as its beginning: an anchor, a tag, and what parts them from it.
_properties = re.compile(r"(?:[&!][^ \t\r\n]*+(?:[ \t\r\n]++|#[^\r\n]*+)*+)*+").match
_break = r"(?:\r\n|\r|\n)"
_fold = re.compile(rf"[ \t]*+({_break})((?:[ \t]*+{_break})*+)[ \t]*+")
_a_break = re.compile(_break)
_plain_parts = re.compile(rf"[ \t]*+{_break}(?:[ \t]*+{_break})*+[ \t]*+|[^ \t\r\n]++(?:[ \t]++[^ \t\r\n]++)*+|[ \t]++")
_single_parts = re.compile(
    rf"''|[ \t]*+{_break}(?:[ \t]*+{_break})*+[ \t]*+|[^' \t\r\n]++(?:[ \t]++[^' \t\r\n]++)*+|[ \t]++|'"
)
_double_parts = re.compile(
    rf"\\(?:{_break}[ \t]*+((?:{_break}[ \t]*+)*+)|x..|u.{{4}}|U.{{8}}|[^\r\n])"
    rf'|[ \t]*+{_break}(?:[ \t]*+{_break})*+[ \t]*+|[^\\" \t\r\n]++(?:[ \t]++[^\\" \t\r\n]++)*+|[ \t]++|"'
)
_header = re.compile(rf"[|>][-+0-9]{{0,2}}[ \t]*+(?:#[^\r\n]*+)?{_break}").match
_first_visible = re.compile(r"(?:[ ]*+[\r\n])*+([ ]*+)[^ \r\n]").match
_line = re.compile(rf"([ ]*+)([^\r\n]*+)({_break}|\Z)").match
_ESCAPES: Final = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "\t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}


class _TooMany(Exception):
    """There are too many pieces."""


def map_yaml_scalar(host: str, start: int, end: int, style: str, text: str) -> SourceMap | None:
    """The map of a scalar.

    Args:
        host: The text of the host file.
        start: Where the scalar begins, its anchor and its tag included.
        end: Where it ends; it matters for one without quotes only.
        style: As events of YAML tell it: a quote, `|`, `>`, or nothing.
        text: What it means.

    Returns:
        The map; None if the scalar is written in a way that is not known here.
    """
    start = _properties(host, start).end()  # type: ignore[union-attr]  # it matches nothing, too
    if style in ("|", ">"):
        pieces = _block_pieces(host, start, text, is_folded=style == ">")
    elif style in ("'", '"'):
        pieces = _quoted_pieces(host, start + 1, style)
    else:
        pieces = _plain_pieces(host, start, end)
    try:
        found, source = assemble(*_closed(pieces, len(text)))
    except (_TooMany, ValueError, IndexError):
        return None
    return source if found == text else None


def _closed(pieces: Iterable[tuple[Piece, int]], length: int) -> tuple[list[Piece], int]:
    """The pieces up to a *length*, and where the last one ends: what is beyond a text of YAML may not be told."""
    kept: list[Piece] = []
    total = end = 0
    for piece, stop in pieces:
        if total >= length and kept:
            break
        kept.append(piece)
        total += len(piece.text)
        end = stop
        if len(kept) > _MOST_PIECES:
            raise _TooMany
    return kept, end


def _plain_pieces(host: str, start: int, end: int) -> Iterator[tuple[Piece, int]]:
    yield Piece(start, ""), start  # as for one in quotes
    for match in _plain_parts.finditer(host, start, end):
        if _fold.fullmatch(match[0]) is not None:
            yield from _folded(host, *match.span())
        else:
            yield Piece(match.start(), match[0]), match.end()


def _quoted_pieces(host: str, start: int, quote: str) -> Iterator[tuple[Piece, int]]:
    parts = _single_parts if quote == "'" else _double_parts
    yield Piece(start, ""), start  # an empty text has a place, too
    for match in parts.finditer(host, start):
        part = match[0]
        if part == quote:
            return
        if part == "''" and quote == "'":
            yield Piece(match.start(), "'"), match.end()
        elif part.startswith("\\") and quote == '"':
            yield from _escaped(match)
        elif _fold.fullmatch(part) is not None:
            yield from _folded(host, *match.span())
        else:
            yield Piece(match.start(), part), match.end()


def _escaped(match: re.Match[str]) -> Iterator[tuple[Piece, int]]:
    name = match[0][1]
    if name in "\r\n":  # the line goes on; of what follows only blank lines mean something
        yield Piece(match.start(), ""), match.end()
        for blank in _a_break.finditer(match.string, match.start(1), match.end(1)):
            yield Piece(blank.start(), "\n"), blank.end()
    elif name in "xuU":
        yield Piece(match.start(), chr(int(match[0].lstrip("\\xuU"), 16))), match.end()
    else:
        yield Piece(match.start(), _ESCAPES.get(name, name)), match.end()


def _folded(host: str, start: int, end: int) -> Iterator[tuple[Piece, int]]:
    """What the end of a line means between lines of text: a space, or as many line ends as there are blank lines."""
    breaks = list(_a_break.finditer(host, start, end))
    if len(breaks) == 1:
        yield Piece(breaks[0].start(), " "), end
        return
    for number, blank in enumerate(breaks[1:], 2):
        yield Piece(blank.start(), "\n"), end if number == len(breaks) else blank.end()


class _BlockLine:
    """A line of a block scalar: where it begins behind the indentation, what stands there, and its end."""

    __slots__ = ("end", "start", "stop", "text")

    def __init__(self, start: int, text: str, stop: int, end: int) -> None:
        self.start = start
        self.text = text
        self.stop = stop  # where its line end begins
        self.end = end


def _block_pieces(host: str, start: int, text: str, *, is_folded: bool) -> Iterator[tuple[Piece, int]]:
    header = _header(host, start)
    if header is None:
        raise ValueError
    yield Piece(header.end(), ""), header.end()
    before: _BlockLine | None = None  # the last line with text
    blanks: list[_BlockLine] = []
    for line in _iter_block_lines(host, header.end(), text):
        if not line.text:
            blanks.append(line)
            continue
        yield from _joint(before, blanks, line, is_folded=is_folded)
        yield Piece(line.start, line.text), line.stop
        before, blanks = line, []
    for line in ([before] if before is not None else []) + blanks:
        if line.end > line.stop:
            yield Piece(line.stop, "\n"), line.end


def _joint(
    before: _BlockLine | None, blanks: list[_BlockLine], line: _BlockLine, *, is_folded: bool
) -> Iterator[tuple[Piece, int]]:
    """What stands between two lines of text."""
    if before is not None:
        is_kept = not is_folded or before.text[0] in " \t" or line.text[0] in " \t"
        if is_kept:
            yield Piece(before.stop, "\n"), before.end
        elif not blanks:
            yield Piece(before.stop, " "), before.end
    for blank in blanks:
        yield Piece(blank.stop, "\n"), blank.end


def _iter_block_lines(host: str, start: int, text: str) -> Iterator[_BlockLine]:
    indent = _indent_of(host, start, text)
    while start < len(host):
        match = _line(host, start)
        if match is None or match.end() == start:
            return
        spaces = len(match[1])
        if match[2] and spaces < indent:
            return
        begin = start + min(spaces, indent)
        yield _BlockLine(begin, host[begin : match.end(2)], match.end(2), match.end())
        start = match.end()


def _indent_of(host: str, start: int, text: str) -> int:
    """How far a block is indented: the first line with more than spaces has some of its own, as *text* has it."""
    there, here = _first_visible(host, start), _first_visible(text, 0)
    return max(len(there[1]) - len(here[1]), 0) if there is not None and here is not None else 0
