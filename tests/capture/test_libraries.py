"""Every library, every kind of body: one call, as it was sent and answered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.capture.conftest import Server

import io

import httpx
import pytest
import requests
import urllib3

from altcraft_contract.capture import INTERCEPTORS, Capture, interceptors
from tests.capture.clients import CLIENTS, LIBRARIES
from tests.capture.conftest import ANSWER, answered

BODIES = {"json": '{"data": {"имя": 1}}', "xml": "<xml><data>1</data></xml>"}
KINDS = {
    "bytes": lambda text: text.encode(),
    "str": lambda text: text.encode("ascii", "replace").decode(),
    "generator": lambda text: (piece for piece in (text[:3].encode(), text[3:].encode())),
    "file": lambda text: io.BytesIO(text.encode()),
}


@pytest.mark.parametrize("syntax", BODIES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("client", CLIENTS)
def test_a_call_is_seen_once_with_what_was_sent_and_answered(
    client: str, kind: str, syntax: str, server: Server
) -> None:
    """What the capture shows is what the server received and the client read."""
    if (client, kind) in {("httpx-async", "file"), ("urllib", "file")}:
        pytest.skip("the library refuses such a body, or needs its length")
    with Capture() as capture:
        answer = CLIENTS[client](server.url(), KINDS[kind](BODIES[syntax]))
    (call,) = capture.calls
    assert call.http_library == LIBRARIES[client]
    assert (call.method, call.url) == ("POST", server.url())
    assert (call.body, call.body_reason) == (server.received[0], None)
    assert call.body
    assert answered(call).status == 200
    assert answered(call).body == answer == ANSWER
    assert call.exception is None
    assert call.duration is not None
    assert {name.lower() for name, _ in call.headers} >= {"host"}
    assert capture.blind_spots == ()


@pytest.mark.parametrize("client", CLIENTS)
def test_the_place_is_the_line_of_the_user(client: str, server: Server) -> None:
    """The first place is the user's own code, whatever lies between it and the wire."""
    with Capture() as capture:
        CLIENTS[client](server.url(), b"1")
    assert capture.calls[0].where[0].function in {"call", CLIENTS[client].__name__}
    assert capture.calls[0].where[0].file.endswith("clients.py")


def test_what_libraries_encode_themselves_is_seen(server: Server) -> None:
    """`json=` and multipart forms are seen as they were sent."""
    with Capture() as capture:
        requests.post(server.url(), json={"a": 1}, timeout=9)
        httpx.post(server.url(), json={"a": 1})
        requests.post(server.url(), files={"f": io.BytesIO(b"x")}, timeout=9)
        httpx.post(server.url(), files={"f": io.BytesIO(b"x")})
        with urllib3.PoolManager() as pool:
            pool.request("POST", server.url(), json={"a": 1})
            pool.request("POST", server.url(), fields={"f": "x"})
    assert [call.body for call in capture.calls] == server.received


def test_the_table_is_complete() -> None:
    """Each file of the folder is a row of the table."""
    files = {path.stem for path in Path(interceptors.__file__).parent.glob("*.py")} - {"__init__", "interceptor"}
    assert {row.http_library.replace(".", "_") for row in INTERCEPTORS} == files


def test_the_endpoint_is_told_by_the_end_of_its_path(server: Server) -> None:
    """Host and prefix do not matter, spelling does not either; other paths are none of ours."""
    with Capture() as capture, Capture(paths=["/other"]) as other:
        requests.post(server.url().replace("/orders/", "//x/../%6Frders/") + "/?a=1", timeout=9)
        requests.post(server.url() + "s", timeout=9)
        requests.post(server.url().partition("/api")[0] + "/other", timeout=9)
    assert len(capture.calls) == 1
    assert len(other.calls) == 1


def test_no_secret_in_repr(server: Server) -> None:
    """What `repr` shows, and so a failing assertion, has neither headers nor bodies nor the query."""
    with Capture() as capture:
        requests.post(server.url() + "?token=s3cret", data="s3cret", headers={"Authorization": "s3cret"}, timeout=9)
    assert "s3cret" not in repr(capture.calls)
