"""`lint` with several reports: which goes where, and the summary of a job."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from altcraft_contract.contract import load_contract
from altcraft_contract.renderers import RENDERERS
from tests.cli.running import run_here

REQUEST = load_contract().examples["request.json"]
BROKEN = REQUEST.replace(b'"RUB"', b'"rub"')


@pytest.fixture(autouse=True)
def _in_a_directory_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    Path("order.json").write_bytes(BROKEN)


def kind_of(text: str) -> str:
    """Which format a report is in, of those that are used here."""
    if text.startswith("{"):
        return "sarif" if "$schema" in json.loads(text) else "json"
    if text.startswith("<?xml"):
        return "junit"
    return "gitlab" if text.startswith("[") else "text"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("", {"-": "text"}),
        ("-f json", {"-": "json"}),
        ("-f json -o a", {"a": "json"}),
        ("-o a -f json", {"a": "json"}),
        ("-o a", {"a": "text"}),
        ("-f text -f sarif -o a", {"-": "text", "a": "sarif"}),
        ("-f sarif -o a -f text", {"-": "text", "a": "sarif"}),
        ("-f sarif -o a -f junit -o b", {"a": "sarif", "b": "junit"}),
        ("-o a -f sarif -o b -f junit", {"a": "sarif", "b": "junit"}),
        ("-f sarif --output=a --format=gitlab -o b -f json", {"-": "json", "a": "sarif", "b": "gitlab"}),
        ("-f sarif -o a -f text -o -", {"-": "text", "a": "sarif"}),
    ],
)
def test_an_output_belongs_to_the_format_before_it(arguments: str, expected: dict[str, str]) -> None:
    """Each report goes to the --output that follows its --format, or that came first; the one without, to stdout."""
    outcome = run_here("lint", *arguments.split(), "order.json")
    written = {path: Path(path).read_text("utf-8") for path in expected if path != "-"}
    if "-" in expected:
        written["-"] = outcome.stdout
    else:
        assert outcome.stdout == ""
    assert outcome.code == 1
    assert {path: kind_of(text) for path, text in written.items()} == expected


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("-f json -f sarif", "json and sarif would both go to the standard output; give --output FILE after"),
        ("-f json -o a -f sarif -o a", "json and sarif would both go to a; give --output FILE after"),
        ("-f json -o a -f sarif -o ./a", "json and sarif would both go to ./a; give --output FILE after"),
        ("-f json -o a -o b", "--output b has no --format of its own; give both, one after the other"),
        ("-f sarif -o order.json", "--output order.json is an input, too, and would be lost; name another file"),
        ("-f text -f sarif -o no/a", "no/a: cannot be written: there is no such directory; make it first"),
        ("--baseline-update", "--baseline-update needs --baseline FILE"),
        ("--baseline-prune", "--baseline-prune needs --baseline FILE"),
        ("--fix --diff", "--diff shows what --fix would do: give one of them"),
        ("--fix -", "--fix cannot mend the standard input; name files, or look at --diff"),
        ("--fix-only -", "--fix-only cannot mend the standard input; name files, or look at --diff"),
        ("--check secret", "'secret': expected one of contract, secrets"),
        ("--select secret-token", "none of the selected rules is looked for: secret-token needs --check secrets"),
        ("--check secrets --select wrong-type", "is looked for: wrong-type needs --check contract"),
        ("--baseline b.toml --baseline-update -o b.toml", "--output b.toml is the baseline, too; name another file"),
        ("--fix-only -f json", "--fix-only writes no report: leave --format out"),
        ("--diff -o a", "--diff writes no report: leave --output out"),
    ],
)
def test_reports_that_would_be_lost_are_refused(arguments: str, message: str) -> None:
    """What cannot be done as it is asked for ends in one line, before anything is checked."""
    outcome = run_here("lint", *arguments.split(), "order.json")
    assert (outcome.code, outcome.stdout) == (2, "")
    assert message in outcome.last_line
    assert Path("order.json").read_bytes() == BROKEN


def test_reports_may_be_configured() -> None:
    """Lists in the configuration are pairs of a format and its output."""
    Path("altcraft-contract.toml").write_text('format = ["sarif", "text"]\noutput = ["found.sarif"]\n', "utf-8")
    Path("sub/order.json").write_bytes(BROKEN)
    outcome = run_here("lint", "order.json")
    assert outcome.stdout.endswith("1 document checked: 1 error, 3 warnings\n")
    assert kind_of(Path("found.sarif").read_text("utf-8")) == "sarif"


def test_reports_are_no_payloads() -> None:
    """A directory may hold the reports of its own check, and the baseline."""
    for _ in range(2):
        outcome = run_here("lint", ".", "-f", "text", "-f", "sarif", "-o", "a.json", "-f", "junit", "-o", "b.xml")
        assert outcome.stdout.endswith("1 document checked: 1 error, 3 warnings\n")


def test_programs_get_names_from_the_root_of_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where CI looks for files does not depend on the directory in which lint runs."""
    monkeypatch.chdir("sub")
    run_here("lint", "../order.json", "-f", "gitlab", "-o", "g.json", "-f", "sarif", "-o", "s.sarif")
    (issue, *_) = json.loads(Path("g.json").read_text("utf-8"))
    (run,) = json.loads(Path("s.sarif").read_text("utf-8"))["runs"]
    assert issue["location"]["path"] == "order.json"
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "order.json"
    assert "::error file=order.json,line=" in run_here("lint", "../order.json", "-f", "github").stdout
    assert run_here("lint", "../order.json").stdout.startswith("../order.json:")


def test_the_summary_of_a_job_is_added_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where GitHub Actions runs lint, annotations come with a summary in Markdown behind what stands there."""
    summary = Path("summary.md")
    summary.write_text("before\n", "utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    run_here("lint", "order.json")
    assert summary.read_text("utf-8") == "before\n"
    outcome = run_here("lint", "order.json", "-f", "github")
    assert outcome.stdout.startswith("::error ")
    expected = run_here("lint", "order.json", "-f", "markdown").stdout
    assert summary.read_text("utf-8") == f"before\n{expected}"


def test_a_summary_that_cannot_be_written_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """The annotations are there all the same; one line says what is missing."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "no/summary.md")
    outcome = run_here("lint", "order.json", "-f", "github")
    assert outcome.code == 2
    assert outcome.stdout.startswith("::error ")
    assert "GITHUB_STEP_SUMMARY" in outcome.last_line


@pytest.mark.parametrize("format_", RENDERERS)
def test_every_format_tells_of_what_cannot_be_read(format_: str) -> None:
    """A path at which nothing can be read is exit code 2, and the report is whole."""
    outcome = run_here("lint", "order.json", "missing.json", "-f", format_)
    assert outcome.code == 2
    assert "missing.json: no such file or directory" in outcome.stderr
    if format_ in ("json", "sarif", "gitlab"):
        json.loads(outcome.stdout)
    if format_ == "junit":
        ET.fromstring(outcome.stdout)  # noqa: S314 - what we have just written


def test_nothing_to_check_may_be_allowed() -> None:
    """A hook that gets no order is content; else an empty check is no success."""
    Path("other.json").write_text("{}", "utf-8")
    Path("order.json").unlink()
    assert run_here("lint", ".").code == 2
    outcome = run_here("lint", ".", "--allow-empty")
    assert (outcome.code, outcome.stdout) == (0, "nothing checked, 1 file skipped\n")
    assert run_here("lint", "sub").code == 2
    assert run_here("lint", "sub", "--allow-empty").code == 0


@pytest.mark.parametrize(("fail_on", "failures"), [("error", 1), ("warning", 4)])
def test_junit_fails_what_fails_the_run(fail_on: str, failures: int) -> None:
    """A warning is a failed test only if warnings fail the run."""
    outcome = run_here("lint", "order.json", "-f", "junit", "--fail-on", fail_on)
    assert len(ET.fromstring(outcome.stdout).findall(".//failure")) == failures  # noqa: S314 - what we have written


def test_a_format_of_the_command_line_goes_to_the_screen() -> None:
    """What is configured to go to a file is not overwritten by another format."""
    Path("altcraft-contract.toml").write_text('format = "sarif"\noutput = "found.sarif"\n', "utf-8")
    assert run_here("lint", "order.json", "-f", "concise").stdout.startswith("order.json:")
    assert not Path("found.sarif").exists()
    assert run_here("lint", "order.json").stdout == ""
    assert kind_of(Path("found.sarif").read_text("utf-8")) == "sarif"
