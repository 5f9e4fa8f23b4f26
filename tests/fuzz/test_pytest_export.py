"""Exported tests: red before a faulty server, green before a right one, readable, and without secrets."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.fuzz.failure import Cause
from altcraft_contract.fuzz.identity import DERIVED_TOKENS, STAND_INS
from altcraft_contract.fuzz.pytest_export import render_pytest
from altcraft_contract.fuzz.python_source import docstring_of, name_of, source_of
from altcraft_contract.stub import StubServer
from tests.fuzz.saved_cases import (
    EMAIL,
    FORGIVING,
    PHONE,
    RUN,
    TOKEN,
    accepted_failure,
    broken_case,
    failure_of,
    order_of,
    plain_case,
    refused_failure,
    saved,
)
from tests.stub.proxy_targets import Target as Service
from tests.stub.proxy_targets import answer_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from altcraft_contract.fuzz.failure import Failure

NOWHERE = "http://127.0.0.1:9/api/v1.1/market/orders/preorder_commit"


Run = Callable[..., tuple[dict[str, str], str]]
"""Runs the exported tests of failures; returns the outcome of each by name, and all that was printed."""


@pytest.fixture
def run_exported(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """What runs exported tests, in this process."""
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\n")

    def run(failures: Sequence[Failure], url: str, *, token: str = TOKEN) -> tuple[dict[str, str], str]:
        path = pytester.path / "test_exported.py"
        path.write_text(render_pytest(failures, url=NOWHERE, contract="v75"), "utf-8")
        for name, value in (("URL", url), ("TOKEN", token), ("EMAIL", EMAIL), ("PHONE", PHONE)):
            monkeypatch.setenv(f"ALTCRAFT_{name}", value)
        result = pytester.runpytest_inprocess("-rA", "-l", "-p", "no:cacheprovider", str(path))
        lines = [line.split() for line in result.outlines if line.startswith(("PASSED ", "FAILED ", "ERROR "))]
        return {line[1].partition("::")[2]: line[0] for line in lines}, str(result.stdout)

    return run


def token_failure(name: str) -> Failure:
    """An order with a token that is not the right one was accepted."""
    body = json.dumps({**order_of(), "token": DERIVED_TOKENS[name]}).encode()
    case = plain_case(body=body, title=f"a {name} token", place="/token", expected="refused")
    return failure_of(case, cause=Cause("authentication", "", case.title, "accepted", ""), phase="relations")


def disclosing_failure() -> Failure:
    """The token stood in an answer."""
    cause = Cause("disclosure", "token-disclosed", "token in the body", "", "")
    return failure_of(broken_case(), cause=cause, expected="an answer without the token")


def answer_failure() -> Failure:
    """An answer lacked its text."""
    cause = Cause("response-contract", "missing-field", "", "error 400", "")
    return failure_of(
        plain_case(), cause=cause, rule="missing-field", phase="valid", expected="an answer as documented"
    )


def error_failure() -> Failure:
    """The answer was HTTP 500."""
    return failure_of(plain_case(), cause=Cause("server-error", "", "a plain order", "HTTP 500", ""), phase="valid")


ACCEPTED = [
    accepted_failure(),
    accepted_failure("xml"),
    accepted_failure(framing="chunked"),
    accepted_failure(content_type="application/json; charset=utf-8", headers=(("X-Shop", "1"),)),
]
NAMES = [f"test_invalid_decimal_data_total_price_{end}" for end in ("json", "xml", "json_2", "json_3")]


def test_tests_are_red_until_the_target_is_fixed(run_exported: Run) -> None:
    """Each test fails before a server that takes what breaks the rule, and passes before one that refuses it."""
    with StubServer(rules=FORGIVING) as faulty, StubServer() as right:
        before, printed = run_exported(ACCEPTED, faulty.url)
        after, _ = run_exported(ACCEPTED, right.base_url)
        ids = [entry.external_id for stub in (faulty, right) for entry in stub.journal]

    assert before == dict.fromkeys(NAMES, "FAILED")
    assert after == dict.fromkeys(NAMES, "PASSED")
    assert "expected an `error` other than 0: a price is a decimal number (`invalid-decimal`, request body" in printed
    assert "still-failing: a request that breaks `invalid-decimal` is answered with `error` 0" in printed
    assert len(set(ids)) == 8
    assert not any(str(id_).startswith(RUN) for id_ in ids)


def test_each_kind_of_failure_has_a_test(run_exported: Run) -> None:
    """What is wrong with tokens, answers and valid orders is red and green as the rules are."""
    failures = [*map(token_failure, DERIVED_TOKENS), disclosing_failure(), answer_failure(), error_failure()]
    bad = json.dumps({"error": 0, "token": TOKEN}).encode()

    with Service(answer_of(bad, status=b"500 Oops")) as faulty, StubServer(token=TOKEN) as right:
        before, _ = run_exported(failures, faulty.url)
        after, printed = run_exported(failures, right.url)

    assert len(before) == len(failures)
    assert set(before.values()) == {"FAILED"}
    assert set(after.values()) == {"PASSED"}, printed


@pytest.mark.parametrize(
    ("answers", "outcome", "told"),
    [
        ((0, 400, 0), "FAILED", "expected `error` 0, as for the orders beside it"),
        ((0, 0, 0), "PASSED", ""),
        ((400, 0, 0), "FAILED", "no verdict: the plain order beside it is not accepted either"),
        ((0, 0, 400), "FAILED", "no verdict: the plain order beside it is not accepted either"),
    ],
)
def test_a_valid_order_is_sent_between_its_controls(
    answers: Sequence[int], outcome: str, told: str, run_exported: Run
) -> None:
    """An order that has to be accepted is judged only if the plain ones beside it are accepted."""
    turns = iter(answers)

    with Service(lambda *_: answer_of(b'{"error": %d, "error_text": "so"}' % next(turns))) as service:
        outcomes, printed = run_exported([refused_failure()], service.url)

    assert outcomes == {"test_valid_refused_data_region_json": outcome}
    assert told in printed


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (answer_of(b'{"error": 401, "error_text": "no"}'), "no verdict: the token is refused"),
        (answer_of(b"<html>", b"Content-Type: text/html", status=b"404 Not Found"), "expected an `error` other than 0"),
        (answer_of(b'{"error": "400"}'), "expected an `error` other than 0"),
        (b"", "no whole answer came: RemoteDisconnected"),
    ],
)
def test_no_answer_is_green_for_another_reason(answer: bytes, told: str, run_exported: Run) -> None:
    """A refused token, no envelope, or no answer at all is not what was asked for."""
    with Service(answer or (lambda *_: None)) as service:
        outcomes, printed = run_exported([accepted_failure()], service.url)

    assert set(outcomes.values()) == {"FAILED"}
    assert told in printed


def test_nothing_secret_is_printed(run_exported: Run, pytester: pytest.Pytester) -> None:
    """Neither the file nor what pytest prints, local variables included, holds a secret, though an answer does."""
    body = json.dumps({"error": 0, "error_text": f"{TOKEN} {EMAIL} {PHONE}"}).encode()

    with Service(answer_of(body)) as service:
        outcomes, printed = run_exported([accepted_failure(), disclosing_failure()], service.url)

    text = printed + (pytester.path / "test_exported.py").read_text("utf-8")
    assert set(outcomes.values()) == {"FAILED"}
    assert not {secret for secret in (TOKEN, EMAIL, PHONE) if secret in text}


def test_without_a_token_tests_are_skipped(run_exported: Run) -> None:
    """Without the token nothing is sent, and the reason says which variable is missing."""
    with StubServer() as stub:
        outcomes, printed = run_exported(ACCEPTED, stub.url, token="")
        assert len(stub.journal) == 0

    assert outcomes == {}
    assert "4 skipped" in printed
    assert "the environment variable ALTCRAFT_TOKEN is not set" in printed


def test_the_file_is_readable() -> None:
    """A JSON body is a dictionary with names for secrets and ids, an XML one is text, and stand-ins do not show."""
    text = render_pytest(ACCEPTED[:2], url=NOWHERE, contract="v75")

    assert '"token": "$ALTCRAFT_TOKEN",\n            "external_id": "$RUN-17",' in text
    assert '"total_price": "ten",' in text
    assert "<token>$ALTCRAFT_TOKEN</token>" in text
    assert f'os.environ.get("ALTCRAFT_URL", "{NOWHERE}")' in text
    assert not {stand_in for stand_in in (STAND_INS.token, STAND_INS.email, RUN) if stand_in in text}
    assert max(map(len, text.splitlines())) <= 120


def test_saved_cases_are_exported_alike() -> None:
    """What was saved gives the same file as the failure itself."""
    failures = [accepted_failure(), refused_failure()]

    assert render_pytest(list(map(saved, failures)), url=NOWHERE, contract="v75") == render_pytest(
        failures, url=NOWHERE, contract="v75"
    )


@given(body=st.binary(max_size=300), message=st.text(), expected=st.text(), title=st.text(), place=st.text())
def test_whatever_a_failure_says_the_file_is_python(
    body: bytes, message: str, expected: str, title: str, place: str
) -> None:
    """Texts of the target and bodies of any bytes end in source that can be compiled."""
    failure = accepted_failure(body=body, title=title)
    failure = replace(failure, message=message, expected=expected, cause=failure.cause._replace(place=place))

    compile(render_pytest([failure], url=NOWHERE, contract="v75"), "test_exported.py", "exec")


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(value=values | st.binary(max_size=300) | st.text(min_size=1).map(lambda text: text * 300))
def test_source_makes_the_value_again(value: Any) -> None:
    """The source of a value evaluates to it, and every line of it that can be broken is within the width."""
    assert ast.literal_eval(source_of(value)) == value if "*" not in source_of(value) else True


@pytest.mark.parametrize("value", ["x" * 3_000, "ab" + "\n" * 5_000 + "c" + "y" * 300, "a\\" * 2_000 + '"' * 400])
def test_what_is_repeated_is_a_product(value: str) -> None:
    """A long text that repeats a character is written as a sum of products, which is short."""
    source = source_of(value)

    assert eval(source) == value  # noqa: S307 - our own source
    assert len(source) < len(value) * 2


@given(text=st.text(max_size=50))
def test_docstrings_hold_any_text(text: str) -> None:
    """A docstring of any text is that text but for spaces, and is not left before its end."""
    module = ast.parse(docstring_of(text, depth=0))

    shown = ast.literal_eval(module.body[0].value)  # type: ignore[attr-defined]  # it is an expression
    assert re.sub("[ \n]", "", shown) == re.sub(" ", "", text) or "\n" in text


def test_names_are_words() -> None:
    """A name has small letters and digits only, and is not long."""
    assert (
        name_of("test", "unknown-value", "/data/lines/*/status", "json") == "test_unknown_value_data_lines_status_json"
    )
    assert len(name_of("x " * 200)) <= 80
