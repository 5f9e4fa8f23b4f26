"""http.client, and all that goes through it: `HTTPConnection.endheaders`, `send` and `getresponse`.

The head of the request is taken from what is sent, the body from what follows it, the response from the file it is read
from; so streams are seen as they pass, also those of requests and urllib3.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from altcraft_contract.capture.bodies import Passing, TeeFile, peek
from altcraft_contract.capture.interceptors.interceptor import HTTP_CLIENT_LAYER, Interceptor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from altcraft_contract.capture.draft import Draft
    from altcraft_contract.capture.recorder import Recorder


class _Sending:
    """A request on its way through one connection.

    Attributes:
        draft: None until the head has been sent, and for a request that goes elsewhere.
        is_busy: Whether a `send` is under way: what that sends in turn opens a tunnel.
    """

    def __init__(self, message_body: Any) -> None:
        self.draft: Draft | None = None
        self.is_busy = False
        self._has_head = False
        self._message_body = message_body

    def see(self, connection: Any, data: Any, recorder: Recorder) -> Any:
        """Note *data*; give back what shall be sent in its place, which is the same."""
        if not self._has_head:
            self._has_head = True
            self._begin(connection, bytes(data), recorder)
            return data
        passing = self.draft.sent if self.draft is not None else None
        if passing is None:
            return data
        if hasattr(data, "read"):
            return _tee(_blocks(data, connection.blocksize), passing)
        try:
            passing.add(memoryview(data))
        except TypeError:
            return _tee(iter(data), passing)
        return data

    def _begin(self, connection: Any, head: bytes, recorder: Recorder) -> None:
        first, *lines = head.decode("latin-1").partition("\r\n\r\n")[0].split("\r\n")
        method, target = first.split(" ")[:2]
        headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        frame = recorder.open(
            HTTP_CLIENT_LAYER,
            method,
            _url(connection, target),
            lambda draft: draft.intend(headers, peek(self._message_body, "latin-1")),
        )
        if frame is None:
            return
        self.draft = frame.draft
        codings = [value.lower() for name, value in headers if name.lower() == "transfer-encoding"]
        self.draft.send_headers(headers)
        self.draft.sent = Passing(chunked=any("chunked" in coding for coding in codings))

    def end(self) -> None:
        """Note that the body has passed."""
        if self.draft is not None and self.draft.sent is not None:
            self.draft.sent.ended = True

    def fail(self, exception: BaseException) -> None:
        """Note that the request could not be sent, or was not answered."""
        if self.draft is not None:
            self.draft.fail(exception)
            self.draft.stop()


class _Wrappers:
    """Makes the wrappers, which share what they know of the connections."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._sendings: WeakKeyDictionary[Any, _Sending] = WeakKeyDictionary()

    def endheaders(self, original: Any) -> Any:
        recorder, sendings = self._recorder, self._sendings

        def endheaders(self: Any, message_body: Any = None, **kwargs: Any) -> Any:
            if not recorder.listeners:
                return original(self, message_body, **kwargs)
            sending = sendings[self] = _Sending(message_body)
            try:
                return original(self, message_body, **kwargs)
            except BaseException as exception:
                sending.fail(exception)
                raise

        return endheaders

    def send(self, original: Any) -> Any:
        recorder, sendings = self._recorder, self._sendings

        def send(self: Any, data: Any) -> Any:
            sending = sendings.get(self)
            if sending is None or sending.is_busy or not recorder.listeners:
                return original(self, data)
            seen = recorder.safely(sending.see, self, data, recorder)
            sending.is_busy = True
            try:
                return original(self, data if seen is None else seen)
            except BaseException as exception:
                sending.fail(exception)
                raise
            finally:
                sending.is_busy = False

        return send

    def getresponse(self, original: Any) -> Any:
        recorder, sendings = self._recorder, self._sendings

        def getresponse(self: Any, *args: Any, **kwargs: Any) -> Any:
            sending = sendings.pop(self, None)
            if sending is None:
                return original(self, *args, **kwargs)
            sending.end()
            try:
                response = original(self, *args, **kwargs)
            except BaseException as exception:
                if kwargs and isinstance(exception, TypeError):
                    sendings[self] = sending  # urllib3 1 tries an argument of Python 2 first, then goes without
                else:
                    sending.fail(exception)
                raise
            if sending.draft is not None:
                recorder.safely(_reply, sending.draft, response)
            return response

        return getresponse


def _reply(draft: Draft, response: Any) -> None:
    draft.reply(response.status, response.headers.items())
    draft.received = Passing(length=response.length, chunked=bool(response.chunked))
    if response.fp is not None:
        response.fp = TeeFile(response.fp, draft.received)
    draft.stop()


def _url(connection: Any, target: str) -> str:
    if not target.startswith("/"):
        return target  # a proxy gets the whole of it
    tunnel = getattr(connection, "_tunnel_host", None)
    host, port = (tunnel, connection._tunnel_port) if tunnel else (connection.host, connection.port)  # noqa: SLF001
    scheme = "https" if connection.default_port == 443 else "http"  # noqa: PLR2004 - the port of HTTPS
    place = f"[{host}]" if ":" in host else host
    return f"{scheme}://{place}{'' if port == connection.default_port else f':{port}'}{target}"


def _blocks(file: Any, size: int) -> Iterator[bytes]:
    """The blocks in which http.client sends a file."""
    while block := file.read(size):
        yield block.encode("iso-8859-1") if isinstance(file, io.TextIOBase) else block


def _tee(pieces: Iterator[Any], passing: Passing) -> Iterator[Any]:
    for piece in pieces:
        passing.add(piece)
        yield piece


def _points(recorder: Recorder) -> Mapping[tuple[str, str], Callable[[Any], Any]]:
    wrappers = _Wrappers(recorder)
    return {
        ("http.client", "HTTPConnection.endheaders"): wrappers.endheaders,
        ("http.client", "HTTPConnection.send"): wrappers.send,
        ("http.client", "HTTPConnection.getresponse"): wrappers.getresponse,
    }


HTTP_CLIENT: Final = Interceptor("http.client", _points)
