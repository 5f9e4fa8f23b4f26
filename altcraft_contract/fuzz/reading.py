"""Reading answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from altcraft_contract.contract import load_contract
from altcraft_contract.fuzz.exchange import Answer, Exchange, Outcome
from altcraft_contract.fuzz.oracles.oracle import SERVER_ERRORS
from altcraft_contract.rules.selection import ALL_RULES
from altcraft_contract.validation.checking import judge, result_of

if TYPE_CHECKING:
    from altcraft_contract.fuzz.case import Case


def read_exchange(case: Case, sent: bytes, answer: Answer) -> Exchange:
    """Read the answer to a case.

    Args:
        case: With stand-ins.
        sent: Its body as it was sent.
        answer: What came back.
    """
    if answer.status is None or not answer.body:
        return Exchange(case=case, sent=sent, answer=answer, outcome="broken")
    contract = load_contract()
    verdict = judge("response", answer.body, contract=contract)
    value = verdict.document.value
    envelope = value if isinstance(value, dict) else {}
    error = envelope.get("error")
    text = envelope.get("error_text")
    whole = _whole(error)
    return Exchange(
        case=case,
        sent=sent,
        answer=answer,
        outcome=_outcome(answer, envelope, whole),
        syntax=verdict.document.syntax,
        value=envelope or None,
        error=whole,
        error_text=text if isinstance(text, str) else None,
        result=result_of(verdict, ALL_RULES, contract),
    )


def _whole(number: Any) -> int | None:
    """A JSON number as an integer; `0.0` is one, as in JSON Schema."""
    if type(number) is float and number.is_integer():
        return int(number)
    return number if type(number) is int else None


def _outcome(answer: Answer, envelope: dict[str, Any], error: int | None) -> Outcome:
    if answer.fault is not None or answer.status in SERVER_ERRORS or error is None:
        return "broken"
    if error != 0:
        return "refused"
    data = envelope.get("data")
    is_outdated = isinstance(data, dict) and data.get("status") == "outdated"
    return "outdated" if is_outdated else "accepted"
