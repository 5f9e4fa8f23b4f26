"""A faulty client: puts the token into the user part of the URL."""

import requests


def confirm(order: dict, base_url: str, token: str) -> str:
    """Confirm an order."""
    url = f"{base_url.replace('//', f'//api:{token}@')}/api/v1.1/market/orders/preorder_commit"
    response = requests.post(url, json={**order, "token": token}, timeout=2.5)
    return _read(response.json()) if response.status_code == 200 else "unknown"


def _read(answer: dict) -> str:
    if answer.get("error") != 0:
        return "refused"
    return {"success": "success", "outdated": "outdated"}.get(str((answer.get("data") or {}).get("status")), "unknown")
