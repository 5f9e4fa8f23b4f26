"""Requests without the right token, in both syntaxes: whoever sends one must be refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.fuzz.case import Trial, case_of
from altcraft_contract.fuzz.identity import DERIVED_TOKENS, STAND_INS
from altcraft_contract.strategies.mutations.mutation import BOTH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from altcraft_contract.contract import Syntax
    from altcraft_contract.fuzz.case import Case, FreshOrder, Order
    from altcraft_contract.fuzz.orders import Orders

_MISSING: Final = "no token"
_EMPTY: Final = "an empty token"
_WRONG: Final = "a wrong token"
_TOKENS: Final[Mapping[str, str | None]] = {
    _MISSING: None,
    _WRONG: DERIVED_TOKENS["wrong"],
    _EMPTY: "",
    "the first half of the token": DERIVED_TOKENS["half"],
    "the token with a letter more": f"{STAND_INS.token}x",
    "the token with its case swapped": DERIVED_TOKENS["swapped-case"],
    "a token of spaces": "   ",
    "the token behind a space": f" {STAND_INS.token}",
    "the token before a space": f"{STAND_INS.token} ",
}
_RULES: Final = {_MISSING: "missing-field", _EMPTY: "empty-value"}
_HEADERS: Final[Mapping[str, tuple[str | None, Mapping[str, Any]]]] = {
    # Neighbouring pages allow the token in the header; the method's own page has it in the body.
    "the token in the header alone": (None, {"credentials": "header", "expected": "undocumented"}),
    "a wrong token in the header alone": (None, {"credentials": "wrong-header", "expected": "refused"}),
    "a wrong token in the header, the right one in the body": (
        STAND_INS.token,
        {"credentials": "wrong-header", "expected": "undocumented"},
    ),
}


def iter_credentials(orders: Orders) -> Iterator[Trial]:
    """Wrong tokens on plain and on rich orders, in bodies and in headers, alone and after a right one."""
    plain = orders.settled(orders.plain())
    for title, token in _TOKENS.items():
        for syntax in BOTH:
            yield _trial(title, plain, _with_token(title, token, syntax))
    for syntax in BOTH:
        yield _trial("a wrong token after the right one", plain, _after_right(syntax, is_same_order=False))
        yield _trial("a wrong token for an accepted order", plain, _after_right(syntax, is_same_order=True))
    for title, (token, settings) in _HEADERS.items():
        for syntax in BOTH:
            yield _trial(title, plain, _with_token(title, token, syntax, **settings))
    rich = list(orders.full())
    for number, (title, token) in enumerate(_TOKENS.items()):
        yield _trial(title, rich[number // 2 % 2], _with_token(title, token, BOTH[number % 2]))
    for order in orders.others():
        for syntax in BOTH:
            yield _trial(_WRONG, order, _with_token(_WRONG, _TOKENS[_WRONG], syntax))


def _trial(feature: str, order: Order, make: Callable[[FreshOrder], tuple[Case, ...]]) -> Trial:
    return Trial(id="", phase="relations", feature=feature, order=order, make=make, kind="authentication")


def _with_token(
    title: str, token: str | None, syntax: Syntax, **settings: Any
) -> Callable[[FreshOrder], tuple[Case, ...]]:
    settings = {"expected": "refused", "rule": _RULES.get(title), "place": "/token", **settings}
    return lambda fresh: (case_of(_holding(fresh(), token), syntax, title=title, **settings),)


def _after_right(syntax: Syntax, *, is_same_order: bool) -> Callable[[FreshOrder], tuple[Case, ...]]:
    """An accepted order, and on the same connection one with a wrong token: the same order or another."""
    title = "a wrong token for an accepted order" if is_same_order else "a wrong token after the right one"
    settings: dict[str, Any] = {"expected": "refused", "place": "/token"}

    def make(fresh: FreshOrder) -> tuple[Case, ...]:
        first = fresh()
        second = _holding(first if is_same_order else fresh(), DERIVED_TOKENS["wrong"])
        return (
            case_of(first, syntax, title="an order with the right token"),
            case_of(second, syntax, title=title, **settings),
        )

    return make


def _holding(order: Order, token: str | None) -> Order:
    """A copy of the order with another token in its place, or none."""
    if token is None:
        return {name: value for name, value in order.items() if name != "token"}
    return {**order, "token": token}
