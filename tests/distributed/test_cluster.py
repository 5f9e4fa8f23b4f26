"""A real cluster: the same findings as one machine, whatever becomes of workers and schedulers."""

from __future__ import annotations

import gzip
import os
import resource
import socket
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from altcraft_contract.distributed import connection
from altcraft_contract.distributed.cluster import Patience, iter_outcomes
from altcraft_contract.distributed.parts import PartSizes
from altcraft_contract.documents.limits import Limits
from altcraft_contract.errors import TargetUnreachable
from altcraft_contract.lint.bulk import pool
from altcraft_contract.lint.bulk.cutting import iter_chunks
from altcraft_contract.lint.bulk.work import Plan
from altcraft_contract.lint.lint_options import LintOptions
from tests.distributed.clusters import Cluster, wait_for_reader
from tests.distributed.orders import Faulty, faults_in, named, order_texts, rows_in
from tests.lint.bulk.payloads import Deadly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from altcraft_contract.lint.bulk.work import Outcome
    from altcraft_contract.lint.payloads import Payload

pytestmark = [
    pytest.mark.costly,
    pytest.mark.xdist_group("cluster"),
    pytest.mark.skipif(os.name != "posix", reason="signals and named pipes of POSIX"),
]

PLAN = Plan(LintOptions())
PARTS = PartSizes(span=20_000, small=1, files=3)
HASTY = Patience(scheduler=0.5, workers=0.3, look=0.1)


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """An archive of several parts."""
    file = tmp_path / "orders.ndjson"
    file.write_text("\n".join(order_texts(100)))
    return file


@pytest.fixture
def fifo(tmp_path: Path) -> Path:
    """A file that keeps whoever reads it."""
    os.mkfifo(tmp_path / "waiting.ndjson")
    return tmp_path / "waiting.ndjson"


@pytest.fixture
def frail_cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster without workers yet, which gives a part up as soon as it kills one."""
    folder = tmp_path / "frail"
    folder.mkdir()
    with Cluster(folder, failures=0) as cluster:
        yield cluster


def run(payloads: list[Payload], cluster: Cluster, *, plan: Plan = PLAN) -> list[Outcome]:
    """Check on a cluster, in many parts."""
    return list(iter_outcomes(payloads, plan, cluster.address, sizes=PARTS))


def run_alone(payloads: list[Payload]) -> list[Outcome]:
    """Check in this process."""
    return list(pool.iter_outcomes(iter_chunks(payloads, PLAN.options), PLAN, jobs=1))


def once_read(fifo: Path, act: Callable[[], object]) -> Thread:
    """Do something as soon as a worker reads *fifo*, then let the worker go on."""

    def wait() -> None:
        end = wait_for_reader(fifo)
        act()
        os.close(end)

    thread = Thread(target=wait)
    thread.start()
    return thread


def test_a_cluster_goes_on_when_a_worker_is_killed(cluster: Cluster, orders: Path, tmp_path: Path) -> None:
    """A worker that is killed half-way changes nothing: what it was about is done by the other one."""
    times, middle = tmp_path / "times", tmp_path / "middle.ndjson"
    times.write_bytes(b"!")
    middle.write_text("\n".join(order_texts(5)))  # one part, which is not opened here

    found = run([named(orders), Deadly(middle, times), named(orders)], cluster)

    assert [worker.poll() for worker in cluster.workers].count(None) == 1
    assert not faults_in(found)
    assert rows_in(found) == rows_in(run_alone([named(orders), named(middle), named(orders)]))
    assert sum(outcome.tally.documents for outcome in found) == 205


def test_what_kills_every_worker_is_told_and_the_rest_goes_on(
    frail_cluster: Cluster, orders: Path, tmp_path: Path
) -> None:
    """A file that nobody survives is told as unreadable after some tries; files beside it are checked."""
    frail_cluster.have_workers(1, nanny=True)
    times, deadly = tmp_path / "times", tmp_path / "deadly.ndjson"
    times.write_bytes(b"!" * 100)
    deadly.write_text("\n".join(order_texts(5)))  # as above

    found = run([named(orders), Deadly(deadly, times), named(orders)], frail_cluster)

    reason = "the workers that checked it were killed, again and again (out of memory?)"
    assert faults_in(found) == [f"{deadly}: {reason}"]
    assert rows_in(found) == rows_in(run_alone([named(orders), named(orders)]))


@pytest.mark.parametrize("failures", [1, 2])
def test_a_part_that_fails_is_told_and_the_numbers_behind_it_are_right(
    failures: int, cluster: Cluster, orders: Path, tmp_path: Path
) -> None:
    """If a part fails, its records are counted at least; if that fails, too, the numbers are said to be off."""
    times = tmp_path / "times"
    times.write_bytes(b"!" * failures)

    found = run([Faulty(orders, times)], cluster)

    (fault,) = faults_in(found)
    assert fault.startswith(
        f"{orders}: the lines that begin at bytes 0 to 20,000: the worker failed: RuntimeError: a bug of"
    )
    assert fault.endswith("record and line numbers behind it are too small") is (failures == 2)
    expected, rows = rows_in(run_alone([named(orders)])), rows_in(found)
    lost = len(expected) - len(rows)
    assert 0 < lost < len(expected)
    assert (rows == expected[lost:]) is (failures == 1)


def test_a_scheduler_that_goes_away_leaves_what_was_found(frail_cluster: Cluster, orders: Path, fifo: Path) -> None:
    """Without a scheduler the run ends, keeps what it has, and names each file without a verdict."""
    frail_cluster.have_workers(1)
    outcomes = iter_outcomes(
        [named(orders), named(fifo), named(orders)],
        PLAN,
        frail_cluster.address,
        sizes=PartSizes(1 << 20, 1),
        patience=HASTY,
    )

    first = next(outcomes)
    killer = once_read(fifo, frail_cluster.scheduler.kill)
    rest = list(outcomes)

    killer.join()
    assert rows_in([first]) == rows_in(run_alone([named(orders)]))
    reason = "the cluster is gone: the connection to the scheduler is lost"
    assert faults_in(rest) == [f"{fifo}: {reason}", f"{orders}: {reason}"]


def test_nobody_waits_for_workers_for_ever(frail_cluster: Cluster, orders: Path, fifo: Path) -> None:
    """Without any worker the run ends after a while, as without a scheduler."""
    with pytest.raises(TargetUnreachable, match=r"has no worker; start one with: dask worker tcp://127\.0\.0\.1:"):
        next(iter_outcomes([], PLAN, frail_cluster.address))
    frail_cluster.have_workers(1)
    outcomes = iter_outcomes(
        [named(orders), named(fifo)], PLAN, frail_cluster.address, sizes=PartSizes(1 << 20, 1), patience=HASTY
    )

    first = next(outcomes)
    killer = once_read(fifo, frail_cluster.workers[0].kill)
    rest = list(outcomes)

    killer.join()
    assert rows_in([first]) == rows_in(run_alone([named(orders)]))
    assert faults_in(rest) == [f"{fifo}: the cluster is gone: it has had no worker for 0 seconds"]


def test_a_file_that_only_workers_miss_is_told_with_the_worker(cluster: Cluster, tmp_path: Path) -> None:
    """Who sees the file is told on which worker it is missing."""
    (fault,) = faults_in(run([named(tmp_path / "elsewhere.ndjson")], cluster))

    assert "no such file or directory (on worker tcp://127.0.0.1:" in fault
    assert fault.endswith("; every worker must be able to read it)")


def test_a_worker_reads_a_large_archive_bit_by_bit(cluster: Cluster, tmp_path: Path) -> None:
    """A compressed file of one endless line takes no more memory than the largest document that is allowed."""
    file = tmp_path / "bomb.ndjson.gz"
    file.write_bytes(gzip.compress(b'{"a": ' + b" " * 10) + gzip.compress(b" " * (1 << 20)) * 300)
    plan = PLAN._replace(options=LintOptions(limits=Limits(max_bytes=1 << 20)))
    with cluster.client() as client:
        before = client.run(resource.getrusage, resource.RUSAGE_SELF)
        (row,) = rows_in(run([named(file)], cluster, plan=plan))
        after = client.run(resource.getrusage, resource.RUSAGE_SELF)

    assert row.message == "the body has more than the 1,048,576 bytes that are allowed"
    assert max(after[worker].ru_maxrss - before[worker].ru_maxrss for worker in after) < 60_000  # KiB


def test_a_scheduler_that_is_not_there_is_one_line() -> None:
    """An address at which nobody listens is told within the time to wait."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = "tcp://{}:{}".format(*server.getsockname())
    with pytest.raises(TargetUnreachable) as caught:
        next(iter_outcomes([], PLAN, address, patience=HASTY))

    assert str(caught.value).startswith(f"{address}: no Dask scheduler answers there (Timed out trying to connect")
    assert "\n" not in str(caught.value)


def test_who_answers_but_is_no_scheduler_is_told() -> None:
    """A server that takes connections and says nothing Dask understands does not keep anybody."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = "tcp://{}:{}".format(*server.getsockname())
        with pytest.raises(TargetUnreachable, match="no Dask scheduler answers there"):
            next(iter_outcomes([], PLAN, address, patience=HASTY))


@pytest.mark.parametrize(
    "address", ["nonsense", "scheduler:8786", "tcp://127.0.0.1", "http://127.0.0.1:8786", "tcp://", ""]
)
def test_what_is_no_address_is_told(address: str) -> None:
    """What cannot be an address is told at once, with one that could."""
    with pytest.raises(TargetUnreachable, match="is no address of a Dask scheduler, such as tcp://scheduler:8786"):
        next(iter_outcomes([], PLAN, address))


def test_tls_without_certificates_is_told() -> None:
    """An encrypted cluster needs certificates, and the fault says where to name them."""
    with pytest.raises(TargetUnreachable, match=r"needs certificates: name them .* at distributed\.comm\.tls"):
        next(iter_outcomes([], PLAN, "tls://127.0.0.1:8786"))


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("__version__", "9.9", r"has altcraft-contract \S+, and this is 9\.9; install the same"),
        ("_DISTRIBUTION", "no-such-package", "has no no-such-package, and this is"),
    ],
)
def test_workers_with_another_version_are_refused(
    name: str, value: str, expected: str, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workers that would judge by other rules, or cannot judge at all, are refused before anything is checked."""
    monkeypatch.setattr(connection, name, value)

    with pytest.raises(TargetUnreachable, match=expected):
        next(iter_outcomes([], PLAN, cluster.address))


def test_who_has_enough_leaves_nothing_behind(cluster: Cluster, orders: Path) -> None:
    """A run that is closed early leaves no task on the cluster."""
    outcomes = iter_outcomes([named(orders)] * 5, PLAN, cluster.address, sizes=PARTS)
    next(outcomes)
    outcomes.close()  # type: ignore[attr-defined]  # it is a generator

    while cluster.count_tasks():
        pass
