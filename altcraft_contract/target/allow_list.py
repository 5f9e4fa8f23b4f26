"""Which hosts orders may be sent to: this machine, and those that somebody has named."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from altcraft_contract.errors import ConfigurationFault
from altcraft_contract.target.address import parse_target

if TYPE_CHECKING:
    from collections.abc import Iterable

    from altcraft_contract.target.address import Target

_LOCALHOST: Final = "localhost"
_LOOPBACK: Final = IPv4Network("127.0.0.0/8")
_LOOPBACK_6: Final = IPv6Address("::1")


def check_allowed(url: str, allowed_hosts: Iterable[str] = (), *, option: str = "--allow-host") -> Target:
    """The target of a URL, if orders may be sent there.

    A host is told by its name as it is written, since what a name resolves to may change at any moment: a name that
    happens to point to the loopback has to be allowed like any other.

    Args:
        url: As for `parse_target`.
        allowed_hosts: Names or addresses, each with or without a port (`staging.example.com:8443`); without one, any
            port is allowed. The loopback always is.
        option: What allows another host, for the message.

    Raises:
        ConfigurationFault: if *url* is none, an allowed host cannot be understood, or the host is not allowed.
    """
    target = parse_target(url)
    allowed = [_read_entry(entry, option) for entry in allowed_hosts]
    host = _plain(target.host)
    if is_loopback(target) or any(name == host and port in (None, target.port) for name, port in allowed):
        return target
    ports = [port for name, port in allowed if name == host]
    but = f" (only port {', '.join(map(str, ports))})" if ports else ""
    raise ConfigurationFault(
        "the URL of the target",
        f"{host} is not this machine and is not allowed{but}; if orders may be sent there, "
        f"add {option} {target.authority.decode() if ports else host}",
    )


def is_loopback(target: Target) -> bool:
    """Whether a target is this machine: `localhost`, 127.0.0.0/8 or ::1, written plainly."""
    host = _plain(target.host)
    if host == _LOCALHOST:
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address in _LOOPBACK if isinstance(address, IPv4Address) else address == _LOOPBACK_6


def _plain(host: str) -> str:
    """A host as it is compared: without the dot of the root, an address in its shortest form."""
    host = host.lower().removesuffix(".")
    try:
        return str(ip_address(host))
    except ValueError:
        return host


def _read_entry(entry: str, option: str) -> tuple[str, int | None]:
    """The host of an entry, and its port if it has one.

    Raises:
        ConfigurationFault: if it is none.
    """
    text = entry.strip()
    fault = ConfigurationFault(
        option, f"{entry!r}: expected a host such as staging.example.com, with or without a port; no URL, no wildcard"
    )
    if not text or "/" in text:
        raise fault
    if text.count(":") > 1 and not text.startswith("["):
        text = f"[{text}]"
    try:
        target = parse_target(f"http://{text}")
    except ConfigurationFault:
        raise fault from None
    return _plain(target.host), urlsplit(f"//{text}").port
