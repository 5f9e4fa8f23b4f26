"""What the endpoint answers, over real connections."""

from __future__ import annotations

import json
import socket
from contextlib import closing
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

from altcraft_contract.documents.limits import Limits
from altcraft_contract.errors import UnreadableFile
from altcraft_contract.rules.selection import RuleSelection
from altcraft_contract.stub import ENDPOINT_PATH, SCENARIOS, Stub, StubServer
from altcraft_contract.stub.traffic import Request, charset_of, syntax_of
from altcraft_contract.validation import check_response
from tests.stub.fakes import (
    CONTENT_TYPES,
    EMAIL,
    PATIENCE,
    TOKEN,
    body_of,
    control,
    order,
    send,
    send_order,
    value_of,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from altcraft_contract.contract import Syntax
    from tests.stub.clients.clients import Reply

_BOTH = ["json", "xml"]
_OTHER: dict[Syntax, Syntax] = {"json": "xml", "xml": "json"}


def _refusal(reply: Reply, syntax: Syntax = "json") -> tuple[int, int]:
    """HTTP status and `error` of a refusal, which has to keep the contract."""
    assert reply.headers["content-type"] == f"{CONTENT_TYPES[syntax]}; charset=utf-8"
    assert check_response(reply.body, syntax=syntax).ok, reply.body
    return reply.status, value_of(reply.body, syntax)["error"]


@pytest.mark.parametrize("syntax", _BOTH)
def test_a_valid_order_is_confirmed_in_its_own_syntax(stub: StubServer, syntax: Syntax) -> None:
    """A valid order is confirmed, and the answer is of the request's syntax."""
    reply = send_order(stub, syntax=syntax)

    assert reply.status == 200
    assert reply.headers["content-type"] == f"{CONTENT_TYPES[syntax]}; charset=utf-8"
    assert value_of(reply.body, syntax)["data"]["status"] == "success"
    assert "x-altcraft-contract-findings" not in reply.headers
    assert int(reply.headers["content-length"]) == len(reply.body)
    assert "server" not in reply.headers


@pytest.mark.parametrize("syntax", _BOTH)
def test_a_broken_order_is_refused_with_its_findings(stub: StubServer, syntax: Syntax) -> None:
    """An order with errors gets HTTP 200 and error 400, with each rule in the text and in a header."""
    request = order()
    del request["data"]["status"]
    request["data"]["currency"] = "roubles"
    reply = send_order(stub, request, syntax)

    assert _refusal(reply, syntax) == (200, 400)
    text = value_of(reply.body, syntax)["error_text"]
    assert "missing-field at /data" in text
    assert "invalid-currency at /data/currency: " in text
    rules = reply.headers["x-altcraft-contract-findings"].split(", ")
    assert sorted(rules) == ["invalid-currency", "missing-field"]
    assert stub.journal[0].refusal == "contract"
    assert not stub.state.listing()["orders"]


def test_a_refusal_of_many_findings_stays_short(stub: StubServer) -> None:
    """However much is wrong with an order, the text tells the first findings and how many more there are."""
    request = order()
    request["data"]["lines"] = [{"external_id": str(number)} for number in range(500)]
    reply = send_order(stub, request)

    text = value_of(reply.body)["error_text"]
    assert text.count("missing-field at ") + text.count("line-item-missing at ") == 5
    assert text.endswith(" more")
    assert len(text) <= 2_000
    assert len(reply.headers["x-altcraft-contract-findings"]) < 1_000


@pytest.mark.parametrize("syntax", _BOTH)
@pytest.mark.parametrize("body", [b"", b"\0", b"{", b"<xml>", b"[]", b"null", b'"text"', b"\xff\xfe", b"<a/><b/>"])
def test_a_body_that_cannot_be_read_is_refused(stub: StubServer, syntax: Syntax, body: bytes) -> None:
    """A body of any bytes is refused in the envelope."""
    reply = send_order(stub, body, syntax)
    assert _refusal(reply, syntax) == (200, 400)
    assert reply.headers["x-altcraft-contract-findings"]


@pytest.mark.parametrize("syntax", _BOTH)
def test_a_body_of_the_other_syntax_is_named(stub: StubServer, syntax: Syntax) -> None:
    """A body that is of the other syntax than its Content-Type says is refused with that hint."""
    reply = send_order(stub, body_of(order(), _OTHER[syntax]), syntax)
    assert _refusal(reply, syntax) == (200, 400)
    hint = f"the body looks like {_OTHER[syntax].upper()}, the Content-Type says {syntax.upper()}"
    assert hint in value_of(reply.body, syntax)["error_text"]


def test_warnings_do_not_refuse(stub: StubServer) -> None:
    """An order with warnings only is confirmed, and the journal tells them."""
    reply = send_order(stub, {**order(), "unheard_of": "x"})
    assert value_of(reply.body)["error"] == 0
    (entry,) = stub.journal
    assert entry.ok
    assert [finding.rule for finding in entry.findings] == ["unknown-field"]


@pytest.mark.parametrize("syntax", _BOTH)
def test_an_order_sent_again_gets_its_first_answer(stub: StubServer, syntax: Syntax) -> None:
    """A repeated order gets the same bytes, in the other syntax the same data, and a note if it differs."""
    first = send_order(stub, syntax=syntax)
    again = send_order(stub, {**order(), "skip_triggers": True}, syntax)
    other = send_order(stub, syntax=_OTHER[syntax])
    changed = order()
    changed["data"]["status"] = "paid"
    differing = send_order(stub, changed, syntax)

    assert again.body == first.body == differing.body
    stripped, whole = sorted(
        (value_of(first.body, syntax)["data"], value_of(other.body, _OTHER[syntax])["data"]), key=len
    )
    assert stripped == {name: value for name, value in whole.items() if value != []}
    assert [entry.is_repeat for entry in stub.journal] == [False, True, True, True]
    assert [bool(entry.notes) for entry in stub.journal] == [False, False, False, True]


@pytest.fixture(scope="module")
def _locked() -> Iterator[StubServer]:
    with StubServer(token=TOKEN) as stub:
        yield stub


@pytest.fixture
def locked(_locked: StubServer) -> StubServer:
    """A stub that lets in one token only."""
    _locked.reset()
    return _locked


class TestToken:
    """Who is let in by a stub that knows its token."""

    @pytest.mark.parametrize("syntax", _BOTH)
    @pytest.mark.parametrize(
        ("in_body", "in_header", "error"),
        [
            (TOKEN, None, 0),
            (None, f"Bearer {TOKEN}", 0),
            (None, f"bearer  {TOKEN} ", 0),
            (TOKEN, f"Bearer {TOKEN}", 0),
            (TOKEN, "Basic dXNlcjpzZWNyZXQ=", 0),
            ("another", None, 401),
            (None, "Bearer another", 401),
            ("another", f"Bearer {TOKEN}", 401),
            (TOKEN, "Bearer another", 401),
            (None, None, 401),
            (None, "Basic dXNlcjpzZWNyZXQ=", 401),
            (None, "Bearer", 401),
            ("", f"Bearer {TOKEN}", 401),
            (TOKEN.lower(), None, 401),
            ("токен", None, 401),
        ],
    )
    def test_every_token_has_to_be_right(
        self, locked: StubServer, syntax: Syntax, in_body: str | None, in_header: str | None, error: int
    ) -> None:
        """A token may stand in the body, in the header or in both, and every one that is given has to be right."""
        headers = {"authorization": in_header} if in_header is not None else {}
        reply = send_order(locked, order(token=in_body), syntax, **headers)

        assert value_of(reply.body, syntax)["error"] == error
        if error:
            assert _refusal(reply, syntax) == (200, 401)
            assert locked.journal[0].refusal == "token"
            assert TOKEN.encode() not in reply.body

    def test_a_wrong_token_tells_nothing_but_the_rules(self, locked: StubServer) -> None:
        """A request with a wrong token and errors is refused for the token, and the header names its errors."""
        reply = send_order(locked, {**order(token="another"), "data": {}})  # noqa: S106 - of nobody
        assert _refusal(reply) == (200, 401)
        assert "missing-field" in reply.headers["x-altcraft-contract-findings"]


def test_without_a_token_of_its_own_the_stub_takes_any(stub: StubServer) -> None:
    """A stub without a token lets any in, but a request without one breaks the contract."""
    assert value_of(send_order(stub, order(token="any")).body)["error"] == 0  # noqa: S106 - of nobody
    assert value_of(send_order(stub, order(token=None), authorization="Bearer any").body)["error"] == 0
    reply = send_order(stub, order(token=None))
    assert "missing-field at the root: `token` is missing" in value_of(reply.body)["error_text"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_another_method_is_not_allowed(stub: StubServer, method: str) -> None:
    """Any method but POST gets 405, with the one that is allowed."""
    reply = send(stub.url, b"" if method in {"PUT", "PATCH"} else None, method=method)
    assert reply.status == 405
    assert reply.headers["allow"] == "POST"
    assert stub.journal[0].refusal == "method"
    if method != "HEAD":
        assert _refusal(reply) == (405, 405)


@pytest.mark.parametrize("path", ["/", "/favicon.ico", ENDPOINT_PATH + "/", ENDPOINT_PATH.upper(), "/%00%ff", "//"])
def test_there_is_nothing_elsewhere(stub: StubServer, path: str) -> None:
    """Another path gets 404 with the right one, in the syntax of the request."""
    reply = send(stub.base_url + path, b"<xml/>", {"content-type": "application/xml"})
    assert _refusal(reply, "xml") == (404, 404)
    assert ENDPOINT_PATH in value_of(reply.body, "xml")["error_text"]
    assert stub.journal[0].refusal == "path"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": ""},
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-type": "json"},
        {"content-type": "application/json; charset=cp1251"},
        {"content-type": 'application/json; charset="UTF-16"'},
        {"content-type": "application/json", "content-encoding": "gzip"},
    ],
)
def test_only_json_and_xml_in_utf_8_are_taken(stub: StubServer, headers: dict[str, str]) -> None:
    """A body that is labelled otherwise is refused with 415, and the text says what to send."""
    reply = send(stub.url, body_of(order()), headers)
    assert _refusal(reply) == (415, 415)
    assert stub.journal[0].refusal == "content-type"
    assert not stub.state.listing()["orders"]


@pytest.mark.parametrize(
    ("content_type", "syntax"),
    [
        ("application/json", "json"),
        ("Application/JSON; Charset=UTF-8", "json"),
        ('application/json;charset="utf-8"', "json"),
        ("text/json", "json"),
        ("application/vnd.shop+json", "json"),
        ("application/xml", "xml"),
        ("text/xml; charset=utf8", "xml"),
        ("application/soap+xml; action=x", "xml"),
        ("application/jsonp", None),
        ("image/svg+xml", None),
        ("application/", None),
    ],
)
def test_a_content_type_names_a_syntax(content_type: str, syntax: Syntax | None) -> None:
    """A media type of JSON or XML names its syntax, however it is spelt and whatever its parameters."""
    assert syntax_of(content_type) == syntax
    assert charset_of(content_type) in {None, "utf-8", "utf8"}


@pytest.mark.parametrize("syntax", _BOTH)
def test_a_content_type_may_be_spelt_otherwise(stub: StubServer, syntax: Syntax) -> None:
    """Parameters and the other names of a media type do not matter."""
    for content_type in (f"TEXT/{syntax}", f"application/vnd.shop+{syntax}; charset=UTF-8"):
        reply = send_order(stub, syntax=syntax, content_type=content_type)
        assert value_of(reply.body, syntax)["error"] == 0


@pytest.fixture(scope="module")
def bounded() -> Iterator[StubServer]:
    """A stub that takes in a kilobyte."""
    with StubServer(limits=Limits(max_bytes=1_000)) as stub:
        yield stub


class TestBounds:
    """Bodies over the limit."""

    def test_a_body_at_the_limit_is_taken(self, bounded: StubServer) -> None:
        """The limit itself is within bounds, one byte more is not."""
        body = body_of(order())
        assert value_of(send_order(bounded, body.ljust(1_000)).body)["error"] == 0
        assert _refusal(send_order(bounded, body.ljust(1_001))) == (413, 413)

    def test_a_large_body_is_read_to_its_end(self, bounded: StubServer) -> None:
        """A client that sends all of a body over the limit, though not without end, reads the answer."""
        bounded.reset()
        assert _refusal(send_order(bounded, b" " * 1_900)) == (413, 413)
        entry = bounded.journal[0]
        assert (entry.refusal, entry.ok) == ("too-large", False)
        assert bounded.is_running

    def test_a_chunked_body_is_counted(self, bounded: StubServer) -> None:
        """A body without a declared length is measured as it comes."""
        parts = [b"{" + b" " * 700, b" " * 700]
        reply = httpx.post(bounded.url, content=iter(parts), headers={"content-type": "application/json"})
        assert (reply.status_code, reply.json()["error"]) == (413, 413)
        assert reply.headers["connection"] == "close"

    def test_who_waits_for_leave_is_refused_before_the_body(self, bounded: StubServer) -> None:
        """A client that asks with `Expect: 100-continue` need not send a body that is over the limit."""
        address = ("127.0.0.1", bounded.port)
        with socket.create_connection(address, PATIENCE) as connection, connection.makefile("rb") as reader:
            connection.sendall(_head(bounded, 10**9, "Expect: 100-continue"))
            assert reader.readline().startswith(b"HTTP/1.1 413 ")  # the phrase depends on the Python

    def test_who_waits_for_leave_is_told_to_go_on(self, bounded: StubServer) -> None:
        """A body within the limit is asked for, and then answered."""
        body = body_of(order())
        with socket.create_connection(("127.0.0.1", bounded.port), PATIENCE) as connection:
            answers = connection.makefile("rb")
            connection.sendall(_head(bounded, len(body), "Expect: 100-continue"))
            assert answers.readline() == b"HTTP/1.1 100 Continue\r\n"
            assert answers.readline() == b"\r\n"
            connection.sendall(body)
            assert answers.readline() == b"HTTP/1.1 200 OK\r\n"


def _head(stub: StubServer, length: int, *lines: str) -> bytes:
    head = [f"POST {ENDPOINT_PATH} HTTP/1.1", f"Host: {stub.base_url.removeprefix('http://')}", *lines]
    head += ["Content-Type: application/json", f"Content-Length: {length}"]
    return "\r\n".join([*head, "", ""]).encode()


def test_a_chunked_order_is_confirmed(stub: StubServer) -> None:
    """An order that comes in pieces is an order."""
    parts = (bytes([byte]) for byte in body_of(order()))
    reply = httpx.post(stub.url, content=parts, headers={"content-type": "application/json"})
    assert reply.json()["error"] == 0


def test_a_large_order_is_judged_like_a_small_one(stub: StubServer) -> None:
    """An order of megabytes is confirmed; the journal keeps its beginning and what was found."""
    request = {**order(), "unheard_of": "x" * 2**21}
    reply = send_order(stub, request)

    assert value_of(reply.body)["error"] == 0
    (entry,) = stub.journal
    assert entry.body_size == len(body_of(request))
    assert len(entry.request.body) == 2**20
    assert [finding.rule for finding in entry.findings] == ["unknown-field"]
    assert entry.as_json()["body_bytes"] == entry.body_size


def test_a_connection_serves_many_requests(stub: StubServer) -> None:
    """Orders, refusals and control calls come and go over one connection."""
    with httpx.Client(limits=httpx.Limits(max_connections=1)) as client:
        streams = set()
        for number in range(20):
            content_type = "text/plain" if number % 5 == 4 else "application/json"
            reply = client.post(
                stub.url, content=body_of(order(f"order_{number}")), headers={"content-type": content_type}
            )
            assert reply.status_code == (415 if number % 5 == 4 else 200)
            assert client.get(f"{stub.base_url}/__altcraft__/health").json()["received"] == number + 1
            streams.add(reply.extensions["network_stream"].get_extra_info("client_addr"))
    assert len(streams) == 1


@pytest.mark.parametrize("query", ["token=secret", "a=b&api_token=secret", "API_TOKEN=secret"])
def test_a_token_in_the_url_is_noted(stub: StubServer, query: str) -> None:
    """A token in the URL, which the documentation calls insecure, is noted and kept out of the journal."""
    reply = send(f"{stub.url}?{query}", body_of(order()), {"content-type": "application/json"})
    assert value_of(reply.body)["error"] == 0
    (entry,) = stub.journal
    assert any("the token stands in the URL" in note for note in entry.notes)
    assert "secret" not in json.dumps(entry.as_json())


@pytest.mark.parametrize("syntax", _BOTH)
def test_another_price_makes_an_order_outdated(stub: StubServer, syntax: Syntax) -> None:
    """An order with a price that holds no longer is outdated, and is no order; with the right one it is confirmed."""
    stub.set_prices({"mug-white": "11.00"})
    reply = send_order(stub, syntax=syntax)
    assert value_of(reply.body, syntax)["data"] == {"status": "outdated", "external_id": "order_1"}
    assert not stub.state.listing()["orders"]
    assert "mug-white" in stub.journal[0].notes[0]

    stub.set_prices({"mug-white": "10"})
    assert value_of(send_order(stub, syntax=syntax).body, syntax)["data"]["status"] == "success"


def test_rules_count_as_chosen(stub: StubServer) -> None:
    """A rule that is ignored or only warns does not refuse an order."""
    request = order()
    del request["data"]["lines"][0]["sku"]
    assert value_of(send_order(stub, request).body)["error"] == 400
    with StubServer(rules=RuleSelection(ignore=["line-item-missing"])) as lenient:
        assert value_of(send_order(lenient, request).body)["error"] == 0
    with StubServer(rules=RuleSelection(severity={"unknown-field": "error"})) as strict:
        assert value_of(send_order(strict, {**order(), "extra": 1}).body)["error"] == 400


def test_a_state_that_fails_is_told(tmp_path: Path) -> None:
    """When the state cannot be kept any more the client gets HTTP 500 with the reason, and so does the journal."""
    with StubServer(state=tmp_path / "state.db") as stub:
        stub.state.close()
        reply = send_order(stub)
        assert _refusal(reply) == (500, 500)
        assert "the stub cannot go on: " in value_of(reply.body)["error_text"]
        assert stub.journal[0].refusal == "failure"
        assert control(stub, "health")[0] == 200


def test_a_state_file_outlives_the_stub(tmp_path: Path) -> None:
    """A stub that is started again with the same file knows its orders."""
    with StubServer(state=tmp_path / "state.db") as stub:
        first = send_order(stub)
    with StubServer(state=tmp_path / "state.db") as stub:
        assert send_order(stub).body == first.body
        assert stub.journal[0].is_repeat
    with pytest.raises(UnreadableFile):
        StubServer(state=tmp_path)


class TestInProcess:
    """The stub as an ASGI application, without a socket."""

    @staticmethod
    def _run(backend: str, name: str) -> httpx.Response:
        async def call() -> httpx.Response:
            with closing(Stub()) as stub:
                transport = httpx.ASGITransport(stub)
                async with httpx.AsyncClient(transport=transport, base_url="http://stub.example") as client:
                    await client.post("/__altcraft__/scenario", json={"scenario": name, "delay": 0})
                    answer = await client.post(ENDPOINT_PATH, json={**order(), "unheard_of": "x" * 300_000})
                    assert (await client.get("/__altcraft__/journal")).json()["entries"][0]["scenario"] == name
                    return answer

        return anyio.run(call, backend=backend)

    @pytest.mark.parametrize("backend", ["asyncio", "trio"])
    @pytest.mark.parametrize("name", [name for name, row in SCENARIOS.items() if row.cut is None])
    def test_scenarios_need_no_socket(self, backend: str, name: str) -> None:
        """A client in the same process gets the answers that others get over a socket, on either event loop."""
        assert self._run(backend, name).status_code == SCENARIOS[name].status

    @pytest.mark.parametrize("backend", ["asyncio", "trio"])
    @pytest.mark.parametrize("name", [name for name, row in SCENARIOS.items() if row.cut is not None])
    def test_cuts_are_exceptions(self, backend: str, name: str) -> None:
        """Where there is no connection to cut, a scenario that cuts it raises."""
        with pytest.raises(ConnectionResetError, match=name):
            self._run(backend, name)

    def test_a_large_body_is_bounded(self) -> None:
        """The limit holds in the same process, too."""

        async def pieces() -> AsyncIterator[bytes]:
            for _ in range(10):
                yield b" " * 1_000

        async def call() -> httpx.Response:
            with closing(Stub(limits=Limits(max_bytes=2_000))) as stub:
                transport = httpx.ASGITransport(stub)
                async with httpx.AsyncClient(transport=transport, base_url="http://stub.example") as client:
                    headers = {"content-type": "application/json"}
                    return await client.post(ENDPOINT_PATH, content=pieces(), headers=headers)

        assert anyio.run(call).status_code == 413

    def test_a_lifespan_is_taken_part_in(self) -> None:
        """A server that speaks the lifespan protocol gets its answers."""
        messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
        sent: list[str] = []

        async def receive() -> Any:
            return next(messages)

        async def send(message: Any) -> None:
            sent.append(message["type"])

        async def run() -> None:
            with closing(Stub()) as stub:
                await stub({"type": "lifespan"}, receive, send)

        anyio.run(run)
        assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]

    def test_a_request_needs_no_transport_at_all(self) -> None:
        """A request that is handed over as a value gets its answer as a value."""
        headers = ((b"content-type", b"application/json"),)
        stub = Stub()
        answer = stub.receive(Request("POST", ENDPOINT_PATH, headers, body_of(order(email=EMAIL))))
        assert (answer.status, value_of(answer.body)["error"]) == (200, 0)
        stub.close()
