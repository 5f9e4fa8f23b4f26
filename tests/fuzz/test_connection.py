"""One connection of a campaign: what it writes, what it takes in, and that no target breaks or holds it."""

from __future__ import annotations

import socket
import ssl
import time
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.endpoint import ENDPOINT_PATH
from altcraft_contract.errors import UnreadableFile
from altcraft_contract.fuzz import connection as connection_module
from altcraft_contract.fuzz.answer_reader import AnswerReader, Broken
from altcraft_contract.fuzz.case import Case
from altcraft_contract.fuzz.connection import Connection, ConnectionSettings
from altcraft_contract.fuzz.wire import Wire
from altcraft_contract.target.address import Target as Address
from altcraft_contract.target.address import parse_target
from tests.fuzz.hostile import ELSEWHERE, FRIENDLY, HOSTILE, PAGE, hostile_server
from tests.stub.proxy_targets import ENVELOPE, PATIENCE, Received, Target, answer_of

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from altcraft_contract.fuzz.case import Credentials, Framing
    from altcraft_contract.fuzz.exchange import Answer

TOKEN: Final = "a-token-that-nobody-may-see"  # noqa: S105 - of no service
BODY: Final = b'{"skip_triggers": true, "token": "a-token-that-nobody-may-see"}'
SHORT: Final = 0.3  # seconds for one exchange with a target that does not come to an end
LARGE: Final = b" " * 20_000_000
LIMIT: Final = 8 * 2**20
FRAMINGS: Final[tuple[Framing, ...]] = ("length", "chunked", "pieces", "bytewise", "expect-continue")

# Fault, status and length of the body of the first answer. Who is not listed gives a whole envelope at first.
FIRST: Final[dict[str, tuple[str | None, int | None, int]]] = {
    "dies": ("closed", None, 0),
    "dies within the head": ("truncated", None, 0),
    "dies within the body": ("truncated", 200, 9),
    "dies within a chunk": ("truncated", 200, 5),
    "resets": ("reset", None, 0),
    "hangs": ("timeout", None, 0),
    "hangs within the head": ("timeout", None, 0),
    "hangs within the body": ("timeout", 200, 9),
    "hangs without a length": ("timeout", 200, len(ENVELOPE)),
    "reads nothing": ("timeout", None, 0),
    "drips its head": ("timeout", None, 0),
    "drips interim answers": ("timeout", None, 0),
    "streams forever": ("too-large", 200, LIMIT),
    "streams forever without a length": ("too-large", 200, LIMIT),
    "answers with 100 MB": ("too-large", 200, LIMIT),
    "sends endless headers": ("too-large", None, 0),
    "sends an endless header": ("too-large", None, 0),
    "sends endless trailers": ("too-large", 200, 0),
    "sends an endless size of a chunk": ("too-large", 200, 0),
    "sends endless interim answers": ("too-large", None, 0),
    "sends endless blank lines": ("garbage", None, 0),
    "writes garbage": ("garbage", None, 0),
    "writes garbage at once": ("garbage", None, 0),
    "writes a TLS alert": ("garbage", None, 0),
    "writes HTTP/2": ("garbage", None, 0),
    "writes a status below 100": ("garbage", None, 0),
    "ends its lines with line feeds": ("garbage", None, 0),
    "writes a header without a name": ("garbage", 200, 0),
    "writes NUL in a header": ("garbage", 200, 0),
    "writes two lengths": ("garbage", 200, 0),
    "writes a length and chunks": ("garbage", 200, 0),
    "writes a length beyond all numbers": ("garbage", 200, 0),
    "writes bad chunks": ("garbage", 200, 0),
    "writes chunks of a wrong size": ("garbage", 200, 9),
    "writes more after the answer": ("garbage", 200, len(ENVELOPE)),
    "writes a blank line after the answer": ("garbage", 200, len(ENVELOPE)),
    "writes more after its chunks": ("garbage", 200, len(ENVELOPE)),
    "writes two answers": ("garbage", 200, len(ENVELOPE)),
    "writes too small a length": ("garbage", 200, 9),
    "writes too large a length": ("truncated", 200, len(ENVELOPE)),
    "writes a body where none may be": ("garbage", 204, 0),
    "compresses badly": ("garbage", 200, len(ENVELOPE)),
    "switches protocols": ("garbage", 101, 0),
    "answers with HTML": (None, 200, len(PAGE)),
    "answers with HTTP 502": (None, 502, len(PAGE)),
    "answers with nothing": (None, 200, 0),
    "redirects": (None, 302, 0),
    "answers early": (None, 413, len(PAGE)),
    "answers early and closes": (None, 413, len(PAGE)),
}
# Here the length of what came depends on how fast it comes, or on the compressor.
LOOSE: Final = {
    "closes at once": ({"reset", "closed", "refused-connection"}, None),
    "resets at once": ({"reset", "closed", "refused-connection"}, None),
    "resets within the body": ({"reset"}, 200),
    "drips": ({"timeout"}, 200),
    "sends a bomb": ({"too-large"}, 200),
    "cuts what it compresses": ({"garbage"}, 200),
}


def _case(**settings: Any) -> Case:
    return Case(title="a case", syntax=settings.pop("syntax", "json"), body=BODY, **settings)


def _connection(url: str, *, timeout: float = PATIENCE, **settings: Any) -> Connection:
    return Connection(parse_target(url), ConnectionSettings(timeout=timeout, **settings))


def _sent(case: Case, body: bytes = BODY, **settings: Any) -> tuple[Answer, Received]:
    """A case on its way to a server that answers well: the answer, and what the server received."""
    with Target() as target, _connection(target.url) as connection:
        answer = connection.send(case, body, TOKEN, **settings)
    return answer, target.received[0]


def _wait_until_readable(connection: Connection) -> None:
    assert connection._wire is not None
    assert connection._wire.wait(PATIENCE)[0]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """All that is written to wires, piece by piece."""
    pieces: list[bytes] = []
    write = Wire.write

    def note(wire: Wire, data: bytes | memoryview) -> int:
        size = write(wire, data)
        pieces.append(bytes(data[:size]))
        return size

    monkeypatch.setattr(Wire, "write", note)
    return pieces


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """HTTP 100 is hardly waited for."""
    monkeypatch.setattr(connection_module, "_PATIENCE", 0.05)


def test_the_plain_case_is_the_documented_call() -> None:
    """A plain case is a POST to the endpoint with the media type of its syntax and no token in the head."""
    answer, received = _sent(_case(syntax="xml"))
    assert received.head.line == f"POST {ENDPOINT_PATH} HTTP/1.1".encode()
    assert dict(received.head.headers)[b"content-type"] == b"application/xml"
    assert [name for name, _ in received.head.headers] == [
        b"host",
        b"user-agent",
        b"accept",
        b"content-type",
        b"content-length",
    ]
    assert (received.body, answer.status, answer.body, answer.fault) == (BODY, 200, ENVELOPE, None)
    assert (answer.header("content-type"), answer.is_reused) == ("application/json", False)
    assert 0 < answer.seconds < PATIENCE


def test_a_target_may_stand_below_a_path() -> None:
    """What stands before the path of the endpoint is kept, and the path itself may be another."""
    with Target() as target, _connection(f"{target.url}/gateway/") as connection:
        connection.send(_case(), BODY, TOKEN)
        connection.send(_case(), BODY, TOKEN, path=b"/another")
    lines = [received.head.line for received in target.received]
    assert lines == [f"POST /gateway{ENDPOINT_PATH} HTTP/1.1".encode(), b"POST /gateway/another HTTP/1.1"]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("framing", FRAMINGS)
@pytest.mark.parametrize("body", [b"", b"{", BODY, LARGE[:1_000_000]], ids=["empty", "byte", "plain", "large"])
def test_each_framing_brings_the_same_body(framing: Framing, body: bytes) -> None:
    """However a body is put on the wire, it arrives as it is, and the connection serves the next case."""
    case = _case(framing=framing)
    with Target() as target, _connection(target.url) as connection:
        answers = [connection.send(case, body, TOKEN) for _ in range(2)]
    assert [answer.fault for answer in answers] == [None, None]
    assert [answer.is_reused for answer in answers] == [False, True]
    assert [(received.body, received.is_whole) for received in target.received] == [(body, True)] * 2
    names = {name for name, _ in target.received[0].head.headers}
    assert ({b"transfer-encoding"} if framing == "chunked" else {b"content-length"}) <= names
    assert len(names & {b"transfer-encoding", b"content-length"}) == 1
    assert (b"expect" in names) == (framing == "expect-continue" and body != b"")


@pytest.mark.usefixtures("impatient")
def test_framings_differ_in_what_is_written_at_once(written: list[bytes]) -> None:
    """A plain case is one write; the others come in the pieces that they are named after."""
    pieces: dict[Framing, list[bytes]] = {}
    with Target() as target, _connection(target.url) as connection:
        for framing in FRAMINGS:
            assert connection.send(_case(framing=framing), BODY, TOKEN).fault is None
            pieces[framing] = list(written)
            written.clear()
    head = len(pieces["bytewise"]) - 1
    assert {framing: len(parts) for framing, parts in pieces.items()} == {
        "length": 1,
        "chunked": 1,
        "pieces": 4,
        "bytewise": head + 1,
        "expect-continue": 2,
    }
    assert {len(part) for part in pieces["bytewise"][:head]} == {1}
    assert b"".join(pieces["pieces"]) == b"".join(pieces["bytewise"]) == pieces["length"][0]
    assert pieces["chunked"][0].count(b"\r\n", pieces["chunked"][0].index(b"\r\n\r\n") + 4) == 8


@pytest.mark.parametrize(
    ("credentials", "expected"),
    [
        ("body", None),
        ("none", None),
        ("header", f"Bearer {TOKEN}".encode()),
        ("wrong-header", f"Bearer {TOKEN[::-1]}x".encode()),
    ],
)
def test_the_token_stands_where_the_case_wants_it(credentials: Credentials, expected: bytes | None) -> None:
    """Only cases with credentials in the head have an `Authorization`, and a wrong one holds no token."""
    _, received = _sent(_case(credentials=credentials))
    assert received.head.get(b"authorization") == expected


def test_headers_of_a_case_are_sent_as_they_stand() -> None:
    """Headers of a case come in their order, twice if they stand there twice, and take the place of our own."""
    headers = (("X-One", "1"), ("Accept", "application/xml"), ("X-One", "é"))
    _, received = _sent(_case(headers=headers, content_type=None))
    names = [name for name, _ in received.head.headers]
    assert [value for name, value in received.head.headers if name == b"x-one"] == [b"1", "é".encode()]
    assert [value for name, value in received.head.headers if name == b"accept"] == [b"application/xml"]
    assert b"content-type" not in names


def test_other_methods_get_their_answers() -> None:
    """What answers `HEAD` has no body, and a method without a body declares none."""
    bodiless = answer_of().removesuffix(ENVELOPE)
    with Target(answer=bodiless) as target, _connection(target.url) as connection:
        answers = [connection.send(_case(method="HEAD"), b"", TOKEN) for _ in range(2)]
    assert [(answer.status, answer.body, answer.fault) for answer in answers] == [(200, b"", None)] * 2
    assert answers[1].is_reused
    assert target.received[0].head.get(b"content-length") is None


def test_a_case_may_have_its_own_connection() -> None:
    """Such a case says that it closes, and neither takes over a connection nor leaves one."""
    with Target() as target, _connection(target.url) as connection:
        cases = (_case(), _case(own_connection=True), _case(), _case())
        answers = [connection.send(case, BODY, TOKEN) for case in cases]
    assert [answer.is_reused for answer in answers] == [False, False, False, True]
    closing = [received.head.get(b"connection") for received in target.received]
    assert closing == [None, b"close", None, None]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("name", FRIENDLY)
def test_each_right_way_of_answering_is_understood(name: str) -> None:
    """One envelope in all forms of HTTP/1 is one body, twice in a row."""
    case = _case(framing="expect-continue")
    with hostile_server(name) as url, _connection(url) as connection:
        answers = [connection.send(case, BODY, TOKEN) for _ in range(2)]
    assert [(answer.status, answer.body, answer.fault, answer.detail) for answer in answers] == (
        [(200, ENVELOPE, None, "")] * 2
    )
    assert answers[1].is_reused == (name not in {"HTTP/1.0", "to the end", "closing"})


def test_a_body_waits_for_http_100(written: list[bytes]) -> None:
    """Who is told to continue does so at once; who gets a final answer instead keeps the body."""
    case = _case(framing="expect-continue")
    with hostile_server("continuing") as url, _connection(url) as connection:
        assert connection.send(case, BODY, TOKEN).seconds < connection_module._PATIENCE
    assert written[1:] == [BODY]
    written.clear()
    with hostile_server("answers early") as url, _connection(url) as connection:
        answers = [connection.send(case, BODY, TOKEN) for _ in range(2)]
    assert [(answer.status, answer.fault, answer.is_reused) for answer in answers] == [(413, None, False)] * 2
    assert len(written) == 2


@pytest.mark.parametrize("name", HOSTILE)
def test_no_target_breaks_or_holds_a_connection(name: str) -> None:
    """Whatever a target does, its answer comes by the deadline, says what went wrong, and keeps what came."""
    body = LARGE if "early" in name else BODY
    fault, status, size = FIRST.get(name, (None, 200, len(ENVELOPE)))
    faults, status = LOOSE.get(name, ({fault}, status))
    timeout = SHORT if "timeout" in faults else PATIENCE
    begun = time.monotonic()
    with hostile_server(name) as url, _connection(url, timeout=timeout) as connection:
        answer = connection.send(_case(), body, TOKEN)
        connection.close()
    assert time.monotonic() - begun < PATIENCE
    assert (answer.fault in faults, answer.status) == (True, status), answer
    assert name in LOOSE or len(answer.body) == size
    assert bool(answer.detail) == (answer.fault is not None)
    assert TOKEN not in answer.detail


@pytest.mark.parametrize("name", ["dies on the second request", "resets on the second request"])
def test_a_connection_that_ends_when_it_is_used_again_is_told_of(name: str) -> None:
    """The fault says that the connection was closed and had been used, so that the case can be sent again."""
    with hostile_server(name) as url, _connection(url) as connection:
        answers = [connection.send(_case(), BODY, TOKEN) for _ in range(3)]
    assert [(answer.fault, answer.is_reused) for answer in answers] == [(None, False), ("closed", True), (None, False)]


def test_a_connection_that_was_closed_meanwhile_is_replaced() -> None:
    """A server may close a connection between two requests without having said so."""
    with hostile_server("closes without saying so") as url, _connection(url) as connection:
        for _ in range(3):
            answer = connection.send(_case(), BODY, TOKEN)
            assert (answer.fault, answer.detail, answer.is_reused) == (None, "", False)
            _wait_until_readable(connection)


def test_bytes_that_come_later_are_told_of_by_the_next_answer() -> None:
    """Bytes that nobody asked for end the connection, and are not taken for the next answer."""
    with hostile_server("writes more after the answer, later") as url, _connection(url) as connection:
        assert connection.send(_case(), BODY, TOKEN).detail == ""
        _wait_until_readable(connection)
        answer = connection.send(_case(), BODY, TOKEN)
    assert (answer.fault, answer.body, answer.is_reused) == (None, ENVELOPE, False)
    assert answer.surplus == 17


@pytest.mark.parametrize(
    ("name", "detail"),
    [
        ("hangs", "the answer was not whole within 0.3 s: nothing came"),
        ("hangs within the body", "the answer was not whole within 0.3 s: 9 of 112 bytes of its body came"),
        ("writes more after the answer", "17 bytes after the end of the answer"),
        ("writes a TLS alert", "it does not begin with HTTP/; is it a service for https:// URLs?"),
        ("writes two lengths", "the head of the answer cannot be read: duplicate Content-Length"),
        ("answers with 100 MB", "the body of the answer is larger than 8 MiB"),
        ("cuts what it compresses", "the gzip of the body is cut"),
    ],
)
def test_details_say_what_happened(name: str, detail: str) -> None:
    """The words about a fault tell what came and what was expected."""
    with hostile_server(name) as url, _connection(url, timeout=SHORT) as connection:
        assert connection.send(_case(), BODY, TOKEN).detail.endswith(detail)


def test_a_request_that_is_not_taken_in_ends_by_the_deadline() -> None:
    """Who never reads a large body cannot hold the connection."""
    with hostile_server("reads nothing") as url, _connection(url, timeout=SHORT) as connection:
        answer = connection.send(_case(), LARGE, TOKEN)
    assert answer.fault == "timeout"
    assert answer.detail.startswith("the request was not taken in within 0.3 s")
    assert answer.seconds < 10 * SHORT


@pytest.mark.parametrize("framing", FRAMINGS)
def test_an_early_answer_ends_a_large_upload(framing: Framing) -> None:
    """An answer that comes before the body has been taken in is taken, and the connection given up."""
    with hostile_server("answers early") as url, _connection(url) as connection:
        answers = [connection.send(_case(framing=framing), LARGE, TOKEN) for _ in range(2)]
    assert [(answer.status, answer.fault, answer.is_reused) for answer in answers] == [(413, None, False)] * 2


def test_redirects_are_not_followed() -> None:
    """A redirect is an answer like any other, wherever it points to."""
    with hostile_server("redirects") as url, _connection(url) as connection:
        answers = [connection.send(_case(), BODY, TOKEN) for _ in range(2)]
    assert [(answer.status, answer.header("location"), answer.fault) for answer in answers] == (
        [(302, ELSEWHERE, None)] * 2
    )
    assert answers[1].is_reused


def test_the_limit_of_the_body_is_exact() -> None:
    """A body as large as it may be is whole, and one byte more is cut off."""
    size = len(ENVELOPE)
    with Target() as target:
        with _connection(target.url, most_bytes=size) as connection:
            assert connection.send(_case(), BODY, TOKEN).fault is None
        with _connection(target.url, most_bytes=size - 1) as connection:
            answer = connection.send(_case(), BODY, TOKEN)
    assert (answer.fault, answer.body) == ("too-large", ENVELOPE[:-1])


def test_nobody_listens() -> None:
    """Without a server each case gets its answer, and the next one tries again."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with _connection(f"http://127.0.0.1:{port}") as connection:
        answers = [connection.send(_case(), BODY, TOKEN) for _ in range(2)]
    assert {(answer.fault, answer.detail) for answer in answers} == {
        ("refused-connection", "no connection: connection refused; is the service running?")
    }


def test_a_host_without_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that cannot be found, or be one at all, is a refused connection."""

    def find(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with Connection(Address("http", "a" * 64 + ".invalid", 80), ConnectionSettings()) as connection:
        answers = [connection.send(_case(), BODY, TOKEN)]
        monkeypatch.setattr(socket, "getaddrinfo", find)
        answers.append(connection.send(_case(), BODY, TOKEN))
    assert [(answer.fault, answer.detail) for answer in answers] == (
        [("refused-connection", "no connection: no such host")] * 2
    )


def test_a_name_may_have_several_addresses() -> None:
    """Of the addresses of a name the one that answers is taken."""
    with hostile_server("plain") as url, _connection(url.replace("127.0.0.1", "localhost")) as connection:
        assert connection.send(_case(), BODY, TOKEN).body == ENVELOPE


def test_ipv6() -> None:
    """A target may be an address of IPv6."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6")
    with hostile_server("plain", host="::1") as url, _connection(url) as connection:
        assert connection.send(_case(), BODY, TOKEN).body == ENVELOPE


def test_a_connection_that_is_reset_as_soon_as_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that stood is not one that was refused, however soon it is reset."""

    class Gone(socket.socket):
        def getpeername(self) -> object:
            raise OSError(107, "not connected")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        monkeypatch.setattr(socket, "socket", Gone)
        with _connection(f"http://127.0.0.1:{listening.getsockname()[1]}") as connection:
            answer = connection.send(_case(), BODY, TOKEN)

    assert (answer.fault, answer.status) == ("reset", None)


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Orders go to the target and nowhere else."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    answer, _ = _sent(_case())
    assert answer.body == ENVELOPE


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Issues certificates that nobody trusts unless told to."""
    return trustme.CA()


@pytest.fixture(scope="module")
def tls(authority: trustme.CA) -> ssl.SSLContext:
    """For a server of this machine."""
    return _server_context(authority, "127.0.0.1")


def _server_context(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> str:
    """The certificate of the authority."""
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return str(path)


@pytest.mark.parametrize(
    ("framing", "name"),
    [
        ("length", "chunked"),
        ("chunked", "chunked"),
        ("pieces", "gzip"),
        ("bytewise", "interim"),
        ("expect-continue", "continuing"),
    ],
)
def test_tls(framing: Framing, name: str, tls: ssl.SSLContext, ca_file: str) -> None:
    """An encrypted connection carries every framing and is used again."""
    with hostile_server(name, tls=tls) as url, _connection(url, ca_file=ca_file) as connection:
        answers = [connection.send(_case(framing=framing), LARGE[:300_000], TOKEN) for _ in range(3)]
    assert [(answer.fault, answer.body) for answer in answers] == [(None, ENVELOPE)] * 3
    assert [answer.is_reused for answer in answers] == [False, True, True]


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("hangs", "timeout"),
        ("drips", "timeout"),
        ("reads nothing", "timeout"),
        ("dies", "closed"),
        ("dies within the body", "truncated"),
        ("streams forever", "too-large"),
        ("answers early", None),
    ],
)
def test_hostile_targets_behind_tls(name: str, fault: str | None, tls: ssl.SSLContext, ca_file: str) -> None:
    """Encrypted or not, no target holds a connection beyond the deadline."""
    timeout = SHORT if fault == "timeout" else PATIENCE
    with hostile_server(name, tls=tls) as url, _connection(url, ca_file=ca_file, timeout=timeout) as connection:
        answer = connection.send(_case(), LARGE if name == "answers early" else BODY, TOKEN)
    assert answer.fault == fault


def test_a_certificate_that_is_not_trusted(tls: ssl.SSLContext) -> None:
    """Nothing is sent to a target whose certificate is not taken, unless any is."""
    with hostile_server("plain", tls=tls) as url:
        with _connection(url) as connection:
            answer = connection.send(_case(), BODY, TOKEN)
        with _connection(url, is_insecure=True) as connection:
            taken = connection.send(_case(), BODY, TOKEN)
    assert (answer.fault, answer.status) == ("tls", None)
    assert answer.detail.startswith("its certificate is not taken: ")
    assert answer.detail.endswith("; name its issuer with --ca-file")
    assert taken.body == ENVELOPE


def test_a_certificate_for_another_host(authority: trustme.CA, ca_file: str) -> None:
    """A trusted certificate has to name the target."""
    context = _server_context(authority, "elsewhere.example.com")
    with hostile_server("plain", tls=context) as url, _connection(url, ca_file=ca_file) as connection:
        assert connection.send(_case(), BODY, TOKEN).fault == "tls"


@pytest.mark.parametrize(
    ("name", "fault"),
    [("closes at once", "tls"), ("writes garbage at once", "tls"), ("reads nothing", "timeout")],
)
def test_a_target_that_does_not_speak_tls(name: str, fault: str) -> None:
    """Where TLS cannot be agreed on, the fault says so, by the deadline."""
    timeout = SHORT if fault == "timeout" else PATIENCE
    with hostile_server(name) as url, _connection(url.replace("http:", "https:"), timeout=timeout) as connection:
        assert connection.send(_case(), BODY, TOKEN).fault == fault


def test_a_file_without_certificates_cannot_be_used(tmp_path: Path) -> None:
    """A file of certificates that is none is told of before anything is sent."""
    path = tmp_path / "ca.pem"
    for prepare in (path.touch, path.unlink):
        prepare()
        with pytest.raises(UnreadableFile):
            _connection("https://127.0.0.1:1", ca_file=str(path))


def test_an_interruption_closes_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever interrupts a case leaves no half answer for the next one."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with hostile_server("plain") as url, _connection(url) as connection:
        with monkeypatch.context() as patch:
            patch.setattr(AnswerReader, "feed", interrupt)
            with pytest.raises(KeyboardInterrupt):
                connection.send(_case(), BODY, TOKEN)
        answer = connection.send(_case(), BODY, TOKEN)
    assert (answer.body, answer.is_reused) == (ENVELOPE, False)


def test_only_the_exchange_is_measured() -> None:
    """The time of an answer begins with the first byte sent, and the clock is given."""
    ticks = iter(range(1_000))
    settings = ConnectionSettings(timeout=10_000.0)
    with (
        Target() as target,
        Connection(parse_target(target.url), settings, clock=lambda: float(next(ticks))) as connection,
    ):
        answer = connection.send(_case(), BODY, TOKEN)
        used = next(ticks)
    assert 0 < answer.seconds < used - 1


_WHOLE: Final[dict[str, bytes]] = {
    "length": answer_of(),
    "chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n\r\n\r\n\r\n1;x\r\ny\r\n0\r\nX: y\r\n\r\n",
    "interim": b"HTTP/1.1 100 Continue\r\n\r\n" + answer_of(),
}


@given(
    name=st.sampled_from(sorted(_WHOLE)),
    surplus=st.sampled_from([b"", b"\r\n", b"\n", b"0\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"]),
    cuts=st.lists(st.integers(0, 250), max_size=6),
)
def test_the_end_of_an_answer_is_found_however_it_is_cut(name: str, surplus: bytes, cuts: list[int]) -> None:
    """Cut into whatever pieces, an answer has the same body, and the bytes after it are counted."""
    data = _WHOLE[name] + surplus
    reader = AnswerReader(method="POST", most_bytes=1_000)
    bounds = sorted({0, *(min(cut, len(data)) for cut in cuts), len(data)})
    for start, end in pairwise(bounds):
        reader.feed(data[start:end])
    assert (reader.is_whole, reader.status, reader.surplus) == (True, 200, len(surplus))
    assert reader.body() == (b"\r\n\r\ny" if name == "chunked" else ENVELOPE)


@given(
    data=st.binary() | st.binary().map(b"HTTP/1.1 200 OK\r\n".__add__) | st.binary().map(answer_of), end=st.integers(0)
)
def test_any_bytes_end_in_an_answer(data: bytes, end: int) -> None:
    """Whatever a server writes and wherever it ends, the reader says what is wrong or has a whole answer."""
    reader = AnswerReader(method="POST", most_bytes=100)
    try:
        reader.feed(data[:end])
        reader.end()
        reader.decoded_body()
    except Broken as broken:
        detail = broken.detail
    else:
        detail = ""
    assert bool(detail) or reader.is_whole
    assert len(reader.body()) <= 100


def test_many_cases_use_one_connection() -> None:
    """A thousand cases need one connection, and each gets its own answer."""

    def echo(received: Received, _: socket.socket) -> bytes:
        return answer_of(received.body)

    with Target(answer=echo) as target, _connection(target.url) as connection:
        for number in range(1_000):
            answer = connection.send(_case(), b"%d" % number, TOKEN)
            assert (answer.body, answer.is_reused) == (b"%d" % number, number > 0)
