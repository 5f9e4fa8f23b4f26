"""Which call of the test sent a request that a server of the test has received."""

from __future__ import annotations

from typing import TYPE_CHECKING

from altcraft_contract.capture import Capture

if TYPE_CHECKING:
    from typing import Self

    from altcraft_contract.capture import CapturedCall
    from altcraft_contract.stub import Request


class CallSites:
    """Sees the calls to one server, and finds the one that sent a request.

    A client in another process, or one that uses no HTTP library that is known, is not seen.

    Args:
        base_url: Origin of the server.
    """

    def __init__(self, base_url: str) -> None:
        self._capture = Capture(paths=(), is_endpoint=lambda _, url: url.startswith(f"{base_url}/"))
        self._taken: set[int] = set()

    def __enter__(self) -> Self:
        self._capture.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._capture.__exit__(None, None, None)

    def find(self, request: Request) -> CapturedCall | None:
        """The first call that sent these bytes and has not been found before."""
        for index, call in enumerate(self._capture.calls):
            if index not in self._taken and call.body == request.body and call.method.upper() == request.method:
                self._taken.add(index)
                return call
        return None
