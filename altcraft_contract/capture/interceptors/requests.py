"""requests: `Session.send`, which each hop of a redirect passes and which stands above every adapter.

`responses` replaces `HTTPAdapter.send`, requests-mock `Session.get_adapter`, vcrpy the connections of urllib3: all of
them below.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.capture.bodies import Passing, TeeFile, peek
from altcraft_contract.capture.interceptors.interceptor import REQUESTS_LAYER, Interceptor
from altcraft_contract.capture.recorder import current_frame

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from altcraft_contract.capture.draft import Draft
    from altcraft_contract.capture.recorder import Frame, Recorder


def _points(recorder: Recorder) -> Mapping[tuple[str, str], Callable[[Any], Any]]:
    def wrap_send(original: Any) -> Any:
        def send(self: Any, request: Any, **kwargs: Any) -> Any:
            if not recorder.listeners:
                return original(self, request, **kwargs)
            recorder.safely(_nest, request)
            method, url = getattr(request, "method", None), getattr(request, "url", None)
            with recorder.watch(REQUESTS_LAYER, str(method), str(url), partial(_intend, request=request)) as frame:
                response = original(self, request, **kwargs)
                if frame is not None:
                    recorder.safely(_reply, recorder, frame, response)
            return response

        return send

    return {("requests.sessions", "Session.send"): wrap_send}


def _nest(request: Any) -> None:
    """Tell the hop before that *request* is a hop of its own."""
    outer = current_frame()
    if outer is not None and outer.layer is REQUESTS_LAYER:
        outer.nested.append(request)


def _intend(draft: Draft, request: Any) -> None:
    draft.intend(request.headers.items(), peek(request.body))


def _reply(recorder: Recorder, frame: Frame, response: Any) -> None:
    """Note the responses that belong to *frame*: several if a mock answered each leg of an authentication."""
    legs = [leg for leg in (*response.history, response) if all(leg.request is not hop for hop in frame.nested)]
    if frame.tries == 0:
        _note(frame.draft, legs[0])
        for leg in legs[1:]:
            request = leg.request
            again = recorder.open(REQUESTS_LAYER, request.method, request.url, partial(_intend, request=request))
            if again is not None:
                _note(again.draft, leg)
                again.draft.stop()
    elif frame.tries == 1:
        _note(frame.draft, legs[0])


def _note(draft: Draft, response: Any) -> None:
    if not draft.replied:
        headers = getattr(response.raw, "headers", None) or response.headers
        draft.reply(response.status_code, headers.items())
    content = getattr(response, "_content", None)
    if isinstance(content, bytes):
        draft.find_content = lambda: content
    elif draft.received is None and hasattr(response.raw, "_fp"):
        draft.received = Passing()
        response.raw._fp = TeeFile(response.raw._fp, draft.received)  # noqa: SLF001 - where urllib3 reads all from


REQUESTS: Final = Interceptor("requests", _points)
