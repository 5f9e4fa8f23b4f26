"""Phase `mutations`: every rule broken once in every place, in JSON and in XML."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from xml.sax.saxutils import escape

from altcraft_contract.findings import Severity
from altcraft_contract.fuzz.case import Case, Trial
from altcraft_contract.fuzz.identity import STAND_INS
from altcraft_contract.fuzz.oracles.oracle import starred
from altcraft_contract.rules.catalogue import RULES
from altcraft_contract.strategies.mutations.exchanges import ExchangeMutation
from altcraft_contract.strategies.mutations.mutation import BOTH
from altcraft_contract.strategies.mutations.table import MUTATIONS, MalformedMutation, fits, mutants_of
from altcraft_contract.strategies.source import SeededSource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from altcraft_contract.contract import Syntax
    from altcraft_contract.fuzz.case import FreshOrder, Order
    from altcraft_contract.fuzz.orders import Orders
    from altcraft_contract.strategies.mutations.mutation import Mutation
    from altcraft_contract.strategies.mutations.spelling import SpellingMutation
    from altcraft_contract.strategies.mutations.table import Mutant

_MARK: Final = "acf-mark"  # stands for the external_id in bodies that are made before it is known
_TRIGGERS: Final = "/skip_triggers"
_ALIKE: Final = ("duplicate-field",)  # what a reader makes of one place it makes of all
_ENOUGH_ALIKE: Final = 32
_BY_CONTEXT: Final = ("redeem-points-missing",)
"""Rules that another place of the order decides on: they are broken in every order that allows it."""
_MANIFOLD: Final = ("wrong-type", "out-of-range", "missing-field", "empty-value")
"""Rules with many ways to break them, each of which a server may overlook in one place alone."""
_COMMON_MISTAKES: Final = frozenset(
    (
        *(f"{what}-instead" for what in ("null", "number", "number-as-text", "fraction", "boolean", "text-for-list")),
        *("item-for-list", "below-least", "far-below-least", "beyond-64-bits"),
    )
)
"""Mutations that clients often make, and servers often overlook."""
_ABOUT_PERSONS: Final = ("", "/email", "/phone", "/profile_id")
_REDEMPTIONS: Final = "/data/redeem_points"
_EVERY: Final = 3  # mistakes, of which one is made by a customer who is told by the phone


class _Spot(NamedTuple):
    """A mutation at a place.

    Attributes:
        row: Name of the mutation.
        syntax: The syntax.
        place: Pointer with `*` for indexes.
        pointer: Pointer.
        base: Which of the full orders.
    """

    row: str
    syntax: Syntax
    place: str
    pointer: str
    base: int

    @property
    def rule(self) -> str:
        """Id of the rule that it breaks."""
        return MUTATIONS[self.row].rule

    @property
    def is_error(self) -> bool:
        """Whether it must be refused."""
        return RULES[self.rule].severity is Severity.ERROR


@dataclass(slots=True)
class Mutants:
    """What the mutations make of orders; what was made of one is kept."""

    with_triggers: bool
    _made: dict[tuple[str, Syntax, str], list[Mutant]]

    def of(self, row: str, syntax: Syntax, order: Order) -> list[Mutant]:
        """The mutants of an order; the mark stands for its `external_id`."""
        marked = {**order, "external_id": _MARK}
        key = (row, syntax, json.dumps(marked))
        if key not in self._made:
            mutation: Any = MUTATIONS[row]
            found = mutants_of(mutation, marked, "request", syntax, SeededSource(0))
            self._made[key] = [mutant for mutant in found if self.with_triggers or _keeps_triggers(mutant)]
        return self._made[key]


def _keeps_triggers(mutant: Mutant) -> bool:
    """Whether no reader can take the mutant for an order with triggers."""
    return not mutant.subject.startswith(_TRIGGERS) and b"skip_triggers" in mutant.body


def iter_mutations(orders: Orders) -> Iterator[Trial]:
    """First every rule once in every place and syntax, and every mutation once; then the rest; then other orders."""
    mutants = Mutants(orders.with_triggers, {})
    is_phone_known = not orders.values.emails or bool(orders.values.phones)
    bases = [next(orders.full()), *orders.others()]  # small ones: what is made of large ones takes long
    spots = list(_iter_spots(bases, mutants))
    number = 0
    for spot in _ordered(spots, orders.source):
        number += 1
        is_by_phone = is_phone_known and number % _EVERY == 0 and spot.place not in _ABOUT_PERSONS
        base = bases[spot.base]
        if spot.place.startswith(f"{_REDEMPTIONS}/"):
            base = _twice_redeeming(base)
        yield _trial(number, spot, _by_phone(base) if is_by_phone and "email" in base else base, mutants)
    errors = [spot for spot in spots if spot.is_error]
    while True:
        number += 1
        yield _trial(number, orders.source.pick(errors), orders.drawn(lines=(1, 4)), mutants)


def _iter_spots(bases: Sequence[Order], mutants: Mutants) -> Iterator[_Spot]:
    """Every mutation at every first and last place of its kind."""
    found: dict[tuple[str, Syntax, str], list[_Spot]] = {}
    for spot in _iter_all_spots(bases, mutants):
        spots = found.setdefault((spot.row, spot.syntax, spot.place), [])
        if not spots or spots[0].base == spot.base or spot.rule in _BY_CONTEXT:
            spots.append(spot)
    for spots in found.values():
        yield spots[-1]
        if len(spots) > 1:
            yield spots[0]


def _iter_all_spots(bases: Sequence[Order], mutants: Mutants) -> Iterator[_Spot]:
    """Every mutation at every place; what is the same as another, byte for byte, once."""
    bodies: set[bytes] = set()
    for name, row in MUTATIONS.items():
        if isinstance(row, ExchangeMutation | MalformedMutation):
            continue
        for syntax in (syntax for syntax in BOTH if fits(row, "request", syntax)):
            for base, order in enumerate(bases):
                for mutant in mutants.of(name, syntax, order):
                    if mutant.body not in bodies:
                        bodies.add(mutant.body)
                        yield _Spot(name, syntax, starred(mutant.subject), mutant.subject, base)


def _ordered(spots: Sequence[_Spot], source: SeededSource) -> Iterator[_Spot]:
    """The most telling first: every rule at every place, every mutation, then what is left of both."""
    last = _last_places(spots)
    errors = [spot for spot in spots if spot.is_error and spot in last]
    repeats = [spot for spot in errors if spot.rule in _ALIKE]
    others = [spot for spot in errors if spot.rule not in _ALIKE]
    seen: dict[_Spot, None] = dict.fromkeys(spot for spot in spots if spot.rule in _BY_CONTEXT)
    seen |= dict.fromkeys(_by_turns(others, lambda spot: (spot.rule, spot.place, spot.syntax)))
    repeats = sorted(_shuffled(repeats, source), key=lambda spot: "/custom_fields/" not in spot.place)
    seen |= dict.fromkeys(repeats[:_ENOUGH_ALIKE])
    seen |= dict.fromkeys(_by_turns(others, lambda spot: (spot.row, spot.syntax)))
    seen |= dict.fromkeys(
        _by_turns([spot for spot in spots if not spot.is_error], lambda spot: (spot.row, spot.syntax))
    )
    left = sorted(
        _shuffled(others, source),
        key=lambda spot: (spot.rule not in _MANIFOLD, spot.syntax, spot.row not in _COMMON_MISTAKES),
    )
    first = [spot for spot in spots if spot.is_error and spot not in last]
    seen |= dict.fromkeys([*left, *_shuffled([*first, *repeats], source), *spots])
    yield from seen


def _by_turns(spots: Sequence[_Spot], key: Callable[[_Spot], Any]) -> Iterator[_Spot]:
    """One spot for each key; of each rule each time another mutation than the last."""
    groups: dict[Any, list[_Spot]] = {}
    for spot in spots:
        groups.setdefault(key(spot), []).append(spot)
    turns: Counter[str] = Counter()
    for group in groups.values():
        rule = group[0].rule
        yield group[turns[rule] % len(group)]
        turns[rule] += 1


def _shuffled(spots: Sequence[_Spot], source: SeededSource) -> Iterator[_Spot]:
    left = list(spots)
    while left:
        yield left.pop(source.integer(0, len(left) - 1))


def _last_places(spots: Sequence[_Spot]) -> frozenset[_Spot]:
    """Of places that differ in their indexes alone the last: faults in later lines show there, and others, too."""
    last: dict[tuple[str, str, Syntax], _Spot] = {}
    for spot in spots:
        key = (spot.row, spot.place, spot.syntax)
        if key not in last or spot.pointer > last[key].pointer:
            last[key] = spot
    return frozenset(last.values())


def _by_phone(order: Order) -> Order:
    """The same order, by a customer who is told by the phone."""
    return {("phone" if name == "email" else name): value for name, value in order.items()} | {"phone": STAND_INS.phone}


def _twice_redeeming(order: Order) -> Order:
    """The same order, with its only redemption in two parts: what is wrong with the second may be overlooked."""
    items = order["data"]["redeem_points"]
    return {**order, "data": {**order["data"], "redeem_points": [*items, *items]}}


def _first_of_two(order: Order, place: str) -> dict[str, Any] | None:
    """The first of two redemptions, for a mistake in the second."""
    items = order["data"].get("redeem_points", ())
    return items[0] if len(items) == 2 and place.startswith(f"{_REDEMPTIONS}/") else None  # noqa: PLR2004 - a pair


def _behind(item: dict[str, Any], body: bytes, syntax: Syntax) -> bytes:
    """A body of a single redemption, with *item* in front of that."""
    if syntax == "json":
        start = b'"redeem_points":['
        return body.replace(start, start + json.dumps(item, ensure_ascii=False).encode() + b",", 1)
    start = b"<redeem_points>"
    members = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in item.items())
    return body.replace(start, start + members.encode() + b"</redeem_points>" + start, 1)


def _with_phone(body: bytes, syntax: Syntax) -> bytes:
    """The same as `_by_phone`, of a body."""
    old, new = STAND_INS.email, STAND_INS.phone
    if syntax == "json":
        return body.replace(f'"email":"{old}"'.encode(), f'"phone":"{new}"'.encode())
    return body.replace(f"<email>{old}</email>".encode(), f"<phone>{new}</phone>".encode())


def _by_email(order: Order) -> Order:
    return {("email" if name == "phone" else name): value for name, value in order.items()} | {"email": STAND_INS.email}


def _trial(number: int, spot: _Spot, order: Order, mutants: Mutants) -> Trial:
    other: Syntax = "xml" if spot.syntax == "json" else "json"

    def make_in(syntax: Syntax, fresh: FreshOrder) -> Case | None:
        return _case(spot, syntax, fresh(), mutants)

    def make(fresh: FreshOrder) -> tuple[Case, ...] | None:
        case = make_in(spot.syntax, fresh)
        return None if case is None else (case,)

    row: Mutation | SpellingMutation = MUTATIONS[spot.row]  # type: ignore[assignment]  # the others were left out
    has_twin = fits(row, "request", other)
    return Trial(
        id=f"mutations-{number:04d}",
        phase="mutations",
        feature=spot.row,
        order=order,
        make=make,
        twin=(lambda fresh: make_in(other, fresh)) if has_twin else None,
    )


def _case(spot: _Spot, syntax: Syntax, order: Order, mutants: Mutants) -> Case | None:
    """The case of a mutation: at its very place, or at the last one of its kind."""
    is_by_phone = order.get("phone") == STAND_INS.phone and spot.place not in _ABOUT_PERSONS
    base = _by_email(order) if is_by_phone else order  # which is known already
    behind = _first_of_two(order, spot.place)
    if behind is not None:
        base = {**base, "data": {**base["data"], "redeem_points": base["data"]["redeem_points"][1:]}}
    made = [mutant for mutant in mutants.of(spot.row, syntax, base) if starred(mutant.subject) == spot.place]
    if not made:
        return None
    mutant = next((mutant for mutant in made if mutant.subject == spot.pointer), made[-1])
    mark, name = _MARK.encode(), str(order["external_id"])
    written = json.dumps(name)[1:-1] if syntax == "json" else name
    is_named = mark in mutant.body
    body = mutant.body.replace(mark, written.encode())
    body = body if behind is None else _behind(behind, body, syntax)
    subject = mutant.subject if behind is None else mutant.subject.replace(f"{_REDEMPTIONS}/0", f"{_REDEMPTIONS}/1")
    rule = RULES[mutant.rule]
    return Case(
        title=f"{mutant.name} at {subject or 'the root'}",
        syntax=syntax,
        body=_with_phone(body, syntax) if is_by_phone else body,
        expected="refused" if rule.severity is Severity.ERROR else "undocumented",
        rule=rule.id,
        place=spot.place,
        external_id=name if is_named else None,
    )
