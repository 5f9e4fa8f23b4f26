"""Faulty: the token stands in the URL."""

import json
from urllib.error import URLError
from urllib.request import Request, urlopen


def confirm(order: dict, base_url: str, token: str) -> str:
    """Confirm an order."""
    url = f"{base_url}/api/v1.1/market/orders/preorder_commit?token={token}"  # the fault
    body = json.dumps({**order, "token": token}).encode()
    request = Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - http, of our stub
    try:
        with urlopen(request, timeout=2.5) as response:  # noqa: S310 - as above
            answer = json.load(response)
    except (URLError, OSError, ValueError):
        return "unknown"
    except Exception as error:
        if type(error).__name__ == "IncompleteRead":
            return "unknown"
        raise
    if answer["error"] != 0:
        return "refused"
    status = answer["data"]["status"]
    return status if status in ("success", "outdated") else "unknown"
