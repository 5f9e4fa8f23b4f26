"""Where a run keeps what it needs to be gone on with, and what `replay` sends again."""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from altcraft_contract.errors import ConfigurationFault, UnreadableFile
from altcraft_contract.fuzz.case_file import write_case_file
from altcraft_contract.fuzz.naming import make_run_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from altcraft_contract.fuzz.case import Trial
    from altcraft_contract.fuzz.exchange import Exchange
    from altcraft_contract.fuzz.failure import Failure
    from altcraft_contract.fuzz.settings import CampaignSettings

VERSION: Final = 1
RUNS: Final = "runs"
CASES: Final = "cases"
_RUN_FILE: Final = "run.ndjson"
_JOURNAL: Final = "journal.ndjson"
_AHEAD: Final = 10_000  # numbers of orders that the interrupted run may have used without telling
_run_id = re.compile(r"acf-[0-9a-f]{8}").fullmatch


class RunDirectory:
    """The directory of one run, or none.

    Attributes:
        run: Id of the run.
        path: The directory; None if nothing is kept.
        journal: File that lists the orders; None if there is none.
        plan_settings: What the trials are planned by: those of the run that is gone on with.
        done: Ids of the trials that need not be sent again.
        next_number: Of the next order.
    """

    def __init__(self, run: str, directory: Path | None, settings: CampaignSettings) -> None:
        self.run = run
        self.path = str(directory) if directory is not None else None
        self.plan_settings = settings
        self.done: frozenset[str] = frozenset()
        self.next_number = 1
        self._file: IO[str] | None = None
        self.journal = str(settings.journal) if settings.journal is not None else None
        if self.journal is None and directory is not None and not settings.dry_run:
            self.journal = str(directory / _JOURNAL)

    def note(self, trial: Trial, exchanges: Sequence[Exchange]) -> None:
        """Write down a trial that showed nothing."""
        if self._file is None:
            return
        numbers = [exchange.case.external_id for exchange in exchanges if exchange.case.external_id]
        line = json.dumps({"trial": trial.id, "orders": numbers[-1:]})
        with suppress(OSError, ValueError):
            self._file.write(f"{line}\n")
            self._file.flush()

    def keep(self, failure: Failure, target: str) -> None:
        """Write the case file of a failure."""
        if self.path is not None:
            write_case_file(failure, Path(self.path) / CASES, run=self.run, target=target)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def _open(self, header: dict[str, Any] | None) -> None:
        if self.path is None:
            return
        file = Path(self.path) / _RUN_FILE
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            (file.parent / CASES).mkdir(exist_ok=True)
            ignore = file.parent.parent.parent / ".gitignore"
            if file.parent.parent.name == RUNS and not ignore.exists():
                ignore.write_text("*\n", encoding="utf-8")
            is_torn = file.exists() and not file.read_bytes().endswith(b"\n")
            self._file = os.fdopen(os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w", encoding="utf-8")
            if is_torn:
                self._file.write("\n")
            if header is not None:
                self._file.write(f"{json.dumps(header)}\n")
                self._file.flush()
        except OSError as error:
            raise UnreadableFile(str(file), f"cannot be written: {str(error.strerror).lower()}") from None


def _digest(settings: CampaignSettings) -> str:
    """Tells values from others, without telling them."""
    return sha256(repr(settings.values).encode(errors="backslashreplace")).hexdigest()[:16]


def open_run(settings: CampaignSettings, target_url: str) -> RunDirectory:
    """The directory of a new run, or of the one to go on with.

    Args:
        settings: Of the campaign.
        target_url: Of the endpoint.

    Raises:
        ConfigurationFault: if there is no such run, or its file is none.
        UnreadableFile: if it cannot be read or written.
    """
    if settings.resume is not None:
        return _resume(settings, target_url)
    run = make_run_id()
    home = Path(settings.directory) / RUNS / run if settings.directory is not None and not settings.dry_run else None
    opened = RunDirectory(run, home, settings)
    header = {
        "version": VERSION,
        "run": run,
        "seed": settings.seed,
        "phases": list(settings.phases),
        "max_requests": settings.max_requests,
        "with_triggers": settings.with_triggers,
        "target": target_url,
        "values": _digest(settings),
    }
    opened._open(header)  # noqa: SLF001 - its own constructor in another dress
    return opened


def find_run(name: str, directory: str | Path | None) -> Path:
    """The directory of a run that is named by its id, its path, or as `latest`.

    Raises:
        ConfigurationFault: if there is none.
    """
    runs = Path(directory or ".") / RUNS
    if name == "latest":
        known = [path for path in runs.glob("acf-*") if (path / _RUN_FILE).is_file()] if runs.is_dir() else []
        if known:
            return max(known, key=lambda path: (path / _RUN_FILE).stat().st_mtime)
        raise ConfigurationFault("the run", f"there is none in {runs}")
    home = runs / name if _run_id(name) else Path(name)
    if not (home / _RUN_FILE).is_file():
        raise ConfigurationFault("the run", f"{name}: there is no such run in {runs}")
    return home


def _resume(settings: CampaignSettings, target_url: str) -> RunDirectory:
    home = find_run(str(settings.resume), settings.directory)
    try:
        lines = (home / _RUN_FILE).read_text(encoding="utf-8").splitlines()
        header = json.loads(lines[0])
        planned = replace(
            settings,
            seed=int(header["seed"]),
            phases=tuple(header["phases"]),
            max_requests=int(header["max_requests"]),
            with_triggers=header["with_triggers"] is True and settings.with_triggers,
        )
        run = str(header["run"])
        known = header["version"] == VERSION and _run_id(run)
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise UnreadableFile(str(home / _RUN_FILE), f"is not the file of a run: {type(error).__name__}") from None
    if not known:
        raise UnreadableFile(str(home / _RUN_FILE), "is not the file of a run of this version")
    if header.get("target") != target_url:
        raise ConfigurationFault("the run", f"{run} went to {header.get('target')}; give that URL, or begin a new run")
    if header.get("values") != _digest(settings):
        raise ConfigurationFault("the run", f"{run} was made of other values; give the same ones, or begin a new run")
    opened = RunDirectory(run, home, settings)
    opened.plan_settings = planned
    opened.done, last = _read_done(lines[1:], run)
    opened.next_number = last + _AHEAD
    opened._open(None)  # noqa: SLF001 - as above
    return opened


def _read_done(lines: Sequence[str], run: str) -> tuple[frozenset[str], int]:
    """Ids of trials, and the highest number of an order; lines that are not whole are passed over."""
    done: set[str] = set()
    last = 0
    for line in lines:
        try:
            members = json.loads(line)
            done.add(str(members["trial"]))
            for name in members["orders"]:
                number = re.match(rf"{run}-([0-9]{{1,12}})", name)
                last = max(last, int(number[1]) if number else 0)
        except (ValueError, LookupError, TypeError):
            continue
    return frozenset(done), last
