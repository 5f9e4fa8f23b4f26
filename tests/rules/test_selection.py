"""Which rules count, and how severely."""

from __future__ import annotations

import pickle

import pytest

from altcraft_contract.errors import RuleNotSelectable, UnknownRule
from altcraft_contract.findings import Severity
from altcraft_contract.rules import RULES, RuleSelection
from altcraft_contract.rules.samples import sample_message
from altcraft_contract.validation import check_exchange, check_request, validate_request

# A warning (unknown-field) and two errors.
BODY = sample_message({"/data/lines/0/count": 0, "/data/currency": "rub", "/data/colour": "red"}, "request")


def rules_of(selection: RuleSelection, body: object = BODY) -> list[str]:
    """The broken rules that count."""
    return sorted(finding.rule for finding in check_request(body, rules=selection).findings)


def test_all_rules_count_by_default() -> None:
    """Without a selection every rule counts."""
    assert rules_of(RuleSelection()) == ["invalid-currency", "out-of-range", "unknown-field"]


def test_select() -> None:
    """Only selected rules count, if any is selected."""
    assert rules_of(RuleSelection(select=["out-of-range", "missing-field"])) == ["out-of-range"]


def test_ignore() -> None:
    """Ignored rules do not count."""
    assert rules_of(RuleSelection(ignore={"out-of-range"})) == ["invalid-currency", "unknown-field"]


def test_ignore_wins_over_select() -> None:
    """A rule that is selected and ignored does not count."""
    selection = RuleSelection(select=["out-of-range", "unknown-field"], ignore=["out-of-range"])

    assert rules_of(selection) == ["unknown-field"]


@pytest.mark.parametrize("severity", ["warning", Severity.WARNING])
def test_error_made_a_warning(severity: str) -> None:
    """A finding has the severity that its rule has been given, and the verdict follows it."""
    rules = RuleSelection(severity={"out-of-range": severity, "invalid-currency": severity})

    result = check_request(BODY, rules=rules)

    assert result.ok
    assert {finding.severity for finding in result.findings} == {Severity.WARNING}
    assert result.errors == ()
    assert len(result.warnings) == 3


def test_warning_made_an_error() -> None:
    """A warning that has been made an error fails the check."""
    body = sample_message({"/data/colour": "red"}, "request")

    assert check_request(body).ok
    assert not check_request(body, rules=RuleSelection(severity={"unknown-field": "error"})).ok


def test_ignored_error_does_not_fail() -> None:
    """A body whose only errors are ignored is right, and validating it raises nothing."""
    rules = RuleSelection(ignore=["out-of-range", "invalid-currency"])

    assert check_request(BODY, rules=rules).ok
    validate_request(BODY, rules=rules)


def test_ignored_error_still_makes_a_value_unreadable() -> None:
    """What has an ignored error is not compared with anything."""
    body = sample_message({"/data/lines/0/count": 0, "/data/total_price": "1.00"}, "request")

    rules = rules_of(RuleSelection(ignore=["out-of-range"]), body)

    assert "total-mismatch" not in rules


def test_exchange_follows_the_selection() -> None:
    """A request whose errors are ignored may be accepted."""
    rules = RuleSelection(ignore=["out-of-range", "invalid-currency"])
    response = sample_message({}, "response")

    assert [finding.rule for finding in check_exchange(BODY, response).findings] == ["invalid-request-accepted"]
    assert check_exchange(BODY, response, rules=rules).findings == ()


@pytest.mark.parametrize(
    "rules", [{"select": ["wrong-typ"]}, {"ignore": ["wrong-typ"]}, {"severity": {"wrong-typ": "error"}}]
)
def test_unknown_rule(rules: dict) -> None:
    """A rule that the catalogue does not have is refused, with the nearest one that it has."""
    with pytest.raises(UnknownRule) as raised:
        RuleSelection(**rules)

    assert (raised.value.rule, raised.value.nearest) == ("wrong-typ", "wrong-type")
    assert str(raised.value) == "unknown rule 'wrong-typ'; did you mean 'wrong-type'?"


def test_unknown_rule_that_is_like_none() -> None:
    """A rule that resembles none of the catalogue is refused with a way to list them."""
    with pytest.raises(UnknownRule) as raised:
        RuleSelection(ignore=["xyz"])

    assert raised.value.nearest is None
    assert "altcraft-contract rules" in str(raised.value)


@pytest.mark.parametrize("rules", [{"ignore": ["malformed"]}, {"severity": {"malformed": "warning"}}])
def test_malformed_cannot_be_changed(rules: dict) -> None:
    """That a body is malformed can be neither ignored nor made less of."""
    with pytest.raises(RuleNotSelectable) as raised:
        RuleSelection(**rules)

    assert raised.value.rule == "malformed"


def test_malformed_counts_though_not_selected() -> None:
    """A malformed body is reported whatever is selected."""
    assert rules_of(RuleSelection(select=["unknown-field"]), "{") == ["malformed"]
    assert RuleSelection(select=["malformed"]).counts("malformed")


def test_severity_that_is_none() -> None:
    """A severity is `error` or `warning`."""
    with pytest.raises(ValueError, match="fatal"):
        RuleSelection(severity={"unknown-field": "fatal"})


@pytest.mark.parametrize("rule", RULES)
def test_own_severity(rule: str) -> None:
    """A rule that is given no severity keeps its own."""
    assert RuleSelection().severity_of(rule) is RULES[rule].severity


@pytest.mark.parametrize("fault", [UnknownRule("a", "b"), UnknownRule("a"), RuleNotSelectable("malformed")])
def test_faults_pickle(fault: Exception) -> None:
    """A fault about rules survives pickling, as parallel test runs do it."""
    copy = pickle.loads(pickle.dumps(fault))  # noqa: S301 - what has been pickled on the same line

    assert (type(copy), str(copy), copy.args) == (type(fault), str(fault), fault.args)
