"""Orders as the shop knows them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Item:
    """So many pieces of one article.

    Attributes:
        sku: Of the article.
        count: Pieces.
        price: Of one piece.
        reduced_price: Of one piece, after discounts.
    """

    sku: str
    count: int
    price: Decimal
    reduced_price: Decimal


@dataclass(frozen=True)
class Order:
    """What a customer has bought.

    Attributes:
        number: Of the order.
        email: Of the customer.
        items: At least one.
        currency: ISO 4217.
        comment: What the customer wrote.
        coupon: Code and the pool it comes from.
        coupon_wanted: Id and name of a promotion that gives a new coupon.
    """

    number: str
    email: str
    items: tuple[Item, ...]
    currency: str = "EUR"
    comment: str = ""
    coupon: tuple[str, int] | None = None
    coupon_wanted: tuple[str, str] | None = None

    @property
    def total(self) -> Decimal:
        """Before discounts."""
        return sum((item.price * item.count for item in self.items), Decimal())

    @property
    def total_to_pay(self) -> Decimal:
        """After discounts."""
        return sum((item.reduced_price * item.count for item in self.items), Decimal())
