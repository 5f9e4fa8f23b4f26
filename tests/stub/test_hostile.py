"""Whatever clients do, the stub goes on serving."""

from __future__ import annotations

import gc
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from altcraft_contract.stub import StubServer, protocol
from tests.stub.attacks import ATTACKS, LARGE_ATTACKS, MANNERS, MANY, connect, head, read, request, wait, write
from tests.stub.fakes import PATIENCE, body_of, control, order, send_order, value_of

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    Manner = Callable[[socket.socket, bytes, Random], None]

_SHORT = 0.3  # seconds that the server under attack is patient
_MOST_GROWTH = 100 * 2**20  # bytes, mostly the allocator's; each attack that is kept would be more
_LAST = {400, 408, 413, 431}  # statuses after which the connection ends
_LARGE = [*LARGE_ATTACKS.values()]
_CLIENTS = 4  # that attack at once
_status_line = re.compile(rb"HTTP/1\.1 ([0-9]{3}) ")


@pytest.fixture(scope="module")
def target() -> Iterator[StubServer]:
    """A stub of little patience, which logs nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(protocol, "PATIENCE", _SHORT)
        patch.setattr(protocol, "_WATCH", _SHORT / 3)
        with StubServer(most_entries=500) as target:
            yield target


@pytest.fixture(autouse=True)
def _well(target: StubServer, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Afterwards an order is answered, no connection and no task is left, and no fault was logged."""
    yield
    _assert_serving(target)
    _wait_until_idle(target)
    assert [record.getMessage() for record in caplog.records if record.exc_info or record.levelname == "ERROR"] == []


def _assert_serving(target: StubServer) -> None:
    assert value_of(send_order(target, order("a plain order")).body)["data"]["status"] == "success"


def _wait_until_idle(target: StubServer) -> None:
    """Wait until the server has let go of every connection but the one that asks."""
    state = target._listener._server.server_state  # type: ignore[union-attr]
    last = time.monotonic() + PATIENCE
    while len(state.connections) > 1 or len(state.tasks) > 1:
        assert time.monotonic() < last, (state.connections, state.tasks)
        control(target, "health")


def _answers(connection: socket.socket, least: int) -> list[int]:
    """The statuses of at least so many answers, and of all if the last of them says that the connection ends."""
    data = b""
    while len(statuses := [int(status) for status in _status_line.findall(data)]) < least:
        try:
            part = connection.recv(65_536)
        except ConnectionError:
            return statuses
        if not part:
            return statuses
        data += part
    if statuses[-1] in _LAST:
        read(connection)
    return statuses


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_answered(target: StubServer, name: str) -> None:
    """Whoever writes what is no request, or half of one, is told so in time, and the connection ends."""
    make, statuses = ATTACKS[name]
    with connect(target.port) as connection:
        write(connection, make(Random(name)))
        answers = _answers(connection, MANY if name == "a pipeline" else 1)
    assert statuses is None or (answers and set(answers) <= statuses)
    assert name != "a pipeline" or len(answers) == MANY


@pytest.mark.parametrize("manner", MANNERS)
def test_clients_may_go_at_any_time(target: StubServer, manner: Manner) -> None:
    """A client that goes, falls silent or resets the connection, in the middle of whatever, harms nobody."""
    random = Random(manner.__name__)
    for make, _ in ATTACKS.values():
        with connect(target.port) as connection:
            manner(connection, make(random), random)


@pytest.mark.parametrize("name", LARGE_ATTACKS)
def test_large_bodies_hold_nobody_up(stub: StubServer, name: str) -> None:
    """While a body of megabytes is read and judged others are served, and it is answered in the end."""
    with connect(stub.port) as connection:
        write(connection, LARGE_ATTACKS[name](Random(name)))
        _assert_serving(stub)
        assert _answers(connection, 1) == [200]


def test_idle_connections_hold_nobody_up(target: StubServer) -> None:
    """However many connections are open and idle, an order is answered; they are ended when patience is."""
    with ExitStack() as stack:
        idle = [stack.enter_context(connect(target.port)) for _ in range(_room_for(500))]
        _assert_serving(target)
        for connection in idle[::2]:
            write(connection, head()[:-10])
        _assert_serving(target)
        for connection in idle:
            assert _answers(connection, 1) == [408]


def _room_for(connections: int) -> int:
    """How many connections, of which both ends are in this process, the system allows."""
    resource = pytest.importorskip("resource", reason="the system does not say how many files may be open")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * connections + 200
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return min(connections, (soft - 200) // 2)


def test_a_client_that_does_not_read_holds_nobody_up(target: StubServer) -> None:
    """A client that asks for megabytes and does not read them gets no more than fits; others are served."""
    with connect(target.port) as connection:
        write(connection, request(body_of(order()), b"Prefer: scenario=huge-response") * 3)
        target.journal.wait_for(1)
        _assert_serving(target)


def test_what_follows_a_body_is_bounded(target: StubServer) -> None:
    """Trailers and extensions of chunks are not kept, and do not go on for ever."""
    for endless in (b"X: y\r\n" * 1_000, b"x" * 6_000):
        with connect(target.port) as connection:
            connection.sendall(head(b"Transfer-Encoding: chunked") + b"2\r\n{}\r\n0\r\n")
            for _ in range(50):
                write(connection, endless)
            assert _answers(connection, 1) in ([431], [400], [])


def test_a_pipeline_that_is_cut_leaves_nothing_behind(target: StubServer) -> None:
    """When a connection is cut with requests still in its pipeline, whoever answers them is called off."""
    for name in ("connection-reset", "truncated-body"):
        with connect(target.port) as connection:
            cut = request(body_of(order(name)), f"Prefer: scenario={name}".encode())
            write(connection, cut + request(body_of(order("next"))) * 5)
            read(connection)


@pytest.mark.nightly
def test_ten_thousand_attacks_leave_the_stub_as_it_was(target: StubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """After ten thousand attacks from several clients at once the stub serves, with hardly more memory and threads."""
    monkeypatch.setattr(protocol, "PATIENCE", 2.0)  # large bodies keep a server busy for longer than a short patience
    with ThreadPoolExecutor(_CLIENTS) as pool:  # what the allocator keeps for good is kept from here on
        list(pool.map(lambda make: _attack_with(target, wait, make(Random(0)), Random(0)), _LARGE * 8))
    _attack(target, range(2_000))
    before = _held(target)
    _attack(target, range(2_000, 12_000))
    memory, threads = (after - first for after, first in zip(_held(target), before, strict=True))
    assert threads <= _CLIENTS  # one for each body that is judged beside the event loop
    assert memory < _MOST_GROWTH


def _attack(target: StubServer, seeds: range) -> None:
    with ThreadPoolExecutor(_CLIENTS) as pool:
        for _ in pool.map(lambda seed: _attack_once(target, Random(seed)), seeds):
            pass


def _attack_once(target: StubServer, random: Random) -> None:
    """One attack out of many; few are large, and few wait until the patience of the server ends."""
    if random.randrange(1_000) == 0:
        data, manner = random.choice(_LARGE)(random), random.choice([wait, *MANNERS])
    else:
        make, _ = random.choice([*ATTACKS.values()])
        data, manner = make(random), wait if random.randrange(50) == 0 else random.choice(MANNERS)
    _attack_with(target, manner, data, random)
    if random.randrange(20) == 0:
        _assert_serving(target)


def _attack_with(target: StubServer, manner: Manner, data: bytes, random: Random) -> None:
    with connect(target.port) as connection:
        manner(connection, data, random)


def _held(target: StubServer) -> tuple[int, int]:
    """Bytes of memory and number of threads of this process, with nothing in the journal."""
    _wait_until_idle(target)
    target.reset()
    gc.collect()
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096, threading.active_count()
