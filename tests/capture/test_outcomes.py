"""What may come of a call: encodings, redirects, retries, authentication, failures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from tests.capture.conftest import Server

import asyncio
import http.client
import ssl

import aiohttp
import httpx
import pytest
import requests
import trustme
import urllib3
from requests.adapters import HTTPAdapter
from requests.auth import HTTPDigestAuth
from urllib3.util import Retry

from altcraft_contract.capture import Capture
from tests.capture.clients import CLIENTS
from tests.capture.conftest import ANSWER, PATH, answered


def _statuses(capture: Capture) -> list[int]:
    return [answered(call).status for call in capture.calls]


@pytest.mark.parametrize("behaviour", ["gzip", "chunked"])
@pytest.mark.parametrize("client", CLIENTS)
def test_the_body_of_the_response_is_decoded(client: str, behaviour: str, server: Server) -> None:
    """Content and transfer encodings are taken off."""
    with Capture() as capture:
        CLIENTS[client](server.url(behaviour), b"1")
    assert answered(capture.calls[0]).body == ANSWER


@pytest.mark.parametrize("client", ["requests", "httpx", "httpx-async", "urllib3", "aiohttp"])
def test_each_hop_to_the_endpoint_is_a_call(client: str, server: Server) -> None:
    """A redirect from the endpoint to the endpoint makes two calls, both with the body."""
    with Capture() as capture:
        if client == "httpx":
            httpx.post(server.url("moved"), content=b"1", follow_redirects=True)
        elif client == "httpx-async":

            async def call() -> Any:
                async with httpx.AsyncClient(follow_redirects=True) as session:
                    await session.post(server.url("moved"), content=b"1")

            asyncio.run(call())
        else:
            CLIENTS[client](server.url("moved"), b"1")
    assert _statuses(capture) == [307, 200]
    assert [call.body for call in capture.calls] == [b"1", b"1"]
    assert [call.url for call in capture.calls] == [server.url("moved"), server.url("ok")]


def test_each_try_is_a_call(server: Server) -> None:
    """Retries of urllib3 are calls of their own, of the outermost library."""
    retry = Retry(3, status_forcelist=[503], allowed_methods=None, backoff_factor=0)
    with Capture() as capture, requests.Session() as session, urllib3.PoolManager() as pool:
        session.mount("http://", HTTPAdapter(max_retries=retry))
        session.post(server.url("busy"), data=b"1")
        pool.request("POST", server.url("busy"), body=b"1", retries=retry)
    assert _statuses(capture) == [503, 200, 503, 200]
    assert [call.http_library for call in capture.calls] == ["requests", "requests", "urllib3", "urllib3"]
    assert [call.body for call in capture.calls] == [b"1"] * 4


def test_each_leg_of_an_authentication_is_a_call(server: Server) -> None:
    """The refused one and the accepted one."""
    with Capture() as capture:
        requests.post(server.url("digest"), data=b"1", auth=HTTPDigestAuth("u", "p"), timeout=9)
        httpx.post(server.url("digest"), content=b"1", auth=httpx.DigestAuth("u", "p"))
    assert _statuses(capture) == [401, 200, 401, 200]
    assert [call.http_library for call in capture.calls] == ["requests", "requests", "httpx", "httpx"]


@pytest.mark.parametrize("client", CLIENTS)
def test_a_refused_connection_is_a_call_without_response(client: str) -> None:
    """The body that would have been sent is there, and the name of the exception."""
    with Capture() as capture, pytest.raises(Exception) as caught:  # noqa: PT011 - each library has its own
        CLIENTS[client](f"http://127.0.0.1:1{PATH}", b"1")
    call = capture.calls[-1]
    assert call.response is None
    assert call.body == b"1"
    assert call.exception is not None
    if client not in {"urllib", "urllib3"}:  # they wrap it above the place that is watched
        assert call.exception == type(caught.value).__name__


def test_a_timeout_is_a_call_without_response(server: Server) -> None:
    """The name of the exception tells."""
    with Capture() as capture:
        with pytest.raises(requests.Timeout):
            requests.post(server.url("silent"), data=b"1", timeout=0.05)
        with pytest.raises(httpx.TimeoutException):
            httpx.post(server.url("silent"), content=b"1", timeout=0.05)
    assert [call.exception for call in capture.calls] == ["ReadTimeout", "ReadTimeout"]


@pytest.mark.parametrize("library", ["httpx", "aiohttp"])
def test_a_cancelled_call_is_seen(library: str, server: Server) -> None:
    """Cancellation passes through, and is noted."""

    async def call() -> Any:
        if library == "httpx":
            async with httpx.AsyncClient(timeout=30) as client:
                await client.post(server.url("silent"), content=b"1")
        else:
            async with aiohttp.ClientSession() as session:
                await session.post(server.url("silent"), data=b"1")

    async def cancel() -> None:
        task = asyncio.create_task(call())
        while not server.received:  # noqa: ASYNC110 - the server lives in a thread
            await asyncio.sleep(0.001)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with Capture() as capture:
        asyncio.run(cancel())
    assert [(call.body, call.exception) for call in capture.calls] == [(b"1", "CancelledError")]


def test_an_error_that_the_client_raises_keeps_its_response(server: Server) -> None:
    """The response is there, whether the library raises for its status or not."""

    async def call() -> Any:
        async with aiohttp.ClientSession(raise_for_status=True) as session:
            await session.post(server.url("failing"), data=b"1")

    with Capture() as capture:
        with pytest.raises(aiohttp.ClientResponseError):
            asyncio.run(call())
        with pytest.raises(requests.HTTPError):
            requests.post(server.url("failing"), timeout=9).raise_for_status()
    assert _statuses(capture) == [500, 500]


def test_a_body_that_is_not_read_whole_is_none(server: Server) -> None:
    """A part is never taken for the whole, and the reason stands beside it."""
    with Capture() as capture:
        with requests.post(server.url(), stream=True, timeout=9) as response:
            assert response.raw.read(3) == ANSWER[:3]
        with httpx.stream("POST", server.url()) as streamed:
            pass
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            requests.post(server.url("cut"), timeout=9)
    assert streamed.status_code == 200
    assert [answered(call).body for call in capture.calls] == [None, None, None]
    assert answered(capture.calls[0]).body_reason == f"reading it stopped after 3 of {len(ANSWER)} bytes"
    assert answered(capture.calls[2]).body_reason == "reading it stopped after 9 of 100 bytes"


def test_a_streamed_response_reaches_the_client_unchanged(server: Server) -> None:
    """The client reads in its own pieces, and the whole of it is seen."""

    async def call() -> Any:
        async with aiohttp.ClientSession() as session, session.post(server.url("chunked")) as response:
            return [piece async for piece in response.content.iter_chunked(4)]

    with Capture() as capture:
        with requests.post(server.url("chunked"), stream=True, timeout=9) as response:
            assert b"".join(response.iter_content(4)) == ANSWER
        with httpx.stream("POST", server.url("gzip")) as streamed:
            assert b"".join(streamed.iter_bytes(4)) == ANSWER
        assert b"".join(asyncio.run(call())) == ANSWER
        with urllib3.PoolManager() as pool:
            unread = pool.request("POST", server.url("chunked"), preload_content=False)
            assert b"".join(unread.stream(4)) == ANSWER
    assert [answered(call).body for call in capture.calls] == [ANSWER] * 4


def test_a_connection_may_be_kept(server: Server) -> None:
    """Calls that share a connection are told apart; a request built by hand is seen as well."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port)
    with Capture() as capture:
        for body in (b"1", b"22"):
            connection.putrequest("POST", f"/ok{PATH}")
            connection.putheader("Content-Length", str(len(body)))
            connection.endheaders()
            connection.send(iter([body[:1], body[1:]]))
            assert connection.getresponse().read() == ANSWER
    connection.close()
    assert [call.body for call in capture.calls] == [b"1", b"22"]


@pytest.mark.parametrize("library", ["requests", "httpx", "aiohttp", "http.client"])
def test_tls_makes_no_difference(library: str, server: Server, tmp_path: Path) -> None:
    """A call over TLS is seen as any other."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.scheme = "https"
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))

    async def call() -> Any:
        async with aiohttp.ClientSession() as session, session.post(server.url(), data=b"1", ssl=trusting) as response:
            await response.read()

    with Capture() as capture:
        if library == "requests":
            requests.post(server.url(), data=b"1", verify=str(tmp_path / "ca.pem"), timeout=9)
        elif library == "httpx":
            httpx.post(server.url(), content=b"1", verify=trusting)
        elif library == "aiohttp":
            asyncio.run(call())
        else:
            connection = http.client.HTTPSConnection("127.0.0.1", server.server_port, context=trusting)
            connection.request("POST", f"/ok{PATH}", b"1")
            connection.getresponse().read()
            connection.close()
    assert [(call.url, call.body, answered(call).body) for call in capture.calls] == [(server.url(), b"1", ANSWER)]


def test_a_proxy_makes_no_difference(server: Server) -> None:
    """Through a forwarding proxy, the URL is that of the endpoint."""
    proxy = f"http://127.0.0.1:{server.server_port}"
    url = f"http://shop.invalid{PATH}"
    with Capture() as capture, urllib3.ProxyManager(proxy) as pool:
        requests.post(url, data=b"1", proxies={"http": proxy}, timeout=9)
        httpx.post(url, content=b"1", proxy=proxy)
        pool.request("POST", url, body=b"1")
    assert [call.url for call in capture.calls] == [url] * 3
