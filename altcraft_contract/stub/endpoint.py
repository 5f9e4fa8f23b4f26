"""The endpoint: from a request to its answer and its entry in the journal."""

from __future__ import annotations

import hmac
import logging
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.document import sniff_syntax
from altcraft_contract.documents.limits import DEFAULT_LIMITS, Limits
from altcraft_contract.errors import AltcraftContractError, UnknownScenario
from altcraft_contract.findings import Severity
from altcraft_contract.renderers.redaction import redact_text, secrets_of
from altcraft_contract.rules.selection import ALL_RULES, RuleSelection
from altcraft_contract.stub.commit import Commit, commit_order, outdated_answer
from altcraft_contract.stub.entry_json import render_time, secrets_of_request
from altcraft_contract.stub.envelope import encode, encode_text, refusal
from altcraft_contract.stub.journal import LARGEST_BODY, LONGEST_ID, JournalEntry, Refusal
from altcraft_contract.stub.refusal_text import LONGEST_TEXT, findings_header, tell_findings
from altcraft_contract.stub.switch import Choice, preferred
from altcraft_contract.stub.traffic import CONTENT_TYPES, Answer, Headers, Request
from altcraft_contract.stub.transport import Refused, check_transport, nearest_syntax
from altcraft_contract.validation import check_request
from altcraft_contract.validation.checking import judge, result_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal

    from altcraft_contract.contract import Syntax
    from altcraft_contract.findings import CheckResult
    from altcraft_contract.rules.rule import Breach
    from altcraft_contract.stub.journal import Journal, Outcome
    from altcraft_contract.stub.scenarios import ProcessingTarget, Scenario
    from altcraft_contract.stub.state import State
    from altcraft_contract.stub.switch import ScenarioSwitch
    from altcraft_contract.validation.checking import Verdict

SCENARIO_HEADER: Final = b"x-altcraft-contract-scenario"
_logger: Final = logging.getLogger("altcraft_contract.stub")
_INCORRECT: Final = 400
_UNAUTHORIZED: Final = 401
_HEADERS: Final[dict[Syntax, Headers]] = {
    syntax: ((b"content-type", content_type.encode()),) for syntax, content_type in CONTENT_TYPES.items()
}


@dataclass(frozen=True, slots=True)
class EndpointSettings:
    """How the endpoint judges and what it invents.

    Attributes:
        token: The only token that is let in; None lets any in.
        rules: Which rules count, and how severely.
        limits: Bounds on a body.
        opening_balance: Points of a customer who is first met.
        strict_points: Whether an order is outdated that redeems more points than there are.
    """

    token: str | None = field(default=None, repr=False)
    rules: RuleSelection = ALL_RULES
    limits: Limits = DEFAULT_LIMITS
    opening_balance: int = 1000
    strict_points: bool = False


class Endpoint:
    """Judges requests and answers them; knows nothing of sockets.

    Args:
        settings: How to judge.
        state: What is remembered.
        journal: Where each request is entered.
        switch: Which scenario comes next.
        prices: Item to current price, as it stands at the moment of a request.
    """

    def __init__(
        self,
        settings: EndpointSettings,
        state: State,
        journal: Journal,
        switch: ScenarioSwitch,
        prices: Callable[[], Mapping[str, Decimal]],
    ) -> None:
        self.settings = settings
        self.state = state
        self.journal = journal
        self.switch = switch
        self.prices = prices
        self.contract = load_contract()

    def receive(self, request: Request) -> Answer:
        """Answer a request, and enter it in the journal before anybody can read the answer."""
        started = perf_counter()
        entry = JournalEntry(request, body_size=len(request.body))
        breaches: list[Breach] = []
        try:
            syntax = entry.syntax = check_transport(request, self.settings.limits)
        except Refused as refused:
            answer = _refusing(entry, refused)
        else:
            answer = self._judge(entry, request, syntax, breaches)
        entry.answer, entry.answer_size = answer, len(answer.body)
        entry.trim()
        entry.duration = perf_counter() - started
        rules = self.settings.rules
        self.journal.add(entry, [breach.rule for breach in breaches if rules.counts(breach.rule)])
        return answer

    def fail(self, request: Request, error: Exception) -> Answer:
        """Answer a request that could not be served: the state cannot be kept, or the stub has a bug."""
        if isinstance(error, AltcraftContractError):
            text = f"the stub cannot go on: {error}"
        else:
            text = f"internal error of the stub: {type(error).__name__}; this is a bug of altcraft-contract"
            _logger.error("internal error of the stub", exc_info=error)
        entry = JournalEntry(request, body_size=len(request.body), notes=(text,))
        answer = _refusing(entry, Refused("failure", 500, text))
        entry.answer, entry.answer_size = answer, len(answer.body)
        entry.trim()
        self.journal.add(entry)
        return answer

    def _judge(self, entry: JournalEntry, request: Request, syntax: Syntax, breaches: list[Breach]) -> Answer:
        settings = self.settings
        bearer = request.bearer_token
        has_bearer = bearer is not None
        verdict = judge(
            "request",
            request.body,
            syntax=syntax,
            contract=self.contract,
            limits=settings.limits,
            token_in_header=has_bearer,
        )
        breaches += verdict.breaches
        judged = partial(result_of, verdict, settings.rules, self.contract)
        if len(request.body) > LARGEST_BODY:
            entry.check = judged  # the body is not kept, so what is found in it is
        else:
            entry.check = partial(
                check_request,
                request.body,
                syntax=syntax,
                rules=settings.rules,
                contract=self.contract,
                limits=settings.limits,
                token_in_header=has_bearer,
            )
        rules = settings.rules
        errors = [
            breach
            for breach in verdict.breaches
            if rules.counts(breach.rule) and rules.severity_of(breach.rule) is Severity.ERROR
        ]
        entry.ok = not errors
        entry.failures = int(bool(errors))
        _read_order(entry, verdict)
        if self.journal.is_listened_to:
            entry.secrets |= secrets_of(verdict.document.value) | ({bearer} if bearer is not None else set())
        if request.has_token_in_query:
            entry.notes += ("the token stands in the URL, which the documentation calls insecure",)
        if not verdict.document.malformed:
            told = _wrong_token(settings.token, verdict.document.value, bearer)
            if told is not None:
                return _respond(entry, "token", _UNAUTHORIZED, told, errors)
        if errors:
            return _refuse(entry, judged(), verdict, errors)
        return self._answer_valid(entry, request, syntax, verdict)

    def _answer_valid(self, entry: JournalEntry, request: Request, syntax: Syntax, verdict: Verdict) -> Answer:
        value = verdict.document.value
        prefer = request.header_list(b"prefer")
        try:
            choice = preferred(prefer) if prefer is not None else None
        except (UnknownScenario, ValueError) as error:
            return _refusing(entry, Refused("scenario", 400, f"Prefer: {error}"))
        if choice is None:
            choice = self.switch.next_for(value["external_id"])
        scenario = choice.scenario
        entry.scenario = scenario.name
        if scenario.error is not None:
            code, text = scenario.error
            entry.outcome, entry.error, entry.error_text = "refused", code, text
            return _staged(choice, syntax, encode(refusal(code, text), syntax))
        return _staged(choice, syntax, self._confirm(entry, scenario, syntax, value))

    def _confirm(self, entry: JournalEntry, scenario: Scenario, syntax: Syntax, value: dict[str, Any]) -> bytes:
        """The bytes that would be right for the *scenario*; the order is confirmed if it says so."""
        if scenario.commits is None:
            answer = outdated_answer(value["external_id"])
            _tell(entry, "outdated" if scenario.keeps_contract else "broken")
        else:
            commit = self._commit(entry, scenario, scenario.commits, value)
            if scenario.reshape is None or commit.status == "outdated":
                return encode_text(commit.text, syntax)
            answer = commit.answer
        if scenario.reshape is not None:
            answer = scenario.reshape(answer)
        return encode(answer, syntax)

    def _commit(
        self, entry: JournalEntry, scenario: Scenario, target: ProcessingTarget, value: dict[str, Any]
    ) -> Commit:
        commit = commit_order(
            value,
            self.state,
            prices=self.prices(),
            opening_balance=self.settings.opening_balance,
            strict_points=self.settings.strict_points,
            processing_target=target,
            time=render_time(entry.time),
        )
        entry.is_repeat = commit.is_repeat
        entry.notes += commit.notes
        is_as_ever = scenario.reshape is not None and commit.status == "outdated"  # only confirmations are reshaped
        _tell(entry, commit.status if scenario.keeps_contract or is_as_ever else "broken")
        return commit


def _tell(entry: JournalEntry, outcome: Outcome) -> None:
    """Note what an answer to a valid order says; a broken one says nothing."""
    entry.outcome = outcome
    if outcome != "broken":
        entry.error, entry.error_text = 0, "Successful operation"


def _refuse(entry: JournalEntry, result: CheckResult, verdict: Verdict, errors: list[Breach]) -> Answer:
    """Refuse a request for what was found in it."""
    syntax, body = entry.syntax or "json", entry.request.body
    text = tell_findings(result.errors)
    if verdict.document.malformed and sniff_syntax(body) not in (None, syntax):
        other = "XML" if syntax == "json" else "JSON"
        text += f"; the body looks like {other}, the Content-Type says {syntax.upper()}"
    kept = entry.request._replace(body=body[:LARGEST_BODY])
    text = redact_text(text, secrets_of_request(kept) | entry.secrets)[:LONGEST_TEXT]
    return _respond(entry, "contract", _INCORRECT, text, errors)


def _wrong_token(expected: str | None, value: Any, bearer: str | None) -> str | None:
    """What is wrong with the token of a request; None if nothing is. Every token that is given has to be right."""
    if expected is None or not isinstance(value, dict):
        return None
    in_body = value.get("token")
    given = [token for token in (bearer, in_body) if isinstance(token, str)]
    if not given:
        return "Token required: in the field token, or as Authorization: Bearer"
    if all(hmac.compare_digest(token.encode(), expected.encode()) for token in given):
        return None
    return "Wrong token"


def _read_order(entry: JournalEntry, verdict: Verdict) -> None:
    value = verdict.document.value
    external_id = value.get("external_id") if isinstance(value, dict) else None
    entry.external_id = external_id[:LONGEST_ID] if isinstance(external_id, str) else None
    if len(entry.request.body) > LARGEST_BODY and not verdict.document.malformed:
        entry.secrets = secrets_of(value)


def _refusing(entry: JournalEntry, refused: Refused) -> Answer:
    """The answer to a request that is refused for how it was sent, in the syntax that it comes nearest to."""
    syntax = entry.syntax or nearest_syntax(entry.request)
    entry.ok = False
    entry.refusal, entry.outcome, entry.error = refused.refusal, "refused", refused.status
    text = redact_text(refused.text)
    entry.error_text = text
    body = encode(refusal(refused.status, text), syntax)
    return Answer(refused.status, (*_HEADERS[syntax], *refused.headers), body)


def _respond(entry: JournalEntry, reason: Refusal, code: int, text: str, errors: list[Breach]) -> Answer:
    """Refuse a request in the vendor's envelope."""
    syntax = entry.syntax or "json"
    entry.refusal, entry.outcome, entry.error, entry.error_text = reason, "refused", code, text
    headers = (*_HEADERS[syntax], *findings_header(breach.rule for breach in errors))
    return Answer(200, headers, encode(refusal(code, text), syntax))


def _staged(choice: Choice, syntax: Syntax, right: bytes) -> Answer:
    """The answer that a scenario makes of the right bytes."""
    scenario = choice.scenario
    body = scenario.body(right) if scenario.body is not None else right
    headers = _HEADERS[syntax]
    if scenario.content_type is not None:
        headers = ((b"content-type", scenario.content_type.encode()),)
    if scenario.name != "success":
        headers = (*headers, (SCENARIO_HEADER, scenario.name.encode()))
    headers = (*headers, *((name.encode(), value.encode()) for name, value in scenario.headers))
    delay = choice.delay if choice.delay is not None else scenario.delay
    return Answer(scenario.status, headers, body, delay, scenario.cut)
