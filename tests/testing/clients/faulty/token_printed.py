"""Faulty: prints the token when it is refused."""

import requests


def confirm(order: dict, base_url: str, token: str) -> str:
    """Confirm an order."""
    url = f"{base_url}/api/v1.1/market/orders/preorder_commit"
    try:
        response = requests.post(url, json={**order, "token": token}, timeout=2.5)
        answer = response.json()
    except (requests.RequestException, ValueError):
        return "unknown"
    if response.status_code != 200:
        return "unknown"
    if answer["error"] == 401:
        print(f"the token {token} was refused")  # noqa: T201 - the fault
    if answer["error"] != 0:
        return "refused"
    status = answer["data"]["status"]
    return status if status in ("success", "outdated") else "unknown"
