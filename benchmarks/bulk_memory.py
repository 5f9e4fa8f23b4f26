"""How much memory a process and those that it started take, where the system tells."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_PAUSE: Final = 0.01  # seconds between two looks
_KIBIBYTE: Final = 1024


@dataclass(frozen=True, slots=True)
class Memory:
    """The largest resident sets of a run, in bytes.

    Attributes:
        each: Of each process, the largest first.
    """

    each: tuple[int, ...]

    @property
    def largest(self) -> int:
        """Of the process that took most."""
        return self.each[0]

    @property
    def together(self) -> int:
        """Of all, though they did not take most at the same time, and what they share counts for each."""
        return sum(self.each)


def can_measure() -> bool:
    """Tell whether the system tells of other processes."""
    return Path("/proc/self/status").exists()


def measure_memory(
    command: Sequence[str], *, status: int, environment: Mapping[str, str], folder: Path, piped: Path | None = None
) -> Memory:
    """Run a command and watch it.

    Args:
        command: The command.
        status: Exit code that it has to end with.
        environment: What it gets.
        folder: Where it runs.
        piped: A file whose content comes through a pipe to its standard input.
    """
    most: dict[int, int] = {}
    source = subprocess.Popen(["cat", str(piped)], stdout=subprocess.PIPE) if piped is not None else None
    with subprocess.Popen(
        command,
        stdin=source.stdout if source is not None else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment,
        cwd=folder,
    ) as process:
        if source is not None and source.stdout is not None:
            source.stdout.close()
        while process.poll() is None:
            for pid in _iter_tree(process.pid):
                most[pid] = max(most.get(pid, 0), _read_most(pid))
            sleep(_PAUSE)
        told = process.stderr.read().decode() if process.stderr is not None else ""
    if source is not None:
        source.wait()
    assert process.returncode == status, (command, told)
    return Memory(tuple(sorted(most.values(), reverse=True)))


def _iter_tree(pid: int) -> Iterator[int]:
    """Yield a process and all below it."""
    yield pid
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text(encoding="ascii").split():
                yield from _iter_tree(int(child))
    except OSError:  # it has ended
        return


def _read_most(pid: int) -> int:
    """Return the bytes of the largest resident set that a process has had; 0 if it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * _KIBIBYTE for line in lines if line.startswith("VmHWM:")), 0)
