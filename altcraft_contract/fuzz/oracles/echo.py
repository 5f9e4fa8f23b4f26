"""`echo`: an answer that speaks of another order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from altcraft_contract.findings import Basis
from altcraft_contract.fuzz.exchange import TAKEN
from altcraft_contract.fuzz.oracles.oracle import Oracle, Suspicion
from altcraft_contract.rules.catalogue import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from altcraft_contract.fuzz.exchange import Exchange
    from altcraft_contract.fuzz.oracles.oracle import Judgement

_LONGEST: Final = 2_000  # characters that are looked at
_SHOWN: Final = 100
_RULE: Final = RULES["external-id-mismatch"]


def find_foreign_answers(exchanges: Sequence[Exchange], judgement: Judgement) -> Iterator[Suspicion]:
    """Find answers whose `external_id` is not that of the request."""
    for index, exchange in enumerate(exchanges):
        asked = exchange.case.external_id
        data = (exchange.value or {}).get("data")
        answered = data.get("external_id") if isinstance(data, dict) else None
        is_judged = exchange.outcome in TAKEN and exchange.case.rule is None
        if not is_judged or asked is None or not isinstance(answered, str) or answered == asked:
            continue
        is_as_read = answered == asked.replace("\r\n", "\n").replace("\r", "\n")
        if is_as_read and exchange.syntax == "xml":  # whose line ends are read so
            continue
        yield Suspicion(
            oracle=ECHO.name,
            guilty=index,
            message=f"the answer is about {_shown(answered, judgement)}, the order is {_shown(asked, judgement)}",
            expected="`external_id` as it stands in the request",
            basis=_RULE.basis,
            section=_RULE.section,
            rule=_RULE.id,
            place="/data/external_id",
            error=_kind(asked, answered),
        )


def _kind(asked: str, answered: str) -> str:
    """In which way the two differ."""
    if answered and asked.startswith(answered):
        return "cut off"
    if answered == asked.strip() or answered.split() == asked.split():
        return "white space"
    return "case" if answered.casefold() == asked.casefold() else "another text"


def _shown(text: str, judgement: Judgement) -> str:
    return ascii(judgement.identity.conceal(text[:_LONGEST])[:_SHOWN])


ECHO: Final = Oracle(
    "echo",
    "The `external_id` of an answer is not that of the order.",
    Basis.DOCUMENTED,
    find_foreign_answers,
)
