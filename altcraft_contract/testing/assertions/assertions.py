"""Assertions for tests of a client: what it sends and what it gets keeps the contract.

A finding of severity error fails the test; warnings do not, and stand in the result that is returned.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from altcraft_contract.rules.selection import ALL_RULES, RuleSelection
from altcraft_contract.testing.assertions.bodies import read_body
from altcraft_contract.testing.assertions.judging import judge_exchange, judge_message, tell
from altcraft_contract.testing.assertions.violation import violation_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from altcraft_contract.contract import Syntax
    from altcraft_contract.errors import ContractViolated
    from altcraft_contract.findings import CheckResult
    from altcraft_contract.testing.assertions.judging import Judgement
    from altcraft_contract.validation import Engine

    Rules = RuleSelection | str | Iterable[str]


def assert_valid_request(
    body: object,
    *,
    syntax: Syntax | None = None,
    rules: Rules = ALL_RULES,
    engine: Engine = "fast",
    token_in_header: bool = False,
) -> CheckResult:
    """Assert that an Order Confirmation request keeps the contract.

    Args:
        body: `bytes` or `str` as sent, the parsed JSON form (a `Mapping`), or a request of requests or httpx.
        syntax: `json` or `xml`; None tells it by the first character.
        rules: Which rules count: a `RuleSelection`, or the id or ids of the only rules that do.
        engine: `fast` or `reference`.
        token_in_header: Whether the token is sent as `Authorization: Bearer`; a request object tells it by itself.

    Returns:
        What was found: warnings, if anything.

    Raises:
        ContractViolated: if there is an error.
        TypeError: if *body* is none of what is accepted.
    """
    __tracebackhide__ = True
    sent = read_body(body)
    has_token = token_in_header or sent.token_in_header
    judgement = judge_message(
        "request", sent.content, syntax=syntax, rules=selection_of(rules), engine=engine, token_in_header=has_token
    )
    tell(judgement)
    if not judgement.result.ok:
        raise _violation_of("request", [judgement])
    return judgement.result


def assert_valid_response(
    body: object, *, syntax: Syntax | None = None, rules: Rules = ALL_RULES, engine: Engine = "fast"
) -> CheckResult:
    """Assert that an Order Confirmation response keeps the contract; all else as for `assert_valid_request`."""
    __tracebackhide__ = True
    received = read_body(body)
    judgement = judge_message("response", received.content, syntax=syntax, rules=selection_of(rules), engine=engine)
    tell(judgement)
    if not judgement.result.ok:
        raise _violation_of("response", [judgement])
    return judgement.result


def assert_valid_exchange(
    request: object,
    response: object,
    *,
    request_syntax: Syntax | None = None,
    response_syntax: Syntax | None = None,
    rules: Rules = ALL_RULES,
    engine: Engine = "fast",
    token_in_header: bool = False,
) -> CheckResult:
    """Assert that a request and its response keep the contract, each by itself and the two together.

    Args:
        request: As for `assert_valid_request`.
        response: As for `assert_valid_response`.
        request_syntax: `json` or `xml`; None tells it by the first character.
        response_syntax: The same, for the response.
        rules: Which rules count: a `RuleSelection`, or the id or ids of the only rules that do.
        engine: `fast` or `reference`.
        token_in_header: As for `assert_valid_request`.

    Returns:
        What was found: warnings, if anything; those of the request first, then of the response, then of the two.

    Raises:
        ContractViolated: if there is an error.
        TypeError: if either is none of what is accepted.
    """
    __tracebackhide__ = True
    sent, received = read_body(request), read_body(response)
    exchange = judge_exchange(
        sent.content,
        received.content,
        request_syntax=request_syntax,
        response_syntax=response_syntax,
        rules=selection_of(rules),
        engine=engine,
        token_in_header=token_in_header or sent.token_in_header,
    )
    for part in exchange.parts:
        tell(part)
    if not exchange.result.ok:
        raise _violation_of("exchange", exchange.parts)
    return exchange.result


def selection_of(rules: Rules) -> RuleSelection:
    """The selection that *rules* mean.

    Raises:
        UnknownRule: if there is no such rule.
        ValueError: if they are none.
    """
    if isinstance(rules, RuleSelection):
        return rules
    ids = (rules,) if isinstance(rules, str) else tuple(rules)
    if not ids:
        raise ValueError("rules is empty: expected the ids of rules, or ALL_RULES")
    return RuleSelection(select=ids)


def _violation_of(subject: str, judgements: Sequence[Judgement]) -> ContractViolated:
    violated = violation_of(subject, judgements)
    hypothesis = sys.modules.get("hypothesis")
    if hypothesis is not None and hypothesis.currently_in_test_context():
        from altcraft_contract.testing.ready_test.rendering import ready_test_of  # noqa: PLC0415 - only drawn bodies need it

        violated.add_note(ready_test_of(judgements))
    return violated
