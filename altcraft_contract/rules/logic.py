"""The rules that no schema can say, all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from altcraft_contract.rules.identity import check_identity
from altcraft_contract.rules.money import check_money, check_times
from altcraft_contract.rules.points import check_points

if TYPE_CHECKING:
    from altcraft_contract.rules.order import Order
    from altcraft_contract.rules.rule import Breach


def check_order(order: Order, found: list[Breach]) -> None:
    """Find what is wrong with, or suspicious about, the values of an order that can be read."""
    check_identity(order, found)
    check_points(order, found)
    check_money(order, found)
    check_times(order, found)
