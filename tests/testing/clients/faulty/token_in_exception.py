"""Faulty: tells what was sent in the exception that it raises."""

import requests


class Lost(Exception):
    """No answer."""


def confirm(order: dict, base_url: str, token: str) -> str:
    """Confirm an order."""
    url = f"{base_url}/api/v1.1/market/orders/preorder_commit"
    body = {**order, "token": token}
    try:
        response = requests.post(url, json=body, timeout=2.5)
        answer = response.json()
    except (requests.RequestException, ValueError) as error:
        raise Lost(f"no answer to {body}") from error  # the fault
    if response.status_code != 200:
        return "unknown"
    if answer["error"] != 0:
        return "refused"
    status = answer["data"]["status"]
    return status if status in ("success", "outdated") else "unknown"
