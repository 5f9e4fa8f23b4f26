"""Faulty: takes a field of the order for granted that is optional."""

import requests


def confirm(order: dict, base_url: str, token: str) -> str:
    """Confirm an order."""
    url = f"{base_url}/api/v1.1/market/orders/preorder_commit"
    body = {
        "token": token,
        "external_id": order["external_id"],
        "profile_id": order["profile_id"],  # the fault
        "data": order["data"],
    }
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
