"""Faulty: tries again after any exception, for ever."""

import time

import httpx


def confirm(order: dict, base_url: str, token: str) -> str:
    """Confirm an order."""
    url = f"{base_url}/api/v1.1/market/orders/preorder_commit"
    while True:
        try:
            response = httpx.post(url, json={**order, "token": token}, timeout=2.5)
            if response.status_code == 429:
                time.sleep(float(response.headers["Retry-After"]))
            response.raise_for_status()
            answer = response.json()
            break
        except (httpx.HTTPError, ValueError):
            continue  # the fault
    if answer["error"] != 0:
        return "refused"
    status = answer["data"]["status"]
    return status if status in ("success", "outdated") else "unknown"
