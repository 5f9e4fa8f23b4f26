"""Cases that are sent again: what has become of their failures, and what leaves and stays."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.errors import ConfigurationFault, TargetUnreachable
from altcraft_contract.fuzz.case import Case
from altcraft_contract.fuzz.events import RequestSent
from altcraft_contract.fuzz.failure import Cause
from altcraft_contract.fuzz.identity import STAND_INS
from altcraft_contract.fuzz.replaying import ReplaySettings, renewed, replay_cases
from altcraft_contract.fuzz.settings import Target
from altcraft_contract.stub import StubServer
from altcraft_contract.target.order_journal import iter_attempts
from tests.fuzz.saved_cases import (
    EMAIL,
    FORGIVING,
    PHONE,
    RUN,
    TOKEN,
    accepted_failure,
    failure_of,
    order_of,
    plain_case,
    refused_failure,
    saved,
)
from tests.stub.proxy_targets import Target as Service
from tests.stub.proxy_targets import answer_of

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from pathlib import Path

    from altcraft_contract.contract import Syntax
    from altcraft_contract.fuzz.case_file import SavedCase
    from altcraft_contract.fuzz.events import Event
    from altcraft_contract.fuzz.replaying import Replayed
    from tests.stub.proxy_targets import Received

SETTINGS = ReplaySettings(email=EMAIL, phone=PHONE, timeout=5)
DATA = (
    b'{"external_id": "%s", "status": "success", "processing_target": "immediate", "issued_promocodes": [], '
    b'"points_changes": [], "contents": []}'
)
ACCEPTED = b'{"error": 0, "error_text": "Successful operation", "data": ' + DATA + b"}"
REFUSED = b'{"error": %d, "error_text": "Incorrect request"}'


def replay(case: SavedCase, url: str, settings: ReplaySettings = SETTINGS) -> Replayed:
    """Send one case again."""
    (replayed,) = replay_cases([case], Target(url, TOKEN), settings)
    return replayed


def answers(*bodies: bytes) -> Callable[[Received, socket.socket], bytes]:
    """What answers with each body in turn, each about the order that it answers."""
    turns = iter(bodies)

    def answer(request: Received, _: socket.socket) -> bytes:
        body = next(turns)
        found = re.search(rb"acf-[0-9a-f]{8}-[0-9]+", request.body)
        return answer_of(body % found[0] if found is not None and b"%s" in body else body)

    return answer


@pytest.mark.parametrize("syntax", ["json", "xml"])
def test_a_failure_lasts_until_the_target_is_fixed(syntax: Syntax) -> None:
    """A target that still takes what breaks the rule is still failing, and one that refuses it is fixed."""
    case = saved(accepted_failure(syntax))

    with StubServer(rules=FORGIVING) as faulty, StubServer() as right:
        before, after = replay(case, faulty.url), replay(case, right.base_url)

    assert (before.verdict, after.verdict) == ("still-failing", "fixed")
    assert before.message == "a request that breaks `invalid-decimal` is answered with `error` 0 (a word)"
    assert after.message == "answered as it should be: error 400"
    assert after.steps[0].received.outcome == "refused"


def test_orders_are_new_ones_with_the_values_of_today() -> None:
    """Each time an order leaves with another id of the same length, and with token and e-mail instead of stand-ins."""
    case = saved(accepted_failure())

    with Service(answers(*[REFUSED % 400] * 4)) as service:
        replayed = [*replay_cases([case, case], Target(service.url, TOKEN), SETTINGS), replay(case, service.url)]
        bodies = [json.loads(request.body) for request in service.received]

    ids = [body["external_id"] for body in bodies]
    assert len({*ids, f"{RUN}-17"}) == 4
    assert all(re.fullmatch("acf-[0-9a-f]{8}-17", id_) for id_ in ids)
    assert {(body["token"], body["email"]) for body in bodies} == {(TOKEN, EMAIL)}
    assert [step.case.external_id for one in replayed for step in one.steps] == ids


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (answer_of(b"<html>", status=b"500 Oops"), "another failure: the answer is HTTP 500"),
        (answer_of(b'{"error": 400}'), "another failure: the answer breaks the contract: "),
        (
            answer_of(b"<html>", b"Content-Type: text/html", status=b"404 Not Found"),
            "another failure: the answer is no",
        ),
        (answer_of(REFUSED % 401), "no verdict: the token is refused (error 401)"),
        (answer_of(REFUSED % 400, status=b"403 Forbidden"), "no verdict: the token is refused (error 400)"),
    ],
)
def test_whatever_else_comes_is_a_change(answer: bytes, message: str) -> None:
    """An answer that is neither the failure nor right is told with what came."""
    with Service(answer) as service:
        replayed = replay(saved(accepted_failure()), service.url)

    assert replayed.verdict == "changed"
    assert replayed.message.startswith(message)
    assert replayed.steps[0].received.status == int(answer.split()[1])


@pytest.mark.parametrize(
    ("cause", "answer", "verdict"),
    [
        (Cause("server-error", "", "/data/tags", "HTTP 500", "a text"), b"", "still-failing"),
        (Cause("server-error", "", "/data/tags", "HTTP 502", ""), b"", "changed"),
        (
            Cause("content-type", "", "Content-Type of JSON", "type", ""),
            b"Content-Type: text/plain",
            "still-failing",
        ),
        (Cause("content-type", "", "Content-Type of XML", "type", ""), b"Content-Type: text/plain", "changed"),
    ],
)
def test_a_failure_is_known_again(cause: Cause, answer: bytes, verdict: str) -> None:
    """The place in a request may have been told otherwise; that in an answer, and what it said, have to be the same."""
    reply = answer_of(REFUSED % 400, answer) if answer else answer_of(b"<html>", status=b"500 Oops")

    with Service(reply) as service:
        assert replay(saved(failure_of(plain_case(), cause=cause)), service.url).verdict == verdict


def test_a_refused_token_may_be_what_is_right() -> None:
    """Where the token is what is wrong, or nothing can be read, a refusal of the token is the remedy."""
    cause = Cause("authentication", "missing-field", "no token", "accepted", "")
    order = {name: value for name, value in order_of().items() if name != "token"}
    bare = plain_case(body=json.dumps(order).encode(), title="no token", place="/token", expected="refused")
    unreadable = accepted_failure(body=b'{"token": "%s"' % STAND_INS.token.encode())

    for failure in (failure_of(bare, cause=cause), replace(unreadable, phase="malformed")):
        with Service(answer_of(REFUSED % 401)) as service:
            assert replay(saved(failure), service.url).verdict == "fixed"


@pytest.mark.parametrize(
    ("bodies", "verdict", "message"),
    [
        ((ACCEPTED, ACCEPTED, ACCEPTED), "fixed", "answered as it should be: error 0"),
        ((ACCEPTED, REFUSED % 400, ACCEPTED), "still-failing", "a valid order is refused with error 400"),
        ((ACCEPTED, REFUSED % 402, ACCEPTED), "changed", "another failure: a valid order is refused with error 402"),
        ((REFUSED % 400, ACCEPTED, ACCEPTED), "changed", "no verdict: the plain order beside it is not accepted"),
        ((REFUSED % 400, REFUSED % 400, REFUSED % 400), "changed", "no verdict: the plain order beside it"),
        ((ACCEPTED, REFUSED % 401, ACCEPTED), "changed", "no verdict: the token is refused"),
    ],
)
def test_controls_are_heeded(bodies: tuple[bytes, ...], verdict: str, message: str) -> None:
    """A refusal counts only between two plain orders that are accepted."""
    with Service(answers(*bodies)) as service:
        replayed = replay(saved(refused_failure()), service.url)

    assert replayed.verdict == verdict
    assert replayed.message.startswith(message)
    assert len(replayed.steps) == 3


def test_nothing_secret_is_kept() -> None:
    """What came is kept without the token, the e-mail and the telephone number, wherever they stood."""
    body = json.dumps({"error": 400, "error_text": f"{TOKEN} {EMAIL} {PHONE}", "token": TOKEN}).encode()

    with Service(answer_of(body, b"Content-Type: application/json", b"X-Token: " + TOKEN.encode())) as service:
        replayed = replay(saved(accepted_failure()), service.url)

    assert not {secret for secret in (TOKEN, EMAIL, PHONE) if secret in repr(replayed)}


def test_a_long_answer_is_cut_off() -> None:
    """Of a long answer the beginning is kept, and its size."""
    body = b'{"error": 400, "error_text": "%s"}' % (b"long " * 10_000)

    with Service(answer_of(body)) as service:
        (step,) = replay(saved(accepted_failure()), service.url).steps

    assert (step.received.size, step.received.is_cut) == (len(body), True)
    assert len(step.received.text) < len(body)


def test_a_target_that_is_gone_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the target takes no connection, what has been replayed is kept and the rest is a fault."""
    monkeypatch.setattr("altcraft_contract.fuzz.sending._PAUSES", ())
    case = saved(accepted_failure())
    with StubServer() as stub:
        url = stub.base_url
        replays = replay_cases([case, case], Target(url, TOKEN), SETTINGS)
        assert next(replays).verdict == "fixed"

    with pytest.raises(TargetUnreachable) as caught:
        next(replays)

    assert caught.value.target == url


def test_only_allowed_hosts_are_sent_to(tmp_path: Path) -> None:
    """Another host has to be allowed, and needs a journal."""
    case = saved(accepted_failure())

    with pytest.raises(ConfigurationFault, match="is not this machine and is not allowed"):
        replay_cases([case], Target("http://staging.example", TOKEN), SETTINGS)
    with pytest.raises(ConfigurationFault, match="a target off this machine needs one"):
        replay_cases([case], Target("http://staging.example", TOKEN, ["staging.example"]), SETTINGS)
    replay_cases(
        [case],
        Target("http://staging.example", TOKEN, ["staging.example"]),
        replace(SETTINGS, journal=tmp_path / "orders.ndjson"),
    ).close()  # type: ignore[attr-defined]  # it is a generator


def test_every_order_is_in_the_journal(tmp_path: Path) -> None:
    """The journal tells of each order with its outcome, by its new id."""
    journal = tmp_path / "orders.ndjson"

    with Service(answers(ACCEPTED, ACCEPTED, ACCEPTED)) as service:
        replayed = replay(saved(refused_failure()), service.url, replace(SETTINGS, journal=journal))

    attempts = list(iter_attempts(journal))
    assert [attempt.external_id for attempt in attempts] == [step.case.external_id for step in replayed.steps]
    assert {(attempt.outcome, attempt.triggers) for attempt in attempts} == {("accepted", "skipped")}
    assert TOKEN not in journal.read_text("utf-8")


def test_a_listener_is_told_of_each_request() -> None:
    """Events come as in a campaign."""
    events: list[Event] = []

    with Service(answers(ACCEPTED, ACCEPTED, ACCEPTED)) as service:
        list(replay_cases([saved(refused_failure())], Target(service.url, TOKEN), SETTINGS, on_event=events.append))

    sent = [event for event in events if isinstance(event, RequestSent)]
    assert [(event.title, event.requests, event.orders) for event in sent] == [
        ("a plain order", 1, 1),
        ("a region", 2, 2),
        ("a plain order", 3, 3),
    ]


def test_a_slow_answer_is_no_other_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """How long answers take decides of cases only that are about it."""
    for bound in ("_LEAST", "_TIMES", "_PER_MEGABYTE"):
        monkeypatch.setattr(f"altcraft_contract.fuzz.oracles.latency.{bound}", 0)
    late = failure_of(plain_case(), cause=Cause("latency", "", "a plain order", "late", ""))

    with Service(answers(REFUSED % 400, REFUSED % 400)) as service:
        verdicts = [replay(saved(failure), service.url).verdict for failure in (accepted_failure(), late)]

    assert verdicts == ["fixed", "still-failing"]


SPELLINGS: list[Callable[[str], bytes]] = [
    str.encode,
    lambda text: text.encode("utf-16"),
    lambda text: text.encode("utf-16-be"),
    lambda text: "".join(f"\\u{ord(character):04x}" for character in text).encode(),
    lambda text: "".join(f"\\u{ord(character):04X}" for character in text).encode(),
    lambda text: "".join(f"&#{ord(character)};" for character in text).encode(),
    lambda text: "".join(f"&#x{ord(character):X};" for character in text).encode(),
    lambda text: f"{text[:7]}<!-- within -->{text[7:]}".encode(),
]


@given(
    spell=st.sampled_from(SPELLINGS),
    parts=st.tuples(st.binary(), st.binary()),
    run=st.from_regex("acf-[0-9a-f]{8}", fullmatch=True),
)
def test_ids_are_renewed_however_they_are_spelt(
    spell: Callable[[str], bytes], parts: tuple[bytes, bytes], run: str
) -> None:
    """The run in a body is replaced in its spelling, and not a byte beside it."""
    before, after = parts
    case = Case(title="", syntax="json", body=before + spell(RUN) + after, external_id=f"{RUN}-1")

    (step,) = renewed(replace(saved(accepted_failure()), steps=(case,)), fresh=lambda: run)

    assert step.body.lower() == (before + spell(run) + after).lower()
    assert step.external_id == f"{run}-1"
