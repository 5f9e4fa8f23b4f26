"""`lint`, run in this process."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from altcraft_contract.cli.entry import COMMANDS
from altcraft_contract.cli.schema import NAMES
from altcraft_contract.contract import load_contract
from altcraft_contract.renderers import FORMATS
from tests.cli.running import run_here

REQUEST = load_contract().examples["request.json"]
RESPONSE = load_contract().examples["response.json"]
ABOUT_BOTH = "is about a request and its response together, which --extract finds in recordings"
WARNINGS = 3  # of the documented request


@pytest.fixture(autouse=True)
def _in_a_directory_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    Path("order.json").write_bytes(REQUEST)
    Path("answer.json").write_bytes(RESPONSE)
    Path("bad.json").write_bytes(REQUEST.replace(b'"sku": "skuf",', b""))


def test_a_finding_is_one_line_a_frame_and_its_source() -> None:
    """The line of a finding is `file:line:col: severity rule: message`; a summary ends the report."""
    outcome = run_here("lint", "bad.json")
    assert outcome.code == 1
    assert "bad.json:46:7: error line-item-missing: the line has neither `product` nor `sku`\n" in outcome.stdout
    assert outcome.stdout.endswith("\n\n1 document checked: 1 error, 3 warnings\n")
    assert outcome.stderr == ""


@pytest.mark.parametrize(
    ("path", "fail_on", "code"),
    [
        ("answer.json", "warning", 0),
        ("order.json", "error", 0),
        ("order.json", "warning", 1),
        ("order.json", "never", 0),
        ("bad.json", "error", 1),
        ("bad.json", "warning", 1),
        ("bad.json", "never", 0),
    ],
)
def test_the_exit_code_is_that_of_the_least_severity_that_fails(path: str, fail_on: str, code: int) -> None:
    """Findings at or above --fail-on make the exit code 1, whatever their number."""
    assert run_here("lint", path, "--fail-on", fail_on).code == code


def test_one_unreadable_path_spoils_the_verdict_but_not_the_report() -> None:
    """When a path cannot be read the others are reported, and the exit code is 2."""
    outcome = run_here("lint", "missing.json", "bad.json", "--format", "json")
    assert outcome.code == 2
    assert [result["path"] for result in json.loads(outcome.stdout)["results"]] == ["bad.json"]
    assert outcome.stderr == "altcraft-contract: error: missing.json: no such file or directory\n"


@pytest.mark.parametrize("format_", ["text", "json"])
def test_a_directory_without_messages_is_nothing_to_check(format_: str) -> None:
    """When every file was skipped, the run says how to check one of them, and fails."""
    Path("foreign").mkdir()
    Path("foreign/a.json").write_text("{}", encoding="utf-8")
    outcome = run_here("lint", "foreign", "--format", format_)
    assert outcome.code == 2
    assert outcome.stderr == (
        "altcraft-contract: error: nothing to check: no file is a message of this contract; name the file itself to "
        "check it\n"
    )
    if format_ == "text":
        assert outcome.stdout == "nothing checked, 1 file skipped\n"
    else:
        assert json.loads(outcome.stdout)["summary"]["skipped"] == 1


def test_a_named_file_is_checked_whatever_it_is() -> None:
    """A file that is no message is checked all the same when it is named, with a note."""
    Path("foreign.json").write_text('{"a": 1}', encoding="utf-8")
    outcome = run_here("lint", "foreign.json")
    assert outcome.code == 1
    assert outcome.stderr == (
        "altcraft-contract: note: foreign.json looks like no message of this contract; checked as a request "
        "(--message says which it is)\n"
    )


@pytest.mark.parametrize(("stdin", "place"), [(b"", "1:1"), (b"\n", "2:1")])
def test_an_empty_standard_input_is_an_empty_body(stdin: bytes, place: str) -> None:
    """Nothing on the standard input is a malformed body, not a hang and not a success."""
    outcome = run_here("lint", "-", "--stdin-filename", "in.json", stdin=stdin)
    assert outcome.code == 1
    assert f"in.json:{place}: error malformed: the body is empty\n" in outcome.stdout


def test_a_closed_standard_input_cannot_be_read() -> None:
    """A standard input that was closed is like a file that cannot be read."""
    outcome = run_here("lint", "-", stdin=None)
    assert (outcome.code, outcome.stderr) == (
        2,
        "altcraft-contract: error: <stdin>: the standard input is closed\n",
    )


def test_a_file_without_records_is_nothing_to_check() -> None:
    """An NDJSON file of blank lines has nothing to check."""
    Path("a.ndjson").write_text("\n\n", encoding="utf-8")
    outcome = run_here("lint", "a.ndjson")
    assert outcome.code == 2
    assert outcome.last_line == "altcraft-contract: error: nothing to check: there is no document"


def test_the_standard_input_may_be_named_twice() -> None:
    """The standard input is read once, however often it is named."""
    outcome = run_here("lint", "-", "-", stdin=RESPONSE)
    assert (outcome.code, outcome.stdout) == (0, "1 document checked: no findings\n")


def test_quiet_leaves_out_the_summary_and_verbose_adds_the_rule() -> None:
    """Quiet is findings only; verbose tells what each rule says."""
    assert run_here("lint", "answer.json", "-q").stdout == ""
    assert run_here("lint", "bad.json", "-v").stdout.count("= rule: ") == WARNINGS + 1


@pytest.mark.parametrize("format_", ["text", "json"])
def test_the_report_may_go_to_a_file(format_: str) -> None:
    """The report in a file is the one that would go to the standard output, which stays empty."""
    shown = run_here("lint", "bad.json", "-f", format_)
    written = run_here("lint", "bad.json", "-f", format_, "-o", "report")
    assert (written.code, written.stdout) == (shown.code, "")
    assert Path("report").read_text(encoding="utf-8") == shown.stdout
    assert run_here("lint", "bad.json", "-f", format_, "-o", "-").stdout == shown.stdout


def test_a_report_never_replaces_an_input() -> None:
    """A report that would be written over an input is refused, and the input stays as it is."""
    for arguments in (
        ("lint", "bad.json", "order.json", "-o", "./order.json"),
        ("convert", "order.json", "-o", "order.json"),
    ):
        outcome = run_here(*arguments)
        assert outcome.code == 2
        assert "is an input, too, and would be lost" in outcome.last_line
        assert Path("order.json").read_bytes() == REQUEST


def test_the_last_report_is_not_checked_with_the_directory_that_it_lies_in() -> None:
    """A report in the directory that is checked is neither checked nor counted."""
    Path("d").mkdir()
    Path("d/a.json").write_bytes(REQUEST)
    for _ in range(2):
        run_here("lint", "d", "-f", "json", "-o", "d/report.json")
    assert json.loads(Path("d/report.json").read_text(encoding="utf-8"))["summary"] == {
        "documents": 1,
        "failed": 0,
        "skipped": 0,
        "errors": 0,
        "warnings": WARNINGS,
    }


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("d", "is a directory"),
        ("no/report", "there is no such directory; make it first"),
        ("answer.json/x", "not a directory"),
        ("a\0b", "a path cannot hold a NUL character"),
        pytest.param(
            "/dev/full",
            "no space left on device",
            marks=pytest.mark.skipif(not Path("/dev/full").exists(), reason="has none"),
        ),
    ],
)
@pytest.mark.parametrize(
    "arguments", [("lint", "order.json"), ("convert", "order.json"), ("rules",), ("schema", "request")]
)
def test_an_output_that_cannot_be_written_says_why(arguments: tuple[str, ...], output: str, reason: str) -> None:
    """An output that cannot be written is exit code 2, with the reason in one line."""
    Path("d").mkdir()
    outcome = run_here(*arguments, "-o", output)
    assert outcome.code == 2
    shown = output.replace("\0", "\\x00")
    assert outcome.stderr == f"altcraft-contract: error: {shown}: cannot be written: {reason}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("lint",), "no PATH given: name files, directories, or - for the standard input"),
        (("lint", "order.json", "--ignore", "nope"), "unknown rule 'nope'; `altcraft-contract rules` lists them"),
        (
            ("lint", "order.json", "--ignore", "missing-field,total-mismach"),
            "unknown rule 'total-mismach'; did you mean 'total-mismatch'?",
        ),
        (
            ("lint", "order.json", "--select", ","),
            "Invalid value for '--select': names no rule; leave it out to select all of them",
        ),
        (
            ("lint", "order.json", "--select", ""),
            "Invalid value for '--select': names no rule; leave it out to select all of them",
        ),
        (
            ("lint", "order.json", "--select", "external-id-mismatch"),
            f"none of the selected rules is looked for: external-id-mismatch {ABOUT_BOTH}",
        ),
        (
            ("lint", "order.json", "--ignore", "malformed"),
            "'malformed' cannot be ignored or changed: nothing else of such a body can be judged",
        ),
        (("lint", "order.json", "--formt", "json"), "No such option '--formt'. Did you mean '--format'?"),
        (
            ("lint", "order.json", "-f", "yaml"),
            f"Invalid value for '--format' / '-f': 'yaml' is not one of {', '.join(map(repr, FORMATS))}.",
        ),
        (
            ("lint", "order.json", "--max-size", "0"),
            "Invalid value for '--max-size': 0 is not in the range 1<=x<=1024.",
        ),
        (("lnt",), "no such command 'lnt'; did you mean 'lint'?"),
        (("zzz",), f"no such command 'zzz'; there are {', '.join(COMMANDS)}"),
        (("l\x1b[31mnt",), f"no such command 'l\\x1b[31mnt'; there are {', '.join(COMMANDS)}"),
        (("explain",), "Missing argument 'RULE'."),
        (
            ("schema",),
            f"name what to print ({', '.join(NAMES)}), or --export DIR",
        ),
    ],
)
def test_wrong_usage_ends_in_one_clear_line(arguments: tuple[str, ...], message: str) -> None:
    """Wrong usage is exit code 2; how the command is used is told first, and last what was wrong and what to do."""
    outcome = run_here(*arguments)
    assert outcome.code == 2
    assert outcome.stdout == ""
    assert outcome.stderr.startswith("Usage: altcraft-contract")
    assert outcome.last_line == f"altcraft-contract: error: {message}"


def test_an_empty_list_of_ignored_rules_ignores_nothing() -> None:
    """A script may pass --ignore with an empty value."""
    assert run_here("lint", "order.json", "--ignore", "").stdout == run_here("lint", "order.json").stdout


def test_hostile_names_are_shown_as_escapes() -> None:
    """Terminal escapes and line ends in the name of a file reach neither stream raw."""
    name = "a\x1b[31m\n.json"
    Path(name).write_text("[", encoding="utf-8")
    for path in (name, f"missing{name}"):
        outcome = run_here("lint", path)
        assert "\x1b" not in outcome.stdout + outcome.stderr
        assert "a\\x1b[31m\\n.json" in outcome.stdout + outcome.stderr


@pytest.mark.parametrize("data", [b"\x00" * 100, b"\xff\xfe<\x00", bytes(range(256)), b"[" * 10_000, b"<" * 10_000])
@pytest.mark.parametrize("suffix", ["json", "xml", "ndjson"])
def test_any_bytes_end_in_a_finding(data: bytes, suffix: str) -> None:
    """A file of any bytes is a malformed body, shown without a raw control character."""
    Path(f"x.{suffix}").write_bytes(data)
    outcome = run_here("lint", f"x.{suffix}", "-q")
    assert outcome.code == 1
    assert f"x.{suffix}:" in outcome.stdout
    assert all(line.isprintable() for line in outcome.stdout.splitlines())


def test_the_engines_say_the_same() -> None:
    """The reference engine gives the same report of the same files."""
    assert run_here("lint", "bad.json", "--engine", "reference").stdout == run_here("lint", "bad.json").stdout


def test_a_bug_is_told_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a bug of ours is exit code 4: one line without a traceback, unless one is asked for."""

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("x")

    monkeypatch.setattr("altcraft_contract.cli.lint_run.iter_payloads", fail)
    outcome = run_here("lint", "order.json")
    assert outcome.code == 4
    assert outcome.stderr.count("\n") == 1
    assert outcome.stderr.startswith("altcraft-contract: internal error: ZeroDivisionError; this is a bug of")
    monkeypatch.setenv("ALTCRAFT_CONTRACT_TRACEBACK", "1")
    assert "Traceback" in run_here("lint", "order.json").stderr
