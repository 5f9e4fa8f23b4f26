"""Real clusters of Dask: a scheduler and workers, each a process of its own, which talk over TCP."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import deque
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

from dask.distributed import Client

from tests.cli.running import PATIENCE, environment
from tests.docs.markdown import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Self

_LOCAL = ("--host", "127.0.0.1", "--no-dashboard")
_IDLE = "5 minutes"  # until a scheduler ends, and its workers with it, whose tests have been killed


class Cluster:
    """A scheduler, and workers with one thread each.

    Args:
        folder: Where they work; not where the tests do.
        failures: How many workers a part may kill before Dask gives it up, besides one.

    Attributes:
        address: Of the scheduler.
        scheduler: Its process.
        workers: The processes of the workers; of a nanny, if there is one.
    """

    def __init__(self, folder: Path, *, failures: int = 3) -> None:
        self._folder = folder
        self._environment = environment(
            PYTHONPATH=str(ROOT),  # for files with habits of their own
            DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES=str(failures),
            DASK_TEMPORARY_DIRECTORY=str(folder),
        )
        self.workers: list[subprocess.Popen[str]] = []
        self.scheduler = self._start("scheduler", *_LOCAL, "--port", "0", "--idle-timeout", _IDLE)
        assert self.scheduler.stderr is not None
        lines = (line for line in self.scheduler.stderr if "Scheduler at:" in line)
        self.address = next(lines).split()[-1]
        _drain(self.scheduler)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()  # workers of a nanny end with it
            process.wait(PATIENCE)

    def _start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def have_workers(self, count: int, *, nanny: bool = False) -> None:
        """Start as many workers as are missing, and wait for them."""
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        for _ in range(count - len(self.workers)):
            kind = "--nanny" if nanny else "--no-nanny"
            worker = self._start("worker", self.address, *_LOCAL, "--nthreads", "1", kind)
            _drain(worker)
            self.workers.append(worker)
        with self.client() as client:
            client.wait_for_workers(count, timeout=PATIENCE)

    @contextmanager
    def client(self) -> Iterator[Client]:
        """A client of this cluster."""
        with Client(self.address, set_as_default=False) as client:
            yield client

    def count_tasks(self) -> int:
        """How many tasks the scheduler knows of."""
        with self.client() as client:
            return int(client.run_on_scheduler(_count_tasks))


def _count_tasks(dask_scheduler: object = None) -> int:
    return len(getattr(dask_scheduler, "tasks", ()))


def _drain(process: subprocess.Popen[str]) -> None:
    """Read what a process logs, so that it never has to wait."""

    def read() -> None:
        with process.stderr as lines:  # type: ignore[union-attr]  # a pipe
            deque(lines, 0)

    Thread(target=read, daemon=True).start()


def wait_for_reader(fifo: Path) -> int:
    """Wait until somebody reads a named pipe; return the other end of it."""
    return os.open(fifo, os.O_WRONLY)
