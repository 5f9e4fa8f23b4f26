"""HTTP on a socket within bounds: heads that are too long, clients that are too slow, and a transport to cut."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from altcraft_contract.stub.asgi import TRANSPORT

if TYPE_CHECKING:
    import asyncio

LARGEST_HEAD: Final = 64 * 1024  # bytes of request line and headers
PATIENCE: Final = 30.0  # seconds for a head, and between two pieces of a body
_WATCH: Final = 5.0  # seconds between two looks


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which bounds neither the length of a head nor the time that it may take."""

    _head_size = 0
    _in_head = True
    _deadline: float | None = None
    _watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Wait for the first request no longer than for any other."""
        super().connection_made(transport)
        self._deadline = self.loop.time() + PATIENCE
        self._watch = self.loop.call_later(_WATCH, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop watching."""
        if self._watch is not None:
            self._watch.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take in a piece of a request."""
        if self._in_head:
            self._head_size += len(data)
        elif self._deadline is not None:
            self._deadline = self.loop.time() + PATIENCE
        super().data_received(data)
        if self._in_head and self._head_size > LARGEST_HEAD and not self.transport.is_closing():
            self._refuse(431, f"The head of the request is larger than {LARGEST_HEAD} bytes.")

    def on_message_begin(self) -> None:
        """A request begins: whoever answers it may reach the transport."""
        super().on_message_begin()
        scope: Any = self.scope
        scope["extensions"] = {TRANSPORT: {"transport": self.transport}}
        if self._deadline is None:
            self._deadline = self.loop.time() + PATIENCE

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._in_head = True
        self._head_size = 0
        self._deadline = None
        super().on_message_complete()

    def _look(self) -> None:
        if self.transport.is_closing():
            return
        if self._deadline is not None and self.loop.time() > self._deadline and not self.flow.read_paused:
            self._refuse(408, f"The request was not whole after {PATIENCE:.0f} seconds.")
            return
        self._watch = self.loop.call_later(_WATCH, self._look)

    def _refuse(self, status: int, text: str) -> None:
        """Answer, unless an answer has begun, and end the connection."""
        cycle: Any = self.cycle  # None before the first request, whatever uvicorn's annotation says
        if cycle is None or cycle.response_complete or not cycle.response_started:
            body = f"{text}\n".encode()
            head = b"content-type: text/plain; charset=utf-8\r\nconnection: close\r\ncontent-length: "
            self.transport.write(STATUS_LINE[status] + head + str(len(body)).encode() + b"\r\n\r\n" + body)
        self.transport.close()
