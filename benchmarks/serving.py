"""The stub beside its peers: how many orders a second, how soon each is answered, and how soon the first."""

from __future__ import annotations

import json
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from load import Drive, Target, drive
from openapi_document import PATH
from orders import break_order, iter_fresh, iter_same, write_order
from rounds import Comparison
from servers import CHECKED, FIXED, PRISM, STUB, find_servers, run_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from servers import Server

CONNECTIONS: Final = (1, 16)
CONFIRMED: Final = {"json": b'"success"', "xml": b"<status>success</status>"}


@dataclass(frozen=True, slots=True)
class Load:
    """What our stub is sent.

    Attributes:
        name: What the table calls it.
        syntax: `json` or `xml`.
        make: Makes the requests.
    """

    name: str
    syntax: str
    make: Callable[[str], Iterator[bytes]]


LOADS: Final = (
    Load("new orders", "json", iter_fresh),
    Load("one order", "json", iter_same),
    Load("new orders", "xml", iter_fresh),
)
PEERS: Final = (PRISM, FIXED, CHECKED)


@dataclass(frozen=True, slots=True)
class Measured:
    """The rounds of one load on one server.

    Attributes:
        drives: One for each round.
    """

    drives: list[Drive]

    @property
    def seconds(self) -> tuple[float, ...]:
        """Seconds of one answer, for each round."""
        return tuple(1 / each.rate for each in self.drives)

    def percentile(self, percent: int) -> float:
        """Return a percentile of the latencies of all rounds, in seconds."""
        latencies = sorted(chain.from_iterable(each.latencies for each in self.drives))
        return Drive(1.0, latencies).percentile(percent)


@dataclass(frozen=True, slots=True)
class Rates:
    """What came of all loads with so many connections.

    Attributes:
        connections: How many there were.
        ours: For each of `LOADS`, the stub's rounds.
        peers: Name to rounds; those that are there.
    """

    connections: int
    ours: list[Measured]
    peers: dict[str, Measured]


@contextmanager
def run_servers() -> Iterator[tuple[dict[str, Server], list[str]]]:
    """Start the stub and those peers that are there, tell what is not, and end them all."""
    makers, missing = find_servers()
    with ExitStack() as stack:
        servers = {name: stack.enter_context(run_server(name, make)) for name, make in makers.items()}
        for server in servers.values():
            assert_same_work(server)
        yield servers, missing


def assert_same_work(server: Server) -> None:
    """Assert that a server confirms the example, and refuses it with an error, if it judges at all."""
    answer = server.ask("POST", PATH, write_order(0))
    assert answer.startswith(b"200 "), answer
    assert CONFIRMED["json"] in answer, answer
    answer = server.ask("POST", PATH, break_order())
    if server.name == PRISM:
        assert answer.startswith(b"422 "), answer
    elif server.name != FIXED:
        assert json.loads(answer.partition(b" ")[2])["error"] == 400, answer  # noqa: PLR2004 - as documented
    if server.name == STUB:
        answer = server.ask("POST", PATH, break_order("xml"), "application/xml")
        assert b"<error>400</error>" in answer, answer


def iter_rates(servers: Mapping[str, Server], *, rounds: int, seconds: float, warming: float) -> Iterator[Rates]:
    """Send every load to the stub and orders to every peer, in turn.

    Args:
        servers: Name to server.
        rounds: How many rounds count.
        seconds: How long each load lasts in each of them.
        warming: How long each lasts before: Node compiles what it runs often while it runs.
    """
    for connections in CONNECTIONS:
        stub = servers[STUB].port
        targets = [Target(stub, load.make(load.syntax), CONFIRMED[load.syntax]) for load in LOADS]
        peers = [name for name in PEERS if name in servers]
        targets += [Target(servers[name].port, iter_fresh(), CONFIRMED["json"]) for name in peers]
        drives: list[list[Drive]] = [[] for _ in targets]
        turns = list(zip(targets, drives, strict=True))
        for target in targets:
            drive(target, connections=connections, seconds=warming)
        for number in range(rounds):
            for target, kept in turns if number % 2 else reversed(turns):
                kept.append(drive(target, connections=connections, seconds=seconds))
        measured = [Measured(kept) for kept in drives]
        ours, theirs = measured[: len(LOADS)], measured[len(LOADS) :]
        yield Rates(connections, ours, dict(zip(peers, theirs, strict=True)))


def compare_percentiles(ours: Measured, peer: Measured, percent: int) -> Comparison:
    """Put a percentile of each round of two servers beside each other."""
    return Comparison(*(tuple(each.percentile(percent) for each in measured.drives) for measured in (ours, peer)))


def compare_first_answers(peer: str, *, rounds: int) -> Comparison:
    """Time the stub and a peer in turn from the start of the process to the first order that is answered."""
    makers, _ = find_servers()
    times: dict[str, list[float]] = {STUB: [], peer: []}
    for number in range(-1, rounds):
        for name in (STUB, peer) if number % 2 else (peer, STUB):
            with run_server(name, makers[name]) as server:
                if number >= 0:
                    times[name].append(server.start)
    return Comparison(tuple(times[STUB]), tuple(times[peer]))
