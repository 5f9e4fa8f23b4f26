"""The servers that are measured, each a process of its own: our stub and its peers."""

from __future__ import annotations

import http.client
import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep
from typing import TYPE_CHECKING, Final

from openapi_document import PATH, make_openapi
from orders import write_order
from processes import SCRIPTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STUB: Final = "stub"
PRISM: Final = "Prism"
FIXED: Final = "httpserver, fixed"
CHECKED: Final = "httpserver, checked"
_HOST: Final = "127.0.0.1"
_PACKAGE: Final = "@stoplight/prism-cli"
_STARTS_WITHIN: Final = 60  # seconds
_PAUSE: Final = 0.002  # seconds between two knocks at a server that starts


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers.

    Attributes:
        name: What the table calls it.
        port: Its port on 127.0.0.1.
        pid: Its process.
        start: Seconds from the start of the process to its answer to the first order.
    """

    name: str
    port: int
    pid: int
    start: float

    def ask(self, method: str, path: str, body: bytes = b"", content_type: str = "application/json") -> bytes:
        """Ask for anything on a connection of its own, and return the body of the answer, with its status before it."""
        return ask(self.port, method, path, body, content_type)


def ask(port: int, method: str, path: str, body: bytes = b"", content_type: str = "application/json") -> bytes:
    """Return the status of an answer, a space, and its body."""
    connection = http.client.HTTPConnection(_HOST, port, timeout=_STARTS_WITHIN)
    try:
        connection.request(method, path, body or None, {"Content-Type": content_type} if body else {})
        answer = connection.getresponse()
        return b"%d %s" % (answer.status, answer.read())
    finally:
        connection.close()


def find_prism() -> str | None:
    """Return the command of Prism on the PATH, or else the one that `npx` finds without installing it."""
    found = shutil.which("prism")
    npx = shutil.which("npx")
    if found or not npx:
        return found
    # Its path, for by way of npx a second Node would start before it.
    command = [npx, "--no", "--package", _PACKAGE, "--call", "command -v prism"]
    run = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    return run.stdout.decode().strip() or None


def find_servers() -> tuple[dict[str, Callable[[int, str], list[str]]], list[str]]:
    """Return what starts each server, and a line for each that is not there.

    What starts one takes a port and the path of the document of the endpoint, and returns a command.
    """
    # None writes a line for each request: each is as fast as it can be.
    script = str(Path(__file__).with_name("httpserver_peer.py"))
    makers: dict[str, Callable[[int, str], list[str]]] = {
        STUB: lambda port, _: [str(SCRIPTS / "altcraft-contract"), "stub", "--quiet", "--port", str(port)]
    }
    missing = []
    prism = find_prism()
    if prism:
        makers[PRISM] = lambda port, file: [prism, "mock", file, "--port", str(port), "--verboseLevel", "silent"]
    else:
        missing.append(f"{PRISM} is neither on the PATH nor known to npx: left out (npm install {_PACKAGE})")
    if importlib.util.find_spec("pytest_httpserver"):
        makers[FIXED] = lambda port, _: [sys.executable, script, str(port)]
        makers[CHECKED] = lambda port, _: [sys.executable, script, str(port), "checked"]
    else:
        missing.append("pytest-httpserver is not installed: left out (it is in the dependency group `bench`)")
    return makers, missing


@contextmanager
def run_server(name: str, make_command: Callable[[int, str], list[str]]) -> Iterator[Server]:
    """Start a server, wait until it has answered an order, and end it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "openapi.json"
        file.write_text(json.dumps(make_openapi()), encoding="utf-8")
        port = find_port()
        log = Path(folder) / "log"
        # In a folder without a configuration, and without one in the environment.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ALTCRAFT")}
        begin = perf_counter()
        with (
            log.open("wb") as out,
            subprocess.Popen(
                make_command(port, str(file)),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=folder,
                env=environment,
            ) as process,
        ):
            try:
                wait_for_answer(process, port, log)
                yield Server(name, port, process.pid, perf_counter() - begin)
            finally:
                process.terminate()


def find_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.create_server((_HOST, 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def wait_for_answer(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Knock until the server has answered an order."""
    order = write_order(0)
    last = perf_counter() + _STARTS_WITHIN
    while True:
        try:
            answer = ask(port, "POST", PATH, order)
        except ConnectionError:
            assert process.poll() is None, log.read_text()
            assert perf_counter() < last, log.read_text()
            sleep(_PAUSE)
        else:
            assert answer.startswith(b"200 "), answer
            return
