"""What is wrong with a call of the client, by the table of expectations."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from altcraft_contract.testing.client_suite.report import compose
from altcraft_contract.testing.client_suite.trial import issued_promocodes
from altcraft_contract.testing.outcome import Outcome

if TYPE_CHECKING:
    from altcraft_contract.testing.client_suite.expectations import Expectation
    from altcraft_contract.testing.client_suite.trial import Trial

_MISTAKEN: Final = {
    Outcome.SUCCESS: "the client takes {answer} for a confirmed order",
    Outcome.OUTDATED: "the client takes {answer} for an outdated order",
    Outcome.REFUSED: "the client takes {answer} for a refusal",
    Outcome.UNKNOWN: "the client does not understand {answer}: it reports that the outcome is unknown",
}
_AGAIN: Final = "what a second commit of an order does is documented nowhere: it may order twice, or fail"
_SLACK: Final = 0.05  # seconds by which clocks may differ


def judge_crash(trial: Trial, answer: str) -> str | None:
    """That the client has crashed; None if it has not.

    Args:
        trial: The call.
        answer: What the client met, as it reads after "the client crashes on".
    """
    if trial.fault is None or not trial.fault.is_crash:
        return None
    return compose(
        f"the client crashes ({trial.fault.text}) on {answer}",
        trial,
        expected="an outcome, or an exception of the client's own",
        because="inferred: no answer may crash a shop; who calls the client has to learn what became of the order",
        advice="allow for this at the place that is named, or raise an error of the client's own",
    )


def judge_outcome(trial: Trial, expectation: Expectation) -> str | None:
    """What is wrong with what the client made of an answer; None if nothing is."""
    crash = judge_crash(trial, expectation.answer)
    if crash is not None:
        return crash
    if trial.outcome in expectation.accepted or trial.is_success_after_repeat:
        return judge_promocodes(trial)
    told = _MISTAKEN[trial.outcome].format(answer=expectation.answer)
    if trial.fault is not None:
        told = f"the client fails ({trial.fault.text}) on {expectation.answer}"
    return compose(
        told,
        trial,
        expected=" or ".join(sorted(expectation.accepted)),
        because=expectation.because,
        advice=expectation.advice,
    )


def judge_promocodes(trial: Trial) -> str | None:
    """That the client reports other promo codes than were issued; None if it reports the same, or none at all."""
    if trial.promocodes is None or trial.outcome is not Outcome.SUCCESS or not trial.sent:
        return None
    issued = issued_promocodes(trial.sent[-1])
    given = trial.promocodes
    listed = list(given) if isinstance(given, Iterable) and not isinstance(given, str | bytes) else None
    if issued is None or listed == issued:
        return None
    told = f"{len(issued)} issued, {len(listed)} reported" if listed is not None else f"{given!r:.80} is no list"
    return compose(
        f"the client misreads the promo codes of the answer: {told}",
        trial,
        expected=f"promo codes {issued!r}",
        because="documented (issued_promocodes array): a list of items with a list of codes each",
        advice="read each list as a list, also when it has one item or none",
        details=[f"reported: {given!r:.300}", f"issued:   {issued!r}"],
    )


def judge_repeats(trial: Trial, expectation: Expectation) -> str | None:
    """That the client has sent an order again which may be confirmed; None if it has not."""
    if expectation.is_repeatable or len(trial.sent) <= 1:
        return None
    return compose(
        f"the client sends the order {len(trial.sent)} times after {expectation.answer}: a blind second commit",
        trial,
        expected="exactly one request",
        because=f"inferred: {_AGAIN}",
        advice="do not retry: switch off the retries of the HTTP library for this call, loops over exceptions too",
    )


def judge_waiting(trial: Trial, expectation: Expectation, *, seconds: float) -> str | None:
    """That the client has sent an order again sooner than it was told; None if it has not."""
    for first, second in pairwise(trial.sent):
        waited = (second.time - first.time).total_seconds()
        if waited < seconds - _SLACK and first.scenario == expectation.scenario:
            return compose(
                f"the client sends the order again {waited:.1f} s after {expectation.answer}",
                trial,
                expected=f"no second request, or one after at least {seconds:g} s",
                because="inferred: Retry-After says how long to wait (RFC 9110, 10.2.3)",
                advice="wait as long as Retry-After says, or tell the caller to try later",
            )
    return None


def judge_patience(trial: Trial, *, patience: float, delay: float) -> str | None:
    """That the client has waited for an answer longer than it may; None if it has not."""
    if trial.seconds < delay:
        return None
    return compose(
        f"the client has no timeout, or one over {patience:g} s: it waited for the answer until it came",
        trial,
        expected=f"that the client gives up within {patience:g} s and reports that the outcome is unknown",
        because="inferred: a service that hangs must not hang the shop",
        advice="give the call a timeout; where a longer one is meant, set `patience` in the class of the tests",
    )
