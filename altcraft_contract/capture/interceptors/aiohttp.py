"""aiohttp: what `ClientSession` gives out as `_request`, and below it each `ClientRequest.send`.

aioresponses and vcrpy replace `ClientSession._request` itself, vcrpy also keeps for ever what it finds there. So the
look-up is watched (`__getattribute__`), not the method. The bodies pass a trace and `StreamReader._read_nowait_chunk`,
the one method through which all others take bytes out of the buffer.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.capture.bodies import Passing, peek
from altcraft_contract.capture.interceptors.interceptor import AIOHTTP_LAYER, AIOHTTP_WIRE_LAYER, Interceptor
from altcraft_contract.capture.places import find_places

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from altcraft_contract.capture.draft import Draft
    from altcraft_contract.capture.recorder import Recorder


class _Trace:
    """Stands among the traces of a request and notes the body that is sent."""

    def __init__(self, passing: Passing) -> None:
        self._passing = passing

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _nothing

    async def send_request_chunk_sent(self, method: str, url: Any, chunk: Any) -> None:  # noqa: ARG002 - as aiohttp calls it
        """Take a piece of the body, before it is compressed."""
        self._passing.add(chunk)


async def _nothing(*_: Any, **__: Any) -> None:
    """A moment that says nothing about the body."""


class _Wrappers:
    """Makes the wrappers, which share what they know of responses and their streams."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._drafts: weakref.WeakKeyDictionary[Any, Draft] = weakref.WeakKeyDictionary()
        self._passings: dict[int, Passing] = {}  # by the id of the stream, which cannot be referred to weakly

    def getattribute(self, original: Any) -> Any:
        def getattribute(session: Any, name: str) -> Any:
            value = original(session, name)
            if name != "_request" or not self._recorder.listeners:
                return value
            return lambda *args, **kwargs: self._request(session, value, args, kwargs)

        return getattribute

    def _request(self, session: Any, bound: Any, args: Any, kwargs: Any) -> Any:
        """The coroutine of a request; where it is asked for is the user's code, where it runs may be a task."""
        where = self._recorder.safely(find_places)
        method, url = self._recorder.safely(_target, session, args, kwargs) or ("", "")

        async def request() -> Any:
            watch = self._recorder.watch(
                AIOHTTP_LAYER, method, url, lambda draft: _intend(draft, session, kwargs), where=where
            )
            with watch as frame:
                response = await bound(*args, **kwargs)
                if frame is not None and frame.tries == 0:
                    self._recorder.safely(self._reply, frame.draft, next(iter((*response.history, response))))
            return response

        return request()

    def send(self, original: Any) -> Any:
        recorder, drafts = self._recorder, self._drafts

        async def send(self: Any, conn: Any) -> Any:
            if not recorder.listeners:
                return await original(self, conn)
            with recorder.watch(AIOHTTP_WIRE_LAYER, str(self.method), str(self.url), _say_nothing) as frame:
                if frame is not None:
                    recorder.safely(_tee, frame.draft, self)
                response = await original(self, conn)
                if frame is not None:
                    recorder.safely(frame.draft.send_headers, self.headers.items())
                    recorder.safely(drafts.__setitem__, response, frame.draft)
            return response

        return send

    def start(self, original: Any) -> Any:
        recorder, drafts, reply = self._recorder, self._drafts, self._reply

        async def start(self: Any, connection: Any) -> Any:
            draft = drafts.get(self)
            if draft is None:
                return await original(self, connection)
            try:
                started = await original(self, connection)
            except BaseException as exception:
                draft.fail(exception)
                raise
            finally:
                draft.stop()
            recorder.safely(reply, draft, self)
            return started

        return start

    def _reply(self, draft: Draft, response: Any) -> None:
        draft.reply(response.status, response.headers.items())
        if draft.sent is not None:
            draft.sent.ended = True
        content = getattr(response, "_body", None)
        if isinstance(content, bytes):  # what a cassette has put there
            draft.received = passing = Passing(length=len(content), lenient=True)
            passing.add(content)
            return
        draft.received = passing = Passing(lenient=True)
        self._passings[id(response.content)] = passing
        weakref.finalize(response, self._passings.pop, id(response.content), None)
        reference = weakref.ref(response)
        response.content.on_eof(
            lambda: passing.finish(getattr(getattr(reference(), "content", None), "total_bytes", 0))
        )

    def read_nowait_chunk(self, original: Any) -> Any:
        passings = self._passings

        def read_nowait_chunk(self: Any, n: int) -> Any:
            piece = original(self, n)
            passing = passings.get(id(self))
            if passing is not None:
                passing.add(piece)
            return piece

        return read_nowait_chunk


def _target(session: Any, args: Any, kwargs: Any) -> tuple[str, str]:
    method = args[0] if args else kwargs["method"]
    url = session._build_url(args[1] if len(args) > 1 else kwargs["str_or_url"])  # noqa: SLF001 - with its base URL
    params = kwargs.get("params")
    return method.upper(), str(url.extend_query(params) if params else url)


def _intend(draft: Draft, session: Any, arguments: Mapping[str, Any]) -> None:
    body = arguments.get("data")
    if body is None and arguments.get("json") is not None:
        dumps = getattr(session, "_json_serialize_bytes", None) or session._json_serialize  # noqa: SLF001
        body = dumps(arguments["json"])
    draft.intend(session._prepare_headers(arguments.get("headers")).items(), peek(body))  # noqa: SLF001 - with its own


def _say_nothing(draft: Draft) -> None:
    """What is sent will be seen as it goes."""


def _tee(draft: Draft, request: Any) -> None:
    length = None if request.compress else request.headers.get("Content-Length")
    draft.url = str(request.url)
    draft.sent = Passing(length=None if length is None else int(length))
    others = [trace for trace in request._traces if not isinstance(trace, _Trace)]  # noqa: SLF001 - a list for each
    request._traces = [*others, _Trace(draft.sent)]  # noqa: SLF001 - as above


def _points(recorder: Recorder) -> Mapping[tuple[str, str], Callable[[Any], Any]]:
    wrappers = _Wrappers(recorder)
    return {
        ("aiohttp.client", "ClientSession.__getattribute__"): wrappers.getattribute,
        ("aiohttp.client_reqrep", "ClientRequest.send"): wrappers.send,
        ("aiohttp.client_reqrep", "ClientResponse.start"): wrappers.start,
        ("aiohttp.streams", "StreamReader._read_nowait_chunk"): wrappers.read_nowait_chunk,
    }


AIOHTTP: Final = Interceptor("aiohttp", _points)
