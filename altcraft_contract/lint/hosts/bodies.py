"""Recorded bodies: freed of base64 and of content encodings."""

from __future__ import annotations

import base64
import re
import zlib
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from altcraft_contract.documents.document import sniff_syntax
from altcraft_contract.documents.limits import MEBIBYTE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from altcraft_contract.contract import Syntax
    from altcraft_contract.documents.limits import Limits
    from altcraft_contract.lint.hosts.tree import Path

_GZIP_OR_ZLIB: Final = zlib.MAX_WBITS | 32
_RAW: Final = -zlib.MAX_WBITS
_control = re.compile(rb"[\x00-\x08\x0e-\x1f]").search
_white_space = re.compile(r"[ \t\r\n]+")
_media_type = re.compile(r"\s*(?:application|text)/(?:[\w.+-]+\+)?(json|xml)\s*(?:;|$)", re.ASCII | re.IGNORECASE)


class BodyNotHad(Exception):
    """A body cannot be had from its recording; the text says why, and what to do."""


class Body(NamedTuple):
    """A body as recorded, still with its content encodings.

    Attributes:
        data: Its bytes.
        path: Where below its exchange it stands as a text; None if it is not written as one.
    """

    data: bytes
    path: Path | None = None


class BodyReader:
    """Reads the bodies of one host file, which may not decode to more than the *limits* let it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._left = limits.max_bytes

    def decode(self, body: bytes, encodings: Iterable[str]) -> bytes:
        """*body* without its content encodings.

        Most recorders write what their client reads, but leave the header as it came: what is text has been decoded.

        Args:
            body: As recorded.
            encodings: The values of `Content-Encoding`.

        Raises:
            BodyNotHad: if that cannot be done.
        """
        for encoding in reversed([part.strip().lower() for part in ",".join(encodings).split(",")]):
            if encoding in {"", "identity"} or _is_text(body):
                continue
            if encoding not in {"gzip", "x-gzip", "deflate"}:
                raise BodyNotHad(
                    f"its content encoding, {_shown(encoding)}, cannot be decoded here; record it decoded "
                    "(in VCR.py: decode_compressed_response=True)"
                )
            body = self._inflate(body, encoding)
        return body

    def _inflate(self, body: bytes, encoding: str) -> bytes:
        windows = (_GZIP_OR_ZLIB, _RAW) if encoding == "deflate" else (_GZIP_OR_ZLIB,)
        for window in windows:
            try:
                return self._inflate_with(body, window)
            except zlib.error:
                continue
        raise BodyNotHad(f"it is not the {encoding} that its content encoding promises; record it again")

    def _inflate_with(self, body: bytes, window: int) -> bytes:
        parts: list[bytes] = []
        while body:
            decoder = zlib.decompressobj(window)
            parts.append(decoder.decompress(body, self._left + 1))
            self._left -= len(parts[-1])
            if self._left < 0:
                size = self._limits.max_bytes // MEBIBYTE
                raise BodyNotHad(f"the bodies of the file decode to more than {size} MiB; split the file")
            if not decoder.eof:
                raise BodyNotHad("its end is missing; record it again")
            body = decoder.unused_data
        return b"".join(parts)


def read_text(value: str | bytes) -> bytes:
    """The bytes of a body that was recorded as text; half a surrogate stays what no message may hold."""
    return value if isinstance(value, bytes) else value.encode(errors="surrogatepass")


def read_base64(value: Any) -> bytes:
    """The bytes of a body that was recorded in base64, in lines or not.

    Raises:
        BodyNotHad: if it is none.
    """
    try:
        text = value.decode("ascii") if isinstance(value, bytes) else str(value)
        return base64.b64decode(_white_space.sub("", text), validate=True)
    except ValueError:
        raise BodyNotHad("it was recorded as base64, but is none; record it again") from None


def syntax_of(body: bytes, content_type: str) -> Syntax | None:
    """The syntax of a body: by its first character, or else by its content type."""
    syntax = sniff_syntax(body)
    if syntax is not None:
        return syntax
    match = _media_type.match(content_type)
    if match is None:
        return None
    return "json" if match[1].lower() == "json" else "xml"


def _is_text(body: bytes) -> bool:
    if _control(body) is not None:
        return False
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _shown(encoding: str) -> str:
    """The name of an encoding, if it is one; what else stands in the header may be anything."""
    return encoding if re.fullmatch(r"[a-z0-9-]{1,12}", encoding) else "of no known name"
