"""Faulty: XML is glued together without escaping."""

import http.client
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET


def confirm(order: dict, base_url: str, token: str) -> str:
    """Confirm an order."""
    connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=2.5)
    try:
        connection.request(
            "POST",
            "/api/v1.1/market/orders/preorder_commit",
            _element("xml", {**order, "token": token}).encode(),
            {"Content-Type": "application/xml"},
        )
        response = connection.getresponse()
        answer = ET.fromstring(response.read())  # noqa: S314 - from our stub
    except (OSError, http.client.HTTPException, ET.ParseError):
        return "unknown"
    finally:
        connection.close()
    if response.status != 200:
        return "unknown"
    if answer.findtext("error") != "0":
        return "refused"
    status = answer.findtext("data/status") or ""
    return status if status in ("success", "outdated") else "unknown"


def _element(name: str, value: object) -> str:
    if isinstance(value, list):
        return "".join(_element(name, item) for item in value)
    if isinstance(value, dict):
        value = "".join(_element(key, member) for key, member in value.items())
    elif isinstance(value, bool):
        value = str(value).lower()
    return f"<{name}>{value}</{name}>"  # the fault
