"""Sends saved cases again, and says what has become of their failures."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from secrets import token_hex
from statistics import median
from typing import TYPE_CHECKING, Final, Literal

from altcraft_contract.errors import TargetUnreachable
from altcraft_contract.fuzz.budget import CampaignEnded
from altcraft_contract.fuzz.events import RequestSent, Waiting
from altcraft_contract.fuzz.exchange import TAKEN
from altcraft_contract.fuzz.failure import Received, Step
from altcraft_contract.fuzz.identity import STAND_INS, Identity
from altcraft_contract.fuzz.judging import judge
from altcraft_contract.fuzz.naming import make_run_id
from altcraft_contract.fuzz.oracles.oracle import USUAL, Judgement, said
from altcraft_contract.fuzz.sending import Sender
from altcraft_contract.fuzz.settings import TIMEOUT
from altcraft_contract.target.guard import Guard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from altcraft_contract.fuzz.case import Case
    from altcraft_contract.fuzz.case_file import SavedCase
    from altcraft_contract.fuzz.events import Listener
    from altcraft_contract.fuzz.exchange import Exchange
    from altcraft_contract.fuzz.oracles.oracle import Suspicion
    from altcraft_contract.fuzz.settings import Target

Verdict = Literal["fixed", "still-failing", "changed"]

VERDICTS: Final[tuple[Verdict, ...]] = ("fixed", "still-failing", "changed")
_TURNS: Final = 8  # that one request may take: the target may be busy, or drop a connection
_NOT_ALLOWED: Final = (401, 403)
_OF_ANSWERS: Final = ("response-contract", "echo", "content-type", "disclosure")  # their places are in the answer
_OURS: Final = ("refused-connection", "tls")  # no business of the request
_LONGEST: Final = 20_000  # characters of an answer that are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaySettings:
    """How cases are sent again.

    Attributes:
        timeout: Seconds for one answer.
        rate_limit: Requests in a second; None is 2 off this machine, and as many as can be on it.
        journal: File that lists the orders; off this machine there has to be one.
        email: Of the member who orders; None is a made-up one.
        phone: The same.
    """

    timeout: float = TIMEOUT
    rate_limit: float | None = None
    journal: str | Path | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What has become of a failure.

    Attributes:
        case: As it was saved.
        verdict: `fixed`, `still-failing`, or `changed`: it fails in another way, or what came allows no verdict.
        message: What came, in a sentence.
        steps: What was sent this time, and what came; nothing in it is secret.
    """

    case: SavedCase
    verdict: Verdict
    message: str
    steps: tuple[Step, ...]


def replay_cases(
    cases: Iterable[SavedCase],
    target: Target,
    settings: ReplaySettings | None = None,
    *,
    on_event: Listener | None = None,
) -> Iterator[Replayed]:
    """Send cases again, one after the other, each on a connection and with ids of its own.

    Args:
        cases: As they were saved.
        target: The service.
        settings: How to send; None is as usual.
        on_event: Is told of `RequestSent` and `Waiting`.

    Returns:
        What has become of each.

    Raises:
        ConfigurationFault: if the target is not allowed, or a setting cannot be used.
        TargetUnreachable: on the way, if the target takes no connection or no more requests.
    """
    known = list(cases)
    settings = settings or ReplaySettings()
    guard = Guard(
        target.url,
        allowed_hosts=target.allow_hosts,
        journal=settings.journal,
        rate_limit=settings.rate_limit,
        max_orders=_TURNS * sum(len(case.steps) for case in known),
    )
    return _Replay(target, guard, settings, on_event or (lambda _: None)).iter(known)


class _Replay:
    def __init__(self, target: Target, guard: Guard, settings: ReplaySettings, tell: Listener) -> None:
        self.target = target
        self.guard = guard
        self.settings = settings
        self.tell = tell
        given = {name: value for name in ("email", "phone") if (value := getattr(settings, name)) is not None}
        self.identity = Identity(target.token or f"made-up-{token_hex(8)}", **given)
        self.seconds: list[float] = []
        self.orders = 0

    def iter(self, cases: Sequence[SavedCase]) -> Iterator[Replayed]:
        """Replay, and close the journal at the end."""
        try:
            for case in cases:
                yield self.replayed(case)
        finally:
            self.guard.close()

    def replayed(self, case: SavedCase) -> Replayed:
        """Send one case.

        Raises:
            TargetUnreachable: if that cannot be done.
        """
        try:
            with Sender(
                self.target, self.guard, self.identity, timeout=self.settings.timeout, on_wait=self.wait
            ) as sender:
                exchanges = [self.sent(sender, case, step) for step in renewed(case)]
        except CampaignEnded as ended:
            raise TargetUnreachable(str(self.guard.target), ended.detail) from None
        verdict, message = self.judged(case, exchanges)
        if case.cause.oracle != "latency":
            self.seconds += [exchange.answer.seconds for exchange in exchanges]
        steps = tuple(Step(case=exchange.case, received=self.received(exchange)) for exchange in exchanges)
        return Replayed(case=case, verdict=verdict, message=message, steps=steps)

    def wait(self, seconds: float, reason: str) -> None:
        self.tell(Waiting(seconds, reason))

    def sent(self, sender: Sender, case: SavedCase, step: Case) -> Exchange:
        exchange = sender.send(step, repeats_dropped=case.phase != "transport")
        self.orders += exchange.outcome == "accepted"
        self.tell(
            RequestSent(
                phase=case.phase,
                trial=case.trial,
                title=step.title,
                method=step.method,
                status=exchange.answer.status,
                outcome=exchange.outcome,
                seconds=exchange.answer.seconds,
                requests=self.guard.orders,
                orders=self.orders,
            )
        )
        return exchange

    def judged(self, case: SavedCase, exchanges: Sequence[Exchange]) -> tuple[Verdict, str]:
        """The verdict on a case, and what came."""
        has_token = self.target.token is not None
        usual = median(self.seconds) if self.seconds else USUAL
        judgement = Judgement(kind=case.kind, identity=self.identity, has_token=has_token, usual=usual)
        # How long answers take here is not known well enough to blame another case for it.
        suspicions = [
            suspicion
            for suspicion in judge(exchanges, judgement)
            if suspicion.oracle == case.cause.oracle or suspicion.oracle != "latency"
        ]
        same = next((suspicion for suspicion in suspicions if _is_same(suspicion, case)), None)
        if same is not None:
            return "still-failing", same.message
        doubt = next((doubt for doubt in (_doubt(case, exchange) for exchange in exchanges) if doubt), None)
        doubt = doubt or _doubt_of_controls(case, exchanges)
        if doubt is not None:
            return "changed", f"no verdict: {doubt}"
        if suspicions:
            return "changed", f"another failure: {_worst(suspicions, case).message}"
        return "fixed", f"answered as it should be: {said(exchanges[case.guilty])}"

    def received(self, exchange: Exchange) -> Received:
        """The answer as it may be shown."""
        answer, conceal = exchange.answer, self.identity.conceal
        text = conceal(answer.body.decode(errors="backslashreplace"))
        return Received(
            status=answer.status,
            headers=tuple((name, conceal(value)) for name, value in answer.headers),
            text=text[:_LONGEST],
            size=len(answer.body),
            is_cut=len(text) > _LONGEST,
            outcome=exchange.outcome,
            seconds=answer.seconds,
            fault=answer.fault,
            detail=conceal(answer.detail),
        )


def _is_same(suspicion: Suspicion, case: SavedCase) -> bool:
    """Whether it is the failure that was saved.

    The request is the same, so a place in it need not be compared: a campaign may have said it in another way.
    """
    cause = case.cause
    if suspicion.oracle in _OF_ANSWERS and suspicion.place != cause.place:
        return False
    told = (suspicion.oracle, suspicion.rule or "", suspicion.error, suspicion.guilty)
    return told == (cause.oracle, cause.rule, cause.error, case.guilty)


def _worst(suspicions: Sequence[Suspicion], case: SavedCase) -> Suspicion:
    """What to tell of: what is most like the failure, else the first."""
    return next((suspicion for suspicion in suspicions if suspicion.oracle == case.cause.oracle), suspicions[0])


def _doubt(case: SavedCase, exchange: Exchange) -> str | None:
    """Why an answer that no oracle minds says nothing about the failure; None if it does."""
    step, answer = exchange.case, exchange.answer
    if answer.fault in _OURS:
        return f"{answer.fault}: {answer.detail}"
    is_refused = answer.status in _NOT_ALLOWED or exchange.error in _NOT_ALLOWED
    if is_refused and needs_token(step, case):
        return f"the token is refused ({said(exchange)})"
    return None


def needs_token(step: Case, case: SavedCase) -> bool:
    """Whether a service that refuses the token of a step says nothing about the failure.

    What cannot be read, or is about the token, may be refused for the lack of one.
    """
    is_about_token = "token" in step.place or (case.kind == "authentication" and step.expected == "refused")
    has_token = step.credentials == "header" or STAND_INS.token.encode() in step.body
    return has_token and not is_about_token and not step.is_odd and case.phase != "malformed"


def _doubt_of_controls(case: SavedCase, exchanges: Sequence[Exchange]) -> str | None:
    """Why the controls say nothing about what stands between them; None if they do."""
    if case.kind != "controlled":
        return None
    controls = [exchange for index, exchange in enumerate(exchanges) if index != case.guilty]
    refused = next((control for control in controls if control.outcome not in TAKEN), None)
    return f"the plain order beside it is not accepted either ({said(refused)})" if refused is not None else None


def renewed(case: SavedCase, *, fresh: Callable[[], str] = make_run_id) -> tuple[Case, ...]:
    """The steps of a case with another run in the place of its own, so that the orders are new ones.

    Args:
        case: As it was saved.
        fresh: Makes the id of a run.
    """
    run = fresh()
    return tuple(
        replace(
            step,
            body=_renewed_body(step.body, case.run, run),
            external_id=step.external_id.replace(case.run, run) if step.external_id is not None else None,
            headers=tuple((name, value.replace(case.run, run)) for name, value in step.headers),
        )
        for step in case.steps
    )


def _renewed_body(body: bytes, old: str, new: str) -> bytes:
    """*body* with *new* for *old*, however it is spelt there; *new* is spelt alike."""
    for encoding in ("utf-16-le", "utf-16-be"):
        body = body.replace(old.encode(encoding), new.encode(encoding))
    text = body.decode("latin-1")  # any bytes, back to the same ones; what is looked for is ASCII
    return _spelt(old).sub(lambda found: _respelt(found, new), text).encode("latin-1")


def _spelt(text: str) -> re.Pattern[str]:
    """*text* with each character as it is or as an escape, and with comments between them."""
    return re.compile(r"((?:<!--.*?-->)?)".join(_character(ord(character)) for character in text), re.DOTALL)


def _character(code: int) -> str:
    return rf"({re.escape(chr(code))}|(?i:\\u{code:04x}|&\#x{code:x};)|&\#{code};)"


def _respelt(found: re.Match[str], new: str) -> str:
    characters = iter(new)
    # Of the groups, every other one is a character; what is between them stays.
    return "".join(
        part if index % 2 else _like(part, ord(next(characters))) for index, part in enumerate(found.groups())
    )


def _like(written: str, code: int) -> str:
    """The character of *code*, written like another one."""
    if written.startswith("\\u"):
        return f"\\u{code:04x}"
    if written.startswith("&#x"):
        return f"&#x{code:x};"
    return f"&#{code};" if written.startswith("&#") else chr(code)
