"""`server-error`: HTTP 5xx, or no whole answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from altcraft_contract.findings import Basis
from altcraft_contract.fuzz.oracles.oracle import SERVER_ERRORS, Oracle, Suspicion, normal_text, said, subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from altcraft_contract.fuzz.exchange import Exchange
    from altcraft_contract.fuzz.oracles.oracle import Judgement

_HTTP_REFUSALS: Final = (501, 505)  # of a method, a framing or a version: RFC 9110, 15.6
REUSED: Final = "a connection that was used before"
_OURS: Final = ("refused-connection", "tls")  # the campaign's business, not that of a request


def find_server_errors(exchanges: Sequence[Exchange], judgement: Judgement) -> Iterator[Suspicion]:
    """Find HTTP 5xx, and answers that did not come or did not come whole; those to repeats belong to another oracle."""
    for index, exchange in enumerate(exchanges):
        if judgement.kind == "repeat" and index:
            return
        message = describe_failure(exchange)
        if message is not None:
            yield Suspicion(
                oracle=SERVER_ERROR.name,
                guilty=index,
                message=message,
                expected="an answer with an envelope, whatever the request",
                basis=Basis.INFERRED,
                rule=None,
                place=REUSED if _is_dropped(exchange) else subject_of(exchange.case),
                error=said(exchange),
                text=normal_text(exchange, judgement.identity),
            )


def _is_dropped(exchange: Exchange) -> bool:
    """Whether a connection that had been used was dropped: what the request was makes no difference then."""
    return exchange.answer.is_reused and exchange.answer.fault in ("closed", "reset")


def describe_failure(exchange: Exchange) -> str | None:
    """What failed, in a sentence; None if a whole answer came that is no HTTP 5xx."""
    answer, case = exchange.answer, exchange.case
    if answer.fault is not None:
        return None if answer.fault in _OURS else f"no whole answer: {answer.detail or answer.fault}"
    if answer.surplus:
        return f"{answer.surplus} bytes had come after the end of the answer before this one"
    if answer.status not in SERVER_ERRORS or (case.is_odd and answer.status in _HTTP_REFUSALS):
        return None
    return f"the answer is HTTP {answer.status}"


SERVER_ERROR: Final = Oracle(
    "server-error",
    "A request is answered with HTTP 5xx, or with no whole answer: the connection is dropped, the answer is cut off, "
    "does not end, or does not come in time.",
    Basis.INFERRED,
    find_server_errors,
)
