"""`authentication`: requests that are let in without the right token."""

from __future__ import annotations

import json
from typing import Any

import pytest

from altcraft_contract.fuzz.case import case_of
from altcraft_contract.fuzz.identity import DERIVED_TOKENS, STAND_INS, Identity
from altcraft_contract.fuzz.oracles.authentication import AUTHENTICATION
from altcraft_contract.fuzz.orders import Orders
from altcraft_contract.strategies import Values
from tests.fuzz.exchanges import ACCEPTED, IDENTITY, OUTDATED, REFUSED, exchange, find


def with_token(token: str | None, syntax: Any = "json", **settings: Any) -> Any:
    """A case of the plain order with another token."""
    order = {**Orders(Values()).plain(), "external_id": "acf-00000000-1", "token": token}
    if token is None:
        del order["token"]
    return case_of(order, syntax, **{"title": "a wrong token", "expected": "refused", "place": "/token", **settings})


@pytest.mark.parametrize("syntax", ["json", "xml"])
@pytest.mark.parametrize("token", [*DERIVED_TOKENS.values(), f"{STAND_INS.token}x", f" {STAND_INS.token}"])
@pytest.mark.parametrize("answer", [ACCEPTED, OUTDATED])
def test_a_wrong_token_that_is_let_in_is_found(syntax: str, token: str, answer: dict[str, Any]) -> None:
    """Whoever is let in with a token that is not the right one, in either syntax, is told of."""
    found = find(AUTHENTICATION, exchange(answer, of=with_token(token, syntax)), kind="authentication")

    assert [(one.guilty, one.place) for one in found] == [(0, "a wrong token")]


@pytest.mark.parametrize(("token", "rule"), [(None, "missing-field"), ("", "empty-value")])
@pytest.mark.parametrize("has_token", [True, False])
def test_no_token_at_all_is_found(token: str | None, rule: str, has_token: bool) -> None:
    """A request without a token must not be let in, whether ours is the right one or made up."""
    bad = exchange(of=with_token(token, rule=rule))

    assert [one.rule for one in find(AUTHENTICATION, bad, kind="authentication", has_token=has_token)] == [rule]


@pytest.mark.parametrize("code", [400, 401, 403, 1042])
def test_any_refusal_passes(code: int) -> None:
    """Which error a wrong token gets is not judged."""
    refused = exchange({**REFUSED, "error": code}, of=with_token(DERIVED_TOKENS["wrong"]))

    assert find(AUTHENTICATION, refused, kind="authentication") == []


@pytest.mark.parametrize("expected", ["accepted", "undocumented"])
def test_only_what_must_be_refused_is_judged(expected: str) -> None:
    """A token in a place that the page does not forbid may be taken."""
    good = exchange(of=with_token(DERIVED_TOKENS["wrong"], expected=expected))

    assert find(AUTHENTICATION, good, kind="authentication") == []


def test_a_made_up_token_says_nothing() -> None:
    """Where our own token is made up, a wrong one tells nothing."""
    bad = exchange(of=with_token(DERIVED_TOKENS["wrong"]))

    assert find(AUTHENTICATION, bad, kind="authentication", has_token=False) == []


@pytest.mark.parametrize("kind", ["single", "twins", "variant", "repeat", "controlled"])
def test_other_trials_are_anothers(kind: Any) -> None:
    """Only trials about tokens are judged here."""
    bad = exchange(of=with_token(DERIVED_TOKENS["wrong"]))

    assert find(AUTHENTICATION, bad, bad, bad, kind=kind) == []


@pytest.mark.parametrize(
    ("token", "name", "found"),
    [("1234567890", "swapped-case", 0), ("1234567890", "wrong", 1), ("q", "half", 0), (IDENTITY.token, "half", 1)],
)
def test_a_derived_token_that_is_the_right_one_is_not_judged(token: str, name: str, found: int) -> None:
    """A token without letters is the same in other capitals, and half of one character is that character."""
    taken = exchange(of=with_token(DERIVED_TOKENS[name]))

    assert len(find(AUTHENTICATION, taken, kind="authentication", identity=Identity(token))) == found


def test_no_token_is_shown() -> None:
    """What is said holds no token."""
    found = find(AUTHENTICATION, exchange(of=with_token(DERIVED_TOKENS["half"])), kind="authentication")

    assert IDENTITY.token[:6] not in json.dumps([one.message for one in found])
