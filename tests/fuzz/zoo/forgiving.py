"""Behaviours that overlook some errors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.fuzz.zoo.behaviour import Behaviour
from tests.fuzz.zoo.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from altcraft_contract.contract import Syntax
    from altcraft_contract.findings import Finding
    from tests.fuzz.zoo.behaviour import Exchange
    from tests.fuzz.zoo.client import Sent


def forgiving(
    *rules: str,
    at: str = ".*",
    missing: str | None = None,
    syntax: Syntax | None = None,
    when: Callable[[Any, Exchange], bool] | None = None,
) -> Behaviour:
    """A behaviour that overlooks errors.

    Args:
        *rules: Ids of rules.
        at: Expression for the whole pointer.
        missing: The field that is missing.
        syntax: The only syntax in which they are overlooked.
        when: Asked with the value at the pointer, and the exchange.
    """
    pointers = re.compile(at)

    def forgives(error: Finding, exchange: Exchange) -> bool:
        return (
            error.rule in rules
            and (syntax is None or exchange.syntax == syntax)
            and pointers.fullmatch(error.pointer) is not None
            and (missing is None or error.message.startswith(f"`{missing}` is missing"))
            and (when is None or when(exchange.at(error.pointer), exchange))
        )

    return Behaviour(forgives=forgives)


def accepts(name: str, description: str, behaviour: Behaviour, *witness: Sent, hard: bool = False) -> Fault:
    """A fault that accepts what breaks a rule; the name says what, without the first word."""
    return Fault(
        name=f"accepts-{name}",
        family="accepts",
        description=f"Accepts {description}",
        told_by="invalid-accepted",
        behaviour=behaviour,
        witness=witness,
        is_hard=hard,
    )
