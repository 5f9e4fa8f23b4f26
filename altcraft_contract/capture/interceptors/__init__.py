"""The libraries that are watched: one row, and one file, each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from altcraft_contract.capture.interceptors.aiohttp import AIOHTTP
from altcraft_contract.capture.interceptors.http_client import HTTP_CLIENT
from altcraft_contract.capture.interceptors.httpx import HTTPX
from altcraft_contract.capture.interceptors.requests import REQUESTS
from altcraft_contract.capture.interceptors.urllib3 import URLLIB3
from altcraft_contract.capture.interceptors.vcrpy import VCRPY

if TYPE_CHECKING:
    from altcraft_contract.capture.interceptors.interceptor import Interceptor

INTERCEPTORS: Final[tuple[Interceptor, ...]] = (
    REQUESTS,
    HTTPX,
    AIOHTTP,
    URLLIB3,
    VCRPY,
    HTTP_CLIENT,
)
