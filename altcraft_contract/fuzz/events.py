"""What a campaign tells while it goes on; a listener is any function that takes an event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from altcraft_contract.fuzz.case import Phase
    from altcraft_contract.fuzz.exchange import Outcome
    from altcraft_contract.fuzz.failure import Failure
    from altcraft_contract.fuzz.report import CampaignReport


@dataclass(frozen=True, slots=True)
class CampaignStarted:
    """The first event.

    Attributes:
        run: Id of the run.
        target: URL of the endpoint.
        seed: Of the run.
        trials: Phase to number of trials.
        remarks: What the user should know before anything is sent.
    """

    run: str
    target: str
    seed: int
    trials: dict[Phase, int]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PhaseStarted:
    """A phase begins.

    Attributes:
        phase: Its name.
        trials: How many trials it has.
    """

    phase: Phase
    trials: int


@dataclass(frozen=True, slots=True)
class RequestSent:
    """A request was answered, or not.

    Attributes:
        phase: The phase that it belongs to.
        trial: Id of the trial.
        title: What is special about the request.
        method: HTTP method.
        status: HTTP status; None without an answer.
        outcome: The verdict of the answer.
        seconds: How long it took.
        requests: How many have been sent.
        orders: How many have been accepted.
    """

    phase: Phase
    trial: str
    title: str
    method: str
    status: int | None
    outcome: Outcome
    seconds: float
    requests: int
    orders: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """The campaign waits.

    Attributes:
        seconds: How long.
        reason: Why, in words.
    """

    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class FailureFound:
    """A cause was met for the first time, confirmed, and made small."""

    failure: Failure


@dataclass(frozen=True, slots=True)
class CampaignFinished:
    """The last event."""

    report: CampaignReport


Event = CampaignStarted | PhaseStarted | RequestSent | Waiting | FailureFound | CampaignFinished
Listener = Callable[[Event], None]
