"""A locustfile for those who need none of their own."""

from __future__ import annotations

from altcraft_contract.load.user import OrderUser


class Shop(OrderUser):
    """Sends orders as the options say."""
