"""`altcraft-contract coverage`: what a set of payload files exercises."""

from __future__ import annotations

import gzip
import json
import signal
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from altcraft_contract.contract import load_contract
from altcraft_contract.rules import RULES
from tests.cli.running import COMMAND, PATIENCE, environment, run_here

ROOT = Path(__file__).parents[2]
EXAMPLES = load_contract().examples
SCHEMA = json.loads((ROOT / "altcraft_contract/testing/coverage/report.schema.json").read_bytes())
TOKEN = "abcdefghijklmnqrstuvwxyz"  # noqa: S105 - that of the documentation


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with the documented examples, in which nothing is configured."""
    (tmp_path / "payloads").mkdir()
    for name, data in EXAMPLES.items():
        (tmp_path / "payloads" / name).write_bytes(data)
    monkeypatch.chdir(tmp_path)


def report(*arguments: str) -> dict[str, Any]:
    """The JSON report, which has the form of its schema."""
    outcome = run_here("coverage", "--format", "json", *arguments)
    assert outcome.code == 0
    found: dict[str, Any] = json.loads(outcome.stdout)
    jsonschema.validate(found, SCHEMA)
    return found


def uses(found: dict[str, Any]) -> dict[tuple[str, str], int]:
    """Message and pointer of each field to how many messages have it."""
    return {(field["message"], field["pointer"]): field["messages"] for field in found["fields"]}


def test_fields_and_rules_of_the_examples_are_counted() -> None:
    """Both syntaxes count alike; what is not there was never exercised."""
    found = report("payloads")

    assert found["checked"] == {"requests": 2, "responses": 2, "exchanges": 0}
    assert uses(found)["request", "/data/lines/*/product"] == 2
    assert uses(found)["request", "/email"] == 0
    assert uses(found)["response", "/data/status"] == 2
    rules = {rule["rule"]: (rule["kept"], rule["broken"]) for rule in found["rules"]}
    assert rules["line-item-missing"] == (2, 0)
    assert rules["points-amount-missing"] == (0, 4)
    assert rules["email-format"] == (0, 0)


def test_only_what_files_can_exercise_is_counted() -> None:
    """There are no scenarios and no rules about exchanges; with --message only its own fields and rules."""
    both = report("payloads")
    requests = report("--message", "request", "payloads/request.json")

    assert both["scenarios"] == requests["scenarios"] == []
    assert {rule["rule"] for rule in both["rules"]} == {rule.id for rule in RULES.values() if rule.scope != "exchange"}
    assert {field["message"] for field in requests["fields"]} == {"request"}
    assert {rule["scope"] for rule in requests["rules"]} == {"message", "request"}


def test_archives_are_counted_record_by_record() -> None:
    """A compressed archive counts as its records do, those with findings and those without."""
    good, bad = json.loads(EXAMPLES["response.json"]), {"error": "0"}
    lines = "".join(f"{json.dumps(value)}\n" for value in (good, bad, good))
    Path("answers.ndjson.gz").write_bytes(gzip.compress(lines.encode()))

    found = report("answers.ndjson.gz")

    assert found["checked"]["responses"] == 3
    assert uses(found)["response", "/error"] == 3
    assert uses(found)["response", "/data"] == 2


def test_a_malformed_body_has_no_fields() -> None:
    """What cannot be read exercises the rule that it breaks, and nothing else, even if its beginning can be read."""
    Path("order.json").write_bytes(b'{"token": "\xff", "external_id": "1"}')

    found = report("order.json")

    assert set(uses(found).values()) == {0}
    assert [rule["rule"] for rule in found["rules"] if rule["exercised"]] == ["malformed"]


def test_text_names_what_is_missing() -> None:
    """The table stands first, then what was never exercised; --verbose names all of it."""
    outcome = run_here("coverage", "--message", "request", "payloads/request.json", "payloads/request.xml")

    assert outcome.code == 0
    assert outcome.stdout.startswith("contract v75; checked: 2 requests, 0 responses, 0 exchanges\n")
    assert "request fields          47   63    74.6%\n" in outcome.stdout
    assert "response fields" not in outcome.stdout
    assert "scenarios" not in outcome.stdout
    assert "4 left out above: -v shows all, and so does --format json or html" in outcome.stdout
    whole = run_here("coverage", "--message", "request", "-v", "payloads/request.json").stdout
    assert "left out above" not in whole
    assert "/data/requested_promotions/*/points_info/expiration_date" in whole


def test_too_little_is_a_failure() -> None:
    """Less than --fail-under percent gives exit code 1 and a line that says so; exactly as much does not."""
    outcome = run_here("coverage", "--fail-under", "90", "payloads")
    assert outcome.code == 1
    assert outcome.stderr == (
        "altcraft-contract: error: contract coverage is 85.1% (109 of 128), expected at least 90.0% (--fail-under)\n"
    )
    assert run_here("coverage", "--fail-under", "85", "payloads").code == 0


def test_rules_that_are_switched_off_count_nowhere() -> None:
    """Options and configuration select the rules, as for `lint`."""
    Path("altcraft-contract.toml").write_text('ignore = ["email-format"]\nfail-under = 99\n', "utf-8")

    outcome = run_here("coverage", "--ignore", "email-format,phone-format", "payloads")

    assert outcome.code == 1
    assert "not counted, since they are switched off (2): email-format, phone-format" in outcome.stdout


def test_a_page_is_written_and_tells_no_secret() -> None:
    """--output takes the page; neither it nor any other form holds what stands in the messages."""
    assert run_here("coverage", "--format", "html", "-o", "coverage.html", "payloads").stdout == ""
    page = Path("coverage.html").read_text("utf-8")
    assert "<title>" in page
    assert "Scenarios" not in page.partition("<dl")[0]
    for text in (page, run_here("coverage", "payloads").stdout, json.dumps(report("payloads"))):
        assert TOKEN not in text


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        ((), 2, "no PATH given: name files, directories, or - for the standard input"),
        (("nowhere.json",), 2, "nowhere.json: no such file or directory"),
        (("--fail-under", "101", "payloads"), 2, "101.0 is not in the range 0<=x<=100"),
        (("-o", "payloads/request.json", "payloads/request.json"), 2, "is an input, too, and would be lost"),
        (("--select", "no-such-rule", "payloads"), 2, "no-such-rule"),
        (("--format", "xml", "payloads"), 2, "'xml' is not one of 'text', 'json', 'html'"),
        (("empty.ndjson",), 2, "nothing to count: there is no document"),
    ],
)
def test_wrong_usage_ends_in_one_clear_line(arguments: tuple[str, ...], code: int, line: str) -> None:
    """Nothing is printed but what is wrong."""
    Path("empty.ndjson").write_bytes(b"\n")

    outcome = run_here("coverage", *arguments)

    assert (outcome.code, outcome.stdout) == (code, "")
    assert line in outcome.last_line
    assert outcome.last_line.startswith("altcraft-contract: error: ")


def test_what_can_be_read_is_counted_beside_what_cannot() -> None:
    """A path that cannot be read gives exit code 2, after the report of the others."""
    outcome = run_here("coverage", "nowhere.json", "payloads")

    assert outcome.code == 2
    assert "checked: 2 requests, 2 responses" in outcome.stdout
    assert outcome.stderr == "altcraft-contract: error: nowhere.json: no such file or directory\n"


def test_ctrl_c_tells_what_was_read_until_then() -> None:
    """After Ctrl-C the report is whole, of the first documents, and the exit code is 130."""
    with subprocess.Popen(
        [*COMMAND, "coverage", "--syntax", "ndjson", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as process:
        assert process.stdin is not None
        line = json.dumps(json.loads(EXAMPLES["request.json"])).encode() + b"\n"
        for _ in range(200):  # more than what is read at once, so that the command is at work
            process.stdin.write(line)
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert b"Traceback" not in stderr
    assert stdout.startswith(b"contract v75; checked: ") or not stdout
