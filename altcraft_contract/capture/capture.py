"""A capture: which calls it wants, and those it has seen."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Self

from altcraft_contract.capture.installation import INSTALLATION
from altcraft_contract.endpoint import ENDPOINT_PATH, path_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType

    from altcraft_contract.capture.call import CapturedCall
    from altcraft_contract.capture.draft import Draft


class Capture:
    """Sees every call to the endpoint that any thread or task makes while it is open.

    Captures may be open at the same time, one in another or not; each sees the calls that begin while it is open. One
    may be opened again, also while it is open.

    Args:
        paths: Ends of the paths that count as the endpoint, after normalisation.
        is_endpoint: Is asked, with method and URL, whether a call counts whose path does not.
    """

    def __init__(
        self,
        *,
        paths: Iterable[str] = (ENDPOINT_PATH,),
        is_endpoint: Callable[[str, str], bool] | None = None,
    ) -> None:
        self._paths = tuple(path_of(path) for path in paths)
        self._is_endpoint = is_endpoint
        self._drafts: list[Draft] = []
        self._misses: list[str] = []
        self._depth = 0
        self._lock = threading.Lock()

    @property
    def calls(self) -> tuple[CapturedCall, ...]:
        """The calls as they stand now, in the order in which they began."""
        return tuple(draft.call() for draft in list(self._drafts))

    @property
    def blind_spots(self) -> tuple[str, ...]:
        """What could not be seen: versions of libraries without the places that are watched, faults of recording."""
        return tuple(dict.fromkeys(self._misses))

    def __enter__(self) -> Self:
        with self._lock:
            self._depth += 1
            if self._depth == 1:
                INSTALLATION.open(self)
        return self

    def __exit__(self, kind: object, exception: BaseException | None, trace: TracebackType | None) -> None:
        with self._lock:
            self._depth -= 1
            if self._depth == 0:
                INSTALLATION.close(self)

    def wants(self, method: str, url: str) -> bool:
        """Whether a call counts as one to the endpoint."""
        path = path_of(url)
        if any(path.endswith(end) for end in self._paths):
            return True
        return self._is_endpoint is not None and bool(self._is_endpoint(method, url))

    def add(self, draft: Draft) -> None:
        """Take a call that has begun."""
        self._drafts.append(draft)

    def miss(self, reason: str) -> None:
        """Take note of what cannot be seen."""
        self._misses.append(reason)
