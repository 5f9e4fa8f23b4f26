"""Faulty: takes what it cannot read for an answer without an error."""

import requests


def confirm(order: dict, base_url: str, token: str) -> bool | None:
    """Confirm an order: True if it is confirmed, None if it is outdated."""
    url = f"{base_url}/api/v1.1/market/orders/preorder_commit"
    response = requests.post(url, json={**order, "token": token}, timeout=2.5)
    try:
        answer = response.json()
    except ValueError:
        answer = {}
    if answer.get("error", 0) != 0:  # the fault
        return False
    status = answer.get("data", {}).get("status", "success")
    return {"success": True, "outdated": None}.get(status, False)
