"""The control calls, as a test in any language makes them."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING, Any

import pytest

from altcraft_contract import __version__
from altcraft_contract.stub import SCENARIOS, Request, StubServer
from tests.stub.fakes import EMAIL, body_of, control, order, send, send_order, value_of

if TYPE_CHECKING:
    from pathlib import Path

_CALLS = {
    "": "GET",
    "health": "GET",
    "journal": "GET",
    "summary": "GET",
    "orders": "GET",
    "scenario": "GET, POST",
    "prices": "GET, PUT",
    "reset": "POST",
}


def _errors(stub: StubServer, *orders: str) -> list[object]:
    """What orders get: `error`, or `data.status` if that is 0."""
    values = [value_of(send_order(stub, order(name)).body) for name in orders]
    return [value["error"] or value["data"]["status"] for value in values]


def test_health_tells_what_runs(stub: StubServer) -> None:
    """Health tells what is running, and counts requests but no control calls."""
    send_order(stub)
    status, value = control(stub, "health")
    assert status == 200
    assert value.pop("uptime_seconds") >= 0
    assert value.pop("run") == stub.journal.run
    assert value == {
        "status": "ok",
        "kind": "stub",
        "tool_version": __version__,
        "contract": "v75",
        "received": 1,
        "dropped": 0,
    }


def test_the_page_is_served(stub: StubServer) -> None:
    """The live page is one file that asks nothing of any other host, with a policy that says so."""
    reply = send(f"{stub.base_url}/__altcraft__/", method="GET")
    assert reply.status == 200
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert send(f"{stub.base_url}/__altcraft__", method="GET").headers["location"].endswith("/__altcraft__/")


def test_a_scenario_is_chosen_for_always(stub: StubServer) -> None:
    """A choice without a number lasts."""
    status, value = control(stub, "scenario", {"scenario": "outdated"})
    assert status == 200
    assert value["standing"] == {"scenario": "outdated", "times": "always", "external_id": None, "delay": None}
    assert _errors(stub, *"abc") == ["outdated"] * 3
    control(stub, "scenario", {"scenario": "success", "times": "always", "external_id": None, "delay": None})
    assert _errors(stub, "d") == ["success"]


def test_scenarios_are_chosen_for_some_orders(stub: StubServer) -> None:
    """Choices with a number wait for their turn, and are listed until they are used up."""
    control(stub, "scenario", {"scenario": "error-402", "times": 2})
    control(stub, "scenario", {"scenario": "http-429", "times": 1, "delay": 0})
    queued = control(stub, "scenario")[1]["queued"]
    assert [(choice["scenario"], choice["times"]) for choice in queued] == [("error-402", 2), ("http-429", 1)]
    assert _errors(stub, *"abcd") == [402, 402, 429, "success"]
    assert control(stub, "scenario")[1]["queued"] == []


def test_a_scenario_is_chosen_for_one_order(stub: StubServer) -> None:
    """A choice for one order leaves the others alone."""
    control(stub, "scenario", {"scenario": "error-403", "external_id": "b"})
    assert _errors(stub, *"abab") == ["success", 403, "success", 403]


def test_all_scenarios_are_listed(stub: StubServer) -> None:
    """The list of what can be chosen is that of `SCENARIOS`."""
    available = control(stub, "scenario")[1]["available"]
    assert available == [{"name": row.name, "description": row.description} for row in SCENARIOS.values()]


@pytest.mark.parametrize(
    ("name", "method", "members", "told"),
    [
        ("scenario", "POST", {"scenario": "outdatd"}, "unknown scenario 'outdatd'; did you mean 'outdated'?"),
        ("scenario", "POST", {}, "scenario is missing: the name of one, such as outdated"),
        ("scenario", "POST", {"scenario": 1}, "scenario is missing: the name of one, such as outdated"),
        (
            "scenario",
            "POST",
            {"scenario": "slow", "times": 0},
            "times=0: expected once, a whole number from 1 on, or always",
        ),
        ("scenario", "POST", {"scenario": "slow", "delay": "1"}, "delay='1': expected seconds, from 0 to 3600"),
        ("scenario", "POST", {"scenario": "slow", "external_id": 1}, "external_id: expected a text"),
        (
            "scenario",
            "POST",
            {"scenario": "slow", "time": 1},
            "unknown member 'time'; there are scenario, times, external_id, delay",
        ),
        ("scenario", "POST", ["slow"], "the body is no JSON object"),
        ("reset", "POST", {"journal": 1}, "journal: expected true or false"),
        ("reset", "POST", {"orders": True}, "unknown member 'orders'; there are journal, state, scenarios, prices"),
        (
            "prices",
            "PUT",
            {},
            'prices is missing: an object of items and prices, such as {"prices": {"SKU-1": "100.00"}}',
        ),
        ("journal?limit=x", "GET", None, "limit='x': expected a whole number from 0 to 1000"),
        ("journal?limit=1001", "GET", None, "limit='1001': expected a whole number from 0 to 1000"),
        ("journal?after=-1", "GET", None, "after='-1': expected a whole number from 0 to 9007199254740992"),
        ("orders?limit=%FF", "GET", None, "limit='\ufffd': expected a whole number from 0 to 1000"),
    ],
)
def test_a_call_that_cannot_be_understood_is_told_why(
    stub: StubServer, name: str, method: str, members: Any, told: str
) -> None:
    """A call that makes no sense gets 400 with the reason, and changes nothing."""
    before = control(stub, "scenario")
    assert control(stub, name, members, method=method) == (400, {"error": told})
    assert control(stub, "scenario") == before


@pytest.mark.parametrize("price", [100.0, -1, "ten", None, True, "1e5", "NaN", {}])
def test_a_price_that_is_none_is_refused(stub: StubServer, price: object) -> None:
    """A price is written as text or a whole number; a binary number is refused with how to write it."""
    status, value = control(stub, "prices", {"prices": {"mug-white": price}}, method="PUT")
    assert status == 400
    assert "mug-white" in value["error"]
    assert control(stub, "prices") == (200, {"prices": {}})


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 100_000, b"{" + b" " * 2**21 + b"}", b"NaN", b"1" * 10_000])
@pytest.mark.parametrize(("name", "method"), [("scenario", "POST"), ("prices", "PUT"), ("reset", "POST")])
def test_a_body_that_is_no_object_is_refused(stub: StubServer, name: str, method: str, body: bytes) -> None:
    """A body of a control call that is no JSON object, or too large, gets 400."""
    reply = send(f"{stub.base_url}/__altcraft__/{name}", body, method=method)
    assert reply.status == 400
    assert json.loads(reply.body)["error"].startswith("the body is ")


@pytest.mark.parametrize(
    ("name", "method", "body"),
    [
        ("scenario", "POST", rb'{"scenario": "outdated", "external_id": "\ud800"}'),
        ("prices", "PUT", rb'{"prices": {"\ud800": "1"}}'),
    ],
)
def test_what_could_not_be_shown_is_not_taken(stub: StubServer, name: str, method: str, body: bytes) -> None:
    """Half a character, which no answer could show again, is not taken in."""
    assert send(f"{stub.base_url}/__altcraft__/{name}", body, method=method).status == 400
    assert control(stub, name)[0] == 200


def test_prices_are_read_and_changed(stub: StubServer) -> None:
    """Prices are added to those that there are, in force at once, and exact."""
    control(stub, "prices", {"prices": {"mug-white": "11.00"}}, method="PUT")
    assert control(stub, "prices", {"prices": {"tea": 5}}, method="PUT") == (
        200,
        {"prices": {"mug-white": "11.00", "tea": "5"}},
    )
    assert _errors(stub, "a") == ["outdated"]
    control(stub, "prices", {"prices": {"mug-white": "10.000"}}, method="PUT")
    assert control(stub, "prices")[1]["prices"]["mug-white"] == "10.000"
    assert _errors(stub, "a") == ["success"]


def test_the_state_is_listed(stub: StubServer) -> None:
    """Orders are listed with their repeats, the newest first, and customers without their addresses."""
    for external_id in ("a", "b", "a"):
        send_order(stub, order(external_id, email=EMAIL))
    status, value = control(stub, "orders?limit=10")
    assert status == 200
    assert [(known["external_id"], known["repeats"]) for known in value["orders"]] == [("b", 0), ("a", 1)]
    assert set(value) == {"orders", "balances", "codes"}
    assert EMAIL not in json.dumps(value)
    assert len(control(stub, "orders?limit=1")[1]["orders"]) == 1


def test_the_summary_counts(stub: StubServer) -> None:
    """The summary counts requests, findings by rule, and scenarios."""
    send_order(stub, {**order("a"), "unheard_of": 1})
    send_order(stub, order("b"), prefer="scenario=outdated")
    send_order(stub, b"{}")
    send_order(stub, content_type="text/plain")
    status, value = control(stub, "summary")
    assert status == 200
    assert (value["received"], value["refused"], value["accepted"], value["dropped"]) == (4, 2, 1, 0)
    assert value["scenarios"] == {"success": 1, "outdated": 1}
    assert value["findings"]["unknown-field"] == {"count": 1, "severity": "warning"}
    assert value["findings"]["missing-field"]["severity"] == "error"


@pytest.mark.parametrize(
    ("members", "reset"),
    [
        (None, ["journal", "state", "scenarios", "prices"]),
        ({}, ["journal", "state", "scenarios", "prices"]),
        ({"state": False}, ["journal", "scenarios", "prices"]),
        ({"journal": False, "scenarios": False, "prices": False}, ["state"]),
        (dict.fromkeys(("journal", "state", "scenarios", "prices"), False), []),
    ],
)
def test_a_reset_forgets_what_it_says(stub: StubServer, members: dict[str, bool] | None, reset: list[str]) -> None:
    """A reset forgets all, or what it does not spare, and tells what that was."""
    send_order(stub)
    stub.use("http-500", times=3)
    stub.set_prices({"tea": 1})

    assert control(stub, "reset", members, method="POST") == (200, {"reset": reset})

    assert (len(stub.journal) == 0) == ("journal" in reset)
    assert (not stub.state.listing()["orders"]) == ("state" in reset)
    assert (not stub.switch.as_json()["queued"]) == ("scenarios" in reset)
    assert (not stub.prices) == ("prices" in reset)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
@pytest.mark.parametrize("name", _CALLS)
def test_a_wrong_method_is_told_the_right_one(stub: StubServer, name: str, method: str) -> None:
    """A control call with another method gets 405 with those that there are."""
    if method in _CALLS[name].split(", "):
        return
    reply = send(f"{stub.base_url}/__altcraft__/{name}", method=method)
    assert reply.status == 405
    assert sorted(set(reply.headers["allow"].split(", ")) - {"HEAD"}) == _CALLS[name].split(", ")
    assert "is not allowed, send" in json.loads(reply.body)["error"]


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize("name", ["nothing", "journal/1", "%00", "../x"])
def test_an_unknown_call_is_lost(stub: StubServer, name: str, method: str) -> None:
    """There is nothing at another path, whatever the method."""
    status, value = control(stub, name, method=method)
    assert status == 404
    assert "there is nothing at /__altcraft__/" in value["error"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1", "http://127.0.0.1:1", "x"])
@pytest.mark.parametrize("name", _CALLS)
def test_no_foreign_page_steers_the_stub(stub: StubServer, name: str, origin: str) -> None:
    """A call from a web page of another origin is refused, and changes nothing."""
    for method in _CALLS[name].split(", "):
        status, value = control(stub, name, {"scenario": "outdated"}, method=method, origin=origin)
        assert status == 403
        assert value == {"error": f"control calls are not taken from pages of {origin}"}
    assert _errors(stub, "a") == ["success"]


def test_the_stub_s_own_page_steers_it(stub: StubServer) -> None:
    """A call from the stub's own page is taken."""
    assert control(stub, "scenario", {"scenario": "outdated"}, origin=stub.base_url)[0] == 200


def test_control_calls_are_not_in_the_journal(stub: StubServer) -> None:
    """The journal has what clients sent to the endpoint, or tried to."""
    for name in _CALLS:
        control(stub, name) if name else send(f"{stub.base_url}/__altcraft__/", method="GET")
    assert stub.journal.received == 0
    send(f"{stub.base_url}/elsewhere", body_of(order()))
    assert stub.journal.received == 1


def test_a_price_file_and_changes_go_together(tmp_path: Path) -> None:
    """Prices that were changed by a call go before those of the file, until a reset."""
    file = tmp_path / "prices.json"
    file.write_text('{"mug-white": "11.00"}', encoding="utf-8")
    with StubServer(prices=file) as stub:
        assert _errors(stub, "a") == ["outdated"]
        control(stub, "prices", {"prices": {"mug-white": "10.00"}}, method="PUT")
        assert _errors(stub, "a") == ["success"]
        control(stub, "reset", {"journal": False, "state": False, "scenarios": False})
        assert _errors(stub, "b") == ["outdated"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:8075"}, 200),
        ({"Host": "[::1]:8075"}, 200),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Host": "evil.example", "Origin": "http://evil.example"}, 403),
        ({"Origin": "http://["}, 403),
        ({"Host": "["}, 403),
    ],
)
def test_no_other_site_may_steer_the_stub(headers: dict[str, str], status: int) -> None:
    """Neither pages of other sites nor names that were made to point here are answered."""
    with StubServer() as stub:
        connection = http.client.HTTPConnection("127.0.0.1", stub.port, timeout=30)
        connection.request("GET", "/__altcraft__/health", headers=headers)
        assert connection.getresponse().status == status
        connection.close()


def test_the_newest_can_be_asked_for() -> None:
    """`last` gives the newest entries, however many there are."""
    with StubServer() as stub:
        for number in range(150):
            stub.receive(Request("POST", f"/{number}", ()))
        entries = control(stub, "journal?last=120")[1]["entries"]
    assert [entry["number"] for entry in entries] == list(range(31, 151))
