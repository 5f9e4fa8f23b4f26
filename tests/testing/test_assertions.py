"""Assertions for tests of a client."""

from __future__ import annotations

import json
import pickle
from copy import deepcopy
from typing import Any

import httpx
import pytest
import requests

from altcraft_contract.errors import ContractViolated, UnknownRule
from altcraft_contract.strategies import EDGE_CASES
from altcraft_contract.strategies.source import SeededSource
from altcraft_contract.testing.assertions.assertions import (
    assert_valid_exchange,
    assert_valid_request,
    assert_valid_response,
)
from altcraft_contract.testing.assertions.violation import MOST_SHOWN
from altcraft_contract.testing.observing import forget, observe
from altcraft_contract.validation import RuleSelection, check_request

URL = "https://shop.example/api/v1.1/market/orders/preorder_commit"
ORDER = EDGE_CASES["no-optional-field"](SeededSource(0))
ANSWER: dict[str, Any] = {
    "error": 0,
    "error_text": "Successful operation",
    "data": {"status": "success", "processing_target": "immediate", "external_id": ORDER["external_id"]},
}


def order_with(**members: Any) -> dict[str, Any]:
    """A valid request; *members* replace its own, and None takes one away."""
    merged = deepcopy(ORDER) | members
    return {name: value for name, value in merged.items() if value is not None}


def broken() -> dict[str, Any]:
    """A request whose line names no item."""
    request = order_with(token="QXZW-7731-token", email="zoe.quixote@example.com")  # noqa: S106 - of nobody
    del request["data"]["lines"][0]["sku"]
    return request


def violation(assertion: Any, *args: Any, **options: Any) -> ContractViolated:
    """What the assertion raises."""
    with pytest.raises(ContractViolated) as caught:
        assertion(*args, **options)
    return caught.value


class Recorder:
    """An observer that remembers what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, object]] = []

    def take_message(self, message: str, body: object, syntax: str | None, findings: Any) -> None:
        """Remember it."""
        self.told.append((message, body))
        assert isinstance(findings, tuple)
        assert syntax in (None, "json", "xml")

    def take_exchange(self, findings: Any) -> None:
        """Remember it."""
        self.told.append(("exchange", len(findings)))

    def take_scenario(self, name: str) -> None:
        """Nothing tells of scenarios here."""
        raise AssertionError(name)


def test_a_valid_request_gives_its_warnings() -> None:
    """Warnings do not fail, and stand in the result."""
    result = assert_valid_request(order_with(phone="+79991234567"))
    assert [finding.rule for finding in result.warnings] == ["several-profile-identifiers"]
    assert result.ok


@pytest.mark.parametrize("make", [dict, json.dumps, lambda body: json.dumps(body).encode()])
def test_a_broken_request_is_told_with_frame_source_and_remedy(make: Any) -> None:
    """The text begins with how much is wrong, and shows each finding in its line, for parsed bodies, too."""
    error = violation(assert_valid_request, make(broken()))
    first, second, *others = str(error).splitlines()
    assert first == "the request breaks the contract: 1 error"
    assert "error line-item-missing: the line has neither `product` nor `sku`" in second
    assert any(line.strip().endswith("^") for line in others)
    assert "= at /data/lines/0; lines array (documented)" in str(error)
    assert others[-1].endswith("`altcraft-contract explain line-item-missing`")


@pytest.mark.parametrize("make", [dict, json.dumps])
def test_no_text_shows_a_secret(make: Any) -> None:
    """Neither the token nor the address reach the text, whatever the line that is shown."""
    body = broken()
    body["email"] = 12345678
    text = str(violation(assert_valid_request, make(body)))
    assert "7731" not in text
    assert "quixote" not in text
    assert "12345678" not in text


def test_a_value_that_json_cannot_carry_is_told_without_a_frame() -> None:
    """A parsed body that is no JSON is told by its place alone."""
    assert "malformed" in str(violation(assert_valid_request, order_with(data=object())))


def test_many_findings_are_counted() -> None:
    """Beyond a number they are counted, and all stand in the result."""
    body = order_with()
    body["data"]["lines"] = [{} for _ in range(MOST_SHOWN)]
    error = violation(assert_valid_request, body)
    assert len(error.result.findings) > MOST_SHOWN
    assert f"… and {len(error.result.findings) - MOST_SHOWN} findings more" in str(error)


def test_a_violation_is_pickled_with_its_text() -> None:
    """A violation crosses processes with findings, text and notes."""
    error = violation(assert_valid_request, broken())
    error.add_note("a note")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - made here
    assert str(copy) == str(error)
    assert copy.result.findings == error.result.findings
    assert copy.__notes__ == ["a note"]


@pytest.mark.parametrize("rules", ["empty-list", ["empty-list"], RuleSelection(select=["empty-list"])])
def test_rules_select_what_counts(rules: Any) -> None:
    """An id, ids or a selection say which rules count."""
    assert not assert_valid_request(broken(), rules=rules).findings


def test_rules_that_are_none_are_refused() -> None:
    """Neither an unknown rule nor no rule at all is taken for all of them."""
    with pytest.raises(UnknownRule):
        assert_valid_request(order_with(), rules="line-item-mising")
    with pytest.raises(ValueError, match="rules is empty"):
        assert_valid_request(order_with(), rules=[])


def test_the_token_may_come_in_the_header() -> None:
    """A body may lack the token, if the caller says that it is in the header."""
    violation(assert_valid_request, order_with(token=None))
    assert_valid_request(order_with(token=None), token_in_header=True)


def _requests(body: Any, headers: Any) -> requests.PreparedRequest:
    return requests.Request("POST", URL, json=body, headers=headers).prepare()


def _httpx(body: Any, headers: Any) -> httpx.Request:
    return httpx.Request("POST", URL, json=body, headers=headers)


@pytest.mark.parametrize("make", [_requests, _httpx])
def test_requests_of_http_libraries_are_taken_as_they_are(make: Any) -> None:
    """The body and the bearer token of a request are read."""
    assert_valid_request(make(order_with(token=None), {"Authorization": "Bearer abc"}))
    violation(assert_valid_request, make(order_with(token=None), {"Authorization": "Basic abc"}))
    violation(assert_valid_request, make(broken(), {}))


def test_responses_of_http_libraries_are_taken_as_they_are() -> None:
    """The content of a response is read."""
    answer = requests.Response()
    answer._content = json.dumps(ANSWER).encode()
    assert assert_valid_response(answer).ok
    assert assert_valid_response(httpx.Response(200, json=ANSWER)).ok
    violation(assert_valid_response, httpx.Response(500, text="<html>"))


class Streamed:
    """A response whose content is a stream, as that of aiohttp."""

    headers: dict[str, str] = {}  # noqa: RUF012 - never changed
    content = object()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (None, "NoneType: expected bytes, str or a Mapping"),
        (42, "int: expected"),
        ([order_with()], "list: expected"),
        (Streamed(), "await response.read"),
        (httpx.Request("POST", URL, content=iter([b"{}"])), "read it first"),
    ],
)
def test_what_is_no_body_is_refused_by_name(body: object, reason: str) -> None:
    """A value that holds no body is an error of the test, which says what is accepted."""
    with pytest.raises(TypeError, match=reason):
        assert_valid_request(body)


def test_an_exchange_tells_of_request_response_and_both() -> None:
    """What is wrong with either message and with the two together stands in one failure."""
    error = violation(assert_valid_exchange, broken(), {"error": 0})
    rules = {finding.rule for finding in error.result.findings}
    assert rules >= {"line-item-missing", "missing-field", "invalid-request-accepted"}
    assert str(error).startswith("the exchange breaks the contract: ")
    assert "request as JSON:" in str(error)
    assert "response as JSON:" in str(error)


def test_a_valid_exchange_gives_all_warnings() -> None:
    """The result of an exchange has the warnings of each message."""
    result = assert_valid_exchange(order_with(phone="+79991234567"), httpx.Response(200, json=ANSWER))
    assert "several-profile-identifiers" in [finding.rule for finding in result.findings]
    assert result.ok
    assert "several-profile-identifiers" in str(result)


def test_a_response_never_shows_the_secrets_of_its_request() -> None:
    """The token is not shown in a line of the response that repeats it."""
    answer = ANSWER | {"error": 400, "error_text": "bad QXZW-7731-token", "more": [1]}
    body = order_with(token="QXZW-7731-token")  # noqa: S106 - of nobody
    error = violation(assert_valid_exchange, body, json.dumps(answer).replace('"error": 400', '"error": "400"'))
    assert "7731" not in str(error)


def test_observers_are_told_of_every_message() -> None:
    """Whoever measures coverage learns of each message, before it fails the test."""
    recorder = Recorder()
    observe(recorder)
    try:
        body = broken()
        violation(assert_valid_request, body)
        assert_valid_exchange(ORDER, ANSWER)
    finally:
        forget(recorder)
    assert recorder.told == [("request", body), ("request", ORDER), ("response", ANSWER), ("exchange", 0)]


def test_the_result_is_that_of_the_check() -> None:
    """An assertion finds what the check finds."""
    body = order_with(phone="+79991234567")
    assert assert_valid_request(body).findings == check_request(body).findings
