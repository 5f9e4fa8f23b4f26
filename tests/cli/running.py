"""Runs of the command line: in this process, with streams of their own, and as a process."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from typing import TYPE_CHECKING

from altcraft_contract.cli.entry import run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

COMMAND = (sys.executable, "-m", "altcraft_contract")
PATIENCE = 60  # seconds until a process counts as hanging


@dataclass(frozen=True)
class Outcome:
    """What came of a run."""

    code: int
    stdout: str
    stderr: str

    @property
    def last_line(self) -> str:
        """The last line on the standard error."""
        return self.stderr.splitlines()[-1] if self.stderr else ""


class Terminal(TextIOWrapper):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        """Always."""
        return True


def run_here(*arguments: str, stdin: bytes | None = b"", on_terminal: bool = False) -> Outcome:
    """Run in this process; *stdin* None is a closed one."""
    out, err = BytesIO(), BytesIO()
    kind = Terminal if on_terminal else TextIOWrapper
    stdout, stderr = kind(out, encoding="utf-8"), kind(err, encoding="utf-8", errors="backslashreplace")
    before = sys.stdin
    try:
        sys.stdin = TextIOWrapper(BytesIO(stdin), encoding="utf-8") if stdin is not None else None
        with redirect_stdout(stdout), redirect_stderr(stderr):
            code = run(list(arguments))
    finally:
        sys.stdin = before
    stdout.flush()
    stderr.flush()
    return Outcome(code, out.getvalue().decode(), err.getvalue().decode())


def environment(**variables: str) -> dict[str, str]:
    """The environment of this process without what changes the output, and with *variables*."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("ALTCRAFT") and name not in ("NO_COLOR", "FORCE_COLOR", "PYTHONUNBUFFERED")
    }
    return {**kept, **variables}


def run_process(
    *arguments: str | bytes,
    stdin: bytes = b"",
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> Outcome:
    """Run as a process."""
    process = subprocess.run(
        [*COMMAND, *arguments],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env=env if env is not None else environment(),
        timeout=PATIENCE,
        check=False,
    )
    return Outcome(process.returncode, process.stdout.decode(), process.stderr.decode())


def run_shell(line: str, *, cwd: Path, env: Mapping[str, str] | None = None) -> Outcome:
    """Run a line of shell, in which `$RUN` is the command."""
    process = subprocess.run(
        ["bash", "-c", line],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        cwd=cwd,
        env={**(env if env is not None else environment()), "RUN": " ".join(COMMAND)},
        timeout=PATIENCE,
        check=False,
    )
    return Outcome(process.returncode, process.stdout.decode(), process.stderr.decode())
