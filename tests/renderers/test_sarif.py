"""SARIF logs, held to the schema of the standard."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator
from sarif_pydantic import Sarif

from altcraft_contract import __version__
from altcraft_contract.findings import Severity
from altcraft_contract.renderers.report import Entry, Suppressed, Tally
from altcraft_contract.renderers.sarif_report import SCHEMA
from altcraft_contract.rules.catalogue import RULES, SECRET_RULES
from altcraft_contract.validation import check_request
from tests.renderers.entries import PATHS, entries, entry_of, finding, rendered

STANDARD = json.loads((Path(__file__).parent / "data" / "sarif.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(STANDARD, validate_formats=True)
URI = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-F]{2})+")


def run_of(*run: Entry, tally: Tally | None = None) -> Any:
    """The parsed run of a report, found valid, with rules and URIs that are what they should be."""
    text = rendered("sarif", *run, tally=tally)
    assert text.endswith("}\n")
    log = json.loads(text)
    VALIDATOR.validate(log)
    read = Sarif.model_validate_json(text).runs[0]
    (told,) = log["runs"]
    assert [one.rule_id for one in read.results or []] == [result["ruleId"] for result in told["results"]]
    rules = told["tool"]["driver"]["rules"]
    for result in told["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        for location in result["locations"]:
            assert URI.fullmatch(location["physicalLocation"]["artifactLocation"]["uri"])
    return told


def test_a_log_has_the_documented_form() -> None:
    """A log names its schema and version, its one run the tool, and how columns count."""
    log = json.loads(rendered("sarif"))
    VALIDATOR.validate(log)
    assert (log["$schema"], log["version"]) == (SCHEMA, "2.1.0")
    (told,) = log["runs"]
    driver = told["tool"]["driver"]
    assert (driver["name"], driver["version"], driver["semanticVersion"]) == (
        "altcraft-contract",
        __version__,
        __version__,
    )
    assert re.fullmatch(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?", driver["semanticVersion"])
    assert told["columnKind"] == "unicodeCodePoints"
    assert told["results"] == []


def test_every_rule_is_described() -> None:
    """All rules stand in a log, each with a name, a sentence, its statement, help in two forms, and its level."""
    rules = {rule["id"]: rule for rule in run_of()["tool"]["driver"]["rules"]}
    known = {**RULES, **SECRET_RULES}
    assert list(rules) == list(known)
    for id_, rule in rules.items():
        assert re.fullmatch("([A-Z][a-z]*)+", rule["name"])
        assert rule["shortDescription"]["text"].endswith(".")
        assert rule["fullDescription"]["text"] == known[id_].statement
        assert all(known[id_].remedy in rule["help"][form] for form in ("text", "markdown"))
        assert rule["help"]["markdown"].count("```") % 2 == 0
        assert rule["defaultConfiguration"] == {"level": known[id_].severity}
        assert rule["properties"]["tags"] == [known[id_].basis, known[id_].scope]


def test_help_shows_samples_that_hold_no_secret() -> None:
    """Help shows what keeps and what breaks a rule; nobody can know that a secret in a sample is made up."""
    rules = {rule["id"]: rule["help"]["markdown"] for rule in run_of()["tool"]["driver"]["rules"]}
    assert '**Breaks the rule:**\n\n```json\n{\n  "data": {\n    "currency":' in rules["invalid-currency"]
    assert "**Keeps the rule (request):**" in rules["external-id-mismatch"]
    assert "**Breaks the rule (response):**" in rules["external-id-mismatch"]
    assert not any("```" in rules[rule] for rule in SECRET_RULES)
    assert "@" not in rules["email-format"].replace("one `@`", "")


def test_a_finding_is_a_result() -> None:
    """A finding tells its rule, level, message with the hint, place, fingerprint and pointer."""
    entry = entry_of(finding(2, 3, hint="mend it"), path="./a b/x.json", first_line=10, document=4)
    (result,) = run_of(entry)["results"]
    (fingerprint,) = result.pop("partialFingerprints").items()
    assert fingerprint[0] == "altcraftContract/v1"
    assert re.fullmatch("[0-9a-f]{16}", fingerprint[1])
    assert result == {
        "ruleId": "wrong-type",
        "ruleIndex": list(RULES).index("wrong-type"),
        "level": "error",
        "message": {"text": "`data` is a list; hint: mend it"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "a%20b/x.json", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 11, "startColumn": 3},
                },
                "logicalLocations": [{"fullyQualifiedName": "/data"}],
            }
        ],
        "suppressions": [],
        "properties": {"pointer": "/data", "basis": "documented", "section": "request body", "document": 4},
    }


def test_a_finding_without_a_line_has_no_region() -> None:
    """A body that is no text has no lines, and the whole document no pointer."""
    (result,) = run_of(entry_of(finding(None, pointer="", severity=Severity.WARNING)))["results"]
    (location,) = result["locations"]
    assert location == {"physicalLocation": {"artifactLocation": {"uri": "order.json", "uriBaseId": "%SRCROOT%"}}}
    assert result["level"] == "warning"


def test_a_message_of_a_host_file_says_where_it_stands() -> None:
    """The place within a host file is a property."""
    (result,) = run_of(entry_of(finding(), path="x.md", name="docs/x.md", where="code block 2"))["results"]
    assert result["properties"]["where"] == "code block 2"
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "docs/x.md"


def test_what_is_suppressed_says_why() -> None:
    """A suppressed finding is a result that is suppressed, and any other says that it is not."""
    suppressed = (Suppressed(finding(2, 1), "configuration", "wrong on purpose", "0123"),)
    first, second = run_of(entry_of(finding(1, 1), suppressed=suppressed))["results"]
    assert first["suppressions"] == []
    assert second["suppressions"] == [{"kind": "external", "status": "accepted", "justification": "wrong on purpose"}]
    assert second["partialFingerprints"] == {"altcraftContract/v1": "0123"}


@pytest.mark.parametrize(
    ("tally", "documents", "is_successful", "told"),
    [
        (Tally(), [entry_of()], True, []),
        (Tally(unreadable=2), [], False, ["2 paths could not be read"]),
        (Tally(), [entry_of(finding(), truncated=True)], True, ["there are more findings than the 1 shown"]),
    ],
)
def test_a_run_says_how_it_went(tally: Tally, documents: list[Entry], is_successful: bool, told: list[str]) -> None:
    """What could not be read, and what was cut off, is a notification; the first makes a run fail."""
    (invocation,) = run_of(*documents, tally=tally)["invocations"]
    assert invocation["executionSuccessful"] is is_successful
    assert [item["message"]["text"] for item in invocation["toolExecutionNotifications"]] == told


@pytest.mark.parametrize("path", PATHS)
def test_a_uri_leads_back_to_its_file(path: str) -> None:
    """The URI of a relative path is relative to the project; that of an absolute one is a file URI."""
    (result,) = run_of(entry_of(finding(), path=path))["results"]
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    parts = urlsplit(artifact["uri"])
    is_absolute = Path(path).is_absolute()
    assert (parts.scheme, parts.netloc) == ("file" if is_absolute else "", "")
    assert artifact.get("uriBaseId") == (None if is_absolute else "%SRCROOT%")
    if "\ud800" not in path:
        assert unquote_to_bytes(parts.path) == Path(path).as_posix().encode(errors="surrogateescape")


@given(st.lists(entries(), max_size=3))
def test_every_log_is_valid(run: list[Entry]) -> None:
    """Whatever the findings and the names, the log is valid and tells of every finding, suppressed or not."""
    told = run_of(*run)["results"]
    assert len(told) == sum(len(entry.result.findings) + len(entry.suppressed) for entry in run)


def test_ten_thousand_findings_are_told() -> None:
    """Nothing is left out of a long run, and what comes is written at once."""
    assert len(run_of(entry_of(*(finding(line, 1) for line in range(1, 10_001))))["results"]) == 10_000


def test_a_checked_document_has_true_places() -> None:
    """Columns count characters, so that one beyond the first plane is one column."""
    text = '{"data": {"x😀": 1}, "token": 5}'
    results = run_of(Entry("order.json", None, check_request(text), text))["results"]
    region = next(item for item in results if item["properties"]["pointer"] == "/token")["locations"][0]
    assert region["physicalLocation"]["region"] == {"startLine": 1, "startColumn": text.index("5") + 1}
