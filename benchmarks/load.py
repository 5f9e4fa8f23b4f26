"""A load generator: so many connections, on each of which the next request follows the last answer.

It works on plain sockets in one thread and reads no more of an answer than it must, so that it drives several times
what is measured with it (the run tells how much), and needs nothing but Python.
"""

from __future__ import annotations

import selectors
import socket
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK: Final = 1 << 16
_LENGTH: Final = b"\r\ncontent-length:"
_TIMEOUT: Final = 30  # seconds that an answer may take
_PERCENT: Final = 100


@dataclass(frozen=True, slots=True)
class Target:
    """What is sent where.

    Attributes:
        port: Port on 127.0.0.1.
        requests: Whole requests of HTTP, one after another, as many as are asked for.
        expected: What every answer must hold, or it was a refusal.
    """

    port: int
    requests: Iterator[bytes]
    expected: bytes


@dataclass(frozen=True, slots=True)
class Drive:
    """What came of a measurement.

    Attributes:
        seconds: How long it took.
        latencies: Seconds from each request to the end of its answer, in ascending order.
    """

    seconds: float
    latencies: list[float]

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, percent: int) -> float:
        """Return the latency, in seconds, that so many in a hundred do not exceed."""
        return self.latencies[(len(self.latencies) - 1) * percent // _PERCENT]


class Connection:
    """One connection, which is opened anew when the server closes it."""

    def __init__(self, target: Target, poll: selectors.BaseSelector) -> None:
        self._target = target
        self._poll = poll
        self._received = b""
        self._end = 0  # of the answer in what is received; 0 as long as it is not known
        self._closes = False
        self.since = 0.0
        self._open()

    def send(self) -> None:
        """Send the next request, and begin to count its time."""
        message = next(self._target.requests)
        self._received, self._end = b"", 0
        self.since = perf_counter()
        if self._closes:
            self.close()
            self._open()
        self._socket.sendall(message)

    def receive(self) -> bool:
        """Receive what is there, and tell whether the answer is whole; it must be the expected one."""
        chunk = self._socket.recv(_CHUNK)
        assert chunk, f"the server hung up after {self._received!r}"
        self._received += chunk
        if not self._end:
            self._find_end()
        if not self._end or len(self._received) < self._end:
            return False
        assert len(self._received) == self._end, self._received
        assert self._target.expected in self._received, self._received
        return True

    def close(self) -> None:
        """Close the connection."""
        self._poll.unregister(self._socket)
        self._socket.close()

    def _open(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", self._target.port), timeout=_TIMEOUT)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._poll.register(self._socket, selectors.EVENT_READ, self)

    def _find_end(self) -> None:
        """Find the end of the answer, once its head is whole."""
        blank = self._received.find(b"\r\n\r\n")
        if blank < 0:
            return
        head = self._received[:blank].lower()
        place = head.find(_LENGTH)
        assert head.startswith((b"http/1.1 200", b"http/1.0 200")), self._received
        assert place >= 0, self._received
        self._end = blank + 4 + int(head[place + len(_LENGTH) :].partition(b"\r\n")[0])
        self._closes = head.startswith(b"http/1.0") or b"\r\nconnection: close" in head


def drive(target: Target, *, connections: int, seconds: float = float("inf"), count: int | None = None) -> Drive:
    """Send requests until the time is over, or so many are answered.

    Args:
        target: What is sent where.
        connections: How many connections there are, each with one request under way.
        seconds: How long requests are sent; those under way are waited for.
        count: How many requests are sent, if not as many as the time allows.
    """
    latencies: list[float] = []
    left = float("inf") if count is None else count - connections
    with selectors.DefaultSelector() as poll:
        lines = [Connection(target, poll) for _ in range(connections)]
        start = perf_counter()
        for line in lines:
            line.send()
        under_way = connections
        while under_way:
            events = poll.select(_TIMEOUT)
            assert events, "no answer"
            for key, _ in events:
                line = key.data
                if not line.receive():
                    continue
                now = perf_counter()
                latencies.append(now - line.since)
                if left > 0 and now - start < seconds:
                    left -= 1
                    line.send()
                else:
                    under_way -= 1
                    line.close()
        elapsed = perf_counter() - start
    return Drive(elapsed, sorted(latencies))
