"""The live target: a test's orders really go to a service, under the rules of safety; here that is a stub."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from altcraft_contract import strategies as st
from altcraft_contract.contract import load_contract
from altcraft_contract.documents.document import read_document
from altcraft_contract.errors import ConfigurationFault
from altcraft_contract.stub import ENDPOINT_PATH, StubServer
from altcraft_contract.target.guard import Guard
from altcraft_contract.target.order_journal import iter_attempts
from altcraft_contract.testing.live.live_target import LiveSettings, LiveTarget
from altcraft_contract.testing.observing import forget, observe
from altcraft_contract.validation import check_request
from tests.stub.fakes import PATIENCE, TOKEN, body_of, order, send, value_of
from tests.stub.proxy_targets import ENVELOPE, Target, answer_of, post, reset, talk
from tests.target.fakes import Ticking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from altcraft_contract.contract import Syntax
    from altcraft_contract.target.order_journal import Attempt
    from tests.stub.clients.clients import Reply
    from tests.stub.proxy_targets import Received

JOURNAL = "orders.ndjson"
BAD = order(data={})
SYNTAXES: tuple[Syntax, ...] = ("json", "xml")


@pytest.fixture
def staging() -> Iterator[StubServer]:
    """A service that wants its token."""
    with StubServer(token=TOKEN) as staging:
        yield staging


@contextmanager
def _live(url: str, path: Path, *, proxy: dict[str, Any] | None = None, **members: Any) -> Iterator[LiveTarget]:
    live_settings = LiveSettings(url=url, journal=path / JOURNAL, **{"token": TOKEN, **members})
    guard = live_settings.open_guard()
    try:
        with LiveTarget(live_settings, guard, test="tests/test_shop.py::test_order", **proxy or {}) as live:
            yield live
    finally:
        guard.close()


def _attempts(path: Path) -> list[Attempt]:
    return list(iter_attempts(path / JOURNAL))


def _outcomes(path: Path) -> list[str]:
    return [attempt.outcome for attempt in _attempts(path)]


def _send(live: LiveTarget, body: dict[str, Any] | bytes, syntax: Syntax = "json", **headers: str) -> Reply:
    body = body if isinstance(body, bytes) else body_of(body, syntax)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return send(live.url, body, {"content-type": f"application/{syntax}", **named})


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_an_order_goes_to_the_target(staging: StubServer, tmp_path: Path, syntax: Syntax) -> None:
    """The target confirms it, the client gets its answer, and all three journals have it."""
    with _live(staging.url, tmp_path) as live:
        reply = _send(live, order(token=live.token), syntax)
        problems = live.problems()
    assert (reply.status, value_of(reply.body, syntax)["error"]) == (200, 0)
    assert [entry.external_id for entry in staging.journal] == ["order_1"]
    assert [(entry.external_id, entry.ok, entry.outcome) for entry in live.journal] == [("order_1", True, "success")]
    (attempt,) = _attempts(tmp_path)
    assert (attempt.external_id, attempt.test, attempt.triggers) == (
        "order_1",
        "tests/test_shop.py::test_order",
        "skipped",
    )
    assert (attempt.outcome, attempt.status, attempt.error) == ("accepted", 200, 0)
    assert attempt.target == staging.base_url
    assert problems == ""


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_triggers_are_skipped_on_the_way(staging: StubServer, tmp_path: Path, syntax: Syntax) -> None:
    """The target is told to skip them, whatever the client says; the test's journal has what the client sent."""
    for skips in (None, False, True):
        with _live(staging.url, tmp_path) as live:
            body = body_of(order(f"order_{skips}", skip_triggers=skips), syntax)
            _send(live, body, syntax)
            assert live.journal[0].request.body == body
            notes = live.journal[0].notes
            assert ("skip_triggers was set on the way to the target" in notes) is (skips is not True)
        received = staging.journal[-1]
        assert _request_in(received.request.body, syntax)["skip_triggers"] is True
        assert (received.request.body == body) is (skips is True)


def _request_in(body: bytes, syntax: Syntax) -> dict[str, Any]:
    """The JSON form of a request."""
    return read_document(body, load_contract().request_shape, syntax=syntax).value


def test_with_triggers_a_body_is_sent_as_it_is(staging: StubServer, tmp_path: Path) -> None:
    """Who asks for triggers gets what the client says, and the journal of orders tells them apart."""
    with _live(staging.url, tmp_path, with_triggers=True) as live:
        for number, skips in enumerate((None, False, True)):
            body = body_of(order(f"order_{number}", skip_triggers=skips))
            _send(live, body)
            assert staging.journal[-1].request.body == body
    assert [attempt.triggers for attempt in _attempts(tmp_path)] == ["run", "run", "skipped"]


def test_chunks_and_other_headers_arrive(tmp_path: Path) -> None:
    """A body without a length is sent without one, and headers but `Host` and the length are the client's."""
    body = body_of(order())
    with Target() as target, _live(target.url, tmp_path) as live:
        connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=PATIENCE)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {TOKEN}", "X-Shop": "1"}
        connection.request("POST", ENDPOINT_PATH + "?a=%2F", iter([body[:9], body[9:]]), headers, encode_chunked=True)
        assert connection.getresponse().read() == ENVELOPE
        connection.close()
        _send(live, body)
        chunked, plain = target.received
    assert chunked.head.line == f"POST {ENDPOINT_PATH}?a=%2F HTTP/1.1".encode()
    assert chunked.head.get(b"transfer-encoding") == b"chunked"
    assert chunked.head.get(b"content-length") is None
    assert (chunked.head.get(b"x-shop"), chunked.head.get(b"authorization")) == (b"1", f"Bearer {TOKEN}".encode())
    assert chunked.body == plain.body == b'{"skip_triggers": true, ' + body[1:]
    assert plain.head.get(b"content-length") == str(len(plain.body)).encode()


def test_a_prefix_of_the_target_is_kept(tmp_path: Path) -> None:
    """A target below a path gets its requests there."""
    with Target() as target, _live(f"{target.url}/market{ENDPOINT_PATH}", tmp_path) as live:
        _send(live, order())
        assert target.received[0].head.line.split()[1] == b"/market" + ENDPOINT_PATH.encode()


def test_a_request_with_errors_is_not_sent(staging: StubServer, tmp_path: Path) -> None:
    """The client is refused as by the stub, the target gets nothing, and the test hears of the client's mistake."""
    with _live(staging.url, tmp_path) as live:
        reply = _send(live, BAD)
        problems = live.problems()
        entry = live.journal[0]
    assert (reply.status, value_of(reply.body)["error"]) == (200, 400)
    assert all(rule in value_of(reply.body)["error_text"] for rule in _rules_of(BAD))
    assert (staging.journal.received, _outcomes(tmp_path)) == (0, [])
    assert (entry.refusal, entry.ok) == ("contract", False)
    assert "1 of 1 request breaks the contract" in problems
    assert "fault of the client" not in problems


def test_a_request_that_the_test_allows_is_sent(staging: StubServer, tmp_path: Path) -> None:
    """A wrong request goes to the target while it is allowed, with triggers skipped, and only then."""
    with _live(staging.url, tmp_path) as live:
        with live.allow_invalid():
            _send(live, BAD)
        assert staging.journal.received == 1
        assert json.loads(staging.journal[0].request.body)["skip_triggers"] is True
        assert live.problems() == ""
        _send(live, BAD)
        assert staging.journal.received == 1
        assert live.problems()
    assert _outcomes(tmp_path) == ["refused"]


def test_only_the_rules_that_are_named_are_allowed(staging: StubServer, tmp_path: Path) -> None:
    """A request that breaks another rule than the test allows stays here."""
    request = order(skip_triggers="yes")
    with _live(staging.url, tmp_path) as live:
        live.allow_invalid(_rules_of(BAD))
        _send(live, request)
        assert staging.journal.received == 0


def _rules_of(request: dict[str, Any]) -> set[str]:
    return {finding.rule for finding in check_request(request).errors}


def test_what_is_not_understood_is_not_sent_even_if_allowed(staging: StubServer, tmp_path: Path) -> None:
    """Where triggers cannot be skipped for certain, the order stays here, and the test says why."""
    with _live(staging.url, tmp_path) as live:
        live.allow_invalid()
        for body in (b"{", b"", b"[]", b'{"skip_triggers": "no", "token": "marked-secret"}', b'{"a":1,"a":1}'):
            reply = _send(live, body)
            assert reply.status == 403
            assert "not sent to the target" in value_of(reply.body)["error_text"]
        problems = live.problems()
    assert (staging.journal.received, _outcomes(tmp_path)) == (0, [])
    assert "not sent to the target: skip_triggers cannot be set in it" in problems
    assert "--altcraft-with-triggers sends it as it is" in problems
    assert "marked-secret" not in problems


def test_with_triggers_whatever_is_allowed_is_sent(tmp_path: Path) -> None:
    """Who asks for triggers and allows wrong requests can send any bytes."""
    bodies = [b"{", b"\xff\x00", b""]
    with Target() as target, _live(target.url, tmp_path, with_triggers=True) as live:
        live.allow_invalid()
        for body in bodies:
            assert _send(live, body).body == ENVELOPE
        assert [received.body for received in target.received] == bodies
    assert [attempt.external_id for attempt in _attempts(tmp_path)] == [None] * 3


@pytest.mark.parametrize(
    ("method", "path", "headers", "refusal"),
    [
        ("GET", ENDPOINT_PATH, {}, (405, "method")),
        ("PUT", ENDPOINT_PATH, {}, (405, "method")),
        ("POST", "/", {}, (404, "path")),
        ("POST", f"/x{ENDPOINT_PATH}", {}, (404, "path")),
        ("POST", f"{ENDPOINT_PATH}/", {}, (404, "path")),
        ("POST", f"/..{ENDPOINT_PATH}", {}, (404, "path")),
        ("DELETE", "/api/v1.1/profiles", {}, (404, "path")),
        ("POST", ENDPOINT_PATH, {"content-type": "text/plain"}, (415, "content-type")),
        ("POST", ENDPOINT_PATH, {"content-encoding": "gzip"}, (415, "content-type")),
    ],
)
def test_nothing_else_is_passed_on(
    tmp_path: Path, method: str, path: str, headers: dict[str, str], refusal: tuple[int, str]
) -> None:
    """Other paths, methods and kinds of body are refused as by the stub, and never reach the target."""
    body = gzip.compress(body_of(order())) if "content-encoding" in headers else body_of(order())
    with Target() as target, _live(target.url, tmp_path) as live:
        live.allow_invalid()
        reply = send(live.base_url + path, body, {"content-type": "application/json", **headers}, method=method)
        assert target.received == []
        assert live.journal[0].notes == ("the request was not sent to the target",)
        assert (reply.status, live.journal[0].refusal) == refusal
    assert _outcomes(tmp_path) == []


def test_a_second_encoding_is_not_sent(tmp_path: Path) -> None:
    """A body whose encoding is told in two headers cannot be checked, and stays here."""
    headers = (b"Content-Type: application/json", b"Content-Encoding: identity", b"Content-Encoding: br")
    with Target() as target, _live(target.url, tmp_path) as live:
        assert talk(live.port, post(body_of(order()), *headers))[0].status == 403
        assert target.received == []
        assert "it could not be checked" in live.problems()


def test_the_control_calls_are_local(tmp_path: Path) -> None:
    """The journal can be looked at while tests run, and that never reaches the target."""
    with Target() as target, _live(target.url, tmp_path) as live:
        assert send(f"{live.base_url}/__altcraft__/journal", method="GET").status == 200
        assert target.received == []


def test_a_wrong_answer_is_passed_on_and_told(tmp_path: Path) -> None:
    """The client gets what the target said, and the test hears that this is the target's mistake."""
    wrong = b'{"data": {"external_id": "order_1", "status": "done"}, "error": 0, "error_text": "Zoe: zoe@example.com"}'
    with Target(answer_of(wrong)) as target, _live(target.url, tmp_path) as live:
        url, reply = target.url, _send(live, order())
        problems = live.problems()
    assert reply.body == wrong
    assert f"1 of 1 answer breaks the contract; they come from the target at {url}, and no fault" in problems
    assert "exchange 1: answer" in problems
    assert "zoe@example.com" not in problems
    assert TOKEN not in problems
    assert _outcomes(tmp_path) == ["accepted"]


def test_an_answer_to_another_order_is_told(tmp_path: Path) -> None:
    """What request and answer say together is judged, too."""
    with Target() as target, _live(target.url, tmp_path) as live:
        _send(live, order("order_1"))
        problems = live.problems()
    assert "order_12345" in problems
    assert "no fault of the client" in problems


def test_wrong_answers_survive_a_reset(tmp_path: Path) -> None:
    """A test that resets the journal hears of what was wrong before."""
    with Target(answer_of(b"{")) as target, _live(target.url, tmp_path) as live:
        _send(live, order())
        live.reset()
        assert live.journal.received == 0
        assert "1 of 1 answer breaks" in live.problems()


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (answer_of(b'{"error": 401, "error_text": "x"}'), "refused"),
        (answer_of(b'{"error": 401, "error_text": "x"}', status=b"401 Unauthorized"), "refused"),
        (answer_of(), "outdated"),
        (answer_of(b"<html>", b"Content-Type: text/html", status=b"502 Bad Gateway"), "unknown"),
        (answer_of(b"", status=b"500 Oops"), "unknown"),
        (answer_of(b"\xff\xfe\x00{"), "unknown"),
        (answer_of(b'{"error": "0"}'), "unknown"),
        (answer_of(b""), "unknown"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", "unknown"),
        (answer_of(gzip.compress(ENVELOPE), b"Content-Encoding: gzip"), "outdated"),
    ],
)
def test_whatever_comes_back_is_passed_and_written_down(tmp_path: Path, answer: bytes, outcome: str) -> None:
    """The client gets the bytes of the target; only what is certain counts as accepted or refused."""
    with Target(answer) as target, _live(target.url, tmp_path) as live:
        reply = _send(live, order("order_12345"))
        notes = live.journal[0].notes
    assert reply.status == int(answer.split()[1])
    assert reply.body == answer.partition(b"\r\n\r\n")[2]
    assert _outcomes(tmp_path) == [outcome]
    assert any("may exist" in note for note in notes) is (outcome == "unknown")


@pytest.mark.parametrize(
    "start", [b"", b"garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{", b"HTTP/1.1 200 OK\r\nA: "]
)
@pytest.mark.parametrize("is_reset", [True, False])
def test_an_answer_that_never_came_is_unknown(tmp_path: Path, start: bytes, is_reset: bool) -> None:
    """A target that dies after it got the order: the client is told, and the order may exist."""

    def die(_: Received, connection: socket.socket) -> None:
        connection.sendall(start)
        if is_reset:
            reset(connection)

    with Target(die) as target, _live(target.url, tmp_path) as live:
        reply = _send(live, order())
        problems = live.problems()
    assert reply.status == 502
    assert _outcomes(tmp_path) == ["unknown"]
    assert "no whole answer from" in problems
    assert "the order may exist at the target" in problems


def test_a_target_that_hangs_is_unknown(tmp_path: Path) -> None:
    """A target that never answers ends in a refusal when the time is over."""
    done = threading.Event()

    def hang(*_: object) -> None:
        done.wait(PATIENCE)

    with Target(hang) as target, _live(target.url, tmp_path, proxy={"read_timeout": 0.1}) as live:
        assert _send(live, order()).status == 502
        done.set()
    assert _outcomes(tmp_path) == ["unknown"]


def test_a_client_that_goes_away_leaves_its_order_unknown(tmp_path: Path) -> None:
    """An order whose client did not wait is in the journal before it leaves, and stays unknown."""
    arrived, done = threading.Event(), threading.Event()

    def hang(*_: object) -> None:
        arrived.set()
        done.wait(PATIENCE)

    with Target(hang) as target, _live(target.url, tmp_path) as live:
        with socket.create_connection(("127.0.0.1", live.port), PATIENCE) as connection:
            connection.sendall(post(body_of(order())))
            assert arrived.wait(PATIENCE)
            assert [(attempt.external_id, attempt.outcome) for attempt in _attempts(tmp_path)] == [
                ("order_1", "unknown")
            ]
        live.journal.wait_for(1)
        done.set()
    text = (tmp_path / JOURNAL).read_text()
    assert [json.loads(line)["event"] for line in text.splitlines()] == ["sent", "outcome"]
    assert _outcomes(tmp_path) == ["unknown"]


def test_stopping_leaves_orders_in_progress_unknown(tmp_path: Path) -> None:
    """A test that ends while an order is on its way: its outcome is written down as unknown."""
    arrived, done = threading.Event(), threading.Event()

    def hang(*_: object) -> None:
        arrived.set()
        done.wait(PATIENCE)

    with Target(hang) as target, socket.socket() as connection:
        with _live(target.url, tmp_path) as live:
            connection.connect(("127.0.0.1", live.port))
            connection.sendall(post(body_of(order())))
            assert arrived.wait(PATIENCE)
        done.set()
    assert len((tmp_path / JOURNAL).read_text().splitlines()) == 2
    assert _outcomes(tmp_path) == ["unknown"]


def test_an_order_that_could_not_leave_is_not_unknown(tmp_path: Path) -> None:
    """Where nobody listens, no order can exist."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with _live(f"http://127.0.0.1:{port}", tmp_path) as live:
        assert _send(live, order()).status == 502
        assert "no whole answer from" in live.problems()
        assert "may exist" not in live.problems()
    assert _outcomes(tmp_path) == ["not-sent"]


def test_the_journal_is_written_before_the_order_leaves(tmp_path: Path) -> None:
    """When the target gets an order, the line stands in the file; when the client has its answer, so does the other."""
    seen: list[list[str]] = []

    def look(*_: object) -> bytes:
        seen.append(_outcomes(tmp_path))
        return answer_of()

    with Target(look) as target, _live(target.url, tmp_path) as live:
        _send(live, order())
        assert _outcomes(tmp_path) == ["outdated"]
    assert seen == [["unknown"]]


def test_without_its_journal_no_order_leaves(tmp_path: Path) -> None:
    """If the file can no longer be written, the client is refused and the target gets nothing."""
    with Target() as target:
        live_settings = LiveSettings(url=target.url, journal=tmp_path / JOURNAL)
        guard = live_settings.open_guard()
        with LiveTarget(live_settings, guard) as live:
            guard.close()
            assert _send(live, order()).status == 403
            assert "the journal of orders" in live.problems()
        assert target.received == []


def test_a_redirect_does_not_lead_past_the_rules(tmp_path: Path) -> None:
    """The status is passed on but not where to go: a client that follows would leave the proxy."""
    answer = answer_of(
        b"", b"Location: http://127.0.0.1:9/x", b"Refresh: 0; url=/y", b'Alt-Svc: h2=":9"', b"X-A: 1",
        status=b"307 Temporary Redirect",
    )  # fmt: skip
    with Target(answer) as target, _live(target.url, tmp_path) as live:
        reply = _send(live, order())
        assert len(target.received) == 1
        assert "the target redirects" in live.journal[0].notes[-1]
        assert live.problems()
    assert reply.status == 307
    assert reply.headers.keys() & {"location", "refresh", "alt-svc", "x-a"} == {"x-a"}
    assert _outcomes(tmp_path) == ["unknown"]


def test_no_more_orders_than_agreed_leave(staging: StubServer, tmp_path: Path) -> None:
    """The limit holds for all tests of a process together; what is over it is refused, and the test says so."""
    live_settings = LiveSettings(url=staging.url, journal=tmp_path / JOURNAL, max_orders=3)
    guard = live_settings.open_guard()
    statuses, problems = [], ""
    for number in range(2):
        with LiveTarget(live_settings, guard) as live:
            statuses += [_send(live, order(f"order_{number}_{again}")).status for again in range(2)]
            problems = live.problems()
    guard.close()
    assert statuses == [200, 200, 200, 403]
    assert staging.journal.received == 3
    assert "3 orders have been sent" in problems
    assert "--altcraft-max-orders" in problems


def test_requests_wait_for_their_turn(tmp_path: Path) -> None:
    """At a rate orders leave one after the other, however many come at once."""
    clock, turns = Ticking(), []

    class Watched(Guard):
        def take_turn(self) -> float:
            delay = super().take_turn()
            if not delay:
                turns.append(clock.seconds)
            return delay

    with Target() as target, ThreadPoolExecutor() as pool:
        guard = Watched(target.url, journal=tmp_path / JOURNAL, rate_limit=10, clock=clock)
        with LiveTarget(LiveSettings(url=target.url), guard) as live:
            statuses = list(pool.map(lambda number: _send(live, order(f"order_{number}")).status, range(4)))
        guard.close()
    assert statuses == [200] * 4
    assert len(turns) == len(_attempts(tmp_path)) == 4
    assert min(later - earlier for earlier, later in pairwise(turns)) > 0.099


def test_who_does_not_wait_for_a_turn_sends_nothing(tmp_path: Path) -> None:
    """A client that goes away before its turn leaves no order."""
    with Target() as target, _live(target.url, tmp_path, rate_limit=0.1) as live:
        _send(live, order("order_1"))
        with socket.create_connection(("127.0.0.1", live.port), PATIENCE) as connection:
            connection.sendall(post(body_of(order("order_2"))))
        live.journal.wait_for(2)
        assert "the client went away before the answer was whole" in live.journal[1].notes
        assert len(target.received) == 1
    assert [attempt.external_id for attempt in _attempts(tmp_path)] == ["order_1"]


def test_a_target_that_has_had_too_much_is_left_alone(tmp_path: Path) -> None:
    """After a 429 with a long `Retry-After` nothing is sent, and the test says so instead of hanging."""
    answer = answer_of(b'{"error": 429, "error_text": "x"}', b"Retry-After: 3600", status=b"429 Too Many Requests")
    with Target(answer) as target, _live(target.url, tmp_path) as live:
        assert [_send(live, order(f"order_{number}")).status for number in range(2)] == [429, 403]
        assert len(target.received) == 1
        assert "Retry-After" in live.problems()


@pytest.mark.parametrize("call", ["use", "set_prices", "set_points"])
def test_what_needs_the_stub_skips_the_test(tmp_path: Path, call: str) -> None:
    """A test that chooses an answer cannot run against a live target."""
    with (
        Target() as target,
        _live(target.url, tmp_path) as live,
        pytest.raises(pytest.skip.Exception, match="need the stub"),
    ):
        getattr(live, call)("outdated", times=1)


def test_only_the_own_journal_can_be_reset(tmp_path: Path) -> None:
    """Forgetting what came in is possible; the state of the target is its own."""
    with Target() as target, _live(target.url, tmp_path) as live:
        _send(live, order())
        live.reset("journal")
        assert live.journal.received == 0
        with pytest.raises(pytest.skip.Exception):
            live.reset("journal", "state")


def test_a_missing_token_is_told_when_it_is_asked_for(tmp_path: Path) -> None:
    """A test that gives the client no token of ours can do without; one that asks fails with what to set."""
    with Target() as target, _live(target.url, tmp_path, token=None) as live:
        assert live.problems() == ""
        with pytest.raises(pytest.fail.Exception, match="ALTCRAFT_TOKEN is not set"):
            _ = live.token


def test_the_token_is_shown_nowhere(staging: StubServer, tmp_path: Path) -> None:
    """Neither settings nor journals nor failures hold it, and a leak of it by the client is told."""
    with _live(staging.url, tmp_path) as live:
        _send(live, order(f"id-{TOKEN}-1"))
        _send(live, {**BAD, "note": TOKEN})
        problems = live.problems([("stdout", f"sending with {TOKEN}")])
        shown = [repr(live), repr(LiveSettings(url="x", token=TOKEN)), json.dumps([e.as_json() for e in live.journal])]
    assert "the token has been given away" in problems
    assert not [text for text in (*shown, problems, (tmp_path / JOURNAL).read_text()) if TOKEN in text]


def test_a_target_that_is_not_allowed_is_refused(tmp_path: Path) -> None:
    """Without permission there is no guard, and the message names the option of pytest."""
    live_settings = LiveSettings(url="https://staging.example.com", journal=tmp_path / JOURNAL)
    with pytest.raises(ConfigurationFault, match="add --altcraft-allow-host"):
        live_settings.open_guard()
    assert not list(tmp_path.iterdir())


def test_observers_hear_of_both_sides(staging: StubServer, tmp_path: Path) -> None:
    """The coverage counts requests, answers and exchanges of a live target like those of the stub."""

    class Ear:
        def __init__(self) -> None:
            self.heard: list[str] = []

        def take_message(self, message: str, *_: object) -> None:
            self.heard.append(message)

        def take_exchange(self, *_: object) -> None:
            self.heard.append("exchange")

        def take_scenario(self, name: str) -> None:
            self.heard.append(name)

    ear = Ear()
    observe(ear)
    try:
        with _live(staging.url, tmp_path) as live:
            _send(live, order())
    finally:
        forget(ear)
    assert sorted(ear.heard) == ["exchange", "request", "response"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=some.data())
def test_valid_orders_pass_whatever_their_spelling(staging: StubServer, tmp_path: Path, data: some.DataObject) -> None:
    """However a valid request is spelt, the target takes what arrives for the same, without triggers."""
    syntax = data.draw(some.sampled_from(SYNTAXES))
    request = data.draw(st.requests())
    request["token"] = TOKEN
    body = data.draw(st.bodies(some.just(request), syntax=syntax))
    staging.reset()
    with _live(staging.url, tmp_path) as live:
        _send(live, body, syntax)
        assert live.problems() == ""
    (entry,) = staging.journal
    assert entry.ok
    assert _request_in(entry.request.body, syntax) == {**_request_in(body, syntax), "skip_triggers": True}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=some.binary() | st.malformed_bodies(), syntax=some.sampled_from(SYNTAXES))
def test_any_bytes_are_answered(staging: StubServer, tmp_path: Path, body: bytes, syntax: Syntax) -> None:
    """Whatever a client sends, it gets an answer, and nothing of that reaches the target."""
    staging.reset()
    with _live(staging.url, tmp_path) as live:
        assert _send(live, body, syntax).status == 200
        assert live.problems()
    assert staging.journal.received == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=some.binary(min_size=1), status=some.sampled_from((b"200 OK", b"404 No", b"500 Oops", b"299 Hm")))
def test_any_answer_is_passed_on(tmp_path: Path, body: bytes, status: bytes) -> None:
    """Whatever the target says, the client gets it byte for byte, and an outcome is written down."""
    before = len(_attempts(tmp_path)) if (tmp_path / JOURNAL).exists() else 0
    with Target(answer_of(body, status=status)) as target, _live(target.url, tmp_path) as live:
        assert _send(live, order()).body == body
        live.problems()
    assert len(_attempts(tmp_path)) == before + 1
