"""The catalogue of rules, and which of them count."""

from altcraft_contract.rules.catalogue import RULES
from altcraft_contract.rules.rule import Rule
from altcraft_contract.rules.selection import RuleSelection

__all__ = ["RULES", "Rule", "RuleSelection"]
