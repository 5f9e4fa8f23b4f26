"""Faulty: the HTTP library retries every call, a POST too."""

import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry


def confirm(order: dict, base_url: str, token: str) -> str:
    """Confirm an order."""
    url = f"{base_url}/api/v1.1/market/orders/preorder_commit"
    retry = Retry(total=3, backoff_factor=0.01, status_forcelist=(500, 502), allowed_methods=None)  # the fault
    with requests.Session() as session:
        session.mount("http://", HTTPAdapter(max_retries=retry))
        try:
            response = session.post(url, json={**order, "token": token}, timeout=2.5)
            answer = response.json()
        except (requests.RequestException, ValueError):
            return "unknown"
    if response.status_code != 200:
        return "unknown"
    if answer["error"] != 0:
        return "refused"
    status = answer["data"]["status"]
    return status if status in ("success", "outdated") else "unknown"
