"""A faulty client: forgets promotions, promo codes and points."""

import requests


def confirm(order: dict, base_url: str, token: str) -> str:
    """Confirm an order."""
    url = f"{base_url}/api/v1.1/market/orders/preorder_commit"
    lost = ("promocodes", "requested_promotions", "redeem_points")
    data = {name: value for name, value in order["data"].items() if name not in lost}
    data["lines"] = [{name: value for name, value in line.items() if name not in lost} for line in data["lines"]]
    response = requests.post(url, json={**order, "token": token, "data": data}, timeout=2.5)
    return _read(response.json()) if response.status_code == 200 else "unknown"


def _read(answer: dict) -> str:
    if answer.get("error") != 0:
        return "refused"
    return {"success": "success", "outdated": "outdated"}.get(str((answer.get("data") or {}).get("status")), "unknown")
