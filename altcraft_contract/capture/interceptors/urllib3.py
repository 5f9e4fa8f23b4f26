"""urllib3: `HTTPConnectionPool._make_request`, which every try and every hop of a redirect passes once.

`urlopen` calls itself for them, so there a try could not be told from those that follow. vcrpy replaces the classes of
the connections, below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.capture.bodies import peek
from altcraft_contract.capture.interceptors.interceptor import URLLIB3_LAYER, Interceptor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from altcraft_contract.capture.draft import Draft
    from altcraft_contract.capture.recorder import Recorder


def _points(recorder: Recorder) -> Mapping[tuple[str, str], Callable[[Any], Any]]:
    def wrap_make_request(original: Any) -> Any:
        def make_request(self: Any, conn: Any, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
            if not recorder.listeners:
                return original(self, conn, method, url, *args, **kwargs)
            whole = recorder.safely(_url, self, url) or url
            with recorder.watch(URLLIB3_LAYER, method, whole, lambda draft: _intend(draft, kwargs)) as frame:
                response = original(self, conn, method, url, *args, **kwargs)
                if frame is not None:
                    recorder.safely(_reply, frame.draft, response)
            return response

        return make_request

    return {("urllib3.connectionpool", "HTTPConnectionPool._make_request"): wrap_make_request}


def _url(pool: Any, url: str) -> str:
    if not url.startswith("/"):
        return url  # a proxy gets the whole of it
    host = f"[{pool.host}]" if ":" in pool.host and not pool.host.startswith("[") else pool.host
    port = "" if pool.port in {None, {"http": 80, "https": 443}.get(pool.scheme)} else f":{pool.port}"
    return f"{pool.scheme}://{host}{port}{url}"


def _intend(draft: Draft, arguments: Mapping[str, Any]) -> None:
    draft.intend((arguments.get("headers") or {}).items(), peek(arguments.get("body")))


def _reply(draft: Draft, response: Any) -> None:
    if draft.replied:  # http.client has seen it, with the body on its way
        return
    draft.reply(response.status, response.headers.items())
    content = getattr(response, "_body", None)
    if isinstance(content, bytes):
        draft.find_content = lambda: content


URLLIB3: Final = Interceptor("urllib3", _points)
