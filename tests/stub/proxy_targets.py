"""Services for the proxy to stand before, and clients: plain sockets, so that every byte can be seen and chosen."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from altcraft_contract.contract import load_contract
from altcraft_contract.stub import ENDPOINT_PATH

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from typing import Self

PATIENCE = 20.0  # seconds until a socket counts as hanging
REQUEST = load_contract().examples["request.json"]
BAD_REQUEST = REQUEST.replace(b'"sku": "skuf",', b"")
ANSWER = load_contract().examples["response.json"]
ENVELOPE = (
    b'{"data": {"external_id": "order_12345", "status": "outdated"}, "error": 0, "error_text": "Successful operation"}'
)


@dataclass(frozen=True)
class Head:
    """The head of a message: its first line and its headers, names in lower case."""

    line: bytes
    headers: list[tuple[bytes, bytes]]

    def get(self, name: bytes) -> bytes | None:
        """The first header of that name."""
        return next((value for key, value in self.headers if key == name), None)

    def without(self, *names: bytes) -> list[tuple[bytes, bytes]]:
        """The headers but those."""
        return [header for header in self.headers if header[0] not in names]


@dataclass(frozen=True)
class Received:
    """A request or an answer as it came, and whether it came to its end."""

    head: Head
    body: bytes
    is_whole: bool = True

    @property
    def status(self) -> int:
        """Of an answer."""
        return int(self.head.line.split()[1])


class Wire:
    """Reads HTTP from a socket."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.rest = b""

    def _more(self) -> bool:
        try:
            data = self.connection.recv(65536)
        except ConnectionError:
            return False
        self.rest += data
        return bool(data)

    def head(self) -> Head | None:
        """The next head; None if the connection ends."""
        while b"\r\n\r\n" not in self.rest:
            if not self._more():
                return None
        head, self.rest = self.rest.split(b"\r\n\r\n", 1)
        line, *lines = head.split(b"\r\n")
        pairs = [header.split(b":", 1) for header in lines]
        return Head(line, [(name.lower(), value.strip()) for name, value in pairs])

    def take(self, size: int) -> bytes:
        """So many bytes, or fewer if the connection ends."""
        while len(self.rest) < size and self._more():
            pass
        taken, self.rest = self.rest[:size], self.rest[size:]
        return taken

    def chunked(self) -> tuple[bytes, bool]:
        """A chunked body, and whether it is whole."""
        body = b""
        while True:
            while b"\r\n" not in self.rest:
                if not self._more():
                    return body, False
            line, self.rest = self.rest.split(b"\r\n", 1)
            size = int(line, 16)
            part = self.take(size + 2)
            body += part[:size]
            if size == 0 or len(part) < size + 2:
                return body, size == 0

    def message(self, *, until_end: bool = False, has_body: bool = True) -> Received | None:
        """The next message; of an answer without any length the body goes on to the end of the connection."""
        head = self.head()
        if head is None:
            return None
        if not has_body:
            return Received(head, b"")
        if head.get(b"transfer-encoding") is not None:
            return Received(head, *self.chunked())
        length = head.get(b"content-length")
        if length is None and until_end:
            while self._more():
                pass
            return Received(head, self.rest)
        size = int(length or b"0")
        body = self.take(size)
        return Received(head, body, len(body) == size)


def reset(connection: socket.socket) -> None:
    """End a connection with a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def answer_of(body: bytes = ENVELOPE, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    """An answer on the wire; JSON unless the headers say otherwise."""
    named = headers or (b"Content-Type: application/json",)
    lines = [b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *named]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


@dataclass
class Target:
    """A service; each connection has a thread.

    Attributes:
        answer: What is sent to each request, or what is done with it; None from that ends the connection.
        tls: Makes it one for https.
        received: Every request.
    """

    answer: bytes | Callable[[Received, socket.socket], bytes | None] = field(default_factory=answer_of, repr=False)
    tls: ssl.SSLContext | None = None
    received: list[Received] = field(default_factory=list, repr=False)

    def __enter__(self) -> Self:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._thread(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(PATIENCE)

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._socket.getsockname()[1]
        return port

    @property
    def url(self) -> str:
        """Its origin."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def _thread(self, work: Callable[..., None], *arguments: socket.socket) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self._thread(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(PATIENCE)
        try:
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
            self._open.append(connection)
            wire = Wire(connection)
            while (message := wire.message()) is not None:
                self.received.append(message)
                answer = self.answer if isinstance(self.answer, bytes) else self.answer(message, connection)
                if answer is None:
                    break
                connection.sendall(answer)
        except (OSError, TimeoutError):
            pass
        finally:
            connection.close()


def post(body: bytes = REQUEST, *headers: bytes, path: str = ENDPOINT_PATH, host: bytes = b"test") -> bytes:
    """A request on the wire; JSON unless the headers say otherwise."""
    named = headers or (b"Content-Type: application/json",)
    lines = [f"POST {path} HTTP/1.1".encode(), b"Host: " + host, b"Content-Length: %d" % len(body), *named]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def talk(port: int, *requests: bytes, until_end: bool = False, has_body: bool = True) -> list[Received]:
    """Send requests on one connection, each when the answer to the one before has come; return the answers."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        wire = Wire(connection)
        answers = []
        for request in requests:
            connection.sendall(request)
            answer = wire.message(until_end=until_end, has_body=has_body)
            assert answer is not None
            answers.append(answer)
        return answers
