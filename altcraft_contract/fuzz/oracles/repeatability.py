"""`repeatability`: an order that is sent again makes the target fail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from altcraft_contract.findings import Basis
from altcraft_contract.fuzz.oracles.oracle import Oracle, Suspicion, said
from altcraft_contract.fuzz.oracles.server_error import describe_failure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from altcraft_contract.fuzz.exchange import Exchange
    from altcraft_contract.fuzz.oracles.oracle import Judgement


def find_failed_repeats(exchanges: Sequence[Exchange], judgement: Judgement) -> Iterator[Suspicion]:
    """Find repeats without a usable answer; what a usable one says is undocumented."""
    if judgement.kind != "repeat" or exchanges[0].outcome == "broken":
        return
    for index, exchange in enumerate(exchanges[1:], start=1):
        message = describe_failure(exchange)
        if message is None and exchange.result is not None and not exchange.result.ok:
            first = exchange.result.errors[0]
            message = f"the answer breaks the contract: {judgement.identity.conceal(first.message)}"
        elif message is None and exchange.result is None:
            message = "the answer has no body"
        if message is not None:
            yield Suspicion(
                oracle=REPEATABILITY.name,
                guilty=index,
                message=f"when the order is sent again, {message}",
                expected="a whole answer as documented; what it says of a repeat is undocumented",
                basis=Basis.INFERRED,
                section="request body",
                place=exchange.case.title,
                error=said(exchange),
            )


REPEATABILITY: Final = Oracle(
    "repeatability",
    "An order that is sent again is answered with HTTP 5xx, no whole answer, or a broken envelope.",
    Basis.INFERRED,
    find_failed_repeats,
)
