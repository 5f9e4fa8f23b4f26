"""A right client: requests and JSON; stamps its own time, endpoint and statuses, and counts in another spelling."""

from datetime import UTC, datetime

import requests


def confirm(order: dict, base_url: str, token: str) -> str:
    """Confirm an order."""
    data = {**order["data"], "create_time": datetime.now(UTC).isoformat(), "endpoint": "webshop", "status": "paid"}
    data["lines"] = [
        {**line, "line_number": number, "count": float(line["count"]), "status": "paid"}
        for number, line in enumerate(data["lines"], start=100)
    ]
    body = {**order, "token": token, "skip_triggers": True, "data": data}
    url = f"{base_url}/api/v1.1/market/orders/preorder_commit"
    try:
        response = requests.post(url, json=body, timeout=2.5)
        answer = response.json()
    except requests.RequestException:
        return "unknown"
    if response.status_code != 200 or not isinstance(answer, dict):
        return "unknown"
    if answer.get("error") != 0:
        return "refused"
    return {"success": "success", "outdated": "outdated"}.get(str((answer.get("data") or {}).get("status")), "unknown")
