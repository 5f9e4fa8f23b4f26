"""What an interceptor is, and how deep each stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.capture.recorder import Layer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from altcraft_contract.capture.recorder import Recorder

    Wrap = Callable[[Any], Any]
    Points = Callable[[Recorder], Mapping[tuple[str, str], Wrap]]


@dataclass(frozen=True, slots=True)
class Interceptor:
    """How the calls of one library are seen.

    Attributes:
        http_library: Its name.
        points: Gives for each place to be patched (a module and the name of a class and its method) what makes the
            wrapper. The wrappers tell the recorder.
    """

    http_library: str
    points: Points


# httpx may go through aiohttp; requests goes through urllib3, which goes through http.client or vcrpy's stand-in.
REQUESTS_LAYER: Final = Layer("requests", 0)
HTTPX_LAYER: Final = Layer("httpx", 0)
AIOHTTP_LAYER: Final = Layer("aiohttp", 1)
AIOHTTP_WIRE_LAYER: Final = Layer("aiohttp", 2)
URLLIB3_LAYER: Final = Layer("urllib3", 2)
VCRPY_LAYER: Final = Layer("http.client", 3)
HTTP_CLIENT_LAYER: Final = Layer("http.client", 4)
