"""The endpoint that the contract is about, as the documentation has it."""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote, urlsplit

ENDPOINT_METHOD: Final = "POST"
ENDPOINT_PATH: Final = "/api/v1.1/market/orders/preorder_commit"


def path_of(url: str) -> str:
    """The path of *url* without escapes, dot segments, empty segments and a slash at its end.

    Raises:
        ValueError: if it is no URL at all.
    """
    segments: list[str] = []
    for segment in unquote(urlsplit(url).path).split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in {"", "."}:
            segments.append(segment)
    return "".join(f"/{segment}" for segment in segments)


def is_call(method: str, url: str) -> bool:
    """Whether a request is a call to the endpoint, which may stand below a path of its own, behind a gateway."""
    try:
        return method.upper() == ENDPOINT_METHOD and path_of(url).endswith(ENDPOINT_PATH)
    except ValueError:
        return False
