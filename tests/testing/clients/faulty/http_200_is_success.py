"""Faulty: HTTP 200 is taken for success; returns a bool."""

import requests


def confirm(order: dict, base_url: str, token: str) -> bool:
    """Confirm an order."""
    url = f"{base_url}/api/v1.1/market/orders/preorder_commit"
    response = requests.post(url, json={**order, "token": token}, timeout=2.5)
    return response.status_code == 200  # the fault
