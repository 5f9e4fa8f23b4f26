"""A saved page of documentation: its headings, tables, code blocks and paragraphs, with their lines.

The file may hold anything: it is bounded, nothing in it is run or fetched, and no HTML is an error.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from altcraft_contract.errors import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGEST: Final = 4 * 1024 * 1024
"""Bytes of a page."""
_MOST_PARTS: Final = 50_000  # cells, headings, paragraphs and blocks
_MOST_TEXT: Final = 100_000  # characters of one of them
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_CELLS: Final = frozenset({"td", "th"})
_UNSEEN: Final = frozenset({"script", "style", "template", "noscript", "svg", "nav"})
_BREAKS: Final = frozenset({"br", "p", "div", "li", "tr"})
_hidden = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\b[^>]*>?|\Z)", re.DOTALL | re.IGNORECASE)


class Text(NamedTuple):
    """A piece of text.

    Attributes:
        text: On one line, unless it is a code block.
        line: Where it begins, from 1.
        codes: What stands in it as code.
    """

    text: str
    line: int
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        headings: Those that it stands under, the outermost first.
        line: Where it begins, from 1.
        rows: Of cells, the header first.
    """

    headings: tuple[str, ...]
    line: int
    rows: Sequence[Sequence[Text]]


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows.

    Attributes:
        tables: In the order of the page.
        blocks: Its code blocks.
        texts: Headings, paragraphs and all other text outside of tables and code blocks.
    """

    tables: Sequence[Table]
    blocks: Sequence[Text]
    texts: Sequence[Text]


def load_page(path: str) -> Page:
    """Read a saved page.

    Raises:
        UnreadableFile: if it cannot be read, or is too large.
    """
    try:
        with Path(path).open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise UnreadableFile(path, f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(data) > LARGEST:
        raise UnreadableFile(path, f"is larger than {LARGEST // 1024 // 1024} MiB; save the page as HTML only")
    return read_page(data)


def read_page(data: bytes) -> Page:
    """Read the HTML of a page; what is beyond the limits of a page is left out."""
    reader = _Reader()
    reader.feed(_harmless(_decoded(data)))
    reader.close()
    reader.finish()
    return Page(reader.tables, reader.blocks, reader.texts)


def _decoded(data: bytes) -> str:
    is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = data.decode("utf-16" if is_wide else "utf-8-sig", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _harmless(text: str) -> str:
    """*text*, with its lines, without comments, scripts and styles, and without what would take long to read.

    That is what begins and does not end: the parser of some Pythons looks for each end up to the end of the page.
    """
    text = _hidden.sub(lambda found: "\n" * found[0].count("\n"), text).replace("<![", "<?[")
    end = text.rfind(">") + 1
    return text[:end] + text[end:].replace("<", " ")


@dataclass(slots=True)
class _Piece:
    """Text that is being read."""

    kind: str
    line: int
    parts: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    size: int = 0

    def take(self, text: str) -> None:
        if self.size < _MOST_TEXT:
            self.parts.append(text[: _MOST_TEXT - self.size])
            self.size += len(text)

    def text(self) -> Text:
        whole = "".join(self.parts)
        return Text(whole if self.kind == "pre" else " ".join(whole.split()), self.line, tuple(self.codes))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[Table] = []
        self.blocks: list[Text] = []
        self.texts: list[Text] = []
        self.headings: list[tuple[int, str]] = []
        self.rows: list[list[Text]] | None = None  # of the table that is being read
        self.table_line = 0
        self.piece: _Piece | None = None
        self.code: list[str] | None = None
        self.unseen = ""  # the tag in which nothing is shown
        self.depth = 0  # of that tag within itself
        self.left = _MOST_PARTS

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - its signature
        if self.unseen:
            self.depth += tag == self.unseen
        elif tag in _UNSEEN:
            self.unseen, self.depth = tag, 1
        elif self.piece is None or self.piece.kind != "pre":
            self.open(tag)
        elif tag == "br":
            self.piece.take("\n")

    def open(self, tag: str) -> None:
        """Begin what *tag* holds."""
        if tag == "pre" or tag in _HEADINGS:
            self.begin(tag)
        elif tag == "table":
            self.finish_table()
            self.rows, self.table_line = [], self.getpos()[0]
        elif self.rows is not None and tag == "tr":
            self.end()
            self.rows.append([])
        elif self.rows is not None and tag in _CELLS:
            self.begin("cell")
        elif tag == "code":
            self.code = []
        elif tag in _BREAKS:
            self.handle_break()

    def handle_endtag(self, tag: str) -> None:
        if self.unseen:
            self.depth -= tag == self.unseen
            if not self.depth:
                self.unseen = ""
        elif tag == "table":
            self.finish_table()
        elif tag == "code":
            self.finish_code()
        elif tag in _CELLS or tag == "pre" or tag in _HEADINGS:
            self.end()
        elif tag in _BREAKS:
            self.handle_break()

    def handle_data(self, data: str) -> None:
        if self.unseen:
            return
        if self.piece is None:
            if not data.strip() or self.rows is not None:
                return
            self.begin("text")
        if self.piece is not None:
            self.piece.take(data)
            if self.code is not None:
                self.code.append(data)

    def handle_break(self) -> None:
        """A line or a paragraph ends: in a cell that is a space, elsewhere the text is whole."""
        if self.piece is not None and self.piece.kind == "text":
            self.end()
        elif self.piece is not None:
            self.piece.take(" ")

    def finish_code(self) -> None:
        if self.code is not None and self.piece is not None and self.piece.kind != "pre":
            self.piece.codes.append(" ".join("".join(self.code).split()))
        self.code = None

    def begin(self, kind: str) -> None:
        self.end()
        if self.left > 0:
            self.left -= 1
            self.piece = _Piece(kind, self.getpos()[0])

    def end(self) -> None:
        """Take what is being read."""
        piece, self.piece, self.code = self.piece, None, None
        if piece is None:
            return
        text = piece.text()
        if piece.kind == "pre":
            self.blocks.append(text)
        elif piece.kind == "cell" and self.rows is not None:
            if not self.rows:
                self.rows.append([])
            self.rows[-1].append(text)
        else:
            if piece.kind in _HEADINGS:
                level = _HEADINGS[piece.kind]
                self.headings = [*(known for known in self.headings if known[0] < level), (level, text.text)]
            self.texts.append(text)

    def finish_table(self) -> None:
        self.end()
        rows = [row for row in self.rows or () if row]
        if rows:
            self.tables.append(Table(tuple(text for _, text in self.headings), self.table_line, rows))
        self.rows = None

    def finish(self) -> None:
        """Take what the page left open."""
        self.finish_table()
        self.end()
