"""The proxy when the service, or the client, does not do its part."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import threading
from typing import TYPE_CHECKING

import pytest

from altcraft_contract.errors import AltcraftContractError, ConfigurationFault, UnreadableFile
from altcraft_contract.stub import ProxyServer
from altcraft_contract.target.address import Target as ProxyTarget
from altcraft_contract.target.address import parse_target
from tests.stub.proxy_targets import (
    BAD_REQUEST,
    ENVELOPE,
    PATIENCE,
    REQUEST,
    Received,
    Target,
    Wire,
    answer_of,
    post,
    reset,
    talk,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Answering = Callable[[Received, socket.socket], bytes | None]

MODES = ("observe", "enforce")
XML = b"Content-Type: application/xml"


@pytest.fixture
def nowhere() -> Iterator[str]:
    """The URL of a service that is not there: its port is taken, so that no other test gets it, and nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("body", [REQUEST, REQUEST + b" " * 2_000_000])
def test_a_service_that_is_not_there_is_told_of_in_the_envelope(mode: str, body: bytes, nowhere: str) -> None:
    """Without a service the client gets HTTP 502, and its request is checked all the same."""
    with ProxyServer(nowhere, mode=mode) as proxy:
        answer, second = talk(proxy.port, post(body), post(body))
        entry = proxy.journal[0]
        counts = proxy.journal.counts
    told = json.loads(answer.body)
    assert (answer.status, told["error"], second.status) == (502, 502, 502)
    assert told["error_text"].endswith(": connection refused; is the service running?")
    assert (entry.ok, entry.outcome, entry.error, entry.is_unreachable) == (True, "broken", 502, True)
    assert (entry.check is not None, entry.check_answer, entry.body_size) == (True, None, len(body))
    assert "connection refused" in entry.notes[0]
    assert (counts.received, counts.unreachable, counts.failed) == (2, 2, 0)


@pytest.mark.parametrize("mode", MODES)
def test_the_envelope_is_in_the_syntax_of_the_request(mode: str, nowhere: str) -> None:
    """A client that speaks XML is told in XML."""
    with ProxyServer(nowhere, mode=mode) as proxy:
        answer = talk(proxy.port, post(b"<xml/>" if mode == "observe" else REQUEST, XML))[0]
    assert answer.head.get(b"content-type") == b"application/xml; charset=utf-8"
    assert answer.body.startswith(b"<?xml")


def test_other_traffic_without_a_service_is_answered_too(nowhere: str) -> None:
    """What is not checked gets the same HTTP 502, and no entry."""
    with ProxyServer(nowhere) as proxy:
        answer = talk(proxy.port, b"GET /x HTTP/1.1\r\nHost: test\r\n\r\n")[0]
        assert (answer.status, proxy.journal.received, proxy.passed) == (502, 0, 1)


def _nothing(_: Received, connection: socket.socket) -> None:
    connection.close()


def _reset_at_once(_: Received, connection: socket.socket) -> None:
    reset(connection)


def _no_http(_: Received, connection: socket.socket) -> None:
    connection.sendall(b"220 smtp.example.com ready\r\n")


def _bad_length(_: Received, connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")


def _strange_status(_: Received, connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 799 Odd\r\nContent-Length: 0\r\n\r\n")


def _strange_header(_: Received, connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-A: a\x01b\r\n\r\n")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("answer", [_nothing, _reset_at_once, _no_http, _bad_length, _strange_status, _strange_header])
def test_what_is_no_answer_is_told_of(mode: str, answer: Answering) -> None:
    """A connection that ends, and an answer that is no HTTP, are an HTTP 502 and a service that was not reached."""
    with Target(answer) as target, ProxyServer(target.url, mode=mode) as proxy:
        assert talk(proxy.port, post())[0].status == 502
        entry = proxy.journal[0]
    assert (entry.outcome, entry.is_unreachable) == ("broken", True)
    assert entry.check is not None


@pytest.mark.parametrize("how", ["closed", "reset"])
@pytest.mark.parametrize(
    "head", [b"Content-Length: 100\r\n\r\n0123456789", b"Transfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n"]
)
def test_an_answer_that_is_cut_is_cut_for_the_client(head: bytes, how: str) -> None:
    """A part of an answer is never made into a whole one: the connection of the client ends, too."""
    is_read = threading.Event()

    def answer(_: Received, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + head)
        assert is_read.wait(PATIENCE)
        if how == "reset":
            reset(connection)

    with Target(answer) as target, ProxyServer(target.url) as proxy:
        with socket.create_connection(("127.0.0.1", proxy.port), PATIENCE) as connection:
            connection.sendall(post())
            wire = Wire(connection)
            assert wire.head() is not None
            wire.take(5)
            is_read.set()
            while wire._more():
                pass
        assert b"\r\n0\r\n" not in wire.rest
        proxy.journal.wait_for(1)
        entry = proxy.journal[0]
    assert (entry.outcome, entry.is_unreachable, entry.check_answer) == ("broken", True, None)
    assert "the answer was not checked: it did not come to its end" in entry.notes
    assert entry.answer is not None
    assert entry.answer.body == b"0123456789"


def test_a_cut_answer_to_other_traffic_is_cut_too() -> None:
    """The same holds for what is not checked."""

    def answer(_: Received, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789")

    with Target(answer) as target, ProxyServer(target.url) as proxy:
        received = talk(proxy.port, b"GET /x HTTP/1.1\r\nHost: test\r\n\r\n")[0]
    assert (received.body, received.is_whole) == (b"0123456789", False)


def test_enforce_makes_a_cut_answer_a_502() -> None:
    """Who waits for whole answers tells the client that there was none."""

    def answer(_: Received, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789")

    with Target(answer) as target, ProxyServer(target.url, mode="enforce") as proxy:
        received = talk(proxy.port, post())[0]
        entry = proxy.journal[0]
    assert (received.status, received.is_whole) == (502, True)
    assert (entry.outcome, entry.is_unreachable) == ("broken", True)


@pytest.mark.parametrize("mode", MODES)
def test_a_service_that_does_not_answer_in_time_is_given_up(mode: str) -> None:
    """After the time for reading the client is told which option would give the service more."""
    is_over = threading.Event()

    def answer(_: Received, __: socket.socket) -> None:
        assert is_over.wait(PATIENCE)

    with Target(answer) as target, ProxyServer(target.url, mode=mode, read_timeout=0.05) as proxy:
        received = talk(proxy.port, post())[0]
        is_over.set()
    assert received.status == 502
    assert b"--read-timeout" in received.body


def test_a_service_that_stops_in_the_middle_is_cut() -> None:
    """The time for reading holds between two pieces of an answer, too."""
    is_over = threading.Event()

    def answer(_: Received, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789")
        assert is_over.wait(PATIENCE)

    with Target(answer) as target, ProxyServer(target.url, read_timeout=0.05) as proxy:
        received = talk(proxy.port, post())[0]
        is_over.set()
        assert proxy.journal[0].is_unreachable
    assert not received.is_whole


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("has_begun", [False, True])
def test_when_the_client_goes_away_the_service_is_told(mode: str, has_begun: bool) -> None:
    """A client that does not wait for the answer ends the request to the service as well."""
    is_gone = threading.Event()
    has_come = threading.Event()

    def answer(_: Received, connection: socket.socket) -> None:
        if has_begun:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789")
        has_come.set()
        if connection.recv(1) == b"":
            is_gone.set()

    with Target(answer) as target, ProxyServer(target.url, mode=mode) as proxy:
        with socket.create_connection(("127.0.0.1", proxy.port), PATIENCE) as client:
            client.sendall(post())
            assert has_come.wait(PATIENCE)
            if has_begun and mode == "observe":
                assert client.recv(10)
        assert is_gone.wait(PATIENCE)
        proxy.journal.wait_for(1)
        entry = proxy.journal[0]
    assert "the client went away before the answer was whole" in entry.notes
    assert (entry.ok, entry.outcome, entry.is_unreachable, entry.refusal) == (True, None, False, None)


@pytest.mark.parametrize("mode", MODES)
def test_a_client_that_goes_away_within_its_request_is_noted(mode: str) -> None:
    """A request that does not come to its end never is one for the service, and the journal has what came."""
    with Target() as target, ProxyServer(target.url, mode=mode) as proxy:
        with socket.create_connection(("127.0.0.1", proxy.port), PATIENCE) as client:
            client.sendall(post()[:-10])
        proxy.journal.wait_for(1)
        entry = proxy.journal[0]
        assert target.received == [] or not target.received[0].is_whole
    assert (entry.refusal, entry.check, entry.answer) == ("incomplete", None, None)
    assert "the client went away before the request was whole" in entry.notes


def test_a_service_that_answers_early_is_passed_on() -> None:
    """An answer that comes before the request is whole, such as a refusal of its size, reaches the client."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"

        def refuse() -> None:
            connection, _ = listening.accept()
            with connection:
                assert Wire(connection).head() is not None
                connection.sendall(answer_of(b"too large", b"Connection: close", status=b"413 Too Large"))
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65536):
                    pass

        thread = threading.Thread(target=refuse, daemon=True)
        thread.start()
        with ProxyServer(url) as proxy:
            assert talk(proxy.port, post(b" " * 3_000_000))[0].status == 413
        thread.join(PATIENCE)


def test_stopping_ends_what_is_in_progress() -> None:
    """A proxy that is stopped waits for nobody beyond its grace, and the journal has what was in progress."""
    has_come = threading.Event()
    is_over = threading.Event()

    def answer(_: Received, __: socket.socket) -> None:
        has_come.set()
        assert is_over.wait(PATIENCE)

    with Target(answer) as target, ProxyServer(target.url) as proxy:
        with socket.create_connection(("127.0.0.1", proxy.port), PATIENCE) as client:
            client.sendall(post())
            assert has_come.wait(PATIENCE)
            proxy.stop()
            assert client.recv(1) == b""
        is_over.set()
        assert proxy.journal.received == 1
        assert proxy.journal[0].answer is None


# HTTPS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for the loopback that signs itself, and its key, in one file."""
    path: Path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    key = path.with_name("key.pem")
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    subprocess.run([*command, "-keyout", key, "-out", path], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + key.read_bytes())
    return path


def _secure(certificate: Path) -> Target:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return Target(answer_of(), context)


@pytest.mark.parametrize("how", ["ca_file", "is_insecure"])
def test_a_service_on_https_is_reached(certificate: Path, how: str) -> None:
    """A certificate is trusted if its issuer is named, and any is if the user says so."""
    trust = {"ca_file": str(certificate)} if how == "ca_file" else {"is_insecure": True}
    with _secure(certificate) as target, ProxyServer(target.url, **trust) as proxy:
        assert talk(proxy.port, post())[0].body == ENVELOPE
        assert target.received[0].body == REQUEST


def test_a_certificate_that_is_not_trusted_is_refused(certificate: Path) -> None:
    """Otherwise the token would go to whoever listens: nothing is sent, and the client is told why."""
    with _secure(certificate) as target, ProxyServer(target.url) as proxy:
        answer = talk(proxy.port, post())[0]
        assert (answer.status, target.received) == (502, [])
    assert b"certificate" in answer.body
    assert b"--ca-file" in answer.body


@pytest.mark.parametrize("content", [None, b"no certificate", b""])
def test_a_file_of_certificates_has_to_hold_some(tmp_path: Path, content: bytes | None) -> None:
    """A file that is missing or holds no certificate is told of before anything is served."""
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"ca\.pem"):
        ProxyServer("https://example.com", ca_file=str(path))


# Targets


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "begin with http"),
        ("example.com", "begin with http"),
        ("ftp://example.com", "begin with http"),
        ("http://", "names no host"),
        ("http:///path", "names no host"),
        ("http://example.com:port", "no URL"),
        ("http://example.com:99999", "no URL"),
        ("http://example.com:0", "names no host"),
        ("http://[::1", "no URL"),
        ("http://user:marked-password@example.com", "user and password"),
        ("http://example.com/?a=b", "follows the path"),
        ("http://example.com/#a", "follows the path"),
        ("http://exam ple.com", "space"),
        ("http://example.com/a\nb", "control"),
        ("http://ex%61mple.com", "names no host"),
        ("http://..", "names no host"),
        ("http://é..com", "names no host"),
    ],
)
def test_what_is_no_target_is_one_line(url: str, reason: str) -> None:
    """A URL that cannot be a target is refused with the reason, and without what may be secret in it."""
    with pytest.raises(AltcraftContractError, match=reason) as raised:
        parse_target(url)
    assert "\n" not in str(raised.value)
    assert "marked-password" not in str(raised.value)


@pytest.mark.parametrize(
    ("url", "target", "host"),
    [
        ("http://example.com", ProxyTarget("http", "example.com", 80), b"example.com"),
        ("HTTPS://Example.com:443/", ProxyTarget("https", "example.com", 443), b"example.com"),
        ("http://[::1]:8080/a/b/", ProxyTarget("http", "::1", 8080, b"/a/b"), b"[::1]:8080"),
        (
            "https://почта.рф/я",
            ProxyTarget("https", "xn--80a1acny.xn--p1ai", 443, b"/%D1%8F"),
            b"xn--80a1acny.xn--p1ai",
        ),
    ],
)
def test_a_target_is_read_from_its_url(url: str, target: ProxyTarget, host: bytes) -> None:
    """Scheme, host, port and prefix are those of the URL; the port is the usual one if there is none."""
    assert parse_target(url) == target
    assert target.authority == host


@pytest.mark.parametrize("own", ["127.0.0.1", "0.0.0.0", "localhost"])  # noqa: S104 - that is the case
@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "0.0.0.0"])  # noqa: S104 - as above
def test_a_proxy_before_itself_is_refused(own: str, name: str) -> None:
    """A loop is told of at the start, by whatever name the proxy would reach itself."""
    port = _free_port()
    proxy = ProxyServer(f"http://{name}:{port}", host=own, port=port)
    with pytest.raises(ConfigurationFault, match="the proxy itself"):
        proxy.start()
    assert not proxy.is_running


def test_a_neighbour_is_no_loop() -> None:
    """The same port on another address, or another port on the same address, is another server."""
    assert not parse_target("http://127.0.0.1:8076").is_at("127.0.0.1", 8077)
    assert not parse_target("http://127.0.0.2:8076").is_at("127.0.0.1", 8076)
    assert not parse_target("http://no-such-host.invalid:8076").is_at("127.0.0.1", 8076)


def test_there_are_two_modes() -> None:
    """A mode that there is not is refused."""
    with pytest.raises(ValueError, match="observe, enforce"):
        ProxyServer("http://example.com", mode="watch")


def test_a_bad_request_is_in_the_journal_even_without_a_service(nowhere: str) -> None:
    """What is wrong with a request does not depend on who answers it."""
    with ProxyServer(nowhere) as proxy:
        talk(proxy.port, post(BAD_REQUEST))
        assert proxy.journal.counts.failed == 1
        assert "line-item-missing" in proxy.journal[0].rules


def test_a_bug_of_the_check_does_not_disturb_the_traffic(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong while a body is judged: it is passed on, and the journal says that it was not checked."""

    def fail(*_: object, **__: object) -> None:
        raise KeyError("marked")

    monkeypatch.setattr("altcraft_contract.stub.proxy_judge.judge", fail)
    with Target() as target, ProxyServer(target.url) as proxy:
        assert talk(proxy.port, post())[0].body == ENVELOPE
        entry = proxy.journal[0]
        assert "marked" not in json.dumps(entry.as_json())
    assert entry.notes[0] == (
        "the request was not checked: internal error: KeyError; this is a bug of altcraft-contract"
    )
