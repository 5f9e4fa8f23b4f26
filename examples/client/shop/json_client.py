"""Confirms orders in JSON, with requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import requests

from shop.answers import Confirmed, OutcomeUnknown, read_answer
from shop.payload import build_request

if TYPE_CHECKING:
    from shop.orders import Order

PATH = "/api/v1.1/market/orders/preorder_commit"


class JsonClient:
    """A client of Altcraft.

    Args:
        base_url: Where Altcraft is.
        token: Of its API.
        timeout: Seconds to wait for a connection, and between two pieces of the answer.
    """

    def __init__(self, base_url: str, token: str, *, timeout: float = 10.0) -> None:
        self._session = requests.Session()
        self._url = base_url.rstrip("/") + PATH
        self._token = token
        self._timeout = timeout

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()

    def confirm(self, order: Order) -> Confirmed:
        """Confirm *order*; exceptions as for `read_answer`."""
        return self.send(build_request(order, self._token))

    def send(self, request: dict[str, object]) -> Confirmed:
        """Send a request that has been built."""
        try:
            response = self._session.post(self._url, json=request, timeout=self._timeout)
            status = response.status_code
        except requests.RequestException as error:
            raise OutcomeUnknown(type(error).__name__) from None
        try:
            answer = response.json()
        except ValueError:
            answer = None
        return read_answer(status, answer)
