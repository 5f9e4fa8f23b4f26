"""Whether a suite needs pytest to set something up, so that its `build` cannot be called without."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SETUPS: Final = ("setup_module", "setup_class", "setup_method")
_definition: Final = type(pytest.fixture(lambda: None))


def is_set_up(suite: type, base: type) -> bool:
    """Whether *suite*, its bases down to *base*, or its module have fixtures, setup functions, or marks that use some.

    A fixture that the suite does not use counts too: it cannot be told.
    """
    return any(
        any(name in namespace for name in _SETUPS)
        or any(isinstance(value, _definition) for value in namespace.values())
        or _uses_fixtures(namespace.get("pytestmark", ()))
        for namespace in _namespaces(suite, base)
    )


def _namespaces(suite: type, base: type) -> Iterator[Mapping[str, Any]]:
    yield vars(sys.modules[suite.__module__]) if suite.__module__ in sys.modules else {}
    yield from (vars(kind) for kind in suite.__mro__ if not issubclass(base, kind))


def _uses_fixtures(marks: Any) -> bool:
    known = marks if isinstance(marks, list | tuple) else [marks]
    return any(getattr(mark, "name", None) == "usefixtures" for mark in known)
