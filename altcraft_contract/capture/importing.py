"""Notices when a module is imported, without importing it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType


class ImportWatch:
    """A finder for `sys.meta_path` that finds nothing itself, but tells of modules when they have been loaded.

    Args:
        names: Full names of the modules.
        notice: Is told of each as soon as its code has run.
    """

    def __init__(self, names: Collection[str], notice: Callable[[ModuleType], object]) -> None:
        self._names = frozenset(names)
        self._notice = notice

    def start(self) -> None:
        """Watch imports from now on."""
        sys.meta_path.insert(0, self)

    def stop(self) -> None:
        """Watch no longer."""
        sys.meta_path[:] = [finder for finder in sys.meta_path if finder is not self]

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """What the other finders find, with a loader that tells."""
        if fullname not in self._names:
            return None
        for finder in list(sys.meta_path):
            find = None if isinstance(finder, ImportWatch) else getattr(finder, "find_spec", None)
            spec: ModuleSpec | None = find(fullname, path, target) if find is not None else None
            if spec is not None:
                if hasattr(spec.loader, "exec_module"):
                    spec.loader = _Telling(spec.loader, self._notice)  # type: ignore[assignment]  # a loader by its methods
                return spec
        return None


class _Telling:
    """A loader that tells of its module; the module itself never knows it."""

    def __init__(self, loader: Any, notice: Callable[[ModuleType], object]) -> None:
        self._loader = loader
        self._notice = notice

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """As the loader does."""
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        """As the loader does, and tell."""
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        self._notice(module)
