"""Faulty: reads XML into dictionaries, where a list of one item is no list, and crashes on it."""

import http.client
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET


def confirm(order: dict, base_url: str, token: str) -> dict:
    """Confirm an order."""
    root = ET.Element("xml")
    _fill(root, {**order, "token": token})
    connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=2.5)
    try:
        path = "/api/v1.1/market/orders/preorder_commit"
        connection.request("POST", path, ET.tostring(root), {"Content-Type": "application/xml"})
        response = connection.getresponse()
        answer = _read(ET.fromstring(response.read()))  # noqa: S314 - from our stub
    except (OSError, http.client.HTTPException, ET.ParseError):
        return {"outcome": "unknown", "codes": []}
    finally:
        connection.close()
    if response.status != 200:
        return {"outcome": "unknown", "codes": []}
    if answer["error"] != "0":
        return {"outcome": "refused", "codes": []}
    status = answer["data"]["status"]
    codes = [code for item in answer["data"].get("issued_promocodes", []) for code in item["codes"]]
    return {"outcome": status if status in ("success", "outdated") else "unknown", "codes": codes}


def _read(element: ET.Element) -> Any:
    if len(element) == 0:
        return element.text
    members: dict[str, Any] = {}
    for child in element:
        value = _read(child)
        if child.tag not in members:
            members[child.tag] = value  # the fault
        elif isinstance(members[child.tag], list):
            members[child.tag].append(value)
        else:
            members[child.tag] = [members[child.tag], value]
    return members


def _fill(parent: ET.Element, members: dict) -> None:
    for name, value in members.items():
        for item in value if isinstance(value, list) else [value]:
            element = ET.SubElement(parent, name)
            if isinstance(item, dict):
                _fill(element, item)
            else:
                element.text = str(item).lower() if isinstance(item, bool) else str(item)
