"""Many orders for one stub: whether its memory stays flat, and whether its journal counts every one of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from load import Target, drive
from orders import iter_fresh
from servers import STUB, find_servers, run_server
from serving import CONFIRMED, CONNECTIONS

if TYPE_CHECKING:
    from servers import Server

_CONTROL: Final = "/__altcraft__"
_KIBIBYTE: Final = 1024
_PAGE: Final = 1000  # entries of the journal that are asked for at once


@dataclass(frozen=True, slots=True)
class Endurance:
    """What many orders left behind.

    Attributes:
        answered: How many orders had been answered, at each look.
        resident: Bytes of the resident set of the stub then.
        rates: Orders a second since the look before.
    """

    answered: list[int]
    resident: list[int]
    rates: list[float]


def can_read_memory() -> bool:
    """Tell whether the system tells of the resident set of another process."""
    return Path("/proc/self/status").exists()


def endure(looks: list[int]) -> Endurance:
    """Send new orders to a stub of its own, up to the last look, and assert that it counts each of them."""
    makers, _ = find_servers()
    with run_server(STUB, makers[STUB]) as server:
        assert_reset(server)
        target = Target(server.port, iter_fresh(), CONFIRMED["json"])
        resident, rates, before = [], [], 0
        for look in looks:
            rates.append(drive(target, connections=CONNECTIONS[-1], count=look - before).rate)
            resident.append(read_resident(server.pid))
            before = look
        assert_counts(server, looks[-1])
    return Endurance(looks, resident, rates)


def assert_reset(server: Server) -> None:
    """Let the stub forget the order that it was started with."""
    answer = server.ask("POST", f"{_CONTROL}/reset", b"{}")
    assert answer.startswith(b"200 "), answer


def assert_counts(server: Server, sent: int) -> None:
    """Assert that the stub says it received as many as were sent, and that its journal kept or dropped each."""
    health = control(server, "health")
    assert health["received"] == sent, health
    last, kept = 0, 0
    while entries := control(server, f"journal?after={last}&limit={_PAGE}")["entries"]:
        kept += len(entries)
        last = entries[-1]["number"]
    assert last == sent, last
    assert kept + health["dropped"] == sent, (kept, health)


def control(server: Server, path: str) -> dict[str, Any]:
    """Return what a control call says."""
    status, _, body = server.ask("GET", f"{_CONTROL}/{path}").partition(b" ")
    assert status == b"200", body
    answer: dict[str, Any] = json.loads(body)
    return answer


def read_resident(pid: int) -> int:
    """Return the bytes of the resident set of a process."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(":")
        if name == "VmRSS":
            return int(value.split()[0]) * _KIBIBYTE
    raise ValueError(f"/proc/{pid}/status has no VmRSS")
