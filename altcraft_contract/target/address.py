"""Where a target is: its URL, taken apart."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from altcraft_contract.endpoint import ENDPOINT_PATH
from altcraft_contract.errors import ConfigurationFault

if TYPE_CHECKING:
    from collections.abc import Iterable

_PORTS: Final = {"http": 80, "https": 443}
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound
_host = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\]", re.IGNORECASE)
_unwritten = re.compile(r"[\x00-\x20\x7f\\]")


@dataclass(frozen=True, slots=True)
class Target:
    """Where requests are sent.

    Attributes:
        scheme: `http` or `https`.
        host: Name or address, in ASCII, without brackets.
        port: Its port.
        prefix: What stands before every path; empty, or with a `/` at its beginning and none at its end.
    """

    scheme: str
    host: str
    port: int
    prefix: bytes = b""

    @property
    def authority(self) -> bytes:
        """The value of the `Host` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}").encode()

    @property
    def origin(self) -> str:
        """The URL without a path."""
        return f"{self.scheme}://{self.authority.decode()}"

    def __str__(self) -> str:
        return self.origin + self.prefix.decode()

    def is_at(self, host: str, port: int) -> bool:
        """Whether a server that listens on *host* and *port* is this very target."""
        if port != self.port:
            return False
        wanted = {_EVERYWHERE.get(address, address) for address in _addresses(self.host)}
        own = set(_addresses(host))
        return bool(wanted & own) or (bool(own & set(_EVERYWHERE)) and any(_is_local(address) for address in wanted))


def parse_target(url: str) -> Target:
    """The target of a URL: an origin, what stands before the path of the endpoint, or the endpoint itself.

    Raises:
        ConfigurationFault: if it is none.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _fault("it is no URL; give one such as https://example.com") from None
    if _unwritten.search(url):
        raise _fault("there is a space, a backslash or a control character in it")
    if parts.scheme not in _PORTS:
        raise _fault("it has to begin with http:// or https://")
    if parts.username is not None or parts.password is not None:
        raise _fault("leave out the user and password: what is sent has credentials of its own")
    if "?" in url or "#" in url:
        raise _fault("leave out what follows the path, from the ? or # on")
    try:
        ascii_host = (host or "").encode("idna").decode() if host and not host.isascii() else host or ""
    except UnicodeError:
        ascii_host = ""
    shown = f"[{ascii_host}]" if ":" in ascii_host else ascii_host
    if not _host.fullmatch(shown) or port == 0:
        raise _fault("it names no host; give one such as https://example.com")
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~")
    prefix = path.removesuffix(ENDPOINT_PATH).rstrip("/")
    return Target(parts.scheme, ascii_host, port or _PORTS[parts.scheme], prefix.encode())


def _fault(reason: str) -> ConfigurationFault:
    return ConfigurationFault("the URL of the target", reason)


def _addresses(host: str) -> Iterable[str]:
    try:
        found = socket.getaddrinfo(host or None, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        return ()
    return [str(entry[4][0]) for entry in found]


def _is_local(address: str) -> bool:
    """Whether it is an address of this machine: only those can be bound."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((address, 0))
    except OSError:
        return False
    return True
