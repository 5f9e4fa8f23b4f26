"""Puts together what the interceptors see, and hands it to the captures.

The libraries wrap each other, and so do the interceptors: the outermost opens a *frame*, and what a deeper one sees of
the same request belongs to the call of that frame. A second request below one frame (a retry, a second leg of an
authentication) is a call of its own, of the same library.
"""

from __future__ import annotations

import threading
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from altcraft_contract.capture.draft import Draft
from altcraft_contract.capture.places import find_places
from altcraft_contract.endpoint import path_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Protocol

    from altcraft_contract.capture.call import Place

    class Listener(Protocol):
        """What a recorder tells of calls: a capture."""

        def wants(self, method: str, url: str) -> bool:
            """Whether the call is one to the endpoint."""

        def add(self, draft: Draft) -> None:
            """Take a call that has begun."""

        def miss(self, reason: str) -> None:
            """Take note of what cannot be seen."""


_Result = TypeVar("_Result")


class Layer(NamedTuple):
    """Where an interceptor stands: a deeper one carries the requests of the others."""

    http_library: str
    depth: int


class Frame:
    """A request that is under way in one layer.

    Attributes:
        layer: The layer.
        draft: The call.
        last: The call of the last try; *draft* unless there were several.
        tries: How many requests deeper layers have made for it.
        nested: What the same layer is sending below it, such as the hops of a redirect.
    """

    __slots__ = ("draft", "last", "layer", "nested", "tries")

    def __init__(self, layer: Layer, draft: Draft) -> None:
        self.layer = layer
        self.draft = draft
        self.last = draft
        self.tries = 0
        self.nested: list[object] = []


_frame: ContextVar[Frame | None] = ContextVar("altcraft_contract_capture_frame", default=None)


class Recorder:
    """Serves the captures that are open at the same time.

    Attributes:
        listeners: The captures; without any, every interceptor stands aside.
    """

    def __init__(self) -> None:
        self.listeners: tuple[Listener, ...] = ()
        self._lock = threading.Lock()

    def watch(
        self,
        layer: Layer,
        method: str,
        url: str,
        intend: Callable[[Draft], object],
        *,
        where: tuple[Place, ...] | None = None,
    ) -> Watch:
        """Watch a request for as long as the context is open.

        Args:
            layer: Who makes it.
            method: The HTTP method.
            url: The whole URL.
            intend: Tells the draft what is to be sent; it is asked only if the call is one to the endpoint.
            where: The user's code, if that is known better than by looking now.
        """
        return Watch(self, lambda: self.open(layer, method, url, intend, where=where))

    def open(
        self,
        layer: Layer,
        method: str,
        url: str,
        intend: Callable[[Draft], object],
        *,
        where: tuple[Place, ...] | None = None,
    ) -> Frame | None:
        """Begin, or join, the call to which a request belongs; None if it goes elsewhere."""
        outer = _frame.get()
        joins = outer is not None and layer.depth > outer.layer.depth and _is_of(outer, method, url)
        if outer is not None and joins:
            outer.tries += 1
            if outer.tries == 1:
                self.safely(intend, outer.draft)
                return Frame(layer, outer.draft)
        library = outer.draft.http_library if outer is not None and joins else layer.http_library
        listeners = [listener for listener in self.listeners if self.safely(listener.wants, method, url)]
        if not listeners:
            return None
        draft = Draft(library, method, url, find_places() if where is None else where)
        self.safely(intend, draft)
        if outer is not None and joins:
            outer.last = draft
        with self._lock:
            for listener in listeners:
                listener.add(draft)
        return Frame(layer, draft)

    def safely(self, action: Callable[..., _Result], *args: Any) -> _Result | None:
        """Do what a recording needs; the user's call never suffers from it.

        Returns:
            What *action* returns; None if it failed.
        """
        try:
            return action(*args)
        except Exception as fault:  # noqa: BLE001 - whatever goes wrong with watching is no fault of the call
            reason = f"a recording failed: {type(fault).__name__} in {getattr(action, '__qualname__', action)}"
            for listener in self.listeners:
                listener.miss(reason)
            return None


class Watch:
    """The context of one request that is being watched."""

    __slots__ = ("_frame", "_open", "_recorder", "_token")

    def __init__(self, recorder: Recorder, open_frame: Callable[[], Frame | None]) -> None:
        self._recorder = recorder
        self._open = open_frame
        self._frame: Frame | None = None
        self._token: Any = None

    def __enter__(self) -> Frame | None:
        self._frame = self._recorder.safely(self._open)
        if self._frame is not None:
            self._token = _frame.set(self._frame)
        return self._frame

    def __exit__(self, kind: object, exception: BaseException | None, trace: TracebackType | None) -> None:
        if self._frame is None:
            return
        _frame.reset(self._token)
        if exception is not None:
            self._frame.last.fail(exception)
        self._frame.last.stop()


def current_frame() -> Frame | None:
    """The innermost request that is under way."""
    return _frame.get()


def _is_of(frame: Frame, method: str, url: str) -> bool:
    """Whether a deeper request carries that of *frame*: proxies and adapters may change the host."""
    return frame.draft.method == method and path_of(frame.draft.url) == path_of(url)
