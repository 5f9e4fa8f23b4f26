"""Copies of bodies on their way, within bounds, and what they are once decoded."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

from altcraft_contract.stub.journal import LARGEST_BODY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from altcraft_contract.stub.traffic import Headers

_PLAIN: Final = ("", "identity")
_WINDOWS: Final = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}  # deflate comes with and without zlib's head


class Copy:
    """What is kept of a body while it passes.

    Args:
        limit: Bytes that are kept to be checked; of a larger body only the beginning stays.

    Attributes:
        size: Bytes that have passed.
        is_over: Whether it is larger than the limit.
        is_whole: Whether it has come to its end.
    """

    def __init__(self, limit: int) -> None:
        self.size = 0
        self.is_over = False
        self.is_whole = False
        self._limit = limit
        self._parts: list[bytes] = []

    def add(self, part: bytes) -> None:
        """Take in the next piece."""
        self.size += len(part)
        if self.is_over:
            return
        self._parts.append(part)
        if self.size > self._limit:
            self.is_over = True
            self._parts = [_beginning(self._parts, min(LARGEST_BODY, self._limit))]

    def body(self) -> bytes:
        """What is kept."""
        if len(self._parts) > 1:
            self._parts = [b"".join(self._parts)]
        return self._parts[0] if self._parts else b""


def _beginning(parts: Iterable[bytes], size: int) -> bytes:
    kept = b""
    for part in parts:
        kept += part[: size - len(kept)]
        if len(kept) == size:
            break
    return kept


class Unchecked(Exception):
    """A body that cannot be checked.

    Attributes:
        reason: Why not.
        is_too_large: Whether that is its size.
        body: What may be shown of it.
    """

    def __init__(self, reason: str, *, is_too_large: bool = False, body: bytes = b"") -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_too_large = is_too_large
        self.body = body


def is_encoded(headers: Headers) -> bool:
    """Whether the body is not what the sender means, but has to be decoded first."""
    return _coding(headers) not in _PLAIN


def readable_body(copy: Copy, headers: Headers, limit: int) -> bytes:
    """The body that the sender means: without its `Content-Encoding`.

    Raises:
        Unchecked: if it is not whole, too large, or in an encoding that is not understood.
    """
    coding = _coding(headers)
    shown = copy.body() if coding in _PLAIN else b""  # nobody could tell secrets in what is not decoded
    if copy.is_over:
        raise Unchecked(f"it is larger than {limit:,} bytes", is_too_large=True, body=shown)
    if not copy.is_whole:
        raise Unchecked("it did not come to its end", body=shown)
    if coding in _PLAIN:
        return shown
    if coding not in _WINDOWS:
        raise Unchecked(f"its Content-Encoding {coding[:40]!r} is none of gzip and deflate")
    for window in _WINDOWS[coding]:
        decoded = _decoded(copy.body(), window, limit)
        if decoded is not None:
            return decoded
    raise Unchecked(f"it is no {coding}, though its Content-Encoding says so")


def _coding(headers: Headers) -> str:
    """The `Content-Encoding`; all of them if there are several."""
    return ", ".join(value.decode("latin-1").strip().lower() for name, value in headers if name == b"content-encoding")


def _decoded(body: bytes, window: int, limit: int) -> bytes | None:
    """*body* decompressed, in as many members as there are; None if it is in another form.

    Raises:
        Unchecked: if it would be larger than *limit*.
    """
    parts: list[bytes] = []
    room = limit
    while body or not parts:
        decompressor = zlib.decompressobj(window)
        try:
            parts.append(decompressor.decompress(body, room + 1))
        except zlib.error:
            return None
        room -= len(parts[-1])
        if room < 0:
            raise Unchecked(f"it is larger than {limit:,} bytes once decoded", is_too_large=True)
        if not decompressor.eof:
            return None
        body = decompressor.unused_data
    return b"".join(parts)
