"""Answers as they are read: what is accepted, outdated, refused or broken."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.conversion import to_xml
from altcraft_contract.strategies import responses
from tests.fuzz.exchanges import ACCEPTED, OUTDATED, PAGE, REFUSED, exchange, lost


@pytest.mark.parametrize(
    ("answer", "outcome", "error"),
    [
        (ACCEPTED, "accepted", 0),
        (OUTDATED, "outdated", 0),
        (REFUSED, "refused", 400),
        ({**REFUSED, "error": -1}, "refused", -1),
        ({"error": 0.0}, "accepted", 0),
        ({"error": 0, "data": []}, "accepted", 0),
        ({"error": "0"}, "broken", None),
        ({"error": 0.5}, "broken", None),
        ({"error": True}, "broken", None),
        ({"error": None}, "broken", None),
        ({}, "broken", None),
        (b"[]", "broken", None),
        (b"", "broken", None),
        (b"\xff", "broken", None),
        (PAGE, "broken", None),
        (to_xml(ACCEPTED, message="response"), "accepted", 0),
        (to_xml(REFUSED, message="response"), "refused", 400),
    ],
)
def test_the_envelope_says_the_outcome(answer: Any, outcome: str, error: int | None) -> None:
    """`error` decides: 0 is accepted or outdated, another whole number refused, and anything else broken."""
    read = exchange(answer)

    assert (read.outcome, read.error) == (outcome, error)


@pytest.mark.parametrize("status", [200, 201, 400, 404, 422])
def test_the_status_says_nothing(status: int) -> None:
    """An envelope counts whatever HTTP status it has, below 500."""
    assert exchange(ACCEPTED, status=status).outcome == "accepted"


@pytest.mark.parametrize(
    "broken",
    [exchange(status=500), exchange(status=599), exchange(fault="truncated"), lost("reset"), lost("timeout")],
)
def test_what_is_not_whole_is_broken(broken: Any) -> None:
    """HTTP 5xx, a part of an answer and no answer at all are broken, whatever they say."""
    assert broken.outcome == "broken"


def test_the_syntax_is_that_of_the_body() -> None:
    """XML is told by its body, whatever the header says."""
    assert exchange(to_xml(ACCEPTED, message="response")).syntax == "xml"
    assert exchange(ACCEPTED, content_type="application/xml").syntax == "json"


@given(answer=responses())
def test_documented_answers_are_understood(answer: dict[str, Any]) -> None:
    """Every documented answer is read whole, in both syntaxes alike, and has no error."""
    read = [exchange(answer), exchange(to_xml(answer, message="response"))]

    assert read[0].outcome == read[1].outcome != "broken"
    assert read[0].error == answer["error"]
    assert all(one.result is not None and one.result.ok for one in read)
    assert read[0].error_text == answer["error_text"]


@given(body=st.binary(max_size=200))
def test_any_bytes_can_be_read(body: bytes) -> None:
    """No answer is too broken to be told of."""
    assert exchange(body).outcome in ("accepted", "outdated", "refused", "broken")
