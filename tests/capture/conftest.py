"""A real server on loopback, whose behaviour the first segment of the path chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from altcraft_contract.capture import CapturedCall, CapturedResponse

import gzip
import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

PATH = "/api/v1.1/market/orders/preorder_commit"
ANSWER = b'{"error": 0, "error_text": ""}'


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self._body()
        self.server.received.append(body)
        getattr(self, f"_{self.path.split('/')[1] if '://' not in self.path else 'ok'}", self._ok)()

    def log_message(self, *args: Any) -> None:
        """Say nothing."""

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _answer(self, status: int, headers: Iterable[tuple[str, str]] = (), body: bytes = ANSWER) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _ok(self) -> None:
        self._answer(200)

    def _failing(self) -> None:
        self._answer(500)

    def _gzip(self) -> None:
        self._answer(200, [("Content-Encoding", "gzip")], gzip.compress(ANSWER))

    def _moved(self) -> None:
        self._answer(307, [("Location", f"/ok{PATH}")], b"moved")

    def _busy(self) -> None:
        self._answer(503 if len(self.server.received) % 2 else 200)

    def _digest(self) -> None:
        if "Authorization" in self.headers:
            self._answer(200)
        else:
            nonce = hashlib.sha256(b"nonce").hexdigest()
            self._answer(401, [("WWW-Authenticate", f'Digest realm="r", nonce="{nonce}", qop="auth"')])

    def _chunked(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in (ANSWER[:5], ANSWER[5:], b""):
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))

    def _silent(self) -> None:
        self.server.release.wait(30)
        self.close_connection = True

    def _cut(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"only this")
        self.close_connection = True


class Server(ThreadingHTTPServer):
    """What it received, and an event on which `silent` calls wait."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.received: list[bytes] = []
        self.release = threading.Event()
        self.scheme = "http"

    def url(self, behaviour: str = "ok") -> str:
        """The endpoint below *behaviour*."""
        return f"{self.scheme}://127.0.0.1:{self.server_port}/{behaviour}{PATH}"


def answered(call: CapturedCall) -> CapturedResponse:
    """The response of a call that has one."""
    assert call.response is not None
    return call.response


@pytest.fixture
def server() -> Iterator[Server]:
    """A server for one test."""
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.release.set()
    server.shutdown()
    thread.join()
    server.server_close()
