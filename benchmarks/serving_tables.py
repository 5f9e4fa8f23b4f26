"""The tables of the stub: rates, latencies, first answers, and what many orders leave behind."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Final

from endurance import can_read_memory, endure
from rounds import Comparison, milliseconds
from servers import PRISM, STUB
from serving import CONNECTIONS, LOADS, compare_first_answers, compare_percentiles, iter_rates, run_servers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from serving import Load, Measured, Rates

    Row = tuple[str, ...]
    PrintTable = Callable[[Row, Iterable[Row]], None]

FASTER_THAN_PEER: Final = dict(zip(CONNECTIONS, ("1.5", "2"), strict=True))  # times, for new orders in JSON
PART_OF_LATENCY: Final = "1"
GROWTH: Final = "1.1"
ROUNDS: Final = 11  # at most
SECONDS: Final = 0.5  # of one load on one server in one round
QUICK_SECONDS: Final = 0.2
WARMING: Final = 5.0  # seconds of one load on one server before the rounds
QUICK_WARMING: Final = 2.0
ORDERS: Final = 200_000
QUICK_ORDERS: Final = 20_000
LOOKS: Final = (0.1, 0.25, 0.5, 0.75, 1.0)  # parts of the orders
MEBIBYTE: Final = 1024 * 1024
RATE_HEAD: Final = ("sent", "syntax", "at once", "peer", "ours /s", "peer /s", "times", "least", "most", "aim")
LATENCY_HEAD: Final = (
    *("sent", "syntax", "at once", "peer", "p50 ms", "peer p50", "p99 ms", "peer p99"),
    *("part", "least", "most", "aim"),
)
START_HEAD: Final = ("peer", "ours ms", "peer ms", "part", "least", "most")
MEMORY_HEAD: Final = ("orders", "resident MiB", "over first", "orders /s", "aim")


def print_serving(print_table: PrintTable, rounds: int, *, quick: bool) -> None:
    """Measure the stub beside its peers and print the tables."""
    rounds = min(rounds, ROUNDS)
    with run_servers() as (servers, missing):
        for line in missing:
            print(line)
        seconds, warming = (QUICK_SECONDS, QUICK_WARMING) if quick else (SECONDS, WARMING)
        measured = list(iter_rates(servers, rounds=rounds, seconds=seconds, warming=warming))
        print("The stub, by connections at once: orders a second, and how many times as many as the peer's")
        print_table(RATE_HEAD, iter_rate_rows(measured))
        print("The stub: latency, and what part of the peer's the 99th percentile is")
        print_table(LATENCY_HEAD, iter_latency_rows(measured))
        peers = [name for name in servers if name != STUB]
    print("The stub: from the start of the process to the first order that is answered; part of the peer's time")
    print_table(START_HEAD, iter_start_rows(peers, rounds))
    if can_read_memory():
        orders = QUICK_ORDERS if quick else ORDERS
        print(f"The stub: resident set as {orders:,} new orders come in, each of which its journal counts")
        print_table(MEMORY_HEAD, iter_memory_rows(orders))


def iter_rate_rows(measured: Iterable[Rates]) -> Iterator[Row]:
    """Yield a row for each load and peer, or for each load that no peer is sent."""
    for rates in measured:
        for load, ours in zip(LOADS, rates.ours, strict=True):
            begin = (load.name, load.syntax, f"{rates.connections}")
            if not is_compared(load, rates):
                yield (*begin, "", tell_rate(ours), *[""] * 5)
                continue
            for name, peer in rates.peers.items():
                times = Comparison(ours.seconds, peer.seconds).speed_ups()
                aim = FASTER_THAN_PEER[rates.connections] if is_judged(load, name) else ""
                yield (*begin, name, tell_rate(ours), tell_rate(peer), *tell(times, ".2f"), aim)


def iter_latency_rows(measured: Iterable[Rates]) -> Iterator[Row]:
    """Yield a row for each load and peer, or for each load that no peer is sent."""
    for rates in measured:
        for load, ours in zip(LOADS, rates.ours, strict=True):
            begin = (load.name, load.syntax, f"{rates.connections}")
            if not is_compared(load, rates):
                yield (*begin, "", tell_latency(ours, 50), "", tell_latency(ours, 99), *[""] * 5)
                continue
            for name, peer in rates.peers.items():
                middle, high = ((tell_latency(ours, percent), tell_latency(peer, percent)) for percent in (50, 99))
                shares = compare_percentiles(ours, peer, 99).shares()
                aim = PART_OF_LATENCY if is_judged(load, name) else ""
                yield (*begin, name, *middle, *high, *tell(shares, ".2f"), aim)


def iter_start_rows(peers: Iterable[str], rounds: int) -> Iterator[Row]:
    """Yield a row for each peer."""
    for name in peers:
        times = compare_first_answers(name, rounds=rounds)
        milli = (milliseconds(times.ours), milliseconds(times.peer))
        yield (name, *milli, *tell(times.shares(), ".2f"))


def iter_memory_rows(orders: int) -> Iterator[Row]:
    """Yield a row for each look."""
    run = endure([round(orders * part) for part in LOOKS])
    for answered, resident, rate in zip(run.answered, run.resident, run.rates, strict=True):
        growth = resident / run.resident[0]
        aim = GROWTH if answered == orders else ""
        yield f"{answered:,}", f"{resident / MEBIBYTE:.1f}", f"{growth:.2f}", f"{rate:,.0f}", aim


def is_compared(load: Load, rates: Rates) -> bool:
    """Tell whether peers are sent the like of a load."""
    return load.syntax == "json" and bool(rates.peers)


def is_judged(load: Load, peer: str) -> bool:
    """Tell whether the ratio to a peer has an aim."""
    return load is LOADS[0] and peer == PRISM


def tell_rate(measured: Measured) -> str:
    """Return the median of the rates."""
    return f"{median(each.rate for each in measured.drives):,.0f}"


def tell_latency(measured: Measured, percent: int) -> str:
    """Return a percentile of the latencies of all rounds, in milliseconds."""
    return f"{measured.percentile(percent) * 1000:.2f}"


def tell(ratios: list[float], form: str) -> tuple[str, str, str]:
    """Return the median of sorted ratios, the least and the greatest."""
    return format(median(ratios), form), format(ratios[0], form), format(ratios[-1], form)
