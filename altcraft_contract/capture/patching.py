"""Attributes of classes that are replaced for a while."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_ABSENT: Final = object()
_MARK: Final = "__altcraft_contract_patch__"


class Patch:
    """A method with a wrapper of ours around it.

    What was there before is put back only if the wrapper still stands there. If another has patched on top, the wrapper
    stays below that patch, and stands aside; the next patch of ours takes it away when it finds it.

    Args:
        owner: The class.
        name: Name of the method.
        wrap: Makes the wrapper out of the method.

    Raises:
        AttributeError: if there is no such method.
    """

    def __init__(self, owner: type, name: str, wrap: Callable[[Any], Any]) -> None:
        self._owner = owner
        self._name = name
        self._is_undone = False
        self._before = vars(owner).get(name, _ABSENT)
        while getattr(left := getattr(self._before, _MARK, None), "_is_undone", False):
            self._before = left._before if isinstance(left, Patch) else _ABSENT  # noqa: SLF001 - one of our own
        original = getattr(owner, name) if self._before is _ABSENT else self._before
        self._wrapper = functools.wraps(original)(wrap(original))
        setattr(self._wrapper, _MARK, self)
        setattr(owner, name, self._wrapper)

    def undo(self) -> None:
        """Put back what was there before."""
        self._is_undone = True
        if vars(self._owner).get(self._name) is not self._wrapper:
            return
        if self._before is _ABSENT:
            delattr(self._owner, self._name)
        else:
            setattr(self._owner, self._name, self._before)
