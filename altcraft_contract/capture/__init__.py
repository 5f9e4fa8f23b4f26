"""Sees the calls to the endpoint that leave this process, whichever HTTP library makes them.

    with Capture() as capture:
        place_order()
    for call in capture.calls:
        print(call.http_library, call.body, call.response)

Neither this package nor an open capture imports an HTTP library: one that is loaded is watched, one that is loaded
later is watched from then on. What is captured holds the secrets of the calls; only `repr` leaves them out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from altcraft_contract.capture.call import CapturedCall, CapturedResponse, Place
    from altcraft_contract.capture.capture import Capture
    from altcraft_contract.capture.interceptors import INTERCEPTORS

__all__ = ["INTERCEPTORS", "Capture", "CapturedCall", "CapturedResponse", "Place"]

_HOMES: Final = {
    "CapturedCall": "call",
    "CapturedResponse": "call",
    "Place": "call",
    "Capture": "capture",
    "INTERCEPTORS": "interceptors",
}


def __getattr__(name: str) -> Any:
    """Load what is asked for, and only then: a plugin imports this package long before it captures anything."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - as above

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
