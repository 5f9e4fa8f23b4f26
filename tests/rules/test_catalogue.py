"""The catalogue of rules: complete, stable, and readable."""

from __future__ import annotations

import re

import pytest

from altcraft_contract.contract import load_contract
from altcraft_contract.findings import Severity
from altcraft_contract.rules import RULES
from altcraft_contract.rules.rule import Sample

# Ids are never renamed or reused: what stands here stays.
ERRORS = {
    "malformed",
    "duplicate-field",
    "missing-field",
    "wrong-type",
    "empty-value",
    "empty-list",
    "unknown-value",
    "invalid-decimal",
    "invalid-timestamp",
    "invalid-currency",
    "out-of-range",
    "profile-identifier-missing",
    "line-item-missing",
    "points-currency-missing",
    "redeem-points-missing",
    "discount-amount-missing",
    "points-info-missing",
    "processing-target-unexpected",
    "external-id-mismatch",
    "invalid-request-accepted",
    "token-disclosed",
}
WARNINGS = {
    "incomplete-timestamp",
    "unknown-field",
    "points-amount-missing",
    "several-profile-identifiers",
    "profile-id-format",
    "email-format",
    "phone-format",
    "unknown-currency",
    "excess-precision",
    "duplicate-line-id",
    "duplicate-promocode",
    "price-above-base",
    "price-below-minimum",
    "total-mismatch",
    "final-total-above-total",
    "redemption-unannounced",
    "redemption-currency-mismatch",
    "promocodes-unrequested",
    "encoding-mismatch",
}
BASES = {
    "documented": {
        *("malformed", "missing-field", "wrong-type", "empty-list", "unknown-value", "invalid-timestamp"),
        *("invalid-currency", "profile-identifier-missing", "line-item-missing", "points-currency-missing"),
        *("redeem-points-missing", "discount-amount-missing", "points-info-missing", "price-below-minimum"),
        *("processing-target-unexpected", "external-id-mismatch", "invalid-request-accepted"),
    },
    "example": {"invalid-decimal", "incomplete-timestamp", "profile-id-format", "phone-format"},
    "contradicted": {"points-amount-missing", "total-mismatch"},
}


def test_ids() -> None:
    """The catalogue holds the rules that it has always held, with their severities."""
    assert {rule for rule in RULES if RULES[rule].severity is Severity.ERROR} == ERRORS
    assert {rule for rule in RULES if RULES[rule].severity is Severity.WARNING} == WARNINGS


def test_bases() -> None:
    """Each rule says why it is one; what neither the page nor an example says is inferred."""
    bases = {rule: basis for basis, rules in BASES.items() for rule in rules}

    assert {rule: RULES[rule].basis.value for rule in RULES} == {rule: bases.get(rule, "inferred") for rule in RULES}


@pytest.mark.parametrize("rule", RULES)
def test_id_is_kebab_case(rule: str) -> None:
    """An id consists of small words joined by hyphens, and the table knows the rule by it."""
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule)
    assert RULES[rule].id == rule


@pytest.mark.parametrize("rule", RULES)
def test_texts_are_sentences(rule: str) -> None:
    """The statement and the remedy of a rule are sentences that end with a full stop."""
    for text in (RULES[rule].statement, RULES[rule].remedy):
        assert text.endswith(".")
        assert text[0].isupper() or text[0] == "`"
        assert "  " not in text


@pytest.mark.parametrize("rule", RULES)
def test_section_is_one_of_the_page(rule: str) -> None:
    """The section of a rule is a section of the documentation that a schema names."""
    contract = load_contract()
    titles = {
        schema["title"]
        for root in (contract.request_schema, contract.response_schema)
        for schema in (root, *root["$defs"].values())
        if "title" in schema
    }

    assert set(RULES[rule].section.split(", ")) <= titles | {"all tables"}


@pytest.mark.parametrize("rule", RULES)
def test_scope_fits_the_sample(rule: str) -> None:
    """The sample of a rule about one kind of message is a message of that kind."""
    scope, sample = RULES[rule].scope, RULES[rule].sample

    if isinstance(sample, Sample):
        assert scope in ("message", sample.message)


def test_catalogue_cannot_be_changed() -> None:
    """The table of rules is read-only."""
    with pytest.raises(TypeError):
        RULES["malformed"] = RULES["wrong-type"]  # type: ignore[index]  # that is the point
