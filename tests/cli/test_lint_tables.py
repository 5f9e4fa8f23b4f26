"""`lint` with findings as tables."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from altcraft_contract.cli.lint_telling import Telling
from altcraft_contract.contract import load_contract
from tests.cli.running import COMMAND, run_here, run_process

if TYPE_CHECKING:
    from altcraft_contract.lint.bulk.work import Outcome

REQUEST = load_contract().examples["request.json"]
LINT = ("lint", "--select", "invalid-currency")
BROKEN = REQUEST.replace(b'"RUB"', b'"rub"')

parquet: Any = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")


@pytest.fixture(autouse=True)
def _in_a_directory_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    line = b" ".join(BROKEN.split())
    Path("orders.ndjson").write_bytes((line + b"\n" + b" ".join(REQUEST.split()) + b"\n") * 50)


def test_both_tables_are_written_in_one_run() -> None:
    """NDJSON and Parquet beside text hold the same findings, in the order of the input."""
    outcome = run_here(
        *(*LINT, "orders.ndjson", "-f", "text", "-f", "ndjson", "-o", "a.ndjson", "-f", "parquet", "-o", "a.parquet")
    )
    assert outcome.code == 1
    assert outcome.stdout.endswith("100 documents checked: 50 errors, 0 warnings\n")
    lines = [json.loads(line) for line in Path("a.ndjson").read_text("utf-8").splitlines()]
    rows = parquet.read_table("a.parquet").to_pylist()
    assert [line["document"] for line in lines] == list(range(1, 100, 2))
    assert [{**row, "day": str(row["day"])} for row in rows] == lines


def test_a_table_goes_through_a_pipe() -> None:
    """Where the standard output is no terminal, a Parquet file may go there."""
    run = subprocess.run(
        [*COMMAND, *LINT, "-f", "parquet", "orders.ndjson"], capture_output=True, check=False, timeout=60
    )
    Path("a.parquet").write_bytes(run.stdout)
    assert (run.returncode, run.stderr) == (1, b"")
    assert parquet.read_table("a.parquet").num_rows == 50


def test_a_terminal_gets_no_bytes() -> None:
    """A Parquet file is not written to a terminal; nothing is checked, and the remedy is told."""
    for output in ([], ["-o", "-"]):
        outcome = run_here("lint", "orders.ndjson", "-f", "parquet", *output, on_terminal=True)
        assert (outcome.code, outcome.stdout) == (2, "")
        assert outcome.last_line.endswith("error: --format parquet needs --output FILE: it is no text")


def test_an_interrupted_run_leaves_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """After Ctrl-C the file is whole, with what was found until then."""
    tell = Telling.tell

    def tell_and_interrupt(telling: Telling, outcome: Outcome) -> None:
        tell(telling, outcome)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Telling, "tell", tell_and_interrupt)
    assert run_here(*LINT, "orders.ndjson", "-j", "1", "-f", "parquet", "-o", "a.parquet").code == 130
    assert parquet.read_table("a.parquet").num_rows == 50


def test_a_run_without_findings_has_a_table() -> None:
    """A file without rows is written, and can be read."""
    Path("clean.json").write_bytes(REQUEST)
    assert run_here(*LINT, "clean.json", "-f", "parquet", "-o", "a.parquet").code == 0
    assert parquet.read_table("a.parquet").num_rows == 0


def test_a_table_that_cannot_be_written_is_a_fault() -> None:
    """A directory that is not there is exit code 2, in one line."""
    outcome = run_here("lint", "orders.ndjson", "-f", "parquet", "-o", "no/a.parquet")
    assert outcome.code == 2
    assert outcome.last_line.endswith("no/a.parquet: cannot be written: there is no such directory; make it first")


def test_without_pyarrow_nothing_is_overwritten(tmp_path: Path) -> None:
    """Where pyarrow is not installed, one line says how to get it, and the file that is there stays."""
    (tmp_path / "pyarrow.py").write_text("raise ImportError", "utf-8")
    Path("a.parquet").write_text("kept", "utf-8")
    outcome = run_process("lint", "orders.ndjson", "-f", "parquet", "-o", "a.parquet")
    assert outcome.code == 2
    assert "altcraft-contract[parquet]" in outcome.last_line
    assert Path("a.parquet").read_text("utf-8") == "kept"


def test_orders_from_a_table_keep_their_names_and_days() -> None:
    """Findings about orders in a column tell the order, its day and its row, as those about lines do."""
    lines = Path("orders.ndjson").read_text("utf-8").splitlines()
    parquet.write_table(_table(lines), "orders.parquet")
    told = {}
    for file in ("orders.ndjson", "orders.parquet"):
        rows = [json.loads(line) for line in run_here(*LINT, file, "-f", "ndjson").stdout.splitlines()]
        told[file] = [(row["document"], row["external_id"], row["day"]) for row in rows]
    assert told["orders.parquet"] == told["orders.ndjson"]
    assert told["orders.parquet"][1] == (3, "order_12345", "2026-02-18")
    summary = run_here("lint", "--summary", "orders.parquet").stdout
    assert "unknown" not in summary
    parquet.write_table(_table([lines[1], lines[0]]), "late.parquet")
    assert "late.parquet:1:" in (late := run_here(*LINT, "--summary", "late.parquet").stdout)
    assert "[row 2]" in late


def _table(texts: list[str]) -> Any:
    """A table with a column of messages."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    return pa.table({"body": texts})
