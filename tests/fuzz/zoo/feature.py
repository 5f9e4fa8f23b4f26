"""A feature of a valid order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fuzz.zoo.behaviour import Exchange
    from tests.fuzz.zoo.client import Sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """Something that a valid order may have.

    Attributes:
        name: In kebab-case; unique.
        description: What it is, as the end of a sentence.
        has: Whether an order has it.
        order: An order that has it.
        is_rare: Whether it is a rare one: few orders of a campaign have it.
    """

    name: str
    description: str
    has: Callable[[Exchange], bool]
    order: Sent
    is_rare: bool = False


def feature(
    name: str, description: str, has: Callable[[Exchange], bool], order: Sent, *, rare: bool = False
) -> Feature:
    """A feature; arguments as its attributes."""
    return Feature(name=name, description=description, has=has, order=order, is_rare=rare)
