"""A real cluster of Dask on this machine: a scheduler and some workers, each a process with one thread."""

from __future__ import annotations

import importlib.util
import json
import subprocess
from contextlib import ExitStack, contextmanager
from importlib import import_module
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Final

from processes import SCRIPTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

_PATIENCE: Final = 60.0  # seconds until a scheduler has to be there
_PAUSE: Final = 0.05


def has_dask() -> bool:
    """Tell whether Dask's scheduler and workers are installed."""
    return importlib.util.find_spec("distributed") is not None


@contextmanager
def run_cluster(workers: int, folder: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """Run a cluster of so many workers, and give the address of its scheduler.

    Args:
        workers: How many.
        folder: Where their files go; it is made.
        environment: What the processes get.
    """
    folder.mkdir()
    file = folder / "scheduler.json"
    dask = str(SCRIPTS / "dask")
    scheduler = [dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    scheduler += ["--scheduler-file", str(file)]
    worker = [dask, "worker", "--scheduler-file", str(file), "--nthreads", "1", "--nworkers", "1", "--no-dashboard"]
    worker += ["--no-nanny", "--memory-limit", "0", "--local-directory", str(folder)]
    with ExitStack() as stack:
        _start(stack, scheduler, folder, environment)
        address = _wait_for_address(file)
        for _ in range(workers):
            _start(stack, worker, folder, environment)
        with import_module("distributed").Client(address, timeout=_PATIENCE) as client:
            client.wait_for_workers(workers, timeout=_PATIENCE)
        yield address


def _start(stack: ExitStack, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment, cwd=folder)
    stack.callback(_stop, process)


def _stop(process: subprocess.Popen[Any]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_for_address(file: Path) -> str:
    end = monotonic() + _PATIENCE
    while monotonic() < end:
        if file.exists() and (text := file.read_text(encoding="utf-8")).strip():
            return str(json.loads(text)["address"])
        sleep(_PAUSE)
    raise TimeoutError(f"no scheduler within {_PATIENCE:g} s; see {file.parent / 'log'}")
