"""Which files are host files."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from altcraft_contract.lint.hosts.har import iter_har
from altcraft_contract.lint.hosts.host import Host
from altcraft_contract.lint.hosts.vcr import INTERACTIONS, iter_json_cassette, iter_yaml_cassette

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import PurePath


class Mark(NamedTuple):
    """What tells that a JSON document is a host file.

    Attributes:
        name: A member at its top.
        opening: How the value of that member begins.
        host: What the file is.
    """

    name: bytes
    opening: bytes
    host: Host


_HAR: Final = Host("HTTP Archive", iter_har)
_CASSETTE: Final = Host("cassette", iter_yaml_cassette)
_JSON_CASSETTE: Final = Host("cassette", iter_json_cassette)

HOSTS: Final[Mapping[str, Host | tuple[Mark, ...]]] = MappingProxyType(
    {
        ".har": _HAR,
        ".yaml": _CASSETTE,
        ".yml": _CASSETTE,
        ".json": (Mark(b"log", b"{", _HAR), *(Mark(name.encode(), b"[", _JSON_CASSETTE) for name in INTERACTIONS)),
    }
)
"""Suffix, in small letters, to the kind of host file; to marks, where other files have that suffix, too."""

# A string without an end is a token, too: else each quote within it would be tried.
_tokens = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[{}\[\]:]', re.DOTALL)
_name = re.compile(rb"\s*:\s*([{\[])?")


def find_host(path: PurePath, start: bytes) -> Host | None:
    """What kind of host file stands at *path*; None if it is none.

    Args:
        path: Only its suffix counts.
        start: The first bytes of the file, some 64 KiB.
    """
    host = HOSTS.get(path.suffix.lower())
    if host is None or isinstance(host, Host):
        return host
    for name, opening in _iter_top(start):
        for mark in host:
            if (name, opening) == (mark.name, mark.opening):
                return mark.host
    return None


def _iter_top(start: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The members at the top of a JSON document, as far as *start* shows them: name, and how its value begins."""
    depth = 0
    for match in _tokens.finditer(start):
        token = match[0]
        if token in b"{[":
            depth += 1
        elif token in b"}]":
            depth -= 1
        elif depth == 1 and token != b":" and (after := _name.match(start, match.end())) is not None:
            yield token[1:-1], after[1] or b""
