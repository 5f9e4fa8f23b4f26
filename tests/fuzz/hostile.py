"""Servers that do not do their part: each does one thing wrong, on every connection.

with hostile_server("resets") as url:
    ...
"""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tests.stub.proxy_targets import ENVELOPE, PATIENCE, Head, Received, Wire, answer_of, reset

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator, Mapping

DRIP: Final = 0.05  # seconds between two bytes
LARGE: Final = 100 * 2**20
ELSEWHERE: Final = "http://elsewhere.invalid/"
PAGE: Final = b"<!DOCTYPE html><html><body><h1>Sign in</h1></body></html>"
_BLOCK: Final = b" " * 2**16
_BOMB: Final = gzip.compress(gzip.compress(b" " * LARGE, 1))
_JSON: Final = b"Content-Type: application/json"
_OK: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_CHUNKED: Final = _OK + b"Transfer-Encoding: chunked\r\n\r\n"
_UPGRADE: Final = b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n\x81\x00"


@dataclass
class Visit:
    """A connection that a client has opened.

    Attributes:
        connection: The server's end.
        is_over: Whether the server is to end.
    """

    connection: socket.socket
    is_over: threading.Event
    wire: Wire = field(init=False)

    def __post_init__(self) -> None:
        self.wire = Wire(self.connection)

    def head(self) -> Head | None:
        """The head of the next request; None if none comes."""
        return self.wire.head()

    def request(self) -> Received | None:
        """The next request; None if none comes."""
        return self.wire.message()

    def write(self, data: bytes) -> None:
        """Write all."""
        self.connection.sendall(data)

    def hang(self) -> None:
        """Do nothing until the client goes, reading what it writes."""
        while self.connection.recv(2**16):
            pass

    def wait(self, seconds: float = PATIENCE) -> bool:
        """Do nothing at all for so long; false once the server is to end."""
        return not self.is_over.wait(seconds)

    def repeat(self, data: bytes) -> None:
        """Write the same again and again."""
        while not self.is_over.is_set():
            self.write(data)

    def drip(self, data: bytes = b" ") -> None:
        """Write the same again and again, with time between."""
        while self.wait(DRIP):
            self.write(data)


Behaviour = Callable[[Visit], object]
"""What is done on a connection; what it returns is not looked at."""


def _always(answer: bytes) -> Behaviour:
    """Answers each request so, on the same connection."""

    def behave(visit: Visit) -> None:
        while visit.request() is not None:
            visit.write(answer)

    return behave


def _once(answer: bytes, then: Behaviour = lambda _: None) -> Behaviour:
    """Answers one request so, and then does something before the connection is closed."""

    def behave(visit: Visit) -> None:
        if visit.request() is not None:
            visit.write(answer)
            then(visit)

    return behave


def _then_on_the_second(act: Behaviour) -> Behaviour:
    """Answers the first request of a connection well."""

    def behave(visit: Visit) -> None:
        for answer in (answer_of(), b""):
            if visit.request() is None:
                return
            visit.write(answer)
        act(visit)

    return behave


def _early(then: Behaviour) -> Behaviour:
    """Answers when the head has come, and reads nothing more."""

    def behave(visit: Visit) -> None:
        if visit.head() is not None:
            visit.write(answer_of(PAGE, b"Content-Type: text/html", status=b"413 Content Too Large"))
            then(visit)

    return behave


def _when_expected(visit: Visit, interim: bytes) -> None:
    """Answers with *interim* to a head that waits for it, and with an envelope to the whole request."""
    while (head := visit.head()) is not None:
        if head.get(b"expect") is not None:
            visit.write(interim)
        visit.wire.take(int(head.get(b"content-length") or b"0"))
        visit.write(answer_of())


def _surplus_later(visit: Visit) -> None:
    visit.wait(DRIP)
    visit.write(b"and another thing")
    visit.hang()


def _unasked(visit: Visit) -> None:
    visit.write(b"220 mail.example.com ESMTP\r\n")
    visit.hang()


def _reset(visit: Visit) -> None:
    reset(visit.connection)


def _nothing(_: Visit) -> None:
    pass


def _html(status: bytes) -> bytes:
    return answer_of(PAGE, b"Content-Type: text/html", status=status)


def _long(size: int) -> bytes:
    return _OK + b"Content-Length: %d\r\n\r\n" % size


_interim: Final = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
_chunk: Final = b"%x\r\n%b\r\n" % (len(ENVELOPE), ENVELOPE)

HOSTILE: Final[Mapping[str, Behaviour]] = {
    # Connections that end.
    "closes at once": _nothing,
    "dies": _once(b""),
    "dies on the second request": _then_on_the_second(_nothing),
    "dies within the head": _once(_OK),
    "dies within the body": _once(_long(len(ENVELOPE)) + ENVELOPE[:9]),
    "dies within a chunk": _once(_CHUNKED + _chunk[:9]),
    "closes without saying so": _once(answer_of()),
    "resets": _once(b"", _reset),
    "resets at once": _reset,
    "resets on the second request": _then_on_the_second(_reset),
    "resets within the body": _once(_long(LARGE) + _BLOCK, _reset),
    # Time.
    "hangs": Visit.hang,
    "hangs within the head": _once(_OK, Visit.hang),
    "hangs within the body": _once(_long(len(ENVELOPE)) + ENVELOPE[:9], Visit.hang),
    "hangs without a length": _once(_OK + b"\r\n" + ENVELOPE, Visit.hang),
    "reads nothing": Visit.wait,
    "drips": _once(_long(LARGE), Visit.drip),
    "drips its head": _once(_OK + b"X: ", lambda visit: visit.drip(b"x")),
    "drips interim answers": _once(b"", lambda visit: visit.drip(_interim)),
    # Size.
    "streams forever": _once(_CHUNKED, lambda visit: visit.repeat(b"10000\r\n" + _BLOCK + b"\r\n")),
    "streams forever without a length": _once(_OK + b"\r\n", lambda visit: visit.repeat(_BLOCK)),
    "answers with 100 MB": _always(_long(LARGE) + b" " * LARGE),
    "sends endless headers": _once(_OK, lambda visit: visit.repeat(b"X: y\r\n" * 2**10)),
    "sends an endless header": _once(_OK + b"X: ", lambda visit: visit.repeat(_BLOCK.replace(b" ", b"x"))),
    "sends endless trailers": _once(_CHUNKED + b"0\r\n", lambda visit: visit.repeat(b"X: y\r\n" * 2**10)),
    "sends an endless size of a chunk": _once(_CHUNKED, lambda visit: visit.repeat(b"0" * 2**16)),
    "sends endless interim answers": _once(b"", lambda visit: visit.repeat(_interim * 2**10)),
    "sends endless blank lines": _once(b"", lambda visit: visit.repeat(b"\r\n" * 2**10)),
    "sends a bomb": _always(answer_of(_BOMB, _JSON, b"Content-Encoding: gzip, gzip")),
    # HTTP that is none.
    "writes garbage": _once(b"\x00\x01\x02 no answer at all\r\n\r\n"),
    "writes garbage at once": _unasked,
    "writes a TLS alert": _once(b"\x15\x03\x01\x00\x02\x02\x28"),
    "writes HTTP/2": _once(b"HTTP/2 200\r\n\r\n"),
    "writes a status below 100": _once(b"HTTP/1.1 007 OK\r\nContent-Length: 0\r\n\r\n"),
    "ends its lines with line feeds": _once(answer_of().replace(b"\r\n", b"\n"), Visit.hang),
    "writes a header without a name": _always(answer_of(ENVELOPE, _JSON, b": x")),
    "writes NUL in a header": _always(answer_of(ENVELOPE, _JSON, b"X: a\0b")),
    "writes two lengths": _always(answer_of(ENVELOPE, _JSON, b"Content-Length: 3")),
    "writes a length and chunks": _always(answer_of(_chunk + b"0\r\n\r\n", _JSON, b"Transfer-Encoding: chunked")),
    "writes a length beyond all numbers": _once(_OK + b"Content-Length: " + b"9" * 40 + b"\r\n\r\n"),
    "writes bad chunks": _always(_CHUNKED + b"no size\r\n" + ENVELOPE),
    "writes chunks of a wrong size": _always(_CHUNKED + b"9\r\n" + ENVELOPE + b"\r\n0\r\n\r\n"),
    "writes more after the answer": _always(answer_of() + b"and another thing"),
    "writes a blank line after the answer": _always(answer_of() + b"\r\n"),
    "writes more after its chunks": _always(_CHUNKED + _chunk + b"0\r\n\r\nand another thing"),
    "writes more after the answer, later": _once(answer_of(), _surplus_later),
    "writes two answers": _always(answer_of() * 2),
    "writes too small a length": _always(_long(9) + ENVELOPE),
    "writes too large a length": _once(_long(len(ENVELOPE) + 1) + ENVELOPE),
    "writes a body where none may be": _always(answer_of(ENVELOPE, status=b"204 No Content")),
    "compresses badly": _always(answer_of(ENVELOPE, _JSON, b"Content-Encoding: gzip")),
    "cuts what it compresses": _always(answer_of(gzip.compress(ENVELOPE)[:-9], _JSON, b"Content-Encoding: gzip")),
    "switches protocols": _always(_UPGRADE),
    # HTTP as it should be, or nearly, with something else than was asked for.
    "answers with HTML": _always(_html(b"200 OK")),
    "answers with HTTP 502": _always(_html(b"502 Bad Gateway")),
    "answers with nothing": _always(answer_of(b"")),
    "redirects": _always(answer_of(b"", b"Location: " + ELSEWHERE.encode(), status=b"302 Found")),
    "answers early": _early(Visit.wait),
    "answers early and closes": _early(_nothing),
}
"""Name to what is done on a connection, which is closed afterwards."""

FRIENDLY: Final[Mapping[str, Behaviour]] = {
    "plain": _always(answer_of()),
    "chunked": _always(
        _CHUNKED + b"1;a=b\r\n{\r\n" + b"%x\r\n" % (len(ENVELOPE) - 1) + ENVELOPE[1:] + b"\r\n0\r\nX: y\r\n\r\n"
    ),
    "HTTP/1.0": _once(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + ENVELOPE),
    "HTTP/1.0 kept alive": _always(answer_of(ENVELOPE, _JSON, b"Connection: keep-alive").replace(b"1.1", b"1.0", 1)),
    "to the end": _once(_OK + b"\r\n" + ENVELOPE),
    "closing": _once(answer_of(ENVELOPE, _JSON, b"Connection: close")),
    "interim": _always(b"HTTP/1.1 100 Continue\r\n\r\n" + _interim + answer_of()),
    "continuing": lambda visit: _when_expected(visit, b"HTTP/1.1 100 Continue\r\n\r\n"),
    "ignoring what is expected": lambda visit: _when_expected(visit, b""),
    "gzip": _always(answer_of(gzip.compress(ENVELOPE), _JSON, b"Content-Encoding: gzip")),
}
"""Other ways of answering with the same envelope, all of them right."""


class _Server:
    def __init__(self, behave: Behaviour, tls: ssl.SSLContext | None, host: str) -> None:
        self._behave = behave
        self._tls = tls
        self._is_over = threading.Event()
        self._open: list[socket.socket] = []
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listening = socket.create_server((host, 0), family=family)
        self.port = self._listening.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        self._is_over.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(PATIENCE)

    def _accept(self) -> None:
        while not self._is_over.is_set():
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(PATIENCE)
        try:
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            self._open.append(connection)
            self._behave(Visit(connection, self._is_over))
        except OSError:
            pass  # the client has gone
        finally:
            connection.close()


@contextmanager
def hostile_server(name: str, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> Iterator[str]:
    """A server of this machine that behaves as `HOSTILE` or `FRIENDLY` say; gives its origin."""
    server = _Server({**HOSTILE, **FRIENDLY}[name], tls, host)
    try:
        shown = f"[{host}]" if ":" in host else host
        yield f"{'https' if tls else 'http'}://{shown}:{server.port}"
    finally:
        server.close()
