"""Checks of requests, responses and exchanges.

`check_*` returns findings and never raises for a bad body; `validate_*` raises `ContractViolated`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from altcraft_contract.contract import Contract, load_contract
from altcraft_contract.documents.limits import DEFAULT_LIMITS, Limits
from altcraft_contract.errors import ContractViolated
from altcraft_contract.findings import CheckResult, Finding, Severity
from altcraft_contract.rules.selection import ALL_RULES, RuleSelection
from altcraft_contract.validation.checking import ENGINES, Engine, judge, result_of
from altcraft_contract.validation.exchange import judge_exchange

if TYPE_CHECKING:
    from altcraft_contract.contract import Syntax

__all__ = [
    "ENGINES",
    "CheckResult",
    "ContractViolated",
    "Engine",
    "Finding",
    "Limits",
    "RuleSelection",
    "Severity",
    "check_exchange",
    "check_request",
    "check_response",
    "validate_exchange",
    "validate_request",
    "validate_response",
]


def check_request(
    body: object,
    *,
    syntax: Syntax | None = None,
    engine: Engine = "fast",
    rules: RuleSelection = ALL_RULES,
    contract: Contract | None = None,
    limits: Limits = DEFAULT_LIMITS,
    token_in_header: bool = False,
) -> CheckResult:
    """Check an Order Confirmation request.

    Args:
        body: `bytes` or `str` as sent, or the parsed JSON form (a `Mapping`), which gives the same findings without
            line and column.
        syntax: `json` or `xml`; None tells it by the first character.
        engine: `fast`, or `reference`, which judges from the published schemas with other libraries.
        rules: Which rules count, and how severely.
        contract: The version of the contract; None is the newest.
        limits: Bounds on the document.
        token_in_header: Whether the token came as `Authorization: Bearer`, as neighbouring pages of the documentation
            allow: then the body may lack it.

    Returns:
        The findings, in the order of the document. Nothing is raised for a bad body.

    Raises:
        ValueError: if there is no such *syntax* or *engine*.
    """
    contract = contract or load_contract()
    verdict = judge(
        "request",
        body,
        syntax=syntax,
        engine=engine,
        contract=contract,
        limits=limits,
        token_in_header=token_in_header,
    )
    return result_of(verdict, rules, contract)


def check_response(
    body: object,
    *,
    syntax: Syntax | None = None,
    engine: Engine = "fast",
    rules: RuleSelection = ALL_RULES,
    contract: Contract | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> CheckResult:
    """Check an Order Confirmation response; arguments, result and exceptions as for `check_request`."""
    contract = contract or load_contract()
    verdict = judge("response", body, syntax=syntax, engine=engine, contract=contract, limits=limits)
    return result_of(verdict, rules, contract)


def check_exchange(
    request: object,
    response: object,
    *,
    request_syntax: Syntax | None = None,
    response_syntax: Syntax | None = None,
    engine: Engine = "fast",
    rules: RuleSelection = ALL_RULES,
    contract: Contract | None = None,
    limits: Limits = DEFAULT_LIMITS,
    token_in_header: bool = False,
) -> CheckResult:
    """Check a request and its response together.

    Only the rules for the two together are applied; `check_request` and `check_response` tell of each by itself.

    Args:
        request: As for `check_request`.
        response: As for `check_response`.
        request_syntax: `json` or `xml`; None tells it by the first character.
        response_syntax: The same, for the response.
        engine: `fast` or `reference`.
        rules: Which rules count; also for the question whether the request has errors.
        contract: The version of the contract; None is the newest.
        limits: Bounds on each document.
        token_in_header: As for `check_request`.

    Returns:
        The findings; all of them point into the response.

    Raises:
        ValueError: if there is no such syntax or *engine*.
    """
    contract = contract or load_contract()
    asked = judge(
        "request",
        request,
        syntax=request_syntax,
        engine=engine,
        contract=contract,
        limits=limits,
        token_in_header=token_in_header,
    )
    answered = judge("response", response, syntax=response_syntax, engine=engine, contract=contract, limits=limits)
    return judge_exchange(asked, answered, rules, contract)


def validate_request(
    body: object, *, syntax: Syntax | None = None, engine: Engine = "fast", rules: RuleSelection = ALL_RULES
) -> None:
    """Raise if an Order Confirmation request has an error; arguments as for `check_request`.

    Raises:
        ContractViolated: with the findings, in its `result` and its text.
    """
    _raise_if_broken(check_request(body, syntax=syntax, engine=engine, rules=rules))


def validate_response(
    body: object, *, syntax: Syntax | None = None, engine: Engine = "fast", rules: RuleSelection = ALL_RULES
) -> None:
    """Raise if an Order Confirmation response has an error; arguments as for `check_request`.

    Raises:
        ContractViolated: with the findings, in its `result` and its text.
    """
    _raise_if_broken(check_response(body, syntax=syntax, engine=engine, rules=rules))


def validate_exchange(
    request: object,
    response: object,
    *,
    request_syntax: Syntax | None = None,
    response_syntax: Syntax | None = None,
    engine: Engine = "fast",
    rules: RuleSelection = ALL_RULES,
) -> None:
    """Raise if a request and its response do not fit each other; arguments as for `check_exchange`.

    Raises:
        ContractViolated: with the findings, in its `result` and its text.
    """
    result = check_exchange(
        request,
        response,
        request_syntax=request_syntax,
        response_syntax=response_syntax,
        engine=engine,
        rules=rules,
    )
    _raise_if_broken(result)


def _raise_if_broken(result: CheckResult) -> None:
    if not result.ok:
        raise ContractViolated(result)
