"""The bodies that Altcraft is sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from shop.orders import CENT

if TYPE_CHECKING:
    from decimal import Decimal

    from shop.orders import Item, Order

# What XML 1.0 cannot carry, not even escaped.
_not_xml = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def build_request(order: Order, token: str) -> dict[str, Any]:
    """The request that confirms *order*, as JSON has it."""
    data: dict[str, Any] = {
        "endpoint": "shop",
        "status": "new",
        "currency": order.currency,
        "total_price": _money(order.total),
        "final_total_price": _money(order.total_to_pay),
        "lines": [_line(number, item) for number, item in enumerate(order.items, 1)],
    }
    if order.comment:
        data["custom_fields"] = {"comment": _not_xml.sub("\ufffd", order.comment)}
    if order.coupon is not None:
        code, pool = order.coupon
        data["promocodes"] = [{"code": code, "pool_id": pool}]
    if order.coupon_wanted is not None:
        promotion, name = order.coupon_wanted
        data["requested_promotions"] = [
            {"type": "code_issue", "promotion": {"external_id": promotion, "name": name}},
        ]
    return {"token": token, "external_id": order.number, "email": order.email, "data": data}


def _line(number: int, item: Item) -> dict[str, Any]:
    return {
        "external_id": str(number),
        "sku": item.sku,
        "line_number": number,
        "count": item.count,
        "base_price_per_item": _money(item.price),
        "final_price_per_item": _money(item.reduced_price),
    }


def _money(amount: Decimal) -> str:
    """A price as Altcraft wants it: text, never a float."""
    return f"{amount.quantize(CENT):f}"


def render_xml(request: dict[str, Any]) -> bytes:
    """The same request as XML: a list is its element repeated."""
    root = ET.Element("xml")
    _fill(root, request)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _fill(parent: ET.Element, members: dict[str, Any]) -> None:
    for name, value in members.items():
        for item in value if isinstance(value, list) else [value]:
            child = ET.SubElement(parent, name)
            if isinstance(item, dict):
                _fill(child, item)
            elif isinstance(item, bool):
                child.text = "true" if item else "false"
            else:
                child.text = str(item)
