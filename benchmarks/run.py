"""Measure speed, memory and strategies, as ratios against peers in the same run.

    python benchmarks/run.py            # all of it, in some minutes
    python benchmarks/run.py --quick    # fewer rounds and a smaller body, to see that it works

Nothing here passes or fails on a figure: what we aim at stands beside it. What fails is a peer that finds something
else than we do, since it would not have done the same work.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from functools import partial
from itertools import chain
from statistics import median
from typing import TYPE_CHECKING, Final, Protocol

from bodies import make_bodies
from bulk_tables import print_bulk
from drawing import PEER, compare_draws, has_peer, make_peer_strategy, time_generate
from fuzzing_tables import FAULT_COUNT, print_fuzz
from hypothesis import HealthCheck
from hypothesis.strategies import integers
from linting import print_linting
from peers import JsonPeer, XmlPeer
from processes import compare_plugin, compare_starts, measure_memory
from rounds import compare, milliseconds
from serving_tables import print_serving

from altcraft_contract import strategies as st
from altcraft_contract.validation import check_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bodies import Body
    from rounds import Comparison

    class Measure(Protocol):
        """Measures a part and prints its tables."""

        def __call__(self, rounds: int, *, quick: bool) -> None: ...  # noqa: D102 - the class says it


FASTER_THAN_PEER: Final = 20  # times, for a verdict on the documented example
PART_OF_START: Final = 0.4
PLUGIN_ADDS: Final = 10  # ms
TIMES_THE_BODY: Final = 10
PART_OF_INTEGERS: Final = 0.1
FASTER_DRAWS_THAN_PEER: Final = 20
EXAMPLES: Final = 300
QUICK_EXAMPLES: Final = 100
PEER_EXAMPLES: Final = 30  # the peer takes seconds for these
QUICK_PEER_EXAMPLES: Final = 10
PEER_ROUNDS: Final = 5
BODIES: Final = 20_000
QUICK_BODIES: Final = 2_000
OUTPUTS: Final = (("ndjson", "a stream"), ("json", "files"), ("xml", "files"))
WIDTHS: Final = {
    "body": 18,
    "family": 14,
    "tool": 14,
    "server": 8,
    "peer": 19,
    "input": 9,
    "each order": 11,
    "what": 15,
    "sent": 10,
    "we give": 8,
    "ours": 10,
    "to": 8,
}  # of columns whose cells are wider than their heads
MEBIBYTE: Final = 1024 * 1024
SIZE: Final = 64 * MEBIBYTE
QUICK_SIZE: Final = 8 * MEBIBYTE
START_PEERS: Final = (("json", "check-jsonschema"), ("xml", "xmlschema-validate"))
SPEED_HEAD: Final = ("body", "syntax", "we give", "peer", "from", "ours ms", "peer ms", "times", "least", "most", "aim")
START_HEAD: Final = ("syntax", "peer", "ours ms", "peer ms", "part", "least", "most", "aim")
MEMORY_HEAD: Final = ("syntax", "times the body", "aim")
DRAWS_HEAD: Final = ("ours", "peer", "examples", "ours /s", "peer /s", "times", "least", "most", "aim")
GENERATE_HEAD: Final = ("syntax", "to", "bodies /s", "least", "most")


def main(arguments: list[str] | None = None) -> int:
    """Measure, print the tables, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=None, metavar="N", help="rounds of each comparison (default: 21)")
    parser.add_argument("--quick", action="store_true", help="3 rounds, short measurements and a smaller body")
    parser.add_argument("--only", choices=[*PARTS, "bulk", "fuzz"], help="one part only")
    parser.add_argument("--faults", type=int, metavar="N", help=f"faults of the zoo; 0 is all (default: {FAULT_COUNT})")
    parser.add_argument("--schemathesis", metavar="COMMAND", help="the command to compare campaigns with")
    parser.add_argument("--ajv", metavar="FOLDER", help="where Ajv is installed, to compare archives with")
    options = parser.parse_args(arguments)
    rounds = options.rounds or (3 if options.quick else 21)
    if rounds < 1:
        parser.error("--rounds must be at least 1")
    print(f"Python {sys.version.split()[0]}, {rounds} rounds\n")
    fuzz = partial(print_fuzz, print_table, faults=options.faults, command=options.schemathesis)
    bulk = partial(print_bulk, print_table, tell, ajv=options.ajv)
    parts: dict[str, Measure] = {**PARTS, "bulk": bulk, "fuzz": fuzz}
    for name, measure in parts.items():
        if options.only in (None, name):
            measure(rounds, quick=options.quick)
    return 0


def print_checking(rounds: int, *, quick: bool) -> None:
    """Measure checks of bodies and print the tables."""
    size = QUICK_SIZE if quick else SIZE
    print("Speed in one process: how many times as fast as the peer")
    print_table(SPEED_HEAD, iter_speeds(rounds, quick=quick))
    print("Cold start of the whole command on one valid file: part of the peer's time")
    print_table(START_HEAD, iter_starts(rounds))
    print(f"Memory of check_request on a valid body of {size // MEBIBYTE} MiB: largest resident set over its size")
    print_table(MEMORY_HEAD, iter_memory(size))


def print_drawing(rounds: int, *, quick: bool) -> None:
    """Measure strategies and `generate` and print the tables."""
    print("Strategies: examples a second, and how many times as many as the peer's")
    print_table(DRAWS_HEAD, iter_draws(rounds, quick=quick))
    if not has_peer():
        print(f"{PEER} is not installed: not compared with it (it is in the dependency group `bench`)\n")
    count = QUICK_BODIES if quick else BODIES
    print(f"generate: bodies a second of the whole command, which writes {count:,} valid requests")
    print_table(GENERATE_HEAD, iter_generate(count, rounds))


def print_stub(rounds: int, *, quick: bool) -> None:
    """Measure the stub and print the tables."""
    print_serving(print_table, rounds, quick=quick)


def print_table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """Print the rows one by one, as they are measured."""
    widths = [max(len(title), WIDTHS.get(title, 7)) for title in head]
    rule = tuple("-" * width for width in widths)
    for cells in chain((head, rule), rows):
        line = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        print(line.rstrip(), flush=True)
    print()


def iter_speeds(rounds: int, *, quick: bool) -> Iterator[tuple[str, ...]]:
    """Yield a row for each body, syntax, result of ours and input of the peer's."""
    bodies = make_bodies()
    for peer in (JsonPeer(), XmlPeer()):
        for body in bodies:
            verdict, findings = make_ours(body.json if peer.syntax == "json" else body.xml)
            assert_same_work(body, findings, peer.text(body))
            for ours, what in ((verdict, "verdict"), (findings, "findings")):
                for theirs, given in ((peer.parsed(body), "parsed"), (peer.text(body), "text")):
                    times = compare(ours, theirs, rounds=rounds, quick=quick)
                    aim = f"{FASTER_THAN_PEER}" if body is bodies[0] and ours is verdict else ""
                    yield (
                        *(body.name, peer.syntax, what, peer.name, given),
                        *(milliseconds(times.ours), milliseconds(times.peer)),
                        *(*tell(times.speed_ups(), ".1f"), aim),
                    )


def make_ours(text: bytes) -> tuple[Callable[[], object], Callable[[], object]]:
    """Return what gives the verdict on a text, and what gives the findings in it, with their places."""
    return lambda: check_request(text).ok, lambda: check_request(text).findings


def assert_same_work(body: Body, findings: Callable[[], object], count_errors: Callable[[], int]) -> None:
    """Assert that we and the peer find as many errors in a body as it was given."""
    found = findings()
    assert isinstance(found, tuple)
    ours = sum(finding.severity == "error" for finding in found)
    assert ours == body.errors, (body.name, found)
    assert count_errors() == body.errors, (body.name, count_errors())


def iter_starts(rounds: int) -> Iterator[tuple[str, ...]]:
    """Yield a row for each syntax."""
    for syntax, peer in START_PEERS:
        times = compare_starts(syntax, rounds=rounds)
        milli = (milliseconds(times.ours), milliseconds(times.peer))
        yield (syntax, peer, *milli, *tell(times.shares(), ".2f"), f"{PART_OF_START}")


def iter_memory(size: int) -> Iterator[tuple[str, ...]]:
    """Yield a row for each syntax, where the system tells of the resident set."""
    if importlib.util.find_spec("resource") is None:
        return
    for syntax in ("json", "xml"):
        yield syntax, f"{measure_memory(syntax, size):.1f}", f"{TIMES_THE_BODY}"


def iter_draws(rounds: int, *, quick: bool) -> Iterator[tuple[str, ...]]:
    """Yield a row for each strategy that ours is compared with."""
    ours = st.requests()
    examples = QUICK_EXAMPLES if quick else EXAMPLES
    times = compare_draws(ours, integers(), examples=examples, rounds=rounds)
    yield tell_draws("integers()", examples, times, f"{PART_OF_INTEGERS}", ".2f")
    if has_peer():
        examples = QUICK_PEER_EXAMPLES if quick else PEER_EXAMPLES
        times = compare_draws(
            ours,
            make_peer_strategy(),
            examples=examples,
            rounds=min(rounds, PEER_ROUNDS),
            forgiven=list(HealthCheck),
        )
        yield tell_draws(PEER, examples, times, f"{FASTER_DRAWS_THAN_PEER}", ".0f")


def tell_draws(peer: str, examples: int, times: Comparison, aim: str, form: str) -> tuple[str, ...]:
    """Return a row of the table of strategies."""
    rates = [f"{1 / median(seconds):,.3g}" for seconds in (times.ours, times.peer)]
    return ("requests()", peer, f"{examples}", *rates, *tell(times.speed_ups(), form), aim)


def iter_generate(count: int, rounds: int) -> Iterator[tuple[str, ...]]:
    """Yield a row for each syntax."""
    for syntax, to in OUTPUTS:
        options = ("--syntax", syntax)
        rates = sorted(time_generate(options, count, to_files=to == "files") for _ in range(rounds))
        yield syntax, to, *tell(rates, ",.0f")


def tell(ratios: list[float], form: str) -> tuple[str, str, str]:
    """Return the median of sorted ratios, the least and the greatest."""
    return format(median(ratios), form), format(ratios[0], form), format(ratios[-1], form)


def print_plugin(rounds: int, *, quick: bool) -> None:  # noqa: ARG001 - there is nothing to shorten
    """Measure what the pytest plugin costs where nothing of it is used."""
    comparison = compare_plugin(rounds=rounds)
    added = sorted(ours - peer for ours, peer in zip(comparison.ours, comparison.peer, strict=True))
    print("What the plugin adds to pytest --collect-only in an empty project")
    row = (
        *(milliseconds(times) for times in (comparison.ours, comparison.peer)),
        *(f"{seconds * 1000:.1f}" for seconds in (median(added), added[0], added[-1])),
        f"{PLUGIN_ADDS:g}",
    )
    print_table(("with ms", "without ms", "added ms", "least", "most", "aim"), [row])


def print_files(rounds: int, *, quick: bool) -> None:
    """Measure `lint` of many files and print the tables."""
    print_linting(print_table, tell, rounds, quick=quick)


PARTS: Final = {
    "checking": print_checking,
    "files": print_files,
    "drawing": print_drawing,
    "stub": print_stub,
    "plugin": print_plugin,
}

if __name__ == "__main__":
    sys.exit(main())
