"""Literals in Python source: the messages that they are, and where each character of them stands.

The syntax: https://docs.python.org/3/reference/lexical_analysis.html, section *String and Bytes literals*.
"""

from __future__ import annotations

import ast
import json
import re
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.lint.hosts.source_map import Piece, assemble

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from altcraft_contract.lint.hosts.lines import Span
    from altcraft_contract.lint.hosts.source_map import SourceMap

_BLOCK: Final = 4_096  # bytes of a line, whose characters are counted at once
_CONTINUATIONS: Final = bytes(range(0x80, 0xC0))
_SIMPLE: Final = dict(zip("\\'\"abfnrtv", "\\'\"\a\b\f\n\r\t\v", strict=True))
_escape = re.compile(
    r"\\(?:\r\n|\r|\n|x[0-9a-fA-F]{2}|[0-7]{1,3}|[\\'\"abfnrtv]"
    r"|(?P<wide>u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}))|\r\n?"
).finditer
_line_end = re.compile(r"\r\n?").finditer
_opening = re.compile(r"""([rRbBuU]{0,2})('''|\"""|'|")""").match
_between = re.compile(r"#[^\r\n]*+|.", re.DOTALL).match
_contents: Final = {
    quotes: re.compile(rf"(?:[^\\{quotes[0]}]++|\\.{other})*+", re.DOTALL).match
    for quotes in ("'", '"', "'''", '"""')
    for other in [f"|{quotes[0]}(?!{quotes[0] * 2})" if len(quotes) > 1 else ""]
}


class NoLiteral(Exception):
    """A value is told only when the code runs."""


class PythonSource:
    """The text of a Python file, and the way from places of its syntax tree to offsets.

    Args:
        text: Of the file.
        lines: Its lines.
    """

    def __init__(self, text: str, lines: Sequence[Span]) -> None:
        self.text = text
        self._lines = lines
        self._is_ascii = text.isascii()
        self._line = b""
        self._number = 0
        self._counts: list[int] = []

    def start(self, node: ast.expr) -> int:
        """The offset at which *node* begins."""
        return self._offset(node.lineno, node.col_offset)

    def end(self, node: ast.expr) -> int:
        """The offset at which *node* has ended."""
        return self._offset(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)

    def _offset(self, line: int, column: int) -> int:
        """Syntax trees count columns in bytes of UTF-8."""
        start, end = self._lines[line - 1]
        if self._is_ascii:
            return start + column
        if line != self._number:
            self._number, self._line = line, self.text[start:end].encode()
            counts = [0]
            for block in range(0, len(self._line), _BLOCK):
                counts.append(counts[-1] + _count(self._line[block : block + _BLOCK]))
            self._counts = counts
        block = column // _BLOCK
        return start + self._counts[block] + _count(self._line[block * _BLOCK : column])


def _count(data: bytes) -> int:
    """How many characters begin in a part of a text in UTF-8."""
    return len(data.translate(None, _CONTINUATIONS))


def read_string(node: ast.Constant, source: PythonSource) -> tuple[bytes, SourceMap | None]:
    """The message in a literal of text or bytes, of one part or of several side by side.

    Returns:
        The message; where it stands, None if characters of it are written as several bytes.
    """
    end = source.end(node)
    text, places = assemble(_iter_pieces(source.text, source.start(node), end), end)
    if isinstance(node.value, bytes):
        is_plain = node.value.isascii() and text.isascii() and text.encode() == node.value
        return node.value, places if is_plain else None
    value = str(node.value)
    return value.encode(errors="surrogatepass"), places if text == value else None


def _iter_pieces(text: str, start: int, end: int) -> Iterator[Piece]:
    """The pieces of the literals that stand side by side between *start* and *end*."""
    at = start
    while at < end:
        opening = _opening(text, at, end)
        if opening is None:  # white space, a comment, the mark of a line that goes on
            at = _between(text, at, end).end()  # type: ignore[union-attr]  # it matches any character
            continue
        first, quotes = opening.end(), opening[2]
        last = _contents[quotes](text, first, end).end()  # type: ignore[union-attr]  # it matches nothing, too
        yield from _iter_content(text, first, last, opening[1].lower())
        at = last + len(quotes)


def _iter_content(text: str, start: int, end: int, prefix: str) -> Iterator[Piece]:
    """The pieces of the content of one literal; each escape is one."""
    at = start
    is_raw = "r" in prefix
    for match in _line_end(text, start, end) if is_raw else _escape(text, start, end):
        if "b" in prefix and not is_raw and match["wide"]:
            continue
        if match.start() > at:
            yield Piece(at, text[at : match.start()])
        yield Piece(match.start(), _meaning(match[0]))
        at = match.end()
    yield Piece(at, text[at:end])


def _meaning(escape: str) -> str:
    if escape[0] == "\r":
        return "\n"
    kind, rest = escape[1], escape[2:]
    if kind in "\r\n":
        return ""
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    if kind == "N":
        from unicodedata import lookup  # noqa: PLC0415 - hardly any source names characters

        return lookup(rest[1:-1])
    return chr(int(rest, 16) if kind in "xuU" else int(kind + rest, 8))


def read_value(node: ast.expr, source: PythonSource) -> tuple[bytes, SourceMap]:
    """The message that a literal value makes, in JSON, and where its parts stand.

    Raises:
        NoLiteral: if parts of it are no literals, or none that JSON knows.
    """
    text, places = assemble(_iter_json(node, source), source.end(node))
    return text.encode(), places


def _iter_json(node: ast.expr, source: PythonSource) -> Iterator[Piece]:
    """*node* in JSON; no deeper than brackets may be nested in Python."""
    start = source.start(node)
    if isinstance(node, ast.Dict):
        yield Piece(start, "{")
        for index, (key, value) in enumerate(zip(node.keys, node.values, strict=True)):
            if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
                raise NoLiteral
            at = source.start(key)
            if index:
                yield Piece(at, ",")
            yield Piece(at, f"{json.dumps(key.value)}:")
            yield from _iter_json(value, source)
        yield Piece(source.end(node) - 1, "}")
    elif isinstance(node, ast.List | ast.Tuple):
        yield Piece(start, "[")
        for index, item in enumerate(node.elts):
            if index:
                yield Piece(source.start(item), ",")
            yield from _iter_json(item, source)
        yield Piece(source.end(node) - 1, "]")
    else:
        yield Piece(start, _scalar(node))


def _scalar(node: ast.expr) -> str:
    negative = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
    value: Any = node.operand if isinstance(node, ast.UnaryOp) and negative else node
    if not isinstance(value, ast.Constant) or not isinstance(value.value, str | int | float | None):
        raise NoLiteral
    if negative and (isinstance(value.value, bool | str) or value.value is None):
        raise NoLiteral
    try:
        return ("-" if negative else "") + json.dumps(value.value)
    except ValueError:  # integers have a limit on digits
        raise NoLiteral from None
