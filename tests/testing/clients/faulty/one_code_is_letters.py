"""Faulty: reads a text, where XML has one code, as a list of letters."""

import urllib3
from lxml import etree


def confirm(order: dict, base_url: str, token: str) -> dict:
    """Confirm an order."""
    root = etree.Element("xml")
    _fill(root, {**order, "token": token})
    url = f"{base_url}/api/v1.1/market/orders/preorder_commit"
    try:
        response = urllib3.request(
            "POST", url, body=etree.tostring(root), headers={"Content-Type": "application/xml"}, timeout=2.5
        )
        answer = etree.fromstring(response.data, etree.XMLParser(huge_tree=True))
    except (urllib3.exceptions.HTTPError, etree.XMLSyntaxError):
        return {"outcome": "unknown", "codes": []}
    if response.status != 200:
        return {"outcome": "unknown", "codes": []}
    if answer.findtext("error") != "0":
        return {"outcome": "refused", "codes": []}
    status = answer.findtext("data/status")
    found = [code.text or "" for code in answer.iterfind("data/issued_promocodes/codes")]
    codes = list(found[0]) if len(found) == 1 else found  # the fault
    return {"outcome": status if status in ("success", "outdated") else "unknown", "codes": codes}


def _fill(parent: etree._Element, members: dict) -> None:
    for name, value in members.items():
        for item in value if isinstance(value, list) else [value]:
            element = etree.SubElement(parent, name)
            if isinstance(item, dict):
                _fill(element, item)
            else:
                element.text = str(item).lower() if isinstance(item, bool) else str(item)
