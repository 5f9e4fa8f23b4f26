"""Servers that a page starts and leaves running, each on a free port in place of the one that the page shows."""

from __future__ import annotations

import re
import signal
import subprocess
from threading import Timer
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DEFAULT_PORTS: Final = {"stub": "8075", "proxy": "8076"}
ENDS: Final = range(4)  # exit codes of a server that is stopped: none is that of a bug
PATIENCE: Final = 60.0  # seconds for a server to start, and for it to end


def starts_server(command: str) -> bool:
    """Tell whether a command runs until it is stopped."""
    return _name_of(command) is not None and not re.search(r" --(help|list-scenarios)\b| &|\|", command)


def _name_of(command: str) -> str | None:
    match = re.match(r"altcraft-contract (stub|proxy)\b", command)
    return match[1] if match is not None else None


class Servers:
    """The servers of one page.

    Args:
        folder: Where they run.
        environment: What they run with.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = environment
        self._running: dict[str, tuple[str, subprocess.Popen[str]]] = {}

    def start(self, command: str, shown: str) -> str:
        """Start a server, in place of the one that had its port; return as many lines as are shown."""
        wanted = re.search(r"--port[ =](\d+)", command)
        port = wanted[1] if wanted is not None else DEFAULT_PORTS[_name_of(command) or ""]
        self._stop(port)
        asked = self.translate(re.sub(r"--port[ =]\d+", "", command))
        process = subprocess.Popen(
            ["sh", "-c", f"exec {asked}"],
            cwd=self._folder,
            env={**self._environment, "ALTCRAFT_CONTRACT_PORT": "0"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        watchdog = Timer(PATIENCE, process.kill)
        watchdog.start()
        printed = "".join(process.stdout.readline() for _ in shown.split("\n")[:-1]) if process.stdout else ""
        watchdog.cancel()
        actual = re.search(r"127\.0\.0\.1:(\d+)", printed)
        self._running[port] = (actual[1] if actual is not None else port, process)
        return self.show(printed)

    def translate(self, text: str) -> str:
        """Put the ports that there are in place of those that a page shows."""
        for shown, (actual, _) in self._running.items():
            text = re.sub(rf"\b{shown}\b", actual, text)
        return text

    def show(self, text: str) -> str:
        """Put the ports that a page shows in place of those that there are."""
        for shown, (actual, _) in self._running.items():
            text = re.sub(rf"\b{actual}\b", shown, text)
        return text

    def interrupt(self) -> tuple[int, str]:
        """End the server that was started last, as Ctrl-C does; return its exit code and the rest of its output."""
        port, (_, process) = next(reversed(self._running.items()))
        status, printed = _end(process, signal.SIGINT)
        shown = self.show(printed)
        del self._running[port]
        return status, shown

    def stop(self) -> None:
        """Stop all."""
        for port in list(self._running):
            self._stop(port)

    def _stop(self, port: str) -> None:
        if port in self._running:
            status, printed = _end(self._running.pop(port)[1], signal.SIGTERM)
            assert status in ENDS, printed


def _end(process: subprocess.Popen[str], number: int) -> tuple[int, str]:
    process.send_signal(number)
    try:
        printed, _ = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return process.returncode, printed
