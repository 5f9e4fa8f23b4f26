"""`valid-refused`: a valid order is refused, while one without what is special about it is accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from altcraft_contract.findings import Basis
from altcraft_contract.fuzz.exchange import TAKEN
from altcraft_contract.fuzz.oracles.oracle import Oracle, Suspicion, normal_text, said, subject_of
from altcraft_contract.fuzz.oracles.server_error import REUSED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from altcraft_contract.fuzz.exchange import Exchange
    from altcraft_contract.fuzz.oracles.oracle import Judgement

_LIMITS: Final = (401, 402, 403)  # token, tariff, rights: the state of the installation


def find_refused(exchanges: Sequence[Exchange], judgement: Judgement) -> Iterator[Suspicion]:
    """Find a refusal between two controls that were not refused."""
    if judgement.kind != "controlled":
        return
    before, *tried, after = exchanges
    if after.outcome not in TAKEN:
        return
    if before.outcome not in TAKEN:
        yield from _on_used_connection(before, judgement)
        return
    for index, exchange in enumerate(tried, start=1):
        if is_refused(exchange):
            answered = judgement.identity.conceal(exchange.error_text or "")
            yield Suspicion(
                oracle=VALID_REFUSED.name,
                guilty=index,
                message=f"a valid order is refused with error {exchange.error}: {answered}",
                expected="`error` 0, as for the same order without this, just before and after",
                section="request body",
                place=subject_of(exchange.case),
                error=said(exchange),
                text=normal_text(exchange, judgement.identity),
            )


def _on_used_connection(control: Exchange, judgement: Judgement) -> Iterator[Suspicion]:
    """A control that is refused on a connection that was used, where one on a new connection is accepted after it."""
    if control.outcome == "refused" and control.answer.is_reused and control.error not in _LIMITS:
        yield Suspicion(
            oracle=VALID_REFUSED.name,
            guilty=0,
            message=f"a plain order is refused with error {control.error} on a connection that was used before",
            expected="`error` 0, as on a new connection just after",
            basis=Basis.INFERRED,
            section="request body",
            place=REUSED,
            error=said(control),
            text=normal_text(control, judgement.identity),
        )


def is_refused(exchange: Exchange) -> bool:
    """Whether what the documentation has accepted was refused."""
    return exchange.case.expected == "accepted" and exchange.outcome == "refused"


VALID_REFUSED: Final = Oracle(
    "valid-refused",
    "A valid order is refused, while an order that differs from it in that feature alone is accepted just before and "
    "just after.",
    Basis.DOCUMENTED,
    find_refused,
)
