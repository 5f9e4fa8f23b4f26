"""What a campaign has to tell at its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from altcraft_contract.fuzz.case import Phase
    from altcraft_contract.fuzz.failure import Failure, Observation, Step
    from altcraft_contract.fuzz.strictness import StrictnessRow

Ending = Literal[
    "finished",
    "max-requests",
    "max-orders",
    "max-time",
    "max-failures",
    "interrupted",
    "target-failed",
    "refused-warm-up",
    "unreachable",
    "dry-run",
    "rate-limited",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseCount:
    """What became of one phase.

    Attributes:
        phase: Its name.
        planned: Trials.
        done: Trials that were sent and judged.
        requests: Requests that were sent for it, those to confirm and to shrink included.
        failures: Causes that were met first in it.
    """

    phase: Phase
    planned: int
    done: int
    requests: int
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How long answers took, in seconds; zeros if there was none.

    Attributes:
        least: The shortest.
        median: Half took no longer.
        p95: 95 of 100 took no longer.
        most: The longest.
    """

    least: float = 0.0
    median: float = 0.0
    p95: float = 0.0
    most: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignReport:
    """What a campaign found; nothing in it is secret.

    Attributes:
        run: Id of the run, which every `external_id` of it begins with.
        target: URL of the endpoint.
        contract: Version of the contract.
        tool_version: Version of this package.
        seed: The same seed sends the same.
        started: Time, in UTC, RFC 3339.
        seconds: How long it took.
        ending: Why it ended.
        ending_detail: The same in a sentence; what to do about it, if anything can be done.
        requests: Requests that were sent.
        orders: Orders that the target accepted.
        outcomes: Name of a verdict to the number of requests.
        phases: What became of each phase.
        failures: Each cause once, in the order of the oracles; those of the baseline left out.
        known: Failures that the baseline names.
        gone: Fingerprints that the baseline names and that were not met, if a campaign of all phases came to its end.
        observations: What the documentation is silent about.
        strictness: The matrix.
        timing: How long answers took.
        warm_up: The plain orders that were sent first, with their answers.
        journal: File that lists the orders; None if there is none.
        directory: Of the run, with a case file for `replay` of each failure: `cases/<id>.json`; None if there is none.
    """

    run: str
    target: str
    contract: str
    tool_version: str
    seed: int
    started: str
    seconds: float
    ending: Ending
    ending_detail: str = ""
    requests: int = 0
    orders: int = 0
    outcomes: dict[str, int]
    phases: tuple[PhaseCount, ...] = ()
    failures: tuple[Failure, ...] = ()
    known: tuple[Failure, ...] = ()
    gone: tuple[str, ...] = ()
    observations: tuple[Observation, ...] = ()
    strictness: tuple[StrictnessRow, ...] = ()
    timing: Timing
    warm_up: tuple[Step, ...] = ()
    journal: str | None = None
    directory: str | None = None

    @property
    def ok(self) -> bool:
        """Whether the campaign could judge the target, and found nothing."""
        return self.exit_code == 0

    @property
    def exit_code(self) -> int:
        """0 nothing found, 1 failures, 3 no verdict, 130 interrupted."""
        if self.ending == "interrupted":
            return 130
        if self.failures:
            return 1
        return 3 if self.ending in ("refused-warm-up", "unreachable", "target-failed", "rate-limited") else 0
