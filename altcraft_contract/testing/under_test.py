"""What servers of a test remember, and what they say at its end."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from altcraft_contract.endpoint import ENDPOINT_PATH
from altcraft_contract.rules.selection import ALL_RULES
from altcraft_contract.stub.entry_json import secrets_of_request
from altcraft_contract.testing.allowances import Allowance, Allowances
from altcraft_contract.testing.call_sites import CallSites
from altcraft_contract.testing.leaks import find_leaks, tokens_of
from altcraft_contract.testing.observing import is_observed, tell_exchange, tell_message, tell_scenario
from altcraft_contract.testing.settings import JudgingSettings
from altcraft_contract.testing.telling import EXPLAIN, tell_call, tell_leaks, tell_result, tell_share
from altcraft_contract.validation import check_exchange, check_response

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from altcraft_contract.stub import Journal, JournalEntry
    from altcraft_contract.testing.leaks import Section

DEFAULT_SETTINGS: Final = JudgingSettings(ALL_RULES, "error", {})
_SUCCESS: Final = 200
_MOST: Final = 1_000  # wrong requests that are remembered
_TOLD: Final = 20  # wrong requests that are told of in full
_OTHER_CALL: Final = re.compile(r"/api/v[0-9.]+/.+")
_ALIKE: Final = 0.75  # how like two names are that mean the same
_NO_FAULT: Final = frozenset({None, "contract", "incomplete"})


class _Wrong(NamedTuple):
    """A request that may break the contract, and what held when it came in."""

    entry: JournalEntry
    allowances: tuple[Allowance, ...]


class Witness:
    """Remembers what comes in at a server, also when its journal is reset, and judges it at the end of a test.

    Args:
        name: What the test calls the server.
        base_url: Its origin.
        journal: Its journal.
        settings: How messages are judged.
        root: What files of the user's code are named from.
    """

    def __init__(
        self, name: str, base_url: str, journal: Journal, settings: JudgingSettings, root: Path | None = None
    ) -> None:
        self.allowances = Allowances()
        self._name = name
        self._settings = settings
        self._root = root or Path.cwd()
        self._sites = CallSites(base_url)
        self._wrong: list[_Wrong] = []
        self._received = 0
        self._dropped = 0
        self._tokens: set[str] = set()
        self._may_print_token = False
        journal.listen(self._take)

    def open(self) -> None:
        """See the calls from now on."""
        self._sites.__enter__()

    def close(self) -> None:
        """See no more calls."""
        self._sites.__exit__()

    def allow_token_in_output(self) -> None:
        """Let the test print or log the token."""
        self._may_print_token = True

    def _take(self, entry: JournalEntry) -> None:
        self._received += 1
        self._tokens.update(tokens_of(entry.request))
        if is_observed():
            _tell_observers(entry)
        if not entry.ok or entry.rules:
            if len(self._wrong) < _MOST:
                self._wrong.append(_Wrong(entry, self.allowances.now()))
            else:
                self._dropped += 1

    def problems(self, sections: Sequence[Section] = (), tokens: Iterable[str] = ()) -> str:
        """What the test has to hear; empty if all is well.

        Args:
            sections: What the test has printed and logged.
            tokens: What must not stand there besides the tokens of the requests.
        """
        failing = [wrong.entry for wrong in self._wrong if self._fails(wrong)]
        parts = []
        if failing:
            parts.append(self._tell(failing))
        leaks = [] if self._may_print_token else find_leaks(sections, {*self._tokens, *tokens})
        if leaks:
            parts.append(tell_leaks(self._name, leaks))
        return "\n\n".join(parts)

    def _fails(self, wrong: _Wrong) -> bool:
        entry = wrong.entry
        if entry.refusal == "path" and _is_other_call(entry.request.path):
            return False
        failing = self._settings.failing(entry.findings)
        is_only_rules = entry.refusal in _NO_FAULT
        if is_only_rules and not failing:
            return False
        return not self.allowances.permit(
            wrong.allowances, [finding.rule for finding in failing], is_only_rules=is_only_rules
        )

    def _tell(self, failing: Sequence[JournalEntry]) -> str:
        parts = [f"{self._name}: {tell_share(len(failing) + self._dropped, self._received, 'request')} the contract"]
        parts += [self._tell_entry(entry) for entry in failing[:_TOLD]]
        if len(failing) > _TOLD:
            parts.append(f"… and {len(failing) - _TOLD} more")
        parts.append(f"If a request is meant to be wrong, say {self._name}.allow_invalid() in the test. {EXPLAIN}")
        return "\n\n".join(parts)

    def _tell_entry(self, entry: JournalEntry) -> str:
        request = entry.request
        secrets = secrets_of_request(request) | entry.secrets
        lines = [f"{request.method} {request.path}", tell_call(self._sites.find(request), self._root)]
        if entry.refusal not in (None, "contract"):
            lines.append(f"  refused ({entry.refusal}): {entry.error_text}")
            if entry.refusal == "path":
                lines.append(f"  = hint: the endpoint is POST {ENDPOINT_PATH}")
        if entry.check is not None and entry.findings:
            failing = self._settings.failing(entry.findings)
            told = tell_result(entry.check(), request.body, label="request", failing=failing, secrets=secrets)
            lines.append(told)
        return "\n".join(lines)


def _tell_observers(entry: JournalEntry) -> None:
    """Tell of a request, of the answer that the client was given, and of the two together."""
    body, answer = entry.request.body, entry.answer
    if entry.check is not None:
        tell_message("request", body, entry.syntax, entry.findings)
    if answer is None or entry.scenario is None:
        return
    tell_scenario(entry.scenario)
    if answer.cut is None and answer.status == _SUCCESS and len(answer.body) == entry.answer_size:
        tell_message("response", answer.body, entry.syntax, check_response(answer.body).findings)
        has_bearer = entry.request.bearer_token is not None
        tell_exchange(check_exchange(body, answer.body, token_in_header=has_bearer).findings)


def _is_other_call(path: str) -> bool:
    """Whether a path looks like another documented call, not like this one misspelt."""
    last = path.rstrip("/").rpartition("/")[2]
    own = ENDPOINT_PATH.rpartition("/")[2]
    return _OTHER_CALL.fullmatch(path) is not None and SequenceMatcher(None, last, own).ratio() < _ALIKE
