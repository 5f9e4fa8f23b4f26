"""The file that tells of every order."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import stat
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as some

from altcraft_contract.errors import ConfigurationFault, UnreadableFile
from altcraft_contract.target.not_sent import NotSent
from altcraft_contract.target.order_journal import Attempt, OrderJournal, iter_attempts, outcome_of
from tests.target.fakes import Clock

if TYPE_CHECKING:
    from pathlib import Path

TARGET = "https://staging.example.com"
PROCESSES = 4
ORDERS = 50


def _journal(path: Path) -> OrderJournal:
    return OrderJournal(path, target=TARGET, now=Clock().now)


def test_an_order_and_its_outcome_are_two_lines(tmp_path: Path) -> None:
    """Each line is an object of its own, with the time; the outcome names the attempt."""
    path = tmp_path / "orders.ndjson"
    with _journal(path) as journal:
        attempt = journal.sent("order_1", test="tests/test_shop.py::test_a", triggers="skipped")
        journal.settle(attempt, "accepted", status=200, error=0)
    sent, outcome = map(json.loads, path.read_text().splitlines())
    time = "2026-01-02T03:04:05.000Z"
    assert sent == {
        "version": 1,
        "time": time,
        "event": "sent",
        "attempt": attempt,
        "target": TARGET,
        "external_id": "order_1",
        "test": "tests/test_shop.py::test_a",
        "triggers": "skipped",
    }
    assert outcome == {
        "version": 1,
        "time": time,
        "event": "outcome",
        "attempt": attempt,
        "outcome": "accepted",
        "status": 200,
        "error": 0,
    }


def test_what_was_written_is_read(tmp_path: Path) -> None:
    """Attempts come back in their order, each with its outcome; of one without any it is unknown."""
    path = tmp_path / "orders.ndjson"
    with _journal(path) as journal:
        first = journal.sent("order_1", test=None, triggers="run")
        second = journal.sent(None, test="t", triggers="skipped")
        journal.settle(second, "refused", status=200, error=400)
    attempts = list(iter_attempts(path))
    assert attempts == [
        Attempt(
            attempt=first,
            time=attempts[0].time,
            target=TARGET,
            external_id="order_1",
            test=None,
            triggers="run",
            outcome="unknown",
        ),
        Attempt(
            attempt=second,
            time=attempts[0].time,
            target=TARGET,
            external_id=None,
            test="t",
            triggers="skipped",
            outcome="refused",
            status=200,
            error=400,
        ),
    ]


def test_a_line_is_on_the_disk_before_the_order_leaves(tmp_path: Path) -> None:
    """When `sent` returns, another process reads the line."""
    path = tmp_path / "orders.ndjson"
    with _journal(path) as journal:
        journal.sent("order_1", test=None, triggers="skipped")
        assert [attempt.external_id for attempt in iter_attempts(path)] == ["order_1"]


def test_a_file_is_only_added_to(tmp_path: Path) -> None:
    """What an earlier run wrote stays."""
    path = tmp_path / "orders.ndjson"
    for number in range(3):
        with _journal(path) as journal:
            journal.sent(f"order_{number}", test=None, triggers="skipped")
    assert [attempt.external_id for attempt in iter_attempts(path)] == ["order_0", "order_1", "order_2"]


def test_no_secret_is_written(tmp_path: Path) -> None:
    """Secrets that are known, and what looks like an address, are masked in ids of orders and of tests."""
    path = tmp_path / "orders.ndjson"
    with _journal(path) as journal:
        journal.sent("order-marked-token-1", test="test[zoe@example.com]", triggers="skipped", secrets=["marked-token"])
    text = path.read_text()
    assert "marked-token" not in text
    assert "zoe@example.com" not in text
    assert "***" in text


@pytest.mark.parametrize(
    "external_id", ["order_12345", "100045", "0b7c4f0e-6a0f-4a52-9a0c-6f1d2c3b4a59", "2026-01-02/000123", "заказ 7"]
)
def test_an_usual_id_stands_as_it_is(tmp_path: Path, external_id: str) -> None:
    """An id that looks like no secret can be looked up."""
    path = tmp_path / "orders.ndjson"
    with _journal(path) as journal:
        journal.sent(external_id, test=None, triggers="skipped", secrets=["marked-token"])
    assert [attempt.external_id for attempt in iter_attempts(path)] == [external_id]


@given(external_id=some.text(some.characters(exclude_categories=())), test=some.text())
def test_any_id_is_one_line(tmp_path_factory: pytest.TempPathFactory, external_id: str, test: str) -> None:
    """Line ends, NULs and halves of surrogate pairs in an id do not break the file."""
    path = tmp_path_factory.mktemp("journal") / "orders.ndjson"
    with _journal(path) as journal:
        journal.sent(external_id, test=test, triggers="skipped")
    assert path.read_bytes().count(b"\n") == 1
    assert len(list(iter_attempts(path))) == 1


@pytest.mark.parametrize("torn", [b'{"version": 1, "event": "se', b"\xff\x00", b"[]", b'{"version": 2}', b"\n\n{}"])
def test_a_torn_line_costs_no_other(tmp_path: Path, torn: bytes) -> None:
    """After a line that was cut off, the next one begins anew, and reading passes the torn one over."""
    path = tmp_path / "orders.ndjson"
    path.write_bytes(torn)
    with _journal(path) as journal:
        journal.sent("order_1", test=None, triggers="skipped")
    assert [attempt.external_id for attempt in iter_attempts(path)] == ["order_1"]
    assert path.read_bytes().startswith(torn + b"\n")


@given(body=some.binary() | some.text().map(str.encode))
def test_any_bytes_can_be_read(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    """A file that is no journal has no orders in it."""
    path = tmp_path_factory.mktemp("journal") / "orders.ndjson"
    path.write_bytes(body)
    assert list(iter_attempts(path)) == []


def _write_many(path: Path, number: int) -> None:
    with _journal(path) as journal:
        for order in range(ORDERS):
            attempt = journal.sent(f"order_{number}_{order}" + "x" * 5000, test="t", triggers="skipped")
            journal.settle(attempt, "accepted", status=200, error=0)


def test_processes_share_a_file(tmp_path: Path) -> None:
    """Lines of several processes that write at once, as the workers of xdist do, stay whole."""
    path = tmp_path / "orders.ndjson"
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_write_many, args=(path, number)) for number in range(PROCESSES)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    attempts = list(iter_attempts(path))
    assert len({attempt.external_id for attempt in attempts}) == PROCESSES * ORDERS
    assert {attempt.outcome for attempt in attempts} == {"accepted"}
    assert path.read_bytes().count(b"\n") == 2 * PROCESSES * ORDERS


def _die_after_sending(path: Path) -> None:
    _journal(path).sent("order_1", test=None, triggers="skipped")
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_killed_process_leaves_its_order(tmp_path: Path) -> None:
    """An order that was sent by a process that was killed is in the file, and what became of it is unknown."""
    path = tmp_path / "orders.ndjson"
    process = multiprocessing.get_context("spawn").Process(target=_die_after_sending, args=(path,))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert [(attempt.external_id, attempt.outcome) for attempt in iter_attempts(path)] == [("order_1", "unknown")]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_the_file_is_its_owners(tmp_path: Path) -> None:
    """Others can neither read nor write a new file."""
    path = tmp_path / "orders.ndjson"
    _journal(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_cannot_be_written_is_told_at_once(tmp_path: Path) -> None:
    """A directory, a missing folder and a name that is none are faults before anything is sent."""
    for path in (tmp_path, tmp_path / "none" / "orders.ndjson", tmp_path / "a\0b"):
        with pytest.raises(ConfigurationFault, match=r"the journal of orders .* cannot be written"):
            _journal(path)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes of this kind")
def test_a_pipe_is_no_journal(tmp_path: Path) -> None:
    """What would not keep a line is refused, and does not hang."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ConfigurationFault, match="not a regular file"):
        _journal(tmp_path / "pipe")


def test_without_a_line_no_order_leaves(tmp_path: Path) -> None:
    """When the file can no longer be written, `sent` says that the order must not leave; an outcome is given up."""
    journal = _journal(tmp_path / "orders.ndjson")
    attempt = journal.sent("order_1", test=None, triggers="skipped")
    journal.close()
    with pytest.raises(NotSent, match="cannot be written"):
        journal.sent("order_2", test=None, triggers="skipped")
    journal.settle(attempt, "accepted")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")  # noqa: PTH110 - in a decorator
def test_a_write_that_is_cut_short_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a full disk the order does not leave, and the next line begins anew."""
    path = tmp_path / "orders.ndjson"
    journal = _journal(path)
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, data: write(file, data[:20]))
    with pytest.raises(NotSent, match="no space left"):
        journal.sent("order_1", test=None, triggers="skipped")
    monkeypatch.undo()
    journal.sent("order_2", test=None, triggers="skipped")
    journal.close()
    assert [attempt.external_id for attempt in iter_attempts(path)] == ["order_2"]


def test_a_missing_journal_is_a_fault(tmp_path: Path) -> None:
    """Reading a file that is not there says so."""
    with pytest.raises(UnreadableFile, match="no such file"):
        list(iter_attempts(tmp_path / "none"))


@pytest.mark.parametrize(
    ("status", "error", "order_status", "outcome"),
    [
        (200, 0, "success", "accepted"),
        (200, 0, None, "accepted"),
        (200, 0, "outdated", "outdated"),
        (200, 400, None, "refused"),
        (200, 400, "success", "refused"),
        (200, None, "success", "unknown"),
        (400, 400, None, "refused"),
        (401, None, None, "refused"),
        (429, None, None, "refused"),
        (400, 0, "success", "unknown"),
        (408, 408, None, "unknown"),
        (500, 500, None, "unknown"),
        (502, None, None, "unknown"),
        (302, None, None, "unknown"),
        (201, 0, "success", "unknown"),
        (None, None, None, "unknown"),
    ],
)
def test_what_is_not_certain_is_unknown(
    status: int | None, error: int | None, order_status: str | None, outcome: str
) -> None:
    """An order counts as refused, or as accepted, only where the answer leaves no doubt."""
    assert outcome_of(status, error, order_status) == outcome
