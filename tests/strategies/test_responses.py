"""Valid responses and exchanges."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as hypothesis_strategies

from altcraft_contract import strategies as st
from altcraft_contract.conversion import write_xml
from altcraft_contract.errors import ImpossibleRequest
from altcraft_contract.strategies.source import SeededSource
from altcraft_contract.validation import check_exchange, check_response


@given(st.responses())
def test_no_response_has_a_finding(response: dict[str, Any]) -> None:
    """No drawn response has a finding, in either syntax."""
    assert not check_response(response).findings
    assert not check_response(write_xml(response, "response")).findings


@settings(max_examples=25)
@given(st.responses())
def test_no_response_has_a_finding_by_the_reference_engine(response: dict[str, Any]) -> None:
    """No drawn response has a finding by the reference engine, in either syntax."""
    assert not check_response(response, engine="reference").findings
    assert not check_response(write_xml(response, "response"), engine="reference").findings


@given(st.exchanges())
def test_no_exchange_has_a_finding(exchange: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """A drawn answer fits its request."""
    request, response = exchange
    assert not check_exchange(request, response).findings
    assert not check_response(response).findings


@pytest.mark.parametrize("outcome", st.OUTCOMES)
def test_the_outcome_is_as_asked_for(outcome: Any) -> None:
    """Only responses of the outcome that was asked for are drawn."""

    @given(st.responses(outcome=outcome))
    def draw(response: dict[str, Any]) -> None:
        assert (response["error"] != 0) == (outcome == "error")
        if outcome != "error":
            assert response["data"]["status"] == outcome

    draw()


def test_answers_to_a_broken_request_are_refused() -> None:
    """Only a valid request has plausible answers."""
    with pytest.raises(ImpossibleRequest, match="missing-field"):
        st.responses_to({})


def test_points_of_any_size_are_answered() -> None:
    """Amounts with decimals and beyond 64 bits have an answer without a finding."""
    request = st.EDGE_CASES["both-iid-and-eid"](SeededSource(0))
    promotion = request["data"]["requested_promotions"][0]
    for amount in ("50.00", "9" * 30):
        promotion["points_info"] = {**promotion["points_info"], "amount": amount}

        @settings(max_examples=5)
        @given(st.responses_to(request, outcome="success"))
        def draw(response: dict[str, Any]) -> None:
            assert not check_response(response).findings

        draw()


def test_an_unknown_outcome_is_refused() -> None:
    """There is no outcome but the three."""
    with pytest.raises(ImpossibleRequest, match="outcome='maybe'"):
        st.responses(outcome="maybe")  # type: ignore[arg-type]


@given(
    st.requests(promotion_types=["code_issue", "message", "accrue_points"]).flatmap(
        lambda request: hypothesis_strategies.tuples(
            hypothesis_strategies.just(request), st.responses_to(request, outcome="success")
        )
    )
)
def test_an_answer_does_what_the_request_asks(exchange: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """Codes are issued, texts returned and points accrued as requested."""
    request, response = exchange
    data = request["data"]
    asked = [*data.get("requested_promotions", ())]
    asked += [promotion for line in data["lines"] for promotion in line.get("requested_promotions", ())]
    accrued = sum(int(item["points_info"]["amount"]) for item in asked if item["type"] == "accrue_points")
    answer = response["data"]

    assert answer["external_id"] == request["external_id"]
    assert len(answer.get("issued_promocodes", ())) == sum(item["type"] == "code_issue" for item in asked)
    assert len(answer.get("contents", ())) == sum(item["type"] == "message" for item in asked)
    assert sum(change["accrue_points"] for change in answer.get("points_changes", ())) == accrued
