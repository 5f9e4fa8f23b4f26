"""The tables of archives: rates beside peers and limits, what findings cost, scaling, and memory."""

from __future__ import annotations

import importlib.util
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final, NamedTuple

from bulk import Run, Workshop, find_ajv, lint_command, race
from bulk_cluster import has_dask, run_cluster
from bulk_memory import can_measure, measure_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from archives import Archive

    Row = tuple[str, ...]
    Table = Callable[[Row, Iterable[Row]], None]
    Tell = Callable[[list[float], str], tuple[str, str, str]]
    Rate = Callable[[Run], float]

FASTER_THAN_JSONSCHEMA: Final = "60"  # times
FASTER_THAN_AJV: Final = "1.3"
FASTER_THAN_XMLSCHEMA: Final = "40"
TWO_CORES: Final = "1.7"
TWO_WORKERS: Final = "1.5"
MOST_MEMORY: Final = "200"  # MB, of all processes together
SLICE: Final = 2_000  # orders that slow peers are given
XML_SLICE: Final = 500
_ROUNDS: Final = 7  # at most; each takes a quarter of a minute
_LARGE_ROUNDS: Final = 3
_MEGABYTE: Final = 1_000_000
_JOBS: Final = ("2", "1")
_NDJSON: Final = "NDJSON"
_RATE_HEAD: Final = ("input", "jobs", "peer", "its time", "ours /s", "peer /s", "times", "least", "most", "aim")
_LIMIT_HEAD: Final = ("alone", "orders /s", "MB /s", "of it", "least", "most")
_FINDINGS_HEAD: Final = ("each order", "jobs", "orders /s", "findings /s", "least", "most")
_SCALING_HEAD: Final = ("input", "orders", "two /s", "one /s", "times", "least", "most", "aim")
_MEMORY_HEAD: Final = ("what", "orders", "input MB", "largest MB", "all MB", "aim")
_LIMITS: Final = {"json": ("lines", "orjson", "jiter", "json"), "xml": ("lines", "lxml", "expat")}


class Peer(NamedTuple):
    """What we are compared with.

    Attributes:
        name: Of the candidate.
        time: `loop` for that of its loop, `process` for that of its process.
        aim: How many times as fast we want to be with two processes.
    """

    name: str
    time: str
    aim: str = ""

    def rate(self, run: Run) -> float:
        """Its orders a second."""
        return run.loop_rate() if self.time == "loop" else run.rate()


_JSON_PEERS: Final = (
    Peer("jsonschema", "loop", FASTER_THAN_JSONSCHEMA),
    Peer("Ajv", "loop", FASTER_THAN_AJV),
    Peer("Ajv", "process", FASTER_THAN_AJV),
    Peer("jsonschema-rs", "loop"),
)
_XML_PEERS: Final = (Peer("xmlschema", "loop", FASTER_THAN_XMLSCHEMA),)


class Printer(NamedTuple):
    """How tables are made.

    Attributes:
        table: Prints one.
        tell: Gives the median, the least and the greatest of some ratios.
        rounds: How many rounds of what takes seconds.
    """

    table: Table
    tell: Tell
    rounds: int

    def ratios(self, above: list[Run], below: list[Run], rate: Rate, form: str = ".2f") -> tuple[str, str, str]:
        """Tell how many times as many orders a second there were, round by round."""
        return self.tell(sorted(one.rate() / rate(other) for one, other in zip(above, below, strict=True)), form)


def print_bulk(print_table: Table, tell: Tell, rounds: int, *, quick: bool, ajv: str | None = None) -> None:
    """Measure and print the tables.

    Args:
        print_table: Prints one.
        tell: Gives the median, the least and the greatest of some ratios.
        rounds: How many rounds.
        quick: Whether the archives are small.
        ajv: Folder of Ajv, or of the `node_modules` that it is in.
    """
    printer = Printer(print_table, tell, min(rounds, _ROUNDS))
    with tempfile.TemporaryDirectory() as folder:
        shop = Workshop(Path(folder), quick=quick)
        _print_json(printer, shop, find_ajv(ajv))
        _print_xml(printer, shop)
        _print_findings(printer, shop)
        _print_cluster(printer, shop, Path(folder))
        _print_memory(printer, shop)


def _print_json(printer: Printer, shop: Workshop, module: str | None) -> None:
    orders = shop.orders
    ours = _lints(shop, {_NDJSON: orders})
    peers = {"jsonschema": shop.loop("jsonschema", orders, SLICE)}
    if module is None:
        print("Ajv or Node is not found: not compared with it (npm install ajv, then --ajv FOLDER)")
    else:
        peers["Ajv"] = shop.ajv(module, orders)
    if _is_installed("orjson"):
        peers["jsonschema-rs"] = shop.loop("jsonschema-rs", orders)
    limits = _limits(shop, "json", orders)
    runs = race({**ours, **peers, **limits}, printer.rounds)
    print(
        f"lint of {orders.records:,} orders in one file of {orders.size / _MEGABYTE:.0f} MB, {orders.broken:,} broken"
    )
    printer.table(_RATE_HEAD, _iter_rates(printer, runs, list(ours), _JSON_PEERS))
    print("Less than a check, alone and on one core; and what part of that rate lint --jobs 1 has")
    printer.table(_LIMIT_HEAD, _iter_limits(printer, runs, limits, orders))
    _print_jobs(printer, shop, runs)


def _print_xml(printer: Printer, shop: Workshop) -> None:
    lines = shop.xml_lines
    ours = _lints(shop, {"XML lines": lines, "XML files": shop.xml_files})
    peers = {"xmlschema": shop.loop("xmlschema", lines, XML_SLICE)}
    limits = _limits(shop, "xml", lines)
    runs = race({**ours, **peers, **limits}, printer.rounds)
    print(f"lint of {lines.records:,} orders in XML, {lines.size / _MEGABYTE:.0f} MB, {lines.broken:,} broken")
    printer.table(_RATE_HEAD, _iter_rates(printer, runs, list(ours), _XML_PEERS))
    print("Less than a check, alone and on one core; and what part of that rate lint --jobs 1 has")
    printer.table(_LIMIT_HEAD, _iter_limits(printer, runs, limits, lines))
    print("lint of orders in XML with --jobs 2 beside --jobs 1")
    printer.table(_SCALING_HEAD, [_scaling_row(printer, runs, name, lines) for name in ("XML lines", "XML files")])


def _print_jobs(printer: Printer, shop: Workshop, runs: dict[str, list[Run]]) -> None:
    """Tell what the second process is worth: for the archive that was measured, and for a larger one."""
    large = race(_lints(shop, {_NDJSON: shop.large}), min(printer.rounds, _LARGE_ROUNDS), are_warm=True)
    print("lint of orders in one file with --jobs 2 beside --jobs 1")
    rows = (_scaling_row(printer, runs, _NDJSON, shop.orders), _scaling_row(printer, large, _NDJSON, shop.large))
    printer.table(_SCALING_HEAD, rows)


def _print_findings(printer: Printer, shop: Workshop) -> None:
    archives = {"one error": shop.few_broken, "one warning": shop.warned, "five errors": shop.ruined}
    runs = race(_lints(shop, archives), min(printer.rounds, _LARGE_ROUNDS), are_warm=True)
    print(f"lint of {shop.warned.records:,} orders, each of which has something to tell")
    printer.table(_FINDINGS_HEAD, _iter_findings(printer, runs, archives))


def _print_cluster(printer: Printer, shop: Workshop, folder: Path) -> None:
    if not has_dask():
        print("Dask is not installed: not measured on a cluster (pip install 'altcraft-contract[distributed]')\n")
        return
    with ExitStack() as stack:
        archive = shop.large
        candidates = {}
        for workers in _JOBS:
            cluster = run_cluster(int(workers), folder / f"workers-{workers}", shop.environment)
            candidates[f"{_NDJSON} {workers}"] = shop.lint(archive, "--cluster", stack.enter_context(cluster))
        runs = race(candidates, min(printer.rounds, _LARGE_ROUNDS), are_warm=True)
    print("lint --cluster: two workers of Dask with one thread each, beside one")
    printer.table(_SCALING_HEAD, [_scaling_row(printer, runs, _NDJSON, archive, TWO_WORKERS)])


def _print_memory(printer: Printer, shop: Workshop) -> None:
    if can_measure():
        print("Largest resident sets of lint --jobs 2: of the process that takes most, and of all, added up")
        printer.table(_MEMORY_HEAD, _iter_memory(shop))


def _lints(shop: Workshop, archives: dict[str, Archive]) -> dict[str, Callable[[], Run]]:
    """Make candidates of ours, with two processes and with one."""
    return {
        f"{name} {jobs}": shop.lint(archive, "--jobs", jobs) for name, archive in archives.items() for jobs in _JOBS
    }


def _limits(shop: Workshop, syntax: str, archive: Archive) -> dict[str, Callable[[], Run]]:
    names = (name for name in _LIMITS[syntax] if name != "orjson" or _is_installed(name))
    return {name: shop.loop(name, archive, judges=False) for name in names}


def _is_installed(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def _iter_rates(
    printer: Printer, runs: dict[str, list[Run]], ours: Iterable[str], peers: Iterable[Peer]
) -> Iterator[Row]:
    """Yield a row for each of ours and each peer that was there."""
    for name in ours:
        archive, _, jobs = name.rpartition(" ")
        for peer in peers:
            if peer.name in runs:
                rates = (_rate(runs[name], Run.rate), _rate(runs[peer.name], peer.rate))
                ratios = printer.ratios(runs[name], runs[peer.name], peer.rate)
                yield archive, jobs, peer.name, peer.time, *rates, *ratios, peer.aim if jobs == _JOBS[0] else ""


def _iter_limits(
    printer: Printer, runs: dict[str, list[Run]], limits: Iterable[str], archive: Archive
) -> Iterator[Row]:
    """Yield a row for each limit."""
    ours = runs[next(name for name in runs if name.endswith(_JOBS[1]))]
    for name in limits:
        rate = median(run.loop_rate() for run in runs[name])
        megabytes = rate * archive.size / archive.records / _MEGABYTE
        yield name, f"{rate:,.0f}", f"{megabytes:,.0f}", *printer.ratios(ours, runs[name], Run.loop_rate)


def _iter_findings(printer: Printer, runs: dict[str, list[Run]], archives: dict[str, Archive]) -> Iterator[Row]:
    for name, archive in archives.items():
        findings = (archive.errors + archive.warnings) / archive.records
        for jobs in _JOBS:
            middle, *ends = printer.tell(sorted(run.rate() for run in runs[f"{name} {jobs}"]), ",.0f")
            told = median(run.rate() for run in runs[f"{name} {jobs}"]) * findings
            yield name, jobs, middle, f"{told:,.0f}", *ends


def _scaling_row(
    printer: Printer, runs: dict[str, list[Run]], name: str, archive: Archive, aim: str = TWO_CORES
) -> Row:
    two, one = (runs[f"{name} {jobs}"] for jobs in _JOBS)
    rates = (_rate(two, Run.rate), _rate(one, Run.rate))
    return name, f"{archive.records:,}", *rates, *printer.ratios(two, one, Run.rate), aim


def _iter_memory(shop: Workshop) -> Iterator[Row]:
    """Yield a row for each kind of input; what is not needed any more is removed."""
    cases = (
        ("NDJSON", shop.orders, False),
        ("NDJSON", shop.large, False),
        ("gzip", shop.packed, False),
        ("pipe", shop.large, True),
        ("all broken", shop.broken, False),
        ("all broken", shop.large_broken, False),
        ("XML lines", shop.xml_lines, False),
        ("XML files", shop.xml_files, False),
    )
    for name, archive, is_piped in cases:
        yield _memory_row(shop, name, archive, is_piped=is_piped)


def _memory_row(shop: Workshop, name: str, archive: Archive, *, is_piped: bool) -> Row:
    memory = measure_memory(
        lint_command("-" if is_piped else archive.path, "--jobs", _JOBS[0]),
        status=int(archive.errors > 0),
        environment=shop.environment,
        folder=shop.empty,
        piped=archive.path if is_piped else None,
    )
    sizes = (archive.size, memory.largest, memory.together)
    return name, f"{archive.records:,}", *(f"{size / _MEGABYTE:,.0f}" for size in sizes), MOST_MEMORY


def _rate(runs: Iterable[Run], rate: Rate) -> str:
    return f"{median(map(rate, runs)):,.0f}"
