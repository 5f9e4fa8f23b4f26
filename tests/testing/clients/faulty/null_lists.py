"""Faulty: a list that is null cannot be gone through."""

import requests


def confirm(order: dict, base_url: str, token: str) -> dict:
    """Confirm an order."""
    url = f"{base_url}/api/v1.1/market/orders/preorder_commit"
    response = requests.post(url, json={**order, "token": token}, timeout=2.5)
    response.raise_for_status()
    answer = response.json()
    if answer["error"] != 0:
        return {"outcome": "refused", "codes": []}
    data = answer["data"]
    if data["status"] != "success":
        return {"outcome": "outdated" if data["status"] == "outdated" else "unknown", "codes": []}
    codes = [code for item in data.get("issued_promocodes", []) for code in item["codes"]]  # the fault
    return {"outcome": "success", "codes": codes}
