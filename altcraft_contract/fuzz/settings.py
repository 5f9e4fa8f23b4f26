"""Where a campaign goes and what it may do there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from altcraft_contract.errors import ConfigurationFault
from altcraft_contract.fuzz.case import PHASES
from altcraft_contract.strategies.vocabulary import NOTHING_KNOWN, Values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from altcraft_contract.fuzz.case import Phase

FailBasis = Literal["any", "documented"]

FAIL_BASES: Final[tuple[FailBasis, ...]] = ("any", "documented")
MOST_REQUESTS: Final = 1_500
MOST_FAILURES: Final = 100
TIMEOUT: Final = 10.0  # seconds for one answer
STATE_DIRECTORY: Final = ".altcraft-contract"


@dataclass(frozen=True, slots=True)
class Target:
    """The service under test.

    Attributes:
        url: Its origin, what stands before the path of the endpoint there, or the URL of the endpoint.
        token: Of its API; None if none was given: then a made-up one is sent, and a wrong token is not judged.
        allow_hosts: Hosts besides this machine that orders may be sent to.
        ca_file: Certificates, in PEM, that are trusted besides those of the system.
        is_insecure: Whether any certificate is taken.
    """

    url: str
    token: str | None = field(default=None, repr=False)
    allow_hosts: Sequence[str] = ()
    ca_file: str | None = None
    is_insecure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignSettings:
    """What a campaign does.

    Attributes:
        seed: The same seed sends the same.
        phases: Which phases, in their own order.
        values: What exists on the installation; what is empty is made up.
        max_requests: Most requests, those to confirm and to shrink included.
        max_orders: Most orders that the target may accept; None is 500 off this machine, and any number on it.
        max_time: Most seconds; None is any.
        max_failures: Most causes.
        rate_limit: Requests in a second; None is 2 off this machine, and as many as can be on it.
        timeout: Seconds for one answer.
        workers: Connections that are used side by side.
        with_triggers: Whether `skip_triggers` may be other than true.
        fail_basis: `documented` makes inferred rules no failures.
        shrink: Whether failing requests are made smaller.
        directory: Where run, journal and cases are kept; None keeps nothing.
        journal: File that lists the orders; None is one in *directory*.
        resume: Id or path of the run to go on with.
        dry_run: Whether nothing is sent.
        baseline: Fingerprint to remark of the failures that are known.
    """

    seed: int = 0
    phases: Sequence[Phase] = PHASES
    values: Values = NOTHING_KNOWN
    max_requests: int = MOST_REQUESTS
    max_orders: int | None = None
    max_time: float | None = None
    max_failures: int = MOST_FAILURES
    rate_limit: float | None = None
    timeout: float = TIMEOUT
    workers: int = 1
    with_triggers: bool = False
    fail_basis: FailBasis = "any"
    shrink: bool = True
    directory: str | Path | None = None
    journal: str | Path | None = None
    resume: str | None = None
    dry_run: bool = False
    baseline: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        unknown = [phase for phase in self.phases if phase not in PHASES]
        if unknown or not self.phases:
            raise ConfigurationFault("the phases", f"{unknown!r}: expected some of {', '.join(PHASES)}")
        numbers = {
            "max_requests": self.max_requests,
            "max_failures": self.max_failures,
            "workers": self.workers,
            "timeout": self.timeout,
            "max_time": self.max_time,
            "rate_limit": self.rate_limit,
        }
        for name, number in numbers.items():
            if number is not None and not number > 0:
                raise ConfigurationFault(name.replace("_", "-"), f"{number}: expected a number above 0")
        if self.fail_basis not in FAIL_BASES:
            raise ConfigurationFault("fail-basis", f"{self.fail_basis!r}: expected one of {', '.join(FAIL_BASES)}")
