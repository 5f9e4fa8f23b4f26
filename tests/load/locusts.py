"""Locust as its users start it: in processes of its own, since importing it patches the standard library."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from altcraft_contract.target.order_journal import iter_attempts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from altcraft_contract.target.order_journal import Attempt

TOKEN: Final = "not-a-real-token-4711"  # noqa: S105 - made up
PATIENCE: Final = 90.0  # seconds, on a busy machine
LOCUSTFILE: Final = """
from altcraft_contract.load import OrderUser


class Shop(OrderUser):
    pass
"""
JOURNALS: Final = ".altcraft-contract/load"


class Ended(NamedTuple):
    """What came of a process.

    Attributes:
        code: Its exit code.
        out: Its standard output.
        err: Its standard error, which Locust logs to.
    """

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """All that it said."""
        return self.out + self.err

    def rows(self) -> dict[str, dict[str, Any]]:
        """The rows of a run with `--json`, by their names."""
        return {row["name"]: row for row in json.loads(self.out)}


def start(folder: Path, *arguments: str, module: str = "locust", **environment: str) -> subprocess.Popen[str]:
    """Start Locust, or another module, in a folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ALTCRAFT_", "LOCUST_"))}
    file = folder / "locustfile.py"
    if not file.exists():
        file.write_text(LOCUSTFILE, "utf-8")
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=folder,
        env={**kept, "ALTCRAFT_TOKEN": TOKEN, "PYTHONIOENCODING": "utf-8", **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def finish(process: subprocess.Popen[str]) -> Ended:
    """Wait until a process has ended."""
    try:
        out, err = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        raise AssertionError(f"it did not end: {err}") from None
    return Ended(process.returncode, out, err)


def run(folder: Path, url: str, *arguments: str, **environment: str) -> Ended:
    """Run Locust without its web interface, with two users, and wait for its end."""
    usual = ("--headless", "--users", "2", "--spawn-rate", "10", "--json", "--host", url)
    return finish(start(folder, *usual, *arguments, **environment))


def free_port() -> str:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@contextmanager
def cluster(folder: Path, url: str, *arguments: str, **settings: tuple[str, ...]) -> Iterator[list[Ended]]:
    """Run a master and two workers over TCP, each in a folder of its own; the master's end comes first.

    Args:
        folder: Where they run.
        url: The target.
        *arguments: Of the master.
        **settings: `workers`: arguments of the workers.
    """
    port = free_port()
    usual = ("--headless", "--users", "4", "--spawn-rate", "10", "--json", "--host", url, "--expect-workers", "2")
    address = ("--master-bind-host", "127.0.0.1", "--master-bind-port", port)
    processes = [start(_made(folder / "master"), "--master", *usual, *address, *arguments)]
    for number in (1, 2):
        place = ("--master-host", "127.0.0.1", "--master-port", port)
        own = settings.get("workers", ())
        processes.append(start(_made(folder / f"worker{number}"), "--worker", *place, *own))
    try:
        yield [finish(process) for process in processes]
    finally:
        for process in processes:
            if process.poll() is None:
                process.kill()
                process.communicate()


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def attempts_in(folder: Path) -> list[Attempt]:
    """The orders in the journals below a folder."""
    return [attempt for path in sorted((folder / JOURNALS).glob("*.ndjson")) for attempt in iter_attempts(path)]
