"""`response-contract`: an answer that breaks the documented form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from altcraft_contract.findings import Basis
from altcraft_contract.fuzz.exchange import TAKEN
from altcraft_contract.fuzz.oracles.oracle import Oracle, Suspicion, said, starred
from altcraft_contract.fuzz.oracles.server_error import describe_failure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from altcraft_contract.fuzz.exchange import Exchange
    from altcraft_contract.fuzz.oracles.oracle import Judgement

_OK: Final = 200


def find_broken_answers(exchanges: Sequence[Exchange], judgement: Judgement) -> Iterator[Suspicion]:
    """Find answers that break a rule for responses; what no HTTP server owes an odd request is let pass."""
    for index, exchange in enumerate(exchanges):
        case = exchange.case
        if describe_failure(exchange) is not None or exchange.answer.status is None or case.method == "HEAD":
            continue
        is_free = case.is_odd and exchange.error is None
        if is_free or (judgement.kind == "repeat" and index):
            continue
        yield from _broken(exchange, index, judgement)


def _broken(exchange: Exchange, index: int, judgement: Judgement) -> Iterator[Suspicion]:
    if exchange.result is None:
        yield _no_envelope(exchange, index, "the answer has no body")
    elif exchange.error is None:
        first = exchange.result.errors[0]
        yield _no_envelope(exchange, index, f"the answer is no envelope: {judgement.identity.conceal(first.message)}")
    else:
        if exchange.outcome in TAKEN and exchange.answer.status != _OK and not exchange.case.is_odd:
            yield Suspicion(
                oracle=RESPONSE_CONTRACT.name,
                guilty=index,
                message=f"an order is accepted with HTTP {exchange.answer.status}",
                expected="HTTP 200, which neighbouring pages of the documentation name as the status of success",
                basis=Basis.INFERRED,
                place="HTTP status",
                error=f"HTTP {exchange.answer.status}",
            )
        for finding in exchange.result.errors if not exchange.result.ok else ():
            message = f"the answer breaks the contract: {judgement.identity.conceal(finding.message)}"
            pointer = judgement.identity.conceal(finding.pointer)
            yield Suspicion(
                oracle=RESPONSE_CONTRACT.name,
                guilty=index,
                message=f"{message} (at {pointer or 'the root'})",
                expected=judgement.identity.conceal(finding.hint or "an answer as documented"),
                basis=finding.basis,
                section=finding.section,
                rule=finding.rule,
                place=starred(pointer),
                error=said(exchange),
            )


def _no_envelope(exchange: Exchange, index: int, message: str) -> Suspicion:
    first = exchange.result.errors[0] if exchange.result is not None else None
    return Suspicion(
        oracle=RESPONSE_CONTRACT.name,
        guilty=index,
        message=message,
        expected="an envelope with `error` and `error_text`",
        rule=first.rule if first is not None else None,
        place=starred(first.pointer) if first is not None else "",
        error=said(exchange),
        text="" if exchange.answer.status == _OK else "not 200",
    )


RESPONSE_CONTRACT: Final = Oracle(
    "response-contract",
    "An answer to the documented call breaks a rule for responses, is no envelope at all, or accepts an order with "
    "another HTTP status than 200.",
    Basis.DOCUMENTED,
    find_broken_answers,
)
