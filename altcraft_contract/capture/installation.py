"""The patches of all interceptors, in place for as long as a capture is open."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from altcraft_contract.capture.importing import ImportWatch
from altcraft_contract.capture.interceptors import INTERCEPTORS
from altcraft_contract.capture.patching import Patch
from altcraft_contract.capture.recorder import Recorder

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from altcraft_contract.capture.recorder import Listener


class _Point(NamedTuple):
    """A method to be patched: its library, its module, its name there, and what makes the wrapper."""

    http_library: str
    module: str
    name: str
    wrap: Callable[[Any], Any]


class Installation:
    """Patches each library once, however many captures are open, and no longer than one of them is."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._recorder = Recorder()
        self._patches: list[Patch] = []
        self._misses: list[str] = []
        self._points: list[_Point] = []
        self._watch = ImportWatch((), self._patch)

    def open(self, listener: Listener) -> None:
        """Tell *listener* of the calls from now on."""
        with self._lock:
            if not self._recorder.listeners:
                self._install()
            self._recorder.listeners += (listener,)
            for miss in self._misses:
                listener.miss(miss)

    def close(self, listener: Listener) -> None:
        """Tell *listener* no more."""
        with self._lock:
            self._recorder.listeners = tuple(each for each in self._recorder.listeners if each is not listener)
            if not self._recorder.listeners:
                self._uninstall()

    def _install(self) -> None:
        # A recorder of its own: wrappers that an earlier one had to leave behind stay silent.
        self._recorder = Recorder()
        self._misses = []
        self._points = [
            _Point(interceptor.http_library, module, name, wrap)
            for interceptor in INTERCEPTORS
            for (module, name), wrap in interceptor.points(self._recorder).items()
        ]
        modules = tuple(dict.fromkeys(point.module for point in self._points))
        self._watch = ImportWatch(modules, self._patch)
        self._watch.start()
        for module in map(sys.modules.get, modules):
            if module is not None:
                self._patch(module)

    def _uninstall(self) -> None:
        self._watch.stop()
        while self._patches:
            self._patches.pop().undo()

    def _patch(self, module: ModuleType) -> None:
        """Put the wrappers in *module* in place, which may just have been loaded, perhaps in another thread."""
        with self._lock:
            if self._watch not in sys.meta_path:
                return
            for point in self._points:
                if point.module == module.__name__:
                    self._recorder.safely(self._patch_point, point, module)

    def _patch_point(self, point: _Point, module: ModuleType) -> None:
        owner, _, name = point.name.partition(".")
        try:
            self._patches.append(Patch(_class(module, owner), name, point.wrap))
        except (AttributeError, KeyError, TypeError):
            self._miss(f"{point.http_library}: this version has no {point.module}.{point.name}, so calls may go unseen")

    def _miss(self, reason: str) -> None:
        self._misses.append(reason)
        for listener in self._recorder.listeners:
            listener.miss(reason)


def _class(module: ModuleType, name: str) -> type:
    """The class *name* of *module*, also while a mock such as vcrpy has put another in its place.

    Raises:
        KeyError: if there is none.
    """
    package = module.__name__.partition(".")[0]  # httpx says of its classes that they stand there
    for candidate in (vars(module)[name], *object.__subclasses__()):
        if not isinstance(candidate, type) or candidate.__qualname__ != name:
            continue
        if candidate.__module__ in {module.__name__, package}:
            return candidate
    raise KeyError(name)


# The one exception to "no module-level mutable state": the classes that are patched are the process's own, too.
INSTALLATION: Final = Installation()
