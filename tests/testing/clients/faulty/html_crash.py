"""Faulty: takes it for granted that every body is an answer."""

import re

import requests


def confirm(order: dict, base_url: str, token: str) -> str:
    """Confirm an order."""
    url = f"{base_url}/api/v1.1/market/orders/preorder_commit"
    response = requests.post(url, json={**order, "token": token}, timeout=2.5)
    error = re.search(r'"error": ?(\d+)', response.text).group(1)  # type: ignore[union-attr]  # the fault
    if error != "0":
        return "refused"
    status = response.json()["data"]["status"]
    return status if status in ("success", "outdated") else "unknown"
