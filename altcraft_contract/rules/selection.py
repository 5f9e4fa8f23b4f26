"""Which rules count, and how severely."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from altcraft_contract.errors import RuleNotSelectable, UnknownRule
from altcraft_contract.findings import Severity
from altcraft_contract.rules.catalogue import RULES, SECRET_RULES, find_rule
from altcraft_contract.rules.nearest import find_nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_ALWAYS: Final = "malformed"


@dataclass(frozen=True, slots=True)
class RuleSelection:
    """Which rules count.

    `malformed` always does: nothing else of such a body can be judged.

    Attributes:
        select: Ids of the rules that count; empty means all.
        ignore: Ids of the rules that do not count.
        severity: Rule id to `error` or `warning`, instead of the rule's own severity.

    Raises:
        UnknownRule: if there is no such rule.
        RuleNotSelectable: if `malformed` is ignored or given another severity.
    """

    select: Collection[str] = ()
    ignore: Collection[str] = ()
    severity: Mapping[str, Severity | str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for rule in (*self.select, *self.ignore, *self.severity):
            if rule not in RULES and rule not in SECRET_RULES:
                raise UnknownRule(rule, find_nearest(rule, [*RULES, *SECRET_RULES]))
        if _ALWAYS in self.ignore or _ALWAYS in self.severity:
            raise RuleNotSelectable(_ALWAYS)
        for severity in self.severity.values():
            Severity(severity)

    def counts(self, rule: str) -> bool:
        """Whether findings of *rule* are reported."""
        if rule == _ALWAYS:
            return True
        return (not self.select or rule in self.select) and rule not in self.ignore

    def severity_of(self, rule: str) -> Severity:
        """The severity of findings of *rule*."""
        return Severity(self.severity.get(rule, find_rule(rule).severity))


ALL_RULES: Final = RuleSelection()
