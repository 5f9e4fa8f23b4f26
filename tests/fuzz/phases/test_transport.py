"""Ways to send a plain order."""

from __future__ import annotations

import pytest

from altcraft_contract.fuzz.phases.transport import iter_transport
from tests.fuzz.phases.made import (
    INSTALLATION,
    Made,
    bytes_of,
    count_requests,
    find_false_claims,
    find_lost_stand_ins,
    find_triggers,
    find_unknown_values,
    made_by,
)


@pytest.fixture(scope="module")
def made() -> list[Made]:
    """All that the phase sends with nothing known."""
    return made_by(iter_transport)


def test_every_case_is_what_it_claims_to_be(made: list[Made]) -> None:
    """What is expected to be accepted has no finding, and what is expected to be refused has the one that it names."""
    assert not list(find_false_claims(made))


def test_no_case_runs_triggers(made: list[Made]) -> None:
    """Every body that can be read has `skip_triggers` true, in whatever spelling."""
    assert not list(find_triggers(made))


def test_stand_ins_stand_literally(made: list[Made]) -> None:
    """Token, e-mail, telephone number and the order's id stand in the bytes as they are, to be replaced when sent."""
    assert not list(find_lost_stand_ins(made))


def test_the_phase_keeps_to_its_share(made: list[Made]) -> None:
    """There are at most 90 requests, and no two trials have the same id."""
    ids = [one.trial.id for one in made]

    assert count_requests(made) <= 90
    assert len(set(ids)) == len(ids)
    assert all(one.startswith("transport-") for one in ids)


def test_the_same_seed_sends_the_same(made: list[Made]) -> None:
    """The same seed makes the same bytes, and another seed makes others."""
    assert bytes_of(made_by(iter_transport)) == bytes_of(made)
    assert bytes_of(made_by(iter_transport, seed=1)) != bytes_of(made)


def test_values_of_the_installation_are_used() -> None:
    """Where values of the installation are known, every order holds them and no others."""
    trials = made_by(iter_transport, values=INSTALLATION)

    assert not [(one.trial.feature, *found) for one in trials for found in find_unknown_values(one.trial.order)]
    assert not list(find_false_claims(trials))


def test_only_the_documented_call_is_no_odd_one(made: list[Made]) -> None:
    """A case that is not odd is a POST with the media type of its syntax, in UTF-8."""
    for one in made:
        for case in (case for case in one.cases if not case.is_odd):
            assert case.method == "POST"
            named = [value for name, value in case.headers if name.lower() == "content-type"]
            assert (case.content_type or named[0]).lower().replace(" ", "") in {
                f"application/{case.syntax}",
                f"application/{case.syntax};charset=utf-8",
            }


def test_what_may_upset_a_connection_has_its_own(made: list[Made]) -> None:
    """Other methods, framings and empty bodies are sent on connections of their own."""
    cases = [case for one in made for case in one.cases]
    upsetting = [case for case in cases if case.method != "POST" or case.framing != "length" or not case.body.strip()]

    assert upsetting
    assert all(case.own_connection for case in upsetting)


def test_a_plain_order_follows_a_spoilt_one(made: list[Made]) -> None:
    """After a request that is spoilt a plain order follows on the same connection."""
    followed = [one for one in made if one.trial.feature.startswith("plain-after-")]

    assert len(followed) == 8
    assert all(one.cases[-1].expected == "accepted" for one in followed)
    assert not any(case.own_connection for one in followed for case in one.cases)


def test_what_holds_no_order_has_no_id(made: list[Made]) -> None:
    """A case without a body that names an order tells no id of one."""
    for one in made:
        for case in one.cases:
            assert (case.external_id is None) == (not case.body.strip() or case.rule == "malformed")
