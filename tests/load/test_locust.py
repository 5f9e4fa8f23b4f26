"""Load by Locust, in processes of their own, against servers on this machine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from altcraft_contract.stub import StubServer
from tests.docs.markdown import ROOT
from tests.fuzz.campaign_servers import echoing, service
from tests.load.locusts import JOURNALS, TOKEN, attempts_in, cluster, finish, free_port, run, start

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.load.locusts import Ended

pytestmark = pytest.mark.costly


@pytest.fixture
def stub() -> Iterator[StubServer]:
    """A server that keeps the contract."""
    with StubServer(token=TOKEN) as server:
        yield server


def ids_at(stub: StubServer) -> list[str]:
    """Ids of the orders that came to a stub."""
    return [entry.external_id or "" for entry in stub.journal]


def is_quiet(ended: Ended) -> bool:
    """Whether nothing went wrong unseen."""
    return not any(word in ended.text for word in ("Traceback", "Uncaught", "Unknown message", "DeprecationWarning"))


def test_orders_are_sent_and_listed(stub: StubServer, tmp_path: Path) -> None:
    """A run sends valid orders in both syntaxes without triggers, each with its own id, and lists them all."""
    ended = run(tmp_path, stub.url, "--run-time", "1s", "--stop-timeout", "5")

    ids = ids_at(stub)
    assert (ended.code, is_quiet(ended)) == (0, True), ended.text
    assert ended.rows().keys() == {"order (json)", "order (xml)"}
    assert sum(row["num_requests"] for row in ended.rows().values()) == len(ids) == len(set(ids)) > 2
    assert all(entry.ok and b"true" in entry.request.body.partition(b"skip_triggers")[2][:6] for entry in stub.journal)
    assert sorted(attempt.external_id or "" for attempt in attempts_in(tmp_path)) == sorted(ids)
    assert {attempt.outcome for attempt in attempts_in(tmp_path)} == {"accepted"}
    assert f"orders {ids[0].rpartition('-')[0]}-…: {len(ids):,} accepted" in ended.err


def test_two_workers_share_a_run(stub: StubServer, tmp_path: Path) -> None:
    """A master and two workers over TCP send just as many orders as they may, all of one run, all with other ids."""
    with cluster(tmp_path, stub.url, "--max-orders", "25", "--syntax", "json") as (master, *workers):
        ids = ids_at(stub)
        sent = [attempts_in(tmp_path / f"worker{number}") for number in (1, 2)]

        assert [ended.code for ended in (master, *workers)] == [0, 0, 0], master.text
        assert all(is_quiet(ended) for ended in (master, *workers)), master.text
        assert len(ids) == len(set(ids)) == 25
        assert 0 < master.rows()["order (json)"]["num_requests"] <= 25
        assert sorted(map(len, sent)) == [12, 13]
        assert len({external_id.split("-")[1] for external_id in ids}) == 1
        assert sorted(attempt.external_id or "" for attempts in sent for attempt in attempts) == sorted(ids)
        assert "25 at most (each of 2 workers: 12 or 13)" in master.err
        assert "stopped: no worker may send any more (--max-orders)" in master.err


def test_workers_share_the_rate_and_tell_of_failures(stub: StubServer, tmp_path: Path) -> None:
    """Two workers have half of the rate each, and a breach that one of them sees makes the exit code of the run 1."""
    stub.use("points-as-strings")
    with cluster(tmp_path, stub.url, "--rate-limit", "4", "--run-time", "2s") as (master, *workers):
        assert master.code == 1, master.text
        assert 1 in [worker.code for worker in workers]
        assert all(is_quiet(ended) for ended in (master, *workers)), master.text
        assert "orders 4 a second, any number (each of 2 workers: 2 a second)" in master.err
        assert 2 <= len(stub.journal) <= 12


def test_a_broken_answer_is_a_failure(stub: StubServer, tmp_path: Path) -> None:
    """What breaks the contract stands in Locust's table under a name that stays the same, and makes its exit code 1."""
    stub.use("points-as-strings")
    ended = finish(start(tmp_path, "--headless", "--host", stub.url, "--run-time", "1s", "--only-summary"))

    assert ended.code == 1, ended.text
    assert is_quiet(ended), ended.text
    assert "response-contract: wrong-type at /data/points_changes/*/accrue_points" in ended.text
    assert "response-contract: wrong-type at /data/points_changes/*/redeem_points" in ended.text


@pytest.mark.parametrize("role", [(), ("--master", "--master-bind-port", "0")])
def test_other_hosts_have_to_be_allowed(role: tuple[str, ...], tmp_path: Path) -> None:
    """A host that nobody has allowed ends a process or a master with one line and exit code 2."""
    ended = run(tmp_path, "https://staging.example.com", *role, "--run-time", "1s")

    assert ended.code == 2, ended.text
    lines = [line for line in ended.err.splitlines() if line.startswith("altcraft-contract: ")]
    assert len(lines) == 1
    assert "staging.example.com is not this machine and is not allowed" in lines[0]
    assert "--allow-host staging.example.com" in lines[0]
    assert not (tmp_path / JOURNALS).exists()


def test_a_worker_that_may_not_send_there_leaves_the_master(tmp_path: Path) -> None:
    """A worker whose own target is not allowed ends as any process does, and its master hears why."""
    url = "https://staging.example.com"
    port = free_port()
    place = ("--master-bind-host", "127.0.0.1", "--master-bind-port", port)
    arguments = (
        "--master",
        "--headless",
        "--expect-workers",
        "2",
        "--host",
        url,
        "--allow-host",
        "staging.example.com",
    )
    master = start(tmp_path, *arguments, *place)
    worker = finish(start(tmp_path, "--worker", "--master-host", "127.0.0.1", "--master-port", port, "--host", url))
    master.terminate()
    led = finish(master)

    assert worker.code == 2, worker.text
    assert worker.err.count("altcraft-contract: error: ") == 1
    assert "stopped: worker 0: the URL of the target: staging.example.com is not this machine" in led.err


def test_a_worker_has_its_own_list_of_hosts(tmp_path: Path) -> None:
    """What the master allows is not allowed on a worker, which sends nothing and stops the run."""
    url = "http://shop.invalid"
    with cluster(tmp_path, url, "--allow-host", "shop.invalid", "--run-time", "20s") as (master, *workers):
        assert master.code == 2, master.text
        assert "shop.invalid is not this machine and is not allowed" in master.err
        assert 2 in [worker.code for worker in workers]
        assert not list(tmp_path.glob(f"*/{JOURNALS}/*"))


def test_a_refused_token_ends_the_run(stub: StubServer, tmp_path: Path) -> None:
    """A token that the target refuses is told in a sentence after the first orders, not a million times."""
    ended = run(tmp_path, stub.url, ALTCRAFT_TOKEN="wrong-token-9876")  # noqa: S106 - made up

    assert ended.code == 3, ended.text
    assert is_quiet(ended), ended.text
    assert "stopped: the target refuses a plain order with error 401" in ended.err
    assert "set the token of the installation in ALTCRAFT_TOKEN" in ended.err
    assert "wrong-token-9876" not in ended.text
    assert len(stub.journal) == 2


def test_a_target_that_is_not_there_ends_the_run(tmp_path: Path) -> None:
    """A target that takes no connection is told in a sentence, and no order counts as sent."""
    ended = run(tmp_path, f"http://127.0.0.1:{free_port()}")

    assert ended.code == 3, ended.text
    assert is_quiet(ended), ended.text
    assert ended.err.count("stopped: ") == 1
    assert {attempt.outcome for attempt in attempts_in(tmp_path)} == {"not-sent"}


def test_nothing_secret_is_told(tmp_path: Path) -> None:
    """Whatever a server sends back, neither token nor e-mail nor telephone number stands in an output or a file."""
    secrets = (TOKEN, "qa.member@example.com", "+79995550137")
    (tmp_path / "values.toml").write_text(f'emails = ["{secrets[1]}"]\nphones = ["{secrets[2]}"]\n', "utf-8")
    (tmp_path / "token").write_text(TOKEN, "utf-8")
    with service(echoing(TOKEN)) as shop:
        ended = run(
            tmp_path, shop.url, "--run-time", "1s", "--loglevel", "DEBUG", "--html", "report.html", "--csv", "table",
            "--values", "values.toml", "--token-file", "token", ALTCRAFT_LOAD_FINDINGS="found",
        )  # fmt: skip

    ours = {"values.toml", "token"}
    written = [path for path in tmp_path.rglob("*") if path.is_file() and path.name not in ours]
    texts = [ended.text, *(path.read_text("utf-8", errors="replace") for path in written)]
    assert ended.code == 1, ended.text
    assert any(path.suffix == ".html" for path in written)
    lines = [json.loads(line) for path in (tmp_path / "found").iterdir() for line in path.read_text().splitlines()]
    assert any(line["name"] == "disclosure: token-disclosed, token in the body" for line in lines)
    assert not [secret for secret in secrets for text in texts if secret in text]


def test_the_target_is_left_alone_when_it_says_so(stub: StubServer, tmp_path: Path) -> None:
    """An answer that asks to come again is no failure, and nothing is sent until the time has come."""
    stub.use("http-429", times=1)
    ended = run(tmp_path, stub.url, "--syntax", "json", "--max-orders", "6", "--users", "1")

    assert ended.code == 0, ended.text
    assert ended.rows()["order (json), asked to wait"]["num_failures"] == 0
    times = [entry.time for entry in stub.journal]
    assert (times[1] - times[0]).total_seconds() >= 1
    assert len(times) == 6


def test_the_ready_locustfile_is_found(stub: StubServer, tmp_path: Path) -> None:
    """What `python -m altcraft_contract.load` prints is a locustfile."""
    printed = finish(start(tmp_path, module="altcraft_contract.load"))
    ended = run(tmp_path, stub.url, "--locustfile", printed.out.strip(), "--max-orders", "5", "--syntax", "xml")

    assert ended.code == 0, ended.text
    assert ended.rows()["order (xml)"]["num_requests"] == 5


def test_the_example_of_the_documentation_works(stub: StubServer, tmp_path: Path) -> None:
    """The locustfile in the documentation sends orders of both its users."""
    example = ROOT / "docs" / "examples" / "load" / "locustfile.py"
    ended = run(tmp_path, stub.url, "--locustfile", str(example), "--run-time", "2s", "--users", "10")

    assert ended.rows().keys() == {"order (json)", "order (xml)"}, ended.text
    assert is_quiet(ended), ended.text
