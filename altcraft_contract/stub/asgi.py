"""The edge between ASGI and the endpoint: bodies come in within bounds, and faults act on the socket."""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import anyio
import anyio.to_thread

from altcraft_contract.stub.traffic import Answer, Request, find_header

if TYPE_CHECKING:
    from asyncio import Transport
    from collections.abc import Awaitable, Callable, MutableMapping

    from altcraft_contract.stub.traffic import Headers, Hindrance

    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]

TRANSPORT: Final = "altcraft_contract.transport"  # ASGI extension: the asyncio transport of the connection
LARGE: Final = 256 * 1024  # bytes of a body that is judged beside the event loop, so that others are served meanwhile
_PATIENCE: Final = 10.0  # seconds in which a body over the limit may come to its end
_RESET: Final = struct.pack("ii", 1, 0)  # SO_LINGER: the connection ends with a reset


class ClientGone(Exception):
    """The client closed the connection before its request was whole.

    Attributes:
        request: What came of it.
    """

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self.request = request


async def read_request(scope: Scope, receive: Receive, limit: int) -> Request:
    """Read a request, of the body no more than *limit* bytes.

    Raises:
        ClientGone: if the body does not come to its end.
    """
    headers: Headers = tuple((name.lower(), value) for name, value in scope["headers"])
    if declared_length(headers) > limit and is_waiting(headers):
        return _request(scope, headers, b"", "too-large")
    message = await receive()
    body: bytes = message.get("body", b"")
    if message["type"] == "http.request" and not message.get("more_body", False) and len(body) <= limit:
        return _request(scope, headers, body)
    parts, size = [body], len(body)
    while message["type"] == "http.request" and message.get("more_body", False):
        if size > limit:
            with anyio.move_on_after(_PATIENCE):
                await drain(receive, limit)
            break
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
    if message["type"] != "http.request":
        raise ClientGone(_request(scope, headers, b"".join(parts), "incomplete"))
    if size > limit:
        return _request(scope, headers, b"".join(parts)[:limit], "too-large")
    return _request(scope, headers, b"".join(parts))


def _request(scope: Scope, headers: Headers, body: bytes, hindrance: Hindrance | None = None) -> Request:
    return Request(scope["method"], scope["path"], headers, body, scope.get("query_string", b""), hindrance)


async def take_part(
    scope: Scope, receive: Receive, send: Send, *, at_end: Callable[[], Awaitable[None]] | None = None
) -> None:
    """Take part in an ASGI lifespan: there is nothing to start, and at its end *at_end* is called.

    Raises:
        ValueError: if the *scope* is of another kind.
    """
    if scope["type"] != "lifespan":
        raise ValueError(f"this server speaks HTTP, not {scope['type']}")
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            if at_end is not None:
                await at_end()
            await send({"type": "lifespan.shutdown.complete"})
            return


def declared_length(headers: Headers) -> int:
    """The `Content-Length`; 0 without one."""
    length = find_header(headers, b"content-length") or ""
    return int(length) if length.isascii() and length.isdigit() and len(length) < len(str(2**63)) else 0


def is_waiting(headers: Headers) -> bool:
    """Whether the client sends its body only when told to go on."""
    return (find_header(headers, b"expect") or "").lower() == "100-continue"


async def drain(receive: Receive, most: int) -> None:
    """Take in the rest of a body, up to *most* bytes: who still sends does not read an answer."""
    size = 0
    while size <= most:
        message = await receive()
        size += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body", False):
            return


async def answer_with(answer_to: Callable[[Request], Answer], request: Request, *, may_wait: bool = False) -> Answer:
    """The answer to a request; to a large one, or one that may have to wait, it is found beside the event loop."""
    if may_wait or len(request.body) > LARGE:
        return await anyio.to_thread.run_sync(answer_to, request)
    return answer_to(request)


async def send_answer(answer: Answer, scope: Scope, receive: Receive, send: Send) -> None:
    """Send an answer, when it is time and as far as it goes.

    Raises:
        ConnectionResetError: if the connection is to be cut and there is none: the client is in the same process.
    """
    if answer.delay:
        await anyio.sleep(answer.delay)
    transport: Transport | None = scope.get("extensions", {}).get(TRANSPORT, {}).get("transport")
    if answer.cut == "reset":
        await reset(transport, receive)
        return
    length = (b"content-length", str(len(answer.body)).encode())
    headers = [length, *answer.headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if answer.cut == "truncate":
        half = answer.body[: len(answer.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        await close(transport, receive)
        return
    await send({"type": "http.response.body", "body": answer.body})


async def reset(transport: Transport | None, receive: Receive) -> None:
    """End a connection with a reset.

    Raises:
        ConnectionResetError: if there is none.
    """
    if transport is None:
        raise ConnectionResetError("the scenario connection-reset: there is no answer")
    with suppress(OSError, AttributeError):
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    transport.abort()
    await _wait_for_end(receive)


async def close(transport: Transport | None, receive: Receive) -> None:
    """End a connection in the middle of an answer.

    Raises:
        ConnectionResetError: if there is none.
    """
    if transport is None:
        raise ConnectionResetError("the scenario truncated-body: the answer is not whole")
    transport.close()
    await _wait_for_end(receive)


async def _wait_for_end(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
