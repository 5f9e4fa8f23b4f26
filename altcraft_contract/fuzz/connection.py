"""Sends cases to a target and takes in whatever comes back, however the target behaves."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from altcraft_contract import __version__
from altcraft_contract.endpoint import ENDPOINT_PATH
from altcraft_contract.fuzz.answer_reader import AnswerReader, Broken
from altcraft_contract.fuzz.exchange import Answer
from altcraft_contract.fuzz.wire import Passage, find_addresses, open_wire
from altcraft_contract.target.trust import make_tls_context

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Self

    from altcraft_contract.fuzz.case import Case, Framing
    from altcraft_contract.fuzz.wire import Address, Clock, Wire
    from altcraft_contract.target.address import Target

_PATH: Final = ENDPOINT_PATH.encode()
_PARTS: Final = 3  # that a body is sent in, unless in one
_PAUSE: Final = 0.02  # seconds between two of them
_PATIENCE: Final = 1.0  # seconds to wait for HTTP 100
_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionSettings:
    """How a target is reached, and what it may take.

    Attributes:
        timeout: Seconds for one exchange, connecting included: whatever comes later is not waited for.
        most_bytes: Of the body of an answer.
        ca_file: Certificates, in PEM, that are trusted besides those of the system.
        is_insecure: Whether any certificate is taken.
    """

    timeout: float = 10.0
    most_bytes: int = 8 * 2**20
    ca_file: str | None = None
    is_insecure: bool = False


class Connection:
    """Sends cases one after the other, on one connection as long as the target allows that.

    Proxies of the environment are not used, and redirects not followed.

    Args:
        address: Where cases go.
        settings: How.
        clock: Seconds that only grow.

    Raises:
        UnreadableFile: if the file of certificates cannot be used.
    """

    def __init__(self, address: Target, settings: ConnectionSettings, *, clock: Clock = time.perf_counter) -> None:
        self._address = address
        self._settings = settings
        self._clock = clock
        self._tls = (
            make_tls_context(ca_file=settings.ca_file, is_insecure=settings.is_insecure)
            if address.scheme == "https"
            else None
        )
        self._host = b"Host: " + address.authority
        self._addresses: list[Address] = []
        self._wire: Wire | None = None
        self._late = 0
        self._last_used = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; the next case opens another one."""
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()

    def send(self, case: Case, body: bytes, token: str, *, path: bytes = _PATH) -> Answer:
        """Send a case and wait for the answer.

        Whatever the target or the network does ends in an answer, by the deadline at the latest; only the system's
        search for the address of a name may take longer. Bytes that came on a connection after the end of an answer
        are a fault of that answer if they came with it; if they came later, `surplus` of the next one tells of them.

        Args:
            case: What to send, but for its body and token.
            body: Without stand-ins.
            token: Of the target's API.
            path: Of the endpoint.
        """
        head = self._head(case, body, token, path)
        settings = self._settings
        reader = AnswerReader(method=case.method, most_bytes=settings.most_bytes)
        begun = self._clock()
        deadline = begun + settings.timeout
        is_reused, fault, detail = False, None, ""
        idle = begun - self._last_used
        try:
            wire, is_reused = self._ready_wire(deadline, is_new=case.own_connection)
            begun = self._clock()
            passage = Passage(wire, reader, deadline=deadline, timeout=settings.timeout, clock=self._clock)
            _FRAMINGS[case.framing](passage, head, body)
            passage.read_answer()
            if case.own_connection or not (reader.keeps_alive and passage.is_sent) or reader.surplus:
                self.close()
        except Broken as broken:
            fault, detail = broken.fault, broken.detail
            self.close()
        except BaseException:
            self.close()
            raise
        self._last_used = self._clock()
        seconds = self._last_used - begun
        if is_reused and fault == "reset" and not reader.size:
            fault, detail = "closed", "the connection, used before, was reset before an answer came"
        return self._answer(
            reader,
            Answer(seconds=seconds, fault=fault, detail=detail, is_reused=is_reused, idle=idle if is_reused else 0.0),
        )

    def _answer(self, reader: AnswerReader, told: Answer) -> Answer:
        """What the reader has, with what has been told of it."""
        body, fault, detail = reader.body(), told.fault, told.detail
        if fault is None and reader.surplus:
            fault, detail = "garbage", f"{reader.surplus} bytes after the end of the answer"
        elif fault is None:
            try:
                body = reader.decoded_body()
            except Broken as broken:
                fault, detail = broken.fault, broken.detail
        return Answer(
            status=reader.status,
            headers=tuple(reader.headers),
            body=body,
            seconds=told.seconds,
            fault=fault,
            detail=detail,
            is_reused=told.is_reused,
            idle=told.idle,
            surplus=self._late,
        )

    def _ready_wire(self, deadline: float, *, is_new: bool) -> tuple[Wire, bool]:
        """A wire that can be written to, and whether it has carried a request before."""
        self._late = 0
        if self._wire is not None:
            unasked = self._wire.read_unasked()
            if unasked is None and not is_new:
                return self._wire, True
            self._late = len(unasked or b"")
            self.close()
        self._wire = self._new_wire(deadline)
        return self._wire, False

    def _new_wire(self, deadline: float) -> Wire:
        """A wire to the first address that takes it; each has its share of the time."""
        addresses = self._addresses or find_addresses(self._address)
        self._addresses = []
        trouble = Broken("refused-connection", "no connection")
        for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
            now = self._clock()
            try:
                wire = open_wire(
                    address,
                    host=self._address.host,
                    tls=self._tls,
                    deadline=now + (deadline - now) / left,
                    clock=self._clock,
                )
            except Broken as broken:
                trouble = broken
            else:
                self._addresses = [address, *(other for other in addresses if other != address)]
                return wire
        raise trouble

    def _head(self, case: Case, body: bytes, token: str, path: bytes) -> bytes:
        """The head of the request, with the blank line."""
        own = {name.lower() for name, _ in case.headers}
        lines = [
            case.method.encode() + b" " + self._address.prefix + path + b" HTTP/1.1",
            self._host,
            *(line for name, line in _DEFAULTS.items() if name not in own),
        ]
        if case.content_type is not None:
            lines.append(_header("Content-Type", case.content_type))
        if case.credentials in ("header", "wrong-header"):
            shown = token if case.credentials == "header" else f"{token[::-1]}x"
            lines.append(_header("Authorization", f"Bearer {shown}"))
        lines += [_header(name, value) for name, value in case.headers]
        if case.framing == "chunked":
            lines.append(b"Transfer-Encoding: chunked")
        elif body or case.method in _WITH_BODY:
            lines.append(b"Content-Length: %d" % len(body))
        if case.framing == "expect-continue" and body:
            lines.append(b"Expect: 100-continue")
        if case.own_connection:
            lines.append(b"Connection: close")
        lines += (b"", b"")
        return b"\r\n".join(lines)


def _header(name: str, value: str) -> bytes:
    return f"{name}: {value}".encode("utf-8", "surrogatepass")


def _parts_of(body: bytes) -> list[bytes]:
    size = max(1, -(-len(body) // _PARTS))
    return [body[start : start + size] for start in range(0, len(body), size)]


def _send_at_once(passage: Passage, head: bytes, body: bytes) -> None:
    passage.write(head + body)


def _send_chunked(passage: Passage, head: bytes, body: bytes) -> None:
    chunks = [b"%x\r\n%b\r\n" % (len(part), part) for part in _parts_of(body)]
    passage.write(b"".join((head, *chunks, b"0\r\n\r\n")))


def _send_in_pieces(passage: Passage, head: bytes, body: bytes) -> None:
    passage.write(head)
    for part in _parts_of(body):
        passage.pause(_PAUSE)
        passage.write(part)


def _send_bytewise(passage: Passage, head: bytes, body: bytes) -> None:
    for byte in head:
        passage.write(bytes((byte,)))
    passage.write(body)


def _send_when_told(passage: Passage, head: bytes, body: bytes) -> None:
    passage.write(head)
    if body:
        passage.pause(min(_PATIENCE, passage.timeout / 4), until_continued=True)
        passage.write(body)


_DEFAULTS: Final[Mapping[str, bytes]] = {
    "user-agent": b"User-Agent: altcraft-contract/" + __version__.encode(),
    "accept": b"Accept: */*",
}
_FRAMINGS: Final[Mapping[Framing, Callable[[Passage, bytes, bytes], None]]] = {
    "length": _send_at_once,
    "chunked": _send_chunked,
    "pieces": _send_in_pieces,
    "bytewise": _send_bytewise,
    "expect-continue": _send_when_told,
}
