"""Faulty: the whole request goes into a log, of a logger that keeps its records to itself."""

import logging

import requests

_log = logging.getLogger("shop.altcraft")
_log.propagate = False


def confirm(order: dict, base_url: str, token: str) -> str:
    """Confirm an order."""
    url = f"{base_url}/api/v1.1/market/orders/preorder_commit"
    body = {**order, "token": token}
    _log.debug("confirm %s", body)  # the fault
    try:
        response = requests.post(url, json=body, timeout=2.5)
        answer = response.json()
    except (requests.RequestException, ValueError):
        return "unknown"
    if response.status_code != 200:
        return "unknown"
    if answer["error"] != 0:
        return "refused"
    status = answer["data"]["status"]
    return status if status in ("success", "outdated") else "unknown"
