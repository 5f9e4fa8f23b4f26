"""Streams of bytes that are read once, from their start to their end: decompressed, and counted."""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING, Final, NoReturn, cast

from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.bulk.sources.decoders import LONGEST_MAGIC, find_compression

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import BinaryIO

    from _typeshed import WriteableBuffer

    from altcraft_contract.lint.bulk.sources.decoders import Compression, Decoder

_STEP: Final = 1 << 16  # bytes that are taken at once
_FIRST_STEP: Final = 1 << 12  # as above, of a member; there may be very many that are very small


class Source:
    """Where the bytes of a stream come from.

    Args:
        path: What to call it.
        read: Gives up to so many bytes, those that are there; none at the end.
        reason_of: Says what is wrong, of an exception that reading raises.
        close: Lets go of what is behind it.
        fileno: The number of the file behind it.

    Attributes:
        taken: How many bytes have been read.
    """

    def __init__(
        self,
        path: str,
        read: Callable[[int], bytes | None],
        *,
        reason_of: Callable[[Exception], str],
        close: Callable[[], object] | None = None,
        fileno: Callable[[], int] | None = None,
    ) -> None:
        self.path = path
        self.taken = 0
        self.close = close
        self.fileno = fileno
        self._read = read
        self._reason_of = reason_of
        self._buffer = b""
        self._position = 0
        self._fault: UnreadableFile | None = None

    def read(self, size: int) -> bytes:
        """Up to *size* bytes, as many as are there.

        Raises:
            UnreadableFile: if there is something wrong.
        """
        if self._position == len(self._buffer):
            self._buffer, self._position = self._fetch(size), 0
        data = self._buffer[self._position : self._position + size]
        self._position += len(data)
        return data

    def put_back(self, count: int) -> None:
        """Let the last bytes that were read be read again."""
        self._position -= count

    def peek(self, size: int) -> bytes:
        """The next *size* bytes, which stay there; fewer at the end."""
        while len(self._buffer) - self._position < size:
            try:
                part = self._fetch(_STEP)
            except UnreadableFile as fault:
                if self._position == len(self._buffer):
                    raise
                self._fault = fault  # what is there comes first
                break
            if not part:
                break
            self._buffer, self._position = self._buffer[self._position :] + part, 0
        return self._buffer[self._position : self._position + size]

    def _fetch(self, size: int) -> bytes:
        if self._fault is not None:
            raise self._fault
        try:
            data = self._read(size) or b""
        except UnreadableFile:
            raise
        except Exception as error:
            raise UnreadableFile(self.path, self._reason_of(error)) from error
        self.taken += len(data)
        return data


class Stream(io.BufferedReader):
    """What a source holds, decompressed.

    Args:
        source: The source.

    Raises:
        UnreadableFile: if that is not possible; also by each way of reading.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        compression = find_compression(source.peek(LONGEST_MAGIC), source.path)
        super().__init__(_Plain(source) if compression is None else _Unpacked(source, compression), _STEP)

    @property
    def stored(self) -> int:
        """How many bytes have been read, as stored."""
        return self._source.taken


class _Plain(io.RawIOBase):
    """A source as it is."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = cast("memoryview", buffer)
        data = self.take(len(view))
        view[: len(data)] = data
        return len(data)

    def take(self, size: int) -> bytes:
        return self._source.read(size)

    def fileno(self) -> int:
        return super().fileno() if self._source.fileno is None else self._source.fileno()

    def close(self) -> None:
        if not self.closed and self._source.close is not None:
            self._source.close()
        super().close()


class _Unpacked(_Plain):
    """A source, decompressed."""

    def __init__(self, source: Source, compression: Compression) -> None:
        super().__init__(source)
        self._compression = compression
        self._decoder: Decoder | None = None
        self._members = 0
        self._step = _FIRST_STEP

    def take(self, size: int) -> bytes:
        while self._decoder is not None or self._begin():
            data = self._next(cast("Decoder", self._decoder), size)
            if data:
                return data
        return b""

    def _begin(self) -> bool:
        """Go on to the next member, if there is one."""
        start = self._source.peek(LONGEST_MAGIC)
        while self._members and self._compression.padding and start.startswith(self._compression.padding):
            self._source.put_back(len(self._source.read(_STEP).lstrip(self._compression.padding)))
            start = self._source.peek(LONGEST_MAGIC)
        if not start:
            return False
        if not self._compression.begins(start):
            self._fail(f"what follows the {self._compression.name} data is something else")
        self._decoder = self._compression.make()
        self._members += 1
        self._step = _FIRST_STEP
        return True

    def _next(self, decoder: Decoder, size: int) -> bytes:
        """The next bytes of a member; none if more input is needed, or at its end."""
        data = self._source.read(self._step) if decoder.needs_input else b""
        self._step = _STEP
        is_over = decoder.needs_input and not data
        try:
            unpacked = decoder.decompress(data, size)
        except Exception as error:  # noqa: BLE001 - the error of Zstandard is that of a module that may not be there
            self._fail(f"the {self._compression.name} data is damaged: {_reason_of_damage(error)}")
        if decoder.eof:
            self._source.put_back(len(decoder.unused_data))
            self._decoder = None
        elif is_over and not unpacked:
            self._fail(f"the {self._compression.name} data is cut off")
        return unpacked

    def _fail(self, reason: str) -> NoReturn:
        raise UnreadableFile(self._source.path, reason)


def _reason_of_damage(error: Exception) -> str:
    text = str(error)
    return text.rpartition(": ")[2] if isinstance(error, zlib.error) else text


def open_file(file: Path, path: str, reason_of: Callable[[Exception], str]) -> BinaryIO:
    """Open a file of this machine that may be compressed.

    Args:
        file: Where it is.
        path: What to call it.
        reason_of: Says what is wrong, of an exception.

    Raises:
        UnreadableFile: if that is not possible.
    """
    try:
        opened = file.open("rb", buffering=0)
    except (OSError, ValueError) as error:
        raise UnreadableFile(path, reason_of(error)) from error
    return opened_stream(Source(path, opened.read, reason_of=reason_of, close=opened.close))


def open_input(stream: BinaryIO, path: str, reason_of: Callable[[Exception], str]) -> BinaryIO:
    """What comes through a stream that may be compressed, as soon as it is there; *stream* stays open."""
    read = getattr(stream, "read1", stream.read)
    return opened_stream(Source(path, read, reason_of=reason_of, fileno=stream.fileno))


def opened_stream(source: Source) -> BinaryIO:
    """The stream of a source, which is closed if there is none."""
    try:
        return Stream(source)
    except BaseException:
        if source.close is not None:
            source.close()
        raise
