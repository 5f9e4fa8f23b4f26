"""The machine forms, and their schema."""

from __future__ import annotations

import json
from base64 import b64decode
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from altcraft_contract.fuzz.reports import REPORTS
from altcraft_contract.fuzz.reports.json_report import render_json, render_ndjson
from tests.fuzz.fakes import make_broken_failure, make_case, make_failure, make_report, sample_reports

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.fuzz.report import CampaignReport

SCHEMA: dict[str, Any] = json.loads(files("altcraft_contract.fuzz.reports").joinpath("report.schema.json").read_bytes())
LINE = {"$schema": SCHEMA["$schema"], "$ref": "#/$defs/line", "$defs": SCHEMA["$defs"]}
PAGE = Path(__file__).parents[3] / "docs/reference/campaign-report.md"
SAMPLES = sample_reports()


def render(name: str, report: CampaignReport) -> str:
    """What a report makes of a campaign."""
    return "".join(REPORTS[name].render(report))


@pytest.mark.parametrize("sample", SAMPLES)
def test_json_follows_the_schema(sample: str) -> None:
    """The report of any campaign is as the schema says."""
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA).validate(json.loads(render("json", SAMPLES[sample])))


@pytest.mark.parametrize("sample", SAMPLES)
def test_lines_follow_the_schema(sample: str) -> None:
    """Each line is an object as the schema says; the first is the campaign, the last its end."""
    lines = [json.loads(line) for line in render("ndjson", SAMPLES[sample]).splitlines()]
    for line in lines:
        Draft202012Validator(LINE).validate(line)
    types = [line["type"] for line in lines]
    assert (types[0], types[-1]) == ("campaign", "end")
    assert (types.count("campaign"), types.count("end")) == (1, 1)


def test_both_forms_tell_the_same() -> None:
    """What the one document holds, the lines hold, too."""
    report = make_report(known=(make_failure(id="known"),), gone=("gone",))
    whole = json.loads("".join(render_json(report)))
    lines = [json.loads(line) for line in "".join(render_ndjson(report)).splitlines()]
    kinds = {"warm_up": "warm-up", "phases": "phase", "failures": "failure", "known": "known"}
    kinds |= {"observations": "observation", "strictness": "strictness"}
    for name, kind in kinds.items():
        assert [{"type": kind, **item} for item in whole.pop(name)] == [line for line in lines if line["type"] == kind]
    rest = {key: value for line in (lines[0], lines[-1]) for key, value in line.items() if key != "type"}
    assert rest == whole


def test_every_attribute_is_told() -> None:
    """No attribute of a report or a failure is left out."""
    told = json.loads(render("json", make_report()))
    assert told.keys() >= set(make_report().__dataclass_fields__)
    assert told["failures"][0].keys() >= set(make_failure().__dataclass_fields__)


def test_bytes_that_are_no_text_are_kept() -> None:
    """A body that is no UTF-8 is there as text for people, and whole in Base64."""
    request = json.loads(render("json", make_report(failures=(make_broken_failure(),))))["failures"][0]["steps"][1][
        "request"
    ]
    assert "\\xff\\xfe\0" in request["body"]
    assert "$ALTCRAFT_TOKEN" in request["body"]
    assert b64decode(request["body_base64"]) == make_broken_failure().step.case.body


def test_long_bodies_are_cut() -> None:
    """Of megabytes the report holds the beginning, and says so."""
    failure = make_broken_failure()
    step = type(failure.step)(case=make_case(body=b"x" * 2_000_000), received=failure.step.received)
    text = render("json", make_report(failures=(make_failure(steps=(step,), twin=None),)))
    assert len(text) < 250_000
    request = json.loads(text)["failures"][0]["steps"][0]["request"]
    assert (request["is_cut"], request["body_bytes"]) == (True, 2_000_000)


@pytest.mark.parametrize("name", ["json", "ndjson", "har"])
def test_every_character_is_in_print(name: str) -> None:
    """Nothing in the file moves the cursor of a terminal, or hides or reorders anything."""
    text = render(name, SAMPLES["hostile"])
    assert text.replace("\n", "").isprintable()
    text.encode()


def iter_rows(name: str) -> Iterator[str]:
    """The rows of the table of an object of the schema."""
    parts = {"campaign": ("head", "end", None)}.get(name, (name,))
    for part in parts:
        schema = SCHEMA["$defs"][part] if part else SCHEMA
        for member, value in schema["properties"].items():
            yield f"| `{member}` | {kind_of(value)} | {value.get('description', '')} |"


def kind_of(value: dict[str, Any]) -> str:
    """What a member may be, in words."""
    if "const" in value or "enum" in value:
        return ", ".join(f"`{json.dumps(item)}`" for item in value.get("enum", [value.get("const")]))
    if "anyOf" in value:
        return " or ".join(kind_of(item) for item in reversed(value["anyOf"]))
    if "$ref" in value:
        return f"[{value['$ref'].rpartition('/')[2]}](#{value['$ref'].rpartition('/')[2]})"
    if value["type"] == "array" and "prefixItems" in value:
        return "two " + " and ".join(item["type"] for item in value["prefixItems"])
    if value["type"] == "array":
        return f"array of {kind_of(value['items'])}"
    return " or ".join(value["type"]) if isinstance(value["type"], list) else str(value["type"])


@pytest.mark.parametrize(
    "name", ["campaign", *(name for name in SCHEMA["$defs"] if name not in {"head", "end", "line"})]
)
def test_reference_has_every_member(name: str) -> None:
    """The page of the reference has a table for each object, with a row for each member."""
    section = PAGE.read_text(encoding="utf-8").partition(f"\n### {name}\n")[2].partition("\n##")[0]
    assert [row for row in section.splitlines() if row.startswith("| `")] == list(iter_rows(name))
