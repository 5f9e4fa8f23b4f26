"""httpx: `Client._send_single_request` and its asynchronous twin, which every hop and leg passes once.

respx replaces `_transport_for_url` or parts of httpcore, pytest-httpx and vcrpy the methods of the transports: all of
them below.
"""

from __future__ import annotations

import sys
import weakref
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.capture.bodies import Passing
from altcraft_contract.capture.interceptors.interceptor import HTTPX_LAYER, Interceptor

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping

    from altcraft_contract.capture.draft import Draft
    from altcraft_contract.capture.recorder import Recorder, Watch


def _points(recorder: Recorder) -> Mapping[tuple[str, str], Callable[[Any], Any]]:
    def watch(request: Any) -> Watch:
        return recorder.watch(HTTPX_LAYER, str(request.method), str(request.url), lambda draft: _intend(draft, request))

    def wrap_send(original: Any) -> Any:
        def send(self: Any, request: Any) -> Any:
            if not recorder.listeners:
                return original(self, request)
            with watch(request) as frame:
                try:
                    response = original(self, request)
                finally:
                    recorder.safely(_restore, request)
                if frame is not None:
                    recorder.safely(_reply, frame.draft, response)
            return response

        return send

    def wrap_async_send(original: Any) -> Any:
        async def send(self: Any, request: Any) -> Any:
            if not recorder.listeners:
                return await original(self, request)
            with watch(request) as frame:
                try:
                    response = await original(self, request)
                finally:
                    recorder.safely(_restore, request)
                if frame is not None:
                    recorder.safely(_reply, frame.draft, response)
            return response

        return send

    return {
        ("httpx._client", "Client._send_single_request"): wrap_send,
        ("httpx._client", "AsyncClient._send_single_request"): wrap_async_send,
    }


class _Tee:
    """A stream of httpx that notes what is read from it; in all else it is the stream itself."""

    def __init__(self, stream: Any, passing: Passing) -> None:
        self.teed = stream
        self._passing = passing

    def __getattr__(self, name: str) -> Any:
        return getattr(self.teed, name)

    def __iter__(self) -> Iterator[bytes]:
        self._passing.restart()
        for piece in self.teed:
            self._passing.add(piece)
            yield piece
        self._passing.ended = True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self._passing.restart()
        async for piece in self.teed:
            self._passing.add(piece)
            yield piece
        self._passing.ended = True

    def close(self) -> None:
        """As the stream does."""
        self.teed.close()

    async def aclose(self) -> None:
        """As the stream does."""
        await self.teed.aclose()


def _tee(stream: Any, passing: Passing) -> Any:
    """A tee of *stream* that is of the same kinds; httpx, which made the stream, is loaded."""
    httpx = sys.modules["httpx"]
    kinds = [kind for kind in (httpx.SyncByteStream, httpx.AsyncByteStream) if isinstance(stream, kind)]
    return type("Tee", (_Tee, *kinds), {})(stream, passing)


def _intend(draft: Draft, request: Any) -> None:
    content = getattr(request, "_content", None)
    if isinstance(content, bytes):
        draft.intend(request.headers.multi_items(), (content, None))
        return
    draft.intend(request.headers.multi_items(), (None, "a stream, and nothing sent it"))
    draft.sent = Passing()
    request.stream = _tee(request.stream, draft.sent)


def _restore(request: Any) -> None:
    if isinstance(request.stream, _Tee):
        request.stream = request.stream.teed


def _reply(draft: Draft, response: Any) -> None:
    draft.reply(response.status_code, response.headers.multi_items())
    reference = weakref.ref(response)
    content = getattr(response, "_content", None)
    if isinstance(content, bytes):
        draft.find_content = lambda: content
        return
    draft.find_content = lambda: getattr(reference(), "_content", None)
    draft.received = Passing()
    response.stream = _tee(response.stream, draft.received)


HTTPX: Final = Interceptor("httpx", _points)
