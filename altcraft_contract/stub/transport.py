"""How a request has to be sent: its path, its method and its headers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from altcraft_contract.endpoint import ENDPOINT_PATH
from altcraft_contract.stub.traffic import CONTROL_PATH, Headers, Request, charset_of, syntax_of

if TYPE_CHECKING:
    from altcraft_contract.contract import Syntax
    from altcraft_contract.documents.limits import Limits
    from altcraft_contract.stub.journal import Refusal

_PLACES: Final = f"the endpoint is {ENDPOINT_PATH}, the page {CONTROL_PATH}"


class Refused(Exception):
    """A request that is refused before its body is judged, for how it was sent."""

    def __init__(self, refusal: Refusal, status: int, text: str, headers: Headers = ()) -> None:
        super().__init__(refusal, status, text, headers)
        self.refusal = refusal
        self.status = status
        self.text = text
        self.headers = headers


def check_transport(request: Request, limits: Limits) -> Syntax:
    """The syntax of a request that was sent as it has to be.

    Raises:
        Refused: if it was not.
    """
    if request.path != ENDPOINT_PATH:
        raise Refused("path", 404, f"there is nothing at {request.path[:200]}; {_PLACES}")
    if request.method != "POST":
        raise Refused("method", 405, f"{request.method[:20]} is not allowed, send POST", ((b"allow", b"POST"),))
    content_type = request.header(b"content-type")
    syntax = syntax_of(content_type) if content_type is not None else None
    if syntax is None:
        found = f"Content-Type is {content_type[:100]!r}" if content_type else "there is no Content-Type"
        raise Refused("content-type", 415, f"{found}; send application/json or application/xml")
    charset = charset_of(content_type) if content_type is not None else None
    if charset not in (None, "utf-8", "utf8"):
        raise Refused("content-type", 415, f"the charset is {charset[:40]!r}; the documentation says UTF-8")
    encoding = request.header(b"content-encoding")
    if encoding not in (None, "", "identity"):
        raise Refused("content-type", 415, f"Content-Encoding is {encoding[:40]!r}; the documentation names none")
    if request.hindrance == "too-large":
        text = f"the body is larger than {limits.max_bytes} bytes, the limit of this server"
        raise Refused("too-large", 413, text, ((b"connection", b"close"),))
    if request.hindrance is not None:
        raise Refused("incomplete", 400, "the body ended before it was whole")
    return syntax


def nearest_syntax(request: Request) -> Syntax:
    """The syntax that a request comes nearest to, by its headers, else by its first character."""
    content_type = request.header(b"content-type")
    named = syntax_of(content_type) if content_type is not None else None
    return named or ("xml" if request.body[:64].lstrip().startswith(b"<") else "json")
