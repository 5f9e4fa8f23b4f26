"""The journal: complete, bounded, and without secrets."""

from __future__ import annotations

import json
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings

from altcraft_contract.renderers.json_report import finding_as_json
from altcraft_contract.renderers.redaction import Redactor
from altcraft_contract.stub import ENDPOINT_PATH, Journal, JournalEntry, Stub, StubServer
from altcraft_contract.stub.entry_json import secrets_of_request
from altcraft_contract.stub.traffic import Request
from tests.renderers.bodies import Body, bodies, damaged_bodies
from tests.stub.fakes import CONTENT_TYPES, EMAIL, PHONE, TOKEN, body_of, control, order, send, send_order, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.contract import Syntax

_MEMBERS = {
    "number",
    "time",
    "duration_ms",
    "method",
    "path",
    "headers",
    "syntax",
    "body",
    "body_bytes",
    "external_id",
    "ok",
    "findings",
    "refusal",
    "scenario",
    "is_repeat",
    "notes",
    "answer",
    "exchange_findings",
}


def _request(body: bytes = b"", *headers: tuple[bytes, bytes], query: bytes = b"") -> Request:
    return Request("POST", ENDPOINT_PATH, ((b"content-type", b"application/json"), *headers), body, query)


@pytest.mark.parametrize("syntax", ["json", "xml"])
def test_an_entry_tells_all(stub: StubServer, syntax: Syntax) -> None:
    """An entry has the request and the answer, as they were, apart from secrets."""
    request = order("order_7", email=EMAIL)
    reply = send_order(stub, request, syntax, x_request_id="42")
    (entry,) = stub.journal

    assert (entry.number, entry.syntax, entry.external_id, entry.ok) == (1, syntax, "order_7", True)
    assert entry.request.body == body_of(request, syntax)
    assert entry.request.header(b"x-request-id") == "42"
    assert entry.answer is not None
    assert (entry.answer.status, entry.answer.body) == (200, reply.body)
    (value,) = control(stub, "journal")[1]["entries"]
    assert value == entry.as_json()
    assert set(value) == _MEMBERS
    assert (value["method"], value["path"], value["syntax"]) == ("POST", ENDPOINT_PATH, syntax)
    assert (value["ok"], value["refusal"], value["scenario"], value["is_repeat"]) == (True, None, "success", False)
    assert ["x-request-id", "42"] in value["headers"]
    assert value["body_bytes"] == len(entry.request.body)
    assert value["answer"]["error"] == 0
    assert value["answer"]["outcome"] == "success"
    assert value["answer"]["body_bytes"] == len(reply.body)
    assert value["time"].endswith("Z")
    assert value["duration_ms"] >= 0


@pytest.mark.parametrize(
    ("body", "headers", "refusal"),
    [
        (b"{}", {}, "content-type"),
        (b"{}", {"content-type": "application/json"}, "contract"),
        (body_of(order()), {"content-type": "application/json", "prefer": "scenario=x"}, "scenario"),
    ],
)
def test_a_refusal_is_told(stub: StubServer, body: bytes, headers: dict[str, str], refusal: str) -> None:
    """An entry says why a request was refused, and how that was answered."""
    reply = send(stub.url, body, headers)
    (entry,) = control(stub, "journal")[1]["entries"]
    assert entry["refusal"] == refusal
    assert entry["answer"]["outcome"] == "refused"
    assert entry["answer"]["status"] == reply.status
    assert entry["answer"]["error"] == value_of(reply.body)["error"]
    assert entry["answer"]["error_text"] == value_of(reply.body)["error_text"]
    assert entry["scenario"] is None


def test_findings_are_those_of_lint(stub: StubServer) -> None:
    """The findings of an entry are written as `lint --format json` writes them."""
    request = {**order(), "unheard_of": 1}
    del request["data"]["status"]
    send_order(stub, request)
    (entry,) = stub.journal
    redactor = Redactor(body_of(request).decode())
    assert entry.as_json()["findings"] == [finding_as_json(finding, redactor) for finding in entry.findings]
    assert {finding.rule for finding in entry.findings} == {"missing-field", "unknown-field"}
    assert not entry.ok


def test_entries_are_chosen(stub: StubServer) -> None:
    """Entries are chosen by number, order and rule, as many as are asked for, the oldest first."""
    for number in range(1, 7):
        send_order(stub, {**order(f"order_{number % 2}"), **({"unheard_of": 1} if number > 4 else {})})

    def numbers(query: str) -> list[int]:
        return [entry["number"] for entry in control(stub, f"journal?{query}")[1]["entries"]]

    assert numbers("") == [1, 2, 3, 4, 5, 6]
    assert numbers("after=4") == [5, 6]
    assert numbers("after=1&limit=2") == [2, 3]
    assert numbers("limit=0") == []
    assert numbers("external_id=order_1") == [1, 3, 5]
    assert numbers("rule=unknown-field") == [5, 6]
    assert numbers("rule=unknown-field&external_id=order_0") == [6]
    assert numbers("external_id=&after=2") == []


def test_the_journal_is_a_sequence(stub: StubServer) -> None:
    """In Python the journal is a sequence of entries, the newest at the end."""
    for name in "abc":
        send_order(stub, order(name))
    journal = stub.journal
    assert [entry.external_id for entry in journal] == ["a", "b", "c"]
    assert [entry.external_id for entry in journal[1:]] == ["b", "c"]
    assert journal[-1].number == len(journal) == journal.received == 3
    with pytest.raises(IndexError):
        journal[3]
    assert repr(journal) == "<Journal of 3 requests, 3 kept>"
    assert repr(journal[0]) == "<JournalEntry 1: POST a success>"


def test_the_oldest_entries_go_first() -> None:
    """More entries than are kept push the oldest out, which are counted; numbers run on."""
    with StubServer(most_entries=3) as stub:
        for number in range(5):
            send_order(stub, order(f"order_{number}"))
        assert [entry.number for entry in stub.journal] == [3, 4, 5]
        value = control(stub, "journal?limit=1")[1]
        assert (value["received"], value["dropped"], value["entries"][0]["number"]) == (5, 2, 3)
        assert control(stub, "health")[1]["dropped"] == 2
        stub.journal.reset()
        assert (stub.journal.received, stub.journal.dropped, len(stub.journal)) == (0, 0, 0)


@pytest.mark.parametrize(
    "request_of_a_kilobyte",
    [
        _request(b" " * 1_000),
        _request(b"", (b"x", b" " * 1_000)),
        _request(query=b" " * 1_000),
        Request("POST", " " * 1_000, ()),
    ],
)
def test_what_is_kept_is_bounded(request_of_a_kilobyte: Request) -> None:
    """Whatever makes entries large, what is kept of them in all stays within bounds."""
    journal = Journal(most_bytes=100_000)
    for _ in range(100):
        journal.add(JournalEntry(request_of_a_kilobyte))
    assert 25 <= len(journal) <= 100  # an entry takes some memory beside its bytes
    assert journal.dropped == 100 - len(journal) > 0
    assert sum(entry.weight for entry in journal) <= 100_000


def test_a_test_may_wait_for_requests(stub: StubServer) -> None:
    """Who waits goes on as soon as so many requests have come in, and not later."""
    thread = Thread(target=lambda: [send_order(stub, order(name)) for name in "abc"])
    thread.start()
    stub.journal.wait_for(3)
    assert stub.journal.received == 3
    stub.journal.wait_for(3, timeout=0)
    thread.join()
    with pytest.raises(TimeoutError, match=r"3 of 4 requests came in within 0\.01 s"):
        stub.journal.wait_for(4, timeout=0.01)


def test_whoever_listens_is_told() -> None:
    """A listener is told of each entry when it is complete."""
    seen: list[Any] = []
    stub = Stub()
    stub.journal.listen(lambda entry: seen.append((entry.number, entry.outcome)))
    stub.receive(_request(body_of(order())))
    stub.receive(_request(b"{}"))
    stub.close()
    assert seen == [(1, "success"), (2, "refused")]


def _told(stub: StubServer) -> Iterator[str]:
    """All that the stub tells over HTTP."""
    for name in ("journal", "summary", "orders", "scenario", "prices", "health"):
        yield send(f"{stub.base_url}/__altcraft__/{name}", method="GET").body.decode()


@pytest.mark.parametrize("syntax", ["json", "xml"])
def test_secrets_are_not_told(stub: StubServer, syntax: Syntax) -> None:
    """Token, Authorization, address and number stand nowhere in what the stub tells, wherever they were sent."""
    body = body_of(order(email=EMAIL, phone=PHONE), syntax)
    secrets = {"authorization": f"Bearer {TOKEN}", "cookie": f"session={TOKEN}", "x-api-key": TOKEN, "x-note": EMAIL}
    for sent in (body, body[: len(body) // 2], body[:-1], body.replace(b"status", b"st\xfftus"), b"x" + body):
        for content_type in (CONTENT_TYPES[syntax], "text/plain"):
            send_order(stub, sent, syntax, **secrets, content_type=content_type)
            send(f"{stub.base_url}/{TOKEN}?email={EMAIL}&token={TOKEN}", sent, secrets)
    told = "".join(_told(stub))
    assert not [secret for secret in (TOKEN, EMAIL, PHONE) if secret in told]
    assert '"order_1"' in told


@given(body=bodies() | damaged_bodies())
def test_no_entry_shows_a_secret(body: Body) -> None:
    """No part of a token, an address or a number stands in an entry, nor do they in an answer's error_text."""
    stub = Stub()
    for syntax in CONTENT_TYPES.values():
        stub.receive(
            _request(body.text.encode(errors="surrogatepass"))._replace(
                headers=((b"content-type", syntax.encode()), (b"authorization", b"Bearer " + body.token.encode()))
            )
        )
    for entry in stub.journal:
        assert not body.leaks(json.dumps(entry.as_json(), ensure_ascii=False))
        assert not body.leaks(entry.error_text or "")
    stub.close()


def test_a_secret_beyond_what_is_kept_is_known() -> None:
    """Of a large body only the beginning is kept; a secret that stands behind that is masked in it all the same."""
    request = order(token=None, first=f"my {TOKEN}", more="x" * 2**20)
    stub = Stub()
    stub.receive(_request(body_of({**request, "token": TOKEN})))
    (entry,) = stub.journal
    assert TOKEN not in json.dumps(entry.as_json())
    stub.close()


def test_the_secrets_of_a_request_are_named() -> None:
    """Whoever logs a request by other means can ask for its secrets."""
    request = _request(body_of(order(email=EMAIL)), (b"authorization", b"Bearer of-the-header"))
    assert {TOKEN, EMAIL, "of-the-header"} <= secrets_of_request(request)


@settings(max_examples=10)
@given(body=bodies())
def test_an_entry_stays_as_it_was(body: Body) -> None:
    """However often an entry is looked at, it tells the same."""
    stub = Stub()
    stub.receive(_request(body.text.encode()))
    (entry,) = stub.journal
    assert entry.as_json() == entry.as_json()
    assert entry.findings == entry.findings
    stub.close()
