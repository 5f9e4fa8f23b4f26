"""Every scenario, as the clients that people use see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest

from altcraft_contract.stub import SCENARIOS
from altcraft_contract.stub.scenarios import HUGE, KINDS
from altcraft_contract.validation import check_exchange, check_response
from tests.stub.clients.clients import CLIENTS, Call, Reply
from tests.stub.fakes import CONTENT_TYPES, body_of, order, send_order, value_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from altcraft_contract.contract import Syntax
    from altcraft_contract.stub import StubServer
    from tests.stub.clients.clients import Failure

_OWN: Final = "the syntax's own"
_ARRAYS: Final = {"issued_promocodes", "points_changes", "contents"}


@dataclass(frozen=True)
class Expected:
    """What every client has to see of a scenario.

    Attributes:
        outcome: What a careful client makes of it: a `data.status`, an `error`, `unreadable`, or a failure.
        status: HTTP status; None if there is no answer.
        content_type: Media type; None if there is no answer.
        is_known: Whether there is an order afterwards.
        headers: HTTP headers, too.
        breaks: The rules that the answer breaks, for each syntax.
    """

    outcome: str
    status: int | None = 200
    content_type: str | None = _OWN
    is_known: bool = True
    headers: tuple[tuple[str, str], ...] = ()
    breaks: Mapping[str, set[str]] | None = None


def _in_both(*rules: str) -> Mapping[str, set[str]]:
    return {"json": set(rules), "xml": set(rules)}


EXPECTED: Final = {
    "success": Expected("success"),
    "processed": Expected("success"),
    "outdated": Expected("outdated", is_known=False),
    "outdated-minimal": Expected("outdated", is_known=False),
    "error-400": Expected("error 400", is_known=False),
    "error-401": Expected("error 401", is_known=False),
    "error-402": Expected("error 402", is_known=False),
    "error-403": Expected("error 403", is_known=False),
    "error-unknown": Expected("error 1999", is_known=False),
    "http-500": Expected("error 500", 500, is_known=False),
    "http-502-html": Expected("unreadable", 502, "text/html", is_known=False, breaks=_in_both("malformed")),
    "http-429": Expected("error 429", 429, is_known=False, headers=(("retry-after", "1"),)),
    "slow": Expected("success"),
    "empty-body": Expected("unreadable", breaks=_in_both("malformed")),
    "truncated-body": Expected("cut", None, None, breaks=_in_both("malformed")),
    "not-json": Expected("unreadable", breaks=_in_both("malformed")),
    "wrong-content-type": Expected("success", content_type="text/html"),
    "connection-reset": Expected("reset", None, None),
    "missing-arrays": Expected("success"),
    "extra-fields": Expected("success"),
    "null-arrays": Expected("success", breaks={"json": {"wrong-type"}, "xml": set()}),
    "unknown-status": Expected("partially_confirmed", breaks=_in_both("unknown-value")),
    "points-as-strings": Expected("success", breaks={"json": {"wrong-type"}, "xml": set()}),
    "huge-response": Expected("success"),
}


def _with_everything(external_id: str) -> dict[str, Any]:
    """An order that gets a code, points and a text."""
    request = order(external_id)
    points = {"points_currency_iid": 1, "points_currency_eid": "bonus", "amount": "50"}
    request["data"]["applied_promotions"] = [
        {"type": "code_issue", "promotion": {"external_id": "welcome", "name": "Welcome"}},
        {"type": "message", "promotion": {"external_id": "hello", "name": "Hello"}},
        {"type": "accrue_points", "promotion": {"external_id": "back"}, "amount": "50", "points_info": points},
    ]
    return request


def _outcome_of(reply: Reply | Failure, syntax: Syntax) -> str:
    """What a careful client makes of an answer."""
    if not isinstance(reply, Reply):
        return reply
    value = value_of(reply.body, syntax)
    if not isinstance(value, dict):
        return "unreadable"
    return f"error {value['error']}" if value["error"] else str(value["data"]["status"])


def _seen(reply: Reply | Failure, syntax: Syntax) -> tuple[str, int | None, str | None]:
    if not isinstance(reply, Reply):
        return _outcome_of(reply, syntax), None, None
    return _outcome_of(reply, syntax), reply.status, reply.headers["content-type"].partition(";")[0]


def _wanted(expected: Expected, syntax: Syntax) -> tuple[str, int | None, str | None]:
    content_type = CONTENT_TYPES[syntax] if expected.content_type == _OWN else expected.content_type
    return expected.outcome, expected.status, content_type


def test_every_scenario_has_an_expectation() -> None:
    """The table of expectations is complete, and every kind has its scenarios."""
    assert list(EXPECTED) == list(SCENARIOS)
    assert {row.kind for row in SCENARIOS.values()} == set(KINDS)


@pytest.mark.parametrize("syntax", ["json", "xml"])
@pytest.mark.parametrize("client", CLIENTS)
def test_every_client_sees_every_scenario_as_intended(stub: StubServer, client: str, syntax: Syntax) -> None:
    """What a client sees of a scenario is what the table says, whichever client it is."""
    calls = [
        Call(
            stub.url,
            body_of(_with_everything(f"{client}/{name}"), syntax),
            {"Content-Type": CONTENT_TYPES[syntax], "Prefer": f"scenario={name}, wait=0"},
        )
        for name in SCENARIOS
    ]
    replies = dict(zip(SCENARIOS, CLIENTS[client](calls), strict=True))

    assert {name: _seen(reply, syntax) for name, reply in replies.items()} == {
        name: _wanted(expected, syntax) for name, expected in EXPECTED.items()
    }
    for name, expected in EXPECTED.items():
        reply = replies[name]
        if isinstance(reply, Reply):
            assert set(expected.headers) <= set(reply.headers.items())
    assert [entry.scenario for entry in stub.journal] == list(SCENARIOS)  # nothing was sent twice


@pytest.mark.parametrize("client", CLIENTS)
def test_every_client_gives_up_on_a_slow_answer(stub: StubServer, client: str) -> None:
    """A client with a timeout sees it pass before a slow answer, and the order is confirmed all the same."""
    stub.use("slow", delay=60)
    headers = {"Content-Type": "application/json"}
    calls: Sequence[Call] = [Call(stub.url, body_of(order()), headers, timeout=0.5)]

    assert CLIENTS[client](calls) == ["timeout"]

    stub.journal.wait_for(1)
    assert [known["external_id"] for known in stub.state.listing()["orders"]] == ["order_1"]


@pytest.mark.parametrize("syntax", ["json", "xml"])
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_breaks_what_its_row_says(stub: StubServer, name: str, syntax: Syntax) -> None:
    """An answer has no error, alone and with its request, unless its row says so; then it breaks the expected rules."""
    request = body_of(_with_everything("order_1"), syntax)
    choice = {"prefer": f"scenario={name}; wait=0"}
    client = CLIENTS["http.client"]
    (reply,) = client([Call(stub.url, request, {"content-type": CONTENT_TYPES[syntax], **choice})])
    row, expected = SCENARIOS[name], EXPECTED[name]

    assert row.keeps_contract == (expected.breaks is None and expected.outcome != "reset")
    if isinstance(reply, Reply):
        found = {finding.rule for finding in check_response(reply.body, syntax=syntax).errors}
        assert found == (expected.breaks or {}).get(syntax, set())
        if row.keeps_contract:
            assert check_exchange(request, reply.body, request_syntax=syntax, response_syntax=syntax).ok


@pytest.mark.parametrize("syntax", ["json", "xml"])
@pytest.mark.parametrize("name", SCENARIOS)
def test_an_order_is_known_afterwards_or_not(stub: StubServer, name: str, syntax: Syntax) -> None:
    """There is an order after a scenario if its row says so, and the journal tells how it went out."""
    client = CLIENTS["http.client"]
    headers = {"content-type": CONTENT_TYPES[syntax], "prefer": f"scenario={name}, wait=0"}
    client([Call(stub.url, body_of(order(), syntax), headers)])

    row, (entry,) = SCENARIOS[name], stub.journal
    known = stub.state.listing()["orders"]
    assert bool(known) == EXPECTED[name].is_known == (row.commits is not None)
    assert entry.scenario == name
    assert entry.refusal is None
    assert entry.ok
    refused = EXPECTED[name].outcome.startswith("error ")
    whole = "outdated" if EXPECTED[name].outcome == "outdated" else "success"
    assert entry.outcome == ("refused" if refused else whole if row.keeps_contract else "broken")
    if row.keeps_contract and not refused:
        assert (entry.error, entry.error_text) == (0, "Successful operation")
    if refused:
        assert f"error {entry.error}" == EXPECTED[name].outcome
        assert entry.error_text
    if not row.keeps_contract:
        assert entry.error is None


_SHAPES: Final[Mapping[str, Callable[[dict[str, Any]], bool]]] = {
    "success": lambda answer: set(answer["data"]) >= _ARRAYS and answer["data"]["processing_target"] == "immediate",
    "processed": lambda answer: answer["data"]["processing_target"] == "processed",
    "outdated": lambda answer: answer["data"] == {"status": "outdated", "external_id": "order_1"},
    "outdated-minimal": lambda answer: answer["data"] == {"status": "outdated"},
    "missing-arrays": lambda answer: not _ARRAYS & set(answer["data"]),
    "extra-fields": lambda answer: "new_in_data" in answer["data"] and "new_at_the_top" in answer,
    "null-arrays": lambda answer: [answer["data"][name] for name in _ARRAYS] == [None] * 3,
    "points-as-strings": lambda answer: isinstance(answer["data"]["points_changes"][0]["accrue_points"], str),
    "huge-response": lambda answer: sum(len(str(item)) for item in answer["data"]["contents"]) > HUGE,
}


@pytest.mark.parametrize("name", _SHAPES)
def test_an_answer_has_the_shape_of_its_scenario(stub: StubServer, name: str) -> None:
    """What sets a scenario apart stands in its answer."""
    reply = send_order(stub, _with_everything("order_1"), prefer=f"scenario={name}")
    assert _SHAPES[name](value_of(reply.body))


@pytest.mark.parametrize("name", SCENARIOS)
def test_an_answer_names_its_scenario(stub: StubServer, name: str) -> None:
    """An answer says in a header which scenario it is, unless it is the ordinary one."""
    client = CLIENTS["http.client"]
    headers = {"content-type": "application/json", "prefer": f"scenario={name}, wait=0"}
    (reply,) = client([Call(stub.url, body_of(order()), headers)])
    if isinstance(reply, Reply):
        assert reply.headers.get("x-altcraft-contract-scenario") == (None if name == "success" else name)


@pytest.mark.parametrize("name", [name for name, row in SCENARIOS.items() if row.reshape is not None])
def test_an_order_that_is_outdated_stays_so(stub: StubServer, name: str) -> None:
    """A scenario that changes a confirmation does not confirm an order whose price has changed."""
    stub.set_prices({"mug-white": "11.00"})
    reply = send_order(stub, prefer=f"scenario={name}")

    assert value_of(reply.body)["data"]["status"] == "outdated"
    assert check_response(reply.body).ok
    assert stub.journal[0].outcome == "outdated"
