"""Requests and answers as they were on the wire."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from altcraft_contract.contract import Syntax
    from altcraft_contract.stub.scenarios import Cut

CONTROL_PATH: Final = "/__altcraft__/"
CONTENT_TYPES: Final[dict[Syntax, str]] = {
    "json": "application/json; charset=utf-8",
    "xml": "application/xml; charset=utf-8",
}

Headers = tuple[tuple[bytes, bytes], ...]
Hindrance = Literal["too-large", "incomplete"]

_media_type = re.compile(r"(?:application|text)/(?:[a-z0-9!#$&^_.+-]+\+)?(json|xml)", re.ASCII)
_charset = re.compile(r";\s*charset\s*=\s*\"?([^\s\";]*)", re.IGNORECASE)
_bearer = re.compile(rb"\s*bearer\s+(\S+)\s*", re.IGNORECASE)
_token_in_query = re.compile(rb"(?:^|&)(?:api_)?token=", re.IGNORECASE)


class Request(NamedTuple):
    """A request as it came.

    Attributes:
        method: Upper case.
        path: Decoded, without the query.
        headers: Names in lower case.
        body: All that was read of it.
        query: As it stood in the URL, without the `?`.
        hindrance: Why the body is not whole: over the limit, or the client went away.
    """

    method: str
    path: str
    headers: Headers
    body: bytes = b""
    query: bytes = b""
    hindrance: Hindrance | None = None

    def header(self, name: bytes) -> str | None:
        """The value of the first header of that name."""
        return find_header(self.headers, name)

    def header_list(self, name: bytes) -> str | None:
        """The values of all headers of that name, as one list (RFC 9110, 5.3)."""
        values = [value for key, value in self.headers if key == name]
        return b", ".join(values).decode("latin-1") if values else None

    @property
    def bearer_token(self) -> str | None:
        """The token of `Authorization: Bearer`; None without one, or with another scheme."""
        for name, value in self.headers:
            if name == b"authorization":
                match = _bearer.fullmatch(value)
                return match[1].decode("utf-8", "replace") if match is not None else None
        return None

    @property
    def has_token_in_query(self) -> bool:
        """Whether the token stands in the URL, which the documentation calls insecure."""
        return bool(self.query) and _token_in_query.search(self.query) is not None


class Answer(NamedTuple):
    """An answer as it went out.

    Attributes:
        status: HTTP status.
        headers: Names in lower case, without those that the server itself sets.
        body: The whole body; of an answer that is cut short, less than this is sent.
        delay: Seconds to wait before it is sent.
        cut: What is done to the connection.
    """

    status: int
    headers: Headers
    body: bytes
    delay: float = 0.0
    cut: Cut | None = None


def find_header(headers: Headers, name: bytes) -> str | None:
    """The value of the first header of that *name*, which is in lower case."""
    for key, value in headers:
        if key == name:
            return value.decode("latin-1")
    return None


def syntax_of(content_type: str) -> Syntax | None:
    """The syntax that a `Content-Type` names; None if it is neither of the two."""
    if content_type == "application/json":
        return "json"
    match = _media_type.fullmatch(content_type.partition(";")[0].strip().lower())
    if match is None:
        return None
    return "json" if match[1] == "json" else "xml"


def charset_of(content_type: str) -> str | None:
    """The charset that a `Content-Type` names, in lower case; None if it names none."""
    match = _charset.search(content_type)
    return match[1].lower() if match is not None else None
