"""HTTP on a socket within bounds: heads that are too long, clients that are too slow, and a transport to cut."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from altcraft_contract.stub.asgi import TRANSPORT

if TYPE_CHECKING:
    import asyncio

MOST_HEADERS: Final = 256
LARGEST_HEAD: Final = 64 * 1024  # bytes of request line and headers
PATIENCE: Final = 30.0  # seconds for a head, and between two pieces of a body
_OFFER: Final = b"upgrade:"
_HIDDEN: Final = b"x-offered-upgrade"
_upgrade: Final = re.compile(rb"(\n)upgrade([ \t]*:)", re.IGNORECASE)
_end_of_head: Final = re.compile(rb"\n\r?\n")
_WATCH: Final = 5.0  # seconds between two looks


def _parted(data: bytes) -> tuple[bytes, bytes]:
    """A piece of a head without its end, and that end, if it may become the offer of another protocol."""
    start = data.rfind(b"\n") + 1
    end = data[start : start + len(_OFFER)].lower()
    return (
        (data[:start], data[start:])
        if end and len(data) - start < len(_OFFER) and _OFFER.startswith(end)
        else (data, b"")
    )


def _without_upgrade(data: bytes, *, is_line: bool) -> bytes:
    """A head in which the offer of another protocol has another name.

    The parser leaves out the body of a request that has one, such as those of Java's HTTP client, which offers HTTP/2.
    """
    head, blank, rest = data.partition(b"\r\n\r\n")
    if is_line and head[: len(_OFFER)].lower() == _OFFER:
        head = _HIDDEN + head[len(_OFFER) - 1 :]
    return _upgrade.sub(rb"\1" + _HIDDEN + rb"\2", head) + blank + rest


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which bounds neither the length of a head nor the time that it may take."""

    _head_size = 0
    _in_head = True
    _rest = b""  # the beginning of what may be an offer of another protocol
    _last = b"\n"  # the two bytes that were taken in last
    _unanswered: tuple[RequestResponseCycle, ...] = ()
    _deadline: float | None = None
    _watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Wait for the first request no longer than for any other."""
        super().connection_made(transport)
        self._deadline = self.loop.time() + PATIENCE
        self._watch = self.loop.call_later(_WATCH, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop watching, and tell whoever answers; uvicorn tells only who answers the last request of a pipeline."""
        if self._watch is not None:
            self._watch.cancel()
        super().connection_lost(exc)
        for cycle in self._unanswered:
            if not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()

    def data_received(self, data: bytes) -> None:
        """Take in a piece of a request; of a head no more than is allowed, in however few pieces it comes."""
        data, self._rest = self._rest + data, b""
        if self._in_head and _end_of_head.search(self._last + data) is None:  # what follows the head is no offer
            data, self._rest = _parted(data)
        while data and not self.transport.is_closing():
            size = LARGEST_HEAD + 1 - self._head_size if self._in_head else len(data)
            self._take(data[:size])
            data = data[size:]

    def _take(self, data: bytes) -> None:
        if self._in_head and (b"pgrade" in data or b"PGRADE" in data):
            data = _without_upgrade(data, is_line=self._last.endswith(b"\n"))
        self._last = (self._last + data[-2:])[-2:]
        self._head_size += len(data)
        if self._deadline is None or not self._in_head:
            self._deadline = self.loop.time() + PATIENCE
        super().data_received(data)
        if self._head_size > LARGEST_HEAD and not self.transport.is_closing():
            self._refuse(431, f"What stands around the body is larger than {LARGEST_HEAD} bytes.")

    def on_message_begin(self) -> None:
        """A request begins: whoever answers it may reach the transport."""
        super().on_message_begin()
        scope: Any = self.scope
        scope["extensions"] = {TRANSPORT: {"transport": self.transport}}
        if self._deadline is None:
            self._deadline = self.loop.time() + PATIENCE

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take in a header; of what follows a chunked body nothing is used."""
        if self._in_head and name != _HIDDEN and len(self.headers) <= MOST_HEADERS:
            super().on_header(name, value)

    def on_body(self, body: bytes) -> None:
        """Take in a piece of the body."""
        self._head_size = 0
        if not self.transport.is_closing():
            super().on_body(body)

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._in_head = False
        if len(self.headers) > MOST_HEADERS:
            self._refuse(431, f"The request has more than {MOST_HEADERS} headers.")
            return
        if self.parser.should_upgrade():
            self._refuse(
                400, "The request offers another protocol (Upgrade), and its body cannot be read; leave that out."
            )
            return
        super().on_headers_complete()
        self._unanswered = (*(cycle for cycle in self._unanswered if not cycle.response_complete), self.cycle)

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._in_head = True
        self._head_size = 0
        self._deadline = None
        if not self.transport.is_closing():
            super().on_message_complete()

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: a client that offers another protocol, such as HTTP/2, is answered all the same."""

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, unless an earlier request waits for its own answer."""
        if self._has_pending():
            self.transport.close()
        else:
            super().send_400_response(msg)

    def _has_pending(self) -> bool:
        """Whether a request before the one that comes in now has not been answered to the end."""
        return any(
            not cycle.response_complete and (cycle.response_started or not cycle.more_body)
            for cycle in self._unanswered
        )

    def _look(self) -> None:
        if self.transport.is_closing():
            return
        if self._deadline is not None and self.loop.time() > self._deadline and not self.flow.read_paused:
            self._refuse(408, f"The request was not whole after {PATIENCE:.0f} seconds.")
            return
        self._watch = self.loop.call_later(_WATCH, self._look)

    def _refuse(self, status: int, text: str) -> None:
        """Answer, unless an earlier request waits for its own answer, and end the connection."""
        if not self._has_pending():
            body = f"{text}\n".encode()
            head = b"content-type: text/plain; charset=utf-8\r\nconnection: close\r\ncontent-length: "
            self.transport.write(STATUS_LINE[status] + head + str(len(body)).encode() + b"\r\n\r\n" + body)
        self.transport.close()
