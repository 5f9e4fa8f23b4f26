"""Which scenario comes next, whichever way it was chosen."""

from __future__ import annotations

from itertools import product
from threading import Thread
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as hypothesis_strategies

from altcraft_contract.errors import UnknownScenario
from altcraft_contract.stub import SCENARIOS
from altcraft_contract.stub.switch import Choice, ScenarioSwitch, check_delay, check_times, find_scenario, preferred
from tests.stub.fakes import body_of, order, send_order, value_of

if TYPE_CHECKING:
    from altcraft_contract.stub import StubServer


def _names(switch: ScenarioSwitch, *orders: str) -> list[str]:
    return [switch.next_for(external_id).scenario.name for external_id in orders]


def _use(switch: ScenarioSwitch, name: str, times: int | None = None, external_id: str | None = None) -> None:
    switch.use(Choice(find_scenario(name), times, external_id))


def test_a_standing_choice_lasts() -> None:
    """What is always to be is so until the next choice, which replaces it."""
    switch = ScenarioSwitch()
    assert _names(switch, "a") == ["success"]
    _use(switch, "outdated")
    assert _names(switch, "a", "b") == ["outdated"] * 2
    _use(switch, "error-402")
    assert _names(switch, "a") == ["error-402"]
    _use(switch, "success")
    assert _names(switch, "a") == ["success"]


def test_choices_for_some_orders_queue_up() -> None:
    """Choices for so many orders come one after the other, then the standing one again."""
    switch = ScenarioSwitch()
    _use(switch, "processed")
    _use(switch, "outdated", 2)
    _use(switch, "http-500", 1)
    assert _names(switch, *"abcde") == ["outdated", "outdated", "http-500", "processed", "processed"]


def test_a_choice_for_one_order_comes_first() -> None:
    """A choice for one order goes before the queue and the standing one, and leaves others alone."""
    switch = ScenarioSwitch()
    _use(switch, "outdated", 1)
    _use(switch, "slow", 1, "b")
    _use(switch, "error-400", None, "c")
    assert _names(switch, "b", "c", "a", "b", "c") == ["slow", "error-400", "outdated", "success", "error-400"]
    _use(switch, "error-401", None, "c")
    assert _names(switch, "c", "c") == ["error-401", "error-401"]


def test_a_standing_choice_drops_the_queue_but_not_the_orders() -> None:
    """A choice for always and any order ends the queue; choices for one order stay."""
    switch = ScenarioSwitch()
    _use(switch, "http-500", 3)
    _use(switch, "error-400", None, "c")
    _use(switch, "success")
    assert _names(switch, "a", "c") == ["success", "error-400"]
    switch.reset()
    assert _names(switch, "a", "c") == ["success", "success"]


def test_threads_use_a_choice_up_together() -> None:
    """A choice for a hundred orders answers a hundred, whichever threads ask."""
    switch = ScenarioSwitch()
    _use(switch, "outdated", 100)
    seen: list[str] = []
    threads = [Thread(target=lambda: seen.extend(_names(switch, *["a"] * 50))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (seen.count("outdated"), seen.count("success")) == (100, 100)


@pytest.mark.parametrize("times", [0, -1, 1.5, "twice", True, [], 2.0])
def test_times_that_cannot_be_are_refused(times: object) -> None:
    """How often is a whole number from 1 on, or always."""
    with pytest.raises(ValueError, match="expected once, a whole number from 1 on, or always"):
        check_times(times)


@pytest.mark.parametrize("times", [None, "always", 1, 10**30])
def test_times_that_can_be_are_taken(times: Any) -> None:
    """None and `always` are the same."""
    assert check_times(times) == (None if times in (None, "always") else times)


@pytest.mark.parametrize("delay", [-1, 3601, float("nan"), float("inf"), "1", True, 10**400])
def test_delays_that_cannot_be_are_refused(delay: object) -> None:
    """A delay is a number of seconds up to an hour."""
    with pytest.raises(ValueError, match="expected seconds, from 0 to 3600"):
        check_delay(delay)


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("outdatet", "outdated"), ("Success", "success"), ("http_500", "http-500"), ("", None), ("x" * 10_000, None)],
)
def test_an_unknown_scenario_is_told_with_the_nearest(name: str, nearest: str | None) -> None:
    """An unknown name says which known one is near, or where all are listed."""
    with pytest.raises(UnknownScenario) as caught:
        find_scenario(name)
    assert caught.value.nearest == nearest
    assert len(str(caught.value)) < 300
    assert repr(nearest) in str(caught.value) if nearest else "--list-scenarios" in str(caught.value)


@pytest.mark.parametrize(
    ("prefer", "name", "delay"),
    [
        ("scenario=outdated", "outdated", None),
        ('scenario="outdated"', "outdated", None),
        ("Scenario = outdated", "outdated", None),
        (' SCENARIO\t=\t"slow" ; wait=2', "slow", 2.0),
        ("wait=0.25, scenario=slow", "slow", 0.25),
        ("scenario=slow; wait=0", "slow", 0.0),
        ('scenario=slow, wait="3"', "slow", 3.0),
        ("respond-async, wait=10, scenario=success", "success", 10.0),
        ("return=minimal; foo=bar, scenario=processed", "processed", None),
        ('foo="scenario=http-500", scenario=processed', "processed", None),
        ("scenario=processed, scenario=outdated", "processed", None),
        (",, ,scenario=processed,", "processed", None),
        ("respond-async, wait=10", None, None),
        ("handling=lenient", None, None),
        ("my-scenario=outdated", None, None),
        ("", None, None),
        ('"', None, None),
    ],
)
def test_a_preference_names_a_scenario(prefer: str, name: str | None, delay: float | None) -> None:
    """`Prefer` is read as RFC 7240 has it: quoted or not, among others, the first of a name counts."""
    choice = preferred(prefer)
    if name is None:
        assert choice is None
    else:
        assert choice == Choice(SCENARIOS[name], delay=delay)


@pytest.mark.parametrize("prefer", ["scenario", "scenario=", "scenario=nope", 'scenario=""', "scenario=Outdated"])
def test_a_preference_for_an_unknown_scenario_is_refused(stub: StubServer, prefer: str) -> None:
    """A preference that names no scenario gets 400, and the order is not confirmed."""
    reply = send_order(stub, prefer=prefer)
    assert (reply.status, value_of(reply.body)["error"]) == (400, 400)
    assert "Prefer: unknown scenario" in value_of(reply.body)["error_text"]
    assert stub.journal[0].refusal == "scenario"
    assert not stub.state.listing()["orders"]


@pytest.mark.parametrize("wait", ["", "x", "-1", "nan", "3601", "1e9"])
def test_a_wait_that_cannot_be_is_refused(stub: StubServer, wait: str) -> None:
    """A wait that is no number of seconds gets 400."""
    reply = send_order(stub, prefer=f"scenario=slow, wait={wait}")
    assert (reply.status, value_of(reply.body)["error"]) == (400, 400)
    assert "Prefer: wait=" in value_of(reply.body)["error_text"]


@given(hypothesis_strategies.text(hypothesis_strategies.characters(max_codepoint=255), max_size=60))
def test_any_preference_is_read(prefer: str) -> None:
    """A header of any characters names a scenario, none, or one that there is not."""
    for text in (prefer, f"scenario={prefer}", f"scenario=slow, wait={prefer}"):
        try:
            choice = preferred(text)
        except (UnknownScenario, ValueError):
            continue
        assert choice is None or choice.scenario.name in SCENARIOS


@pytest.mark.parametrize(
    "values",
    [
        ["respond-async", "scenario=outdated"],
        ["scenario=outdated", "wait=0"],
        ["wait=0, handling=strict", "return=minimal, scenario=outdated"],
        ["", "scenario=outdated"],
    ],
)
def test_several_headers_are_one_list(stub: StubServer, values: list[str]) -> None:
    """A preference counts in whichever of several headers it stands."""
    headers = [("content-type", "application/json"), *(("prefer", value) for value in values)]
    reply = httpx.post(stub.url, content=body_of(order()), headers=headers)
    assert reply.json()["data"]["status"] == "outdated"


def test_a_preference_goes_before_every_choice(stub: StubServer) -> None:
    """A request that says what it wants gets that, and uses no choice up."""
    stub.use("error-400", external_id="order_1")
    stub.use("error-402", times=1)
    assert value_of(send_order(stub, prefer="scenario=outdated").body)["data"]["status"] == "outdated"
    assert value_of(send_order(stub).body)["error"] == 400
    assert [value_of(send_order(stub, order(name)).body)["error"] for name in "ab"] == [402, 0]


def test_a_refused_order_uses_no_choice_up(stub: StubServer) -> None:
    """A choice waits for a valid order."""
    stub.use("outdated", times=1)
    assert value_of(send_order(stub, b"{}").body)["error"] == 400
    assert value_of(send_order(stub).body)["data"]["status"] == "outdated"


def test_a_delay_comes_with_any_scenario(stub: StubServer) -> None:
    """A delay may be asked for with any scenario; another client is served meanwhile."""
    stub.use("processed", external_id="late", delay=30)
    with httpx.Client() as client:
        with pytest.raises(httpx.ReadTimeout):
            client.post(stub.url, json=order("late"), timeout=0.2)
        assert client.post(stub.url, json=order("prompt")).json()["data"]["processing_target"] == "immediate"
    assert [entry.scenario for entry in stub.journal] == ["processed", "success"]


def test_python_refuses_what_cannot_be(stub: StubServer) -> None:
    """What `use` and `reset` cannot make sense of is an error where it was written."""
    with pytest.raises(UnknownScenario, match="did you mean 'outdated'"):
        stub.use("outdatd")
    for times, delay in product((0, -1), (None, 1.0)):
        with pytest.raises(ValueError, match="times"):
            stub.use("slow", times=times, delay=delay)
    with pytest.raises(ValueError, match="expected any of journal, state, scenarios, prices"):
        stub.reset("orders")
    assert stub.switch.as_json()["standing"]["scenario"] == "success"
