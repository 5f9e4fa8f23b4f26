"""Campaigns against servers of this machine: what they send, what they keep to, and how they end."""

from __future__ import annotations

from threading import Event as ThreadingEvent
from threading import Lock
from typing import TYPE_CHECKING, Any

import pytest

from altcraft_contract.errors import ConfigurationFault
from altcraft_contract.fuzz import (
    CampaignFinished,
    CampaignSettings,
    CampaignStarted,
    FailureFound,
    PhaseStarted,
    RequestSent,
    Target,
    Waiting,
    connection,
    run_campaign,
    wire,
)
from altcraft_contract.fuzz.answer_reader import Broken
from altcraft_contract.fuzz.budget import Budget
from altcraft_contract.fuzz.case import PHASES
from altcraft_contract.fuzz.orders import Orders
from altcraft_contract.fuzz.phases.malformed import iter_malformed
from altcraft_contract.strategies import Values
from altcraft_contract.stub import StubServer
from altcraft_contract.target.order_journal import iter_attempts
from tests.fuzz.campaign_servers import FINITE, Service, all_named, at_request, busy, by_oracle, meeting, service
from tests.fuzz.hostile import hostile_server
from tests.fuzz.zoo.behaviour import RIGHT, TOKEN, Behaviour
from tests.fuzz.zoo.listener import Reply
from tests.fuzz.zoo.samples import plain
from tests.fuzz.zoo.syntaxes import write_value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from altcraft_contract.fuzz import CampaignReport, Event
    from altcraft_contract.fuzz.wire import Wire

TAKES_BROKEN = Behaviour(mends=lambda body, syntax: write_value(plain(), syntax) if len(body) > 1 else body)
STUB_TOKEN = "stub-token-4711"  # noqa: S105 - of nobody


@pytest.fixture
def shop() -> Iterator[Service]:
    """A server without a fault."""
    with service() as running:
        yield running


@pytest.fixture(scope="module")
def whole() -> tuple[CampaignReport, list[Event], Service]:
    """A campaign of all phases against a server without a fault."""
    events: list[Event] = []
    with service() as running:
        report = running.campaign(max_requests=200, on_event=events.append)
    return report, events, running


def test_the_stub_passes() -> None:
    """Against the stub a campaign finds nothing, fills its matrix, and tells what the documentation is silent about."""
    with StubServer(token=STUB_TOKEN) as stub:
        report = run_campaign(Target(stub.base_url, STUB_TOKEN), CampaignSettings(max_requests=300, timeout=5))

    assert [failure.message for failure in report.failures] == []
    assert (report.exit_code, report.ok, report.requests) == (0, True, 300)
    assert sum(report.outcomes.values()) == 300
    assert report.outcomes["broken"] == 0
    assert any(row.json.enforcement == "enforced" for row in report.strictness)
    assert not any(row.json.accepted or row.xml.accepted for row in report.strictness if row.severity.value == "error")
    assert report.observations
    assert 0 < report.timing.least <= report.timing.median <= report.timing.p95 <= report.timing.most


def test_a_right_server_passes(whole: tuple[CampaignReport, list[Event], Service]) -> None:
    """A server without a fault has no failure, and its report counts what came there."""
    report, _, running = whole

    assert [failure.message for failure in report.failures] == []
    assert report.requests == len(running.requests) == 200
    assert [count.phase for count in report.phases] == list(PHASES)
    assert sum(count.requests for count in report.phases) == 200
    assert all(count.done <= count.planned for count in report.phases)
    assert report.outcomes["accepted"] == report.orders


def test_events_tell_of_all_that_happens(whole: tuple[CampaignReport, list[Event], Service]) -> None:
    """The first event tells of the plan, the last holds the report, and between them is one for each request."""
    report, events, _ = whole
    started = events[0]
    sent = [event for event in events if isinstance(event, RequestSent)]

    assert isinstance(started, CampaignStarted)
    assert (started.run, started.target, list(started.trials)) == (report.run, report.target, list(PHASES))
    assert events[-1] == CampaignFinished(report)
    assert [event.requests for event in sent] == list(range(1, 201))
    assert sent[-1].orders == report.orders
    assert [event.phase for event in events if isinstance(event, PhaseStarted)] == list(PHASES)[:7]


def test_every_order_skips_triggers(whole: tuple[CampaignReport, list[Event], Service]) -> None:
    """Whichever of two members of one name a reader takes, `skip_triggers` is true; what is broken begins with it."""
    for body in whole[2].bodies():
        said = {str(value).strip() for value in all_named("skip_triggers", body)}
        assert said <= {"True", "true", "1"}, body
        assert said or b"skip_triggers" in body[:200] or b"lines" not in body, body


def test_every_order_names_its_run(whole: tuple[CampaignReport, list[Event], Service]) -> None:
    """Every `external_id` that is a text of its own begins with the id of the run, and no two new orders share one."""
    report, _, running = whole
    names = [name for value in running.values() if isinstance(name := value.get("external_id"), str) and name.strip()]

    assert len(names) > 100
    assert [name for name in names if not name.startswith(f"{report.run}-")] == []


def test_the_same_seed_sends_the_same(shop: Service) -> None:
    """Two runs of one seed send the same bytes but for the ids of the runs, and another seed sends others."""
    settings: dict[str, Any] = {"phases": ("edge", "relations"), "max_requests": 150}
    sent = []
    for seed in (3, 3, 4):
        shop.requests.clear()
        shop.campaign(seed=seed, **settings)
        sent.append(shop.bodies())

    assert sent[0] == sent[1]
    assert sent[0] != sent[2]


def test_finite_phases_finish(shop: Service) -> None:
    """Where all that is planned has been sent, the campaign has finished, whatever is left of its requests."""
    report = shop.campaign(phases=("examples", "malformed"))

    assert (report.ending, report.exit_code) == ("finished", 0)
    assert report.ending_detail == "everything that was planned was sent"
    assert all(count.done == count.planned for count in report.phases)


def test_another_host_must_be_allowed(tmp_path: Path) -> None:
    """A host that is not this machine is refused before anything is sent or written."""
    settings = CampaignSettings(directory=tmp_path / "state")

    with pytest.raises(ConfigurationFault, match="--allow-host"):
        run_campaign(Target("http://shop.invalid/", TOKEN), settings)
    assert not (tmp_path / "state").exists()


def test_an_allowed_host_is_sent_to(tmp_path: Path) -> None:
    """A host that is allowed is tried; where nobody is found, the campaign says so."""
    settings = CampaignSettings(phases=("examples",), directory=tmp_path, rate_limit=1000, max_time=0.2, timeout=0.1)
    target = Target("http://shop.invalid:8075/", TOKEN, allow_hosts=["shop.invalid"])

    report = run_campaign(target, settings)

    assert report.ending in ("unreachable", "max-time")
    assert report.orders == 0


def test_with_triggers_orders_may_run_them(shop: Service) -> None:
    """With triggers, some orders do not skip them."""
    shop.campaign(phases=("valid",), max_requests=100, with_triggers=True)

    assert any(b"skip_triggers" not in body or b"false" in body[:200] for body in shop.bodies())


def test_no_more_requests_than_were_given() -> None:
    """The campaign sends as many requests as it was given, those to confirm and to shrink included."""
    with service(TAKES_BROKEN) as faulty:
        report = faulty.campaign(phases=("malformed", "relations"), max_requests=60)

        assert report.requests == len(faulty.requests) == 60
    assert (report.ending, report.exit_code) == ("max-requests", 1)


def test_no_more_orders_than_were_allowed(shop: Service) -> None:
    """Once as many orders were accepted as may be, nothing more is sent."""
    report = shop.campaign(phases=("examples", "edge"), max_orders=10)

    assert (report.ending, report.orders) == ("max-orders", 10)
    assert len(shop.requests) >= 10
    assert report.exit_code == 0


def test_no_more_time_than_was_given(shop: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the time is over, nothing more is sent, and that alone is no failure."""
    monkeypatch.setattr(Budget, "seconds", property(lambda budget: float(budget.requests)))
    report = shop.campaign(phases=("edge",), max_time=5.0)

    assert (report.ending, report.exit_code, len(shop.requests)) == ("max-time", 0, 5)
    assert "--max-time" in report.ending_detail


def test_enough_failures_are_enough() -> None:
    """The campaign ends with the failure that fills its number of causes, and reports it."""
    with service(Behaviour(replies=lambda _, __: Reply(status=500))) as faulty:
        report = faulty.campaign(phases=FINITE, max_failures=2)

    assert (report.ending, len(report.failures), report.exit_code) == ("max-failures", 2, 1)


def test_requests_keep_their_rate(shop: Service) -> None:
    """With a rate limit, a request waits for its turn, and the campaign ends where its time does not suffice."""
    report = shop.campaign(phases=("examples",), rate_limit=0.1, max_time=0.05)

    assert (report.ending, report.requests, len(shop.requests)) == ("max-time", 2, 1)
    with pytest.raises(ConfigurationFault, match="rate-limit"):
        shop.campaign(rate_limit=0)


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_target_is_asked_again(status: int) -> None:
    """A target that asks to come again gets the same request again, and that is no failure."""
    reply = busy(("Retry-After", "0"), status=status)
    with service(meeting(None, None, reply, reply, None)) as shop:
        report = shop.campaign(phases=("examples",))

        assert (report.ending, report.exit_code) == ("finished", 0)
        assert shop.requests[2].body == shop.requests[3].body == shop.requests[4].body
        assert report.requests == len(shop.requests)


def test_retry_after_is_waited_for() -> None:
    """The next request waits as long as the target asks, and the listener is told why."""
    waits: list[Event] = []
    with service(meeting(busy(("Retry-After", "1")))) as shop:
        report = shop.campaign(
            phases=("examples",),
            rate_limit=1000,
            on_event=lambda event: waits.append(event) if isinstance(event, Waiting) else None,
        )

    (wait,) = waits
    assert isinstance(wait, Waiting)
    assert 0 < wait.seconds <= 1
    assert wait.reason == "the target wants to be left alone"
    assert report.ending == "finished"


def test_a_target_that_stays_busy_is_let_be() -> None:
    """A target that asks again and again to come later ends the campaign without a verdict."""
    with service(Behaviour(meets=lambda _: busy(("Retry-After", "0")))) as shop:
        report = shop.campaign(phases=("examples",))

    assert (report.ending, report.exit_code) == ("rate-limited", 3)
    assert "--rate-limit" in report.ending_detail


def test_a_target_that_wants_to_be_left_alone_for_long_is_let_be() -> None:
    """Nobody waits for an hour."""
    with service(meeting(busy(("Retry-After", "3600")))) as shop:
        report = shop.campaign(phases=("examples",))

        assert (report.ending, report.exit_code, len(shop.requests)) == ("rate-limited", 3, 1)


@pytest.mark.parametrize(("behaviour", "exit_code"), [(RIGHT, 3), (TAKES_BROKEN, 1)], ids=["right", "faulty"])
def test_a_target_that_dies_ends_the_campaign(
    behaviour: Behaviour, exit_code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A target that takes no connection any more ends the campaign; failures found before decide the exit code."""
    monkeypatch.setattr("altcraft_contract.fuzz.sending._PAUSES", (0.01, 0.01))
    with service(behaviour) as shop:
        report = shop.campaign(phases=("malformed",), on_event=at_request(20, shop.stop))

    assert (report.ending, report.exit_code) == ("target-failed", exit_code)
    assert "takes no connection any more" in report.ending_detail


def test_a_target_that_comes_back_is_gone_on_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """A target that takes no connection for a moment is tried again, and the listener is told."""
    waits: list[Event] = []
    open_wire = wire.open_wire
    refusals = iter([True, True])

    def refuse(*arguments: Any, **settings: Any) -> Wire:
        if next(refusals, False):
            raise Broken("refused-connection", "connection refused")
        return open_wire(*arguments, **settings)

    monkeypatch.setattr("altcraft_contract.fuzz.sending._PAUSES", (0.01, 0.01))
    with service() as shop:
        monkeypatch.setattr(connection, "open_wire", refuse)
        report = shop.campaign(
            phases=("examples",), on_event=lambda event: waits.append(event) if isinstance(event, Waiting) else None
        )

    assert (report.ending, report.exit_code) == ("finished", 0)
    assert waits == [Waiting(0.01, "the target takes no connection")] * 2


def test_a_target_that_hangs_is_let_be() -> None:
    """A target that answers nothing in time is a failure, and after some silences it is let be."""
    with hostile_server("hangs") as url:
        report = run_campaign(Target(url, TOKEN), CampaignSettings(phases=("malformed",), timeout=0.01))

    assert (report.ending, report.exit_code) == ("target-failed", 1)
    assert "--timeout" in report.ending_detail
    assert by_oracle(report, "server-error")


def test_nobody_there_gives_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody listens, nothing is judged: exit code 3."""
    monkeypatch.setattr("altcraft_contract.fuzz.sending._PAUSES", (0.01,))
    with service() as shop:
        pass
    report = shop.campaign(phases=("examples",))

    assert (report.ending, report.exit_code, report.failures) == ("unreachable", 3, ())


def test_a_refused_warm_up_names_the_values_to_set() -> None:
    """Where both plain orders are refused, nothing is judged, and the report says which values are made up."""
    with service(Behaviour(refuses=lambda _: True)) as shop:
        unset = shop.campaign(phases=("examples",))
        partly = shop.campaign(phases=("examples",), values=Values(endpoints=("shop",), skus=("mug",)))

    assert (unset.ending, unset.exit_code, unset.requests, unset.failures) == ("refused-warm-up", 3, 2, ())
    assert unset.ending_detail.endswith("these are made up: endpoints, statuses, skus or products, emails")
    assert partly.ending_detail.endswith("these are made up: statuses, emails")
    assert "error 400 (Incorrect request)" in unset.ending_detail
    assert [step.received.outcome for step in unset.warm_up] == ["refused", "refused"]


def test_a_refused_token_is_named() -> None:
    """Where the token is refused, the report says how to set it."""
    with service() as shop:
        report = shop.campaign(phases=("examples",), token="another-token-entirely")  # noqa: S106 - of nobody

    assert (report.ending, report.exit_code) == ("refused-warm-up", 3)
    assert "ALTCRAFT_TOKEN" in report.ending_detail


def test_a_target_without_xml_has_a_failure() -> None:
    """Where only XML is refused, that is a failure and the campaign goes on."""
    with service(Behaviour(refuses=lambda exchange: exchange.syntax == "xml")) as shop:
        report = shop.campaign(phases=("examples",))

    assert (report.ending, report.exit_code) == ("finished", 1)
    (failure,) = report.failures
    assert (failure.cause.oracle, failure.cause.place) == ("syntax-parity", "outcome")
    assert failure.step.case.syntax == "xml"


def test_a_broken_warm_up_is_a_failure() -> None:
    """Where plain orders are answered with HTTP 500, that is a failure like any other."""
    with service(Behaviour(replies=lambda _, __: Reply(status=500))) as shop:
        report = shop.campaign(phases=("examples",))

    assert (report.ending, report.exit_code) == ("finished", 1)
    assert report.failures[0].cause.oracle == "server-error"


def test_the_journal_lists_every_order(tmp_path: Path) -> None:
    """The journal names every order that left, and as many accepted ones as the report counts."""
    with service() as shop:
        report = shop.campaign(phases=("examples", "edge"), max_requests=60, directory=tmp_path)

    attempts = list(iter_attempts(str(report.journal)))
    assert len(attempts) == len(shop.requests) == 60
    assert sum(attempt.outcome == "accepted" for attempt in attempts) == report.orders
    assert {attempt.triggers for attempt in attempts} == {"skipped"}
    assert all(attempt.external_id is None or attempt.external_id.startswith(report.run) for attempt in attempts)


def test_a_journal_may_stand_anywhere(shop: Service, tmp_path: Path) -> None:
    """A journal of its own is written where it is wanted, without any other file."""
    report = shop.campaign(phases=("examples",), journal=tmp_path / "orders.ndjson")

    assert report.journal == str(tmp_path / "orders.ndjson")
    assert [path.name for path in tmp_path.iterdir()] == ["orders.ndjson"]
    assert report.directory is None


def test_a_dry_run_sends_nothing(shop: Service, tmp_path: Path) -> None:
    """A dry run sends and writes nothing, and shows which cells of the matrix there would be."""
    report = shop.campaign(phases=FINITE, dry_run=True, directory=tmp_path)

    assert (report.ending, report.exit_code, report.requests, shop.requests) == ("dry-run", 0, 0, [])
    assert list(tmp_path.iterdir()) == []
    assert report.strictness
    assert {row.json.enforcement for row in report.strictness} <= {"not-reached", "impossible"}
    assert all(count.planned for count in report.phases)


def test_a_dry_run_needs_no_journal_off_this_machine(tmp_path: Path) -> None:
    """What sends nothing needs no journal, wherever the target is."""
    target = Target("http://shop.invalid/", TOKEN, allow_hosts=["shop.invalid"])
    settings = CampaignSettings(phases=("examples",), dry_run=True, directory=tmp_path)

    assert run_campaign(target, settings).ending == "dry-run"
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_campaign_reports_what_it_has() -> None:
    """Ctrl-C ends the campaign: its report has the failures found before, and the exit code 130."""
    events: list[Event] = []

    def interrupt(event: Event) -> None:
        events.append(event)
        if isinstance(event, FailureFound):
            raise KeyboardInterrupt

    with service(TAKES_BROKEN) as shop:
        report = shop.campaign(phases=("malformed",), on_event=interrupt)

    assert (report.ending, report.exit_code, report.ok) == ("interrupted", 130, False)
    assert len(report.failures) == 1
    assert events[-1] == CampaignFinished(report)


def test_an_interruption_loses_no_failure_that_was_seen() -> None:
    """A failure that is being looked into when Ctrl-C comes is reported, too."""
    faulty = Behaviour(replies=lambda exchange, reply: Reply(status=500) if exchange.serial > 2 else reply)
    with service(faulty) as shop:
        report = shop.campaign(phases=("valid",), max_requests=40, on_event=at_request(6, _interrupt))

    assert report.ending == "interrupted"
    assert by_oracle(report, "server-error")


def test_workers_are_interrupted_too() -> None:
    """Ctrl-C in one of several workers ends them all."""
    with service() as shop:
        report = shop.campaign(
            phases=("edge", "relations"), max_requests=400, workers=4, on_event=at_request(20, _interrupt)
        )

        assert (report.ending, report.exit_code) == ("interrupted", 130)
        assert len(shop.requests) < 60


def test_several_workers_find_the_same() -> None:
    """Four connections side by side find the causes that one finds, and send as many trials."""
    with service(TAKES_BROKEN) as one, service(TAKES_BROKEN) as four:
        alone = one.campaign(phases=("malformed", "transport"), max_requests=1000)
        together = four.campaign(phases=("malformed", "transport"), max_requests=1000, workers=4)

    assert alone.ending == together.ending == "finished"
    assert {failure.cause for failure in alone.failures} == {failure.cause for failure in together.failures}
    assert [count.done for count in alone.phases] == [count.done for count in together.phases]


def test_listeners_hear_one_event_at_a_time(shop: Service) -> None:
    """However many workers there are, a listener is never called while it is being called."""
    inside, second = Lock(), ThreadingEvent()
    first = True

    def listen(event: Event) -> None:
        nonlocal first
        if not inside.acquire(blocking=False):
            second.set()
            return
        try:
            if isinstance(event, RequestSent) and event.requests > 10 and first:
                first = False
                second.wait(0.3)
        finally:
            inside.release()

    shop.campaign(phases=("edge",), max_requests=80, workers=4, on_event=listen)

    assert not second.is_set()


def test_enough_failures_end_all_workers() -> None:
    """With several workers, too, nothing more is sent once there are enough failures."""
    with service(TAKES_BROKEN) as shop:
        report = shop.campaign(phases=("malformed", "edge"), max_requests=400, workers=4, max_failures=1)

        assert report.ending == "max-failures"
        assert len(shop.requests) < 100


def test_a_resumed_campaign_sends_what_is_left(tmp_path: Path) -> None:
    """A campaign that is gone on with sends the trials that are left, under the same run and new numbers."""
    with service() as shop:
        first = shop.campaign(phases=("malformed",), max_requests=40, directory=tmp_path)
        sent = len(shop.requests)
        second = shop.campaign(resume="latest", directory=tmp_path)

    names = [str(value["external_id"]) for value in shop.values() if "external_id" in value]
    assert (second.ending, second.run) == ("finished", first.run)
    whole = len(list(iter_malformed(Orders(Values()))))
    assert second.phases[0].done == whole > first.phases[0].done
    assert second.requests == len(shop.requests) - sent == whole - first.phases[0].done + 2
    assert len(set(names)) == len(names)


def test_a_resumed_campaign_finds_again_what_failed(tmp_path: Path) -> None:
    """What failed before is sent again, so that the report of the second part names it as well."""
    with service(TAKES_BROKEN) as shop:
        first = shop.campaign(phases=("malformed",), directory=tmp_path)
        second = shop.campaign(resume=first.run, directory=tmp_path)

    assert first.failures
    assert [failure.id for failure in second.failures] == [failure.id for failure in first.failures]
    assert second.requests < first.requests


def test_without_a_token_a_wrong_one_is_not_judged() -> None:
    """Without a token a made-up one is sent, the user is told, and who lets it in is not blamed."""
    events: list[Event] = []
    with StubServer() as stub:
        report = run_campaign(
            Target(stub.base_url),
            CampaignSettings(phases=("relations",), max_requests=300, timeout=5),
            on_event=events.append,
        )

    started = events[0]
    assert isinstance(started, CampaignStarted)
    assert "no token was given" in started.remarks[0]
    assert [failure for failure in report.failures if failure.rule is None] == []


def test_only_a_run_that_exists_is_gone_on_with(shop: Service) -> None:
    """A run that nobody knows is a fault of configuration."""
    with pytest.raises(ConfigurationFault, match="there is no such run"):
        shop.campaign(resume="acf-00000000")


def _interrupt() -> None:
    raise KeyboardInterrupt
