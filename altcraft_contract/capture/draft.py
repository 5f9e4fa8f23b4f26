"""A call while it is being made."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from altcraft_contract.capture.bodies import decode
from altcraft_contract.capture.call import CapturedCall, CapturedResponse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from altcraft_contract.capture.bodies import Body, Passing
    from altcraft_contract.capture.call import Place

UNKNOWN: Body = (None, "nothing sent it")
UNREAD: Body = (None, "the client did not read it")


class Draft:
    """What is known so far of one call; layers that wrap each other add to the same draft.

    Attributes:
        http_library: The outermost library.
        method: The HTTP method.
        url: The whole URL.
        sent: The body as it goes over the wire; None if nothing watches that.
        received: The body of the response as the client reads it; None if nothing watches that.
        find_content: Gives the body of the response without its encodings, once the library has it.
        replied: Whether a response has been noted.
    """

    def __init__(self, library: str, method: str, url: str, where: tuple[Place, ...]) -> None:
        self.http_library = library
        self.method = method
        self.url = url
        self.sent: Passing | None = None
        self.received: Passing | None = None
        self.find_content: Callable[[], bytes | None] | None = None
        self.replied = False
        self._body = UNKNOWN
        self._headers: tuple[tuple[str, str], ...] = ()
        self._status = 0
        self._reply_headers: tuple[tuple[str, str], ...] = ()
        self._exception: str | None = None
        self._where = where
        self._started = time.time()
        self._start = time.perf_counter()
        self._duration: float | None = None

    def intend(self, headers: Iterable[tuple[object, object]], body: Body) -> None:
        """Note what a library is about to send, unless a layer above has said so."""
        self._headers = self._headers or _texts(headers)
        if self._body[0] is None:
            self._body = body

    def send_headers(self, headers: Iterable[tuple[object, object]]) -> None:
        """Note the headers that go over the wire."""
        self._headers = _texts(headers)

    def reply(self, status: int, headers: Iterable[tuple[object, object]]) -> None:
        """Note the head of the response."""
        self._status = status
        self._reply_headers = _texts(headers)
        self.replied = True

    def fail(self, exception: BaseException) -> None:
        """Note the exception with which the call ends; that of the outermost layer stays."""
        self._exception = type(exception).__name__

    def stop(self) -> None:
        """Note that the call has ended; that of the outermost layer stays."""
        self._duration = time.perf_counter() - self._start

    def call(self) -> CapturedCall:
        """The call as it stands."""
        body, reason = self._request_body()
        return CapturedCall(
            http_library=self.http_library,
            method=self.method,
            url=self.url,
            headers=self._headers,
            body=body,
            body_reason=reason,
            response=self._response() if self.replied else None,
            exception=self._exception,
            where=self._where,
            started=self._started,
            duration=self._duration,
        )

    def _request_body(self) -> Body:
        found = self._body
        if self.sent is not None:
            sent = self.sent.whole("sending it")
            if sent[0] is not None or found[0] is None:
                found = sent
        if found[0] is None:
            return found
        # aiohttp shows its own before it compresses them: what does not decode stays as it is.
        decoded = decode(found[0], self._headers)
        return decoded if decoded[0] is not None else found

    def _response(self) -> CapturedResponse:
        body, reason = self._response_body()
        return CapturedResponse(status=self._status, headers=self._reply_headers, body=body, body_reason=reason)

    def _response_body(self) -> Body:
        content = self.find_content() if self.find_content is not None else None
        if content is not None:
            return content, None
        if self.received is None:
            return UNREAD
        raw, reason = self.received.whole("reading it")
        if raw is None:
            return None, reason
        decoded = decode(raw, self._reply_headers)
        return (raw, None) if decoded[0] is None and self.received.lenient else decoded


def _texts(headers: Iterable[tuple[object, object]]) -> tuple[tuple[str, str], ...]:
    return tuple((_text(name), _text(value)) for name, value in headers)


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
