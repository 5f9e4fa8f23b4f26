"""Orders that are sent again: what is made of them is undocumented, that they are answered is not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.fuzz.case import Trial, case_of
from altcraft_contract.strategies.mutations.mutation import BOTH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from altcraft_contract.contract import Syntax
    from altcraft_contract.fuzz.case import Case, FreshOrder, Kind, Order
    from altcraft_contract.fuzz.orders import Orders

_OTHER: Final[Mapping[Syntax, Syntax]] = {"json": "xml", "xml": "json"}


def iter_repeats(orders: Orders) -> Iterator[Trial]:
    """The ways to send an order again, in both syntaxes."""
    plain = orders.settled(orders.plain())
    rich = list(orders.full())
    for feature, make in _REPEATS.items():
        for syntax in BOTH:
            yield _trial(feature, plain, syntax, make)
    for order, syntax in zip(rich, BOTH, strict=True):
        yield _trial("same-bytes", order, syntax, _same_bytes)
    for syntax in BOTH:
        yield _trial("same-line-ids", orders.settled(_of_two_lines(orders)), syntax, _same_line_ids, kind="variant")


def _trial(
    feature: str,
    order: Order,
    syntax: Syntax,
    make: Callable[[FreshOrder, Syntax], tuple[Case, ...] | None],
    *,
    kind: Kind = "repeat",
) -> Trial:
    return Trial(
        id="",
        phase="relations",
        feature=feature,
        order=order,
        make=lambda fresh: make(fresh, syntax),
        kind=kind,
    )


def _first(order: Order, syntax: Syntax) -> Case:
    return case_of(order, syntax, title="an order")


def _again(order: Order, syntax: Syntax, how: str, **settings: Any) -> Case:
    return case_of(order, syntax, title=f"an order again, {how}", expected="undocumented", **settings)


def _same_bytes(fresh: FreshOrder, syntax: Syntax) -> tuple[Case, ...]:
    order = fresh()
    return _first(order, syntax), _again(order, syntax, "byte for byte")


def _other_total(fresh: FreshOrder, syntax: Syntax) -> tuple[Case, ...] | None:
    """The same id, and twice as much of everything; only of an order whose prices add up as a plain one's."""
    order = fresh()
    changed: Order = json.loads(json.dumps(order))
    lines = changed["data"]["lines"]
    if len(lines) != 1 or lines[0]["count"] != 1:
        return None
    lines[0]["count"] = 2
    changed["data"] |= {"total_price": "20.00", "final_total_price": "20.00"}
    return _first(order, syntax), _again(changed, syntax, "with another total")


def _other_syntax(fresh: FreshOrder, syntax: Syntax) -> tuple[Case, ...]:
    order = fresh()
    return _first(order, syntax), _again(order, _OTHER[syntax], f"in {_OTHER[syntax].upper()}")


def _three_times(fresh: FreshOrder, syntax: Syntax) -> tuple[Case, ...]:
    order = fresh()
    return _first(order, syntax), *(_again(order, syntax, f"for the {which} time") for which in ("second", "third"))


def _after_another(fresh: FreshOrder, syntax: Syntax) -> tuple[Case, ...]:
    order = fresh()
    return _first(order, syntax), _first(fresh(), syntax), _again(order, syntax, "after another one")


def _on_new_connection(fresh: FreshOrder, syntax: Syntax) -> tuple[Case, ...]:
    order = fresh()
    return _first(order, syntax), _again(order, syntax, "on another connection", own_connection=True)


def _after_refusal(fresh: FreshOrder, syntax: Syntax) -> tuple[Case, ...] | None:
    """An order that lacks its currency, and the same one put right, under the same id."""
    order = fresh()
    if "currency" not in order["data"]:
        return None
    data = {name: value for name, value in order["data"].items() if name != "currency"}
    settings: dict[str, Any] = {"expected": "refused", "rule": "missing-field", "place": "/data"}
    refused = case_of({**order, "data": data}, syntax, title="an order without a currency", **settings)
    return refused, _again(order, syntax, "put right after a refusal")


def _same_line_ids(fresh: FreshOrder, syntax: Syntax) -> tuple[Case, ...]:
    """Two orders whose lines have the same ids: an id names a line within its order."""
    return _first(fresh(), syntax), case_of(fresh(), syntax, title="another order with the same line ids")


def _of_two_lines(orders: Orders) -> Order:
    order = orders.plain()
    lines = [orders.plain_line(line_id) for line_id in ("1", "2")]
    order["data"] |= {"total_price": "20.00", "final_total_price": "20.00", "lines": lines}
    return order


_REPEATS: Final[Mapping[str, Callable[[FreshOrder, Syntax], tuple[Case, ...] | None]]] = {
    "same-bytes": _same_bytes,
    "other-syntax": _other_syntax,
    "other-total": _other_total,
    "three-times": _three_times,
    "after-refusal": _after_refusal,
    "after-another": _after_another,
    "on-new-connection": _on_new_connection,
}
