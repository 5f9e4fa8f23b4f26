"""The tables of campaigns: how fast they are, and what they find."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Final

from campaigns import (
    REQUESTS,
    fit_examples,
    hunt,
    hunt_peer,
    iter_paces,
    iter_peer_runs,
    judge_peer,
    run_fuzz_server,
)
from fuzz_peer import NAME, find_peer
from zoo import FAULTS, pick_faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from campaigns import Found, Pace
    from fuzz_peer import Peer

    Row = tuple[str, ...]
    Tools = dict[str, tuple[Found, list[Found]]]  # of the server without a fault, and of each fault
    PrintTable = Callable[[Row, Iterable[Row]], None]

TIMES_THE_PEER: Final = 30
SHARE_FOUND: Final = 95  # in a hundred
FALSE_ALARMS: Final = 0
FAULT_COUNT: Final = 40
QUICK_FAULTS: Final = 4
ROUNDS: Final = 5  # at most: the peer is slow
QUICK_REQUESTS: Final = 300
EXAMPLES: Final = 50  # of the peer's fuzzing phase, where it is measured
QUICK_EXAMPLES: Final = 10
SECONDS: Final = 300.0  # of a run of the peer against a fault
LONG: Final = 600.0  # the same, against the server without one, which all others are compared with
SERVERS: Final = ("yielding", "correct")
PACES_HEAD: Final = ("server", "ours", "peer phase", "ours /s", "peer /s", "times", "least", "most", "aim")
ZOO_HEAD: Final = ("tool", "faults", "found", "share %", "aim", "false alarms", "requests", "to first", "cut off")
FAMILY_HEAD: Final = ("family", "faults", "ours", "peer", "looking inside")


def print_fuzz(
    print_table: PrintTable, rounds: int, *, quick: bool, faults: int | None = None, command: str | None = None
) -> None:
    """Measure campaigns beside Schemathesis and print the tables.

    Args:
        print_table: Prints a table.
        rounds: How many rounds count, if they are not too many.
        quick: Whether little is done.
        faults: How many faults of the zoo are tried; 0 is all.
        command: Of Schemathesis; None looks for it.
    """
    requests = QUICK_REQUESTS if quick else REQUESTS
    peer, examples, missing = find_working_peer(command, REQUESTS)
    if missing:
        print(f"{missing}: not compared with it\n")
    if peer is not None:
        print(f"Campaigns: cases a second on one connection, and how many times as many as {NAME} {peer.version}")
        count = QUICK_EXAMPLES if quick else EXAMPLES
        print_table(PACES_HEAD, iter_pace_rows(peer, min(rounds, ROUNDS), requests, count))
    names = pick_faults((QUICK_FAULTS if quick else FAULT_COUNT) if faults is None else faults)
    print(f"The zoo: {len(names)} of its {len(FAULTS)} faults, each found or not within {REQUESTS:,} requests")
    tools = hunt_all(names, peer, examples)
    print_table(ZOO_HEAD, iter_zoo_rows(tools))
    print("The zoo: faults found, by family")
    print_table(FAMILY_HEAD, iter_family_rows(names, tools))
    beyond = find_beyond(tools, "ours")
    missed = [name for name, requests in zip(names, beyond, strict=True) if not requests]
    print(f"Not found by ours: {', '.join(missed) or 'none'}\n")


def find_working_peer(command: str | None, requests: int) -> tuple[Peer | None, int, str]:
    """Return the peer and its `--max-examples`, or a line that says why there is none."""
    peer = find_peer(command)
    if peer is None:
        return None, 0, f"{NAME} is neither beside Python nor on the PATH (--schemathesis COMMAND)"
    examples, problem = fit_examples(peer, requests, LONG)
    if problem:
        return None, 0, f"{NAME} {peer.version} does not work here ({problem})"
    return peer, examples, ""


def iter_pace_rows(peer: Peer, rounds: int, requests: int, examples: int) -> Iterator[Row]:
    """Yield a row for each server, and what is compared there."""
    for server in SERVERS:
        with run_fuzz_server(server) as port:
            paces = list(iter_paces(peer, port, rounds=rounds, requests=requests, examples=examples))
        for ours, phase in (
            ("campaign", "fuzzing"),
            ("command", "fuzzing"),
            ("campaign", "coverage"),
            ("command", "coverage"),
        ):
            rates = [(rate_ours(each[ours]), rate_peer(each[phase], is_whole=ours == "command")) for each in paces]
            times = sorted(first / second for first, second in rates)
            aim = f"{TIMES_THE_PEER}" if phase == "fuzzing" and server == SERVERS[0] else ""
            yield (
                *(server, ours, phase),
                *(f"{median(column):,.3g}" for column in zip(*rates, strict=True)),
                *(f"{value:.1f}" for value in (median(times), times[0], times[-1])),
                aim,
            )


def rate_ours(pace: Pace) -> float:
    """Cases a second of the whole call or process."""
    return pace.requests / pace.seconds


def rate_peer(pace: Pace, *, is_whole: bool) -> float:
    """Cases a second of the whole process, or from the first request to the last."""
    return pace.requests / pace.seconds if is_whole else (pace.requests - 1) / pace.span


def hunt_all(names: list[str], peer: Peer | None, examples: int) -> Tools:
    """Return for each tool what it told of the server without a fault, and of each fault."""
    tools = {"ours": (hunt(None, REQUESTS), [hunt(name, REQUESTS) for name in names])}
    if peer is not None:
        right = hunt_peer(peer, None, examples=examples, seconds=LONG)
        runs = list(iter_peer_runs(peer, names, examples=examples, seconds=SECONDS))
        for title, looks_inside in (("peer", False), ("looking inside", True)):
            found = [judge_peer(run, REQUESTS, looks_inside=looks_inside) for run in runs]
            tools[title] = (judge_peer(right, REQUESTS, looks_inside=looks_inside), found)
    return tools


def find_beyond(tools: Tools, tool: str) -> list[list[int]]:
    """Return for each fault the requests that showed what a tool did not tell of the server without a fault."""
    right, found = tools[tool]
    return [each.beyond(right) for each in found]


def iter_zoo_rows(tools: Tools) -> Iterator[Row]:
    """Yield a row for each tool."""
    for tool, (right, found) in tools.items():
        beyond = find_beyond(tools, tool)
        firsts = [requests[0] for requests in beyond if requests]
        is_ours = tool == "ours"
        yield (
            *(tool, f"{len(found)}", f"{len(firsts)}", f"{100 * len(firsts) / len(found):.0f}"),
            *(f"{SHARE_FOUND}" if is_ours else "", f"{len(right.first)}"),
            *(f"{median(each.requests for each in found):,.0f}", f"{median(firsts):,.0f}" if firsts else ""),
            f"{sum(each.is_cut for each in found)}",
        )


def iter_family_rows(names: list[str], tools: Tools) -> Iterator[Row]:
    """Yield a row for each family of faults."""
    families = list(dict.fromkeys(FAULTS[name].family for name in names))
    for family in families:
        places = [place for place, name in enumerate(names) if FAULTS[name].family == family]
        counts = [
            f"{sum(bool(find_beyond(tools, tool)[place]) for place in places)}" if tool in tools else ""
            for tool in FAMILY_HEAD[2:]
        ]
        yield (family, f"{len(places)}", *counts)
