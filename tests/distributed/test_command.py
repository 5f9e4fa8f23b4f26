"""`lint --cluster`: the same reports as one machine writes."""

from __future__ import annotations

import os
import signal
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

import altcraft_contract.distributed
from altcraft_contract.cli.exit_codes import EXIT_INTERRUPTED, EXIT_NO_VERDICT, EXIT_USAGE
from altcraft_contract.distributed.cluster import iter_outcomes
from altcraft_contract.distributed.parts import PartSizes
from altcraft_contract.renderers import BINARY_RENDERERS, FORMATS
from tests.cli.running import run_here
from tests.distributed.clusters import wait_for_reader
from tests.distributed.orders import make_archive, order_texts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.distributed.clusters import Cluster

pytestmark = [
    pytest.mark.costly,
    pytest.mark.xdist_group("cluster"),
    pytest.mark.skipif(os.name != "posix", reason="signals and named pipes of POSIX"),
]


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Paths to check, in the working directory, which is not that of the workers."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return make_archive(tmp_path)


@pytest.fixture
def many_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let small archives be as many parts as large ones are."""
    parts = partial(iter_outcomes, sizes=PartSizes(span=20_000, small=30_000, files=7))
    monkeypatch.setattr(altcraft_contract.distributed, "iter_outcomes", parts)


@pytest.mark.usefixtures("many_parts")
def test_a_cluster_writes_what_one_machine_writes(archive: list[str], cluster: Cluster, tmp_path: Path) -> None:
    """Every report, what is said besides, and the exit code are the same, byte for byte."""
    written = []
    for where in (["--jobs", "1"], ["--cluster", cluster.address]):
        arguments = []
        for format_ in FORMATS:
            arguments += ["--format", format_, "--output", str(tmp_path / f"report.{format_}")]
        outcome = run_here("lint", *where, *arguments, *archive)
        said = sorted(outcome.stderr.splitlines())
        written.append(
            (outcome.code, outcome.stdout, said, {name: (tmp_path / f"report.{name}").read_bytes() for name in FORMATS})
        )

    assert written[0] == written[1]
    code, _, said, reports = written[0]
    assert code == EXIT_USAGE
    assert [line.split(": ")[2] for line in said] == ["missing.json", "torn.ndjson.gz"]
    assert all(len(reports[format_]) > 5000 for format_ in FORMATS)
    assert set(BINARY_RENDERERS) <= set(FORMATS)


@pytest.mark.usefixtures("many_parts")
@pytest.mark.parametrize("options", [["--summary"], ["--check", "contract,secrets"], ["--max-findings", "30"]])
def test_options_mean_the_same_on_a_cluster(options: list[str], archive: list[str], cluster: Cluster) -> None:
    """Summaries, secrets and limits do not depend on where the work is done."""
    local, distributed = (
        run_here("lint", *where, *options, *archive[:2]) for where in ([], ["--cluster", cluster.address])
    )

    assert local == distributed
    assert local.code == 1


def test_the_standard_input_is_refused(cluster: Cluster) -> None:
    """Workers cannot read what is piped into this process, and the fault says so."""
    outcome = run_here("lint", "--cluster", cluster.address, "-", stdin=b"{}")

    assert outcome.code == EXIT_USAGE
    assert outcome.last_line == (
        "altcraft-contract: error: --cluster is for files that its workers can read: name some, not -"
    )


def test_what_is_no_address_ends_the_run(archive: list[str]) -> None:
    """A wrong address is one line, and the exit code for services that do not answer."""
    outcome = run_here("lint", "--cluster", "scheduler", *archive)

    assert outcome.code == EXIT_NO_VERDICT
    assert outcome.last_line.startswith("altcraft-contract: error: scheduler: is no address of a Dask scheduler")


def test_ctrl_c_keeps_what_was_found(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The report is whole and holds what came back until then; nothing is left on the cluster."""
    orders, fifo = tmp_path / "orders.ndjson", tmp_path / "waiting.ndjson"
    orders.write_text("\n".join(order_texts(20)))
    os.mkfifo(fifo)
    released: list[int] = []

    def interrupt() -> None:
        released.append(wait_for_reader(fifo))
        os.kill(os.getpid(), signal.SIGINT)

    def interrupted(*arguments: Any) -> Iterator[Any]:
        outcomes = iter_outcomes(*arguments, sizes=PartSizes(small=1))
        yield next(outcomes)
        Thread(target=interrupt).start()
        yield from outcomes

    monkeypatch.setattr(altcraft_contract.distributed, "iter_outcomes", interrupted)
    outcome = run_here("lint", "--cluster", cluster.address, "--format", "concise", str(orders), str(fifo))
    os.close(released[0])

    assert outcome.code == EXIT_INTERRUPTED
    assert "interrupted; the report tells of what was checked until then" in outcome.stderr
    assert outcome.stdout.startswith(f"{orders}:1:")
    assert outcome.stdout.count("wrong-type") == 2
    while cluster.count_tasks():
        pass
