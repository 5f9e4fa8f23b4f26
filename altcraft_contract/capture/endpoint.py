"""Which calls go to the endpoint."""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote, urlsplit

ENDPOINT_PATH: Final = "/api/v1.1/market/orders/preorder_commit"


def path_of(url: str) -> str:
    """The path of *url* without escapes, dot segments, empty segments and a slash at its end."""
    segments: list[str] = []
    for segment in unquote(urlsplit(url).path).split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in {"", "."}:
            segments.append(segment)
    return "".join(f"/{segment}" for segment in segments)
