"""Bodies as tests have them at hand: raw, parsed, or within the request or response of an HTTP library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

_ACCEPTED: Final = (
    "expected bytes, str or a Mapping, or what has them: a prepared request or a response of requests, "
    "a request or a response of httpx"
)


class Body(NamedTuple):
    """A body to check.

    Attributes:
        content: `bytes` or `str` as sent, or the parsed JSON form.
        token_in_header: Whether it came with `Authorization: Bearer`.
    """

    content: bytes | str | Mapping[str, Any]
    token_in_header: bool = False


def read_body(given: object) -> Body:
    """The body of *given*: itself, or what a request or a response of an HTTP library holds.

    Raises:
        TypeError: if *given* is neither, or holds no body that has been read.
    """
    if isinstance(given, bytes | str | Mapping):
        return Body(given)
    if isinstance(given, bytearray | memoryview):
        return Body(bytes(given))
    headers = getattr(given, "headers", None)
    if headers is None:
        raise TypeError(f"a body of type {_name_of(given)}: {_ACCEPTED}")
    return Body(_content_of(given), _has_bearer(headers))


def _content_of(message: object) -> bytes | str:
    """The content of a message by the names that HTTP libraries give it.

    `content` goes first: it is decoded where there is a content encoding.
    """
    for name in ("content", "body"):
        try:
            content = getattr(message, name)
        except AttributeError:
            continue
        except Exception as fault:  # as httpx does for a stream that nobody has read
            reason = f"{_name_of(message)}.{name} cannot be read ({type(fault).__name__}: {fault})"
            raise TypeError(f"{reason}; read it first, as by `.read()`") from fault
        if isinstance(content, bytes | str):
            return content
        if isinstance(content, bytearray | memoryview):
            return bytes(content)
        if content is None and getattr(message, "body_reason", None) is None:
            return b""
        found = f"{_name_of(message)}.{name} is of type {_name_of(content)}, not the bytes of a body"
        raise TypeError(f"{found}; read it, and give what was read (`await response.read()` with aiohttp)")
    raise TypeError(f"a body of type {_name_of(message)}: {_ACCEPTED}")


def _has_bearer(headers: Any) -> bool:
    """Whether *headers*, a mapping or pairs, hold a token that is not empty."""
    pairs = headers.items() if hasattr(headers, "items") else headers
    for name, value in pairs:
        scheme, _, token = _text(value).strip().partition(" ")
        if _text(name).lower() == "authorization" and scheme.lower() == "bearer" and token.strip():
            return True
    return False


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _name_of(value: object) -> str:
    kind = type(value)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
