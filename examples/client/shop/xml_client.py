"""Confirms orders in XML, with httpx."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import httpx

from shop.answers import Confirmed, OutcomeUnknown, read_answer
from shop.payload import build_request, render_xml

if TYPE_CHECKING:
    from shop.orders import Order

PATH = "/api/v1.1/market/orders/preorder_commit"


class XmlClient:
    """A client of Altcraft.

    Args:
        base_url: Where Altcraft is.
        token: Of its API.
        timeout: Seconds to wait for a connection, and between two pieces of the answer.
    """

    def __init__(self, base_url: str, token: str, *, timeout: float = 10.0) -> None:
        self._client = httpx.Client(base_url=base_url, timeout=timeout)
        self._token = token

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def confirm(self, order: Order) -> Confirmed:
        """Confirm *order*; exceptions as for `read_answer`."""
        return self.send(build_request(order, self._token))

    def send(self, request: dict[str, Any]) -> Confirmed:
        """Send a request that has been built."""
        headers = {"Content-Type": "application/xml; charset=utf-8"}
        try:
            response = self._client.post(PATH, content=render_xml(request), headers=headers)
        except httpx.HTTPError as error:
            raise OutcomeUnknown(type(error).__name__) from None
        return read_answer(response.status_code, _read(response.content))


def _read(body: bytes) -> dict[str, Any] | None:
    """The answer with its number as a number and its lists as lists, which in XML is for the reader to know."""
    try:
        root = ET.fromstring(body)
        error = int(root.findtext("error", "").strip())
    except (ET.ParseError, ValueError):
        return None
    data = root.find("data")
    if data is None:
        return {"error": error, "error_text": root.findtext("error_text")}
    issued = [{"codes": [code.text or "" for code in item.iter("codes")]} for item in data.iter("issued_promocodes")]
    return {"error": error, "data": {"status": data.findtext("status"), "issued_promocodes": issued}}
