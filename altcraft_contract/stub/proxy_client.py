"""The client's end of the proxy: its request as it comes, its answer as it goes, and whether it is still there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import anyio

from altcraft_contract.stub.asgi import TRANSPORT, close
from altcraft_contract.stub.traffic import Request, find_header

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from altcraft_contract.stub.asgi import Receive, Scope, Send
    from altcraft_contract.stub.proxy_body import Copy
    from altcraft_contract.stub.traffic import Headers

_PATIENCE: Final = 10.0  # seconds in which the rest of a request may come that nobody takes in any more


class WentAway(Exception):
    """The client closed the connection before its request was whole."""


class Body:
    """The pieces of a request, once, as they come.

    Args:
        receive: As ASGI has it.
        copy: Is told of each piece.

    Attributes:
        whole: Is set when the last piece has been taken in.
    """

    def __init__(self, receive: Receive, copy: Copy | None) -> None:
        self.whole = anyio.Event()
        self._receive = receive
        self._copy = copy
        self._is_over = False

    def __aiter__(self) -> Body:
        return self

    async def __anext__(self) -> bytes:
        while not self._is_over:
            message = await self._receive()
            if message["type"] != "http.request":
                raise WentAway
            part: bytes = message.get("body", b"")
            self._is_over = not message.get("more_body", False)
            if self._copy is not None:
                self._copy.add(part)
                self._copy.is_whole = self._is_over
            if part:
                return part
        self.whole.set()
        raise StopAsyncIteration

    async def drain(self) -> None:
        """Take in what nobody else does, for a while.

        Raises:
            WentAway: if the client does.
        """
        with anyio.move_on_after(_PATIENCE):
            async for _ in self:
                pass


class Client:
    """Who sent a request, and waits for the answer.

    Args:
        scope: As ASGI has it; so are the others.
        receive: The same.
        send: The same.

    Attributes:
        request: Its head.
        path: Path and query as they stood in the request.
        is_gone: Whether the client went away.
        has_begun: Whether it has been sent a part of an answer.
    """

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: Headers = tuple((name.lower(), value) for name, value in scope["headers"])
        query: bytes = scope.get("query_string", b"")
        path: bytes = scope.get("raw_path") or scope["path"].encode()
        self.request = Request(scope["method"], scope["path"], headers, b"", query)
        self.path = path + (b"?" + query if query else b"")
        self.is_gone = False
        self.has_begun = False
        self.scope = scope
        self.receive = receive
        self.send = send
        # A client of HTTP/1.0 knows no pieces: what has no length is sent when it is whole.
        self._is_old = scope.get("http_version") == "1.0" and scope["method"] != "HEAD"
        self._held: tuple[int, Headers, list[bytes]] | None = None

    def body(self, copy: Copy | None = None) -> Body:
        """The body of its request."""
        return Body(self.receive, copy)

    async def begin(self, status: int, headers: Headers) -> None:
        """Send the head of an answer."""
        if self._is_old and find_header(headers, b"content-length") is None:
            self._held = status, headers, []
            return
        self.has_begun = True
        await self.send({"type": "http.response.start", "status": status, "headers": [*headers]})

    async def go_on(self, part: bytes) -> None:
        """Send a piece of its body."""
        if self._held is not None:
            self._held[2].append(part)
        else:
            await self.send({"type": "http.response.body", "body": part, "more_body": True})

    async def end(self, part: bytes = b"") -> None:
        """Send the last piece of its body."""
        if self._held is not None:
            status, headers, parts = self._held
            self._held = None
            part = b"".join([*parts, part])
            await self.begin(status, (*headers, (b"content-length", str(len(part)).encode())))
        await self.send({"type": "http.response.body", "body": part})

    async def cut(self) -> None:
        """End the connection in the middle of an answer: a client never takes a part of it for the whole.

        Raises:
            ConnectionResetError: if there is no connection, since the client is in the same process.
        """
        transport: Any = self.scope.get("extensions", {}).get(TRANSPORT, {}).get("transport")
        if transport is None:
            raise ConnectionResetError("the answer of the target is not whole")
        await close(transport, self.receive)

    async def while_there(
        self,
        work: Callable[[], Awaitable[None]],
        body_end: anyio.Event,
        then: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Do *work*; give it up if the client goes away.

        Args:
            work: What the client waits for.
            body_end: Is set when nobody else receives from the client any more.
            then: What is to be done first at that moment.
        """
        fault: Exception | None = None
        async with anyio.create_task_group() as group:

            async def watch() -> None:
                await body_end.wait()
                if then is not None:
                    await then()
                while (await self.receive())["type"] != "http.disconnect":
                    pass
                self.is_gone = True
                group.cancel_scope.cancel()

            group.start_soon(watch)
            try:
                await work()
            except WentAway:
                self.is_gone = True
            except Exception as error:  # noqa: BLE001 - raised below, outside of the group
                fault = error
            group.cancel_scope.cancel()
        if fault is not None:
            raise fault
