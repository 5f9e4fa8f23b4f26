"""What a server writes, byte by byte, made into an answer: strictly, within bounds, and keeping whatever came."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final, Literal

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

if TYPE_CHECKING:
    from altcraft_contract.fuzz.exchange import WireFault

MOST_AROUND: Final = 256 * 2**10  # bytes of an answer that are not its body
_AROUND_EACH: Final = 16  # bytes around one byte of the body: a chunk of one byte has five
_CONTINUE: Final = 100
_SWITCHED: Final = 101
_INTERIM: Final = range(100, 200)
_BODILESS: Final = frozenset({204, 304})
_LEAST_STATUS: Final = 100
_END: Final = b"\r\n\r\n"
_BEGINNING: Final = b"HTTP/"
_TLS_ALERT: Final = b"\x15\x03"
_UNITS: Final = ((2**20, "MiB"), (2**10, "KiB"))
_CODINGS: Final = frozenset({"gzip", "x-gzip", "deflate"})

Mode = Literal["head", "length", "chunked", "to-the-end", "whole"]


class Broken(Exception):
    """No whole answer came.

    Attributes:
        fault: What went wrong.
        detail: The same in words, without anything that the server wrote.
    """

    def __init__(self, fault: WireFault, detail: str) -> None:
        super().__init__(fault, detail)
        self.fault: WireFault = fault
        self.detail = detail


class AnswerReader:
    """Reads one answer; interim answers (HTTP 1xx) before it are passed over.

    The end of the answer is found to the byte, so that what comes after it is seen: the parser is given the bytes up
    to each blank line, where alone a head or a chunked body can end, and bodies of a known length do not need it.

    Args:
        method: Of the request, since what answers `HEAD` has no body.
        most_bytes: Of the body; also after it has been decompressed.

    Attributes:
        status: HTTP status; None as long as none has come.
        headers: Names, in small letters, and values.
        size: How many bytes have come.
        surplus: How many of them came after the end of the answer.
        is_continued: Whether HTTP 100 has come.
        keeps_alive: Whether the server lets the connection be used again, if the answer is whole.
    """

    __slots__ = (
        "_body",
        "_body_size",
        "_has_body",
        "_left",
        "_mode",
        "_most_bytes",
        "_parser",
        "_tail",
        "headers",
        "is_continued",
        "keeps_alive",
        "size",
        "status",
        "surplus",
    )

    def __init__(self, *, method: str, most_bytes: int) -> None:
        self.status: int | None = None
        self.headers: list[tuple[str, str]] = []
        self.size = 0
        self.surplus = 0
        self.is_continued = False
        self.keeps_alive = False
        self._has_body = method not in {"HEAD", "CONNECT"}
        self._most_bytes = most_bytes
        self._mode: Mode = "head"
        self._parser = HttpResponseParser(self)
        self._body: list[bytes] = []
        self._body_size = 0
        self._left = 0
        self._tail = b""

    @property
    def is_whole(self) -> bool:
        """Whether the answer has come to its end."""
        return self._mode == "whole"

    def body(self) -> bytes:
        """What has come of the body, as it came."""
        return self._body[0] if len(self._body) == 1 else b"".join(self._body)

    def where(self) -> str:
        """How far the answer has come, in words."""
        if self._mode == "head":
            return f"{_count(self.size)} of its head came" if self.size else "nothing came"
        if self._mode == "length":
            return f"{self._body_size} of {_count(self._body_size + self._left)} of its body came"
        return f"its head and {_count(self._body_size)} of its body came, without an end"

    def feed(self, data: bytes) -> None:
        """Read on.

        Raises:
            Broken: if that is no HTTP/1.1, or too much.
        """
        if self.size < len(_BEGINNING):
            self._check_beginning(data)
        self.size += len(data)
        while data:
            if self._mode in ("head", "chunked"):
                data = self._parse(data)
            elif self._mode == "length":
                piece, data = data[: self._left], data[self._left :]
                self._left -= len(piece)
                self.on_body(piece)
                if not self._left:
                    self._mode = "whole"
            elif self._mode == "to-the-end":
                self.on_body(data)
                break
            else:
                self.surplus += len(data)
                break
        self._check_size()

    def end(self) -> None:
        """Hear that nothing more will come.

        Raises:
            Broken: if the answer is not whole then.
        """
        if not self.size:
            raise Broken("closed", "the connection was closed before an answer came")
        if self._mode == "to-the-end":
            self._mode = "whole"
        elif self._mode != "whole":
            raise Broken("truncated", f"the connection was closed before the answer was whole: {self.where()}")

    def decoded_body(self) -> bytes:
        """The body of a whole answer, decompressed if its head says that it is compressed.

        Raises:
            Broken: if that cannot be done, or is too much.
        """
        body = self.body()
        named = ",".join(value for name, value in self.headers if name == "content-encoding")
        codings = [coding.strip().lower() for coding in named.split(",")] if named and body else []
        for coding in reversed(codings):
            if coding in _CODINGS:
                body = self._inflate(body, coding)
        return body

    def _inflate(self, body: bytes, coding: str) -> bytes:
        # Some servers write `deflate` without the head of zlib that RFC 9110, 8.4.1.2 asks for, and clients take it.
        is_bare = coding == "deflate" and (body[0] & 0x0F != zlib.DEFLATED or int.from_bytes(body[:2], "big") % 31)
        inflater = zlib.decompressobj(-zlib.MAX_WBITS if is_bare else zlib.MAX_WBITS | 32)
        try:
            inflated = inflater.decompress(body, self._most_bytes + 1)
        except zlib.error:
            raise Broken("garbage", f"the body is not the {coding} that its head says") from None
        if len(inflated) > self._most_bytes:
            raise self._too_large("decompressed body")
        if not inflater.eof or inflater.unused_data:
            what = "goes on after its end" if inflater.eof else "is cut"
            raise Broken("garbage", f"the {coding} of the body {what}")
        return inflated

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header from the parser; those after a chunked body are passed over."""
        if self._mode == "head":
            self.headers.append((name.decode("latin-1").lower(), value.strip().decode("latin-1")))

    def on_headers_complete(self) -> None:
        """Take the end of a head from the parser."""
        self.status = status = self._parser.get_status_code()
        if status in _INTERIM or status < _LEAST_STATUS:
            return
        self.keeps_alive = self._parser.should_keep_alive()
        self._mode = self._framing(status)

    def on_body(self, data: bytes) -> None:
        """Take a piece of the body."""
        if self._body_size < self._most_bytes:
            self._body.append(data[: self._most_bytes - self._body_size])
        self._body_size += len(data)

    def on_message_complete(self) -> None:
        """Take the end of a chunked body from the parser."""
        if self._mode == "chunked":
            self._mode = "whole"

    def _framing(self, status: int) -> Mode:
        """RFC 9112, section 6.3; the parser has refused heads with several lengths."""
        if not self._has_body or status in _BODILESS:
            return "whole"
        codings = ",".join([value for name, value in self.headers if name == "transfer-encoding"])
        if codings:
            return "chunked" if codings.rpartition(",")[2].strip().lower() == "chunked" else "to-the-end"
        for name, value in self.headers:
            if name == "content-length":
                self._left = int(value)
                return "length" if self._left else "whole"
        return "to-the-end"

    def _parse(self, data: bytes) -> bytes:
        """Give the parser the bytes up to the next blank line; return the rest."""
        found = (self._tail + data).find(_END)
        cut = len(data) if found < 0 else found + len(_END) - len(self._tail)
        piece = data[:cut]
        try:
            self._parser.feed_data(piece)
        except (HttpParserError, HttpParserUpgrade) as error:
            raise self._unreadable(str(error)) from None
        self._tail = (self._tail + piece)[-3:] if found < 0 else b""
        if self._mode == "head" and self.status is not None:
            self._pass_over()
        return data[cut:]

    def _pass_over(self) -> None:
        if self.status not in _INTERIM:
            self.status = None
            raise Broken("garbage", "the status of the answer is below 100")
        self.is_continued |= self.status == _CONTINUE
        self.status = None
        self.headers.clear()
        self._parser = HttpResponseParser(self)

    def _unreadable(self, reason: str) -> Broken:
        """The words of the parser are fixed: they hold nothing of what came."""
        if self.status == _SWITCHED:
            return Broken("garbage", "the answer switches to another protocol, which was not asked for")
        if self.status is None:
            status = self._parser.get_status_code()
            self.status = status if self.headers and status >= _LEAST_STATUS else None
        where = "chunks" if self._mode == "chunked" else "head"
        return Broken("garbage", f"the {where} of the answer cannot be read: {reason[:1].lower()}{reason[1:]}")

    def _check_beginning(self, data: bytes) -> None:
        expected = _BEGINNING[self.size :][: len(data)]
        if not data.startswith(expected):
            hint = "; is it a service for https:// URLs?" if data.startswith(_TLS_ALERT) and not self.size else ""
            self.size += len(data)
            raise Broken("garbage", f"the answer is no HTTP/1.1: it does not begin with HTTP/{hint}")

    def _check_size(self) -> None:
        if self._body_size > self._most_bytes:
            raise self._too_large("body")
        around = self.size - self.surplus - self._body_size
        if around > MOST_AROUND + _AROUND_EACH * self._body_size:
            raise Broken("too-large", f"the answer has more than {_amount(MOST_AROUND)} around its body")

    def _too_large(self, what: str) -> Broken:
        return Broken("too-large", f"the {what} of the answer is larger than {_amount(self._most_bytes)}")


def _count(size: int) -> str:
    return "1 byte" if size == 1 else f"{size} bytes"


def _amount(size: int) -> str:
    """A limit in words."""
    for unit, name in _UNITS:
        if size and not size % unit:
            return f"{size // unit} {name}"
    return _count(size)
