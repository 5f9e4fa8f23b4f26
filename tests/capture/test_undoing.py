"""A capture leaves nothing behind, whatever happened while it was open, and costs nothing before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.capture.conftest import Server

import importlib
import subprocess
import sys
import threading

import pytest
import requests

from altcraft_contract.capture import INTERCEPTORS, Capture
from altcraft_contract.capture.recorder import Recorder
from tests.capture.clients import CLIENTS
from tests.capture.conftest import PATH

POINTS = [point for interceptor in INTERCEPTORS for point in interceptor.points(Recorder())]


def _attributes() -> dict[tuple[str, str], object]:
    found = {}
    for module, point in POINTS:
        owner, _, name = point.partition(".")
        found[module, point] = vars(vars(importlib.import_module(module))[owner]).get(name)
    return found


def _same(one: Any, other: Any) -> bool:
    return one.keys() == other.keys() and all(one[key] is other[key] for key in one)


def test_every_attribute_is_the_very_object_it_was() -> None:
    """After the end, and not before it."""
    before = _attributes()
    finders = list(sys.meta_path)
    with Capture():
        assert all(now is not before[point] for point, now in _attributes().items())
    assert _same(_attributes(), before)
    assert sys.meta_path == finders


def test_an_exception_ends_a_capture_as_well() -> None:
    """It passes through."""
    before = _attributes()
    with pytest.raises(KeyError), Capture():
        raise KeyError
    assert _same(_attributes(), before)


@pytest.mark.parametrize("is_nested", [True, False])
def test_captures_may_overlap(is_nested: bool, server: Server) -> None:
    """Each sees the calls that begin while it is open; the last to end puts everything back."""
    before = _attributes()
    one, other = Capture(), Capture()
    with one:
        CLIENTS["requests"](server.url(), b"1")
        other.__enter__()
        CLIENTS["requests"](server.url(), b"2")
        if is_nested:
            other.__exit__(None, None, None)
            CLIENTS["requests"](server.url(), b"3")
    if not is_nested:
        CLIENTS["requests"](server.url(), b"4")
        other.__exit__(None, None, None)
    assert [call.body for call in one.calls] == ([b"1", b"2", b"3"] if is_nested else [b"1", b"2"])
    assert [call.body for call in other.calls] == ([b"2"] if is_nested else [b"2", b"4"])
    assert _same(_attributes(), before)


def test_a_capture_may_be_entered_again(server: Server) -> None:
    """Also while it is open; it goes on where it was."""
    capture = Capture()
    with capture, capture:
        CLIENTS["httpx"](server.url(), b"1")
    with capture:
        CLIENTS["httpx"](server.url(), b"2")
    CLIENTS["httpx"](server.url(), b"3")
    assert [call.body for call in capture.calls] == [b"1", b"2"]


def test_a_patch_on_top_of_ours_stays(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """It keeps working, with nothing of ours in effect below; a later capture sees each call once."""
    original = requests.Session.send
    seen = []
    with Capture() as capture:
        ours = requests.Session.send

        def send(self: Any, request: Any, **kwargs: Any) -> Any:
            seen.append(request.body)
            return ours(self, request, **kwargs)

        monkeypatch.setattr(requests.Session, "send", send)
        CLIENTS["requests"](server.url(), b"1")
    assert requests.Session.send is send
    CLIENTS["requests"](server.url(), b"2")
    with Capture() as again:
        CLIENTS["requests"](server.url(), b"3")
    assert requests.Session.send is send
    monkeypatch.undo()
    with Capture() as last:
        CLIENTS["requests"](server.url(), b"4")
    assert requests.Session.send is original
    assert seen == [b"1", b"2", b"3"]
    assert [[call.body for call in each.calls] for each in (capture, again, last)] == [[b"1"], [b"3"], [b"4"]]


@pytest.mark.parametrize("client", CLIENTS)
def test_calls_of_many_threads_are_told_apart(client: str, server: Server) -> None:
    """Each is seen once, with its own body."""
    threads = [
        threading.Thread(target=CLIENTS[client], args=(server.url(), str(number).encode())) for number in range(8)
    ]
    with Capture() as capture:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(call.body or b"" for call in capture.calls) == [str(number).encode() for number in range(8)]


def test_a_fault_of_ours_does_not_touch_the_call(server: Server) -> None:
    """A question of the caller's that raises is noted, and the call goes through."""

    def is_endpoint(method: str, url: str) -> bool:
        raise ZeroDivisionError(method, url)

    with Capture(paths=(), is_endpoint=is_endpoint) as capture, Capture() as other:
        for client in CLIENTS.values():
            assert client(server.url(), b"1")
    assert capture.calls == ()
    assert any("ZeroDivisionError" in spot for spot in capture.blind_spots)
    assert len(other.calls) == len(CLIENTS)


def test_a_version_without_a_place_is_a_blind_spot(monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be watched is said, not passed over in silence."""
    monkeypatch.delattr("httpx._client.Client._send_single_request")
    with Capture() as capture:
        pass
    assert capture.blind_spots == (
        "httpx: this version has no httpx._client.Client._send_single_request, so calls may go unseen",
    )


FRESH = f"""
import sys
import altcraft_contract.capture
assert not [name for name in sys.modules if name.startswith("altcraft_contract.capture.")]
from altcraft_contract.capture import Capture
HEAVY = {{"requests", "httpx", "urllib3", "aiohttp", "http.client", "vcr", "jsonschema", "jsonschema_rs", "lxml",
         "xmlschema", "hypothesis", "asyncio"}}
assert not HEAVY & set(sys.modules), HEAVY & set(sys.modules)
finders = list(sys.meta_path)
with Capture() as capture:
    assert not HEAVY & set(sys.modules), HEAVY & set(sys.modules)
    from tests.capture.clients import CLIENTS
    for client in CLIENTS.values():
        client(sys.argv[1], b"1")
    import http.client, requests.sessions
    wrapped = requests.sessions.Session.send
assert [call.http_library for call in capture.calls] == [
    "requests", "httpx", "httpx", "urllib3", "aiohttp", "http.client", "http.client"], capture.calls
assert capture.blind_spots == ()
assert sys.meta_path == finders
assert requests.sessions.Session.send is wrapped.__wrapped__
assert requests.sessions.__loader__ is requests.sessions.__spec__.loader
assert type(requests.sessions.__loader__).__name__ == "SourceFileLoader"
assert "{PATH}"
"""


def test_a_library_that_is_imported_later_is_seen(server: Server) -> None:
    """In a fresh interpreter nothing is imported for the capture, and everything is seen once the test imports it."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", FRESH, server.url()], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
