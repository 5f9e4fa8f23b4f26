"""`invalid-accepted`: a request that breaks a rule is accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from altcraft_contract.findings import Basis, Severity
from altcraft_contract.fuzz.exchange import TAKEN
from altcraft_contract.fuzz.oracles.oracle import Oracle, Suspicion, subject_of
from altcraft_contract.rules.catalogue import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from altcraft_contract.fuzz.exchange import Exchange
    from altcraft_contract.fuzz.oracles.oracle import Judgement


def find_accepted(exchanges: Sequence[Exchange], judgement: Judgement) -> Iterator[Suspicion]:
    """Find requests with an error that were answered with `error` 0."""
    if judgement.kind == "authentication":
        return
    for index, exchange in enumerate(exchanges):
        case = exchange.case
        if case.expected != "refused" or case.rule is None or exchange.outcome not in TAKEN:
            continue
        rule = RULES[case.rule]
        is_inferred = rule.basis is Basis.INFERRED and judgement.fail_basis == "documented"
        if rule.severity is not Severity.ERROR or is_inferred:
            continue
        yield Suspicion(
            oracle=INVALID_ACCEPTED.name,
            guilty=index,
            message=f"a request that breaks `{rule.id}` is answered with `error` 0 ({case.title})",
            expected=f"an `error` other than 0: {rule.statement}",
            basis=rule.basis,
            section=rule.section,
            rule=rule.id,
            place=subject_of(case),
            error=exchange.outcome,
        )


INVALID_ACCEPTED: Final = Oracle(
    "invalid-accepted",
    "A request that breaks a rule of severity error is answered with `error` 0. A byte order mark and nesting depth "
    "are undocumented and never fail.",
    Basis.DOCUMENTED,
    find_accepted,
)
