"""Calls as a capture shows them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the user's code.

    Attributes:
        file: As Python names it.
        line: 1-based.
        function: Name of the function.
    """

    file: str
    line: int
    function: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} in {self.function}"


@dataclass(frozen=True, slots=True, repr=False)
class CapturedResponse:
    """The answer to a call.

    Attributes:
        status: The HTTP status.
        headers: Name and value, in order.
        body: As the client reads it, without its content and transfer encodings; None if it was not seen whole.
        body_reason: Why there is no body.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    body_reason: str | None

    def __repr__(self) -> str:
        return f"<CapturedResponse {self.status}, {_size(self.body, self.body_reason)}>"


@dataclass(frozen=True, slots=True, repr=False)
class CapturedCall:
    """One request to the endpoint and what came of it.

    Attributes:
        http_library: The outermost library that made it: `requests`, `httpx`, `urllib3`, `aiohttp` or `http.client`.
        method: The HTTP method.
        url: The whole URL.
        headers: Name and value, in order; as sent, where that could be seen.
        body: As the server reads it, without its content and transfer encodings; None if it was not seen whole.
        body_reason: Why there is no body.
        response: None if none came.
        exception: Name of the type of the exception that the call ended in; there may be a response, too.
        where: The user's code that made the call, innermost first.
        started: Seconds since the epoch.
        duration: Seconds until the library handed over the response or the exception; None while it is under way.
    """

    http_library: str
    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    body_reason: str | None
    response: CapturedResponse | None
    exception: str | None
    where: tuple[Place, ...]
    started: float
    duration: float | None

    def __repr__(self) -> str:
        parts = urlsplit(self.url)
        url = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
        outcome = self.exception or (self.response.status if self.response else "no response")
        return (
            f"<CapturedCall {self.http_library}: {self.method} {url}, {_size(self.body, self.body_reason)} -> {outcome}"
            f"{f', {self.where[0]}' if self.where else ''}>"
        )


def _size(body: bytes | None, reason: str | None) -> str:
    return f"{len(body)} bytes" if body is not None else f"no body: {reason}"
