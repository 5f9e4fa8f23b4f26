"""Every rule by its id, put together from the topics."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from altcraft_contract.rules import exchange, identity, money, points, response, secrecy, structural

if TYPE_CHECKING:
    from collections.abc import Mapping

    from altcraft_contract.rules.rule import Rule

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {rule.id: rule for topic in (structural, identity, points, money, response, exchange) for rule in topic.RULES}
)
"""Id to rule, in the order of the catalogue."""

SECRET_RULES: Final[Mapping[str, Rule]] = MappingProxyType({rule.id: rule for rule in secrecy.RULES})
"""The same for the rules about files that are kept: a message that breaks one is a good message."""


def find_rule(rule: str) -> Rule:
    """The rule of that id, of either kind.

    Raises:
        KeyError: if there is none.
    """
    return RULES[rule] if rule in RULES else SECRET_RULES[rule]
