"""The clients that people use, behind one interface: a batch of calls in, and what came of each out."""

from __future__ import annotations

import asyncio
import base64
import http.client
import json
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urlsplit

import aiohttp
import httpx
import pytest
import requests
import urllib3

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

_FETCH: Final = Path(__file__).with_name("fetch.mjs")
_CURL_EXITS: Final = {18: "cut", 28: "timeout", 56: "reset"}
_LONGEST_RUN: Final = 120  # seconds that another program may take for a whole batch


@dataclass(frozen=True)
class Call:
    """One POST.

    Attributes:
        url: Where to.
        body: What.
        headers: Beside those that the client sets.
        timeout: Seconds that the client waits for an answer.
    """

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 30.0


@dataclass(frozen=True)
class Reply:
    """An answer that came whole.

    Attributes:
        status: HTTP status.
        headers: Names in lower case.
        body: What the client read.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


Failure = Literal["cut", "reset", "timeout"]
"""What a client that has no answer says: the body ended too early, the connection was reset, nothing came in time."""


def _reply(status: int, headers: Iterable[tuple[str, str]], body: bytes) -> Reply:
    return Reply(status, {name.lower(): value for name, value in headers}, body)


def with_requests(calls: Sequence[Call]) -> list[Reply | Failure]:
    """`requests`, in one session."""
    outcomes: list[Reply | Failure] = []
    with requests.Session() as session:
        for call in calls:
            try:
                response = session.post(call.url, call.body, headers=dict(call.headers), timeout=call.timeout)
                outcomes.append(_reply(response.status_code, response.headers.items(), response.content))
            except requests.exceptions.ChunkedEncodingError:
                outcomes.append("cut")
            except requests.exceptions.ReadTimeout:
                outcomes.append("timeout")
            except requests.exceptions.ConnectionError:
                outcomes.append("reset")
    return outcomes


def with_urllib3(calls: Sequence[Call]) -> list[Reply | Failure]:
    """`urllib3`, with one pool and without repeats of its own."""
    outcomes: list[Reply | Failure] = []
    with urllib3.PoolManager(retries=False) as pool:
        for call in calls:
            try:
                response = pool.request(
                    "POST", call.url, body=call.body, headers=dict(call.headers), timeout=call.timeout
                )
                outcomes.append(_reply(response.status, response.headers.items(), response.data))
            except urllib3.exceptions.ReadTimeoutError:
                outcomes.append("timeout")
            except urllib3.exceptions.ProtocolError as error:
                is_cut = isinstance(error.args[-1], http.client.IncompleteRead)
                outcomes.append("cut" if is_cut else "reset")
    return outcomes


def with_httpx(calls: Sequence[Call]) -> list[Reply | Failure]:
    """`httpx`, with one client."""
    outcomes: list[Reply | Failure] = []
    with httpx.Client() as client:
        for call in calls:
            try:
                response = client.post(call.url, content=call.body, headers=call.headers, timeout=call.timeout)
                outcomes.append(_reply(response.status_code, response.headers.items(), response.content))
            except httpx.RemoteProtocolError:
                outcomes.append("cut")
            except httpx.ReadTimeout:
                outcomes.append("timeout")
            except httpx.ReadError:
                outcomes.append("reset")
    return outcomes


def with_aiohttp(calls: Sequence[Call]) -> list[Reply | Failure]:
    """`aiohttp`, with one session."""

    async def send_all() -> list[Reply | Failure]:
        outcomes: list[Reply | Failure] = []
        async with aiohttp.ClientSession() as session:
            for call in calls:
                timeout = aiohttp.ClientTimeout(total=call.timeout)
                try:
                    async with session.post(call.url, data=call.body, headers=call.headers, timeout=timeout) as answer:
                        outcomes.append(_reply(answer.status, answer.headers.items(), await answer.read()))
                except aiohttp.ClientPayloadError:
                    outcomes.append("cut")
                except TimeoutError:
                    outcomes.append("timeout")
                except aiohttp.ClientConnectionError:
                    outcomes.append("reset")
        return outcomes

    return asyncio.run(send_all())


def with_http_client(calls: Sequence[Call]) -> list[Reply | Failure]:
    """`http.client`, with a connection for each call."""
    outcomes: list[Reply | Failure] = []
    for call in calls:
        place = urlsplit(call.url)
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=call.timeout)
        try:
            connection.request("POST", place.path, call.body, dict(call.headers))
            response = connection.getresponse()
            outcomes.append(_reply(response.status, response.getheaders(), response.read()))
        except http.client.IncompleteRead:
            outcomes.append("cut")
        except TimeoutError:
            outcomes.append("timeout")
        except ConnectionResetError:
            outcomes.append("reset")
        finally:
            connection.close()
    return outcomes


def with_curl(calls: Sequence[Call]) -> list[Reply | Failure]:
    """The command `curl`, run once for each call."""
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("there is no curl")
    return [_run_curl(curl, call) for call in calls]


def _run_curl(curl: str, call: Call) -> Reply | Failure:
    headers = [argument for name, value in call.headers.items() for argument in ("--header", f"{name}: {value}")]
    options = ["--silent", "--include", "--noproxy", "*", "--max-time", str(call.timeout), "--data-binary", "@-"]
    command = [curl, "--disable", *options, *headers, call.url]
    done = subprocess.run(command, input=call.body, capture_output=True, check=False, timeout=_LONGEST_RUN)
    if done.returncode:
        return _CURL_EXITS[done.returncode]  # type: ignore[return-value]  # the table holds failures only
    head, _, body = done.stdout.partition(b"\r\n\r\n")
    while head.split(b" ")[1] == b"100":
        head, _, body = body.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    return _reply(int(first.split()[1]), ((name, value.strip()) for name, _, value in _split(lines)), body)


def _split(lines: Iterable[str]) -> Iterable[tuple[str, str, str]]:
    return (line.partition(":") for line in lines)


def with_fetch(calls: Sequence[Call]) -> list[Reply | Failure]:
    """`fetch` of Node.js, one process for the batch."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node")
    batch = [
        {
            "url": call.url,
            "body": base64.b64encode(call.body).decode(),
            "headers": dict(call.headers),
            "timeout": call.timeout,
        }
        for call in calls
    ]
    done = subprocess.run(
        [node, str(_FETCH)], input=json.dumps(batch).encode(), capture_output=True, check=True, timeout=_LONGEST_RUN
    )
    return [_of_fetch(outcome) for outcome in json.loads(done.stdout)]


def _of_fetch(outcome: Mapping[str, object]) -> Reply | Failure:
    if "error" not in outcome:
        headers = ((str(name), str(value)) for name, value in outcome["headers"])  # type: ignore[attr-defined]
        return _reply(int(str(outcome["status"])), headers, base64.b64decode(str(outcome["body"])))
    if outcome["error"] == "TimeoutError":
        return "timeout"
    return "cut" if outcome["message"] == "terminated" else "reset"


CLIENTS: Final[Mapping[str, Callable[[Sequence[Call]], list[Reply | Failure]]]] = {
    "requests": with_requests,
    "urllib3": with_urllib3,
    "httpx": with_httpx,
    "aiohttp": with_aiohttp,
    "http.client": with_http_client,
    "curl": with_curl,
    "fetch": with_fetch,
}
"""Name to a function that sends a batch of calls."""
