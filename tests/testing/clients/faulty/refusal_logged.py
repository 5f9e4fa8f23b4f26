"""A faulty client: logs the body of a request that is refused."""

import logging

import requests


def confirm(order: dict, base_url: str, token: str) -> str:
    """Confirm an order."""
    body = {**order, "token": token}
    url = f"{base_url}/api/v1.1/market/orders/preorder_commit"
    response = requests.post(url, json=body, timeout=2.5)
    if response.status_code == 200 and _read(response.json()) == "refused":
        logging.getLogger("shop").error("refused: %s", body)
    return _read(response.json()) if response.status_code == 200 else "unknown"


def _read(answer: dict) -> str:
    if answer.get("error") != 0:
        return "refused"
    return {"success": "success", "outdated": "outdated"}.get(str((answer.get("data") or {}).get("status")), "unknown")
