"""What came back, and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from altcraft_contract.contract import Syntax
    from altcraft_contract.findings import CheckResult
    from altcraft_contract.fuzz.case import Case

Outcome = Literal["accepted", "outdated", "refused", "broken"]
WireFault = Literal["refused-connection", "reset", "closed", "timeout", "truncated", "garbage", "too-large", "tls"]

OUTCOMES: Final[tuple[Outcome, ...]] = ("accepted", "outdated", "refused", "broken")


TAKEN: Final[tuple[Outcome, ...]] = ("accepted", "outdated")
"""Verdicts on which `error` is 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back.

    Attributes:
        status: HTTP status; None if no head of an answer came.
        headers: Names, in small letters, and values.
        body: As it came, up to the limit; secrets of the campaign may be in it until it is concealed.
        seconds: From the first byte sent to the last byte received.
        fault: What went wrong on the wire; None if a whole answer came.
        detail: About the fault, in words.
        is_reused: Whether the connection had carried a request before.
        idle: Seconds for which it had carried none.
        surplus: Bytes that had come, unasked, after the end of the answer before this one.
    """

    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    seconds: float = 0.0
    fault: WireFault | None = None
    detail: str = ""
    is_reused: bool = False
    idle: float = 0.0
    surplus: int = 0

    def header(self, name: str) -> str | None:
        """The first header of that *name*, in small letters."""
        return next((value for known, value in self.headers if known == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A case with its answer.

    Attributes:
        case: What was sent, with stand-ins.
        sent: The body as it was sent, without stand-ins.
        answer: What came back.
        outcome: The verdict of its body: `accepted` (`error` is 0), `outdated`, `refused` (`error` is another number)
            or `broken`: no envelope, HTTP 5xx, or nothing.
        syntax: Syntax of the answer's body.
        value: The answer's body as its JSON form; None if it cannot be read.
        error: `error` of the answer, if it is a whole number.
        error_text: `error_text` of the answer, if it is a text.
        result: What the check of the answer's body found; None if none came.
    """

    case: Case
    sent: bytes
    answer: Answer
    outcome: Outcome
    syntax: Syntax = "json"
    value: Mapping[str, Any] | None = None
    error: int | None = None
    error_text: str | None = None
    result: CheckResult | None = None
