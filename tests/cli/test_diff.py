"""`altcraft-contract diff`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jsonschema
import pytest

from altcraft_contract.contract import load_contract
from altcraft_contract.testing.coverage import Coverage
from altcraft_contract.testing.coverage.json_report import render_json
from altcraft_contract.testing.coverage.summary import summarize
from tests.cli.running import run_here
from tests.contract.versions.v76 import BEFORE, read_schema, write_schema, write_v76

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = json.loads((load_contract().directory.parent / "diff-report.schema.json").read_bytes())


@pytest.fixture(scope="module")
def v76(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The directory of the later version."""
    return str(write_v76(tmp_path_factory.mktemp("versions") / "v76"))


@pytest.fixture
def usage(tmp_path: Path) -> str:
    """The coverage of a client that sends the documented example, and reads the documented answer."""
    coverage = Coverage()
    coverage.take_message("request", BEFORE.examples["request.json"], None, ())
    coverage.take_message("response", BEFORE.examples["response.json"], None, ())
    path = tmp_path / "coverage.json"
    path.write_text(render_json(summarize(coverage)), "utf-8")
    return str(path)


def test_text(v76: str) -> None:
    """The text has a headline, and the changes by whom they break, the worst first."""
    outcome = run_here("diff", "v75", v76)

    lines = outcome.stdout.splitlines()
    assert (outcome.code, outcome.stderr) == (1, "")
    assert lines[0] == "v75 to v76: 13 changes, 8 breaking for clients, 6 breaking for servers, 1 harmless"
    assert [line for line in lines if line.endswith(":")] == [
        "breaking for clients and servers:",
        "breaking for clients:",
        "breaking for servers:",
        "harmless:",
    ]
    assert "  request /data/region [missing-field]: is required now; it was optional" in lines


def test_no_change(v76: str) -> None:
    """Without a change that is said, and the exit code is 0."""
    for name in ("v75", v76):
        outcome = run_here("diff", name, name, "--fail-on", "any")
        assert (outcome.code, outcome.stderr) == (0, "")
        assert outcome.stdout.endswith("no change\n")


@pytest.mark.parametrize("with_usage", [False, True])
def test_json_has_the_published_form(v76: str, usage: str, with_usage: bool) -> None:
    """The JSON is valid by the schema that ships, which is valid itself, and counts what it holds."""
    outcome = run_here("diff", "v75", v76, "--format", "json", *(("--usage", usage) if with_usage else ()))

    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    report = json.loads(outcome.stdout)
    jsonschema.Draft202012Validator(SCHEMA).validate(report)
    assert (report["old"], report["new"]) == ("v75", "v76")
    assert report["summary"]["changes"] == len(report["changes"]) == 13
    hits = [change["hits"] for change in report["changes"]]
    assert report["summary"]["hits"] == (sum(hits) if with_usage else None)
    assert None not in hits if with_usage else set(hits) == {None}


def test_markdown_is_nothing_but_text(tmp_path: Path) -> None:
    """What stands in a contract is no markup in Markdown, and no control character in text."""
    schema = read_schema("response")
    values = schema["$defs"]["data"]["properties"]["status"]["enum"]
    values.append("</code>|<b>\x1b[31m\n# x")
    directory = write_v76(tmp_path / "new")
    write_schema(directory, "response", schema)

    markdown = run_here("diff", "v75", str(directory), "--format", "markdown").stdout
    text = run_here("diff", "v75", str(directory)).stdout

    assert "<b>" not in markdown
    assert "\n# x" not in markdown
    assert "\x1b" not in text
    assert markdown.startswith("## Contract v75 to v76\n")
    rows = [line for line in markdown.splitlines() if line.startswith("|")]
    assert {row.count("|") for row in rows} == {4}


@pytest.mark.parametrize(
    ("fail_on", "code"), [("breaking", 1), ("clients", 1), ("servers", 1), ("any", 1), ("never", 0)]
)
def test_fail_on(v76: str, fail_on: str, code: int) -> None:
    """The exit code is that of the changes that --fail-on names."""
    assert run_here("diff", "v75", v76, "--fail-on", fail_on).code == code


@pytest.mark.parametrize(
    ("fail_on", "code"), [("breaking", 0), ("clients", 0), ("servers", 0), ("any", 1), ("never", 0)]
)
def test_harmless_changes_fail_only_with_any(tmp_path: Path, fail_on: str, code: int) -> None:
    """A harmless change makes the exit code 1 with `any` only."""
    directory = tmp_path / "new"
    write_v76(directory)
    for message in ("request", "response"):
        write_schema(directory, message, read_schema(message))
    (directory / "examples/request.json").write_text("{}", "utf-8")

    assert run_here("diff", "v75", str(directory), "--fail-on", fail_on).code == code


def test_usage(v76: str, usage: str) -> None:
    """With the coverage of a client each change that breaks clients says whether it hits, and only hits fail."""
    outcome = run_here("diff", "v75", v76, "--usage", usage)

    assert outcome.code == 1
    after = dict(zip(outcome.stdout.splitlines(), outcome.stdout.splitlines()[1:], strict=False))
    contents = "  response /data/contents: is no longer documented; it was an optional array"
    assert after[contents] == "    = hits this client: 1 response had it"
    assert run_here("diff", "v75", v76, "--usage", usage, "--fail-on", "servers").code == 1
    assert run_here("diff", "v75", "v75", "--usage", usage).code == 0


def test_usage_of_another_version_is_noted(v76: str, usage: str) -> None:
    """A report of another version than the older one is used, and that is noted."""
    outcome = run_here("diff", v76, "v75", "--usage", usage)

    assert "was counted by the contract 'v75', not by 'v76'" in outcome.stderr


def test_output(v76: str, tmp_path: Path) -> None:
    """The report goes to a file on request."""
    path = tmp_path / "changes.md"

    outcome = run_here("diff", "v75", v76, "-f", "markdown", "-o", str(path))

    assert (outcome.code, outcome.stdout) == (1, "")
    assert path.read_text("utf-8").startswith("## Contract v75 to v76")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("v75", "v99"), "no contract 'v99'"),
        (("v75", "."), "there is no request.schema.json"),
        (("v75", "v75", "--usage", "no.json"), "no.json: cannot be read"),
        (("v75",), "Missing argument 'NEW'"),
    ],
)
def test_wrong_usage(
    arguments: tuple[str, ...], expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be compared is one line with the remedy, and exit code 2."""
    monkeypatch.chdir(tmp_path)

    outcome = run_here("diff", *arguments)

    assert outcome.code == 2
    assert expected in outcome.last_line


def test_report_is_not_overwritten(v76: str, usage: str) -> None:
    """The coverage is not overwritten by the report."""
    assert run_here("diff", "v75", v76, "--usage", usage, "-o", usage).code == 2
