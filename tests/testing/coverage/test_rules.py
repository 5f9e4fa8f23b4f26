"""Rules: kept, broken, or never spoken of."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from altcraft_contract import strategies as st
from altcraft_contract.contract import load_contract
from altcraft_contract.rules import RULES
from altcraft_contract.rules.rule import Sample
from altcraft_contract.rules.schema_faults import RULES_KEYWORD
from altcraft_contract.testing.coverage import Coverage
from altcraft_contract.testing.coverage.keywords import keywords_of, rules_in
from altcraft_contract.testing.coverage.plan import EXCHANGE_RULES, TEXT_RULES, plan_of
from altcraft_contract.validation import RuleSelection, check_request
from altcraft_contract.validation.closed import close
from tests.testing.coverage.messages import coverage_of, coverage_of_sample, take, with_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.contract import Message

MESSAGES: tuple[Message, ...] = ("request", "response")
DISCOUNT = {"type": "discount", "promotion": {"external_id": "summer"}, "amount": "1.50"}
POINTS = {"points_currency_iid": 1, "amount": "50"}
ACCRUAL = {"type": "accrue_points", "promotion": {"external_id": "back"}, "amount": "50", "points_info": POINTS}
REDEMPTION = {**ACCRUAL, "type": "redeem_points"}
LINE = {"external_id": "1", "sku": "mug", "count": 1, "base_price_per_item": "10.00", "final_price_per_item": "9.00"}


def kept_by(**edits: object) -> set[str]:
    """The rules that the sample request with *edits* keeps."""
    return set(coverage_of("request", with_value("request", **edits)).as_json()["kept"])


@pytest.mark.parametrize("rule", RULES)
def test_a_valid_sample_keeps_its_rule(rule: str) -> None:
    """Every rule is kept by the sample that shows how."""
    coverage = coverage_of_sample(rule, valid=True)
    assert coverage.count("kept", rule) >= 1
    assert coverage.count("broken", rule) == 0


@pytest.mark.parametrize("rule", RULES)
def test_an_invalid_sample_breaks_its_rule(rule: str) -> None:
    """Every rule is broken by the sample that shows how, and not kept by it."""
    coverage = coverage_of_sample(rule, valid=False)
    assert coverage.count("broken", rule) >= 1
    assert coverage.count("kept", rule) == 0


def test_every_rule_has_places() -> None:
    """The schemas, the samples, the text and the exchange account for every rule, each in one way."""
    plan = plan_of(load_contract())
    said = {rule for message in (plan.request, plan.response) for rule in rules_in(message.keywords)}
    asked = {rule for message in (plan.request, plan.response) for rule in message.companions}
    assert said | asked | TEXT_RULES | EXCHANGE_RULES == set(RULES)
    assert len(said) + len(asked) + len(TEXT_RULES) + len(EXCHANGE_RULES) == len(RULES)


@pytest.mark.parametrize("message", ["request", "response"])
def test_no_keyword_is_passed_over(message: Any) -> None:
    """Every rule that stands beside a keyword anywhere in a schema is found there."""
    schema = close(load_contract().schema(message))
    assert set(rules_in(keywords_of(schema))) == set(iter_schema_rules(schema))


def iter_schema_rules(schema: Any) -> Iterator[str]:
    """Every id of a rule in a schema."""
    if isinstance(schema, dict):
        yield from schema.get(RULES_KEYWORD, {}).values()
        for name, part in schema.items():
            if name != RULES_KEYWORD:
                yield from iter_schema_rules(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from iter_schema_rules(part)


def test_an_unknown_keyword_is_refused() -> None:
    """A rule at a keyword that nobody has thought of is told when the schema is read."""
    with pytest.raises(ValueError, match="a rule at the keyword 'maxItems'"):
        keywords_of({"type": "array", "maxItems": 3, RULES_KEYWORD: {"maxItems": "empty-list"}})


@given(st.requests())
def test_a_valid_request_keeps_and_breaks_nothing(request: dict[str, Any]) -> None:
    """Any drawn request keeps every rule that speaks of it, in text and as a value alike."""
    as_text = coverage_of("request", json.dumps(request)).as_json()
    as_value = coverage_of("request", request).as_json()
    assert as_text["broken"] == {}
    assert set(as_text["kept"]) - TEXT_RULES == set(as_value["kept"])
    assert {"missing-field", "wrong-type", "line-item-missing", "profile-identifier-missing"} <= set(as_value["kept"])


@given(st.mutated_requests())
def test_what_breaks_is_not_kept(mutant: Any) -> None:
    """Whatever is broken in a request is counted as often as it is found, and not as kept."""
    body = mutant.body
    findings = check_request(body).findings
    counts = coverage_of("request", body).as_json()
    assert sum(counts["broken"].values()) == len(findings)
    assert not counts["kept"].keys() & counts["broken"].keys()


@pytest.mark.parametrize(
    ("rule", "edits"),
    [
        ("discount-amount-missing", {"data__requested_promotions": [DISCOUNT]}),
        ("points-info-missing", {"data__requested_promotions": [ACCRUAL]}),
        ("points-amount-missing", {"data__requested_promotions": [ACCRUAL]}),
        ("points-amount-missing", {"data__lines": [{**LINE, "requested_promotions": [ACCRUAL]}]}),
        ("points-currency-missing", {"data__redeem_points": [{"points_currency_eid": "bonus", "amount": 5}]}),
        (
            "redeem-points-missing",
            {
                "data__lines": [{**LINE, "requested_promotions": [REDEMPTION]}],
                "data__redeem_points": [{"points_currency_iid": 1, "amount": 5}],
            },
        ),
        ("price-below-minimum", {"data__lines": [{**LINE, "min_price_per_item": "8.00"}]}),
        ("duplicate-line-id", {"data__lines": [LINE, {**LINE, "external_id": "2"}], "data__total_price": "20.00"}),
        (
            "incomplete-timestamp",
            {
                "data__requested_promotions": [
                    {**ACCRUAL, "points_info": {**POINTS, "expiration_date": "2026-02-18T13:01:05Z"}}
                ]
            },
        ),
        ("excess-precision", {}),
        ("unknown-field", {}),
        ("email-format", {}),
    ],
)
def test_rule_is_kept_where_it_speaks(rule: str, edits: dict[str, object]) -> None:
    """A rule is kept by what it speaks of, at every level at which that may stand."""
    assert rule in kept_by(**edits)


@pytest.mark.parametrize(
    ("rule", "edits"),
    [
        ("discount-amount-missing", {"data__requested_promotions": [ACCRUAL]}),
        ("points-info-missing", {"data__requested_promotions": [DISCOUNT]}),
        ("points-amount-missing", {"data__requested_promotions": [DISCOUNT]}),
        ("points-currency-missing", {"data__requested_promotions": [DISCOUNT]}),
        ("redeem-points-missing", {"data__requested_promotions": [ACCRUAL]}),
        ("price-below-minimum", {}),
        ("duplicate-line-id", {}),
        ("incomplete-timestamp", {}),
        ("invalid-timestamp", {}),
        ("phone-format", {}),
        ("redemption-unannounced", {}),
        ("unknown-value", {}),
        ("email-format", {"email": 5}),
        ("email-format", {"email": ""}),
        ("unknown-currency", {"data__currency": "rub"}),
        ("invalid-decimal", {"data": {"total_price": 5}}),
        ("processing-target-unexpected", {}),
    ],
)
def test_rule_is_not_kept_where_it_does_not_speak(rule: str, edits: dict[str, object]) -> None:
    """A rule is not kept by a message that has nothing it speaks of, or nothing that it can read."""
    assert rule not in kept_by(**edits)


def test_processing_target_is_a_matter_of_outdated_answers() -> None:
    """An answer of success says nothing of the rule about outdated ones."""
    rule = "processing-target-unexpected"
    assert coverage_of("response", with_value("response")).count("kept", rule) == 0
    assert coverage_of("response", with_value("response", data={"status": "outdated"})).count("kept", rule) == 1


def test_a_malformed_body_keeps_nothing() -> None:
    """A body that cannot be read breaks `malformed`, keeps no rule and has no field."""
    counts = coverage_of("request", b'{"token": "a"').as_json()
    assert (counts["request"], counts["kept"], counts["broken"]) == ({}, {}, {"malformed": 1})
    assert counts["messages"] == {"request": 1}


def test_an_exchange_keeps_or_breaks_every_rule_about_it() -> None:
    """Each rule for a request and its response is counted with every exchange."""
    coverage = Coverage()
    coverage.take_exchange(())
    assert coverage.as_json()["kept"] == dict.fromkeys(EXCHANGE_RULES, 1)


def test_rules_that_are_off_are_never_kept() -> None:
    """What is switched off was not judged, so it is not counted as kept."""
    selection = RuleSelection(ignore=["missing-field", "token-disclosed"])
    coverage = Coverage(rules=selection)
    coverage.take_message("request", with_value("request"), None, ())
    coverage.take_exchange(())
    assert coverage.off == {"missing-field", "token-disclosed"}
    assert not coverage.off & coverage.as_json()["kept"].keys()


def test_rules_of_one_message_are_not_kept_by_the_other() -> None:
    """A request keeps no rule for responses, a response none for requests."""
    scopes = {
        message: {RULES[rule].scope for rule in coverage_of(message, with_value(message)).as_json()["kept"]}
        for message in MESSAGES
    }
    assert scopes == {"request": {"message", "request"}, "response": {"message"}}


def test_samples_in_xml_exercise_the_same() -> None:
    """The documented request exercises its rule in XML as well."""
    coverage = Coverage()
    take(coverage, "request", load_contract().examples["request.xml"])
    assert coverage.count("kept", "discount-amount-missing") == 1
    assert coverage.count("broken", "points-amount-missing") == 2


def test_asking_the_samples_leaves_them_as_they_are() -> None:
    """To find the places of the rules changes no sample."""
    contract = load_contract()
    plan_of.__wrapped__(contract)
    before = {rule: repr(RULES[rule].sample) for rule in RULES}
    plan_of.__wrapped__(contract)
    assert {rule: repr(RULES[rule].sample) for rule in RULES} == before
    assert "'code_issue'" not in repr(RULES["points-amount-missing"].sample)


def test_every_sample_of_a_message_is_one_of_request_or_response() -> None:
    """The samples of rules with logic are of the message that they are looked for in."""
    plan = plan_of(load_contract())
    for rule in plan.request.companions:
        sample = RULES[rule].sample
        assert isinstance(sample, Sample)
        assert sample.message == "request"
