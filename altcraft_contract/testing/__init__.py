"""What tests of a client use: suites, assertions, and what the fixtures of the pytest plugin hand out.

The plugin loads this package at every start of pytest, so each name is loaded when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from altcraft_contract.testing.assertions import (
        assert_valid_exchange,
        assert_valid_request,
        assert_valid_response,
    )
    from altcraft_contract.testing.builder_suite import BuilderSuite
    from altcraft_contract.testing.capture_under_test import AltcraftCapture
    from altcraft_contract.testing.client_suite import ClientSuite
    from altcraft_contract.testing.live import LiveTarget
    from altcraft_contract.testing.outcome import Confirmation, Outcome
    from altcraft_contract.testing.stub_under_test import AltcraftStub

__all__ = [
    "AltcraftCapture",
    "AltcraftStub",
    "BuilderSuite",
    "ClientSuite",
    "Confirmation",
    "LiveTarget",
    "Outcome",
    "assert_valid_exchange",
    "assert_valid_request",
    "assert_valid_response",
]

_HOMES: Final = {
    "AltcraftCapture": "capture_under_test",
    "AltcraftStub": "stub_under_test",
    "BuilderSuite": "builder_suite",
    "ClientSuite": "client_suite",
    "Confirmation": "outcome",
    "LiveTarget": "live",
    "Outcome": "outcome",
    "assert_valid_exchange": "assertions",
    "assert_valid_request": "assertions",
    "assert_valid_response": "assertions",
}


def __getattr__(name: str) -> Any:
    """Load what is asked for, and only then."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - as above

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
