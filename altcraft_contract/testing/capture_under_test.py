"""The capture that a test is given: it judges every call to the endpoint, wherever it goes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from altcraft_contract.capture.capture import Capture
from altcraft_contract.documents.limits import DEFAULT_LIMITS
from altcraft_contract.endpoint import ENDPOINT_PATH
from altcraft_contract.renderers.redaction import redact_text
from altcraft_contract.stub.entry_json import secrets_of_request
from altcraft_contract.stub.traffic import Request
from altcraft_contract.stub.transport import Refused, check_transport
from altcraft_contract.testing.allowances import Allowances
from altcraft_contract.testing.leaks import find_leaks, tokens_of
from altcraft_contract.testing.observing import is_observed, tell_exchange, tell_message
from altcraft_contract.testing.telling import EXPLAIN, tell_call, tell_leaks, tell_result, tell_share
from altcraft_contract.testing.under_test import DEFAULT_SETTINGS
from altcraft_contract.validation import check_exchange, check_request, check_response

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from altcraft_contract.capture import CapturedCall
    from altcraft_contract.capture.draft import Draft
    from altcraft_contract.findings import CheckResult
    from altcraft_contract.testing.allowances import Allowance
    from altcraft_contract.testing.leaks import Section
    from altcraft_contract.testing.settings import JudgingSettings

_TOLD: Final = 20  # wrong calls that are told of in full
_SUCCESS: Final = 200


class _Judged(NamedTuple):
    """A call, and what is wrong with it.

    Attributes:
        call: As it was seen.
        refused: What is wrong with how it was sent.
        results: Label, result and body of each message that fails the test.
    """

    call: CapturedCall
    refused: Refused | None
    results: tuple[tuple[str, CheckResult, bytes], ...]

    @property
    def rules(self) -> set[str]:
        """The rules that are broken."""
        return {finding.rule for _, result, _ in self.results for finding in result.findings}


class AltcraftCapture(Capture):
    """Sees every call to the endpoint that a test makes, and says at its end which ones broke the contract.

    Args:
        judging: How messages are judged.
        root: What files of the user's code are named from.
    """

    def __init__(self, *, judging: JudgingSettings = DEFAULT_SETTINGS, root: Path | None = None) -> None:
        super().__init__()
        self._judging = judging
        self._root = root or Path.cwd()
        self._allowances = Allowances()
        self._allowed: dict[Draft, tuple[Allowance, ...]] = {}
        self._may_print_token = False
        self._judges_responses = False

    def add(self, draft: Draft) -> None:
        """Take a call that has begun."""
        self._allowed[draft] = self._allowances.now()
        super().add(draft)

    def allow_invalid(self, rules: str | Iterable[str] | None = None) -> Allowance:
        """Let requests of this test be wrong; in a `with` statement, those that begin as long as it lasts.

        Args:
            rules: Id of the rule, or ids of the rules, that may be broken; None lets anything be wrong.

        Raises:
            UnknownRule: if there is no such rule.
        """
        return self._allowances.allow(rules)

    def allow_token_in_output(self) -> None:
        """Let the test print or log the token."""
        self._may_print_token = True

    def check_responses(self) -> None:
        """Judge the answers with HTTP status 200 as well: what a mock answers should keep the contract, too."""
        self._judges_responses = True

    def problems(self, sections: Sequence[Section] = (), *, judged_elsewhere: Iterable[str] = ()) -> str:
        """What is wrong with the calls, and with what the test printed; empty if nothing is.

        Args:
            sections: What pytest has captured: name and text of each.
            judged_elsewhere: Origins of servers that judge for themselves.
        """
        prefixes = tuple(f"{origin}/" for origin in judged_elsewhere)
        calls = [(draft, draft.call()) for draft in list(self._allowed)]
        seen = [(draft, call) for draft, call in calls if not call.url.startswith(prefixes or "\0")]
        failing = [judged for draft, call in seen if self._fails(draft, judged := self._judge(call))]
        parts = [self._tell(failing, len(seen))] if failing else []
        if not self._may_print_token:
            tokens = {token for _, call in seen for token in tokens_of(_request_of(call))}
            leaks = find_leaks(sections, tokens)
            if leaks:
                parts.append(tell_leaks("altcraft_capture", leaks))
        return "\n\n".join(parts)

    def _judge(self, call: CapturedCall) -> _Judged:
        request = _request_of(call)
        if call.body is None:
            return _Judged(call, None, ())
        try:
            syntax = check_transport(request, DEFAULT_LIMITS)
        except Refused as refused:
            return _Judged(call, refused, ())
        has_bearer = request.bearer_token is not None
        rules = self._judging.rules
        asked = check_request(call.body, syntax=syntax, rules=rules, token_in_header=has_bearer)
        tell_message("request", call.body, syntax, asked.findings if is_observed() else ())
        results = [("request", asked, call.body)]
        response = call.response
        if response is not None and response.body is not None and response.status == _SUCCESS:
            answered = check_response(response.body, rules=rules)
            together = check_exchange(call.body, response.body, rules=rules, token_in_header=has_bearer)
            if is_observed():
                tell_message("response", response.body, None, answered.findings)
                tell_exchange(together.findings)
            if self._judges_responses:
                results += [("response", answered, response.body), ("exchange", together, response.body)]
        return _Judged(call, None, tuple(row for row in results if self._judging.fails(row[1])))

    def _fails(self, draft: Draft, judged: _Judged) -> bool:
        if judged.refused is None and not judged.results:
            return False
        failing = {
            finding.rule for _, result, _ in judged.results for finding in self._judging.failing(result.findings)
        }
        return not self._allowances.permit(self._allowed[draft], failing, is_only_rules=judged.refused is None)

    def _tell(self, failing: Sequence[_Judged], seen: int) -> str:
        parts = [f"altcraft_capture: {tell_share(len(failing), seen, 'call')} the contract"]
        parts += [self._tell_call(judged) for judged in failing[:_TOLD]]
        if len(failing) > _TOLD:
            parts.append(f"… and {len(failing) - _TOLD} more")
        parts.append(f"If a request is meant to be wrong, say altcraft_capture.allow_invalid() in the test. {EXPLAIN}")
        return "\n\n".join(parts)

    def _tell_call(self, judged: _Judged) -> str:
        call = judged.call
        secrets = secrets_of_request(_request_of(call))
        parts = urlsplit(call.url)
        lines = [redact_text(f"{call.method} {parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}", secrets)]
        lines.append(tell_call(call, self._root))
        if judged.refused is not None:
            lines.append(f"  would be refused ({judged.refused.refusal}): {redact_text(judged.refused.text, secrets)}")
        for label, result, body in judged.results:
            failing = self._judging.failing(result.findings)
            lines.append(tell_result(result, body, label=label, failing=failing, secrets=secrets))
        return "\n".join(lines)


def _request_of(call: CapturedCall) -> Request:
    """The request as a server would have it."""
    parts = urlsplit(call.url)
    headers = tuple(
        (name.lower().encode("utf-8", "replace"), value.encode("utf-8", "replace")) for name, value in call.headers
    )
    return Request(
        call.method.upper(), ENDPOINT_PATH, headers, call.body or b"", parts.query.encode("utf-8", "replace")
    )
