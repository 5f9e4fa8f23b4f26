"""Excerpts to checked documents."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from altcraft_contract.lint.hosts import Judgement, Unseen, iter_judgements
from altcraft_contract.lint.hosts.host_text import HostText
from altcraft_contract.rules.selection import ALL_RULES, RuleSelection
from tests.lint.hosts.recordings import REQUEST, bytes_of, cassette, entry, har, interaction, read_har, read_json

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(made: Any, rules: RuleSelection = ALL_RULES) -> list[Judgement | Unseen]:
    """What is found in a cassette."""
    return list(iter_judgements(read_json(made), "order.json", HostText(bytes_of(made)), rules=rules))


def rules_of(judged: Iterable[Judgement | Unseen]) -> list[tuple[str, list[str]]]:
    """Place and errors of each judgement."""
    return [
        (one.entry.where, [finding.rule for finding in one.entry.result.errors])
        for one in judged
        if isinstance(one, Judgement)
    ]


def test_each_message_and_the_two_together_are_judged() -> None:
    """A call gives a judgement of the request, of the response, and of both; each says where it stands."""
    judged = judge(cassette(interaction()))
    assert rules_of(judged) == [
        ("interaction 1, request", []),
        ("interaction 1, response", []),
        ("interaction 1, response to its request", []),
    ]
    assert [one.entry.result.message for one in judged if isinstance(one, Judgement)] == [
        "request",
        "response",
        "exchange",
    ]


def test_a_response_that_does_not_fit_is_found() -> None:
    """The rules for request and response together are applied."""
    made = cassette(interaction(REQUEST.replace('"external_id": "order_12345"', '"external_id": "another"')))
    *_, (_, rules) = rules_of(judge(made))
    assert rules


def test_the_token_in_the_header_is_heeded() -> None:
    """A body without a token has no finding if the header has it."""
    body = json.dumps({name: value for name, value in json.loads(REQUEST).items() if name != "token"})
    for headers, expected in (({}, ["missing-field"]), ({"authorization": "Bearer x"}, [])):
        made = cassette(interaction(body, headers=headers))
        first = judge(made)[0]
        assert rules_of([first])[0][1] == expected


def test_rules_are_those_that_are_given() -> None:
    """A rule that is ignored gives no finding."""
    made = cassette(interaction(REQUEST.replace('"2500.00"', "2500")))
    ignored = RuleSelection(ignore=["wrong-type"])
    counts = [
        sum(bool(rules) for _, rules in rules_of(judge(made, rules=rules))) for rules in (RuleSelection(), ignored)
    ]
    assert counts[0] > 0
    assert counts[1] == 0


def test_what_cannot_be_seen_is_said() -> None:
    """A message without its body is passed on, and the other one is judged."""
    made = har(entry(content={"size": 3}))
    [request, unseen] = iter_judgements(read_har(made), "traffic.har", HostText(bytes_of(made)))
    assert isinstance(request, Judgement)
    assert isinstance(unseen, Unseen)


def test_an_answer_is_kept_from_showing_what_was_asked_with() -> None:
    """The secrets of the request, in its body and beside it, are secret in what is found in the answer."""
    _, response, _ = judge(cassette(interaction(answer={"string": "{}"}, headers={"authorization": "Bearer hidden-1"})))
    assert isinstance(response, Judgement)
    assert response.entry.secrets >= {"hidden-1", json.loads(REQUEST)["token"]}
