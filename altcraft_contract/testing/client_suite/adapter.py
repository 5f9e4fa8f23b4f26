"""What is wrong with a suite before its client is asked."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import signature
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from altcraft_contract.testing.client_suite.suite import ClientSuite


def adapter_fault(suite: ClientSuite) -> str | None:
    """What the class lacks, in a line; None if nothing."""
    name = type(suite).__name__
    try:
        signature(suite.confirm).bind({})
    except (TypeError, ValueError):
        return f"{name}.confirm does not take one order: write def confirm(self, order)"
    if getattr(suite.confirm, "__qualname__", "").startswith("ClientSuite."):
        return f"{name} has no confirm: write def confirm(self, order), which returns an Outcome"
    patience: object = suite.patience
    if isinstance(patience, bool) or not isinstance(patience, (int, float)) or not patience > 0:
        return f"{name}.patience is {patience!r:.80}: expected a number of seconds"
    orders: object = suite.orders
    if not isinstance(orders, Mapping) or not orders or not all(isinstance(each, Mapping) for each in orders.values()):
        return f"{name}.orders is {orders!r:.80}: expected names and requests, at least one"
    if isinstance(suite.may_differ, str):
        return f"{name}.may_differ is a text: expected JSON Pointers, such as ['/data/delivery_cost']"
    return None
