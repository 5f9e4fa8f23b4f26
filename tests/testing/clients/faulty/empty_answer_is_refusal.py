"""Faulty: an answer that cannot be read is told as a refusal."""

import httpx


def confirm(order: dict, base_url: str, token: str) -> bool | str:
    """Confirm an order."""
    url = f"{base_url}/api/v1.1/market/orders/preorder_commit"
    response = httpx.post(url, json={**order, "token": token}, timeout=2.5)
    try:
        answer = response.json()
    except ValueError:
        return False  # the fault
    if response.status_code != 200 or answer["error"] != 0:
        return False
    status = answer["data"]["status"]
    return "outdated" if status == "outdated" else status == "success"
