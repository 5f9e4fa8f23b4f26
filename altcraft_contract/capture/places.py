"""Where in the user's code a call is made."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from altcraft_contract.capture.call import Place

if TYPE_CHECKING:
    from types import FrameType

_DEPTH: Final = 8  # frames that are kept
_PACKAGE: Final = __name__.rpartition(".")[0]
# Top-level packages between the user's code and the wire, or between the test runner and the user's code.
_LIBRARIES: Final = frozenset(
    {
        *("aiohttp", "aiohttp_retry", "aioresponses", "anyio", "httpcore", "httplib2", "httpx", "pytest_httpx"),
        *("requests", "requests_mock", "requests_toolbelt", "responses", "respx", "trio", "urllib3", "uvloop"),
        *("vcr", "tenacity", "backoff", "wrapt", "decorator"),
        *("_pytest", "pluggy", "pytest", "pytest_asyncio", "unittest", "xdist", "execnet"),
        *("asyncio", "concurrent", "contextlib", "functools", "http", "importlib", "runpy", "threading", "urllib"),
    }
)


def find_places() -> tuple[Place, ...]:
    """The user's frames, innermost first; none in a bare thread or task that a library started."""
    places: list[Place] = []
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - traceback and inspect cost a hundred times more
    while frame is not None and len(places) < _DEPTH:
        if _is_users(str(frame.f_globals.get("__name__", ""))):
            code = frame.f_code
            places.append(Place(code.co_filename, frame.f_lineno, code.co_name))
        frame = frame.f_back
    return tuple(places)


def _is_users(module: str) -> bool:
    ours = module == _PACKAGE or module.startswith(f"{_PACKAGE}.")
    return not ours and module.partition(".")[0] not in _LIBRARIES
