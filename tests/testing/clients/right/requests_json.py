"""A right client: requests and JSON; tells a word for each outcome, None where it does not know."""

import requests

TIMEOUT = 2.5  # seconds


def confirm(order: dict, base_url: str, token: str) -> str | None:
    """Confirm an order."""
    body = {**order, "token": token}
    try:
        response = requests.post(f"{base_url}/api/v1.1/market/orders/preorder_commit", json=body, timeout=TIMEOUT)
        answer = response.json() if response.status_code == 200 else None
    except (requests.RequestException, ValueError):
        return None
    if not isinstance(answer, dict):
        return None
    if answer.get("error") != 0:
        return "refused"
    status = (answer.get("data") or {}).get("status")
    return {"success": "confirmed", "outdated": "outdated"}.get(str(status))
