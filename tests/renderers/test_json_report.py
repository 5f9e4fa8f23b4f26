"""The stable machine form, held to the JSON Schema that ships."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from altcraft_contract import __version__
from altcraft_contract.contract import LATEST, load_contract
from altcraft_contract.renderers.json_report import JsonReport
from altcraft_contract.renderers.report import Entry, RenderOptions, Tally, render
from altcraft_contract.validation import check_request, check_response
from tests.renderers.bodies import Body, bodies, damaged_bodies

SCHEMA = json.loads((load_contract().directory.parent / "lint-report.schema.json").read_text(encoding="utf-8"))


def report_of(*entries: Entry, tally: Tally | None = None) -> Any:
    """The parsed report of a run, found valid."""
    tally = tally or Tally()
    text = "".join(render(JsonReport(RenderOptions(contract=LATEST)), tally.watch(entries), tally))
    report = json.loads(text)
    Draft202012Validator(SCHEMA).validate(report)
    assert text.endswith("}\n")
    return report


def entry_of(text: str, *, path: str = "order.json", document: int | None = None, first_line: int = 1) -> Entry:
    """A checked request."""
    return Entry(path, document, check_request(text), text, first_line)


def test_a_report_has_the_documented_form() -> None:
    """A report tells version, tool and contract, each checked document with its findings, and the counts."""
    text = '{\n "token": "abcdefgh"\n}'
    report = report_of(entry_of(text), tally=Tally(skipped=["a", "b"]))
    assert {name: report[name] for name in ("version", "tool", "tool_version", "contract")} == {
        "version": 1,
        "tool": "altcraft-contract",
        "tool_version": __version__,
        "contract": LATEST,
    }
    (result,) = report["results"]
    assert (result["path"], result["document"], result["message"], result["syntax"], result["ok"]) == (
        "order.json",
        None,
        "request",
        "json",
        False,
    )
    assert result["findings"][0] == {
        "rule": "missing-field",
        "severity": "error",
        "basis": "documented",
        "pointer": "",
        "line": 1,
        "column": 1,
        "message": "`external_id` is missing; the request body requires it",
        "hint": "add `external_id`: id of the order in the client's system",
        "section": "request body",
    }
    assert report["summary"] == {"documents": 1, "failed": 1, "skipped": 2, "errors": 3, "warnings": 0}


def test_a_run_without_documents_has_an_empty_report() -> None:
    """A report of nothing is a report."""
    assert report_of()["results"] == []


def test_records_without_findings_are_left_out() -> None:
    """Of the records of a file only those with findings stand; other documents always do."""
    good = load_contract().examples["response.json"].decode()
    entries = [
        Entry("a.json", None, check_response(good), ""),
        Entry("b.ndjson", 1, check_response(good), ""),
        entry_of("[", path="b.ndjson", document=2, first_line=7),
    ]
    report = report_of(*entries)
    assert [(result["path"], result["document"]) for result in report["results"]] == [("a.json", None), ("b.ndjson", 2)]
    assert report["results"][1]["findings"][0]["line"] == 7
    assert report["summary"]["documents"] == 3


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("ж.json", "ж.json"),
        ("a\udcff.json", "a\\xff.json"),
        ("a\x1b\n.json", "a\x1b\n.json"),
        ("a@b.example.xml", "***.xml"),
    ],
)
def test_any_path_can_be_told(path: str, told: str) -> None:
    """A path stands as it is, but for bytes that are no text, and addresses."""
    assert report_of(entry_of("[", path=path))["results"][0]["path"] == told


@given(body=bodies() | damaged_bodies())
def test_every_report_is_valid(body: Body) -> None:
    """Whatever the bodies, the report is one JSON document that its schema accepts, and UTF-8."""
    report = report_of(entry_of(body.text), Entry("r", 1, check_response(body.text), body.text, 3))
    json.dumps(report, ensure_ascii=False).encode()
    findings = [finding for result in report["results"] for finding in result["findings"]]
    assert report["summary"]["errors"] + report["summary"]["warnings"] == len(findings)


def test_the_schema_is_a_schema() -> None:
    """The shipped JSON Schema keeps the rules of its own draft."""
    Draft202012Validator.check_schema(SCHEMA)
    assert Path(load_contract().directory.parent / "lint-report.schema.json").is_file()
