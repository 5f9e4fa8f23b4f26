"""Bodies of one line in lines that can be read: line breaks and indentation are put in, and nothing else changed."""

from __future__ import annotations

import re
from itertools import accumulate
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from altcraft_contract.contract import Syntax

_LONGEST: Final = 50_000  # characters of a body that is laid out
_WIDTH: Final = 96  # columns in which an object, a list or an element still stands on one line
_DEEPEST: Final = 12  # levels that are indented

_grammar: Final[Mapping[Syntax, re.Pattern[str]]] = MappingProxyType(
    {
        "json": re.compile(r'"(?:[^"\\]++|\\.)*+"?|[{}\[\],]|[^"{}\[\],]++', re.DOTALL),
        "xml": re.compile(r"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>|<[^<>]*+>?|[^<]++", re.DOTALL),
    }
)


def laid_out(text: str, syntax: Syntax) -> str:
    """*text*, well-formed or not, in lines; as it is if it has more than one already."""
    if "\n" in text or "\r" in text or len(text) > _LONGEST:
        return text
    return _Layout(_grammar[syntax].findall(text), syntax).text()


def syntax_of(text: str) -> Syntax | None:
    """What *text* looks like; None for pages, and for what is neither."""
    head = text.lstrip()[:40].lower()
    if head.startswith(("{", "[")):
        return "json"
    return "xml" if head.startswith("<") and not head.startswith(("<!doctype", "<html")) else None


class _Layout:
    """Puts pieces on lines."""

    def __init__(self, pieces: Sequence[str], syntax: Syntax) -> None:
        self.pieces = pieces
        self.is_json = syntax == "json"
        self.offsets = [0, *accumulate(map(len, pieces))]
        self.lines: list[str] = []
        self.line = ""
        self.depth = 0

    def text(self) -> str:
        ends = self.ends()
        index = 0
        while index < len(self.pieces):
            end = ends.get(index)
            if end is not None and self.fits(index, end):
                self.put("".join(self.pieces[index : end + 1]))
                index = end + 1
            else:
                self.put_piece(self.pieces[index])
                index += 1
        self.flush()
        return "\n".join(self.lines)

    def ends(self) -> Mapping[int, int]:
        """Index of a piece that begins something to the index of that which ends it."""
        found = {}
        begun = []
        for index, piece in enumerate(self.pieces):
            kind = self.kind(piece)
            if kind == "begin":
                begun.append(index)
            elif kind == "end" and begun:
                found[begun.pop()] = index
        return found

    def kind(self, piece: str) -> Literal["begin", "end", "comma", "other"]:
        if self.is_json:
            return "begin" if piece in "{[" else "end" if piece in "}]" else "comma" if piece == "," else "other"
        if not piece.startswith("<") or piece.startswith(("<?", "<!")) or piece.endswith("/>"):
            return "other"
        return "end" if piece.startswith("</") else "begin"

    def fits(self, index: int, end: int) -> bool:
        """Whether what stands there may be one line: it is short, or an element without elements."""
        width = self.offsets[end + 1] - self.offsets[index] + 2 * self.depth
        return width <= _WIDTH or not (self.is_json or any(part[0] == "<" for part in self.pieces[index + 1 : end]))

    def put(self, part: str) -> None:
        if not self.is_json:
            self.flush()
        self.line += part

    def put_piece(self, piece: str) -> None:
        kind = self.kind(piece)
        if kind == "end":
            self.flush()
            self.depth = max(0, self.depth - 1)
        self.put(piece)
        if kind in ("begin", "comma"):
            self.flush()
            self.depth += kind == "begin"

    def flush(self) -> None:
        if self.line.strip(" "):
            self.lines.append("  " * min(self.depth, _DEEPEST) + self.line.strip(" "))
        self.line = ""
