"""What faults in answers are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.fuzz.zoo.behaviour import Behaviour
from tests.fuzz.zoo.fault import Fault
from tests.fuzz.zoo.samples import changed, raw, sent

if TYPE_CHECKING:
    from collections.abc import Callable

    from altcraft_contract.contract import Syntax
    from tests.fuzz.zoo.behaviour import Exchange
    from tests.fuzz.zoo.client import Sent

BAD: Final = sent({"/data/currency": "rub"})
"""An order that is refused."""

BAD_XML: Final = sent({"/data/currency": "rub"}, "xml")
"""An order that is refused, in XML."""

MALFORMED: Final = raw(b'{"token":')
"""A malformed body."""

MALFORMED_XML: Final = raw(b"<xml><token>", "xml")
"""A malformed body of XML."""


def is_accepted(exchange: Exchange) -> bool:
    """Whether the answer is a success."""
    return not exchange.is_refused


def is_refused(exchange: Exchange) -> bool:
    """Whether the answer is a refusal."""
    return exchange.is_refused


def in_syntax(syntax: Syntax, when: Callable[[Exchange], bool] = lambda _: True) -> Callable[[Exchange], bool]:
    """A condition that holds in one syntax only."""
    return lambda exchange: exchange.syntax == syntax and when(exchange)


def fails(rule: str) -> Callable[[Exchange], bool]:
    """A condition that holds for orders which break a rule."""
    return lambda exchange: any(error.rule == rule for error in exchange.errors)


def wrong(
    name: str, description: str, behaviour: Behaviour, *witness: Sent, hard: bool = False, by: str = "response-contract"
) -> Fault:
    """A fault in an answer; *by* is the oracle or rule that ought to tell."""
    return Fault(
        name=name,
        family="disclosure" if by == "disclosure" else "answers",
        description=description,
        told_by=by,
        behaviour=behaviour,
        witness=witness,
        is_hard=hard,
    )


def altering(changes: dict[str, Any], when: Callable[[Exchange], bool] = lambda _: True) -> Behaviour:
    """A behaviour whose right answers are changed at some JSON Pointers, if they have them all."""

    def answers(exchange: Exchange, answer: dict[str, Any]) -> Any:
        exchange.answer = answer
        if exchange.is_refused or not when(exchange):
            return answer
        try:
            return changed(answer, changes)
        except (KeyError, IndexError, TypeError):
            return answer

    return Behaviour(answers=answers)
