"""A call that a mock answers is seen as well, whichever of mock and capture starts or ends first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.capture.conftest import Server

import asyncio
import contextlib
import http.client
import io
from functools import partial
from types import SimpleNamespace

import aiohttp
import httpx
import pytest
import requests
import responses
import respx
import urllib3
import vcr
from aioresponses import aioresponses
from requests.auth import HTTPDigestAuth

from altcraft_contract.capture import Capture
from tests.capture.clients import CLIENTS, LIBRARIES
from tests.capture.conftest import ANSWER, PATH, answered

URL = f"http://shop.invalid{PATH}"
ORDERS = ["mock first", "capture first", "mock ends first", "capture ends first"]


@contextlib.contextmanager
def _mocked_by_responses() -> Iterator[None]:
    with responses.RequestsMock() as mock:
        mock.post(URL, body=ANSWER)
        yield


@contextlib.contextmanager
def _mocked_by_respx(using: str) -> Iterator[None]:
    with respx.mock(using=using) as router:
        router.post(URL).respond(content=ANSWER)
        yield


class _Response(aiohttp.ClientResponse):
    """aioresponses 0.7.9 does not know what aiohttp 3.14 requires."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        writer: Any = SimpleNamespace(output_size=0)
        super().__init__(*args, **kwargs, stream_writer=writer)


@contextlib.contextmanager
def _mocked_by_aioresponses() -> Iterator[None]:
    with aioresponses() as mock:
        mock.post(URL, body=ANSWER, response_class=_Response)
        yield


MOCKS = {
    ("responses", "requests"): _mocked_by_responses,
    ("respx-httpx", "httpx"): lambda: _mocked_by_respx("httpx"),
    ("respx-httpx", "httpx-async"): lambda: _mocked_by_respx("httpx"),
    ("respx-httpcore", "httpx"): lambda: _mocked_by_respx("httpcore"),
    ("respx-httpcore", "httpx-async"): lambda: _mocked_by_respx("httpcore"),
    ("aioresponses", "aiohttp"): _mocked_by_aioresponses,
}


def _call_between(order: str, mock: Any, call: Any) -> Capture:
    """Call while both are active; the order says how they are nested."""
    capture = Capture()
    outer, inner = (mock, capture) if order in {"mock first", "mock ends first"} else (capture, mock)
    first_out, second_out = (outer, inner) if order in {"mock ends first", "capture ends first"} else (inner, outer)
    outer.__enter__()
    inner.__enter__()
    try:
        call()
    finally:
        first_out.__exit__(None, None, None)
        second_out.__exit__(None, None, None)
    return capture


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(("mock", "client"), MOCKS)
def test_mocked_call(mock: str, client: str, order: str) -> None:
    """Request and response are seen as if the call had left."""
    answers = []
    make = MOCKS[mock, client]
    capture = _call_between(order, make(), lambda: answers.append(CLIENTS[client](URL, b'{"a": 1}')))
    (call,) = capture.calls
    assert call.http_library == LIBRARIES[client]
    assert (call.url, call.body) == (URL, b'{"a": 1}')
    assert (answered(call).status, answered(call).body) == (200, ANSWER)
    assert answers == [ANSWER]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("client", CLIENTS)
def test_cassette(client: str, order: str, server: Server, tmp_path: Path) -> None:
    """A call is seen once while a cassette records it, and once when it is played back."""
    cassette = str(tmp_path / "cassette.yaml")
    for _ in ("recorded", "played"):
        capture = _call_between(order, vcr.use_cassette(cassette), partial(CLIENTS[client], server.url(), b"1"))
        (call,) = capture.calls
        assert call.http_library == LIBRARIES[client]
        assert (call.url, call.body) == (server.url(), b"1")
        assert (answered(call).status, answered(call).body) == (200, ANSWER)
    assert len(server.received) == 1


@pytest.mark.parametrize("is_first", [True, False])
def test_pytest_httpx(is_first: bool, request: Any) -> None:
    """The fixture may be set up before or after the capture starts."""
    mock = request.getfixturevalue("httpx_mock") if is_first else None
    with Capture() as capture:
        mock = mock or request.getfixturevalue("httpx_mock")
        mock.add_response(content=ANSWER)
        mock.add_response(content=ANSWER)
        CLIENTS["httpx"](URL, b"1")
        CLIENTS["httpx-async"](URL, iter([b"1"]))
    assert [(call.body, answered(call).body) for call in capture.calls] == [(b"1", ANSWER)] * 2


def test_mock_transport() -> None:
    """So does httpx's own."""
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=ANSWER))
    with Capture() as capture, httpx.Client(transport=transport) as client:
        client.post(URL, content=iter([b"1"]))
    assert [(call.body, answered(call).body) for call in capture.calls] == [(b"1", ANSWER)]


def test_a_body_that_a_mock_does_not_read() -> None:
    """A file is looked at; a generator is left alone, and the reason says so."""
    generator = iter([b"generator"])
    with Capture() as capture, responses.RequestsMock() as mock:
        mock.post(URL, body=ANSWER)
        requests.post(URL, data=io.BytesIO(b"file"), timeout=9)
        requests.post(URL, data=generator, timeout=9)
    assert list(generator) == [b"generator"]
    assert [call.body for call in capture.calls] == [b"file", None]
    assert "can be read only once" in str(capture.calls[1].body_reason)


def test_a_mock_that_answers_hops_and_legs() -> None:
    """A redirect and an authentication that a mock plays make a call each."""
    challenge = {"WWW-Authenticate": 'Digest realm="r", nonce="n", qop="auth"'}
    with Capture() as capture, responses.RequestsMock() as mock:
        mock.post(f"http://old.invalid{PATH}", status=308, headers={"Location": URL})
        mock.post(URL, body=ANSWER)
        requests.post(f"http://old.invalid{PATH}", data=b"1", timeout=9)
        mock.post(f"http://digest.invalid{PATH}", status=401, headers=challenge)
        mock.post(f"http://digest.invalid{PATH}", body=ANSWER)
        requests.post(f"http://digest.invalid{PATH}", data=b"1", auth=HTTPDigestAuth("u", "p"), timeout=9)
    assert [answered(call).status for call in capture.calls] == [308, 200, 401, 200]
    assert [call.body for call in capture.calls] == [b"1"] * 4


def test_a_mock_that_raises() -> None:
    """The exception that a mock raises is that of the call."""
    with Capture() as capture, responses.RequestsMock() as mock:
        mock.post(URL, body=requests.ConnectionError("no"))
        with pytest.raises(requests.ConnectionError):
            requests.post(URL, data=b"1", timeout=9)
    assert [call.exception for call in capture.calls] == ["ConnectionError"]


def test_a_mocked_response_that_is_streamed() -> None:
    """What a mock answers is seen when the client reads it in pieces."""
    with Capture() as capture, responses.RequestsMock() as mock:
        mock.post(URL, body=ANSWER)
        with requests.post(URL, stream=True, timeout=9) as response:
            assert b"".join(response.iter_content(4)) == ANSWER
    assert answered(capture.calls[0]).body == ANSWER


def test_a_refused_cassette_is_seen(tmp_path: Path) -> None:
    """A call that a cassette refuses is one that was made."""
    with Capture() as capture, vcr.use_cassette(str(tmp_path / "none.yaml"), record_mode="none"):
        for client in (CLIENTS["requests"], CLIENTS["http.client"], CLIENTS["aiohttp"]):
            with pytest.raises(vcr.errors.CannotOverwriteExistingCassetteException):
                client(URL, b"1")
    assert {call.exception for call in capture.calls} == {"CannotOverwriteExistingCassetteException"}
    assert len(capture.calls) == 3


def test_aiohttp_encodes_before_the_mock() -> None:
    """`json=`, parameters and the base URL are in what is seen of a mocked call."""

    async def call() -> Any:
        async with aiohttp.ClientSession("http://shop.invalid") as session:
            await session.post(PATH, json={"a": 1}, params={"q": "1"})

    with Capture() as capture, aioresponses() as mock:
        mock.post(f"{URL}?q=1", body=ANSWER, response_class=_Response)
        asyncio.run(call())
    assert [(call.url, call.body) for call in capture.calls] == [(f"{URL}?q=1", b'{"a": 1}')]


def test_a_cassette_that_ends_first_leaves_the_real_connection_watched(server: Server, tmp_path: Path) -> None:
    """What a cassette had put in the place of a class when the capture began is not taken for the class."""
    with contextlib.ExitStack() as stack:
        cassette = stack.enter_context(contextlib.ExitStack())
        cassette.enter_context(vcr.use_cassette(str(tmp_path / "none.yaml"), record_mode="none"))
        capture = stack.enter_context(Capture())
        cassette.close()
        CLIENTS["http.client"](server.url(), b"1")
    assert [call.body for call in capture.calls] == [b"1"]


def test_the_mocks_are_what_they_were() -> None:
    """No mock leaves anything of ours behind in what it puts back."""
    before = (http.client.HTTPConnection, aiohttp.ClientSession._request, urllib3.HTTPConnectionPool._make_request)
    for order in ORDERS:
        _call_between(order, _mocked_by_aioresponses(), lambda: None)
    after = (http.client.HTTPConnection, aiohttp.ClientSession._request, urllib3.HTTPConnectionPool._make_request)
    assert all(one is other for one, other in zip(before, after, strict=True))
