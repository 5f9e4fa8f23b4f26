"""Why an order is kept from its target."""

from __future__ import annotations


class NotSent(Exception):
    """The rules of safety keep an order from its target.

    Attributes:
        reason: Why, and what to do; without secrets.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
