"""Who is told of what the tests exercise: the coverage, if it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from altcraft_contract.contract import Message, Syntax
    from altcraft_contract.findings import Finding


class Observer(Protocol):
    """Is told of messages, exchanges and scenarios, in any thread."""

    def take_message(self, message: Message, body: object, syntax: Syntax | None, findings: Sequence[Finding]) -> None:
        """A message was checked: its body (`bytes`, `str` or the parsed JSON form) and what was found in it."""

    def take_exchange(self, findings: Sequence[Finding]) -> None:
        """A request and its response were checked together; *findings* are those of the rules for the two."""

    def take_scenario(self, name: str) -> None:
        """The stub answered so."""


# Assertions are plain functions, which no configuration of pytest reaches: hence this one list.
_OBSERVERS: Final[list[Observer]] = []


def observe(observer: Observer) -> None:
    """Tell *observer* from now on."""
    _OBSERVERS.append(observer)


def forget(observer: Observer) -> None:
    """Tell *observer* no longer."""
    _OBSERVERS[:] = [known for known in _OBSERVERS if known is not observer]


def is_observed() -> bool:
    """Whether anybody is told, for those who would have to work for it."""
    return bool(_OBSERVERS)


def tell_message(message: Message, body: object, syntax: Syntax | None, findings: Sequence[Finding]) -> None:
    """Tell of a message that was checked; arguments as for `Observer.take_message`."""
    for observer in tuple(_OBSERVERS):
        observer.take_message(message, body, syntax, findings)


def tell_exchange(findings: Sequence[Finding]) -> None:
    """Tell of a request and a response that were checked together."""
    for observer in tuple(_OBSERVERS):
        observer.take_exchange(findings)


def tell_scenario(name: str) -> None:
    """Tell of an answer of the stub."""
    for observer in tuple(_OBSERVERS):
        observer.take_scenario(name)
