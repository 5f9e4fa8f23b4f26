"""The samples of the catalogue break their rule and nothing else."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from altcraft_contract.conversion import write_xml
from altcraft_contract.rules import RULES
from altcraft_contract.rules.rule import ExchangeSample, Sample, TextSample
from altcraft_contract.rules.samples import SAMPLE_REQUEST, SAMPLE_RESPONSE, sample_message, sample_texts
from altcraft_contract.validation import ENGINES, check_exchange, check_request, check_response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from altcraft_contract.contract import Message
    from altcraft_contract.findings import CheckResult
    from altcraft_contract.validation import Engine

CHECKS = {"request": check_request, "response": check_response}
FORMS = ("json", "xml", "mapping")
SAMPLES = {rule: RULES[rule].sample for rule in RULES if isinstance(RULES[rule].sample, Sample)}
TEXTS = {rule: RULES[rule].sample for rule in RULES if isinstance(RULES[rule].sample, TextSample)}
EXCHANGES = {rule: RULES[rule].sample for rule in RULES if isinstance(RULES[rule].sample, ExchangeSample)}


def written(value: Mapping[str, Any], message: Message, form: str) -> object:
    """*value* as JSON text, as XML text or as it is."""
    if form == "mapping":
        return value
    return json.dumps(value) if form == "json" else write_xml(value, message, strict=False)


def rules_of(result: CheckResult) -> list[str]:
    """The broken rules, in order."""
    return [finding.rule for finding in result.findings]


def cases(samples: dict[str, Any]) -> list[tuple[str, str]]:
    """Each rule with each form in which its sample can be written."""
    return [
        (rule, form)
        for rule, sample in samples.items()
        for form in FORMS
        if not (form == "xml" and isinstance(sample, Sample) and sample.json_only)
    ]


@pytest.mark.parametrize(("rule", "form"), cases(SAMPLES))
def test_invalid_sample(rule: str, form: str) -> None:
    """A sample that breaks a rule yields one finding, of that rule."""
    sample = SAMPLES[rule]
    assert isinstance(sample, Sample)
    body = written(sample_message(sample.invalid, sample.message), sample.message, form)

    found = {engine: rules_of(CHECKS[sample.message](body, engine=engine)) for engine in ENGINES}

    assert found == {engine: [rule] for engine in ENGINES}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("rule", SAMPLES)
def test_valid_sample(rule: str, form: str) -> None:
    """A sample that keeps a rule yields no finding."""
    sample = SAMPLES[rule]
    assert isinstance(sample, Sample)
    body = written(sample_message(sample.valid, sample.message), sample.message, form)

    found = {engine: rules_of(CHECKS[sample.message](body, engine=engine)) for engine in ENGINES}

    assert found == {engine: [] for engine in ENGINES}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("syntax", ["json", "xml"])
@pytest.mark.parametrize("rule", TEXTS)
def test_text_sample(rule: str, syntax: str, engine: Engine) -> None:
    """The two texts of a sample differ in one finding, of the rule, unless nothing else of the broken one is judged."""
    sample = TEXTS[rule]
    assert isinstance(sample, TextSample)

    valid = Counter(rules_of(check_request(sample.valid[syntax], engine=engine)))
    invalid = Counter(rules_of(check_request(sample.invalid[syntax], engine=engine)))

    assert rule not in valid
    assert invalid == (Counter([rule]) if rule == "malformed" else valid + Counter([rule]))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", ["valid", "invalid"])
@pytest.mark.parametrize("rule", EXCHANGES)
def test_exchange_sample(rule: str, kind: str, form: str, engine: Engine) -> None:
    """An exchange that breaks a rule yields one finding, of that rule, and one that keeps it none."""
    sample = EXCHANGES[rule]
    assert isinstance(sample, ExchangeSample)
    request, response = sample.valid if kind == "valid" else sample.invalid
    response_form = {"json": "xml", "xml": "json", "mapping": "xml"}[form] if sample.other_syntax else form

    result = check_exchange(
        written(sample_message(request, "request"), "request", form),
        written(sample_message(response, "response"), "response", response_form if kind == "invalid" else form),
        engine=engine,
    )

    assert rules_of(result) == ([] if kind == "valid" else [rule])


@pytest.mark.parametrize("form", FORMS)
def test_messages_that_the_samples_change(form: str) -> None:
    """The sample request and response have no finding, neither by themselves nor together."""
    request, response = written(SAMPLE_REQUEST, "request", form), written(SAMPLE_RESPONSE, "response", form)

    assert check_request(request).findings == ()
    assert check_response(response).findings == ()
    assert check_exchange(request, response).findings == ()


@pytest.mark.parametrize("valid", [True, False])
@pytest.mark.parametrize("rule", RULES)
def test_texts_to_show_can_be_read(rule: str, *, valid: bool) -> None:
    """The texts that explain a rule are well-formed, but for the one that shows what is malformed."""
    if rule == "malformed" and not valid:
        return

    for text in sample_texts(RULES[rule], valid=valid):
        root = ET.fromstring(text.text) if text.syntax == "xml" else None  # noqa: S314 - our own text
        assert json.loads(text.text) if root is None else root.tag == "xml"


@pytest.mark.parametrize("valid", [True, False])
@pytest.mark.parametrize("rule", RULES)
def test_texts_to_show_stand_in_both_syntaxes(rule: str, *, valid: bool) -> None:
    """A rule is explained in JSON and in XML, unless XML cannot make the mistake."""
    sample = RULES[rule].sample
    expected = {"json"} if isinstance(sample, Sample) and sample.json_only and not valid else {"json", "xml"}

    assert {text.syntax for text in sample_texts(RULES[rule], valid=valid)} == expected
