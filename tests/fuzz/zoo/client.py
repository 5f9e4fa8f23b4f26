"""A strict client: one keep-alive connection, on which nothing that is sent gets lost."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from typing import Self

    from altcraft_contract.contract import Syntax

_BODILESS: Final = (204, 304)


@dataclass(frozen=True, slots=True)
class Sent:
    """A request.

    Attributes:
        body: Its body.
        syntax: The syntax that its content type names.
        headers: All headers but those of the transport.
        method: Of HTTP.
        is_chunked: Whether the body goes in chunks.
    """

    body: bytes
    syntax: Syntax
    headers: tuple[tuple[str, str], ...]
    method: str = "POST"
    is_chunked: bool = False

    def text(self, path: str) -> bytes:
        """The request as it is written."""
        framing = "Transfer-Encoding: chunked" if self.is_chunked else f"Content-Length: {len(self.body)}"
        lines = [f"{self.method} {path} HTTP/1.1", "Host: 127.0.0.1", framing]
        lines += [f"{name}: {value}" for name, value in self.headers]
        head = "\r\n".join([*lines, "", ""]).encode()
        if not self.is_chunked:
            return head + self.body
        pieces = (self.body[:10], self.body[10:], b"")
        return head + b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)


@dataclass(frozen=True, slots=True)
class Received:
    """An answer.

    Attributes:
        status: HTTP status.
        headers: Names in small letters.
        body: Its body.
    """

    status: int
    headers: dict[str, str]
    body: bytes


class Client:
    """Sends requests over one connection, which is made again when it was lost.

    Args:
        url: Of the endpoint.
        patience: Seconds until a server counts as hanging.
    """

    def __init__(self, url: str, *, patience: float) -> None:
        place = urlsplit(url)
        self._address = (place.hostname or "", place.port or 80)
        self._path = place.path
        self._patience = patience
        self._connection: socket.socket | None = None
        self._rest = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def send(self, sent: Sent) -> Received | None:
        """The answer to a request; None if none came, or none that is HTTP, or less than was promised."""
        try:
            if self._connection is None:
                self._connection = socket.create_connection(self._address, self._patience)
                self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._connection.sendall(sent.text(self._path))
            received = self._receive()
            while received.status < 200:
                received = self._receive()
        except (OSError, ValueError):
            self._close()
            return None
        if received.headers.get("connection") == "close":
            self._close()
        return received

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection, self._rest = None, b""

    def _receive(self) -> Received:
        first, *lines = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        version, status, *_ = first.split(" ")
        if version != "HTTP/1.1":
            raise ValueError(version)
        rows = (line.partition(":") for line in lines)
        headers = {name.lower(): value.strip() for name, _, value in rows}
        body = b""
        if "transfer-encoding" in headers:
            while size := int(self._until(b"\r\n"), 16):
                body += self._take(size)
                if self._take(2) != b"\r\n":
                    raise ValueError(size)
            self._until(b"\r\n")
        elif int(status) >= 200 and int(status) not in _BODILESS:
            body = self._take(int(headers["content-length"]) if "content-length" in headers else 0)
        return Received(int(status), headers, body)

    def _more(self) -> None:
        data = self._connection.recv(262_144) if self._connection is not None else b""
        if not data:
            raise ConnectionAbortedError
        self._rest += data

    def _until(self, mark: bytes) -> bytes:
        while mark not in self._rest:
            self._more()
        found, _, self._rest = self._rest.partition(mark)
        return found

    def _take(self, size: int) -> bytes:
        while len(self._rest) < size:
            self._more()
        found, self._rest = self._rest[:size], self._rest[size:]
        return found
