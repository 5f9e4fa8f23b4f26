"""The proxy that observes: nothing is changed, everything is checked."""

from __future__ import annotations

import asyncio
import gzip
import http.client
import json
import socket
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from altcraft_contract.documents.limits import Limits
from altcraft_contract.strategies import bodies, exchanges, mutated_requests
from altcraft_contract.stub import ENDPOINT_PATH, Proxy, ProxyServer, StubServer
from altcraft_contract.validation import RuleSelection
from tests.stub.proxy_targets import (
    ANSWER,
    BAD_REQUEST,
    ENVELOPE,
    PATIENCE,
    REQUEST,
    Received,
    Target,
    Wire,
    answer_of,
    post,
    talk,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from altcraft_contract.contract import Syntax

SMALL = Limits(max_bytes=20_000)
FINDINGS = b"x-altcraft-contract-findings"


def test_every_byte_is_passed_in_both_directions() -> None:
    """With and without the proxy the service gets the same but for `Host`, and so does the client."""
    sent = post(REQUEST, b"Content-Type: application/json", b"X-Two: 1", b"Accept: */*", b"X-Two: 2", b"Cookie: a=b")
    answer = answer_of(
        ENVELOPE,
        b"Content-Type: application/json",
        b"Set-Cookie: a=1",
        b"Date: Mon, 01 Jan 2024 00:00:00 GMT",
        b"Set-Cookie: b=2",
        b"Server: x",
    )
    with Target(answer) as target, ProxyServer(target.url) as proxy:
        direct, passed = talk(target.port, sent), talk(proxy.port, sent)
        first, second = target.received
        host = f"127.0.0.1:{target.port}".encode()
    assert direct == passed
    assert second.body == first.body
    assert second.head.line == first.head.line
    assert second.head.headers == [(name, host if name == b"host" else value) for name, value in first.head.headers]


@pytest.mark.parametrize(
    "path", ["/a%20b/%7Ec?x=%2F&y", "//a//b/?x", "/a;b=c,d'(e)!*?a=[1]&b={2}|\"^", "/%C3%A9?%C3%A9=1"]
)
@pytest.mark.parametrize("method", [b"GET", b"OPTIONS", b"DELETE", b"PUT", b"PATCH", b"POST"])
def test_other_traffic_is_passed_and_counted_only(method: bytes, path: str) -> None:
    """Whatever is no POST to the endpoint comes to the service as it is, and is in no journal."""
    request = method + f" {path} HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\nhi".encode()
    with Target(answer_of(b"{no json", b"X-A: b", status=b"418 Teapot")) as target, ProxyServer(target.url) as proxy:
        direct, passed = talk(target.port, request), talk(proxy.port, request)
        first, second = target.received
        assert (proxy.passed, proxy.journal.received) == (1, 0)
    assert (second.head.line, second.body) == (first.head.line, first.body)
    assert (passed[0].status, passed[0].body) == (418, direct[0].body)
    assert passed[0].head.headers == direct[0].head.headers


def test_a_head_is_answered_with_the_length_and_no_body() -> None:
    """The answer to HEAD has the service's Content-Length, and the connection can go on."""
    head = b"HEAD /x HTTP/1.1\r\nHost: test\r\n\r\n"
    with Target(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n") as target, ProxyServer(target.url) as proxy:
        answers = talk(proxy.port, head, head, has_body=False)
    assert [answer.head.headers for answer in answers] == [[(b"content-length", b"500")]] * 2


@pytest.mark.parametrize("status", [b"204 No Content", b"304 Not Modified"])
def test_an_answer_without_a_body_ends_at_its_head(status: bytes) -> None:
    """Statuses that never have a body are passed without one, and the connection can go on."""
    get = b"GET /x HTTP/1.1\r\nHost: test\r\n\r\n"
    answer = b"HTTP/1.1 " + status + b"\r\nETag: x\r\n\r\n"
    with Target(answer) as target, ProxyServer(target.url) as proxy:
        answers = talk(proxy.port, get, get, has_body=False)
    assert [received.head.headers for received in answers] == [[(b"etag", b"x")]] * 2


def test_hop_by_hop_headers_are_left_out() -> None:
    """What holds for one connection only, or is named in Connection, is not passed; in both directions."""
    request = post(
        REQUEST,
        b"Content-Type: application/json",
        b"Connection: keep-alive, X-Hop",
        b"X-Hop: 1",
        b"TE: trailers",
        b"Keep-Alive: timeout=5",
        b"Upgrade: h2c",
        b"X-Kept: 1",
    )
    answer = answer_of(ENVELOPE, b"Connection: X-Back", b"X-Back: 1", b"Keep-Alive: timeout=5", b"X-Kept: 2")
    with Target(answer) as target, ProxyServer(target.url) as proxy:
        passed = talk(proxy.port, request)[0]
        received = target.received[0]
    assert [name for name, _ in received.head.headers] == [b"host", b"content-length", b"content-type", b"x-kept"]
    assert [name for name, _ in passed.head.headers] == [b"content-length", b"x-kept"]


def test_chunks_are_passed_as_chunks() -> None:
    """A body without a length comes to the other side without one, whole."""
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(REQUEST), REQUEST)
    request = f"POST {ENDPOINT_PATH} HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n".encode() + chunked
    answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n"
    answer %= ENVELOPE[:3], len(ENVELOPE) - 3, ENVELOPE[3:]
    with Target(answer) as target, ProxyServer(target.url) as proxy:
        answers = talk(proxy.port, request, request)
        assert [received.body for received in target.received] == [REQUEST] * 2
        assert target.received[0].head.get(b"transfer-encoding") == b"chunked"
        assert target.received[0].head.get(b"content-length") is None
        assert [entry.outcome for entry in proxy.journal] == ["outdated"] * 2
    assert [received.body for received in answers] == [ENVELOPE] * 2


def test_an_answer_to_the_end_of_the_connection_is_whole() -> None:
    """A service of HTTP/1.0, which closes the connection, is passed to its end."""

    def answer(_: Received, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + ENVELOPE)

    with Target(answer) as target, ProxyServer(target.url) as proxy:
        assert talk(proxy.port, post())[0].body == ENVELOPE


def test_a_client_of_http_1_0_is_sent_no_chunks() -> None:
    """Who knows no chunks gets a length."""
    answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(ENVELOPE), ENVELOPE)
    with Target(answer) as target, ProxyServer(target.url) as proxy:
        received = talk(proxy.port, post().replace(b"HTTP/1.1", b"HTTP/1.0"), until_end=True)[0]
    assert received.head.get(b"transfer-encoding") is None
    assert received.body == ENVELOPE


def test_pieces_come_when_they_are_sent() -> None:
    """An answer is streamed: its first piece comes while the service holds the second back."""
    is_read = threading.Event()

    def answer(_: Received, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n0123456789")
        assert is_read.wait(PATIENCE)
        connection.sendall(b"0123456789")

    with (
        Target(answer) as target,
        ProxyServer(target.url) as proxy,
        socket.create_connection(("127.0.0.1", proxy.port), PATIENCE) as connection,
    ):
        connection.sendall(post())
        wire = Wire(connection)
        assert wire.head() is not None
        assert wire.take(10) == b"0123456789"
        is_read.set()
        assert wire.take(10) == b"0123456789"


def test_a_request_comes_while_it_is_sent() -> None:
    """A request is streamed: the service has its first piece while the client holds the second back."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with ProxyServer(url) as proxy, socket.create_connection(("127.0.0.1", proxy.port), PATIENCE) as client:
            request = post()
            client.sendall(request[:-100])
            service, _ = listening.accept()
            with service:
                service.settimeout(PATIENCE)
                wire = Wire(service)
                assert wire.head() is not None
                assert wire.take(len(REQUEST) - 100) == REQUEST[:-100]
                client.sendall(request[-100:])
                assert wire.take(100) == REQUEST[-100:]
                service.sendall(answer_of())
                answer = Wire(client).message()
                assert answer is not None
                assert answer.body == ENVELOPE


def test_who_waits_is_told_to_go_on() -> None:
    """Expect: 100-continue is answered, and passed on."""
    request = post(REQUEST, b"Expect: 100-continue", b"Content-Type: application/json")
    with Target() as target, ProxyServer(target.url) as proxy:
        with socket.create_connection(("127.0.0.1", proxy.port), PATIENCE) as client:
            client.sendall(request[: -len(REQUEST)])
            wire = Wire(client)
            head = wire.head()
            assert head is not None
            assert head.line == b"HTTP/1.1 100 Continue"
            client.sendall(REQUEST)
            answer = wire.message()
        assert answer is not None
        assert answer.body == ENVELOPE
        assert target.received[0].head.get(b"expect") == b"100-continue"


def test_both_directions_and_the_exchange_are_in_the_journal() -> None:
    """An exchange is one entry: the request, the answer, the two together, and what each says."""
    answer = answer_of(ENVELOPE.replace(b"order_12345", b"order_2"))
    with Target(answer) as target, ProxyServer(target.url) as proxy:
        talk(proxy.port, post(BAD_REQUEST))
        entry = proxy.journal[0]
        shown = entry.as_json()
        counts = proxy.journal.counts
    assert [finding.rule for finding in entry.findings if finding.severity == "error"] == ["line-item-missing"]
    assert entry.answer_findings == ()
    assert {finding.rule for finding in entry.exchange_findings} == {"external-id-mismatch", "invalid-request-accepted"}
    assert (entry.ok, entry.syntax, entry.external_id, entry.outcome) == (False, "json", "order_12345", "outdated")
    assert (shown["answer"]["status"], shown["answer"]["error"]) == (200, 0)
    assert shown["answer"]["body"] == ENVELOPE.replace(b"order_12345", b"order_2").decode()
    assert (counts.received, counts.judged, counts.failed, counts.refused) == (1, 1, 2, 0)
    assert counts.rules["external-id-mismatch"] == 1
    assert set(entry.rules) > {"line-item-missing", "external-id-mismatch"}


def test_errors_of_the_request_are_named_in_a_small_header() -> None:
    """The answer to a request with errors has one header more, with the rules it breaks; no other is changed."""
    with Target() as target, ProxyServer(target.url) as proxy:
        direct, passed = talk(target.port, post(BAD_REQUEST))[0], talk(proxy.port, post(BAD_REQUEST))[0]
    assert passed.head.headers == [*direct.head.headers, (FINDINGS, b"line-item-missing")]
    assert passed.body == direct.body


def test_a_header_of_the_service_with_that_name_is_left_alone() -> None:
    """Before a stub, which sends the same header, nothing is added at all."""
    with StubServer() as stub, ProxyServer(stub.base_url) as proxy:
        direct, passed = talk(stub.port, post(BAD_REQUEST))[0], talk(proxy.port, post(BAD_REQUEST))[0]
    assert sorted(passed.head.without(b"date")) == sorted(direct.head.without(b"date"))
    assert [name for name, _ in passed.head.headers].count(b"date") == 1


def test_ignored_rules_are_neither_found_nor_named() -> None:
    """The selection of rules holds for all that is found."""
    rules = RuleSelection(ignore=("line-item-missing", "invalid-request-accepted"))
    with Target() as target, ProxyServer(target.url, rules=rules) as proxy:
        passed = talk(proxy.port, post(BAD_REQUEST))[0]
        assert proxy.journal[0].ok
        assert proxy.journal.counts.failed == 0
    assert passed.head.get(FINDINGS) is None


@pytest.mark.parametrize(
    ("body", "headers", "outcome"),
    [
        (ANSWER, (), "success"),
        (ENVELOPE, (), "outdated"),
        (b'{"error": 402, "error_text": "no"}', (), "refused"),
        (b"<html>", (b"Content-Type: text/html",), "broken"),
        (b"", (), "broken"),
        (b"[]", (), "broken"),
    ],
)
def test_the_outcome_is_what_the_answer_says(body: bytes, headers: tuple[bytes, ...], outcome: str) -> None:
    """An answer is success, outdated or refused by its envelope, and broken without one."""
    with Target(answer_of(body, *headers)) as target, ProxyServer(target.url) as proxy:
        talk(proxy.port, post())
        entry = proxy.journal[0]
        assert (entry.outcome, bool(entry.answer_findings)) == (outcome, outcome == "broken")
        assert proxy.journal.counts.failed == (outcome == "broken")


def test_another_status_is_passed_and_noted() -> None:
    """What is not HTTP 200 reaches the client as it is, and the journal says so."""
    with Target(answer_of(b"oops", b"X-A: b", status=b"503 Busy")) as target, ProxyServer(target.url) as proxy:
        answer = talk(proxy.port, post())[0]
        entry = proxy.journal[0]
    assert (answer.status, answer.body) == (503, b"oops")
    assert (entry.notes, entry.outcome) == (("the HTTP status is 503",), "broken")


def test_a_token_in_the_header_need_not_be_in_the_body_and_must_not_come_back() -> None:
    """Authorization: Bearer is a token like the one in the body, for the request and for the answer."""
    body = json.dumps({key: value for key, value in json.loads(REQUEST).items() if key != "token"}).encode()
    told = b'{"error": 401, "error_text": "wrong token marked-bearer-token"}'
    headers = (b"Content-Type: application/json", b"Authorization: Bearer marked-bearer-token")
    with Target(answer_of(told)) as target, ProxyServer(target.url) as proxy:
        talk(proxy.port, post(body, *headers))
        entry = proxy.journal[0]
        assert entry.ok
        assert [finding.rule for finding in entry.exchange_findings] == ["token-disclosed"]
        assert "marked-bearer-token" not in json.dumps(entry.as_json())
        assert target.received[0].head.get(b"authorization") == b"Bearer marked-bearer-token"


def _raw_deflate(body: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(body) + compressor.flush()


@pytest.mark.parametrize(
    ("coding", "encode"),
    [
        (b"gzip", gzip.compress),
        (b"X-GZIP", lambda body: gzip.compress(body[:9]) + gzip.compress(body[9:])),
        (b"deflate", zlib.compress),
        (b"deflate", _raw_deflate),
    ],
)
def test_what_is_compressed_is_passed_so_and_read_for_the_check(
    coding: bytes, encode: Callable[[bytes], bytes]
) -> None:
    """Gzip and deflate are undone for the check only, in both directions."""
    headers = (b"Content-Type: application/json", b"Content-Encoding: " + coding)
    sent, answered = encode(BAD_REQUEST), encode(ANSWER)
    with Target(answer_of(answered, *headers)) as target, ProxyServer(target.url) as proxy:
        answer = talk(proxy.port, post(sent, *headers))[0]
        entry = proxy.journal[0]
        assert target.received[0].body == sent
    assert answer.body == answered
    assert entry.rules[0] == "line-item-missing"
    assert entry.outcome == "success"
    assert (entry.request.body, entry.body_size) == (BAD_REQUEST, len(sent))
    assert "the request is shown without its Content-Encoding" in entry.notes


@pytest.mark.parametrize(
    ("coding", "body", "note"),
    [
        (b"br", b"....", "the request was not checked: its Content-Encoding 'br' is none of gzip and deflate"),
        (b"gzip, gzip", b"....", "the request was not checked: its Content-Encoding 'gzip, gzip' is none of gzip"),
        (b"gzip", REQUEST, "the request was not checked: it is no gzip, though its Content-Encoding says so"),
        (b"gzip", gzip.compress(REQUEST)[:-5], "the request was not checked: it is no gzip"),
        (b"gzip", gzip.compress(b" " * 10_000_000), "the request was not checked: it is larger than 20,000 bytes once"),
    ],
)
def test_what_cannot_be_decoded_is_passed_unchecked(coding: bytes, body: bytes, note: str) -> None:
    """Other encodings, false ones and bombs are passed, and kept out of the journal, which says so."""
    headers = (b"Content-Type: application/json", b"Content-Encoding: " + coding)
    with Target() as target, ProxyServer(target.url, limits=SMALL) as proxy:
        assert talk(proxy.port, post(body, *headers))[0].body == ENVELOPE
        entry = proxy.journal[0]
        assert target.received[0].body == body
    assert entry.notes[0].startswith(note)
    assert (entry.check, entry.check_exchange, entry.request.body) == (None, None, b"")
    assert (entry.ok, entry.body_size, entry.outcome) == (False, len(body), "outdated")


def test_what_is_over_the_limit_is_passed_unchecked() -> None:
    """Bodies over the limit, in either direction, are passed whole; the journal keeps their beginning."""
    large = b" " * 3_000_000 + REQUEST
    with Target(answer_of(b" " * 3_000_000)) as target, ProxyServer(target.url, limits=SMALL) as proxy:
        first, second = talk(proxy.port, post(large), post())
        asked, answered = proxy.journal
        assert target.received[0].body == large
    assert first.body == second.body == b" " * 3_000_000
    assert asked.notes[0] == "the request was not checked: it is larger than 20,000 bytes"
    assert answered.notes == ("the answer was not checked: it is larger than 20,000 bytes",)
    assert answered.answer is not None
    assert (len(asked.request.body), len(answered.answer.body)) == (20_000, 20_000)
    assert (asked.body_size, answered.answer_size, answered.outcome) == (len(large), 3_000_000, None)


def test_an_answer_is_not_shown_if_the_secrets_of_its_request_are_not_known() -> None:
    """What answers a request that could not be read is judged and counted, but may repeat a secret: nobody sees it."""
    answer = answer_of(b'{"error": 400, "error_text": "no such token: marked", "data": {"status": "marked"}, "x": 1}')
    headers = (b"Content-Type: application/json", b"Content-Encoding: br")
    with Target(answer) as target, ProxyServer(target.url) as proxy:
        talk(proxy.port, post(b"marked", *headers))
        entry = proxy.journal[0]
    assert "marked" not in json.dumps(entry.as_json())
    assert entry.notes[-1].startswith("the answer is not shown")
    assert (entry.error, entry.outcome, entry.rules) == (400, "refused", ("unknown-field",))


def test_a_large_body_is_checked_and_kept_in_part() -> None:
    """Of a body over 1 MiB the journal keeps the beginning, all that was found in the whole, and no secret of it."""
    order = json.loads(BAD_REQUEST)
    token = order.pop("token")
    order["data"]["custom_fields"] = {f"field_{number}": "x" * 1000 for number in range(2000)}
    order["token"] = token
    body = json.dumps(order).encode()
    answer = answer_of(b'{"error": 400, "error_text": "not with %s"}' % token.encode())
    with Target(answer) as target, ProxyServer(target.url) as proxy:
        talk(proxy.port, post(body))
        entry = proxy.journal[0]
        assert target.received[0].body == body
    assert len(entry.request.body) == 1024 * 1024
    assert "line-item-missing" in [finding.rule for finding in entry.findings]
    assert [finding.rule for finding in entry.exchange_findings] == ["token-disclosed"]
    assert token not in json.dumps(entry.as_json())


@pytest.mark.parametrize(
    ("headers", "syntax", "note"),
    [
        ((b"Content-Type: text/xml; charset=utf-8",), "xml", None),
        ((b"X-A: b",), "json", "there is no Content-Type; the documentation says application/json or application/xml"),
        ((b"Content-Type: text/plain",), "json", "Content-Type is 'text/plain'; the documentation says"),
    ],
)
def test_the_syntax_is_that_of_the_content_type_or_of_the_body(
    headers: tuple[bytes, ...], syntax: str, note: str | None
) -> None:
    """Content-Type tells the syntax, else the first character does; what the documentation does not say is noted."""
    with Target() as target, ProxyServer(target.url) as proxy:
        talk(proxy.port, post(REQUEST, *headers))
        entry = proxy.journal[0]
    assert entry.syntax == syntax
    assert (entry.notes[0].startswith(note) if note else entry.notes == ()) is True


def test_a_token_in_the_url_is_noted_and_not_shown() -> None:
    """A query is passed as it is; the journal does not show it."""
    with Target() as target, ProxyServer(target.url) as proxy:
        talk(proxy.port, post(path=ENDPOINT_PATH + "?token=marked-in-the-url&x=%20"))
        entry = proxy.journal[0]
        assert target.received[0].head.line.split()[1].endswith(b"?token=marked-in-the-url&x=%20")
    assert entry.notes == ("the token stands in the URL, which the documentation calls insecure",)
    assert "marked-in-the-url" not in json.dumps(entry.as_json())


@pytest.mark.parametrize(
    ("suffix", "path", "arrives"),
    [
        ("", ENDPOINT_PATH, ENDPOINT_PATH),
        ("/", ENDPOINT_PATH, ENDPOINT_PATH),
        ("/shop/", ENDPOINT_PATH, "/shop" + ENDPOINT_PATH),
        (ENDPOINT_PATH, ENDPOINT_PATH, ENDPOINT_PATH),
        ("/a%20b" + ENDPOINT_PATH, ENDPOINT_PATH, "/a%20b" + ENDPOINT_PATH),
        ("", "/shop" + ENDPOINT_PATH, "/shop" + ENDPOINT_PATH),
    ],
)
def test_a_target_may_have_a_prefix(suffix: str, path: str, arrives: str) -> None:
    """An origin, what stands before the path of the endpoint, and the endpoint itself are targets alike."""
    with Target() as target, ProxyServer(target.url + suffix) as proxy:
        talk(proxy.port, post(path=path))
        assert target.received[0].head.line == f"POST {arrives} HTTP/1.1".encode()
        assert proxy.journal.counts.judged == 1


def test_sixteen_at_once_are_kept_apart() -> None:
    """Concurrent clients on kept connections each get the answer to their own request."""

    def answer(received: Received, _: socket.socket) -> bytes:
        order = json.loads(received.body)["external_id"]
        return answer_of(ENVELOPE.replace(b"order_12345", order.encode()))

    def shop(number: int) -> set[str]:
        names = [f"order_{number}_{index}" for index in range(20)]
        with httpx.Client(trust_env=False) as client:
            return {
                client.post(proxy.url, json={**json.loads(REQUEST), "external_id": name}).json()["data"]["external_id"]
                == name
                and name
                for name in names
            }

    with Target(answer) as target, ProxyServer(target.url) as proxy, ThreadPoolExecutor(16) as pool:
        results = list(pool.map(shop, range(16)))
        assert all(len(result) == 20 for result in results)
        assert proxy.journal.received == 320
        assert proxy.journal.counts.rules.get("external-id-mismatch") is None


def test_a_slow_service_holds_nobody_else_up() -> None:
    """While one request waits for the service, others are answered, and so is the page."""
    is_over = threading.Event()

    def answer(received: Received, _: socket.socket) -> bytes:
        if received.head.get(b"x-slow") is not None:
            assert is_over.wait(PATIENCE)
        return answer_of()

    with Target(answer) as target, ProxyServer(target.url) as proxy, ThreadPoolExecutor(1) as pool:
        slow = pool.submit(talk, proxy.port, post(REQUEST, b"X-Slow: 1"))
        assert talk(proxy.port, post())[0].status == 200
        health = httpx.get(proxy.base_url + "/__altcraft__/health", trust_env=False).json()
        assert (health["kind"], health["received"], slow.done()) == ("proxy", 1, False)
        is_over.set()
        assert slow.result(PATIENCE)[0].status == 200


def test_the_page_and_the_journal_are_not_passed_on() -> None:
    """What stands under /__altcraft__/ is the proxy's own."""
    with Target() as target, ProxyServer(target.url) as proxy:
        talk(proxy.port, post())
        with httpx.Client(base_url=proxy.base_url, trust_env=False) as client:
            assert 'data-kind="proxy"' in client.get("/__altcraft__/").text
            entries = client.get("/__altcraft__/journal").json()["entries"]
            assert client.get("/__altcraft__/summary").json()["received"] == 1
        assert [entry["number"] for entry in entries] == [1]
        assert len(target.received) == 1
        assert proxy.passed == 0


def test_the_entry_is_there_before_the_answer() -> None:
    """Whoever has an answer finds the exchange in the journal at once."""
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(ANSWER), ANSWER)
    for answer in (answer_of(ANSWER), chunked, answer_of(b""), b"HTTP/1.1 204 No Content\r\n\r\n"):
        with Target(answer) as target, ProxyServer(target.url) as proxy:
            for number in range(1, 20):
                talk(proxy.port, post(), has_body=b"204" not in answer)
                assert proxy.journal.received == number


def test_a_proxy_can_be_started_again() -> None:
    """After a stop the same proxy serves again, and its connections to the service are new ones."""
    with Target() as target:
        proxy = ProxyServer(target.url)
        for number in (1, 2):
            with proxy:
                assert proxy.is_running
                talk(proxy.port, post())
                assert proxy.journal.received == number
            assert not proxy.is_running


def test_a_client_in_the_same_process_needs_no_socket() -> None:
    """The proxy is an ASGI application, too."""

    async def run(url: str) -> tuple[int, int]:
        proxy = Proxy(url)
        transport = httpx.ASGITransport(proxy)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            answer = await client.post(ENDPOINT_PATH, content=REQUEST, headers={"content-type": "application/json"})
        return answer.status_code, proxy.journal.received

    with Target() as target:
        assert asyncio.run(run(target.url)) == (200, 1)


def test_a_client_of_the_standard_library_notices_nothing() -> None:
    """http.client gets from the proxy what it gets from the service, request after request on one connection."""
    results = []
    with StubServer() as stub, ProxyServer(stub.base_url) as proxy:
        for port in (stub.port, proxy.port):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            for _ in range(3):
                connection.request("POST", ENDPOINT_PATH, REQUEST, {"Content-Type": "application/json"})
                answer = connection.getresponse()
                results.append((answer.status, answer.getheader("content-type"), answer.read()))
            connection.close()
    assert results[:3] == results[3:]


@pytest.fixture(scope="module")
def echo() -> Iterator[tuple[Target, ProxyServer]]:
    """A service that answers with what it is told to, and the proxy before it."""
    with Target() as target, ProxyServer(target.url) as proxy:
        yield target, proxy


@st.composite
def _drawn(draw: st.DrawFn) -> tuple[bytes, bytes, bytes]:
    """A Content-Type, a request and an answer."""
    syntax: Syntax = draw(st.sampled_from(("json", "xml")))
    request, response = draw(exchanges())
    if draw(st.booleans()):
        asked = draw(mutated_requests(syntax=syntax)).body
    else:
        asked = draw(bodies(st.just(request), syntax=syntax))
    return f"Content-Type: application/{syntax}".encode(), asked, draw(bodies(st.just(response), syntax=syntax))


@settings(max_examples=40)
@given(_drawn())
def test_drawn_exchanges_are_passed_unchanged(
    echo: tuple[Target, ProxyServer], exchange: tuple[bytes, bytes, bytes]
) -> None:
    """Whatever order and answer are drawn, in either syntax, valid or mutated: both sides see the same bytes."""
    target, proxy = echo
    content_type, asked, answered = exchange
    target.answer = answer_of(answered, content_type)
    before = proxy.journal.received
    sent = post(asked, content_type)
    direct, passed = talk(target.port, sent)[0], talk(proxy.port, sent)[0]
    first, second = target.received
    target.received.clear()
    assert second.body == first.body == asked
    assert second.head.without(b"host") == first.head.without(b"host")
    assert passed.body == direct.body == answered
    assert passed.head.without(FINDINGS) == direct.head.headers
    assert proxy.journal.received == before + 1
    assert proxy.journal[-1].check is not None
    if len(asked) < 256 * 1024:  # a larger one is judged while the answer is on its way
        assert proxy.journal[-1].ok == (passed.head.get(FINDINGS) is None)
