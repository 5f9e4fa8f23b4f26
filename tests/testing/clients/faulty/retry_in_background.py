"""A faulty client: sends an order again behind the back of its caller."""

import threading
from contextlib import suppress

import requests


def confirm(order: dict, base_url: str, token: str) -> str:
    """Confirm an order."""
    url = f"{base_url}/api/v1.1/market/orders/preorder_commit"
    body = {**order, "token": token}
    try:
        response = requests.post(url, json=body, timeout=2.5)
    except requests.ConnectionError:
        threading.Timer(0.02, _try_again, (url, body)).start()
        return "unknown"
    return _read(response.json()) if response.status_code == 200 else "unknown"


def _try_again(url: str, body: dict) -> None:
    with suppress(requests.ConnectionError):
        requests.post(url, json=body, timeout=2.5)


def _read(answer: dict) -> str:
    if answer.get("error") != 0:
        return "refused"
    return {"success": "success", "outdated": "outdated"}.get(str((answer.get("data") or {}).get("status")), "unknown")
