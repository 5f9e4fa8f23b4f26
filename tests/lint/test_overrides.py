"""What the configuration says to be different for some files."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from altcraft_contract.errors import ConfigurationFault
from altcraft_contract.findings import Severity
from altcraft_contract.lint.lint_options import LintOptions
from altcraft_contract.lint.overrides import Overrides, read_overrides
from altcraft_contract.rules.selection import RuleSelection
from tests.lint.runs import entries_of, request


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory of the configuration."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def overrides(text: str, *given: str) -> Overrides:
    """What a configuration in the working directory says."""
    return Overrides(read_overrides(tomllib.loads(text)["overrides"], Path("altcraft-contract.toml")), given=given)


TEXT = """
[[overrides]]
paths = ["legacy/**", "old.json"]
ignore = "phone-format"
severity = { unknown-field = "error", wrong-type = "warning" }
message = "response"

[[overrides]]
paths = "legacy/xml/"
select = ["unknown-field", "phone-format", "wrong-type"]
ignore = ["wrong-type"]
severity = { unknown-field = "warning" }
syntax = "xml"
"""


def test_later_ones_win_and_what_is_ignored_adds_up() -> None:
    """Of two entries the later one decides, of its own keys; rules are ignored if any says so."""
    options = LintOptions(rules=RuleSelection(ignore=["empty-value"], severity={"empty-value": "warning"}))

    changed = overrides(TEXT).options_for("legacy/xml/a", options)

    assert (changed.message, changed.syntax) == ("response", "xml")
    assert set(changed.rules.ignore) == {"empty-value", "phone-format", "wrong-type"}
    assert changed.rules.counts("unknown-field")
    assert not any(map(changed.rules.counts, ["phone-format", "wrong-type", "invalid-decimal"]))
    assert dict(changed.rules.severity) == {
        "empty-value": "warning",
        "unknown-field": "warning",
        "wrong-type": "warning",
    }


def test_other_files_are_checked_as_before() -> None:
    """A file that no entry is about has the very same options."""
    options = LintOptions()

    assert overrides(TEXT).options_for("a.json", options) is options
    assert overrides(TEXT).rules_for("../old.json", options.rules) is options.rules


def test_files_with_the_same_entries_share_their_rules() -> None:
    """Rules are put together once, and again for other rules."""
    current, rules = overrides(TEXT), RuleSelection()

    first = current.rules_for("legacy/a", rules)
    assert current.rules_for("legacy/b", rules) is first
    assert current.rules_for("legacy/b", RuleSelection(ignore=["empty-value"])) != first


def test_the_command_line_wins() -> None:
    """What the user asked for in this very run is not changed."""
    options = LintOptions("request", "json", rules=RuleSelection(["empty-value"]))

    changed = overrides(TEXT, "message", "syntax", "select").options_for("legacy/xml/a", options)

    assert (changed.message, changed.syntax, changed.rules.select) == ("request", "json", ["empty-value"])


def test_the_linter_heeds_them(directory: Path) -> None:
    """Each file is checked by the options that hold for it."""
    for name in ("a.json", "old.json"):
        (directory / name).write_text(json.dumps(request(one=1)), encoding="utf-8")
    current = overrides('[[overrides]]\npaths = "old.json"\nseverity = { unknown-field = "error" }')

    entries = list(entries_of("a.json", "old.json", "a.json", options=LintOptions(overrides=current)))

    assert [[finding.severity for finding in entry.result.findings] for entry in entries] == [
        [Severity.WARNING],
        [Severity.ERROR],
        [Severity.WARNING],
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("overrides = {}", "overrides is no list of tables: each entry begins with [[overrides]]"),
        ("[[overrides]]", "overrides 1: paths is missing: expected a pattern of paths, or a list of them"),
        ('[[overrides]]\npaths = "a"', "overrides 1: changes nothing: give one of select, ignore, severity"),
        ('[[overrides]]\npath = "a"', "overrides 1: unknown key 'path'; did you mean 'paths'?"),
        ('[[overrides]]\npaths = "a"\nignore = "malformed"', "overrides 1: 'malformed' cannot be ignored"),
        ('[[overrides]]\npaths = "a"\nselect = "phoneformat"', "overrides 1: unknown rule 'phoneformat'; did you mean"),
        ('[[overrides]]\npaths = "a"\nselect = []', "overrides 1: select = []: names nothing"),
        ('[[overrides]]\npaths = "a"\nseverity = "error"', "overrides 1: severity = 'error': expected a table"),
        (
            '[[overrides]]\npaths = "a"\nseverity = {a = 1}',
            "overrides 1: severity.a = 1: expected one of error, warning",
        ),
        ('[[overrides]]\npaths = "a"\nseverity = {a = "error"}', "overrides 1: unknown rule 'a'"),
        ('[[overrides]]\npaths = "a"\nsyntax = "yaml"', "overrides 1: syntax = 'yaml': expected one of json, xml"),
        ('[[overrides]]\npaths = "a"\nmessage = []', "overrides 1: message = []: expected one of request, response"),
        ('[[overrides]]\npaths = "/"\nsyntax = "xml"', "overrides 1: paths = '/': expected a pattern of paths"),
    ],
)
def test_what_is_wrong_is_told(text: str, reason: str) -> None:
    """The fault names the entry, what is wrong and what to do."""
    with pytest.raises(ConfigurationFault) as caught:
        overrides(text)

    assert caught.value.reason.startswith(reason)
