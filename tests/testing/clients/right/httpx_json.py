"""A right client: httpx and JSON, the token in a header; returns the promo codes, and raises otherwise."""

import httpx


class Refused(Exception):
    """The service does not confirm the order."""


class Outdated(Exception):
    """A price has changed."""


def confirm(order: dict, base_url: str, token: str) -> list[str]:
    """Confirm an order."""
    body = {name: value for name, value in order.items() if name != "token"}
    with httpx.Client(base_url=base_url, timeout=2.5, headers={"Authorization": f"Bearer {token}"}) as client:
        response = client.post("/api/v1.1/market/orders/preorder_commit", json=body)
    response.raise_for_status()
    answer = response.json()
    if answer["error"] != 0:
        raise Refused(answer["error"])
    data = answer["data"]
    if data["status"] == "outdated":
        raise Outdated
    if data["status"] != "success":
        raise ValueError(f"the status {data['status']!r} is not documented")
    return [code for item in data.get("issued_promocodes") or [] for code in item.get("codes") or []]
