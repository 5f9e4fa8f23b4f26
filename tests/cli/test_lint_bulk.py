"""`lint` of archives: all cores, samples, limits and interruptions, as whole processes."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from altcraft_contract.contract import load_contract
from altcraft_contract.conversion import write_xml
from altcraft_contract.renderers import FORMATS
from tests.cli.running import COMMAND, PATIENCE, environment, run_here, run_process

if TYPE_CHECKING:
    from collections.abc import Iterator

ORDER = json.loads(load_contract().examples["request.json"])
COUNT = 600
NOTE = "x" * 4000  # makes so many orders more than are checked in one process


def orders(count: int = COUNT) -> Iterator[dict[str, object]]:
    """Orders of many days, each with warnings, every tenth of which has an error, too."""
    for number in range(count):
        data = ORDER["data"] | {
            "create_time": f"2025-01-{number % 28 + 1:02}T10:00:00Z",
            "custom_fields": {"note": NOTE},
        }
        broken = {"currency": "rub"} if number % 10 == 0 else {}
        yield ORDER | {"external_id": f"order_{number}", "data": data | broken}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive of orders, in the root of a project."""
    folder = tmp_path_factory.mktemp("archive")
    (folder / ".git").mkdir()
    lines = "\n".join(json.dumps(order, separators=(",", ":")) for order in orders())
    (folder / "orders.ndjson").write_text(f"{lines}\n")
    return folder


@pytest.mark.parametrize("format_", FORMATS)
def test_all_cores_write_what_one_writes(format_: str, archive: Path, tmp_path: Path) -> None:
    """Every report is the same, byte for byte, however many processes have worked on it."""
    files = []
    for jobs in ("1", "2"):
        file = tmp_path / f"report-{jobs}"
        outcome = run_process("lint", "-j", jobs, "-f", format_, "-o", str(file), "orders.ndjson", cwd=archive)
        assert (outcome.code, outcome.stderr) == (1, "")
        files.append(file.read_bytes())
    assert files[0] == files[1]
    assert len(files[0]) > 1000


@pytest.mark.parametrize("format_", ["text", "json", "html"])
def test_summaries_are_the_same(format_: str, archive: Path) -> None:
    """A summary counts the same in one process and in several."""
    one, two = (
        run_process("lint", "-j", jobs, "--summary", "-f", format_, "orders.ndjson", cwd=archive) for jobs in "12"
    )
    assert one == two
    assert "invalid-currency" in one.stdout
    if format_ == "json":
        days = json.loads(one.stdout)["days"]
        assert sum(day["documents"] for day in days) == COUNT


def test_many_files_are_told_in_order(tmp_path: Path) -> None:
    """Files are checked by several processes and told in the order of their names; each is in the JSON report."""
    for number, order in enumerate(orders(600)):
        (tmp_path / f"order-{number:04}.json").write_text(json.dumps(order))  # each alone is little work
    (tmp_path / "package.json").write_text("{}")
    outcome = run_process("lint", "-j", "2", "-f", "json", "-v", ".", cwd=tmp_path)
    report = json.loads(outcome.stdout)
    names = [result["path"] for result in report["results"]]
    assert names == sorted(names)
    assert len(names) == 600
    assert report["summary"] | {"warnings": 0} == {
        "documents": 600,
        "failed": 60,
        "skipped": 1,
        "errors": 60,
        "warnings": 0,
    }


def test_a_worker_that_is_killed_is_replaced(archive: Path) -> None:
    """Killing a process of the run changes nothing of its report."""
    expected = run_process("lint", "-j", "1", "-f", "concise", "orders.ndjson", cwd=archive).stdout
    process = subprocess.Popen(
        [*COMMAND, "lint", "-j", "2", "-f", "concise", "orders.ndjson"],
        stdout=subprocess.PIPE,
        cwd=archive,
        env=environment(),
    )
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while len(workers := children.read_text().split()) < 2:
        assert process.poll() is None
    os.kill(int(workers[0]), signal.SIGKILL)
    stdout, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert stdout.decode() == expected


def test_ctrl_c_tells_what_was_found_and_leaves_no_process(archive: Path, tmp_path: Path) -> None:
    """After Ctrl-C the report is whole, of the first documents, and all processes are gone."""
    with subprocess.Popen(
        [*COMMAND, "lint", "-j", "2", "-f", "json", "-o", str(tmp_path / "report.json"), "-"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=archive,
        env=environment(),
        start_new_session=True,
    ) as process:
        assert process.stdin is not None
        process.stdin.write((archive / "orders.ndjson").read_bytes())  # so much that others are asked to help
        process.stdin.flush()
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        while not (workers := children.read_text().split()):
            assert process.poll() is None
        os.killpg(process.pid, signal.SIGINT)  # as a terminal sends it: to all of them
        _, stderr = process.communicate(timeout=PATIENCE)
    report = json.loads((tmp_path / "report.json").read_text())
    assert process.returncode == 130
    assert stderr.decode() == "altcraft-contract: interrupted; the report tells of what was checked until then\n"
    assert 0 < report["summary"]["documents"] <= COUNT
    assert [result["document"] for result in report["results"]] == [*range(1, len(report["results"]) + 1)]
    assert not any(Path(f"/proc/{worker}/stat").exists() for worker in workers)


def test_standard_input_is_told_as_it_comes(archive: Path) -> None:
    """Findings are written before the input ends: a pipe may stay open for long."""
    line = json.dumps(next(orders())).encode() + b"\n"
    with subprocess.Popen(
        [*COMMAND, "lint", "-f", "concise", "-"],
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=archive,
        env=environment(PYTHONUNBUFFERED="1"),
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(line * 2)
        assert process.stdout.readline().startswith(b"<stdin>:1:")
        process.stdin.write(line)
        process.stdin.close()
        assert process.stdout.read().count(b"invalid-currency") == 2
    assert process.returncode == 1


def test_compressed_archives_are_checked_as_plain_ones(archive: Path, tmp_path: Path) -> None:
    """An archive in gzip has the same findings in the same places, from a file and from the standard input."""
    data = (archive / "orders.ndjson").read_bytes()
    file = tmp_path / "orders.ndjson.gz"
    file.write_bytes(gzip.compress(data[: len(data) // 2]) + gzip.compress(data[len(data) // 2 :]))
    plain = run_process("lint", "-f", "concise", "orders.ndjson", cwd=archive)
    packed = run_process("lint", "-f", "concise", "orders.ndjson.gz", cwd=tmp_path)
    piped = run_process("lint", "-f", "concise", "-", stdin=file.read_bytes(), cwd=tmp_path)
    assert packed.stdout.replace(".ndjson.gz", ".ndjson") == plain.stdout
    assert piped.stdout.replace("<stdin>", "orders.ndjson") == plain.stdout


def test_xml_may_have_a_document_a_line(tmp_path: Path) -> None:
    """A stream of XML documents, one a line, has the findings of the orders that it was made of."""
    lines = [" ".join(write_xml(order, "request").split()) for order in orders(30)]
    (tmp_path / "orders.xml").write_text("\n".join(lines))
    outcome = run_here("lint", "-f", "json", str(tmp_path / "orders.xml"))
    report = json.loads(outcome.stdout)
    assert report["summary"]["documents"] == 30
    failed = [result["document"] for result in report["results"] if not result["ok"]]
    assert failed == [1, 11, 21]
    stdin = ("\n".join(lines)).encode()
    assert run_here("lint", "-f", "json", "-", "--syntax", "xml-lines", stdin=stdin).code == 1


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_findings_are_limited_on_request(jobs: str, archive: Path) -> None:
    """`--max-findings` ends the run after so many findings, says so, and never with success."""
    outcome = run_process("lint", "-j", jobs, "--max-findings", "5", "-f", "concise", "orders.ndjson", cwd=archive)
    assert outcome.code == 1
    assert outcome.last_line == "altcraft-contract: stopped at --max-findings; what follows was not checked"
    assert len(outcome.stdout.splitlines()) == 5 + 1
    warned = run_process("lint", "--max-findings", "1", "--ignore", "invalid-currency", "orders.ndjson", cwd=archive)
    assert warned.code == 1
    never = run_process("lint", "--max-findings", "1", "--fail-on", "never", "orders.ndjson", cwd=archive)
    assert never.code == 0


def test_a_limit_that_is_not_reached_changes_nothing(tmp_path: Path) -> None:
    """With fewer findings than the limit the run is as without it."""
    file = tmp_path / "order.json"
    file.write_text(json.dumps(ORDER))
    outcome = run_here("lint", "--max-findings", "100", str(file))
    assert (outcome.code, outcome.stderr) == (0, "")
    assert outcome.stdout == run_here("lint", str(file)).stdout


def test_a_sample_is_checked_under_its_own_numbers(archive: Path) -> None:
    """`--sample` checks so many documents, tells them under their places, and chooses the same ones again."""
    whole = run_process("lint", "-f", "concise", "orders.ndjson", cwd=archive).stdout.splitlines()
    sampled = [run_process("lint", "--sample", "50", "-f", "concise", "orders.ndjson", cwd=archive) for _ in range(2)]
    assert sampled[0] == sampled[1]
    lines = sampled[0].stdout.splitlines()
    assert lines[-1].startswith("50 documents checked")
    assert set(lines[:-1]) < set(whole)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--summary", "-f", "junit"], "--summary is for --format text, json, html: add one of them"),
        (["--cluster", "tcp://127.0.0.1:1", "--sample", "5"], "--sample reads the input on this machine"),
        (["--cluster", "tcp://127.0.0.1:1", "-"], "--cluster is for files that its workers can read: name some,"),
        (["--cluster", "tcp://127.0.0.1:1", "-j", "2"], "--jobs is about processes of this machine: leave it out, or"),
        (["--jobs", "0"], "0 is not in the range"),
        (["--sample", "1000000"], "is not in the range"),
    ],
)
def test_what_does_not_go_together_is_refused(arguments: list[str], reason: str, archive: Path) -> None:
    """Options that contradict each other, or are out of their range, end with one line and exit code 2."""
    outcome = run_here("lint", *arguments, str(archive / "orders.ndjson"))
    assert outcome.code == 2
    assert reason in outcome.last_line


def test_no_cluster_is_asked_where_there_is_nothing_to_check(tmp_path: Path) -> None:
    """Paths that cannot be read are told at once, with exit code 2, whether or not a scheduler answers."""
    missing = str(tmp_path / "missing.ndjson")
    outcome = run_here("lint", "--cluster", "tcp://127.0.0.1:1", missing)
    assert (outcome.code, outcome.last_line) == (2, f"altcraft-contract: error: {missing}: no such file or directory")


def test_a_baseline_holds_over_all_cores(archive: Path, tmp_path: Path) -> None:
    """Findings that are numbered within a file are told again by a baseline that one process has written."""
    baseline = tmp_path / "baseline.json"
    update = ("lint", "-j", "1", "--baseline", str(baseline), "--baseline-update", "-q", "orders.ndjson")
    assert run_process(*update, cwd=archive).code == 0
    outcome = run_process("lint", "-j", "2", "--baseline", str(baseline), "orders.ndjson", cwd=archive)
    assert outcome.code == 0
    assert "suppressed" in outcome.stdout
    summary = run_process("lint", "-j", "2", "--baseline", str(baseline), "--summary", "orders.ndjson", cwd=archive)
    assert "invalid-currency" not in summary.stdout


@pytest.mark.parametrize("size", [300_000, 1_500_000, (2 << 20) - 1, (2 << 20) + 1])
def test_numbers_do_not_depend_on_what_is_worth_other_processes(size: int, archive: Path, tmp_path: Path) -> None:
    """Files that are cut, but checked in one process, have the numbers of the whole file, too."""
    lines = (archive / "orders.ndjson").read_bytes()
    (tmp_path / "orders.ndjson").write_bytes(lines[:size])
    one, two = (
        run_process("lint", "-j", jobs, "-f", "json", "orders.ndjson", cwd=tmp_path).stdout for jobs in ("1", "2")
    )
    assert one == two


def test_overrides_hold_in_other_processes(archive: Path) -> None:
    """What is different for some files is so wherever they are checked."""
    config = archive / "other.toml"
    config.write_text(
        '[[overrides]]\npaths = ["orders.ndjson"]\nignore = ["invalid-currency"]\n[overrides.severity]\n'
        'total-mismatch = "error"\n'
    )
    one, two = (
        run_process("lint", "-j", jobs, "--config", str(config), "--summary", "orders.ndjson", cwd=archive)
        for jobs in "12"
    )
    config.unlink()
    assert one == two
    assert "invalid-currency" not in one.stdout
    assert (one.code, one.stderr) == (1, "")


def test_processes_end_with_the_one_that_started_them(archive: Path) -> None:
    """A run that is killed leaves no process behind."""
    with subprocess.Popen(
        [*COMMAND, "lint", "-j", "2", "-q", "orders.ndjson", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        cwd=archive,
        env=environment(),
    ) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        while len(workers := children.read_text().split()) < 2:
            assert process.poll() is None
        process.kill()
    while any(Path(f"/proc/{worker}/cmdline").exists() and _is_alive(worker) for worker in workers):
        pass


def _is_alive(process: str) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_sample_prunes_no_baseline(archive: Path, tmp_path: Path) -> None:
    """What a sample has not met is not gone."""
    options = ("--baseline", str(tmp_path / "baseline.toml"), "--baseline-prune", "--sample", "5")
    outcome = run_here("lint", *options, str(archive / "orders.ndjson"))
    assert outcome.code == 2
    assert "no sample can tell" in outcome.last_line
