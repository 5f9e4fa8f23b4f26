"""What a campaign found: failures, grouped by cause, and what the documentation is silent about."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from altcraft_contract.contract import Syntax
    from altcraft_contract.findings import Basis
    from altcraft_contract.fuzz.case import Case, Phase
    from altcraft_contract.fuzz.exchange import Outcome, WireFault


class Cause(NamedTuple):
    """What makes two failures the same.

    Attributes:
        oracle: Name of the oracle.
        rule: Id of the rule; empty if the oracle judges by none.
        place: Pointer with `*` for indexes, or what is special about the request.
        error: What the answer said: its `error`, its HTTP status, or what went wrong on the wire.
        text: Its normalised text.
    """

    oracle: str
    rule: str
    place: str
    error: str
    text: str

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits, the same in every run."""
        return sha256("\0".join(self).encode(errors="backslashreplace")).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An answer as it may be shown: nothing in it is secret.

    Attributes:
        status: HTTP status; None if there is none.
        headers: Names, in small letters, and values.
        text: The body, cut off if it is long.
        size: Bytes of the whole body.
        is_cut: Whether the text was cut off.
        outcome: The verdict of the body.
        seconds: How long it took.
        fault: What went wrong on the wire.
        detail: About the fault, in words.
    """

    status: int | None
    headers: tuple[tuple[str, str], ...]
    text: str
    size: int
    is_cut: bool
    outcome: Outcome
    seconds: float
    fault: WireFault | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A request that was sent and what came back, as they may be shown.

    Attributes:
        case: With stand-ins; `renderings` knows how to show it.
        received: The answer.
    """

    case: Case
    received: Received


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A place where the target leaves the contract.

    Attributes:
        id: The fingerprint of the cause.
        cause: What makes it the same as another.
        phase: Phase in which it was met first.
        trial: Id of the trial in which it was met first.
        feature: Name of the mutation, edge case or relation.
        rule: Id of the rule; None if the oracle judges by none.
        basis: Why it is a failure: as documented, or inferred.
        section: Section of the vendor's page.
        message: What is wrong, in a sentence.
        expected: What was expected, in a sentence.
        steps: What was sent, made as small as could be, and what came; the last one shows it.
        guilty: Index in *steps* of the request whose answer is wrong.
        twin: The same order in the other syntax, and what came; None if there is none.
        syntaxes: In which syntaxes it was met.
        count: How often it was met.
        is_shrunk: Whether *steps* were made smaller to the end.
        attempts: How often the same was sent again to confirm it.
        confirmed: How often it showed again.
    """

    id: str
    cause: Cause
    phase: Phase
    trial: str
    feature: str
    rule: str | None
    basis: Basis
    section: str
    message: str
    expected: str
    steps: tuple[Step, ...]
    guilty: int = -1
    twin: Step | None = None
    syntaxes: tuple[Syntax, ...] = ()
    count: int = 1
    is_shrunk: bool = False
    attempts: int = 0
    confirmed: int = 0

    @property
    def step(self) -> Step:
        """The request whose answer is wrong, and that answer."""
        return self.steps[self.guilty]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """Something that the documentation is silent about; never a failure.

    Attributes:
        kind: `verdict` (what the target made of a request that no rule decides), `error-code`, `status`, `field`,
            `text`, `warning` or `connection`.
        subject: What it is about: a code, a field, a rule, a feature.
        message: In a sentence.
        count: How often it was met.
        trial: Id of a trial that shows it.
    """

    kind: Literal["verdict", "error-code", "status", "field", "text", "warning", "connection"]
    subject: str
    message: str
    count: int = 1
    trial: str = ""
