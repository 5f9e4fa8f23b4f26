"""A right client: urllib3 and XML by lxml; carries prices as Decimal, and raises its own errors."""

from decimal import Decimal

import urllib3
from lxml import etree

_PRICES = {"total_price", "final_total_price", "delivery_cost", "base_price_per_item", "final_price_per_item"}
_POOL = urllib3.PoolManager(timeout=2.5)


class ShopError(Exception):
    """The order is not confirmed, as far as is known; *args[0]* is refused, outdated or unknown."""


def confirm(order: dict, base_url: str, token: str) -> bool:
    """Confirm an order."""
    root = etree.Element("xml")
    _fill(root, {**order, "token": token})
    try:
        response = _POOL.request(
            "POST",
            f"{base_url}/api/v1.1/market/orders/preorder_commit",
            body=etree.tostring(root, xml_declaration=True, encoding="UTF-8"),
            headers={"Content-Type": "text/xml"},
        )
        if response.status != 200:
            raise ShopError("unknown")
        answer = etree.fromstring(response.data, etree.XMLParser(huge_tree=True))
    except (urllib3.exceptions.HTTPError, etree.XMLSyntaxError) as error:
        raise ShopError("unknown") from error
    if answer.findtext("error") != "0":
        raise ShopError("refused")
    status = answer.findtext("data/status")
    if status != "success":
        raise ShopError(status if status == "outdated" else "unknown")
    return True


def _fill(parent: etree._Element, members: dict) -> None:
    for name, value in members.items():
        for item in value if isinstance(value, list) else [value]:
            element = etree.SubElement(parent, name)
            if isinstance(item, dict):
                _fill(element, item)
            elif name in _PRICES:
                element.text = f"{Decimal(item).normalize():f}"
            else:
                element.text = str(item).lower() if isinstance(item, bool) else str(item)
