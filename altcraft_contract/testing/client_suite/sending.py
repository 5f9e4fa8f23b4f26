"""What is wrong with what the client sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from altcraft_contract.endpoint import ENDPOINT_PATH
from altcraft_contract.findings import Severity
from altcraft_contract.testing.client_suite.comparison import iter_changes
from altcraft_contract.testing.client_suite.judgement import judge_crash
from altcraft_contract.testing.client_suite.report import compose
from altcraft_contract.testing.telling import EXPLAIN, tell_result

if TYPE_CHECKING:
    from collections.abc import Collection

    from altcraft_contract.stub import JournalEntry
    from altcraft_contract.testing.client_suite.trial import Trial

_MOST_CHANGES: Final = 20
_PRICES: Final = ("_price", "_price_per_item", "_cost", "/amount")  # how pointers to decimal numbers end
_LONGEST: Final = 200  # characters of a finding in the first line


def judge_arrival(trial: Trial, *, order_name: str = "") -> str | None:
    """That no request has reached the endpoint; None if one has.

    Args:
        trial: The call.
        order_name: Of the order, if it was not the usual one.
    """
    if trial.sent:
        return None
    order = f"the order {order_name}" if order_name else "an order"
    crash = judge_crash(trial, f"{order}, before it has sent a request")
    if crash is not None and not trial.strays:
        return crash
    endpoint = f"POST {ENDPOINT_PATH}"
    if trial.strays:
        request = trial.strays[0].request
        told = f"it went to {request.method} {request.path}"
    elif trial.fault is not None:
        told = f"confirm() raised {trial.fault.text}"
    else:
        told = "confirm() sent nothing to self.base_url"
    return compose(
        f"no request for {order} reached {endpoint}: {told}",
        trial,
        expected=f"{endpoint} at self.base_url",
        because="documented: these are the method and the path of the order confirmation",
        advice="give the client self.base_url (the origin) or self.url (the whole URL), and the path in full",
    )


def judge_contract(trial: Trial, order_name: str) -> str | None:
    """How a request breaks the contract; None if none does."""
    entry = trial.refused
    if entry is None:
        return None
    errors = [finding for finding in entry.findings if finding.severity is Severity.ERROR]
    told, details = f"{entry.refusal}: {entry.error_text}", []
    if errors and entry.check is not None:
        told = f"{errors[0].rule}: {errors[0].message}"
        details = tell_result(entry.check(), entry.request.body, label="request").splitlines()
    advice = "mend what the client sends: the order that it was given keeps the contract"
    if any(finding.rule == "malformed" for finding in errors):
        advice = "let a library of JSON or XML write the body: it escapes what has to be escaped"
    return compose(
        f"the client's request breaks the contract with the order {order_name}: {told:.{_LONGEST}}",
        trial,
        expected="a request without errors",
        because=f"the source of each rule stands with its finding. {EXPLAIN}",
        advice=advice,
        details=details,
    )


def judge_changes(trial: Trial, order_name: str, may_differ: Collection[str]) -> str | None:
    """What a request says otherwise than the order that the client was given; None if it says the same."""
    found = list(iter_changes(trial.order, trial.sent[0], may_differ))
    if not found:
        return None
    changes = [str(change) for change in found]
    advice = "send what was calculated; name what your shop decides by itself in may_differ"
    if any(change.pointer.endswith(_PRICES) for change in found):
        advice = "carry prices as Decimal or text, never as float"
    elif any("was sent" in change.told for change in found):
        advice += "; let a library of JSON or XML escape texts"
    return compose(
        f"the client changes the order {order_name}: {changes[0]}",
        trial,
        expected="the same ids, prices (as decimal numbers), counts and texts; no promotion, code or points lost",
        because="inferred: what is confirmed has to be what was calculated and what the customer was shown",
        advice=advice,
        details=changes[1:_MOST_CHANGES],
    )


def places_of_changes(trial: Trial, may_differ: Collection[str]) -> frozenset[str]:
    """Where a request says something else than the order that the client was given."""
    return frozenset(change.pointer for change in iter_changes(trial.order, trial.sent[0], may_differ))


def has_same_cause(entry: JournalEntry, other: JournalEntry) -> bool:
    """Whether *entry* was refused for nothing but what *other* was refused for."""
    return _causes(entry) <= _causes(other)


def _causes(entry: JournalEntry) -> set[str]:
    """Why the stub refused a request: the rules that it breaks, or else the refusal."""
    rules = {finding.rule for finding in entry.findings if finding.severity is Severity.ERROR}
    return rules or {str(entry.refusal)}
