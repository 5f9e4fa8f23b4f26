"""`altcraft_capture` in a client repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., pytest.RunResult]

MOCKS = {
    "responses": """
        import requests, responses


        @responses.activate
        def test_it(altcraft_capture, altcraft_order):
            responses.post(URL, json={"error": 0})
            altcraft_order["data"]["total_price"] = PRICE
            requests.post(URL, json=altcraft_order)
    """,
    "respx": """
        import httpx


        def test_it(altcraft_capture, altcraft_order, respx_mock):
            respx_mock.post(URL).respond(json={"error": 0})
            altcraft_order["data"]["total_price"] = PRICE
            httpx.post(URL, json=altcraft_order)
    """,
    "pytest-httpx": """
        import httpx


        def test_it(altcraft_capture, altcraft_order, httpx_mock):
            httpx_mock.add_response(url=URL, json={"error": 0})
            altcraft_order["data"]["total_price"] = PRICE
            httpx.post(URL, json=altcraft_order)
    """,
    "vcrpy": """
        import json, vcr, urllib.request
        from altcraft_contract.stub import StubServer


        def test_it(altcraft_capture, altcraft_order, tmp_path):
            altcraft_order["data"]["total_price"] = PRICE
            with StubServer() as stub:
                for _ in range(2):
                    with vcr.use_cassette(str(tmp_path / "cassette.yaml")):
                        request = urllib.request.Request(
                            stub.url, json.dumps(altcraft_order).encode(), {"Content-Type": "application/json"}
                        )
                        urllib.request.urlopen(request).read()
    """,
}
LIBRARIES = {
    "requests": "import requests\nrequests.post(url, json=order)",
    "httpx": "import httpx\nhttpx.post(url, json=order)",
    "httpx async": "import asyncio, httpx\nasync def go():\n    async with httpx.AsyncClient() as c:\n"
    "        await c.post(url, json=order)\nasyncio.run(go())",
    "urllib3": "import urllib3\nurllib3.PoolManager().request('POST', url, json=order)",
    "aiohttp": "import asyncio, aiohttp\nasync def go():\n    async with aiohttp.ClientSession() as c:\n"
    "        async with c.post(url, json=order) as answer:\n            await answer.read()\nasyncio.run(go())",
    "http.client": "import http.client, json\nfrom urllib.parse import urlsplit\n"
    "c = http.client.HTTPConnection(urlsplit(url).netloc)\n"
    "c.request('POST', urlsplit(url).path, json.dumps(order), {'Content-Type': 'application/json'})\n"
    "c.getresponse().read()\nc.close()",
}
PRICES = pytest.mark.parametrize(("price", "errors"), [('"2500.00"', 0), ("2500", 1)])


@PRICES
@pytest.mark.parametrize("library", LIBRARIES)
def test_every_library_is_seen(run: Run, pytester: pytest.Pytester, library: str, price: str, errors: int) -> None:
    """A wrong request fails the test whichever library sends it, without the test naming it."""
    body = LIBRARIES[library].replace("\n", "\n    ")
    pytester.makepyfile(sender=f"def send(url, order):\n    {body}\n")
    result = run(f"""
        import sender
        from altcraft_contract.stub import StubServer


        def test_it(altcraft_capture, altcraft_order):
            altcraft_order["data"]["total_price"] = {price}
            with StubServer() as stub:
                sender.send(stub.url, altcraft_order)
            assert len(altcraft_capture.calls) == 1
    """)
    result.assert_outcomes(passed=1, errors=errors)
    if errors:
        result.stdout.fnmatch_lines(
            [
                "altcraft_capture: 1 of 1 call breaks the contract",
                f"  sent with {library.partition(' ')[0]} by",
                "    sender.py:* in *",
                "request:1:*: error wrong-type: `total_price` is the number 2500, expected a string",
            ]
        )


@PRICES
@pytest.mark.parametrize("mock", MOCKS)
def test_mocks_that_answer_hide_nothing(run: Run, mock: str, price: str, errors: int) -> None:
    """A call that a mock answers is judged as one that leaves the machine."""
    source = MOCKS[mock].replace("URL", '"https://example.com/api/v1.1/market/orders/preorder_commit"')
    # The emitter of YAML does not survive that pytester imports it twice into a process.
    run(source.replace("PRICE", price), is_apart=mock == "vcrpy").assert_outcomes(passed=1, errors=errors)


@pytest.mark.parametrize(
    ("saying", "errors"),
    [
        ("altcraft_capture.allow_invalid()", 0),
        ("altcraft_capture.allow_invalid('wrong-type')", 0),
        ("altcraft_capture.allow_invalid('invalid-decimal')", 1),
    ],
)
def test_a_test_allows_what_it_means(run: Run, saying: str, errors: int) -> None:
    """What a test means to be wrong does not fail it."""
    run(f"""
        import responses
        from client import confirm

        URL = "https://example.com/api/v1.1/market/orders/preorder_commit"


        @responses.activate
        def test_wrong(altcraft_capture, altcraft_order):
            responses.post(URL, json={{}})
            {saying}
            confirm(URL, altcraft_order, "some-token", total_price=12.5)
    """).assert_outcomes(passed=1, errors=errors)


def test_an_allowance_ends_with_its_block(run: Run) -> None:
    """In a `with` statement only calls that begin meanwhile may be wrong."""
    result = run("""
        import responses
        from client import confirm

        URL = "https://example.com/api/v1.1/market/orders/preorder_commit"


        @responses.activate
        def test_wrong(altcraft_capture, altcraft_order):
            responses.post(URL, json={})
            with altcraft_capture.allow_invalid():
                confirm(URL, altcraft_order, "some-token", total_price=12.5)
            confirm(URL, altcraft_order, "some-token", total_price=[])
    """)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["altcraft_capture: 1 of 2 calls breaks the contract", "*is a list, expected*"])


def test_a_call_to_the_test_s_own_stub_is_told_once(run: Run) -> None:
    """What `altcraft_stub` judges is not judged by the capture again, allowances included."""
    result = run("""
        from client import confirm


        def test_wrong(altcraft_capture, altcraft_stub, altcraft_order):
            confirm(altcraft_stub.url, altcraft_order, "some-token", total_price=12.5)


        def test_allowed(altcraft_stub, altcraft_capture, altcraft_order):
            altcraft_stub.allow_invalid()
            confirm(altcraft_stub.url, altcraft_order, "some-token", total_price=12.5)
            assert len(altcraft_capture.calls) == 1
    """)
    result.assert_outcomes(passed=2, errors=1)
    assert "altcraft_capture:" not in result.stdout.str()


@pytest.mark.parametrize(
    ("answer", "checks", "errors"),
    [
        ('{"error": "0"}', True, 1),
        ('{"error": "0"}', False, 0),
        ('{"error": 400, "error_text": "Incorrect request"}', True, 0),
    ],
)
def test_answers_of_mocks_are_judged_on_request(run: Run, answer: str, checks: bool, errors: int) -> None:
    """A mock that answers what the service never would is found, where the test asks for that."""
    saying = "altcraft_capture.check_responses()" if checks else "pass"
    run(f"""
        import responses
        from client import confirm

        URL = "https://example.com/api/v1.1/market/orders/preorder_commit"


        @responses.activate
        def test_mock(altcraft_capture, altcraft_order):
            {saying}
            responses.post(URL, body='{answer}')
            confirm(URL, altcraft_order, "some-token")
    """).assert_outcomes(passed=1, errors=errors)


def test_other_calls_are_none_of_ours(run: Run) -> None:
    """Calls to other paths are neither judged nor counted."""
    run("""
        import requests, responses


        @responses.activate
        def test_other(altcraft_capture):
            responses.post("https://example.com/api/v1.1/profiles/update", json={})
            requests.post("https://example.com/api/v1.1/profiles/update", json={"a": 1})
            assert altcraft_capture.calls == ()
    """).assert_outcomes(passed=1)


def test_it_undoes_itself(run: Run) -> None:
    """After the test every library is as it was."""
    run("""
        import http.client
        import httpx, pytest, requests, urllib3

        def places():
            return [
                requests.Session.send,
                httpx.Client._send_single_request,
                httpx.AsyncClient._send_single_request,
                urllib3.HTTPConnectionPool._make_request,
                http.client.HTTPConnection.endheaders,
            ]

        before = places()


        @pytest.mark.usefixtures("altcraft_capture")
        def test_during():
            assert all(now is not then for now, then in zip(places(), before, strict=True))


        def test_after():
            assert all(now is then for now, then in zip(places(), before, strict=True))
    """).assert_outcomes(passed=2)


def test_a_bearer_token_need_not_stand_in_the_body(run: Run) -> None:
    """A token in the header is enough, and must not be printed either."""
    result = run("""
        import requests, responses

        URL = "https://example.com/api/v1.1/market/orders/preorder_commit"


        @responses.activate
        def test_bearer(altcraft_capture, altcraft_order):
            responses.post(URL, json={})
            del altcraft_order["token"]
            requests.post(URL, json=altcraft_order, headers={"Authorization": "Bearer Header-Secret-1"})


        @responses.activate
        def test_printed(altcraft_capture, altcraft_order):
            test_bearer.__wrapped__(altcraft_capture, altcraft_order)
            print("Header-Secret-1")
    """)
    assert "Header-Secret-1" not in result.stdout.str().partition("altcraft_capture: ")[2].partition("-- Captured")[0]
    result.stdout.fnmatch_lines(["altcraft_capture: the token has been given away*"])


def test_what_could_not_be_seen_is_a_warning(run: Run) -> None:
    """A body that no mock has read is not silently taken for a right one."""
    result = run(
        """
        import requests, responses


        @responses.activate
        def test_stream(altcraft_capture):
            url = "https://example.com/api/v1.1/market/orders/preorder_commit"
            responses.post(url, json={})
            requests.post(url, data=(part for part in [b"{}"]), headers={"Content-Type": "application/json"})
        """,
        *("-W", "default"),
    )
    result.assert_outcomes(passed=1, warnings=1)
    result.stdout.fnmatch_lines(["*altcraft_capture: a request of requests was not judged: *"])


@pytest.mark.parametrize(
    ("source", "warnings"),
    [
        ("pass", 1),
        ("assert altcraft_capture.calls == ()", 0),
        ("pytest.skip('later')", 0),
    ],
)
def test_a_capture_that_sees_nothing_says_so(run: Run, source: str, warnings: int) -> None:
    """A test that passes without a call, and does not know it, is not silently green."""
    result = run(
        f"""
        import pytest


        def test_mocked(altcraft_capture):
            {source}
        """,
        *("-W", "default"),
    )
    result.assert_outcomes(passed=int("skip" not in source), skipped=int("skip" in source), warnings=warnings)
