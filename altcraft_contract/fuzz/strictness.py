"""The strictness matrix: for each rule and place, whether the target enforces it, in JSON and in XML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from altcraft_contract.rules.catalogue import RULES
from altcraft_contract.strategies.mutations.mutation import BOTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from altcraft_contract.contract import Syntax
    from altcraft_contract.findings import Severity
    from altcraft_contract.fuzz.exchange import Exchange, Outcome

Enforcement = Literal["enforced", "not-enforced", "partly", "not-reached", "impossible"]

ENFORCEMENTS: Final[tuple[Enforcement, ...]] = ("enforced", "not-enforced", "partly", "not-reached", "impossible")


@dataclass(frozen=True, slots=True)
class StrictnessCell:
    """How one rule is kept at one place in one syntax.

    Attributes:
        refused: Requests that were refused.
        accepted: Requests that were accepted, or answered as outdated.
        broken: Requests without a usable answer.
        planned: Requests that the campaign would send.
    """

    refused: int = 0
    accepted: int = 0
    broken: int = 0
    planned: int = 0

    @property
    def enforcement(self) -> Enforcement:
        """`impossible`: the rule cannot be broken there in that syntax."""
        if self.refused and self.accepted:
            return "partly"
        if self.refused or self.accepted:
            return "enforced" if self.refused else "not-enforced"
        return "not-reached" if self.planned else "impossible"


@dataclass(frozen=True, slots=True)
class StrictnessRow:
    """How one rule is kept at one place.

    Attributes:
        rule: Id of the rule.
        place: Pointer, with `*` for indexes; empty for the whole body.
        severity: Of the rule.
        json: In JSON.
        xml: In XML.
    """

    rule: str
    place: str
    severity: Severity
    json: StrictnessCell
    xml: StrictnessCell

    @property
    def differs(self) -> bool:
        """Whether the two syntaxes are known to be treated differently."""
        known = {"enforced", "not-enforced", "partly"}
        found = {self.json.enforcement, self.xml.enforcement}
        return len(found) > 1 and found <= known


class Strictness:
    """Collects the matrix while a campaign goes on."""

    def __init__(self) -> None:
        self._cells: dict[tuple[str, str, Syntax], StrictnessCell] = {}

    def plan(self, rule: str, place: str, syntax: Syntax) -> None:
        """Count a request that breaks *rule* at *place*, and that the campaign would send."""
        self._add(rule, place, syntax, planned=1)

    def count(self, exchange: Exchange) -> None:
        """Count an exchange, if its request breaks a rule."""
        if exchange.case.rule is not None:
            self.add(exchange.case.rule, exchange.case.place, exchange.case.syntax, exchange.outcome)

    def add(self, rule: str, place: str, syntax: Syntax, outcome: Outcome) -> None:
        """Count what became of one request."""
        name = {"refused": "refused", "broken": "broken"}.get(outcome, "accepted")
        self._add(rule, place, syntax, **{name: 1})

    def _add(self, rule: str, place: str, syntax: Syntax, **more: int) -> None:
        cell = self._cells.get((rule, place, syntax), StrictnessCell())
        names = ("refused", "accepted", "broken", "planned")
        self._cells[rule, place, syntax] = StrictnessCell(*(getattr(cell, name) + more.get(name, 0) for name in names))

    def rows(self) -> tuple[StrictnessRow, ...]:
        """The matrix, in the order of the catalogue, then of places."""
        found = {(rule, place) for rule, place, _ in self._cells}
        ranks = {rule: rank for rank, rule in enumerate(RULES)}
        return tuple(
            StrictnessRow(
                rule,
                place,
                RULES[rule].severity,
                *(self._cells.get((rule, place, syntax), StrictnessCell()) for syntax in BOTH),
            )
            for rule, place in sorted(found, key=lambda pair: (ranks[pair[0]], pair[1]))
        )


def tally(rows: Iterable[StrictnessRow]) -> Mapping[Syntax, Mapping[Enforcement, int]]:
    """Syntax to enforcement to number of cells."""
    totals: dict[Syntax, dict[Enforcement, int]] = {syntax: dict.fromkeys(ENFORCEMENTS, 0) for syntax in BOTH}
    for row in rows:
        totals["json"][row.json.enforcement] += 1
        totals["xml"][row.xml.enforcement] += 1
    return totals
