"""`response-contract`: answers that break the documented form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from altcraft_contract.fuzz.oracles.response_contract import RESPONSE_CONTRACT
from tests.fuzz.exchanges import ACCEPTED, IDENTITY, OUTDATED, PAGE, REFUSED, case, exchange, find, lost

if TYPE_CHECKING:
    from altcraft_contract.fuzz.exchange import Exchange


@pytest.mark.parametrize(
    ("answer", "rule", "place"),
    [
        ({**ACCEPTED, "data": {**ACCEPTED["data"], "status": "done"}}, "unknown-value", "/data/status"),
        ({**ACCEPTED, "data": {**ACCEPTED["data"], "status": 1}}, "wrong-type", "/data/status"),
        ({"error": 0}, "missing-field", ""),
        ({**ACCEPTED, "data": {**ACCEPTED["data"], "contents": [1, 2]}}, "wrong-type", "/data/contents/*"),
        ({**OUTDATED, "data": {**OUTDATED["data"], "processing_target": "immediate"}}, None, None),
    ],
)
def test_broken_rules_are_found(answer: dict[str, Any], rule: str | None, place: str | None) -> None:
    """Each error in an envelope is told of, with the rule and the place without indexes."""
    found = find(RESPONSE_CONTRACT, exchange(answer))

    assert found
    if rule is not None:
        assert {(one.rule, one.place) for one in found} == {(rule, place)}
    assert all(one.error == "error 0" for one in found)


@pytest.mark.parametrize(
    "bad",
    [
        exchange(PAGE),
        exchange(b""),
        exchange(b"{}"),
        exchange(b"[1]"),
        exchange(b'{"error": "0"}'),
        exchange(PAGE, status=404),
        exchange(b"\xff\xfe"),
    ],
)
def test_what_is_no_envelope_is_found(bad: Exchange) -> None:
    """An answer without `error` is told of once, whatever else is wrong with it."""
    (found,) = find(RESPONSE_CONTRACT, exchange(), bad)

    assert found.guilty == 1
    assert "envelope" in found.message or "no body" in found.message
    assert found.text == ("" if bad.answer.status == 200 else "not 200")


@pytest.mark.parametrize(
    "good",
    [
        exchange(),
        exchange(OUTDATED),
        exchange(REFUSED),
        exchange({**ACCEPTED, "more": 1}),
        lost(),
        exchange(PAGE, status=500),
        exchange(PAGE, status=405, of=case(is_odd=True)),
        exchange(b"", of=case(method="HEAD", is_odd=True)),
    ],
)
def test_envelopes_pass(good: Exchange) -> None:
    """Documented answers pass, with new fields too; what is a failure of the server is told of by another oracle."""
    assert find(RESPONSE_CONTRACT, good) == []


def test_an_odd_request_that_is_answered_with_an_envelope_is_judged() -> None:
    """Who answers an odd request with an envelope owes a right one."""
    bad = exchange({"error": 0}, of=case(is_odd=True))

    assert {one.rule for one in find(RESPONSE_CONTRACT, bad)} == {"missing-field"}


def test_repeats_are_anothers() -> None:
    """What comes to a repeat is told of by the oracle for repeats."""
    assert find(RESPONSE_CONTRACT, exchange(), exchange(PAGE), kind="repeat") == []
    assert len(find(RESPONSE_CONTRACT, exchange(PAGE), exchange(PAGE), kind="repeat")) == 1


@pytest.mark.parametrize("name", [IDENTITY.token, f"/{IDENTITY.token}"])
def test_names_of_members_are_concealed(name: str) -> None:
    """Names that the target has chosen are shown without secrets, in messages and in places."""
    body = f'{{"{name}": 1, "{name}": 2, "error": 0, "error_text": "x"}}'.encode()
    found = find(RESPONSE_CONTRACT, exchange(body))

    assert found
    assert IDENTITY.token not in repr(found)


@pytest.mark.parametrize(
    ("answer", "status", "fails"), [(ACCEPTED, 201, True), (REFUSED, 400, False), (ACCEPTED, 200, False)]
)
def test_an_accepted_order_has_the_status_of_success(answer: dict[str, Any], status: int, *, fails: bool) -> None:
    """An order that is accepted with another HTTP status than 200 is told of; a refusal may have any."""
    found = find(RESPONSE_CONTRACT, exchange(answer, status=status))

    assert [(one.place, one.error) for one in found] == ([("HTTP status", f"HTTP {status}")] if fails else [])


def test_an_odd_request_may_be_accepted_with_any_status() -> None:
    """What is no documented call has no documented status."""
    assert not find(RESPONSE_CONTRACT, exchange(ACCEPTED, status=202, of=case(is_odd=True)))
