"""A right client: requests and JSON; leaves out what costs nothing, and raises what it has to tell."""

import requests


class OrderOutdated(Exception):
    """The order has to be calculated again."""


class OrderRefused(Exception):
    """The service has said no."""


class OutcomeUnknown(Exception):
    """Nobody knows."""


def confirm(order: dict, base_url: str, token: str) -> str:
    """Confirm an order."""
    data = {name: value for name, value in order["data"].items() if name != "delivery_cost" or float(value)}
    url = f"{base_url}/api/v1.1/market/orders/preorder_commit"
    response = requests.post(url, json={**order, "token": token, "data": data}, timeout=2.5)
    if response.status_code != 200:
        raise OutcomeUnknown(response.status_code)
    answer = response.json()
    if answer["error"]:
        raise OrderRefused(answer["error"])
    status = answer["data"]["status"]
    if status == "outdated":
        return "outdated"
    if status != "success":
        raise OutcomeUnknown(status)
    return "success"
