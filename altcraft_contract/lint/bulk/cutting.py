"""Payloads to chunks: lists of documents are cut at the ends of lines, small files are put together."""

from __future__ import annotations

import select
from typing import TYPE_CHECKING, Final, NamedTuple

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.document import sniff_syntax
from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.bulk.chunk import Files, Records, Remark, Remarks, Span, Text, Texts, Whole
from altcraft_contract.lint.lint_options import DEAF
from altcraft_contract.lint.linter import START, Linter
from altcraft_contract.lint.payloads import SUFFIXES, reason_of
from altcraft_contract.lint.recognition import RECORD_SYNTAXES, syntax_of_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import BinaryIO

    from altcraft_contract.contract import Syntax
    from altcraft_contract.lint.bulk.chunk import Chunk
    from altcraft_contract.lint.lint_options import LintOptions
    from altcraft_contract.lint.payloads import Payload

MEBIBYTE: Final = 1 << 20
_EMPTY: Final = "holds no record"
_SMALL: Final = 1 << 18  # bytes of a file that is read where it is checked


class Sizes(NamedTuple):
    """How large chunks are.

    Attributes:
        first: Bytes of the first one; each is twice as large as the one before.
        most: Bytes of the largest.
        span: Bytes of the parts of large plain files, which are read where they are checked; None to read them here.
        files: Files that go together, at most.
    """

    first: int
    most: int
    span: int | None = None
    files: int = 1


STEADY: Final = Sizes(1 << 16, 1 << 16)
"""For work that is done one by one: what was found is told soon."""
GROWING: Final = Sizes(1 << 16, 1 << 20, span=1 << 20, files=16)
"""For work that is handed to others."""


def iter_chunks(payloads: Iterable[Payload], options: LintOptions, sizes: Sizes = STEADY) -> Iterator[Chunk | None]:
    """Cut *payloads*, in their order.

    Returns:
        The chunks; None wherever the standard input has no more for now, and what is there is worth being checked.
    """
    group: list[Payload] = []
    group_size = 0
    cutter = Cutter(options, sizes)
    for payload in payloads:
        size = _size_if_small(payload)
        if size is not None:
            group.append(payload)
            group_size += size
        if group and (size is None or len(group) >= sizes.files or group_size >= sizes.most):
            yield Files(tuple(group), group_size)
            group, group_size = [], 0
        if size is None:
            yield from cutter.cut(payload)
    if group:
        yield Files(tuple(group), group_size)


def _size_if_small(payload: Payload) -> int | None:
    """The size of a payload that is read where it is checked; None for others, and for what grows as it is read."""
    size = payload.size
    if size is None or size > _SMALL or payload.is_columnar or not payload.is_plain:
        return None
    return size


class Cutter:
    """Cuts payloads, one by one.

    Args:
        options: How they are to be checked.
        sizes: How large the chunks are.
    """

    def __init__(self, options: LintOptions, sizes: Sizes = STEADY) -> None:
        self._options = options
        self._size = sizes.first
        self._sizes = sizes

    def cut(self, payload: Payload) -> Iterator[Chunk | None]:
        """The chunks of one payload; what is wrong with the file stands in a remark."""
        remarks: list[Remark] = []
        try:
            if payload.is_columnar and self._options.syntax == "auto":
                yield from self._rows(payload, remarks)
            else:
                with payload.open() as file:
                    yield from self._chunks(payload, file, remarks)
        except (UnreadableFile, OSError) as error:
            fault = error if isinstance(error, UnreadableFile) else UnreadableFile(payload.path, reason_of(error))
            remarks.append(Remark("unreadable", payload.path, fault=fault))
        if remarks:
            yield Remarks(tuple(remarks))

    def _rows(self, payload: Payload, remarks: list[Remark]) -> Iterator[Texts]:
        from altcraft_contract.lint.bulk.sources import iter_texts  # noqa: PLC0415 - most runs read no columns

        is_first = True
        for first, values in iter_texts(payload, self._options.column):
            texts = [Text(number, 1, value) for number, value in enumerate(values, first + 1) if value is not None]
            if not texts:
                continue
            if is_first and self._is_other(payload, texts[0].data, sniff_syntax(texts[0].data) or "json"):
                break
            is_first = False
            yield Texts(payload, None, texts)
        if is_first:
            nothing = Remark("noted", payload.path, _EMPTY) if payload.explicit else Remark("skipped", payload.path)
            remarks.append(nothing)
        else:
            yield Texts(payload, None, (), stored=payload.size or 0)

    def _chunks(self, payload: Payload, file: BinaryIO, remarks: list[Remark]) -> Iterator[Chunk | None]:
        source = _Source(payload, file)
        start = source.read_start()
        syntax = self._record_syntax(payload, start)
        if syntax is None:
            data = start + source.read_rest(self._options.limits.max_bytes + 1 - len(start))
            yield Whole(payload, data, payload.size or 0)
        else:
            yield from self._records(payload, source, start, syntax, remarks)

    def _record_syntax(self, payload: Payload, start: bytes) -> Syntax | None:
        """The syntax of the lines of a file; None if its lines are no documents."""
        options = self._options.for_path(payload.path)
        linter = _linter(options)
        is_host = options.extract and linter.is_host_suffix(payload)
        if is_host and (payload.suffix not in SUFFIXES or linter.find_host(payload, start) is not None):
            return None
        syntax = options.syntax
        if syntax == "auto":
            syntax = syntax_of_file(start, payload.suffix)
        return RECORD_SYNTAXES.get(syntax)

    def _records(
        self, payload: Payload, source: _Source, start: bytes, syntax: Syntax, remarks: list[Remark]
    ) -> Iterator[Chunk | None]:
        if self._sizes.span is not None and payload.is_plain and payload.size is not None:
            if self._is_skipped(payload, start, syntax):
                remarks.append(Remark("skipped", payload.path))
            else:
                yield from iter_spans(payload, syntax, payload.size, self._sizes.span)
            return
        first_record = first_line = 1
        stored = 0
        for block in source.iter_blocks(start, self._options.limits.max_bytes + 1, self._next_size):
            if block is None:
                yield None
                continue
            records, lines = count(block.data)
            if first_record == 1 and self._is_skipped(payload, block.data, syntax):
                remarks.append(Remark("skipped", payload.path))
                return
            if records:
                here = source.stored(block.start + block.size)
                yield Records(payload, syntax, block.data, first_record, first_line, here - stored)
                stored = here
            first_record += records
            first_line += lines
        if first_record == 1:
            remarks.append(Remark("noted", payload.path, _EMPTY))

    def _is_skipped(self, payload: Payload, data: bytes, syntax: Syntax) -> bool:
        """Whether a file that was found in a directory holds no messages, told by the first of its lines."""
        first = next((line for line in data.split(b"\n") if line and not line.isspace()), None)
        return first is not None and self._is_other(payload, first, syntax)

    def _is_other(self, payload: Payload, record: bytes, syntax: Syntax) -> bool:
        """Whether the first record of a file that was found in a directory is no message."""
        if payload.explicit:
            return False
        linter = _linter(self._options.for_path(payload.path))
        return not linter.is_message(record, syntax, linter.message(record, syntax))

    def _next_size(self) -> int:
        size = self._size
        self._size = min(2 * size, self._sizes.most)
        return size


def _linter(options: LintOptions) -> Linter:
    return Linter(options, DEAF, load_contract(options.contract))


def iter_spans(payload: Payload, syntax: Syntax, size: int, span: int) -> Iterator[Span]:
    """The parts of a file with a document a line, of about *span* bytes each."""
    for start in range(0, size, span):
        yield Span(payload, syntax, start, min(start + span, size))


def read_span(span: Span, longest: int) -> Iterator[Records]:
    """The lines that begin in a span, some at a time, numbered as if the file began with them.

    Args:
        span: Part of a file.
        longest: Bytes that are kept of a line that goes on behind a block.

    Raises:
        UnreadableFile: if the file cannot be read.
        OSError: as above.
    """
    first_record = first_line = 1
    with span.payload.open_seekable() as file:
        position = span.start
        if position:
            file.seek(position - 1)
            position += _read_line(file, 0)[1] - 1
        while position < span.stop:
            data = file.read(min(MEBIBYTE, span.stop - position))
            if not data:
                return
            size = len(data)
            if not data.endswith(b"\n"):
                end, passed = _read_line(file, longest)
                data, size = data + end, size + passed
            records = Records(span.payload, span.syntax, data, first_record, first_line)
            yield records
            position += size
            if position < span.stop:
                counts = count(data)
                first_record += counts.records
                first_line += counts.lines


def _read_line(file: BinaryIO, longest: int) -> tuple[bytes, int]:
    """What is left of a line, and how many bytes that is; *longest* of them are kept."""
    line = file.readline(longest) if longest else b""
    passed = len(line)
    part = line
    while not part.endswith(b"\n") and (part := file.readline(MEBIBYTE)):
        passed += len(part)
    return line, passed


class Counts(NamedTuple):
    """What there is in some lines.

    Attributes:
        records: Lines that are not blank.
        lines: Lines as people count them: they end with LF, CR LF, or CR, though no record ends with CR alone.
    """

    records: int
    lines: int


def count(data: bytes) -> Counts:
    """Count what there is in whole lines, the last of which may lack its end."""
    lines = data.split(b"\n")
    if not lines[-1]:
        lines.pop()
    number = len(lines)
    records = sum(1 for line in lines if line and not line.isspace())
    if b"\r" in data:
        number += sum(line.count(b"\r") - line.endswith(b"\r") for line in lines)
        number += lines[-1].endswith(b"\r") and not data.endswith(b"\n")
    return Counts(records, number)


class Block(NamedTuple):
    """Whole lines, the last of which may lack its end.

    Attributes:
        start: Where they begin, in bytes.
        size: How many bytes they are.
        data: The bytes.
    """

    start: int
    size: int
    data: bytes


class _Source:
    """Reads one file from its start to its end."""

    def __init__(self, payload: Payload, file: BinaryIO) -> None:
        self._payload = payload
        self._file = file
        self._read: Callable[[int], bytes] = getattr(file, "read1", file.read)
        self._is_idle = _idleness(payload, file)

    def read_start(self) -> bytes:
        """What the syntax is told from: as much as is there, two lines at least."""
        start = b""
        while len(start) < START and (part := self._part(START - len(start))):
            start += part
            if start.count(b"\n") > 1 and self._is_idle():
                break
        return start

    def _part(self, size: int) -> bytes:
        """Some bytes, for what is told from the start; what goes wrong is told by the next reading."""
        try:
            return self._read(size)
        except (UnreadableFile, OSError) as error:
            self._read = _raiser_of(error)
            return b""

    def read_rest(self, size: int) -> bytes:
        """What follows, up to *size* bytes."""
        parts = []
        while size > 0 and (part := self._read(min(size, MEBIBYTE))):
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def stored(self, position: int) -> int:
        """How many bytes of the file, as stored, have been read when *position* bytes of its content have been."""
        if self._payload.is_plain:
            return position
        stored: int = getattr(self._file, "stored", 0)
        return stored

    def iter_blocks(self, start: bytes, longest: int, size: Callable[[], int]) -> Iterator[Block | None]:
        """Blocks of about *size()* bytes; of a line longer than *longest* only so many bytes are kept."""
        offset = gathered = left = 0  # bytes: before, in, and behind what is ready
        ready: list[bytes] = []  # ends with a line
        tail: list[bytes] = []  # of a line that goes on
        wanted = size()
        part = start
        while part:
            cut = part.rfind(b"\n") + 1
            if cut:
                ready += [*tail, part[:cut]]
                gathered, left, tail = gathered + left + cut, 0, []
            if cut < len(part):
                tail.append(part[cut:])
                left += len(part) - cut
            is_idle = self._is_idle()
            if ready and (gathered >= wanted or is_idle or left >= longest):
                yield Block(offset, gathered, b"".join(ready))
                offset, gathered, ready, wanted = offset + gathered, 0, [], size()
            if left >= longest:
                yield Block(offset, longest, b"".join(tail)[:longest])
                part, passed = self._skip_line()
                offset, left, tail = offset + left + passed, 0, []
                continue
            if is_idle:
                yield None
            try:
                part = self._read(MEBIBYTE)
            except (UnreadableFile, OSError):
                if ready:
                    yield Block(offset, gathered, b"".join(ready))
                raise
        if ready or tail:
            yield Block(offset, gathered + left, b"".join([*ready, *tail]))

    def _skip_line(self) -> tuple[bytes, int]:
        """Go on behind the end of the line; return what was read of the next ones, and how many bytes were passed."""
        passed = 0
        while part := self._read(MEBIBYTE):
            end = part.find(b"\n") + 1
            if end:
                return part[end:] or self._read(MEBIBYTE), passed + end
            passed += len(part)
        return b"", passed


def _raiser_of(error: Exception) -> Callable[[int], bytes]:
    def raise_again(_: int) -> bytes:
        raise error

    return raise_again


def _idleness(payload: Payload, file: BinaryIO) -> Callable[[], bool]:
    """What tells whether reading would have to wait; nothing does but the standard input."""
    if not payload.is_standard_input:
        return lambda: False
    try:
        number = file.fileno()
        select.select([number], [], [], 0)
    except (AttributeError, OSError, ValueError):  # no file of the system, or none that can be asked
        return lambda: False
    return lambda: not select.select([number], [], [], 0)[0]
