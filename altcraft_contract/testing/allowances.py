"""Requests that a test means to be wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from altcraft_contract.rules.selection import RuleSelection

if TYPE_CHECKING:
    from collections.abc import Iterable


class Allowance:
    """Lets requests be wrong: in the whole test, or, in a `with` statement, as long as it lasts.

    Attributes:
        rules: Ids of the rules that may be broken; None lets anything be wrong.
        is_scoped: Whether it stands in a `with` statement.
        is_open: Whether it holds for requests that come in now.
    """

    def __init__(self, rules: frozenset[str] | None) -> None:
        self.rules = rules
        self.is_scoped = False
        self.is_open = True

    def __enter__(self) -> Self:
        self.is_scoped = self.is_open = True
        return self

    def __exit__(self, *_: object) -> None:
        self.is_open = False


class Allowances:
    """What a test allows."""

    def __init__(self) -> None:
        self._given: list[Allowance] = []

    def allow(self, rules: str | Iterable[str] | None = None) -> Allowance:
        """Let requests be wrong.

        Args:
            rules: Id of the rule, or ids of the rules, that may be broken; None lets anything be wrong.

        Raises:
            UnknownRule: if there is no such rule.
        """
        named = None
        if rules is not None:
            named = frozenset([rules] if isinstance(rules, str) else rules)
            RuleSelection(select=named)
        allowance = Allowance(named)
        self._given.append(allowance)
        return allowance

    def now(self) -> tuple[Allowance, ...]:
        """What holds for what comes in now."""
        return tuple(allowance for allowance in self._given if allowance.is_open)

    def permit(self, then: Iterable[Allowance], rules: Iterable[str], *, is_only_rules: bool) -> bool:
        """Whether a request may be as it is, at the end of the test.

        Args:
            then: What held when it came in.
            rules: Those that it breaks.
            is_only_rules: Whether nothing else is wrong with it.
        """
        whole = [allowance for allowance in self._given if not allowance.is_scoped]
        named: set[str] = set()
        for allowance in (*then, *whole):
            if allowance.rules is None:
                return True
            named |= allowance.rules
        return is_only_rules and named.issuperset(rules)
