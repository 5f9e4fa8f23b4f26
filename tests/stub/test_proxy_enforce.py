"""The proxy that enforces: what breaks the contract does not pass."""

from __future__ import annotations

import gzip
import json

import pytest

from altcraft_contract.contract import load_contract
from altcraft_contract.conversion import convert
from altcraft_contract.documents.limits import Limits
from altcraft_contract.stub import ProxyServer, StubServer
from altcraft_contract.validation import RuleSelection
from tests.stub.proxy_targets import ANSWER, BAD_REQUEST, ENVELOPE, REQUEST, Target, answer_of, post, talk

FINDINGS = b"x-altcraft-contract-findings"
SMALL = Limits(max_bytes=20_000)
XML = b"Content-Type: application/xml"


def test_what_keeps_the_contract_passes_unchanged() -> None:
    """An exchange without errors is the same with and without the proxy."""
    sent = post(REQUEST, b"Content-Type: application/json", b"X-Two: 1", b"X-Two: 2")
    answer = answer_of(ANSWER, b"Content-Type: application/json", b"X-A: 1", b"X-A: 2")
    with Target(answer) as target, ProxyServer(target.url, mode="enforce") as proxy:
        direct, passed = talk(target.port, sent), talk(proxy.port, sent)
        first, second = target.received
        assert proxy.journal[0].outcome == "success"
    assert passed == direct
    assert (second.head.without(b"host"), second.body) == (first.head.without(b"host"), first.body)


def test_chunks_are_passed_as_chunks() -> None:
    """A body without a length comes to the other side without one."""
    request = post(b"%x\r\n%s\r\n0\r\n\r\n" % (len(REQUEST), REQUEST))
    request = request.replace(b"Content-Length: %d" % (len(REQUEST) + 12), b"Transfer-Encoding: chunked")
    answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(ANSWER), ANSWER)
    with Target(answer) as target, ProxyServer(target.url, mode="enforce") as proxy:
        passed = talk(proxy.port, request)[0]
        assert target.received[0].body == REQUEST
        assert target.received[0].head.get(b"transfer-encoding") == b"chunked"
    assert passed.body == ANSWER


@pytest.mark.parametrize("syntax", ["json", "xml"])
def test_a_request_with_errors_is_answered_as_the_stub_does(syntax: str) -> None:
    """It is not sent; the client gets what the stub would say, in the syntax of its request."""
    body = BAD_REQUEST if syntax == "json" else convert(BAD_REQUEST, to="xml")
    sent = post(body, f"Content-Type: application/{syntax}".encode())
    with StubServer() as stub, Target() as target, ProxyServer(target.url, mode="enforce") as proxy:
        expected, answer = talk(stub.port, sent)[0], talk(proxy.port, sent)[0]
        entry, counts = proxy.journal[0], proxy.journal.counts
        assert target.received == []
    assert (answer.status, answer.body) == (200, expected.body)
    assert answer.head.get(FINDINGS) == b"line-item-missing" == expected.head.get(FINDINGS)
    assert sorted(answer.head.without(b"date")) == sorted(expected.head.without(b"date"))
    assert (entry.refusal, entry.outcome, entry.error, entry.ok) == ("contract", "refused", 400, False)
    assert "the request was not sent to the target" in entry.notes
    assert (counts.refused, counts.failed) == (1, 1)


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (b"<html>", "malformed"),
        (b"", "malformed"),
        (ENVELOPE.replace(b"outdated", b"maybe"), "unknown-value"),
        (ENVELOPE.replace(b"order_12345", b"order_2"), "external-id-mismatch"),
    ],
)
def test_an_answer_with_errors_is_replaced(body: bytes, rule: str) -> None:
    """The client gets HTTP 502 and an envelope that names what was wrong; the journal has what the service said."""
    with Target(answer_of(body)) as target, ProxyServer(target.url, mode="enforce") as proxy:
        answer = talk(proxy.port, post())[0]
        entry = proxy.journal[0]
    told = json.loads(answer.body)
    assert (answer.status, told["error"]) == (502, 502)
    assert told["error_text"].startswith("the answer of the target breaks the contract: ")
    assert rule in told["error_text"]
    assert "the proxy answered HTTP 502 in its place" in entry.notes
    assert entry.answer is not None
    assert (entry.answer.status, entry.answer.body) == (200, body)
    assert rule in entry.rules


def test_the_replacement_is_in_the_syntax_of_the_request() -> None:
    """A client that speaks XML is told in XML."""
    order = load_contract().examples["request.xml"]
    with Target(answer_of(b"<html>", XML)) as target, ProxyServer(target.url, mode="enforce") as proxy:
        answer = talk(proxy.port, post(order, XML))[0]
    assert (answer.status, answer.body[:5]) == (502, b"<?xml")


def test_warnings_pass() -> None:
    """Only errors are held back, by the severities that the user has chosen."""
    body = ENVELOPE.replace(b'"status"', b'"extra": 1, "status"')
    with Target(answer_of(body)) as target, ProxyServer(target.url, mode="enforce") as proxy:
        assert talk(proxy.port, post())[0].body == body
        assert "unknown-field" in proxy.journal[0].rules
    rules = RuleSelection(severity={"unknown-field": "error"})
    with Target(answer_of(body)) as target, ProxyServer(target.url, mode="enforce", rules=rules) as proxy:
        assert talk(proxy.port, post())[0].status == 502


def test_what_is_over_the_limit_is_refused() -> None:
    """What cannot be checked for its size does not pass: HTTP 413 for a request, 502 for an answer."""
    large = b" " * 30_000
    with Target(answer_of(large)) as target, ProxyServer(target.url, mode="enforce", limits=SMALL) as proxy:
        refused = talk(proxy.port, post(large + REQUEST))[0]
        assert target.received == []
        replaced = talk(proxy.port, post())[0]
        first, second = proxy.journal
    assert (refused.status, replaced.status) == (413, 502)
    assert (first.refusal, second.refusal, second.outcome) == ("too-large", None, None)
    assert b"larger than 20000 bytes" in replaced.body


def test_a_bomb_is_refused() -> None:
    """What would be over the limit once decoded is over the limit."""
    bomb = gzip.compress(b" " * 10_000_000)
    headers = (b"Content-Type: application/json", b"Content-Encoding: gzip")
    with Target(answer_of(bomb, *headers)) as target, ProxyServer(target.url, mode="enforce", limits=SMALL) as proxy:
        assert talk(proxy.port, post(bomb, *headers))[0].status == 413
        assert talk(proxy.port, post())[0].status == 502


def test_other_encodings_pass_unchecked() -> None:
    """What is in an encoding that is not understood passes, and the journal says so."""
    headers = (b"Content-Type: application/json", b"Content-Encoding: br")
    with Target(answer_of(b"....", *headers)) as target, ProxyServer(target.url, mode="enforce") as proxy:
        assert talk(proxy.port, post(b"....", *headers))[0].body == b"...."
        notes = proxy.journal[0].notes
    assert [note.partition(" was not checked: its Content-Encoding")[0] for note in notes[:2]] == [
        "the request",
        "the answer",
    ]


def test_other_traffic_passes() -> None:
    """Only the endpoint is held to the contract."""
    with Target(answer_of(b"<html>")) as target, ProxyServer(target.url, mode="enforce") as proxy:
        assert talk(proxy.port, post(b"hi", path="/other"))[0].body == b"<html>"
