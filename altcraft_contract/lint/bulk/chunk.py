"""What is cut from payloads: pieces of work that may be done in any process, on any machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from altcraft_contract.contract import Syntax
    from altcraft_contract.errors import UnreadableFile
    from altcraft_contract.lint.payloads import Payload


class Remark(NamedTuple):
    """Something about a file that is no finding.

    Attributes:
        kind: As the members of `Listener`.
        path: Of the file.
        text: What is odd about it.
        fault: Why it cannot be read.
    """

    kind: Literal["skipped", "noted", "unreadable"]
    path: str
    text: str = ""
    fault: UnreadableFile | None = None


class Files(NamedTuple):
    """Files that are read and checked where the work is done.

    Attributes:
        payloads: Small ones, or one that is checked as a whole.
        size: In bytes, as stored.
    """

    payloads: tuple[Payload, ...]
    size: int


class Records(NamedTuple):
    """Whole lines of one file, each of which is a document.

    Attributes:
        payload: The file.
        syntax: Of the lines.
        data: The lines.
        first_record: Number of the first document that begins here, from 1.
        first_line: Number of the first line, from 1.
        stored: How many bytes of the file, as stored, this stands for.
    """

    payload: Payload
    syntax: Syntax
    data: bytes
    first_record: int = 1
    first_line: int = 1
    stored: int = 0


class Span(NamedTuple):
    """The lines of a file that begin within some bytes of it; how many stand before them nobody has counted.

    Attributes:
        payload: The file, any part of which can be read.
        syntax: Of the lines, each of which is a document.
        start: The first of the bytes.
        stop: The byte after the last.
    """

    payload: Payload
    syntax: Syntax
    start: int
    stop: int

    @property
    def stored(self) -> int:
        """How many bytes of the file this stands for."""
        return self.stop - self.start


class Text(NamedTuple):
    """One document and where it stands.

    Attributes:
        number: Of the record, or of the row, from 1.
        first_line: Line of the file on which it begins.
        data: Its text.
    """

    number: int
    first_line: int
    data: bytes


class Texts(NamedTuple):
    """Some documents of one file, not necessarily neighbours.

    Attributes:
        payload: The file.
        syntax: Of all of them; None tells it by each one's first character.
        texts: The documents.
        stored: How many bytes of the file, as stored, this stands for.
    """

    payload: Payload
    syntax: Syntax | None
    texts: Sequence[Text]
    stored: int = 0


class Whole(NamedTuple):
    """A file that has been read.

    Attributes:
        payload: The file.
        data: What it holds, up to one byte more than is allowed.
        stored: How many bytes of the file, as stored, this stands for.
    """

    payload: Payload
    data: bytes
    stored: int = 0


class Remarks(NamedTuple):
    """Nothing to check, but something to tell in its place."""

    remarks: tuple[Remark, ...]


Chunk = Files | Records | Span | Texts | Whole | Remarks


def size_of(chunk: Chunk) -> int:
    """How many bytes a chunk takes in memory, roughly, before it is checked."""
    match chunk:
        case Records():
            return len(chunk.data)
        case Texts():
            return sum(len(text.data) for text in chunk.texts)
        case Whole():
            return len(chunk.data)
        case _:
            return 0
