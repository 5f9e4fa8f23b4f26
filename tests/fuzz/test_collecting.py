"""What is counted while a campaign goes on: times, verdicts, and what the documentation is silent about."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from altcraft_contract.conversion import to_xml
from altcraft_contract.fuzz.case import Trial
from altcraft_contract.fuzz.collecting import Observations, Times, count_outcomes
from altcraft_contract.fuzz.exchange import OUTCOMES
from altcraft_contract.fuzz.oracles.oracle import USUAL
from altcraft_contract.fuzz.report import Timing
from tests.fuzz.exchanges import ACCEPTED, IDENTITY, PAGE, REFUSED, case, exchange, lost

if TYPE_CHECKING:
    from altcraft_contract.fuzz.exchange import Exchange
    from altcraft_contract.fuzz.failure import Observation

TRIAL = Trial(id="edge-0001", phase="edge", feature="an-edge", make=lambda _: None)


def observe(*exchanges: Exchange, kind: Any = "single") -> tuple[Observation, ...]:
    """What is observed of one trial."""
    observations = Observations(IDENTITY)
    observations.count(TRIAL, kind, exchanges)
    return observations.all()


def subjects(found: tuple[Observation, ...]) -> set[tuple[str, str]]:
    """Kinds and subjects."""
    return {(one.kind, one.subject) for one in found}


def test_without_answers_there_is_no_time() -> None:
    """Zeros stand for no answer at all; what did not come whole does not count."""
    times = Times()
    times.count(lost("timeout", seconds=10.0))

    assert times.timing() == Timing()
    assert times.usual == USUAL


def test_times_are_told_in_four_figures() -> None:
    """The shortest, the median, the 95th of 100 and the longest."""
    times = Times()
    for number in range(100, 0, -1):
        times.count(exchange(seconds=number / 100))
    told = times.timing()

    assert (told.least, told.median, told.most) == (0.01, 0.505, 1.0)
    assert 0.95 <= told.p95 <= 0.97


@pytest.mark.parametrize("seconds", [[0.5], [0.5, 0.1], [0.1, 0.1, 0.1]])
def test_few_times_stay_in_order(seconds: list[float]) -> None:
    """With few answers, too, no figure is beyond the longest or below the shortest."""
    times = Times()
    for one in seconds:
        times.count(exchange(seconds=one))
    told = times.timing()

    assert min(seconds) == told.least <= told.median <= told.p95 <= told.most == max(seconds)


def test_the_usual_time_is_learnt() -> None:
    """After twenty answers the usual time is what half of them take."""
    times = Times()
    for _ in range(19):
        times.count(exchange(seconds=0.3))
    assert times.usual == USUAL
    times.count(exchange(seconds=9.0))

    assert times.usual == 0.3


@pytest.mark.parametrize(
    ("what", "subject"),
    [
        (exchange(REFUSED, status=400), ("status", "HTTP 400")),
        (exchange({**REFUSED, "error": 1042}), ("error-code", "error 1042")),
        (exchange({**ACCEPTED, "served_by": "a"}), ("field", "/served_by")),
        (exchange(REFUSED, of=case(rule="wrong-type", expected="refused")), ("text", "wrong-type")),
        (exchange(of=case("xml")), ("warning", "encoding-mismatch")),
        (exchange(of=case(expected="undocumented")), ("verdict", "an-edge")),
        (exchange(REFUSED, of=case(expected="undocumented", rule="unknown-field")), ("verdict", "unknown-field")),
        (exchange(of=case(expected="undocumented", rule="malformed")), ("verdict", "a plain order")),
    ],
)
def test_what_is_undocumented_is_observed(what: Exchange, subject: tuple[str, str]) -> None:
    """Statuses, codes, fields, texts by rule, other syntaxes and verdicts without a rule are told of."""
    found = [one for one in observe(what) if (one.kind, one.subject) == subject]

    assert [(one.count, one.trial) for one in found] == [(1, TRIAL.id)]


@pytest.mark.parametrize(
    "what",
    [
        exchange(),
        exchange(REFUSED),
        exchange({**REFUSED, "error": 401}),
        lost(),
        exchange(to_xml(ACCEPTED, message="response"), of=case("xml")),
        exchange(of=case("xml", is_odd=True)),
        exchange(of=case(expected="undocumented", rule="unknown-field")),
    ],
)
def test_what_is_documented_is_not(what: Exchange) -> None:
    """Documented answers, and warnings that are let pass, say nothing new."""
    assert observe(what) == ()


def test_verdicts_are_told_in_words() -> None:
    """A verdict says what was sent in which syntax, and what came: a repeat, an error, a page."""
    odd = case("xml", title="a BOM", expected="undocumented")
    found = observe(exchange(of=odd), exchange(REFUSED, of=odd), exchange(PAGE, status=415, of=odd), lost(of=odd))
    repeats = observe(exchange(), exchange(of=odd), kind="repeat")

    assert {one.message for one in found if one.kind == "verdict"} == {
        "a BOM (XML): accepted",
        "a BOM (XML): refused with error 400",
        "a BOM (XML): answered with HTTP 415 and no envelope",
        "a BOM (XML): broken",
    }
    assert [one.message for one in repeats if one.kind == "verdict"] == ["a repeat: a BOM (XML): accepted"]


def test_the_same_is_counted() -> None:
    """What is met again is counted with the trial that met it first; the most frequent of a kind comes first."""
    observations = Observations(IDENTITY)
    for number, trial in enumerate(("a", "b", "c")):
        observations.add("status", "HTTP 400", "answers come with HTTP 400", trial)
        if number:
            observations.add("status", "HTTP 201", "answers come with HTTP 201", trial)
    told = observations.all()

    assert [(one.subject, one.count, one.trial) for one in told] == [("HTTP 400", 3, "a"), ("HTTP 201", 2, "b")]


def test_texts_that_change_each_time_are_one() -> None:
    """Ids, numbers and quoted values in texts do not make new observations."""
    broken = case(rule="wrong-type", expected="refused")
    texts = [f"Order acf-00000000-{number} has 'x{number}' at /data/lines/{number}/count" for number in range(3)]
    found = observe(*(exchange({**REFUSED, "error_text": text}, of=broken) for text in texts))

    assert [(one.kind, one.count) for one in found] == [("text", 3)]


def test_a_talkative_target_is_not_listened_to_for_ever() -> None:
    """There is an end to observations, and what is known goes on being counted."""
    observations = Observations(IDENTITY)
    for number in range(5_000):
        observations.add("text", "wrong-type", f"text {number}", "a")
    observations.add("text", "wrong-type", "text 0", "b")

    assert len(observations.all()) <= 1_000
    assert max(one.count for one in observations.all()) == 2


def test_a_talkative_target_does_not_silence_others() -> None:
    """However many texts a target has, its new codes and verdicts are told of."""
    observations = Observations(IDENTITY)
    for number in range(5_000):
        observations.add("text", "wrong-type", f"text {number}", "a")
    observations.add("error-code", "error 1042", "`error` 1042 is no documented code", "b")

    assert ("error-code", "error 1042") in subjects(observations.all())


@pytest.mark.parametrize(
    "answer",
    [
        {**ACCEPTED, IDENTITY.token: 1},
        {**ACCEPTED, "data": {**ACCEPTED["data"], IDENTITY.email: {IDENTITY.token: 1}}},
        {**REFUSED, "error": 1042, "error_text": f"no {IDENTITY.token} of {IDENTITY.email}"},
    ],
)
def test_observations_hold_no_secret(answer: dict[str, Any]) -> None:
    """What the target writes, names of members included, is told without secrets."""
    found = observe(exchange(answer, of=case(rule="wrong-type", expected="refused")))

    assert found
    assert IDENTITY.token not in repr(found)
    assert IDENTITY.email not in repr(found)


def test_every_outcome_is_named() -> None:
    """Outcomes that did not occur are zero."""
    assert count_outcomes(Counter({"refused": 2})) == {**dict.fromkeys(OUTCOMES, 0), "refused": 2}
