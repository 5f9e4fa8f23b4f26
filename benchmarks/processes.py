"""Whole processes: how long a command takes from a cold start, and how much memory a large body takes."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final

from bodies import make_large_body
from rounds import Comparison

from altcraft_contract.contract import load_contract

if TYPE_CHECKING:
    from collections.abc import Sequence

SCRIPTS: Final = Path(sysconfig.get_path("scripts"))
_NOTHING_COLLECTED: Final = 5  # exit code of pytest

# The largest resident set, in bytes: Linux counts it in KiB, macOS in bytes.
_CHECK: Final = """
import resource, sys
from pathlib import Path
from altcraft_contract.validation import check_request

result = check_request(Path(sys.argv[1]).read_bytes())
assert result.ok
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024))
"""


def compare_starts(syntax: str, *, rounds: int) -> Comparison:
    """Time our command and the peer's in turn on the documented example, both of which find it valid."""
    contract = load_contract()
    file = str(contract.directory / f"examples/request.{syntax}")
    ours = [str(SCRIPTS / "altcraft-contract"), "lint", file]
    if syntax == "json":
        peer = [str(SCRIPTS / "check-jsonschema"), "--schemafile", str(contract.schema_path("request")), file]
    else:
        schema = str(contract.xsd_path("request"))
        peer = [str(SCRIPTS / "xmlschema-validate"), "--version", "1.1", "--schema", schema, file]
    return compare_commands(ours, peer, rounds=rounds)


def compare_plugin(*, rounds: int) -> Comparison:
    """Time pytest with our plugin and without it, in turn, where it collects an empty project and loads no other."""
    peer = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    ours = [*peer, "-p", "altcraft_contract.pytest_plugin"]
    return compare_commands(ours, peer, rounds=rounds, status=_NOTHING_COLLECTED, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")


def compare_commands(
    ours: Sequence[str], peer: Sequence[str], *, rounds: int, status: int = 0, **variables: str
) -> Comparison:
    """Time two commands in turn, in an empty folder, the caches being full.

    Args:
        ours: Our command.
        peer: The other one.
        rounds: How often each is run.
        status: Exit code that both end with.
        **variables: What the environment has besides.
    """
    times: dict[str, list[float]] = {"ours": [], "peer": []}
    with tempfile.TemporaryDirectory() as cache, tempfile.TemporaryDirectory() as folder:
        for number in range(-1, rounds):  # the first of them fills the caches, of bytecode and of the file system
            turns = (("ours", ours), ("peer", peer))
            for name, command in turns if number % 2 else reversed(turns):
                seconds = time_command(command, cache, folder, status=status, **variables)
                if number >= 0:
                    times[name].append(seconds)
    return Comparison(tuple(times["ours"]), tuple(times["peer"]))


def time_command(command: Sequence[str], cache: str, folder: str, *, status: int, **variables: str) -> float:
    """Return the seconds that a command takes.

    Args:
        command: The command.
        cache: Folder for the bytecode of every package, as an installer leaves it beside them.
        folder: Where it runs.
        status: Exit code that it has to end with.
        **variables: What the environment has besides.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"PYTHONPYCACHEPREFIX": cache, **variables}
    start = perf_counter()
    run = subprocess.run(command, capture_output=True, check=False, env=environment, cwd=folder)
    seconds = perf_counter() - start
    assert run.returncode == status, (run.stdout + run.stderr).decode()
    return seconds


def measure_memory(syntax: str, size: int) -> float:
    """Return the largest resident set of a process that checks a valid body, over the size of the body."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"body.{syntax}"
        file.write_bytes(make_large_body(syntax, size))
        command = [sys.executable, "-c", _CHECK, str(file)]
        run = subprocess.run(command, stdout=subprocess.PIPE, check=True)
        return int(run.stdout) / file.stat().st_size
