"""What a test hears of its live target: answers that break the contract, and orders that were not sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from altcraft_contract.renderers.text import count, render_result
from altcraft_contract.stub.proxy_report import iter_report_entries
from altcraft_contract.testing.observing import is_observed, tell_exchange, tell_message
from altcraft_contract.testing.telling import tell_share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.stub.journal import Journal, JournalEntry
    from altcraft_contract.testing.settings import JudgingSettings

_MOST: Final = 1_000  # exchanges that are remembered
_TOLD: Final = 20  # exchanges that are told of


class TargetWitness:
    """Remembers what was wrong on the side of the target, also when the journal is reset.

    Args:
        name: What the test calls the target.
        origin: The target.
        journal: Of the proxy before it.
        settings: How messages are judged.
    """

    def __init__(self, name: str, origin: str, journal: Journal, settings: JudgingSettings) -> None:
        self._name = name
        self._origin = origin
        self._settings = settings
        self._answers = 0
        self._failing: list[JournalEntry] = []
        self._dropped = 0
        self._held: dict[str, int] = {}
        journal.listen(self._take)

    def take_held(self, reason: str) -> None:
        """Take note of why an order was not sent."""
        self._held[reason] = self._held.get(reason, 0) + 1

    def _take(self, entry: JournalEntry) -> None:
        self._answers += entry.check_answer is not None
        if is_observed():
            if entry.check_answer is not None and entry.answer is not None:
                tell_message("response", entry.answer.body, None, entry.answer_findings)
            if entry.check_exchange is not None:
                tell_exchange(entry.exchange_findings)
        if not entry.is_unreachable and not self._settings.failing((*entry.answer_findings, *entry.exchange_findings)):
            return
        if len(self._failing) < _MOST:
            self._failing.append(entry)
        else:
            self._dropped += 1

    def problems(self) -> str:
        """What the test has to hear; empty if all is well."""
        parts = []
        unanswered = sum(entry.is_unreachable for entry in self._failing)
        wrong = len(self._failing) - unanswered
        whose = f"the target at {self._origin}, and no fault of the client"
        if unanswered:
            parts.append(f"{self._name}: {count(unanswered, 'request')} got no answer; that is the fault of {whose}")
        if wrong:
            share = tell_share(wrong, self._answers, "answer")
            parts.append(f"{self._name}: {share} the contract; they come from {whose}")
        parts += ["\n".join(self._tell(entry)) for entry in self._failing[:_TOLD]]
        untold = max(0, len(self._failing) - _TOLD) + self._dropped
        if untold:
            parts.append(f"… and {untold} more")
        for reason, times in self._held.items():
            requests = "a request was" if times == 1 else f"{times} requests were"
            parts.append(f"{self._name}: {requests} not sent to the target: {reason}")
        return "\n\n".join(parts)

    def _tell(self, entry: JournalEntry) -> Iterator[str]:
        if entry.is_unreachable:
            yield f"exchange {entry.number}: {'; '.join(entry.notes)}"
        for report in iter_report_entries([entry]):
            is_answer = not report.path.endswith(": request")
            if is_answer and self._settings.fails(report.result):
                yield render_result(report.result, report.text, label=report.path, verbose=True)
