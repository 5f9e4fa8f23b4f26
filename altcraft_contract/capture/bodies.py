"""Bodies as they pass by: gathered piece by piece, and freed of their encodings."""

from __future__ import annotations

import sys
import zlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    Headers = Iterable[tuple[str, str]]
    Body = tuple[bytes | None, str | None]

_GZIP_OR_ZLIB: Final = zlib.MAX_WBITS | 32
_RAW: Final = -zlib.MAX_WBITS


class Passing:
    """A body on its way: what has passed, and whether that was all.

    Args:
        length: Bytes that are to pass; None if only the end tells.
        chunked: Whether what passes has the framing of the chunked transfer encoding.
        lenient: Whether it may have been freed of its content encoding already, so that it is none if it has none.

    Attributes:
        ended: Whether the end has passed.
        lenient: As given.
    """

    __slots__ = ("_chunked", "_length", "_pieces", "ended", "lenient")

    def __init__(self, *, length: int | None = None, chunked: bool = False, lenient: bool = False) -> None:
        self.lenient = lenient
        self._pieces: list[bytes] = []
        self._length = length
        self._chunked = chunked
        self.ended = False

    def add(self, piece: Any) -> None:
        """Note *piece*: bytes, or what has their buffer."""
        self._pieces.append(bytes(piece))

    def finish(self, length: int) -> None:
        """Note that no more than *length* bytes are to pass."""
        self._length = length

    def restart(self) -> None:
        """Forget what has passed: the same body is sent again."""
        self._pieces.clear()
        self.ended = False

    def whole(self, verb: str) -> Body:
        """The body, or why there is none; *verb* says what was done with it."""
        body = b"".join(self._pieces)
        if self._chunked:
            content, complete = read_chunks(body)
            return (content, None) if complete else (None, f"{verb} stopped after {len(content)} bytes")
        if self.ended if self._length is None else len(body) >= self._length:
            return body, None
        of = "" if self._length is None else f" of {self._length}"
        return None, f"{verb} stopped after {len(body)}{of} bytes"


class TeeFile:
    """A binary file that notes what is read from it; in all else it is the file itself."""

    def __init__(self, file: Any, passing: Passing) -> None:
        self._file = file
        self._passing = passing

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def read(self, size: int | None = -1, *args: Any, **kwargs: Any) -> Any:
        """As the file does."""
        piece = self._file.read(size, *args, **kwargs)
        return self._noted(piece, at_end=size is None or size < 0 or (size > 0 and not piece))

    def read1(self, size: int = -1) -> Any:
        """As the file does."""
        piece = self._file.read1(size)
        return self._noted(piece, at_end=size != 0 and not piece)

    def readline(self, size: int = -1) -> Any:
        """As the file does."""
        piece = self._file.readline(size)
        return self._noted(piece, at_end=size != 0 and not piece)

    def readinto(self, buffer: Any) -> Any:
        """As the file does."""
        count = self._file.readinto(buffer)
        view = memoryview(buffer).cast("B")
        self._noted(view[: count or 0], at_end=not count and len(view) > 0)
        return count

    def _noted(self, piece: Any, *, at_end: bool) -> Any:
        if piece:
            self._passing.add(piece)
        self._passing.ended = self._passing.ended or at_end
        return piece


def read_chunks(framed: bytes) -> tuple[bytes, bool]:
    """The content of a chunked body, and whether its last chunk is there."""
    parts: list[bytes] = []
    position = 0
    while True:
        end = framed.find(b"\r\n", position)
        try:
            size = int(framed[position:end].partition(b";")[0], 16) if end >= 0 else -1
        except ValueError:
            size = -1
        if size <= 0:
            return b"".join(parts), size == 0
        parts.append(framed[end + 2 : end + 2 + size])
        if len(parts[-1]) < size:
            return b"".join(parts), False
        position = end + 2 + size + 2


def decode(body: bytes, headers: Headers) -> Body:
    """*body* without its content encodings, or why it cannot be had."""
    names = [value for name, value in headers if name.lower() == "content-encoding"]
    for encoding in reversed([part.strip().lower() for part in ",".join(names).split(",")]):
        if not body or encoding in {"", "identity"}:
            continue
        try:
            body = _decoded(body, encoding)
        except Exception as fault:  # noqa: BLE001 - each decoder has exceptions of its own
            return None, f"not readable as {encoding}: {fault}"
    return body, None


def _decoded(body: bytes, encoding: str) -> bytes:
    if encoding in {"gzip", "x-gzip"}:
        return _inflate(body, _GZIP_OR_ZLIB)
    if encoding == "deflate":
        try:
            return _inflate(body, _GZIP_OR_ZLIB)
        except zlib.error:
            return _inflate(body, _RAW)
    # A client that asks for these has loaded what decodes them.
    for name in {"br": ("brotli", "brotlicffi"), "zstd": ("compression.zstd", "backports.zstd", "zstandard")}.get(
        encoding, ()
    ):
        if name in sys.modules:
            decoded: bytes = sys.modules[name].decompress(body)
            return decoded
    raise LookupError("no decoder is loaded")


def _inflate(body: bytes, window: int) -> bytes:
    parts: list[bytes] = []
    while body:
        decoder = zlib.decompressobj(window)
        parts.append(decoder.decompress(body) + decoder.flush())
        if not decoder.eof:
            raise ValueError("the end is missing")
        body = decoder.unused_data
    return b"".join(parts)


def peek(body: Any, charset: str = "utf-8") -> Body:
    """What *body*, an argument of a call, will send; it is left as it was.

    Args:
        body: None, text, bytes, a file or whatever else a library takes.
        charset: In which the library sends text.
    """
    if body is None:
        return b"", None
    if isinstance(body, str):
        return body.encode(charset), None
    if isinstance(body, bytes | bytearray | memoryview):
        return bytes(body), None
    if hasattr(body, "read"):
        return _peek_file(body, charset)
    return None, f"a {type(body).__name__}, which can be read only once, and nothing sent it"


def _peek_file(file: Any, charset: str) -> Body:
    try:
        position = file.tell()
        content = file.read()
        file.seek(position)
    except (AttributeError, OSError, ValueError):
        return None, f"a {type(file).__name__}, which can be read only once, and nothing sent it"
    return peek(content, charset)
