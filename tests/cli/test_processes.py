"""The command line as a process: streams, signals, encodings, and what it imports."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from altcraft_contract.contract import load_contract
from tests.cli.running import COMMAND, PATIENCE, environment, run_process, run_shell

REQUEST = load_contract().examples["request.json"]
BAD = REQUEST.replace(b'"sku": "skuf",', b"")
RECORD = json.dumps(json.loads(BAD)).encode() + b"\n"
COMMANDS = (
    "lint order.json",
    "lint order.json -f json",
    "rules",
    "explain malformed",
    "convert order.json",
    "schema request",
    "--help",
)

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and devices of POSIX")


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A repository with an order."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "order.json").write_bytes(REQUEST)
    (tmp_path / "bad.json").write_bytes(BAD)
    return tmp_path


def test_the_module_is_the_command(directory: Path) -> None:
    """`python -m altcraft_contract` and the installed script do the same, under the same name."""
    script = Path(sys.executable).with_name("altcraft-contract")
    for arguments in (["lint", "bad.json"], ["lint"]):
        module = run_process(*arguments, cwd=directory)
        installed = subprocess.run(
            [script, *arguments], capture_output=True, cwd=directory, env=environment(), check=False
        )
        assert (module.code, module.stdout, module.stderr) == (
            installed.returncode,
            installed.stdout.decode(),
            installed.stderr.decode(),
        )


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("command", COMMANDS)
def test_an_output_that_is_closed_or_full_is_one_line(command: str, unbuffered: str, directory: Path) -> None:
    """A standard output that is closed or full is exit code 2 and one line; one that nobody reads is silence."""
    env = environment(PYTHONUNBUFFERED=unbuffered)
    full, closed, unread = (
        run_shell(f"$RUN {command} {end}", cwd=directory, env=env)
        for end in (">/dev/full", ">&-", "| true; exit ${PIPESTATUS[0]}")
    )
    assert [full.code, closed.code] == [2, 2]
    assert full.stderr.casefold().endswith("cannot be written: no space left on device\n")
    assert closed.stderr.endswith("cannot be written: it is closed\n")
    assert [full.stderr.count("\n"), closed.stderr.count("\n")] == [1, 1]
    assert unread.stderr == ""
    assert unread.code in (0, 3)  # it may have written all before the reader was gone


@pytest.mark.parametrize("end", ["2>/dev/full", "2>&-"])
def test_talk_that_nobody_can_hear_changes_no_exit_code(end: str, directory: Path) -> None:
    """With a standard error that is closed or full the exit code is the same."""
    assert run_shell(f"$RUN lint missing.json {end}", cwd=directory).code == 2
    assert run_shell(f"$RUN lint --nope {end}", cwd=directory).code == 2
    assert run_shell(f"$RUN lint bad.json {end}", cwd=directory).code == 1


def test_the_first_lines_of_a_report_may_be_all_that_is_read(directory: Path) -> None:
    """`| head -1` on a long report gives its first line and no traceback."""
    (directory / "many.ndjson").write_bytes(RECORD * 200)
    outcome = run_shell("$RUN lint many.ndjson | head -1; exit ${PIPESTATUS[0]}", cwd=directory)
    assert outcome.stdout.startswith("many.ndjson:1:")
    assert outcome.stdout.count("\n") == 1
    assert (outcome.code, outcome.stderr) == (3, "")


@pytest.mark.parametrize("format_", ["text", "json"])
@pytest.mark.parametrize("to_file", [False, True])
def test_an_interrupted_run_writes_its_report(format_: str, to_file: bool, directory: Path) -> None:
    """Ctrl-C while more is awaited ends with the report of what was checked, whole and valid, and exit code 130."""
    output = ["-o", "report"] if to_file else []
    process = subprocess.Popen(
        [*COMMAND, "lint", "-", "--syntax", "ndjson", "-f", format_, *output],
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=directory,
        env=environment(),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(RECORD * 20 + b"\n" * 70_000)  # more than is read to tell the syntax, less than fills a pipe
    first = b"" if to_file else process.stdout.read(1)
    while to_file and not ((directory / "report").exists() and (directory / "report").stat().st_size):
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=PATIENCE)
    stdout = first + stdout
    report = (directory / "report").read_text(encoding="utf-8") if to_file else stdout.decode()
    assert process.returncode == 130
    assert stderr.decode() == "altcraft-contract: interrupted; the report tells of what was checked until then\n"
    if format_ == "json":
        assert json.loads(report)["summary"]["documents"] == len(json.loads(report)["results"])
    else:
        assert report.splitlines()[-1].split()[1:3] == ["documents", "checked:"]


@pytest.mark.parametrize(
    "variables", [{"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "ascii"}]
)
def test_no_encoding_of_the_environment_spoils_the_output(variables: dict[str, str], directory: Path) -> None:
    """Reports are UTF-8 in any locale, and names that are no text are shown as escapes."""
    body = REQUEST.replace(b'"region_moscow"', '"Москва"'.encode()).replace(b'"RUB"', '"РУБ"'.encode())
    name = os.fsencode(directory) + b"/\xd0\xb6\xff.json"
    Path(os.fsdecode(name)).write_bytes(body)
    for format_ in ("text", "json"):
        outcome = run_process("lint", name, "-f", format_, cwd=directory, env=environment(**variables))
        assert outcome.code == 1
        assert "РУБ" in outcome.stdout
        assert "\\xff.json" in outcome.stdout
        assert outcome.stderr == ""
    assert run_process("explain", "malformed", env=environment(**variables)).code == 0


def test_a_pipe_may_be_named(directory: Path) -> None:
    """A named pipe is read like a file."""
    os.mkfifo(directory / "pipe")
    outcome = run_shell("cat bad.json > pipe & $RUN lint pipe", cwd=directory)
    assert outcome.code == 1
    assert outcome.stdout.startswith("pipe:")


def test_a_file_without_end_ends(directory: Path) -> None:
    """Of an endless device no more is read than one body may have."""
    outcome = run_process("lint", "/dev/zero", "--max-size", "1", "-q", cwd=directory)
    assert outcome.code == 1
    assert "allowed" in outcome.stdout
    assert len(outcome.stdout) < 2_000


@pytest.mark.parametrize(
    ("name", "unwanted"),
    [
        ("request.json", {"xmlschema", "hypothesis", "jsonschema", "pytest", "lxml"}),
        ("request.xml", {"xmlschema", "hypothesis", "jsonschema", "pytest"}),
    ],
)
@pytest.mark.parametrize("is_good", [True, False])
def test_lint_imports_only_what_it_needs(name: str, unwanted: set[str], is_good: bool, directory: Path) -> None:
    """Linting a file loads neither the reference engine's libraries nor those of tests, and for JSON no XML library."""
    body = load_contract().examples[name]
    (directory / name).write_bytes(body if is_good else body[:-5])
    process = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "altcraft_contract", "lint", name],
        capture_output=True,
        cwd=directory,
        env=environment(),
        check=False,
    )
    assert process.returncode == (0 if is_good else 1)
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in process.stderr.decode().splitlines()}
    assert "altcraft_contract" in imported
    assert not imported & unwanted


def test_help_loads_no_rule(directory: Path) -> None:
    """Help of the whole program loads no command."""
    code = "import sys; from altcraft_contract.cli.entry import run; run(['--help']); print(*sys.modules)"
    process = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, cwd=directory, env=environment(), check=True
    )
    modules = process.stdout.decode().splitlines()[-1].split()
    assert not [
        name for name in modules if name.startswith(("altcraft_contract.rules", "altcraft_contract.validation"))
    ]
