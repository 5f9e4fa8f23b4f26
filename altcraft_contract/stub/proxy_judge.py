"""What the proxy finds in requests, in answers, and in the two together."""

from __future__ import annotations

import logging
from copy import copy as copied
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.document import sniff_syntax
from altcraft_contract.findings import Severity
from altcraft_contract.renderers.redaction import secrets_of
from altcraft_contract.stub.entry_json import secrets_of_request
from altcraft_contract.stub.journal import LARGEST_BODY, settled
from altcraft_contract.stub.proxy_body import Unchecked, is_encoded, readable_body
from altcraft_contract.stub.traffic import find_header, syntax_of
from altcraft_contract.validation import check_request, check_response
from altcraft_contract.validation.checking import judge
from altcraft_contract.validation.exchange import judge_exchange

if TYPE_CHECKING:
    from collections.abc import Callable

    from altcraft_contract.contract import Message, Syntax
    from altcraft_contract.documents.limits import Limits
    from altcraft_contract.findings import CheckResult
    from altcraft_contract.rules.selection import RuleSelection
    from altcraft_contract.stub.journal import Check, Outcome
    from altcraft_contract.stub.proxy_body import Copy
    from altcraft_contract.stub.traffic import Headers, Request
    from altcraft_contract.validation.checking import Verdict

_OK: Final = 200
_logger: Final = logging.getLogger("altcraft_contract.stub")


@dataclass(slots=True)
class Examined:
    """One message, and what was found in it.

    Attributes:
        body: Without its `Content-Encoding`, as far as it may be shown.
        size: Bytes that passed.
        syntax: As its headers say, or as it begins; None if neither tells.
        verdict: None if it was not checked.
        check: Gives the findings.
        rules: The broken rules that count, each as often as it is broken.
        errors: Those among them that are errors.
        notes: What a person should know.
        is_too_large: Whether it was not checked for its size.
    """

    body: bytes
    size: int
    syntax: Syntax | None
    verdict: Verdict | None = None
    check: Check | None = None
    rules: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    is_too_large: bool = False

    @property
    def value(self) -> dict[str, Any]:
        """The members of the message; empty if they cannot be read."""
        value = self.verdict.document.value if self.verdict is not None else None
        return value if isinstance(value, dict) else {}

    @property
    def is_opaque(self) -> bool:
        """Whether there may be secrets in it that nobody can tell."""
        return self.verdict is None or (self.verdict.document.malformed and len(self.body) > LARGEST_BODY)

    def secrets_in(self, request: Request) -> frozenset[str]:
        """The secrets of a *request*, of which this is the body."""
        kept = request._replace(body=self.body[:LARGEST_BODY])
        return secrets_of_request(kept) | secrets_of(self.value)

    def settle(self) -> None:
        """Keep of a large body only what the journal has room for; what was found in it is kept."""
        self.verdict = None
        if len(self.body) > LARGEST_BODY:
            self.body = self.body[:LARGEST_BODY]
            self.check = settled(self.check) if self.check is not None else None


class Judge:
    """Examines messages.

    Args:
        rules: Which rules count, and how severely.
        limits: Bounds on a body.
    """

    def __init__(self, rules: RuleSelection, limits: Limits) -> None:
        self.rules = rules
        self.limits = limits
        self._contract = load_contract()

    def examine_request(self, request: Request, copy: Copy) -> Examined:
        """Examine a request, of which the body is in *copy*."""
        has_bearer = request.bearer_token is not None
        examined = self._examine(
            "request", request.headers, copy, partial(check_request, token_in_header=has_bearer), has_bearer=has_bearer
        )
        notes = []
        if request.has_token_in_query:
            notes.append("the token stands in the URL, which the documentation calls insecure")
        content_type = request.header(b"content-type")
        if content_type is None or syntax_of(content_type) is None:
            found = f"Content-Type is {content_type[:100]!r}" if content_type else "there is no Content-Type"
            notes.append(f"{found}; the documentation says application/json or application/xml")
        examined.notes = (*notes, *examined.notes)
        return examined

    def examine_answer(self, status: int, headers: Headers, copy: Copy) -> Examined:
        """Examine an answer, of which the body is in *copy*."""
        examined = self._examine("response", headers, copy, check_response)
        if status != _OK:
            examined.notes = (f"the HTTP status is {status}", *examined.notes)
        return examined

    def _examine(
        self,
        message: Message,
        headers: Headers,
        copy: Copy,
        checker: Callable[..., CheckResult],
        *,
        has_bearer: bool = False,
    ) -> Examined:
        name = "request" if message == "request" else "answer"
        content_type = find_header(headers, b"content-type")
        syntax = syntax_of(content_type) if content_type is not None else None
        limits, contract = self.limits, self._contract
        try:
            body = readable_body(copy, headers, limits.max_bytes)
            syntax = syntax or sniff_syntax(body)
            verdict = _judged(message, body, syntax, limits, has_bearer=has_bearer)
        except Unchecked as unchecked:
            note = f"the {name} was not checked: {unchecked.reason}"
            syntax = syntax or sniff_syntax(unchecked.body)
            return Examined(unchecked.body, copy.size, syntax, notes=(note,), is_too_large=unchecked.is_too_large)
        check = partial(checker, body, syntax=syntax, rules=self.rules, contract=contract, limits=limits)
        rules = [breach.rule for breach in verdict.breaches if self.rules.counts(breach.rule)]
        errors = [rule for rule in rules if self.rules.severity_of(rule) is Severity.ERROR]
        notes = (f"the {name} is shown without its Content-Encoding",) if is_encoded(headers) else ()
        return Examined(body, copy.size, syntax, verdict, check, rules, errors, notes)

    def examine_exchange(self, request: Request, asked: Examined, answered: Examined) -> CheckResult | None:
        """What the two say together; None if one of them was not checked."""
        if asked.verdict is None or answered.verdict is None:
            return None
        try:
            return self._together(asked.verdict, answered.verdict, request.bearer_token)
        except Exception as error:  # noqa: BLE001 - traffic goes on, whatever is wrong with the check
            _tell_of_bug(error)
            return None

    def exchange_check(self, request: Request, asked: Examined, answered: Examined) -> Check:
        """Gives the findings of the two together, from their bodies."""
        return partial(
            self._check_exchange, asked.body, asked.syntax, answered.body, answered.syntax, request.bearer_token
        )

    def _check_exchange(
        self,
        request: bytes,
        request_syntax: Syntax | None,
        answer: bytes,
        answer_syntax: Syntax | None,
        bearer: str | None,
    ) -> CheckResult:
        asked = judge(
            "request",
            request,
            syntax=request_syntax,
            contract=self._contract,
            limits=self.limits,
            token_in_header=bearer is not None,
        )
        answered = judge("response", answer, syntax=answer_syntax, contract=self._contract, limits=self.limits)
        return self._together(asked, answered, bearer)

    def _together(self, asked: Verdict, answered: Verdict, bearer: str | None) -> CheckResult:
        value = asked.document.value
        if bearer is not None and isinstance(value, dict) and "token" not in value:
            # As far as the answer may not repeat it, a token in the header is one in the body.
            asked = copied(asked)
            asked.document = copied(asked.document)
            asked.document.value = {**value, "token": bearer}
        return judge_exchange(asked, answered, self.rules, self._contract)


def _judged(message: Message, body: bytes, syntax: Syntax | None, limits: Limits, *, has_bearer: bool) -> Verdict:
    """What is wrong with a body.

    Raises:
        Unchecked: if the check itself fails: traffic goes on.
    """
    try:
        return judge(message, body, syntax=syntax, limits=limits, token_in_header=has_bearer)
    except Exception as error:  # noqa: BLE001 - as above
        _tell_of_bug(error)
        reason = f"internal error: {type(error).__name__}; this is a bug of altcraft-contract"
        raise Unchecked(reason) from None


def _tell_of_bug(error: Exception) -> None:
    _logger.error("internal error of the proxy", exc_info=error)


def outcome_of(answered: Examined) -> tuple[Outcome, int | None, str | None]:
    """What a whole answer says: its outcome, its `error` and its `error_text`."""
    value = answered.value
    error, text = value.get("error"), value.get("error_text")
    error = error if type(error) is int else None
    data = value.get("data")
    outcome: Outcome = "success"
    if answered.errors or error is None:
        outcome = "broken"
    elif error != 0:
        outcome = "refused"
    elif isinstance(data, dict) and data.get("status") == "outdated":
        outcome = "outdated"
    return outcome, error, text if isinstance(text, str) else None
