"""A fault: what it is, the behaviour that has it, and what shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fuzz.zoo.behaviour import Behaviour
    from tests.fuzz.zoo.client import Client, Sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One way in which a server is wrong.

    Attributes:
        name: In kebab-case; unique.
        family: What kind of fault it is.
        description: What the server does, in a line.
        told_by: The oracle, or the rule, that ought to tell of it.
        behaviour: The server's.
        witness: Requests, at least one of whose answers is wrong; or a function that sends some and says whether it saw
            the fault.
        is_hard: Whether it shows only in one syntax, in one place, for rare values, or after other requests.
    """

    name: str
    family: str
    description: str
    told_by: str
    behaviour: Behaviour
    witness: tuple[Sent, ...] | Callable[[Client], bool]
    is_hard: bool = False
