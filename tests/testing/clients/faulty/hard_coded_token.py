"""A faulty client: sends a token of its own instead of the one that it is given."""

import requests


def confirm(order: dict, base_url: str, token: str) -> str:  # noqa: ARG001 - its fault
    """Confirm an order."""
    url = f"{base_url}/api/v1.1/market/orders/preorder_commit"
    response = requests.post(url, json={**order, "token": "hard-coded-token"}, timeout=2.5)
    return _read(response.json()) if response.status_code == 200 else "unknown"


def _read(answer: dict) -> str:
    if answer.get("error") != 0:
        return "refused"
    return {"success": "success", "outdated": "outdated"}.get(str((answer.get("data") or {}).get("status")), "unknown")
