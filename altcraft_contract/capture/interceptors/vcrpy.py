"""vcrpy's stand-in for the connections of http.client and urllib3: `VCRConnection.getresponse`.

A cassette replaces the very names of the classes, so that what is played back never reaches http.client.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.capture.bodies import Passing, peek
from altcraft_contract.capture.interceptors.interceptor import VCRPY_LAYER, Interceptor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from altcraft_contract.capture.draft import Draft
    from altcraft_contract.capture.recorder import Recorder


def _points(recorder: Recorder) -> Mapping[tuple[str, str], Callable[[Any], Any]]:
    def wrap_getresponse(original: Any) -> Any:
        def getresponse(self: Any, *args: Any, **kwargs: Any) -> Any:
            request = getattr(self, "_vcr_request", None)
            if request is None or not recorder.listeners:
                return original(self, *args, **kwargs)
            method, url = str(request.method), str(request.uri)
            with recorder.watch(VCRPY_LAYER, method, url, lambda draft: _intend(draft, request)) as frame:
                response = original(self, *args, **kwargs)
                if frame is not None and frame.tries == 0:
                    recorder.safely(_reply, frame.draft, response)
            return response

        return getresponse

    return {("vcr.stubs", "VCRConnection.getresponse"): wrap_getresponse}


def _intend(draft: Draft, request: Any) -> None:
    body = request.body
    if body is not None and not isinstance(body, str | bytes | bytearray) and not hasattr(body, "read"):
        body = b"".join(piece.encode() if isinstance(piece, str) else piece for piece in body)  # vcrpy's own list
    draft.intend(((name, _joined(value)) for name, value in request.headers.items()), peek(body))


def _joined(value: Any) -> Any:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value


def _reply(draft: Draft, response: Any) -> None:
    draft.reply(response.status, response.headers.items())
    body = response.recorded_response["body"]["string"] or b""
    draft.received = Passing(length=len(body))
    draft.received.add(body)


VCRPY: Final = Interceptor("vcrpy", _points)
