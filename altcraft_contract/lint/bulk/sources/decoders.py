"""What undoes gzip and Zstandard: member after member, never more at once than is asked for."""

from __future__ import annotations

import sys
import zlib
from typing import TYPE_CHECKING, Final, Protocol

from altcraft_contract.errors import MissingExtra, UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_MAGIC: Final = 4
"""Bytes from which a form of compression is told."""
_GZIP: Final = b"\x1f\x8b"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_ZSTD_SKIPPABLE: Final = b"\x2a\x4d\x18"  # behind a byte from 0x50 to 0x5f
_WITH_GZIP_HEADER: Final = 31
_LONGEST_WINDOW: Final = 27  # as a power of two: what the programs of zstd agree to by default


class Decoder(Protocol):
    """Undoes the compression of one member, or frame.

    Attributes:
        eof: Whether its end has been reached.
        needs_input: Whether more can only come of more input.
        unused_data: What was given beyond its end.
    """

    @property
    def eof(self) -> bool: ...  # noqa: D102 - above
    @property
    def needs_input(self) -> bool: ...  # noqa: D102 - above
    @property
    def unused_data(self) -> bytes: ...  # noqa: D102 - above

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """What comes of *data*, and of what was left over before, up to *max_length* bytes."""
        ...


class Compression:
    """A form of compression.

    Args:
        name: What people call it.
        begins: Whether bytes are the beginning of a member.
        make: Makes a decoder of one member.
        padding: What may stand between members and behind the last.
    """

    def __init__(
        self, name: str, begins: Callable[[bytes], bool], make: Callable[[], Decoder], padding: bytes = b""
    ) -> None:
        self.name = name
        self.begins = begins
        self.make = make
        self.padding = padding


def find_compression(start: bytes, path: str) -> Compression | None:
    """How a file that begins with *start* is compressed; None if it is not.

    Raises:
        UnreadableFile: if what undoes it is not installed.
    """
    if _begins_gzip(start):
        return Compression("gzip", _begins_gzip, _GzipDecoder, b"\0")
    if _begins_zstd(start):
        return Compression("Zstandard", _begins_zstd, _find_zstd(path))
    return None


def _begins_gzip(start: bytes) -> bool:
    return start.startswith(_GZIP)


def _begins_zstd(start: bytes) -> bool:
    is_skippable = start[1:4] == _ZSTD_SKIPPABLE and start[0] >> 4 == 5  # noqa: PLR2004 - the first of the magic bytes
    return is_skippable or start.startswith(_ZSTD)


def _find_zstd(path: str) -> Callable[[], Decoder]:
    if sys.version_info >= (3, 14):
        from compression import zstd  # noqa: PLC0415 - most runs read no such files
    else:
        try:
            from backports import zstd  # noqa: PLC0415 - as above
        except ImportError:
            raise UnreadableFile(path, str(MissingExtra("zstd", "backports.zstd"))) from None

    def make() -> Decoder:
        return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _LONGEST_WINDOW})

    return make


class _GzipDecoder:
    """Undoes the compression of one member; what stands before a damaged place is not lost."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(_WITH_GZIP_HEADER)
        self._error: zlib.error | None = None

    @property
    def eof(self) -> bool:
        return self._inflate.eof

    @property
    def needs_input(self) -> bool:
        return not self._inflate.unconsumed_tail and self._error is None

    @property
    def unused_data(self) -> bytes:
        return self._inflate.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        if self._error is not None:
            raise self._error
        before = self._inflate.copy()
        data = self._inflate.unconsumed_tail + data
        try:
            return self._inflate.decompress(data, max_length)
        except zlib.error as error:
            self._error = error
        saved = b"".join(_saved(before, data, max_length))
        if not saved:
            raise self._error
        return saved


def _saved(inflate: zlib._Decompress, data: bytes, max_length: int) -> list[bytes]:
    """What comes of *data* before it turns out to be damaged: byte by byte, for zlib drops what a call has made."""
    parts = []
    for number in range(len(data)):
        try:
            part = inflate.decompress(data[number : number + 1], max_length)
        except zlib.error:
            break
        parts.append(part)
        max_length -= len(part)
        if max_length <= 0:
            break
    return parts
