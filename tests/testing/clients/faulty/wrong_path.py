"""Faulty: another path than the documented one."""

import requests


def confirm(order: dict, base_url: str, token: str) -> str:
    """Confirm an order."""
    url = f"{base_url}/api/v1/market/orders/preorder_commit"  # the fault
    response = requests.post(url, json={**order, "token": token}, timeout=2.5)
    response.raise_for_status()
    return str(response.json()["data"]["status"])
