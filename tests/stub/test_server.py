"""Servers come and go: they listen, they stop at once, and they leave nothing behind."""

from __future__ import annotations

import asyncio
import gc
import http.client
import logging
import socket
import subprocess
import sys
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from altcraft_contract.errors import CannotServe
from altcraft_contract.stub import ENDPOINT_PATH, StubServer
from tests.stub.fakes import PATIENCE, body_of, control, order, send, send_order, value_of

if TYPE_CHECKING:
    from collections.abc import Callable


def _has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


def _pending(stub: StubServer) -> http.client.HTTPConnection:
    """A connection on which a slow answer is awaited; the order has been judged."""
    connection = http.client.HTTPConnection("127.0.0.1", stub.port, timeout=PATIENCE)
    body = body_of(order("slow"))
    headers = {"content-type": "application/json", "prefer": "scenario=slow, wait=600"}
    received = stub.journal.received
    connection.request("POST", ENDPOINT_PATH, body, headers)
    stub.journal.wait_for(received + 1)
    return connection


def test_a_server_is_where_it_says() -> None:
    """A running server listens where its URLs point to, and is stopped when the block ends."""
    stub = StubServer()
    assert not stub.is_running
    with stub as entered:
        assert entered is stub
        assert stub.is_running
        assert stub.base_url == f"http://127.0.0.1:{stub.port}"
        assert stub.url == stub.base_url + ENDPOINT_PATH
        assert repr(stub) == f"<StubServer at {stub.base_url}, running>"
        send_order(stub)
    assert not stub.is_running
    assert stub.journal[0].external_id == "order_1"
    with pytest.raises(ConnectionRefusedError):
        send(stub.url, b"")


def test_a_stopped_server_starts_again_where_it_was() -> None:
    """A server that is stopped and started again listens on the same port, and knows what it knew."""
    stub = StubServer()
    with closing(stub):
        stub.start()
        first, url = send_order(stub), stub.url
        stub.stop()
        assert stub.url == url
        stub.start()
        assert stub.url == url
        assert send_order(stub).body == first.body
        stub.stop()
        stub.stop()


def test_a_server_is_entered_once() -> None:
    """A server that runs is not started again, and goes on; one that was closed is not started any more."""
    with StubServer() as stub:
        with pytest.raises(RuntimeError, match="has been started already"):
            stub.start()
        with pytest.raises(RuntimeError, match="has been started already"), stub:
            pass
        assert send_order(stub).status == 200
    with pytest.raises(RuntimeError, match="has been closed; make a new one"), stub:
        pass
    stub.close()


def test_a_port_in_use_is_told_with_a_remedy() -> None:
    """A port that is in use is a fault that says what to do, and nothing is left open."""
    with StubServer() as stub:
        other = StubServer(port=stub.port)
        with pytest.raises(CannotServe, match="in use; choose another one, or 0 for any that is free"), other:
            pass
        assert not other.is_running
        assert send_order(stub).status == 200


@pytest.mark.parametrize("host", ["256.1.1.1", "no-such-host.invalid", "192.0.2.1", "x" * 300, "\udc80"])
def test_an_address_that_is_not_ours_is_told(host: str) -> None:
    """A host that cannot be listened on is a fault that names it."""
    with pytest.raises(CannotServe) as caught, StubServer(host=host):
        pass
    assert caught.value.address == f"{host}:0"
    assert caught.value.reason


@pytest.mark.parametrize("port", [-1, 65536, 10**10])
def test_a_port_that_cannot_be_is_told(port: int) -> None:
    """A number that is no port is a fault."""
    with pytest.raises(CannotServe), StubServer(port=port):
        pass


@pytest.mark.parametrize("host", ["localhost", "0.0.0.0", "", "::1", "::"])  # noqa: S104 - for a moment, in a test
def test_a_server_is_reached_at_its_url(host: str) -> None:
    """Whatever it listens on, the URL of a server leads there."""
    if ":" in host and not _has_ipv6():
        pytest.skip("there is no IPv6")
    with StubServer(host=host) as stub:
        assert value_of(send_order(stub).body)["error"] == 0
        assert control(stub, "scenario", {"scenario": "outdated"}, origin=stub.base_url)[0] == 200


def test_a_hundred_servers_leave_nothing_behind() -> None:
    """Servers that came and went leave no thread, no socket and no warning, whatever they did."""
    threads, files = set(threading.enumerate()), _open_files()
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        for number in range(100):
            with ExitStack() as clients, StubServer() as stub:
                send_order(stub)
                if number % 10 == 0:
                    clients.enter_context(closing(_pending(stub)))
                    clients.enter_context(socket.create_connection(("127.0.0.1", stub.port), PATIENCE))
                    control(stub, "journal")  # by a thread beside the event loop
                    send_order(stub, {**order(), "large": "x" * 300_000})  # as well
        gc.collect()
    assert set(threading.enumerate()) <= threads
    assert _open_files() == files


def _open_files() -> int:
    """How many files and sockets this process holds; 0 where the system does not tell."""
    from pathlib import Path  # noqa: PLC0415 - for one look

    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0


def test_servers_run_side_by_side() -> None:
    """Each server has an order book, a journal and scenarios of its own."""
    with StubServer() as one, StubServer() as other:
        one.use("outdated")
        assert value_of(send_order(one).body)["data"]["status"] == "outdated"
        assert value_of(send_order(other).body)["data"]["status"] == "success"
        assert (one.journal.received, other.journal.received) == (1, 1)


def test_a_server_stops_at_once(caplog: pytest.LogCaptureFixture) -> None:
    """A server does not wait for slow answers or idle connections; their clients see them end, nothing is logged."""
    with StubServer() as stub:
        slow = _pending(stub)
        idle = socket.create_connection(("127.0.0.1", stub.port), PATIENCE)
        half = socket.create_connection(("127.0.0.1", stub.port), PATIENCE)
        half.sendall(b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n12345")
        send_order(stub)
    with pytest.raises(ConnectionError):
        slow.getresponse()
    for connection in (idle, half):
        with suppress(ConnectionResetError):
            assert connection.recv(1) == b""
        connection.close()
    slow.close()
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_a_server_with_grace_lets_answers_come_to_their_end() -> None:
    """While its grace lasts, a server that stops still sends the answers that are on their way."""
    with StubServer(grace=PATIENCE) as stub:
        connection = http.client.HTTPConnection("127.0.0.1", stub.port, timeout=PATIENCE)
        headers = {"content-type": "application/json", "prefer": "scenario=slow, wait=0.3"}
        connection.request("POST", ENDPOINT_PATH, body_of(order()), headers)
        stub.journal.wait_for(1)
    response = connection.getresponse()
    assert (response.status, value_of(response.read())["error"]) == (200, 0)
    connection.close()


def test_threads_share_a_server(stub: StubServer) -> None:
    """Requests, choices and looks at the journal from many threads do not get in each other's way."""

    def work(number: int) -> list[object]:
        names = [f"{number}/{index}" for index in range(25)]
        stub.use("error-402", times=1, external_id=names[0])
        found = [value_of(send_order(stub, order(name)).body)["error"] for name in names]
        assert len(stub.journal) >= 25
        assert control(stub, "summary")[0] == 200
        return found

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == [[402] + [0] * 24] * 8
    assert stub.journal.received == 200
    assert [entry.number for entry in stub.journal] == list(range(1, 201))
    assert len(stub.state.listing(1_000)["orders"]) == 192


def test_one_order_from_many_threads_is_one_order(stub: StubServer) -> None:
    """An order that comes many times at once is confirmed once, and all get the same bytes."""
    with ThreadPoolExecutor(8) as pool:
        bodies = {reply.body for reply in pool.map(lambda _: send_order(stub), range(64))}
    assert len(bodies) == 1
    assert [entry.is_repeat for entry in stub.journal].count(False) == 1


def test_a_server_runs_beside_an_event_loop() -> None:
    """A server may be started, used and stopped within a coroutine; a slow answer holds nobody up."""

    async def run() -> list[Any]:
        with StubServer() as stub:
            stub.use("slow", external_id="0", delay=0.3)
            async with httpx.AsyncClient() as client:
                calls = [client.post(stub.url, json=order(str(number))) for number in range(20)]
                replies = await asyncio.gather(*calls)
            stub.journal.wait_for(20)
            return [reply.json()["error"] for reply in replies]

    assert asyncio.run(run()) == [0] * 20


def test_a_process_may_end_without_stopping_its_server() -> None:
    """A script that forgets to stop its server ends all the same, and says nothing."""
    script = "from altcraft_contract.stub import StubServer; stub = StubServer(); stub.start(); print(stub.is_running)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")


@pytest.mark.parametrize("cut", range(1, len(b"\r\nUpgrade: h2c")))
def test_an_offer_of_another_protocol_costs_no_order(cut: int) -> None:
    """An order is taken with an offer of HTTP/2, however the head comes in pieces."""
    body = body_of(order())
    first = f"POST {ENDPOINT_PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n".encode()
    offer = b"Connection: Upgrade\r\nUpgrade: h2c"
    rest = b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    at = len(first) + len(b"Connection: Upgrade") + cut
    text = first + offer + rest
    with StubServer() as stub, socket.create_connection(("127.0.0.1", stub.port), timeout=30) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server: Any = stub._listener._server
        protocols = server.server_state.connections
        connection.sendall(text[:at])
        _wait_until(lambda: any(protocol._head_size or protocol._rest for protocol in list(protocols)))
        connection.sendall(text[at:])
        answer = b""
        while b'"error_text"' not in answer and (piece := connection.recv(65_536)):
            answer += piece
    assert b'"status": "success"' in answer


@pytest.mark.parametrize("body", [b"U", b"upgrade", b"{\n}\nUp"])
@pytest.mark.parametrize("before", [0, 1, 2, 3, 4, None], ids=str)
def test_a_body_like_the_beginning_of_an_offer_is_answered(body: bytes, before: int | None) -> None:
    """A body that ends as an offer of another protocol begins is taken, however head and body come in pieces."""
    # So many bytes of the end of the head come with the body; None sends all at once.
    lines = (b"POST %s HTTP/1.1" % ENDPOINT_PATH.encode(), b"Host: x", b"Content-Type: application/json")
    text = b"\r\n".join([*lines, b"Content-Length: %d" % len(body), b"", b""]) + body
    at = len(text) - len(body) - before if before is not None else 0
    with StubServer() as stub, socket.create_connection(("127.0.0.1", stub.port), timeout=PATIENCE) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        protocols: Any = stub._listener._server.server_state.connections  # type: ignore[union-attr]  # it is there
        if at:
            connection.sendall(text[:at])
            _wait_until(lambda: any(protocol._head_size for protocol in list(protocols)))
        connection.sendall(text[at:])
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200 OK\r\n")


def _wait_until(is_so: Callable[[], bool]) -> None:
    last = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < last


def test_connections_that_come_while_the_server_stops_are_closed() -> None:
    """Whoever connects in that moment is told, and no socket is forgotten."""
    for _ in range(20):
        stub = StubServer()
        stub.start()
        clients = [socket.create_connection(("127.0.0.1", stub.port), timeout=PATIENCE) for _ in range(3)]
        stub.close()
        for client in clients:
            with client, suppress(ConnectionResetError):
                assert client.recv(1) == b""
    gc.collect()  # a socket that was forgotten is a warning now
