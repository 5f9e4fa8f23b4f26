"""One caller for each library: sends a body, reads the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

import asyncio
import http.client
import urllib.request
from urllib.parse import urlsplit

import aiohttp
import httpx
import requests
import urllib3


def call_requests(url: str, body: Any) -> Any:
    """Through a session."""
    with requests.Session() as session:
        return session.post(url, data=body).content


def call_httpx(url: str, body: Any) -> Any:
    """Through a client."""
    with httpx.Client() as client:
        return client.post(url, content=body).content


def call_httpx_async(url: str, body: Any) -> Any:
    """Through an asynchronous client."""

    async def call() -> Any:
        async with httpx.AsyncClient() as client:
            return (await client.post(url, content=later(body))).content

    return asyncio.run(call())


def call_urllib3(url: str, body: Any) -> Any:
    """Through a pool manager."""
    with urllib3.PoolManager() as pool:
        return pool.request("POST", url, body=body).data


def call_aiohttp(url: str, body: Any) -> Any:
    """Through a client session."""

    async def call() -> Any:
        async with aiohttp.ClientSession() as session, session.post(url, data=later(body)) as response:
            return await response.read()

    return asyncio.run(call())


def call_http_client(url: str, body: Any) -> Any:
    """Through a connection."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc)
    try:
        connection.request("POST", parts.path, body)
        return connection.getresponse().read()
    finally:
        connection.close()


def call_urllib(url: str, body: Any) -> Any:
    """Through an opener of urllib.request."""
    data = body.encode() if isinstance(body, str) else body
    with urllib.request.urlopen(urllib.request.Request(url, data, method="POST")) as response:  # noqa: S310 - loopback
        return response.read()


def later(body: Any) -> Any:
    """A generator as an asynchronous one; anything else as it is."""
    if isinstance(body, bytes | str) or hasattr(body, "read"):
        return body

    async def pieces() -> AsyncIterator[bytes]:
        for piece in body:
            yield piece

    return pieces()


CLIENTS = {
    "requests": call_requests,
    "httpx": call_httpx,
    "httpx-async": call_httpx_async,
    "urllib3": call_urllib3,
    "aiohttp": call_aiohttp,
    "http.client": call_http_client,
    "urllib": call_urllib,
}
LIBRARIES = {name: {"httpx-async": "httpx", "urllib": "http.client"}.get(name, name) for name in CLIENTS}
