"""Messages judged for a test, so that a failure can tell all of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from altcraft_contract.findings import CheckResult
from altcraft_contract.rules.selection import ALL_RULES
from altcraft_contract.testing.observing import tell_exchange, tell_message
from altcraft_contract.validation import check_exchange, check_request, check_response

if TYPE_CHECKING:
    from collections.abc import Callable

    from altcraft_contract.contract import Message, Syntax
    from altcraft_contract.rules.selection import RuleSelection
    from altcraft_contract.validation import Engine

Content = bytes | str | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found in one message, or in a response with regard to its request.

    Attributes:
        label: What it is about: `request`, `response` or `exchange`.
        content: The body in which the findings stand.
        check: Checks another body in the same way; for an exchange, another response and, perhaps, another request.
        result: What was found.
        options: Arguments of the assertion that are not the defaults.
    """

    label: Literal["request", "response", "exchange"]
    content: Content
    check: Callable[..., CheckResult]
    result: CheckResult
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was found in a request and its response.

    Attributes:
        parts: The request by itself, the response by itself, the two together.
        result: All of it.
    """

    parts: tuple[Judgement, Judgement, Judgement]
    result: CheckResult


def judge_message(
    message: Message,
    content: Content,
    *,
    syntax: Syntax | None = None,
    rules: RuleSelection = ALL_RULES,
    engine: Engine = "fast",
    token_in_header: bool = False,
) -> Judgement:
    """Judge one message.

    Raises:
        ValueError: if there is no such *syntax* or *engine*.
    """
    check = _check_of(message, syntax=syntax, rules=rules, engine=engine, token_in_header=token_in_header)
    result = check(content)
    options = _chosen(syntax=syntax, rules=rules, engine=engine, token_in_header=token_in_header)
    return Judgement(message, content, check, result, options)


def judge_exchange(
    request: Content,
    response: Content,
    *,
    request_syntax: Syntax | None,
    response_syntax: Syntax | None,
    rules: RuleSelection,
    engine: Engine,
    token_in_header: bool,
) -> Exchange:
    """Judge a request and its response, each by itself and the two together; exceptions as for `judge_message`."""
    asked = judge_message(
        "request", request, syntax=request_syntax, rules=rules, engine=engine, token_in_header=token_in_header
    )
    answered = judge_message("response", response, syntax=response_syntax, rules=rules, engine=engine)

    def check(body: object, asked_body: object = request) -> CheckResult:
        return check_exchange(
            asked_body,
            body,
            request_syntax=request_syntax,
            response_syntax=response_syntax,
            rules=rules,
            engine=engine,
            token_in_header=token_in_header,
        )

    result = check(response)
    options = _chosen(
        request_syntax=request_syntax,
        response_syntax=response_syntax,
        rules=rules,
        engine=engine,
        token_in_header=token_in_header,
    )
    together = Judgement("exchange", response, check, result, options)
    return Exchange((asked, answered, together), joined("exchange", (asked.result, answered.result, result)))


def tell(judgement: Judgement) -> None:
    """Tell whoever observes the tests."""
    findings = judgement.result.findings
    if judgement.label == "exchange":
        tell_exchange(findings)
    else:
        tell_message(judgement.label, judgement.content, judgement.options.get("syntax"), findings)


def joined(message: str, results: tuple[CheckResult, ...]) -> CheckResult:
    """All that *results* hold, as one result; its text has that of each that has a finding."""
    return CheckResult(
        message,
        results[-1].syntax,
        ok=all(result.ok for result in results),
        place=lambda: [finding for result in results for finding in result.findings],
        render=lambda _: "\n".join(str(result) for result in results if result.findings) or f"{message}: no findings",
        truncated=any(result.truncated for result in results),
    )


def _check_of(
    message: Message, *, syntax: Syntax | None, rules: RuleSelection, engine: Engine, token_in_header: bool
) -> Callable[[object], CheckResult]:
    if message == "response":
        return partial(check_response, syntax=syntax, rules=rules, engine=engine)
    return partial(check_request, syntax=syntax, rules=rules, engine=engine, token_in_header=token_in_header)


def _chosen(**options: Any) -> dict[str, Any]:
    """Those of *options* that are not what the assertion would do anyway."""
    defaults = {"rules": ALL_RULES, "engine": "fast"}
    return {name: value for name, value in options.items() if value and value != defaults.get(name)}
