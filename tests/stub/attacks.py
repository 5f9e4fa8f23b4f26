"""What hostile and broken clients write on a connection."""

from __future__ import annotations

import json
import socket
import struct
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from altcraft_contract.stub import ENDPOINT_PATH
from tests.stub.fakes import CONTENT_TYPES, PATIENCE, body_of, order

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    from altcraft_contract.contract import Syntax

_RESET: Final = struct.pack("ii", 1, 0)  # SO_LINGER: closing resets the connection
_PATH: Final = ENDPOINT_PATH.encode()
_KEY: Final = b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13"
MANY: Final = 100
LARGE: Final = 10 * 2**20
DENSE: Final = 300_000


def head(*lines: bytes, first: bytes = b"POST " + _PATH + b" HTTP/1.1", syntax: Syntax = "json") -> bytes:
    """The head of a request for the endpoint."""
    content_type = b"Content-Type: " + CONTENT_TYPES[syntax].encode()
    return b"\r\n".join([first, b"Host: localhost", content_type, *lines, b"", b""])


def request(body: bytes, *lines: bytes, syntax: Syntax = "json") -> bytes:
    """A whole request for the endpoint."""
    return head(b"Content-Length: " + str(len(body)).encode(), *lines, syntax=syntax) + body


def _chunked(*chunks: bytes) -> bytes:
    return head(b"Transfer-Encoding: chunked") + b"".join(chunks)


def _order(random: Random) -> bytes:
    return body_of(order(f"order_{random.randrange(1_000)}"))


def _deep_json(random: Random) -> bytes:
    depth = random.choice([200, 10_000, 300_000])
    return request(b"[" * depth + b"]" * depth)


def _deep_xml(random: Random) -> bytes:
    depth = random.choice([200, 10_000, 100_000])
    return request(b"<a>" * depth + b"</a>" * depth, syntax="xml")


def _laughs(_: Random) -> bytes:
    entities = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 20))
    return request(b'<!DOCTYPE xml [<!ENTITY a0 "ha">' + entities + b"]><xml>&a19;</xml>", syntax="xml")


def _outside(_: Random) -> bytes:
    return request(
        b'<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]><xml><token>&x;</token></xml>', syntax="xml"
    )


def _noise(random: Random) -> bytes:
    return random.randbytes(random.randrange(1, 5_000))


def _noisy_body(random: Random) -> bytes:
    return request(_noise(random), syntax=random.choice(["json", "xml"]))


def _noisy_head(random: Random) -> bytes:
    """A sound request with some bytes of its head changed."""
    data = bytearray(request(_order(random)))
    for _ in range(random.randrange(1, 6)):
        data[random.randrange(200)] = random.randrange(256)
    return bytes(data)


def _half(random: Random) -> bytes:
    whole = request(_order(random))
    return whole[: random.randrange(len(whole))]


def _many_findings(random: Random) -> bytes:
    return request(json.dumps({f"m{n}": random.random() for n in range(5_000)}).encode())


ATTACKS: Final[Mapping[str, tuple[Callable[[Random], bytes], frozenset[int] | None]]] = {
    name: (make, frozenset(statuses) if statuses is not None else None)
    for name, make, statuses in (
        ("nothing", lambda _: b"", {408}),
        ("one letter", lambda _: b"P", {408}),
        ("empty lines", lambda _: b"\r\n" * 50, {408}),
        ("empty lines without end", lambda _: b"\r\n" * 50_000, {431, 408}),
        ("half a head", lambda _: head()[:-4], {408}),
        ("half a body", lambda _: head(b"Content-Length: 100") + b"{", {408}),
        ("half a chunk", lambda _: _chunked(b"ff\r\n{"), {408}),
        ("half of anything", _half, {408}),
        ("less than declared", lambda r: head(b"Content-Length: 9999") + _order(r), {408}),
        ("more than declared", lambda r: head(b"Content-Length: 10") + _order(r), {200, 400}),
        ("a body without a length", lambda r: head() + _order(r), {200, 400}),
        ("a huge header", lambda _: head(b"X: " + b"x" * 300_000), {431}),
        ("a huge head that ends soon", lambda _: head(b"X: " + b"x" * 66_000), {431}),
        ("a large head within bounds", lambda r: request(_order(r), b"X: " + b"x" * 60_000), {200}),
        ("a huge URL", lambda _: head(first=b"POST /" + b"x" * 300_000 + b" HTTP/1.1"), {431}),
        ("a huge method", lambda _: b"X" * 300_000, {400}),
        ("thousands of headers", lambda _: head(*(b"x%d: y" % n for n in range(20_000))), {431}),
        ("thousands of short headers", lambda r: request(_order(r), *(b"x: y" for _ in range(5_000))), {431}),
        ("as many headers as may be", lambda r: request(_order(r), *(b"x: y" for _ in range(250))), {200}),
        ("a head of 8-bit bytes", lambda r: request(_order(r), b"X: " + bytes(range(128, 256))), {200}),
        ("NUL in a header", lambda r: request(_order(r), b"X: a\0b"), {400}),
        ("NUL in the URL", lambda _: head(first=b"POST /\0 HTTP/1.1"), {400}),
        ("8-bit bytes in the URL", lambda _: head(first=b"POST /\xff\xfe HTTP/1.1"), {400, 404, 408}),
        ("a broken escape in the URL", lambda _: request(b"").replace(_PATH, b"/%zz%"), {404}),
        ("a header without a name", lambda _: head(b": x"), {400}),
        ("a header without a colon", lambda _: head(b"x"), {400}),
        ("a folded header", lambda r: request(_order(r), b"X: a\r\n b"), {200, 400}),
        ("bare line feeds", lambda r: request(_order(r)).replace(b"\r\n", b"\n"), {200, 400}),
        ("bare carriage returns", lambda r: request(_order(r)).replace(b"\r\n", b"\r"), {400}),
        ("two lengths", lambda r: request(_order(r), b"Content-Length: 3"), {400}),
        ("a negative length", lambda _: head(b"Content-Length: -1"), {400}),
        ("a length that is no number", lambda _: head(b"Content-Length: ten"), {400}),
        ("a length beyond all numbers", lambda _: head(b"Content-Length: " + b"9" * 40), {400}),
        ("a length beyond the limit", lambda _: head(b"Content-Length: 9999999999") + b"{", {408, 413}),
        ("length and chunks", lambda r: request(_order(r), b"Transfer-Encoding: chunked"), {400}),
        ("an unknown transfer coding", lambda _: head(b"Transfer-Encoding: gzip"), {400, 408}),
        ("chunks twice", lambda _: head(b"Transfer-Encoding: chunked, chunked") + b"0\r\n\r\n", {200, 400}),
        ("a chunk size that is no number", lambda _: _chunked(b"xyz\r\n"), {400}),
        ("a negative chunk", lambda _: _chunked(b"-1\r\n"), {400}),
        ("a chunk beyond all numbers", lambda _: _chunked(b"f" * 40 + b"\r\n"), {400}),
        ("a chunk without an end", lambda _: _chunked(b"1\r\n{{{{"), {400}),
        ("a chunk extension without end", lambda _: _chunked(b"1;" + b"x" * 300_000), {431}),
        ("trailers", lambda _: _chunked(b"2\r\n{}\r\n0\r\nX: y\r\n\r\n"), {200}),
        ("trailers without end", lambda _: _chunked(b"2\r\n{}\r\n0\r\n", b"X: y\r\n" * 50_000), {431}),
        ("one byte in each chunk", lambda r: _chunked(*(b"1\r\n%c\r\n" % c for c in _order(r)), b"0\r\n\r\n"), {200}),
        ("an absolute URL", lambda r: request(_order(r)).replace(_PATH, b"http://other.example" + _PATH), {200}),
        ("an absolute URL without a path", lambda r: request(_order(r)).replace(_PATH, b"http://other"), {400, 404}),
        ("an asterisk", lambda _: head(first=b"OPTIONS * HTTP/1.1"), {400, 404, 405}),
        ("CONNECT", lambda _: head(first=b"CONNECT other.example:443 HTTP/1.1"), {400, 404, 405}),
        ("an unknown method", lambda _: head(first=b"FETCH / HTTP/1.1"), {400}),
        ("HTTP/0.9", lambda _: b"GET /\r\n\r\n", {400, 404}),
        ("HTTP/1.0", lambda r: request(_order(r)).replace(b"HTTP/1.1", b"HTTP/1.0"), {200}),
        ("HTTP/1.2", lambda r: request(_order(r)).replace(b"HTTP/1.1", b"HTTP/1.2"), {200, 400}),
        ("HTTP/9.9", lambda r: request(_order(r)).replace(b"HTTP/1.1", b"HTTP/9.9"), {400}),
        ("the preface of HTTP/2", lambda _: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0" * 9, {400}),
        (
            "an offer of HTTP/2",
            lambda r: request(_order(r), b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c"),
            {200},
        ),
        (
            "a WebSocket",
            lambda _: head(b"Connection: Upgrade\r\nUpgrade: websocket", _KEY, first=b"GET / HTTP/1.1"),
            {404},
        ),
        ("a hello of TLS", lambda _: bytes.fromhex("16030102000100fc0303") + b"\0" * 200, {400}),
        ("no host", lambda r: request(_order(r)).replace(b"Host: localhost\r\n", b""), {200}),
        ("another expectation", lambda r: request(_order(r), b"Expect: 42"), {200}),
        ("a pipeline", lambda r: request(_order(r)) * MANY, {200}),
        ("a pipeline of anything", lambda r: request(_order(r)) * 3 + _noise(r), {200, 400, 408}),
        ("a pipeline with a cut", lambda r: request(_order(r), b"Prefer: scenario=connection-reset") * 3, None),
        (
            "a pipeline behind a slow answer",
            lambda r: request(_order(r), b"Prefer: scenario=slow, wait=0.01") * 3,
            {200},
        ),
        ("a pipeline behind the last", lambda r: request(_order(r), b"Connection: close") + request(_order(r)), {200}),
        ("deep JSON", _deep_json, {200}),
        ("deep XML", _deep_xml, {200}),
        ("entities in entities", _laughs, {200}),
        ("an entity from a file", _outside, {200}),
        ("a body of any bytes", _noisy_body, {200}),
        ("any bytes", _noise, {400, 408}),
        ("a head of some other bytes", _noisy_head, None),
        ("thousands of findings", _many_findings, {200}),
        ("a preference of quotes", lambda r: request(_order(r), b"Prefer: " + b'a="' * 15_000), {200}),
        (
            "a control call that is cut",
            lambda _: head(b"Content-Length: 50", first=b"POST /__altcraft__/scenario HTTP/1.1") + b"{",
            {408},
        ),
    )
}
"""Name to what is written, and the statuses that may be answered to whoever waits; None is anything."""

LARGE_ATTACKS: Final[Mapping[str, Callable[[Random], bytes]]] = {
    "10 MB of blanks": lambda _: request(b" " * LARGE),
    "10 MB of any bytes": lambda random: request(random.randbytes(LARGE), syntax=random.choice(["json", "xml"])),
    "10 MB of brackets": lambda _: request(b"[" * LARGE),
    "many small elements": lambda _: request(b"<xml>" + b"<a/>" * DENSE + b"</xml>", syntax="xml"),
    "many small members": lambda _: request(b'{"a":[' + b"1," * DENSE + b"1]}"),
}


def connect(port: int) -> socket.socket:
    """A connection to a port of this machine."""
    return socket.create_connection(("127.0.0.1", port), PATIENCE)


def write(connection: socket.socket, data: bytes) -> None:
    """Write as much as the other side takes in; it may have had enough before."""
    with suppress(OSError):
        connection.sendall(data)


def read(connection: socket.socket) -> bytes:
    """All that comes until the other side closes the connection, or resets it."""
    parts = []
    with suppress(ConnectionError):
        while part := connection.recv(65_536):
            parts.append(part)
    return b"".join(parts)


def wait(connection: socket.socket, data: bytes, _: Random) -> None:
    """Write all, and wait for the beginning of whatever comes."""
    write(connection, data)
    with suppress(ConnectionError):
        connection.recv(1)


def leave(connection: socket.socket, data: bytes, _: Random) -> None:
    """Write all, and go."""
    write(connection, data)


def leave_early(connection: socket.socket, data: bytes, random: Random) -> None:
    """Write a part, and go."""
    write(connection, data[: random.randrange(len(data) + 1)])


def break_off(connection: socket.socket, data: bytes, random: Random) -> None:
    """Write a part, and reset the connection."""
    write(connection, data[: random.randrange(len(data) + 1)])
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)


def fall_silent(connection: socket.socket, data: bytes, random: Random) -> None:
    """Write a part, say that nothing more comes, and wait for whatever comes."""
    write(connection, data[: random.randrange(len(data) + 1)])
    try:
        connection.shutdown(socket.SHUT_WR)
    except OSError:
        return
    read(connection)


def dribble(connection: socket.socket, data: bytes, random: Random) -> None:
    """Write the beginning in many small pieces, and go."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for start in range(0, min(len(data), 2_000), 50):
        write(connection, data[start : start + random.randrange(1, 51)])


MANNERS: Final = (leave, leave_early, break_off, fall_silent, dribble)
"""Ways to have a connection end that do not wait for the patience of the server."""
