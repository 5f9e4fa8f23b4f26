"""The short way for whole requests: answered where they are parsed, without a task and in one piece.

A task, its events and two writes are a third of what an order costs. Whatever is not plain (a body that is still on its
way, a large one, an answer that waits or is cut) goes the way of ASGI.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from altcraft_contract.stub.asgi import LARGE, send_answer
from altcraft_contract.stub.protocol import BoundedProtocol
from altcraft_contract.stub.traffic import Request

if TYPE_CHECKING:
    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

    from altcraft_contract.stub.asgi import Receive, Scope, Send
    from altcraft_contract.stub.traffic import Answer

_LARGEST_ANSWER: Final = 64 * 1024  # bytes; a larger one is sent as the client takes it
SHORTCUT: Final = "altcraft_contract_shortcut"
"""Attribute of the server's configuration: answers a request at once, or None for one that it leaves to ASGI."""


class ShortcutProtocol(BoundedProtocol):
    """Answers requests that are whole before anybody waits for the rest of them."""

    _held: tuple[RequestResponseCycle, Any] | None = None

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        if cycle.more_body and not cycle.waiting_for_100_continue:
            self._held = cycle, app  # its body may be in the same piece
        else:
            super()._start_asgi_task(cycle, app)

    def on_message_complete(self) -> None:
        """The request is whole: answer it, if it has not been given to ASGI already."""
        super().on_message_complete()
        held, self._held = self._held, None
        if held is not None and not self._answer_at_once(held[0]):
            super()._start_asgi_task(*held)

    def _take(self, data: bytes) -> None:
        super()._take(data)
        held, self._held = self._held, None
        if held is not None:
            super()._start_asgi_task(*held)

    def _answer_at_once(self, cycle: RequestResponseCycle) -> bool:
        """Answer a whole request; false if that is left to ASGI."""
        shortcut = getattr(self.config, SHORTCUT, None)
        scope: Any = cycle.scope
        if shortcut is None or len(cycle.body) > LARGE or self.flow.write_paused or scope["method"] != "POST":
            return False
        headers, query = tuple(scope["headers"]), scope["query_string"]
        answer = shortcut(Request(scope["method"], scope["path"], headers, bytes(cycle.body), query))
        if answer is None:
            return False
        if answer.delay or answer.cut or len(answer.body) > _LARGEST_ANSWER:
            sending: Any = _Sending(answer)
            super()._start_asgi_task(cycle, sending)
        else:
            self._write(cycle, answer)
        return True

    def _write(self, cycle: RequestResponseCycle, answer: Answer) -> None:
        parts = [STATUS_LINE[answer.status]]
        for name, value in cycle.default_headers:
            parts += (name, b": ", value, b"\r\n")
        for name, value in answer.headers:
            parts += (name, b": ", value, b"\r\n")
        if not cycle.keep_alive:
            parts.append(b"connection: close\r\n")
        parts += (b"content-length: ", str(len(answer.body)).encode(), b"\r\n\r\n", answer.body)
        cycle.response_started = cycle.response_complete = True
        self.transport.write(b"".join(parts))
        if not cycle.keep_alive:
            self.transport.close()
        self.on_response_complete()


class _Sending:
    """Sends an answer that is known already, as an ASGI application."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(asyncio.CancelledError):  # the server stops
            await send_answer(self.answer, scope, receive, send)
