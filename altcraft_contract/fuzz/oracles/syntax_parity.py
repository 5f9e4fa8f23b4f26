"""`syntax-parity`: the same order in another form is answered otherwise."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.findings import Basis
from altcraft_contract.fuzz.oracles.oracle import Oracle, Suspicion, said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from altcraft_contract.fuzz.exchange import Exchange
    from altcraft_contract.fuzz.oracles.oracle import Judgement

_LISTS: Final = ("issued_promocodes", "points_changes", "contents")
_CHANGING: Final = frozenset({"codes", "amount"})  # codes are issued once, and balances move on


def find_differences(exchanges: Sequence[Exchange], judgement: Judgement) -> Iterator[Suspicion]:
    """Compare every answer with the first."""
    if judgement.kind not in ("twins", "variant"):
        return
    first = exchanges[0]
    for index, exchange in enumerate(exchanges[1:], start=1):
        if {first.case.expected, exchange.case.expected} != {"accepted"} or first.case.is_odd or exchange.case.is_odd:
            continue
        found = _difference(first, exchange, by_syntax=judgement.kind == "twins")
        if found is not None:
            guilty, what, message = found
            yield Suspicion(
                oracle=SYNTAX_PARITY.name,
                guilty=index if guilty is exchange else 0,
                message=message,
                expected="the same answer: it is the same order",
                basis=Basis.INFERRED,
                section="request body",
                place=what,
                error=said(exchange),
            )


def _difference(first: Exchange, other: Exchange, *, by_syntax: bool) -> tuple[Exchange, str, str] | None:
    """The guilty exchange, what differs, and the same in a sentence."""
    outcomes = {first.outcome, other.outcome}
    if "broken" in outcomes:
        return None
    names = [exchange.case.syntax.upper() if by_syntax else exchange.case.title for exchange in (first, other)]
    if len(outcomes) > 1:
        guilty = first if first.outcome == "refused" else other
        told = f"{names[0]} is {first.outcome}, {names[1]} is {other.outcome}"
        # Which of two forms of one syntax is wrong is told by controls, not here.
        return (guilty, "outcome", f"one order, two verdicts: {told}") if by_syntax else None
    if first.outcome != "accepted":
        return None
    substances = substance_of(first.value), substance_of(other.value)
    for name in substances[0]:
        if substances[0][name] != substances[1][name]:
            return other, f"/data/{name}", f"`data.{name}` of the answer to {names[1]} is not that to {names[0]}"
    return None


def substance_of(value: Mapping[str, Any] | None) -> dict[str, str]:
    """What an answer says, without what differs from one order to the next."""
    data = (value or {}).get("data")
    data = data if isinstance(data, dict) else {}
    said = {name: json.dumps(data.get(name)) for name in ("status", "processing_target")}
    for name in _LISTS:
        items = data.get(name)
        said[name] = json.dumps(sorted(json.dumps(_lasting(item), sort_keys=True) for item in _items(items)))
    return said


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _lasting(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: _lasting(member) for name, member in node.items() if name not in _CHANGING}
    return [_lasting(item) for item in node] if isinstance(node, list) else node


SYNTAX_PARITY: Final = Oracle(
    "syntax-parity",
    "One order is answered otherwise in XML than in JSON, or in another spelling of the same syntax.",
    Basis.INFERRED,
    find_differences,
)
