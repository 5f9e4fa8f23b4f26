"""Names of objects elsewhere, and what of them is secret."""

from __future__ import annotations

import os
import re
from typing import Final
from urllib.parse import unquote

from altcraft_contract.renderers.redaction import MASK

_LONGEST_REASON: Final = 300
_SHORTEST_SECRET: Final = 4  # characters; what is shorter also stands in words
_has_scheme = re.compile(r"[A-Za-z][A-Za-z0-9+._-]+(?:://|::)").match
_url_in_text: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://[^\s'\"<>,]+")
_user: Final = re.compile(r"(?<=://)(?:[^/?#\s]*@|[^\s@:/?#]+:(?!\d+(?:/|$))[^\s@]*@)")
_web_query: Final = re.compile(r"(?<=[?#]).+")
_query: Final = re.compile(r"(?<=[?#])[^?#]*=.*")


def is_url(path: str) -> bool:
    """Whether *path* names something elsewhere; a file of this name counts more."""
    return "://" in path and _has_scheme(path) is not None and not os.path.lexists(path)


def redact_url(url: str) -> str:
    """*url* without credentials and signatures."""
    return "::".join(_redact_part(part) for part in url.split("::"))


def _redact_part(part: str) -> str:
    secret = _web_query if part.startswith(("http:", "https:")) else _query
    return secret.sub(MASK, _user.sub("", part))


def reason_of_url(error: BaseException, url: str) -> str:
    """Why what *url* names cannot be read, in one line without what is secret in it."""
    while isinstance(error, FileNotFoundError) and error.__cause__ is not None:  # fsspec hides what has happened
        error = error.__cause__
    if isinstance(error, FileNotFoundError) or getattr(error, "status", None) == 404:  # noqa: PLR2004 - as everywhere
        return "there is no such file or object"
    if isinstance(error, PermissionError):
        return "permission denied"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    status = getattr(error, "status", None)
    if isinstance(status, int):
        reason = f"HTTP status {status} {getattr(error, 'message', '')}"
    return _without_secrets(" ".join(str(reason).split()), url)[:_LONGEST_REASON]


def _without_secrets(text: str, url: str) -> str:
    text = _url_in_text.sub(lambda match: redact_url(match[0]), text)
    for secret in sorted(_secrets_of(url), key=len, reverse=True):
        text = text.replace(secret, MASK)
    return text


def _secrets_of(url: str) -> set[str]:
    found = set()
    for part in url.split("::"):
        secret = _web_query if part.startswith(("http:", "https:")) else _query
        for match in (*_user.finditer(part), *secret.finditer(part)):
            found |= {match[0].rstrip("@"), *re.split(r"[:@=&]", match[0])}
    return {text for raw in found for text in (raw, unquote(raw)) if len(text) >= _SHORTEST_SECRET}
