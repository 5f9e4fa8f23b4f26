"""A right client: aiohttp and JSON, a coroutine; waits and tries again after HTTP 429; returns a tuple."""

import asyncio

import aiohttp

_TIMEOUT = aiohttp.ClientTimeout(total=2.5)


async def confirm(order: dict, base_url: str, token: str) -> tuple[str, list[str]]:
    """Confirm an order."""
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{base_url}/api/v1.1/market/orders/preorder_commit"
    async with aiohttp.ClientSession(timeout=_TIMEOUT, headers=headers) as session:
        async with session.post(url, json={**order, "token": token}) as response:
            status, text, wait = response.status, await response.read(), response.headers.get("Retry-After", "1")
        if status == 429:
            await asyncio.sleep(float(wait))
            async with session.post(url, json={**order, "token": token}) as response:
                status, text = response.status, await response.read()
    if status != 200:
        return "unknown", []
    return _read(text)


def _read(text: bytes) -> tuple[str, list[str]]:
    import json  # noqa: PLC0415 - the client is small

    try:
        answer = json.loads(text)
    except ValueError:
        return "unknown", []
    if answer.get("error") != 0:
        return "refused", []
    data = answer.get("data") or {}
    codes = [code for item in data.get("issued_promocodes") or () for code in item["codes"]]
    return {"success": "success", "outdated": "outdated"}.get(str(data.get("status")), "unknown"), codes
