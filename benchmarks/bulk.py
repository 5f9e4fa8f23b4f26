"""Archives: how many orders a second `lint` checks as a whole process, beside loops that others would write."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from archives import (
    Archive,
    break_order,
    compress,
    repeat,
    ruin_order,
    warn,
    write_ndjson,
    write_xml_files,
    write_xml_lines,
)
from processes import SCRIPTS

from altcraft_contract.contract import load_contract

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

RECORDS: Final = 100_000
QUICK_RECORDS: Final = 10_000
TIMES: Final = 10  # as many, to see what grows
PART: Final = 5  # a fifth as many orders where each takes long: those in XML, and those with something to tell
_HERE: Final = Path(__file__).resolve().parent
_AJV: Final = Path("dist", "2020.js")
_FAILED: Final = 1  # exit code of lint
_numbers_of = re.compile(r"^([\d,]+) documents? checked: (?:no findings|([\d,]+) errors?, ([\d,]+) warnings?)$").match


@dataclass(frozen=True, slots=True)
class Run:
    """What came of one process.

    Attributes:
        records: How many orders it looked at.
        broken: How many of them are broken, as far as it tells.
        seconds: From the start of the process to its end.
        loop: From the first order that was read to the last verdict; of ours, the same as *seconds*.
    """

    records: int
    broken: int | None
    seconds: float
    loop: float

    def rate(self) -> float:
        """Orders a second of the whole process."""
        return self.records / self.seconds

    def loop_rate(self) -> float:
        """Orders a second of the loop alone."""
        return self.records / self.loop


class Workshop:
    """A folder with the archives, each of which is written when it is first wanted, and the commands that read them.

    Args:
        folder: An empty one.
        quick: Whether the archives are small.
    """

    def __init__(self, folder: Path, *, quick: bool) -> None:
        self._folder = folder
        self.count = QUICK_RECORDS if quick else RECORDS
        (folder / "cache").mkdir()
        (folder / "empty").mkdir()

    @cached_property
    def orders(self) -> Archive:
        """One order in a hundred is broken."""
        return write_ndjson(self._folder / "orders.ndjson", self.count)

    @cached_property
    def large(self) -> Archive:
        """The same orders again and again."""
        return repeat(self.orders, self._folder / "large.ndjson", TIMES)

    @cached_property
    def packed(self) -> Archive:
        """As `large`, compressed."""
        return compress(self.large, self._folder / "large.ndjson.gz")

    @cached_property
    def broken(self) -> Archive:
        """Each order is broken."""
        return write_ndjson(self._folder / "broken.ndjson", self.count, break_order)

    @cached_property
    def large_broken(self) -> Archive:
        """The same broken orders again and again."""
        return repeat(self.broken, self._folder / "large-broken.ndjson", TIMES)

    @cached_property
    def few_broken(self) -> Archive:
        """As `broken`, but fewer."""
        return write_ndjson(self._folder / "few-broken.ndjson", self.count // PART, break_order)

    @cached_property
    def warned(self) -> Archive:
        """Each order has one warning."""
        return write_ndjson(self._folder / "warned.ndjson", self.count // PART, warn, errors=0, warnings=1)

    @cached_property
    def ruined(self) -> Archive:
        """Each order has five errors."""
        return write_ndjson(self._folder / "ruined.ndjson", self.count // PART, ruin_order, errors=5)

    @cached_property
    def xml_lines(self) -> Archive:
        """One order in a hundred is broken, in XML."""
        return write_xml_lines(self._folder / "orders.xml", self.count // PART)

    @cached_property
    def xml_files(self) -> Archive:
        """The same, each in a file of its own."""
        return write_xml_files(self._folder / "orders", self.count // PART)

    def lint(self, archive: Archive, *options: str) -> Callable[[], Run]:
        """Make what checks an archive, after it has been seen to find in it what is to be found."""
        command = lint_command(archive.path, *options)
        self.assert_found(archive, command)

        def run() -> Run:
            seconds = self._time(command, subprocess.DEVNULL, status=_FAILED if archive.errors else 0)
            return Run(archive.records, None, seconds, seconds)

        return run

    def loop(self, name: str, archive: Archive, count: int | None = None, *, judges: bool = True) -> Callable[[], Run]:
        """Make what runs a loop in Python over the first so many orders.

        Args:
            name: Of the loop.
            archive: What is read.
            count: How many orders; None is all.
            judges: Whether the loop tells which are broken.
        """
        numbers = () if count is None else (str(count),)
        command = [sys.executable, str(_HERE / "bulk_peers.py"), name, str(archive.path), *numbers]
        return lambda: self._run_loop(command, archive, count or archive.records, judges=judges)

    def ajv(self, module: str, archive: Archive) -> Callable[[], Run]:
        """Make what runs the loop in Node."""
        schema = str(load_contract().schema_path("request"))
        command = ["node", str(_HERE / "ajv_peer.mjs"), module, schema, str(archive.path)]
        return lambda: self._run_loop(command, archive, archive.records)

    def assert_found(self, archive: Archive, command: Sequence[str]) -> None:
        """Run our command, and assert that it tells of as many errors and warnings as there are."""
        report = self._folder / "report"
        with report.open("wb") as file:
            self._time(command, file, status=_FAILED if archive.errors else 0)
        with report.open("rb") as file:
            file.seek(max(0, report.stat().st_size - 200))
            last = file.read().decode(errors="replace").splitlines()[-1]
        report.unlink()
        match = _numbers_of(last)
        assert match is not None, last
        found = tuple(int((number or "0").replace(",", "")) for number in match.groups())
        assert found == (archive.records, archive.errors, archive.warnings), (last, archive)

    @cached_property
    def environment(self) -> dict[str, str]:
        """What processes get: bytecode stays in a folder of its own."""
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return kept | {"PYTHONPYCACHEPREFIX": str(self._folder / "cache")}

    @property
    def empty(self) -> Path:
        """Where processes run."""
        return self._folder / "empty"

    def _run_loop(self, command: Sequence[str], archive: Archive, count: int, *, judges: bool = True) -> Run:
        report = self._folder / "loop"
        with report.open("wb") as file:
            seconds = self._time(command, file)
        told: dict[str, Any] = json.loads(report.read_bytes())
        expected = archive.broken * count // archive.records if judges else 0
        assert (told["records"], told["broken"]) == (count, expected), (command, told)
        return Run(count, told["broken"], seconds, told["seconds"])

    def _time(self, command: Sequence[str], out: Any, *, status: int = 0) -> float:
        begin = perf_counter()
        run = subprocess.run(
            command, stdout=out, stderr=subprocess.PIPE, check=False, env=self.environment, cwd=self.empty
        )
        seconds = perf_counter() - begin
        assert run.returncode == status, (command, run.stderr.decode())
        return seconds


def lint_command(path: Path | str, *options: str) -> list[str]:
    """Our command for an archive, or for the standard input."""
    return [str(SCRIPTS / "altcraft-contract"), "lint", *options, str(path)]


def race(candidates: dict[str, Callable[[], Run]], rounds: int, *, are_warm: bool = False) -> dict[str, list[Run]]:
    """Let all run in turn, the order being turned round from round to round.

    Args:
        candidates: Who runs.
        rounds: How often.
        are_warm: Whether all have run before; else the first round does not count.
    """
    runs: dict[str, list[Run]] = {name: [] for name in candidates}
    for number in range(0 if are_warm else -1, rounds):
        for name in candidates if number % 2 else reversed(candidates):
            run = candidates[name]()
            if number >= 0:
                runs[name].append(run)
    return runs


def find_ajv(folder: str | None) -> str | None:
    """Return the path of Ajv for JSON Schema 2020-12; None if it or Node is not there.

    Args:
        folder: Where it was installed; None looks into NODE_PATH, the current folder, and this one.
    """
    if shutil.which("node") is None:
        return None
    named = [*filter(None, os.environ.get("NODE_PATH", "").split(os.pathsep))]
    places = [folder] if folder is not None else [*named, os.curdir, str(_HERE), str(_HERE.parent)]
    return next(_iter_modules(places), None)


def _iter_modules(places: Iterable[str]) -> Iterator[str]:
    for place in map(Path, places):
        for module in (place / "node_modules" / "ajv" / _AJV, place / "ajv" / _AJV, place / _AJV):
            if module.is_file():
                yield str(module.resolve())
