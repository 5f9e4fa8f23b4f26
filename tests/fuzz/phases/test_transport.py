"""Ways to send a plain order."""

from __future__ import annotations

import pytest

from altcraft_contract.fuzz.phases.transport import iter_transport
from tests.fuzz.phases.made import (
    Made,
    made_by,
)


@pytest.fixture(scope="module")
def made() -> list[Made]:
    """All that the phase sends with nothing known."""
    return made_by(iter_transport)


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
