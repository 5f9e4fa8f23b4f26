"""`authentication`: a request without the right token is accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from altcraft_contract.findings import Basis
from altcraft_contract.fuzz.exchange import TAKEN
from altcraft_contract.fuzz.identity import DERIVED_TOKENS, STAND_INS
from altcraft_contract.fuzz.oracles.oracle import Oracle, Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from altcraft_contract.fuzz.case import Case
    from altcraft_contract.fuzz.exchange import Exchange
    from altcraft_contract.fuzz.oracles.oracle import Judgement


def find_let_in(exchanges: Sequence[Exchange], judgement: Judgement) -> Iterator[Suspicion]:
    """Find requests that were accepted without the right token."""
    if judgement.kind != "authentication":
        return
    for index, exchange in enumerate(exchanges):
        case = exchange.case
        if case.expected != "refused" or exchange.outcome not in TAKEN or not _is_telling(case, judgement):
            continue
        yield Suspicion(
            oracle=AUTHENTICATION.name,
            guilty=index,
            message=f"a request is accepted: {case.title}",
            expected="an `error` other than 0, such as 401 (token required)",
            section="request body",
            rule=case.rule,
            place=case.title,
            error=exchange.outcome,
        )


def _is_telling(case: Case, judgement: Judgement) -> bool:
    """Whether the token is certain to be a wrong one."""
    if case.rule is not None:
        return True
    real = judgement.identity.token
    sent = {judgement.identity.reveal(stand_in.encode(), "json").decode() for stand_in in _tokens_in(case)}
    return judgement.has_token and real not in sent


def _tokens_in(case: Case) -> Iterator[str]:
    """The stand-ins in the body, as far as they stand there alone."""
    for stand_in in (STAND_INS.token, *DERIVED_TOKENS.values()):
        for quoted in (f'"{stand_in}"', f">{stand_in}<"):
            if quoted.encode() in case.body:
                yield stand_in


AUTHENTICATION: Final = Oracle(
    "authentication",
    "A request without a token, or with a wrong one, is answered with `error` 0.",
    Basis.DOCUMENTED,
    find_let_in,
)
