"""Whatever request is drawn, the answer is as the contract and the scenario have it."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as hypothesis_strategies

from altcraft_contract import strategies as st
from altcraft_contract.conversion import from_xml
from altcraft_contract.findings import Severity
from altcraft_contract.renderers.redaction import redact_text, secrets_of
from altcraft_contract.rules.catalogue import RULES
from altcraft_contract.strategies.mutations.exchanges import ExchangeMutation
from altcraft_contract.strategies.wire import plain_body
from altcraft_contract.stub import ENDPOINT_PATH, SCENARIOS, Stub
from altcraft_contract.stub.scenarios import HUGE
from altcraft_contract.stub.traffic import CONTENT_TYPES, Request
from altcraft_contract.validation import check_exchange, check_response
from tests.stub.fakes import value_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.contract import Syntax
    from altcraft_contract.stub import Answer

_SYNTAXES: Final[tuple[Syntax, ...]] = ("json", "xml")
_KEEPING: Final = [name for name, row in SCENARIOS.items() if row.keeps_contract]
_BREAKING: Final = [name for name, row in SCENARIOS.items() if not row.keeps_contract and row.cut is None]
_JSON_ONLY: Final = {"null-arrays", "points-as-strings"}  # in XML they are as good as success
_QUICK: Final = [name for name in _KEEPING if name != "huge-response"]
_MUTATIONS: Final = [
    name
    for name, row in st.MUTATIONS.items()
    if not isinstance(row, ExchangeMutation) and getattr(row, "message", "request") == "request"
]


@pytest.fixture(scope="module")
def stub() -> Iterator[Stub]:
    """A stub without a socket, which has seen many an order."""
    with closing(Stub()) as stub:
        yield stub


def _ask(stub: Stub, body: bytes, syntax: Syntax, prefer: str | None = None) -> Answer:
    headers: tuple[tuple[bytes, bytes], ...] = ((b"content-type", CONTENT_TYPES[syntax].encode()),)
    if prefer is not None:
        headers += ((b"prefer", prefer.encode()),)
    return stub.receive(Request("POST", ENDPOINT_PATH, headers, body))


def _assert_kept(request: bytes, answer: Answer, syntax: Syntax) -> None:
    """An answer has no error, alone and with its request."""
    for result in (
        check_response(answer.body, syntax=syntax),
        check_exchange(request, answer.body, request_syntax=syntax, response_syntax=syntax),
    ):
        assert result.ok, result


_valid_bodies = {syntax: st.bodies(st.requests() | st.edge_cases(), syntax=syntax) for syntax in _SYNTAXES}


@pytest.mark.parametrize("syntax", _SYNTAXES)
@settings(max_examples=200)
@given(data=hypothesis_strategies.data())
def test_a_valid_order_is_answered_as_the_contract_has_it(
    stub: Stub, syntax: Syntax, data: hypothesis_strategies.DataObject
) -> None:
    """Whatever valid order comes, in whatever spelling, a scenario that keeps the contract does so for it."""
    body = data.draw(_valid_bodies[syntax])
    name = data.draw(hypothesis_strategies.sampled_from(_QUICK))
    answer = _ask(stub, body, syntax, f"scenario={name}")
    assert answer.status == SCENARIOS[name].status
    _assert_kept(body, answer, syntax)
    again = _ask(stub, body, syntax, f"scenario={name}")
    assert again.body == answer.body


@pytest.mark.parametrize("syntax", _SYNTAXES)
@settings(max_examples=50)
@given(data=hypothesis_strategies.data())
def test_a_scenario_that_breaks_the_contract_does(
    stub: Stub, syntax: Syntax, data: hypothesis_strategies.DataObject
) -> None:
    """Whatever valid order comes, a scenario that breaks the contract does so, apart from what XML cannot show."""
    body = data.draw(_valid_bodies[syntax])
    name = data.draw(hypothesis_strategies.sampled_from(_BREAKING))
    answer = _ask(stub, body, syntax, f"scenario={name}")
    assert check_response(answer.body, syntax=syntax).ok == (syntax == "xml" and name in _JSON_ONLY)


@pytest.mark.parametrize("syntax", _SYNTAXES)
@settings(max_examples=3)
@given(data=hypothesis_strategies.data())
def test_a_huge_response_keeps_the_contract(stub: Stub, syntax: Syntax, data: hypothesis_strategies.DataObject) -> None:
    """The answer of megabytes keeps the contract, too."""
    body = data.draw(_valid_bodies[syntax])
    answer = _ask(stub, body, syntax, "scenario=huge-response")
    assert len(answer.body) > HUGE
    _assert_kept(body, answer, syntax)


@settings(max_examples=100)
@given(request=st.requests())
def test_both_syntaxes_are_one_order(request: dict[str, Any]) -> None:
    """An order that comes in one syntax and again in the other gets the same answer, in the syntax of each."""
    with closing(Stub()) as stub:
        first = _ask(stub, plain_body(request, "json"), "json")
        second = _ask(stub, plain_body(request, "xml"), "xml")
        assert [entry.is_repeat for entry in stub.journal] == [False, True]
        assert not stub.journal[1].notes
    assert from_xml(second.body) == {
        **json.loads(first.body),
        "data": {name: value for name, value in json.loads(first.body)["data"].items() if value != []},
    }


@pytest.mark.parametrize("name", _MUTATIONS)
@settings(max_examples=2)
@given(data=hypothesis_strategies.data())
def test_every_mutation_is_judged_as_its_rule_says(
    stub: Stub, name: str, data: hypothesis_strategies.DataObject
) -> None:
    """An order with one error is refused with its rule and place; with a warning only it is confirmed."""
    mutant = data.draw(st.mutated_requests(names=[name]))
    answer = _ask(stub, mutant.body, mutant.syntax)
    value = value_of(answer.body, mutant.syntax)
    headers = dict(answer.headers)
    entry = stub.journal[-1]

    assert answer.status == 200
    _assert_kept(mutant.body, answer, mutant.syntax)
    assert [finding.rule for finding in entry.findings] == [mutant.rule]
    if RULES[mutant.rule].severity is Severity.ERROR:
        assert value["error"] == 400
        assert headers[b"x-altcraft-contract-findings"] == mutant.rule.encode()
        place = redact_text(mutant.pointer, secrets_of(value)) or "the root"
        assert value["error_text"].startswith(f"{mutant.rule} at {place}: ")
    else:
        assert value["error"] == 0
        assert b"x-altcraft-contract-findings" not in headers


@settings(max_examples=200)
@given(
    body=hypothesis_strategies.binary(max_size=300) | st.malformed_bodies("json") | st.malformed_bodies("xml"),
    syntax=hypothesis_strategies.sampled_from(_SYNTAXES),
)
def test_any_bytes_are_answered(stub: Stub, body: bytes, syntax: Syntax) -> None:
    """Whatever bytes come, labelled as whatever, they are refused in an envelope that keeps the contract."""
    answer = _ask(stub, body, syntax)
    assert answer.status == 200
    assert value_of(answer.body, syntax)["error"] == 400
    assert check_response(answer.body, syntax=syntax).ok
    assert b"x-altcraft-contract-findings" in dict(answer.headers)


@settings(max_examples=100)
@given(
    headers=hypothesis_strategies.lists(
        hypothesis_strategies.tuples(
            hypothesis_strategies.sampled_from(
                [b"content-type", b"prefer", b"authorization", b"content-encoding", b"expect", b"x"]
            ),
            hypothesis_strategies.binary(max_size=40),
        )
    ),
    path=hypothesis_strategies.just(ENDPOINT_PATH) | hypothesis_strategies.text(max_size=20),
    method=hypothesis_strategies.sampled_from(["POST", "GET", "PROPFIND"]),
    query=hypothesis_strategies.binary(max_size=20),
)
def test_any_head_is_answered(
    stub: Stub, headers: list[tuple[bytes, bytes]], path: str, method: str, query: bytes
) -> None:
    """Whatever headers, path and query come, the answer is an envelope, and the journal can tell of it."""
    answer = stub.receive(Request(method, path, tuple(headers), b"{}", query))
    syntax: Syntax = "xml" if b"xml" in dict(answer.headers)[b"content-type"] else "json"
    assert check_response(answer.body, syntax=syntax).ok
    assert value_of(answer.body, syntax)["error"] == answer.status or answer.status == 200
    json.dumps(stub.journal[-1].as_json(), ensure_ascii=False).encode(errors="surrogatepass")
