"""A small server of HTTP/1.1 on a loopback socket: one thread for each connection, one write for each answer."""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self

MOST_HEAD: Final = 256 * 1024  # bytes
MOST_BODY: Final = 64 * 1024 * 1024  # bytes
_PIECE: Final = 256 * 1024  # bytes
_LARGEST_LENGTH: Final = 18  # digits of a Content-Length
_REASONS: Final = {200: "OK", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 413: "Content Too Large"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as it came.

    Attributes:
        method: As written.
        target: Path and query.
        headers: Pairs of a name, as written, and a value.
        body: Without its coding.
        connection: Number of the connection, from 1.
        position: Number of the request on its connection, from 1.
    """

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    connection: int
    position: int

    def header(self, name: str) -> str | None:
        """The first header of that *name*, whatever its capitals."""
        return next((value for key, value in self.headers if key.lower() == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer.

    Attributes:
        status: HTTP status.
        content_type: None leaves the header out.
        body: The text of the answer.
        headers: More headers.
        closes: Whether the connection ends after it.
        delay: Seconds before it is written.
        wire: What is written instead of it, to the byte; the empty text writes nothing.
    """

    status: int = 200
    content_type: str | None = None
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    closes: bool = False
    delay: float = 0.0
    wire: bytes | None = None

    def text(self, *, bodiless: bool = False) -> bytes:
        """The answer as it is written; *bodiless* for the method HEAD."""
        if self.wire is not None:
            return self.wire
        return self.head(f"Content-Length: {len(self.body)}") + (b"" if bodiless else self.body)

    def head(self, *lines: str) -> bytes:
        """The status line and the headers, those of *lines* among them."""
        rows = [f"HTTP/1.1 {self.status} {_REASONS.get(self.status, 'Status')}", *lines]
        if self.content_type is not None:
            rows.append(f"Content-Type: {self.content_type}")
        rows += [f"{name}: {value}" for name, value in self.headers]
        if self.closes:
            rows.append("Connection: close")
        return "\r\n".join([*rows, "", ""]).encode("latin-1", errors="replace")


class _Unreadable(Exception):
    """The request is not HTTP; its only argument is the status that says so."""


class Listener:
    """Listens on a free port of the loopback, and lets *answer* answer each request.

    Args:
        answer: Makes the reply to a request; called from many threads.
    """

    def __init__(self, answer: Callable[[Request], Reply]) -> None:
        self._answer = answer
        self._lock = Lock()
        self._open: set[socket.socket] = set()
        self._threads: list[Thread] = []
        self._stopped = Event()

    def __enter__(self) -> Self:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._socket.getsockname()[1]
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        for thread in list(self._threads):
            thread.join()

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        number = 0
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            number += 1
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._open.add(connection)
                if self._stopped.is_set():
                    connection.close()
                    return
            self._threads = [thread for thread in self._threads if thread.is_alive()]
            self._start(self._serve, connection, number)

    def _serve(self, connection: socket.socket, number: int) -> None:
        try:
            for request in _Reader(connection, number).iter_requests():
                reply = self._answer(request)
                if reply.delay:
                    self._stopped.wait(reply.delay)
                wishes = (request.header("connection") or "").lower()
                connection.sendall(reply.text(bodiless=request.method == "HEAD"))
                if reply.closes or wishes == "close":
                    break
            connection.shutdown(socket.SHUT_WR)
        except _Unreadable as problem:
            with suppress(OSError):
                connection.sendall(Reply(status=problem.args[0], closes=True).text())
        except OSError:
            pass
        finally:
            with self._lock:
                self._open.discard(connection)
            connection.close()


class _Reader:
    """Reads requests from a connection."""

    def __init__(self, connection: socket.socket, number: int) -> None:
        self._connection = connection
        self._number = number
        self._rest = bytearray()

    def iter_requests(self) -> Iterator[Request]:
        """The requests, to the end of the connection."""
        position = 0
        while (head := self._take_until(b"\r\n\r\n")) is not None:
            position += 1
            first, *lines = head.lstrip(b"\r\n").decode("latin-1").split("\r\n")
            words = first.split(" ")
            if len(words) != 3 or not words[2].startswith("HTTP/1."):
                raise _Unreadable(400)
            headers = tuple(_header(line) for line in lines)
            request = Request(
                method=words[0],
                target=words[1],
                headers=headers,
                body=b"",
                connection=self._number,
                position=position,
            )
            yield self._with_body(request)

    def _with_body(self, request: Request) -> Request:
        length, coding = request.header("content-length"), request.header("transfer-encoding")
        if (request.header("expect") or "").lower() == "100-continue" and not self._rest:
            self._connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        if coding is not None:
            if coding.strip().lower() != "chunked" or length is not None:
                raise _Unreadable(400)
            body = self._take_chunks()
        elif length is not None:
            if not (length.isascii() and length.isdigit() and len(length) <= _LARGEST_LENGTH):
                raise _Unreadable(400)
            body = self._take(int(length))
        else:
            return request
        return Request(
            method=request.method,
            target=request.target,
            headers=request.headers,
            body=body,
            connection=request.connection,
            position=request.position,
        )

    def _more(self) -> bool:
        data = self._connection.recv(_PIECE)
        self._rest += data
        return bool(data)

    def _take_until(self, mark: bytes) -> bytes | None:
        seen = 0
        while (end := self._rest.find(mark, seen)) < 0:
            seen = max(len(self._rest) - len(mark), 0)
            if len(self._rest) > MOST_HEAD:
                raise _Unreadable(400)
            if not self._more():
                return None
        found = bytes(self._rest[:end])
        del self._rest[: end + len(mark)]
        return found

    def _take(self, size: int) -> bytes:
        if size > MOST_BODY:
            raise _Unreadable(413)
        while len(self._rest) < size:
            if not self._more():
                raise _Unreadable(400)
        found = bytes(self._rest[:size])
        del self._rest[:size]
        return found

    def _take_chunks(self) -> bytes:
        body = b""
        while True:
            line = self._take_until(b"\r\n")
            try:
                size = int((line or b"").partition(b";")[0], 16)
            except ValueError:
                raise _Unreadable(400) from None
            if size < 0 or len(body) + size > MOST_BODY:
                raise _Unreadable(413)
            body += self._take(size)
            if size:
                self._take(2)
                continue
            while self._take_until(b"\r\n"):
                pass
            return body


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not name.strip():
        raise _Unreadable(400)
    return name, value.strip()
