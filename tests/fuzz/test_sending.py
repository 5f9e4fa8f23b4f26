"""The way of a case to the target: secrets put in, journal kept, budget and turns taken, busy targets asked again."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from altcraft_contract.endpoint import ENDPOINT_PATH
from altcraft_contract.fuzz import connection
from altcraft_contract.fuzz.answer_reader import Broken
from altcraft_contract.fuzz.budget import Budget, CampaignEnded
from altcraft_contract.fuzz.identity import STAND_INS, Identity
from altcraft_contract.fuzz.sending import Sender
from altcraft_contract.fuzz.settings import Target
from altcraft_contract.target.guard import Guard
from altcraft_contract.target.order_journal import iter_attempts
from tests.fuzz.campaign_servers import busy, meeting, service
from tests.fuzz.exchanges import case
from tests.fuzz.hostile import hostile_server
from tests.fuzz.zoo.behaviour import RIGHT, TOKEN, Behaviour
from tests.fuzz.zoo.listener import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

IDENTITY = Identity(TOKEN, "zebra@example.com")


class Clock:
    """A clock that only waiting moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.now


class PatientBudget(Budget):
    """A budget whose waiting moves the clock, and takes no time."""

    def __init__(self, clock: Clock, max_time: float | None = None) -> None:
        super().__init__(100, None, max_time, clock=clock)
        self.waits: list[float] = []
        self.stopped.wait = self._wait  # type: ignore[method-assign]  # nobody sleeps in a test
        self._turned = clock

    def _wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout or 0.0)
        self._turned.now += timeout or 0.0
        return self.stopped.is_set()


@contextmanager
def sender_to(
    url: str, *, budget: Budget | None = None, told: list[tuple[float, str]] | None = None, **settings: Any
) -> Iterator[Sender]:
    """A sender to a target; *settings* as for `Guard`."""
    guard = Guard(url, **settings)
    listen = (lambda seconds, reason: told.append((seconds, reason))) if told is not None else None
    with Sender(Target(url, TOKEN), guard, IDENTITY, timeout=2.0, budget=budget, on_wait=listen) as sender:
        yield sender
    guard.close()


@pytest.mark.parametrize("syntax", ["json", "xml"])
def test_what_leaves_holds_the_real_values(syntax: Any) -> None:
    """The stand-ins of a case are replaced on the way; the exchange keeps both, and the answer."""
    with service() as shop, sender_to(shop.url) as sender:
        exchange = sender.send(case(syntax))

    (request,) = shop.requests
    assert request.target == ENDPOINT_PATH
    assert request.body == exchange.sent == IDENTITY.reveal(exchange.case.body, syntax)
    assert STAND_INS.token.encode() not in request.body
    assert exchange.outcome == "accepted"


def test_cases_share_one_connection() -> None:
    """Cases go on one connection, unless they want one of their own."""
    with service() as shop, sender_to(shop.url) as sender:
        for own in (False, False, True, False):
            sender.send(case(own_connection=own))

    assert [request.connection for request in shop.requests][:2] == [1, 1]
    assert shop.requests[2].connection == 2


def test_orders_are_written_down(tmp_path: Path) -> None:
    """Each order stands in the journal with what became of it, and with no secret."""
    path = tmp_path / "journal.ndjson"
    bad = case(body=b'{"skip_triggers": true, "external_id": "acf-00000000-2"}', external_id="acf-00000000-2")
    with service() as shop, sender_to(shop.url, journal=path) as sender:
        sender.send(case(title=f"a case of {IDENTITY.email}"))
        sender.send(bad)
        sender.send(case(body=b"{}", external_id=None))

    attempts = list(iter_attempts(path))
    assert [attempt.outcome for attempt in attempts] == ["accepted", "refused", "refused"]
    assert [attempt.external_id for attempt in attempts] == ["acf-00000000-1", "acf-00000000-2", None]
    assert [attempt.triggers for attempt in attempts] == ["skipped", "skipped", "run"]
    assert IDENTITY.email not in path.read_text()


def test_accepted_orders_are_counted() -> None:
    """What is accepted counts as an order; what is refused, outdated or broken does not."""
    budget = Budget(10, None, None)
    answers = iter(["accepted", "outdated", "refused"])

    def answering(_: Any, answer: dict[str, Any]) -> dict[str, Any]:
        kind = next(answers)
        if kind == "outdated":
            return {**answer, "data": {**answer["data"], "status": "outdated"}}
        return answer if kind == "accepted" else {"error": 400, "error_text": "no"}

    with service(Behaviour(answers=answering)) as shop, sender_to(shop.url, budget=budget) as sender:
        outcomes = [sender.send(case()).outcome for _ in range(3)]

    assert outcomes == ["accepted", "outdated", "refused"]
    assert (budget.requests, budget.orders) == (3, 1)


def test_nothing_leaves_without_budget() -> None:
    """Once the budget is used up, nothing is sent."""
    with service() as shop, sender_to(shop.url, budget=Budget(1, None, None)) as sender:
        sender.send(case())
        with pytest.raises(CampaignEnded, match="max-requests"):
            sender.send(case())

        assert len(shop.requests) == 1


def test_requests_wait_for_their_turn() -> None:
    """At two requests in a second, each but the first waits for half of one."""
    clock = Clock()
    budget = PatientBudget(clock)
    with service() as shop, sender_to(shop.url, budget=budget, clock=clock, rate_limit=2.0) as sender:
        for _ in range(4):
            sender.send(case())

    assert budget.waits == [0.5, 0.5, 0.5]
    assert len(shop.requests) == 4


@pytest.mark.parametrize(
    ("reply", "seconds"),
    [
        (busy(("Retry-After", "7")), 7.0),
        (busy(), 5.0),
        (busy(("Retry-After", "soon")), 5.0),
        (busy(("Retry-After", "3"), status=503), 3.0),
    ],
)
def test_a_busy_target_is_waited_for(reply: Reply, seconds: float) -> None:
    """After 429, or 503 with a time, the same case is sent again when its time has come, and the user is told."""
    clock = Clock()
    told: list[tuple[float, str]] = []
    budget = PatientBudget(clock)
    with (
        service(meeting(reply)) as shop,
        sender_to(shop.url, budget=budget, clock=clock, told=told) as sender,
    ):
        exchange = sender.send(case())

    assert exchange.outcome == "accepted"
    assert budget.waits == [seconds]
    assert told == [(seconds, "the target wants to be left alone")]
    assert [request.body for request in shop.requests] == [exchange.sent] * 2


def test_a_503_without_a_time_is_an_answer() -> None:
    """HTTP 503 alone is a failure of the server, and is not sent again."""
    with service(meeting(Reply(status=503))) as shop, sender_to(shop.url) as sender:
        assert sender.send(case()).answer.status == 503

    assert len(shop.requests) == 1


def test_waiting_ends_with_the_time() -> None:
    """Nobody waits beyond the end of the campaign."""
    clock = Clock()
    budget = PatientBudget(clock, max_time=3.0)
    with (
        service(meeting(busy(("Retry-After", "7")))) as shop,
        sender_to(shop.url, budget=budget, clock=clock) as sender,
        pytest.raises(CampaignEnded, match="max-time"),
    ):
        sender.send(case())

    assert budget.waits == [3.0]


def test_a_target_that_stays_busy_is_let_be() -> None:
    """After four answers that ask to come later the campaign ends."""
    with (
        service(Behaviour(meets=lambda _: busy(("Retry-After", "0")))) as shop,
        sender_to(shop.url) as sender,
        pytest.raises(CampaignEnded, match="rate-limited"),
    ):
        sender.send(case())

    assert len(shop.requests) == 4


def test_a_swallowed_request_is_sent_again() -> None:
    """What a connection swallows that had been used before is sent again on a new one, unless that is tested."""
    gone = Reply(wire=b"", closes=True)
    with service(meeting(None, gone, None, gone)) as shop, sender_to(shop.url) as sender:
        outcomes = [sender.send(case(), is_judged=False).outcome for _ in range(2)]
        last = sender.send(case(), repeats_dropped=False)

    assert outcomes == ["accepted", "accepted"]
    assert (last.outcome, last.answer.fault) == ("broken", "closed")
    assert len(shop.requests) == 4


def test_a_connection_that_is_dropped_at_once_is_told_of_twice() -> None:
    """A connection that is closed on a request right after an answer is a failure, until it has been told twice."""
    gone = Reply(wire=b"", closes=True)
    with service(meeting(None, gone, None, gone, None, gone, None)) as shop, sender_to(shop.url) as sender:
        exchanges = [sender.send(case()) for _ in range(6)]

    assert [one.outcome for one in exchanges] == ["accepted", "broken", "accepted", "broken", "accepted", "accepted"]
    assert all(one.answer.is_reused and one.answer.idle < 0.25 for one in exchanges if one.outcome == "broken")


def test_a_first_request_that_is_dropped_is_a_failure() -> None:
    """What a new connection swallows is not sent again."""
    with hostile_server("dies") as url, sender_to(url) as sender:
        exchange = sender.send(case())

    assert (exchange.outcome, exchange.answer.fault) == ("broken", "closed")


def test_a_target_that_takes_no_connection_is_tried_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A target that takes no connection is tried again after growing pauses, then given up; nothing was sent."""

    def refuse(*_: Any, **__: Any) -> None:
        raise Broken("refused-connection", "connection refused")

    clock = Clock()
    told: list[tuple[float, str]] = []
    budget = PatientBudget(clock)
    monkeypatch.setattr(connection, "open_wire", refuse)
    with (
        service(RIGHT) as shop,
        sender_to(shop.url, budget=budget, clock=clock, told=told, journal=tmp_path / "journal") as sender,
        pytest.raises(CampaignEnded, match="unreachable"),
    ):
        sender.send(case())

    assert shop.requests == []
    assert budget.waits == sorted(budget.waits)
    assert [reason for _, reason in told] == ["the target takes no connection"] * len(budget.waits)
    assert {attempt.outcome for attempt in iter_attempts(tmp_path / "journal")} == {"not-sent"}


def test_who_stops_ends_the_waiting() -> None:
    """A campaign that is stopped while a request waits sends nothing more."""
    budget = Budget(10, None, None)
    with (
        service(meeting(busy(("Retry-After", "50")))) as shop,
        sender_to(shop.url, budget=budget, told=_Stopper(budget)) as sender,
    ):
        with pytest.raises(CampaignEnded, match="interrupted"):
            sender.send(case())

        assert len(shop.requests) == 1


class _Stopper(list[tuple[float, str]]):
    """Stops a campaign when it is told that it waits."""

    def __init__(self, budget: Budget) -> None:
        super().__init__()
        self._budget = budget

    def append(self, told: tuple[float, str]) -> None:
        super().append(told)
        self._budget.stopped.set()
