"""`latency`: an answer that takes much longer than the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from altcraft_contract.findings import Basis
from altcraft_contract.fuzz.oracles.oracle import Oracle, Suspicion, subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from altcraft_contract.fuzz.exchange import Exchange
    from altcraft_contract.fuzz.oracles.oracle import Judgement

_LEAST: Final = 1.0  # seconds that are never too long
_TIMES: Final = 20  # the usual time
_PER_MEGABYTE: Final = 2.0  # seconds more that a body may take


def find_late(exchanges: Sequence[Exchange], judgement: Judgement) -> Iterator[Suspicion]:
    """Find answers that came late; whoever asks sends them again to see whether they always do."""
    for index, exchange in enumerate(exchanges):
        answer = exchange.answer
        size = (len(exchange.sent) + len(answer.body)) / 1_000_000
        longest = max(_LEAST, _TIMES * judgement.usual) + _PER_MEGABYTE * size
        # A body that waits for HTTP 100 is late because we wait.
        is_ours = exchange.case.framing == "expect-continue"
        if answer.fault is None and answer.seconds > longest and not is_ours:
            yield Suspicion(
                oracle=LATENCY.name,
                guilty=index,
                message=f"the answer took {answer.seconds:.1f} s, where {judgement.usual:.3f} s are usual",
                expected=f"an answer within {longest:.1f} s: the least that is called late is {_LEAST:.0f} s, or "
                f"{_TIMES} times the usual",
                basis=Basis.INFERRED,
                section="request body",
                place=subject_of(exchange.case),
                error="late",
            )


LATENCY: Final = Oracle(
    "latency",
    "A request is answered much later than others, every time it is sent: after more than a second, and more than 20 "
    "times the usual.",
    Basis.INFERRED,
    find_late,
)
