"""Faulty: prices are texts again, but have been floats in between."""

import requests

_PRICES = {"total_price", "final_total_price", "delivery_cost", "base_price_per_item", "final_price_per_item"}


def confirm(order: dict, base_url: str, token: str) -> str:
    """Confirm an order."""
    url = f"{base_url}/api/v1.1/market/orders/preorder_commit"
    try:
        response = requests.post(url, json=_rounded({**order, "token": token}), timeout=2.5)
        answer = response.json()
    except (requests.RequestException, ValueError):
        return "unknown"
    if response.status_code != 200:
        return "unknown"
    if answer.get("error") != 0:
        return "refused"
    status = answer["data"]["status"]
    return status if status in ("success", "outdated") else "unknown"


def _rounded(value: object) -> object:
    if isinstance(value, dict):
        return {
            name: f"{float(member):.2f}" if name in _PRICES else _rounded(member)  # the fault
            for name, member in value.items()
        }
    return [_rounded(item) for item in value] if isinstance(value, list) else value
