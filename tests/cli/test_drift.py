"""`altcraft-contract drift`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jsonschema
import pytest

from altcraft_contract.contract import load_contract
from tests.cli.running import run_here
from tests.contract.versions.v76 import write_v76
from tests.evolution.pages import make_page

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = json.loads((load_contract().directory.parent / "drift-report.schema.json").read_bytes())


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A page that agrees with v75."""
    path = tmp_path / "page.html"
    path.write_text(make_page(), "utf-8")
    return path


@pytest.fixture
def changed(page: Path) -> Path:
    """A page with another type, a new value, and marks of HTML and terminals in it."""
    text = page.read_text("utf-8")
    text = text.replace("skip_triggers</code></td><td>boolean", "skip_triggers</code></td><td>a|b&lt;b&gt;\x1b[31m", 1)
    page.write_text(text.replace("<code>outdated</code>.", "<code>outdated</code>, <code>queued</code>.", 1), "utf-8")
    return page


def test_page_that_agrees(page: Path) -> None:
    """A page that agrees is exit code 0, and what was compared is told."""
    outcome = run_here("drift", str(page))

    assert (outcome.code, outcome.stderr) == (0, "")
    assert outcome.stdout.endswith("4 examples compared with v75: no difference\n")


def test_text(changed: Path) -> None:
    """Each difference has a place, what the page says and what the contract says; nothing moves the cursor."""
    outcome = run_here("drift", str(changed))

    assert outcome.code == 1
    lines = outcome.stdout.splitlines()
    assert lines[0].startswith(f"{changed}:")
    assert lines[0].endswith(": type: request, request body: skip_triggers")
    assert lines[1:3] == ["  page:     a|b<b>\\x1b[31m", "  contract: boolean"]
    assert lines[-1].endswith("compared with v75: 2 differences")
    assert "\x1b" not in outcome.stdout


def test_json_has_the_published_form(changed: Path) -> None:
    """The JSON is valid by the schema that ships, which is valid itself."""
    outcome = run_here("drift", str(changed), "--format", "json")

    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    report = json.loads(outcome.stdout)
    jsonschema.Draft202012Validator(SCHEMA).validate(report)
    assert [drift["kind"] for drift in report["drifts"]] == ["type", "value"]
    assert report["summary"]["drifts"] == 2


def test_markdown_is_nothing_but_text(changed: Path) -> None:
    """What stands in the page is no markup in Markdown."""
    markdown = run_here("drift", str(changed), "--format", "markdown").stdout

    assert "<b>" not in markdown
    assert {line.count("|") for line in markdown.splitlines() if line.startswith("|")} == {6}


def test_page_beside_another_version(page: Path, tmp_path: Path) -> None:
    """A page of v75 beside v76 tells what v76 changes."""
    directory = write_v76(tmp_path / "v76")

    outcome = run_here("drift", str(page), "--contract", str(directory), "--format", "json")

    kinds = {(drift["kind"], drift["pointer"]) for drift in json.loads(outcome.stdout)["drifts"]}
    assert {
        ("required", "/data/region"),
        ("field", "/data/gift_card"),
        ("type", "/data/lines/*/line_number"),
        ("value", "/data/processing_target"),
        ("field", "/data/contents"),
        ("required", "/error_text"),
    } <= kinds


def test_fail_on_and_output(changed: Path, tmp_path: Path) -> None:
    """The exit code is 0 on request, and the report goes to a file, but never to the page."""
    path = tmp_path / "drift.md"

    outcome = run_here("drift", str(changed), "--fail-on", "never", "-f", "markdown", "-o", str(path))

    assert (outcome.code, outcome.stdout) == (0, "")
    assert path.read_text("utf-8").startswith("## ")
    assert run_here("drift", str(changed), "-o", str(changed)).code == 2


def test_another_page(tmp_path: Path) -> None:
    """A page that is not that page is one line, and exit code 2."""
    path = tmp_path / "index.html"
    path.write_text("<h1>Welcome</h1>", "utf-8")

    outcome = run_here("drift", str(path))

    assert (outcome.code, outcome.stdout) == (2, "")
    assert "index.html: is not the page of this contract: it has 0 tables" in outcome.stderr
    assert outcome.stderr.count("\n") == 1
    assert "no.html: cannot be read" in run_here("drift", "no.html").stderr
