"""Many files in one call: how long `lint` takes beside check-jsonschema, and whether its memory grows with them."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bodies import ORDER, break_order, mend_order
from processes import SCRIPTS, compare_commands
from rounds import milliseconds

from altcraft_contract.contract import load_contract

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rounds import Comparison

    Table = Callable[[tuple[str, ...], Iterable[tuple[str, ...]]], None]
    Tell = Callable[[list[float], str], tuple[str, str, str]]

FILES: Final = 1000
QUICK_FILES: Final = 100
PART_OF_PEER: Final = 0.2
MOST_GROWTH: Final = 1.1
_ROUNDS: Final = 7  # the peer takes some seconds for each
_HEAD: Final = ("files", "what", "ours ms", "peer ms", "part", "least", "most", "aim")
_MEMORY_HEAD: Final = ("files", "what", "MiB", "to", "times", "aim")
# The largest resident set, in KiB. What `resource` tells begins with that of the process which started this one.
_MEASURED: Final = """
import sys
from altcraft_contract.cli.entry import run

run(["lint", *sys.argv[1:]])
with open("/proc/self/status") as status:
    print(next(line.split()[1] for line in status if line.startswith("VmHWM")), file=sys.stderr)
"""


def print_linting(print_table: Table, tell: Tell, rounds: int, *, quick: bool) -> None:
    """Measure and print the tables."""
    count = QUICK_FILES if quick else FILES
    kinds = (("no findings", mend_order(), 0), ("3 warnings each", ORDER, 0), ("10 errors each", break_order(), 1))
    print(f"lint of {count:,} JSON files in one call: part of check-jsonschema's time")
    rows = []
    for what, order, status in kinds:
        with tempfile.TemporaryDirectory() as folder:
            times = _compare(_write(Path(folder), order, count), status, min(rounds, _ROUNDS))
        milli = (milliseconds(times.ours), milliseconds(times.peer))
        rows.append((f"{count:,}", what, *milli, *tell(times.shares(), ".2f"), f"{PART_OF_PEER}"))
    print_table(_HEAD, rows)
    if not Path("/proc/self/status").exists():
        return
    print("Largest resident set of lint, and how many times that for a tenth of the files")
    print_table(_MEMORY_HEAD, [_memory_row(what, order, count) for what, order, _ in kinds])


def _write(folder: Path, order: dict[str, object], count: int) -> list[str]:
    """Files with an order each, which differ in their ids."""
    files = []
    for number in range(count):
        made = deepcopy(order) | {"external_id": f"order_{number}"}
        file = folder / f"order-{number:05}.json"
        file.write_text(json.dumps(made, indent=2, ensure_ascii=False), encoding="utf-8")
        files.append(str(file))
    return files


def _compare(files: list[str], status: int, rounds: int) -> Comparison:
    schema = str(load_contract().schema_path("request"))
    ours = [str(SCRIPTS / "altcraft-contract"), "lint", *files]
    peer = [str(SCRIPTS / "check-jsonschema"), "--schemafile", schema, *files]
    return compare_commands(ours, peer, rounds=rounds, status=status)


def _memory_row(what: str, order: dict[str, object], count: int) -> tuple[str, ...]:
    with tempfile.TemporaryDirectory() as folder:
        files = _write(Path(folder), order, count)
        few, many = _memory(files[: count // 10]), _memory(files)
    return f"{count:,}", what, f"{many / 1024:.1f}", f"{few / 1024:.1f}", f"{many / few:.2f}", f"{MOST_GROWTH}"


def _memory(files: list[str]) -> int:
    """The largest resident set, in KiB, of a process that lints *files*."""
    command = [sys.executable, "-c", _MEASURED, *files]
    run = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
    return int(run.stderr.split()[-1])
