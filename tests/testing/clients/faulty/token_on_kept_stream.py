"""Faulty: writes what it sends to a stream that it has got hold of when it was imported."""

import json
import sys

import requests

_OUTPUT = sys.stderr


def confirm(order: dict, base_url: str, token: str) -> str:
    """Confirm an order."""
    url = f"{base_url}/api/v1.1/market/orders/preorder_commit"
    body = {**order, "token": token}
    _OUTPUT.write(f"{json.dumps(body)}\n")  # the fault
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
