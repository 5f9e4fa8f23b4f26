"""The live page: one file that asks nothing of any other host, and the policy that holds it to that."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Final, Literal

PageKind = Literal["stub", "proxy"]

_KIND: Final = b'data-kind="stub"'
_style = re.compile(rb"<style>(.*?)</style>", re.DOTALL)
_script = re.compile(rb'<script type="module">(.*?)</script>', re.DOTALL)


@cache
def load_page(kind: PageKind) -> tuple[bytes, str]:
    """The live page, in UTF-8, and the value of the `Content-Security-Policy` header that it is sent with.

    Args:
        kind: What the page shows: of a proxy there are no scenarios and no orders.
    """
    text = files("altcraft_contract.stub").joinpath("page.html").read_bytes()
    # Browsers hash a script with LF line ends, whatever a checkout on Windows has made of them.
    page = text.replace(b"\r\n", b"\n").replace(_KIND, f'data-kind="{kind}"'.encode(), 1)
    return page, _policy(page)


def _policy(page: bytes) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {_sources(_script, page)}",
            f"style-src {_sources(_style, page)}",
            "connect-src 'self'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _sources(pattern: re.Pattern[bytes], page: bytes) -> str:
    """The hashes of what stands between the tags, as sources of a policy."""
    return " ".join(f"'sha256-{b64encode(sha256(found).digest()).decode()}'" for found in pattern.findall(page))
