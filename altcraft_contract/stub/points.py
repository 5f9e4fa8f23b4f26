"""What an order does to the points of its customer, currency by currency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.rules.points import POINT_TYPES
from altcraft_contract.stub.currencies import MOST_POINTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from altcraft_contract.rules.order import Order
    from altcraft_contract.stub.currencies import Ids
    from altcraft_contract.stub.state import State

_MOST_DIGITS: Final = len(str(MOST_POINTS))

_Mention = tuple["Ids", str | None, int, int]  # a currency, its name, and the points accrued and redeemed at one place


class PointsChange:
    """What an order does to the points of one currency.

    Attributes:
        currency: Number of the currency.
        iid: Its internal id, as the order says or else as it is known.
        eid: Its external id, likewise.
        name: Its name, if the order has one.
        accrued: Points accrued by the order.
        redeemed: Points redeemed by the order.
    """

    __slots__ = ("accrued", "currency", "eid", "iid", "name", "redeemed")

    def __init__(self, currency: int) -> None:
        self.currency = currency
        self.iid: int | None = None
        self.eid: str | None = None
        self.name: str | None = None
        self.accrued = 0
        self.redeemed = 0

    def add(self, mention: _Mention) -> None:
        """Add what one place of the order says; sums end at `MOST_POINTS`."""
        (iid, eid), name, accrued, redeemed = mention
        if self.iid is None:
            self.iid = iid
        if self.eid is None:
            self.eid = eid
        if self.name is None:
            self.name = name
        if accrued:
            self.accrued = min(self.accrued + accrued, MOST_POINTS)
        if redeemed:
            self.redeemed = min(self.redeemed + redeemed, MOST_POINTS)

    def complete(self, state: State) -> None:
        """Add the ids that earlier orders have told."""
        if self.iid is None or self.eid is None:
            iid, eid = state.find_currency_ids(self.currency)
            self.iid = iid if self.iid is None else self.iid
            self.eid = eid if self.eid is None else self.eid


def find_points_changes(order: Order, state: State) -> list[PointsChange]:
    """What an order does to each currency that it accrues or redeems; within a transaction.

    Currencies that are only mentioned are linked, too.
    """
    mentions = list(_iter_mentions(order))
    if not mentions:
        return []
    places = list(dict.fromkeys(mention[0] for mention in mentions))
    numbers = dict(zip(places, state.link_currencies(places), strict=True))
    changes: dict[int, PointsChange] = {}
    for mention in mentions:
        number = numbers[mention[0]]
        change = changes.get(number)
        if change is None:
            change = changes[number] = PointsChange(number)
        change.add(mention)
    changing = [change for change in changes.values() if change.accrued or change.redeemed]
    for change in changing:
        change.complete(state)
    return changing


def clamp_points(points: int) -> int:
    """The nearest number of points that a balance can have."""
    return max(0, min(points, MOST_POINTS))


def read_integer(value: object) -> int | None:
    """A documented integer, which JSON may write as `1.0`; what is beyond 64 bits is cut down to them."""
    if type(value) is int and 0 <= value <= MOST_POINTS:
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float) and not value.is_integer():
        return None
    return int(max(-MOST_POINTS - 1, min(value, MOST_POINTS)))


def items_of(data: Mapping[str, Any], field: str) -> Sequence[Mapping[str, Any]]:
    """The objects of a list, if there is one."""
    items = data.get(field)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else ()


def _iter_mentions(order: Order) -> Iterator[_Mention]:
    """Where an order names currencies; redemptions are what `redeem_points` says, promotions only announce them."""
    for item in items_of(order.data, "redeem_points"):
        redeemed = clamp_points(read_integer(item.get("amount")) or 0)
        ids = _ids(item)
        if ids is not None:
            yield ids, _name(item), 0, redeemed
    for promotion in order.promotions:
        if promotion.type not in POINT_TYPES:
            continue
        info = promotion.members.get("points_info")
        if not isinstance(info, dict):
            continue
        ids = _ids(info)
        if ids is None:
            continue
        accrued = 0
        if promotion.type == "accrue_points":
            accrued = _whole_points(promotion.members.get("amount", info.get("amount")))
        yield ids, _name(info), accrued, 0


def _ids(info: Mapping[str, Any]) -> Ids | None:
    iid, eid = read_integer(info.get("points_currency_iid")), info.get("points_currency_eid")
    eid = eid if isinstance(eid, str) and eid else None
    return None if iid is None and eid is None else (iid, eid)


def _name(info: Mapping[str, Any]) -> str | None:
    name = info.get("name")
    return name if isinstance(name, str) else None


def _whole_points(amount: object) -> int:
    """The whole points of an amount such as `"50.75"`, at most `MOST_POINTS`; the text may be of any length."""
    if not isinstance(amount, str):
        return 0
    digits = amount.partition(".")[0].lstrip("0")
    if not digits.isdecimal():
        return 0
    return MOST_POINTS if len(digits) > _MOST_DIGITS else clamp_points(int(digits))
