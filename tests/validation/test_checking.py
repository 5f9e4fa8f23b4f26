"""What checks take, and what they return."""

from __future__ import annotations

import json
import pickle
from collections import Counter, OrderedDict
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from altcraft_contract.contract import load_contract
from altcraft_contract.conversion import write_xml
from altcraft_contract.documents.limits import Limits
from altcraft_contract.findings import CheckResult, Finding, Severity
from altcraft_contract.rules.samples import sample_message
from altcraft_contract.validation import (
    ENGINES,
    ContractViolated,
    check_exchange,
    check_request,
    check_response,
    validate_exchange,
    validate_request,
    validate_response,
)

if TYPE_CHECKING:
    from altcraft_contract.validation import Engine

REQUEST = sample_message({}, "request")
RESPONSE = sample_message({}, "response")
BROKEN = sample_message({"/data/lines/0/count": 0, "/data/currency": "rub", "/data/colour": "red"}, "request")
TEXT = json.dumps(REQUEST)
MANY = 10_500  # more than are kept of one rule


def pairs(result: CheckResult) -> Counter[tuple[str, str]]:
    """Rule and pointer of each finding, counted."""
    return Counter((finding.rule, finding.pointer) for finding in result.findings)


@pytest.mark.parametrize(
    "body",
    [
        *(TEXT, TEXT.encode(), bytearray(TEXT.encode()), memoryview(TEXT.encode()), REQUEST, OrderedDict(REQUEST)),
        *(MappingProxyType(REQUEST), write_xml(REQUEST, "request"), write_xml(REQUEST, "request").encode()),
    ],
    ids=lambda body: type(body).__name__,
)
def test_kinds_of_bodies(body: object) -> None:
    """A body may be bytes or text as sent, or the parsed value."""
    assert check_request(body).findings == ()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "body",
    [
        *(None, 5, 1.5, True, [], ["a"], object(), "", b"", " ", "x", b"\x00", b"\xff\xfe", b"<", "{", "\ud800"),
        *({1: "a"}, {"a": {1, 2}}, {"a": float("nan")}, {"a": "\ud800"}, {"a": b"x"}),
    ],
    ids=lambda body: type(body).__name__,
)
def test_body_that_is_none(body: object, engine: Engine) -> None:
    """Whatever is no body at all is malformed, and nothing is raised."""
    for check in (check_request, check_response):
        result = check(body, engine=engine)

        assert pairs(result) == {("malformed", ""): 1}
        assert not result.ok
        assert str(result)


@pytest.mark.parametrize("syntax", ["json", "xml"])
def test_syntax_that_is_told_is_not_guessed(syntax: Any) -> None:
    """A body of another syntax than it is said to be is malformed."""
    other = write_xml(REQUEST, "request") if syntax == "json" else TEXT

    result = check_request(other, syntax=syntax)

    assert pairs(result) == {("malformed", ""): 1}
    assert result.syntax == syntax


@pytest.mark.parametrize("arguments", [{"engine": "quick"}, {"syntax": "yaml"}, {"syntax": ""}])
def test_arguments_that_are_none(arguments: Any) -> None:
    """An engine or a syntax that does not exist is a fault of the caller."""
    with pytest.raises(ValueError, match=next(iter(arguments))):
        check_request(TEXT, **arguments)


def test_arguments_of_an_exchange_that_are_none() -> None:
    """An engine or a syntax that does not exist is a fault of the caller, for exchanges too."""
    with pytest.raises(ValueError, match="engine"):
        check_exchange(REQUEST, RESPONSE, engine="quick")  # type: ignore[arg-type]  # that is the point
    with pytest.raises(ValueError, match="syntax"):
        check_exchange(TEXT, "{}", response_syntax="yaml")  # type: ignore[arg-type]  # that is the point


def test_limits() -> None:
    """A body beyond the limits is malformed."""
    assert pairs(check_request(TEXT, limits=Limits(max_bytes=10))) == {("malformed", ""): 1}
    assert pairs(check_request(TEXT, limits=Limits(max_depth=2))) == {("malformed", ""): 1}
    assert pairs(check_request(REQUEST, limits=Limits(max_depth=2))) == {("malformed", ""): 1}


def test_contract_may_be_given() -> None:
    """The version of the contract may be named."""
    assert check_request(TEXT, contract=load_contract("v75")).findings == ()


def test_text_beyond_ten_million_bytes() -> None:
    """A text of over 10,000,000 bytes is malformed in XML, and one of that many is not."""
    body = write_xml(sample_message({"/data/region": "REGION"}, "request"), "request")

    assert check_request(body.replace("REGION", "x" * 10_000_000)).findings == ()
    assert pairs(check_request(body.replace("REGION", "x" * 10_000_001))) == {("malformed", ""): 1}


def test_parts_of_a_result() -> None:
    """A result tells errors from warnings, and is right if there are no errors."""
    result = check_request(BROKEN)

    assert isinstance(result, CheckResult)
    assert all(isinstance(finding, Finding) for finding in result.findings)
    assert {finding.rule for finding in result.errors} == {"invalid-currency", "out-of-range"}
    assert {finding.rule for finding in result.warnings} == {"unknown-field"}
    assert {finding.severity for finding in result.errors} == {Severity.ERROR}
    assert (result.ok, result.message, result.syntax, result.truncated) == (False, "request", "json", False)
    assert repr(result) == (
        "<CheckResult of a json request: error invalid-currency at /data/currency, "
        "error out-of-range at /data/lines/0/count, warning unknown-field at /data/colour>"
    )
    assert repr(result.errors[0]).startswith("<Finding error invalid-currency at /data/currency")


def test_result_with_warnings_only() -> None:
    """Warnings alone leave a body right, and validating it raises nothing."""
    body = sample_message({"/data/colour": "red"}, "request")

    assert check_request(body).ok
    validate_request(body)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("form", ["json", "xml", "mapping"])
def test_result_pickles(form: str, engine: Engine) -> None:
    """A result that has been pickled says and prints the same."""
    bodies = {"json": json.dumps(BROKEN), "xml": write_xml(BROKEN, "request"), "mapping": BROKEN}
    result = check_request(bodies[form], engine=engine)

    copy = pickle.loads(pickle.dumps(result))  # noqa: S301 - what has been pickled on the same line

    assert copy.findings == result.findings
    assert str(copy) == str(result)
    assert repr(copy) == repr(result)
    assert (copy.ok, copy.message, copy.syntax, copy.truncated) == (False, "request", result.syntax, False)


def test_pickled_pickle() -> None:
    """A result may be pickled again and again."""
    result = check_request(BROKEN)

    for _ in range(3):
        result = pickle.loads(pickle.dumps(result))  # noqa: S301 - what has been pickled on the same line

    assert str(result) == str(check_request(BROKEN))


def test_printed_result() -> None:
    """A printed result has a line for each finding, with its place, and what to do."""
    text = str(check_request(json.dumps(BROKEN, indent=2)))

    assert 'request:8:17: error invalid-currency: `currency` is "rub"' in text
    assert 'hint: write "RUB"' in text
    assert text.count("error ") >= 2
    assert "warning unknown-field" in text


def test_printed_result_without_findings() -> None:
    """A result without findings says so."""
    assert str(check_request(REQUEST)) == "request: no findings"


def test_validation_of_right_messages() -> None:
    """Validating what is right raises nothing."""
    validate_request(REQUEST)
    validate_response(RESPONSE)
    validate_exchange(REQUEST, RESPONSE)


@pytest.mark.parametrize("engine", ENGINES)
def test_validation_of_wrong_messages(engine: Engine) -> None:
    """Validating what is wrong raises an assertion error that carries the result and says the same."""
    with pytest.raises(ContractViolated) as request_raised:
        validate_request(BROKEN, engine=engine)
    with pytest.raises(ContractViolated) as response_raised:
        validate_response({"error": 0}, engine=engine)
    with pytest.raises(ContractViolated) as exchange_raised:
        validate_exchange(BROKEN, RESPONSE, engine=engine)

    assert isinstance(request_raised.value, AssertionError)
    assert str(request_raised.value) == str(check_request(BROKEN, engine=engine))
    assert pairs(response_raised.value.result) == {("missing-field", ""): 2}
    assert pairs(exchange_raised.value.result) == {("invalid-request-accepted", "/error"): 1}


def test_violation_pickles() -> None:
    """A violation survives pickling, as parallel test runs do it."""
    violation = ContractViolated(check_request(BROKEN))

    copy = pickle.loads(pickle.dumps(violation))  # noqa: S301 - what has been pickled on the same line

    assert isinstance(copy, ContractViolated)
    assert str(copy) == str(violation)
    assert copy.result.findings == violation.result.findings


def many_unknown(name: str) -> dict[str, Any]:
    """A request with more unknown fields than are kept, and one with *name* wrong after them."""
    body = sample_message({f"/field{number}": "x" for number in range(MANY)}, "request")
    body["data"][name] = "?"
    return body


@pytest.mark.parametrize("form", ["json", "xml", "mapping"])
def test_more_findings_than_are_kept(form: str) -> None:
    """Of more than ten thousand findings of one rule the rest is left out, and the result says so."""
    body = sample_message({f"/field{number}": "x" for number in range(MANY)}, "request")
    bodies = {"json": json.dumps(body), "xml": write_xml(body, "request"), "mapping": body}

    result = check_request(bodies[form])

    assert result.truncated
    assert len(result.findings) == 10_000
    assert result.ok
    assert "there are more findings than the 10,000 shown" in str(result)
    assert pickle.loads(pickle.dumps(result)).truncated  # noqa: S301 - what has been pickled on the same line


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("form", ["json", "xml"])
def test_warnings_do_not_hide_an_error(form: str, engine: Engine) -> None:
    """An error is found and fails the check, however many warnings stand before it."""
    body = many_unknown("currency")

    result = check_request(json.dumps(body) if form == "json" else write_xml(body, "request"), engine=engine)

    assert result.truncated
    assert not result.ok
    assert [(finding.rule, finding.pointer) for finding in result.errors] == [("invalid-currency", "/data/currency")]


@pytest.mark.parametrize("engine", ENGINES)
def test_warnings_all_over_do_not_hide_an_error(engine: Engine) -> None:
    """An error is found where every part of the document before it has a warning."""
    line = {"external_id": "1", "sku": "a", "count": 1, "base_price_per_item": "1", "final_price_per_item": "1"}
    lines = [{**line, "colour": "red"}] * MANY + [{**line, "sku": ""}]

    result = check_request(json.dumps(sample_message({"/data/lines": lines}, "request")), engine=engine)

    assert result.truncated
    assert [(finding.rule, finding.pointer) for finding in result.errors] == [
        ("empty-value", f"/data/lines/{MANY}/sku")
    ]


@pytest.mark.parametrize("form", ["json", "xml"])
def test_more_errors_than_are_kept(form: str) -> None:
    """A body with more errors of one rule than are kept is wrong, whatever is not told of it."""
    line = {"external_id": "1", "sku": "a", "count": 0, "base_price_per_item": "1", "final_price_per_item": "1"}
    body = sample_message({"/data/lines": [line] * MANY}, "request")

    result = check_request(json.dumps(body) if form == "json" else write_xml(body, "request"))

    assert result.truncated
    assert not result.ok
    assert pairs(result)["out-of-range", "/data/lines/0/count"] == 1


@pytest.mark.parametrize("form", ["json", "xml"])
def test_repetitions_do_not_hide_an_error(form: str) -> None:
    """Repeated fields, however many, do not hide what is wrong besides."""
    fields = [f"f{number}" for number in range(MANY)]
    if form == "json":
        twice = "{" + ", ".join(f'"{field}": 1, "{field}": 2' for field in fields) + "}"
        body = json.dumps(sample_message({"/data/custom_fields": -777, "/data/currency": "rub"}, "request"))
        body = body.replace("-777", twice)
    else:
        twice = "".join(f"<{field}/><{field}/>" for field in fields)
        body = write_xml(sample_message({"/data/custom_fields": {}, "/data/currency": "rub"}, "request"), "request")
        body = body.replace("<custom_fields/>", f"<custom_fields>{twice}</custom_fields>")

    result = check_request(body)

    assert result.truncated
    assert {finding.rule for finding in result.findings} == {"duplicate-field", "invalid-currency"}


@pytest.mark.parametrize("forms", [("json", "json"), ("xml", "xml"), ("mapping", "mapping"), ("mapping", "json")])
def test_exchange_in_every_form(forms: tuple[str, str]) -> None:
    """An exchange may be given as text or as parsed values, and its findings point into the response."""
    request = sample_message({"/token": "s3cret"}, "request")
    response = sample_message({"/error_text": "hello s3cret", "/data/external_id": "other"}, "response")
    write = {"json": lambda value, _: json.dumps(value), "xml": write_xml, "mapping": lambda value, _: value}

    result = check_exchange(write[forms[0]](request, "request"), write[forms[1]](response, "response"))

    assert result.message == "exchange"
    assert pairs(result) == {("external-id-mismatch", "/data/external_id"): 1, ("token-disclosed", "/error_text"): 1}
    assert all((finding.line is None) == (forms[1] == "mapping") for finding in result.findings)


def test_namespace_with_brackets() -> None:
    """A namespace may be called anything, whichever engine judges the body."""
    body = write_xml(REQUEST, "request").replace("<data>", '<p:x xmlns:p="urn:a}{b"><p:y/></p:x><data xmlns:q="}">')

    for engine in ENGINES:
        assert pairs(check_request(body, engine=engine)) == {("unknown-field", "/p:x"): 1}
