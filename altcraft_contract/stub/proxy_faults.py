"""What went wrong on the way to the service, in words."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING, Final

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator

_REASONS: Final = (
    (httpx.ConnectTimeout, "no connection within the time for connecting; raise --connect-timeout if it is just slow"),
    (httpx.ReadTimeout, "no answer within the time for reading; raise --read-timeout if it is just slow"),
    (httpx.WriteTimeout, "the request was not taken in within the time for reading"),
    (httpx.RemoteProtocolError, "the connection ended before the answer was whole, or the answer is no HTTP/1.1"),
    (httpx.LocalProtocolError, "the request cannot be passed on: it is no HTTP/1.1"),
    (httpx.ReadError, "the connection broke before the answer was whole"),
    (httpx.WriteError, "the connection broke before the request was taken in"),
    (httpx.ConnectError, "no connection"),
)
_REASONS_TO_CONNECT: Final = (
    (ssl.SSLError, "no TLS connection; is it a service for http:// URLs?"),
    (socket.gaierror, "no such host"),
    (ConnectionRefusedError, "connection refused; is the service running?"),
    (ConnectionResetError, "the connection was reset"),
)


def reason_of(error: Exception) -> str:
    """Why there is no answer, or none that is whole: in our words, since those of others may show what was sent."""
    if isinstance(error, httpx.ConnectError):
        for cause in _causes(error):
            found = _reason_to_connect(cause)
            if found is not None:
                return found
    return next((reason for kind, reason in _REASONS if isinstance(error, kind)), "no answer")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """What led to an exception, each once, the members of groups included."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        cause = waiting.pop(0)
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        if isinstance(cause, BaseExceptionGroup):
            waiting += cause.exceptions
        waiting += [led for led in (cause.__cause__, cause.__context__) if led is not None]


def _reason_to_connect(cause: BaseException) -> str | None:
    if isinstance(cause, ssl.SSLCertVerificationError):
        told = cause.verify_message or "it is not trusted"
        return f"its certificate is not taken: {told}; name its issuer with --ca-file"
    for kind, reason in _REASONS_TO_CONNECT:
        if isinstance(cause, kind):
            return reason
    return cause.strerror.lower() if isinstance(cause, OSError) and cause.errno and cause.strerror else None
