"""One stub for all the tests of a worker; each finds it as if it had just been started."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from altcraft_contract.stub import StubServer

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def server() -> Iterator[StubServer]:
    """A stub that runs as long as the tests do."""
    with StubServer() as server:
        yield server


@pytest.fixture
def stub(server: StubServer) -> StubServer:
    """A running stub that has seen nothing."""
    server.reset()
    return server
