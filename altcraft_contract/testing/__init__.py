"""What tests of a client use: suites, assertions, and what the fixtures of the pytest plugin hand out.

The plugin loads this package at every start of pytest, so each name is loaded when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from altcraft_contract.testing.assertions.assertions import (
        assert_valid_exchange,
        assert_valid_request,
        assert_valid_response,
    )
    from altcraft_contract.testing.builder_suite.suite import BuilderSuite
    from altcraft_contract.testing.client_suite import ClientSuite
    from altcraft_contract.testing.fixtures.capture import AltcraftCapture
    from altcraft_contract.testing.fixtures.stub import AltcraftStub
    from altcraft_contract.testing.live.live_target import LiveTarget
    from altcraft_contract.testing.outcome import Confirmation, Outcome

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
    "AltcraftCapture": "fixtures.capture",
    "AltcraftStub": "fixtures.stub",
    "BuilderSuite": "builder_suite.suite",
    "ClientSuite": "client_suite",
    "Confirmation": "outcome",
    "LiveTarget": "live.live_target",
    "Outcome": "outcome",
    "assert_valid_exchange": "assertions.assertions",
    "assert_valid_request": "assertions.assertions",
    "assert_valid_response": "assertions.assertions",
}


def __getattr__(name: str) -> Any:
    """Load what is asked for, and only then."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - as above

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
