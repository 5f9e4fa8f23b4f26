"""The way of the proxy to the service: every byte as it came, and no exception of httpx comes back."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import httpx

from altcraft_contract.errors import TargetUnreachable
from altcraft_contract.stub.proxy_faults import reason_of
from altcraft_contract.stub.traffic import find_header
from altcraft_contract.target.trust import make_tls_context

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Iterator

    from altcraft_contract.stub.traffic import Headers
    from altcraft_contract.target.address import Target

CONNECT_TIMEOUT: Final = 10.0  # seconds
READ_TIMEOUT: Final = 60.0
_KEEP_ALIVE: Final = 2.0  # seconds; shorter than what servers allow, so that none closes what is about to be used
_MOST_IDLE: Final = 64  # connections
_STATUSES: Final = range(200, 600)
# RFC 9110, 7.6.1: what holds for one connection only.
_HOP_BY_HOP: Final = frozenset(
    {b"connection", b"keep-alive", b"proxy-connection", b"te", b"transfer-encoding", b"upgrade"}
)
_CONTROL: Final = frozenset(range(0x20)) - {0x09} | {0x7F}


@dataclass(frozen=True, slots=True)
class UpstreamSettings:
    """How the service is reached.

    Attributes:
        connect_timeout: Seconds until a connection stands.
        read_timeout: Seconds between two pieces of an answer, or of a request that is taken in.
        ca_file: Certificates, in PEM, that are trusted besides those of the system.
        is_insecure: Whether any certificate is taken.
    """

    connect_timeout: float = CONNECT_TIMEOUT
    read_timeout: float = READ_TIMEOUT
    ca_file: str | None = None
    is_insecure: bool = False


class Upstream:
    """Sends requests to a service; connections are kept for the next request.

    A client of httpx would add headers, keep cookies and write URLs to a log: its transport does none of that. The
    connections belong to the event loop that is running, and are closed when it ends.

    Args:
        target: The service.
        settings: How it is reached.

    Raises:
        UnreadableFile: if the file of certificates cannot be used.
    """

    def __init__(self, target: Target, settings: UpstreamSettings) -> None:
        self.target = target
        self._settings = settings
        self._tls = _tls_context(target, settings)
        self._transports: dict[asyncio.AbstractEventLoop, httpx.AsyncHTTPTransport] = {}
        self._keepers: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def send(
        self, method: str, path: bytes, headers: Headers, body: AsyncIterable[bytes]
    ) -> AsyncIterator[UpstreamAnswer]:
        """Send a request; the answer has begun when the context is entered.

        Args:
            method: Upper case.
            path: With the query, as it stood in the request.
            headers: Of the request, all of them.
            body: Its pieces, as they come; exceptions of theirs are passed on.

        Raises:
            TargetUnreachable: if there is no answer.
        """
        timeout = self._settings.read_timeout
        request = httpx.Request(
            method,
            httpx.URL(self.target.origin),
            headers=_with_framing(passed_headers(headers), headers, self.target.authority),
            stream=_Body(body),
            extensions={
                "target": self.target.prefix + path,
                "timeout": {
                    "connect": self._settings.connect_timeout,
                    "read": timeout,
                    "write": timeout,
                    "pool": None,
                },
            },
        )
        with self._mapped():
            response = await self._transport().handle_async_request(request)
        try:
            yield self._answer(response)
        finally:
            with self._mapped():
                await response.aclose()

    def _answer(self, response: httpx.Response) -> UpstreamAnswer:
        status = response.status_code
        headers: Headers = tuple((name.lower(), value) for name, value in response.headers.raw)
        if status not in _STATUSES or any(_CONTROL.intersection(value) for _, value in headers):
            raise TargetUnreachable(self.target.origin, f"the answer (HTTP {status}) is none that can be passed on")
        has_body = status not in (204, 304)
        passed = passed_headers(headers)
        if not has_body or find_header(headers, b"transfer-encoding") is not None:  # RFC 9112, 6.3: it overrides
            passed = tuple(header for header in passed if header[0] != b"content-length")
        return UpstreamAnswer(status, passed, partial(self._parts, response))

    async def _parts(self, response: httpx.Response) -> AsyncGenerator[bytes, None]:
        with self._mapped():
            async for part in response.stream:  # type: ignore[union-attr]  # of an asynchronous transport
                yield part

    def _transport(self) -> httpx.AsyncHTTPTransport:
        loop = asyncio.get_running_loop()
        transport = self._transports.get(loop)
        if transport is None:
            limits = httpx.Limits(
                max_connections=None, max_keepalive_connections=_MOST_IDLE, keepalive_expiry=_KEEP_ALIVE
            )
            transport = httpx.AsyncHTTPTransport(verify=self._tls, trust_env=False, limits=limits)
            self._transports[loop] = transport
            keeper = loop.create_task(self._keep(loop, transport))
            self._keepers.add(keeper)
            keeper.add_done_callback(self._keepers.discard)
        return transport

    async def _keep(self, loop: asyncio.AbstractEventLoop, transport: httpx.AsyncHTTPTransport) -> None:
        """Wait for the end of the loop, which cancels what still waits, and close the connections then."""
        try:
            await asyncio.Event().wait()
        finally:
            del self._transports[loop]
            await transport.aclose()

    async def close(self) -> None:
        """Close the connections of the loop that is running."""
        loop = asyncio.get_running_loop()
        for keeper in [keeper for keeper in self._keepers if keeper.get_loop() is loop]:
            keeper.cancel()
            await asyncio.wait([keeper])

    @contextmanager
    def _mapped(self) -> Iterator[None]:
        try:
            yield
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as error:
            raise TargetUnreachable(self.target.origin, reason_of(error)) from None


class UpstreamAnswer:
    """An answer that has begun.

    Args:
        status: HTTP status, from 200 to 599.
        headers: Names in lower case, without those that hold for one connection only.
        parts: Gives the pieces of the body.
    """

    def __init__(self, status: int, headers: Headers, parts: Callable[[], AsyncGenerator[bytes, None]]) -> None:
        self.status = status
        self.headers = headers
        self._parts = parts

    @asynccontextmanager
    async def parts(self) -> AsyncIterator[AsyncIterator[bytes]]:
        """The pieces of the body, once.

        Raises:
            TargetUnreachable: if the body does not come to its end.
        """
        async with aclosing(self._parts()) as parts:
            yield parts


class _Body(httpx.AsyncByteStream):
    """The pieces of a request as httpx wants them."""

    def __init__(self, parts: AsyncIterable[bytes]) -> None:
        self._parts = parts

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._parts.__aiter__()


def passed_headers(headers: Headers) -> Headers:
    """Those that hold from end to end, in their order; names are in lower case."""
    named = {
        name.strip().lower()
        for key, value in headers
        if key in (b"connection", b"proxy-connection")
        for name in value.split(b",")
    }
    dropped = _HOP_BY_HOP | (named - {b"content-length"})
    return tuple(header for header in headers if header[0] not in dropped)


def _with_framing(passed: Headers, headers: Headers, authority: bytes) -> list[tuple[bytes, bytes]]:
    """The headers with the target's `Host`, and with what tells the length of the body."""
    framed = [(name, authority if name == b"host" else value) for name, value in passed]
    if find_header(passed, b"host") is None:
        framed.insert(0, (b"host", authority))
    coding = find_header(headers, b"transfer-encoding")
    if coding is not None:
        framed.append((b"transfer-encoding", coding.encode("latin-1")))
    return framed


def _tls_context(target: Target, settings: UpstreamSettings) -> ssl.SSLContext:
    if target.scheme == "http":
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # never used, and cheap
    return make_tls_context(ca_file=settings.ca_file, is_insecure=settings.is_insecure)
