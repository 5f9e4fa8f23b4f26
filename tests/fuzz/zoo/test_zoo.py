"""The zoo: its correct server is right, and each of its faults shows."""

from __future__ import annotations

import json
import socket
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings

from altcraft_contract import strategies as st
from altcraft_contract.contract import load_contract
from altcraft_contract.strategies.mutations.bases import REQUESTS
from altcraft_contract.strategies.mutations.exchanges import ExchangeMutation
from altcraft_contract.strategies.mutations.table import fits, mutants_of
from altcraft_contract.strategies.source import SeededSource
from altcraft_contract.strategies.wire import plain_body
from altcraft_contract.validation import check_exchange, check_request, check_response
from tests.fuzz.zoo.behaviour import RIGHT
from tests.fuzz.zoo.client import Client, Received, Sent
from tests.fuzz.zoo.faults import FAULTS
from tests.fuzz.zoo.listener import Request
from tests.fuzz.zoo.samples import ABSENT, full, plain, raw, sent, sent_plain
from tests.fuzz.zoo.server import TOKEN, Application, correct_server, zoo_server
from tests.fuzz.zoo.syntaxes import write_value
from tests.fuzz.zoo.witness import is_wrong, shows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.contract import Syntax

_PATIENCE = 20.0  # seconds until a correct server counts as hanging
_IMPATIENCE = 0.5  # the same, of a server whose fault it may be

ODD_ORDERS: dict[str, Any] = {
    "data": [None, [], "x", 5, {"lines": None}, {"lines": [1, "x", None, []]}, {"lines": {"a": 1}}],
    "token": [None, 5, [TOKEN], {}, ""],
    "external_id": [None, 5, [], {}, True],
    "email": [None, 5, []],
}
ODD_MEMBERS: dict[str, list[Any]] = {
    "custom_fields": ["x", [1], None],
    "requested_promotions": [
        "x",
        [1, None],
        [{"type": "accrue_points", "promotion": 5, "points_info": "x", "amount": {}}],
        [{"type": ["code_issue"]}, {"promotion": None}],
    ],
    "promocodes": [{"code": 1}, [1], [{"pool_id": "x"}], [{"pool_id": 10**500}]],
    "redeem_points": ["x", [None], [{"amount": 1e300}]],
    "create_time": [5, None, {}],
    "currency": [5, None, []],
    "tags": ["x", {}, [None]],
}


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """A client of a correct server."""
    with correct_server() as url, Client(url, patience=_PATIENCE) as client:
        yield client


def _answer(application: Application, body: bytes, syntax: Syntax = "json") -> Received:
    """The answer of a server that has no socket."""
    path = "/api/v1.1/market/orders/preorder_commit"
    headers = (("Content-Type", f"application/{syntax}"),)
    reply = application.answer(
        Request(method="POST", target=path, headers=headers, body=body, connection=1, position=1)
    )
    found = {"content-type": reply.content_type or ""} | {name.lower(): value for name, value in reply.headers}
    return Received(reply.status, found, reply.body)


def _is_wrong_by_itself(sent: Sent) -> bool:
    """Whether a correct server that knows no order yet answers wrongly."""
    return is_wrong(sent, _answer(Application(), sent.body, sent.syntax))


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_shows(name: str) -> None:
    """What witnesses a fault sees it in the faulty server, and does not see it in the correct one."""
    witness = FAULTS[name].witness
    with correct_server() as url, Client(url, patience=_PATIENCE) as client:
        assert not shows(witness, client)
    with zoo_server(name) as url, Client(url, patience=_IMPATIENCE) as client:
        assert shows(witness, client)


def test_the_table_is_large_and_diverse() -> None:
    """There are hundreds of faults, at least a third of them hard, and every one is described."""
    hard = [fault for fault in FAULTS.values() if fault.is_hard]
    assert len(FAULTS) >= 200
    assert len(hard) * 3 >= len(FAULTS)
    assert all(name == fault.name for name, fault in FAULTS.items())
    assert all(fault.description and fault.told_by and fault.witness for fault in FAULTS.values())


def test_no_two_faults_have_one_name() -> None:
    """No fault of a family hides one of another."""
    from tests.fuzz.zoo import faults  # noqa: PLC0415 - for its private part

    assert sum(len(family) for family in faults._FAMILIES) == len(FAULTS)


def test_every_fault_is_one_of_a_server_that_stands() -> None:
    """No faulty server fails over an odd order by accident: whatever comes, its steps come to their end."""
    orders = [{**full(), name: value} for name, values in ODD_ORDERS.items() for value in values]
    orders += [{**full(), "data": {**full()["data"], name: v}} for name, values in ODD_MEMBERS.items() for v in values]
    bodies = [json.dumps(order).encode() for order in orders]
    for number, fault in enumerate(FAULTS.values()):
        application = Application(fault.behaviour)
        for body in (*bodies[number % 6 :: 6], b"[]", b"", b"{"):  # some for each, since there are many
            _answer(application, body)
        for body in (b"<xml/>", b"<xml><data/></xml>", b"", b"<xml><data><lines>x</lines></data></xml>"):
            _answer(application, body, "xml")


@pytest.mark.parametrize("syntax", ["json", "xml"])
def test_documented_example_is_taken(client: Client, syntax: Syntax) -> None:
    """The documented request is answered as the contract has it, with codes and points."""
    body = load_contract().examples[f"request.{syntax}"]
    body = body.replace(b"abcdefghijklmnqrstuvwxyz", TOKEN.encode())
    received = client.send(raw(body, syntax))
    assert received is not None
    assert check_response(received.body, syntax=syntax).findings == ()
    assert not check_exchange(body, received.body).errors
    assert b"GIFT-1" in received.body
    assert b"accrue_points" in received.body
    assert b"welcome_promo" in received.body


@pytest.mark.parametrize("name", st.EDGE_CASES)
def test_edge_cases_are_taken(client: Client, name: str) -> None:
    """Every edge case is taken, in both syntaxes, and answered as the contract has it."""
    order = {**st.EDGE_CASES[name](SeededSource(0)), "token": TOKEN}
    for syntax in ("json", "xml"):
        case = raw(plain_body({**order, "external_id": f"{syntax} {name} {order['external_id']}"}, syntax), syntax)
        assert check_request(case.body).ok
        assert not is_wrong(case, client.send(case))


def _mutants(name: str) -> Iterator[Sent]:
    row: Any = st.MUTATIONS[name]
    for syntax in ("json", "xml"):
        if not isinstance(row, ExchangeMutation) and fits(row, "request", syntax):
            for base in REQUESTS:
                request = {**base, "token": TOKEN}
                for mutant in mutants_of(row, request, "request", syntax, SeededSource(0)):
                    yield raw(mutant.body, mutant.syntax)


@pytest.mark.parametrize("name", st.MUTATIONS)
def test_mutations_are_refused_if_they_are_errors(name: str) -> None:
    """What breaks a rule of severity error is refused in the envelope; what earns a warning is taken."""
    assert not [mutant for mutant in _mutants(name) if _is_wrong_by_itself(mutant)]


@settings(max_examples=100)
@given(st.bodies(st.requests().map(lambda request: {**request, "token": TOKEN})))
def test_orders_are_taken_however_they_are_spelt_in_json(body: bytes) -> None:
    """A valid order is taken in any spelling of JSON."""
    assert not _is_wrong_by_itself(raw(body))


@settings(max_examples=100)
@given(st.bodies(st.requests().map(lambda request: {**request, "token": TOKEN}), syntax="xml"))
def test_orders_are_taken_however_they_are_spelt_in_xml(body: bytes) -> None:
    """A valid order is taken in any spelling of XML."""
    assert not _is_wrong_by_itself(raw(body, "xml"))


def test_a_repeat_gets_the_first_answer(client: Client) -> None:
    """An order that comes again gets the first answer, in its own syntax, whatever else has changed."""
    first = client.send(sent({"/external_id": "repeated"}))
    again = client.send(sent_plain({"/external_id": "repeated"}))
    in_xml = client.send(sent_plain({"/external_id": "repeated"}, "xml"))
    assert first is not None
    assert first == again
    assert in_xml is not None
    assert b"<codes>GIFT-1</codes>" in in_xml.body


@pytest.mark.parametrize("token", ["other", "", TOKEN[:-1], TOKEN.lower(), f"{TOKEN} ", ABSENT])
def test_wrong_tokens_are_refused(client: Client, token: object) -> None:
    """A wrong token, or none, gets the error 401, in both syntaxes."""
    for syntax, code in (("json", b'"error":401'), ("xml", b"<error>401</error>")):
        received = client.send(sent({"/token": token}, syntax))  # type: ignore[arg-type]
        assert received is not None
        assert code in received.body


def test_the_token_may_stand_in_the_header(client: Client) -> None:
    """The token is taken from `Authorization`, too, and compared there as well."""
    body = sent_plain({"/token": ABSENT}).body
    right = raw(body, "json", ("Authorization", f"Bearer {TOKEN}"))
    wrong = raw(body, "json", ("Authorization", "Bearer other"))
    assert not is_wrong(right, client.send(right))
    received = client.send(wrong)
    assert received is not None
    assert b'"error":401' in received.body


@pytest.mark.parametrize(
    "request_",
    [
        replace(sent_plain(), is_chunked=True),
        raw(sent_plain().body, "json", ("Expect", "100-continue")),
        raw(sent_plain({"/data/region": "x" * 3_000_000}).body),
        Sent(sent_plain().body, "json", (("CONTENT-TYPE", "Application/JSON; charset=UTF-8"),)),
        raw(sent_plain().body, "json", *((f"X-{number}", "x" * 1000) for number in range(100))),
    ],
    ids=["chunked", "expecting", "large", "capitals", "many-headers"],
)
def test_http_is_spoken(client: Client, request_: Sent) -> None:
    """Orders are taken however HTTP carries them."""
    assert not is_wrong(request_, client.send(request_))


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_not_allowed(client: Client, method: str) -> None:
    """Another method gets 405 with `Allow`, its body is read, and the connection stays in step."""
    received = client.send(replace(sent_plain(), method=method))
    assert received is not None
    assert (received.status, received.headers["allow"]) == (405, "POST")
    assert check_response(received.body).ok
    assert not is_wrong(sent_plain(), client.send(sent_plain()))


@pytest.mark.parametrize("content_type", ["text/csv", "application/json; charset=utf-16", ""])
def test_other_content_types_are_refused_in_the_envelope(client: Client, content_type: str) -> None:
    """A content type that is not that of an order gets 415 in the envelope."""
    received = client.send(Sent(sent_plain().body, "json", (("Content-Type", content_type),)))
    assert received is not None
    assert received.status == 415
    assert check_response(received.body).ok


def test_a_connection_stays_open_for_many_requests() -> None:
    """Hundreds of requests go over one connection, bad ones among them, and nothing gets out of step."""
    with correct_server() as url, Client(url, patience=_PATIENCE) as client:
        client.send(sent_plain())
        connection = client._connection
        for number in range(200):
            syntax: Syntax = "xml" if number % 2 else "json"
            order = sent_plain({"/external_id": f"order {number}"}, syntax)
            assert not is_wrong(order, client.send(order))
            bad = sent_plain({"/data/currency": "rub"}, syntax)
            assert not is_wrong(bad, client.send(bad))
        assert client._connection is connection


def test_requests_in_a_row_are_answered_in_a_row() -> None:
    """Requests that are sent without waiting are answered in their order, however they come in pieces."""
    orders = [sent_plain({"/external_id": f"order {number}"}) for number in range(20)]
    with correct_server() as url, Client(url, patience=_PATIENCE) as client:
        client.send(sent_plain())
        path = urlsplit(url).path
        text = b"".join(order.text(path) for order in orders)
        assert client._connection is not None
        for start in range(0, len(text), 999):
            client._connection.sendall(text[start : start + 999])
        assert not any(is_wrong(order, client._receive()) for order in orders)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 999999999999\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nno colon\r\n\r\n", 400),
    ],
)
def test_what_is_no_http_is_refused(text: bytes, status: int) -> None:
    """What cannot be read is refused, and the connection closed."""
    with correct_server() as url, socket.create_connection(("127.0.0.1", urlsplit(url).port or 0), _PATIENCE) as line:
        line.sendall(text)
        answer = b""
        while piece := line.recv(65_536):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 %d " % status)


@pytest.mark.parametrize("name", ["hang-on-backslash", "slow-with-promocodes"])
def test_a_server_stops_at_once(name: str) -> None:
    """A server that holds back an answer stops all the same, and leaves no thread behind."""
    threads = set(threading.enumerate())
    with zoo_server(name) as url, socket.create_connection(("127.0.0.1", urlsplit(url).port or 0), _PATIENCE) as line:
        order = sent({"/data/region": "a\\b"})
        line.sendall(order.text(urlsplit(url).path))
    assert set(threading.enumerate()) <= threads
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", urlsplit(url).port or 0), _PATIENCE)


def test_servers_know_nothing_of_each_other() -> None:
    """Each server has orders of its own, and a fault has no state beyond its server."""
    assert Application(RIGHT)._known is not Application(RIGHT)._known
    order = write_value(plain(), "json")
    first, second = Application(RIGHT), Application(RIGHT)
    assert _answer(first, order) == _answer(second, order)
    assert list(first._known) == list(second._known)
