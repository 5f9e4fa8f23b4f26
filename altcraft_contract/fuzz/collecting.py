"""What is counted while a campaign goes on: verdicts, times, and what the documentation is silent about."""

from __future__ import annotations

from collections import Counter
from statistics import median, quantiles
from typing import TYPE_CHECKING, Final, Literal

from altcraft_contract.findings import Severity
from altcraft_contract.fuzz.exchange import OUTCOMES
from altcraft_contract.fuzz.failure import Observation
from altcraft_contract.fuzz.oracles.oracle import USUAL, normal_text, starred
from altcraft_contract.fuzz.report import Timing
from altcraft_contract.rules.catalogue import RULES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from altcraft_contract.fuzz.case import Kind, Trial
    from altcraft_contract.fuzz.exchange import Exchange
    from altcraft_contract.fuzz.identity import Identity

    ObservationKind = Literal["verdict", "error-code", "status", "field", "text", "warning", "connection"]

_KNOWN_ERRORS: Final = (0, 400, 401, 402, 403)
_OK: Final = 200
_ENOUGH: Final = 20  # answers, before what is usual is known
_RECENT: Final = 500
_MOST_OF_A_KIND: Final = 300  # observations: a target may say something new each time


class Times:
    """How long answers took."""

    def __init__(self) -> None:
        self._seconds: list[float] = []
        self._usual = USUAL

    @property
    def usual(self) -> float:
        """Seconds that half of the answers take."""
        return self._usual

    def count(self, exchange: Exchange) -> None:
        """Count a whole answer."""
        if exchange.answer.fault is None:
            self._seconds.append(exchange.answer.seconds)
            if len(self._seconds) % _ENOUGH == 0:
                self._usual = median(self._seconds[-_RECENT:])

    def timing(self) -> Timing:
        """All of them in four figures."""
        known = sorted(self._seconds)
        if not known:
            return Timing()
        p95 = quantiles(known, n=20)[-1] if len(known) > 1 else known[0]
        return Timing(least=known[0], median=median(known), p95=min(p95, known[-1]), most=known[-1])


class Observations:
    """What the documentation is silent about, each once."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self._found: dict[tuple[ObservationKind, str, str], tuple[int, str]] = {}
        self._kinds: Counter[str] = Counter()

    def all(self) -> tuple[Observation, ...]:
        """What was observed, the most frequent of each kind first."""
        found = [
            Observation(kind=kind, subject=subject, message=message, count=count, trial=trial)
            for (kind, subject, message), (count, trial) in self._found.items()
        ]
        return tuple(sorted(found, key=lambda one: (one.kind, -one.count, one.subject, one.message)))

    def add(self, kind: ObservationKind, subject: str, message: str, trial: str) -> None:
        """Count one."""
        key = (kind, subject, message)
        count, first = self._found.get(key, (0, trial))
        if not count:
            if self._kinds[kind] >= _MOST_OF_A_KIND:
                return
            self._kinds[kind] += 1
        self._found[key] = (count + 1, first)

    def count(self, trial: Trial, kind: Kind, exchanges: Sequence[Exchange]) -> None:
        """Look at the exchanges of a trial."""
        for index, exchange in enumerate(exchanges):
            self._look_at_answer(trial.id, exchange)
            self._look_at_verdict(trial, exchange, is_repeat=kind == "repeat" and index > 0)

    def _look_at_answer(self, trial: str, exchange: Exchange) -> None:
        status = exchange.answer.status
        if status is not None and status != _OK:
            self.add("status", f"HTTP {status}", f"answers come with HTTP {status}", trial)
        if exchange.error is not None and exchange.error not in _KNOWN_ERRORS:
            subject = f"error {exchange.error}"
            self.add("error-code", subject, f"`error` {exchange.error} is no documented code", trial)
        if exchange.error and exchange.case.rule is not None:
            text = normal_text(exchange, self._identity)
            self.add("text", exchange.case.rule, f"{exchange.error}: {text}", trial)
        for finding in exchange.result.findings if exchange.result is not None else ():
            if finding.severity is Severity.WARNING:
                kind: ObservationKind = "field" if finding.rule == "unknown-field" else "warning"
                pointer = starred(self._identity.conceal(finding.pointer))
                self.add(kind, pointer, self._identity.conceal(finding.message), trial)
        if exchange.error is not None and exchange.syntax != exchange.case.syntax and not exchange.case.is_odd:
            asked, answered = exchange.case.syntax.upper(), exchange.syntax.upper()
            self.add("warning", "encoding-mismatch", f"{asked} is answered in {answered}", trial)

    def _look_at_verdict(self, trial: Trial, exchange: Exchange, *, is_repeat: bool) -> None:
        case = exchange.case
        if case.expected != "undocumented":
            return
        if case.rule is not None:
            if case.rule == "malformed":
                self.add("verdict", case.title, f"{case.title} is {exchange.outcome}", trial.id)
            elif exchange.outcome == "refused":
                where = f"{case.rule} ({RULES[case.rule].severity}) at {case.place or 'the root'}"
                self.add("verdict", case.rule, f"{where} is refused, though the page does not forbid it", trial.id)
            return
        said = exchange.outcome
        if said == "broken" and exchange.answer.status is not None:
            said_so = f"answered with HTTP {exchange.answer.status} and no envelope"
        else:
            said_so = said + (f" with error {exchange.error}" if exchange.error else "")
        what = f"{case.title} ({case.syntax.upper()})"
        self.add("verdict", trial.feature, f"{'a repeat: ' if is_repeat else ''}{what}: {said_so}", trial.id)


def count_outcomes(counter: Counter[str]) -> dict[str, int]:
    """Verdict to number of requests, every verdict named."""
    return {outcome: counter[outcome] for outcome in OUTCOMES}
