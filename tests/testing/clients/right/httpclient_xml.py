"""A right client: http.client and XML by ElementTree; returns a dictionary."""

import http.client
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET


def confirm(order: dict, base_url: str, token: str) -> dict:
    """Confirm an order."""
    root = ET.Element("xml")
    for name, value in {**order, "token": token}.items():
        _append(root, name, value)
    connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=2.5)
    try:
        connection.request(
            "POST",
            "/api/v1.1/market/orders/preorder_commit",
            ET.tostring(root, encoding="utf-8", xml_declaration=True),
            {"Content-Type": "application/xml; charset=utf-8"},
        )
        response = connection.getresponse()
        answer = ET.fromstring(response.read()) if response.status == 200 else None  # noqa: S314 - from our stub
    except (OSError, http.client.HTTPException, ET.ParseError):
        return {"outcome": "unknown", "codes": []}
    finally:
        connection.close()
    if answer is None:
        return {"outcome": "unknown", "codes": []}
    if answer.findtext("error") != "0":
        return {"outcome": "refused", "codes": []}
    status = answer.findtext("data/status")
    codes = [code.text for code in answer.findall("data/issued_promocodes/codes")]
    return {"outcome": status if status in ("success", "outdated") else "unknown", "codes": codes}


def _append(parent: ET.Element, name: str, value: object) -> None:
    if isinstance(value, list):
        for item in value:
            _append(parent, name, item)
        return
    element = ET.SubElement(parent, name)
    if isinstance(value, dict):
        for key, member in value.items():
            _append(element, key, member)
    else:
        element.text = str(value).lower() if isinstance(value, bool) else str(value)
