"""The machine form, held to the JSON Schema that ships."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from altcraft_contract import __version__
from altcraft_contract.testing.coverage.json_report import render_json
from altcraft_contract.testing.coverage.summary import summarize
from tests.testing.coverage import runs

if TYPE_CHECKING:
    from altcraft_contract.testing.coverage import Coverage

SCHEMA = json.loads(files("altcraft_contract.testing.coverage").joinpath("report.schema.json").read_bytes())


@pytest.mark.parametrize("coverage", [runs.nothing(), runs.something(), runs.everything()])
def test_report_has_the_published_form(coverage: Coverage) -> None:
    """A report of any run is valid by the schema, which is valid itself and closed."""
    Draft202012Validator.check_schema(SCHEMA)
    text = render_json(summarize(coverage))
    report = json.loads(text)
    Draft202012Validator(SCHEMA).validate(report)
    assert text.endswith("}\n")
    assert not Draft202012Validator(SCHEMA).is_valid({**report, "more": 1})


def test_report_tells_all_counts() -> None:
    """Head, totals, and every item with its counts stand in the report."""
    summary = summarize(runs.something())
    report = json.loads(render_json(summary))
    assert {name: report[name] for name in ("version", "tool", "tool_version", "contract", "checked", "rules_off")} == {
        "version": 1,
        "tool": "altcraft-contract",
        "tool_version": __version__,
        "contract": "v75",
        "checked": {"requests": 3, "responses": 2, "exchanges": 0},
        "rules_off": ["total-mismatch"],
    }
    assert report["totals"]["all"]["exercised"] == summary.total.exercised
    assert report["totals"]["scenarios"] == {"exercised": 2, "all": len(summary.scenarios), "percent": 8.3}
    fields = {(field["message"], field["pointer"]): field for field in report["fields"]}
    assert fields["request", "/data/lines/*/sku"] == {
        "message": "request",
        "pointer": "/data/lines/*/sku",
        "section": "lines array",
        "exercised": True,
        "messages": 2,
    }
    rules = {rule["rule"]: rule for rule in report["rules"]}
    assert (rules["malformed"]["kept"], rules["malformed"]["broken"]) == (4, 1)
    assert not rules["email-format"]["exercised"]
    assert {scenario["scenario"] for scenario in report["scenarios"] if scenario["exercised"]} == {
        "success",
        "outdated",
    }
