"""`altcraft_stub` and `make_altcraft_stub` in a client repository."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., pytest.RunResult]

GOOD = """
    from client import confirm


    def test_good(altcraft_stub, altcraft_order):
        assert confirm(altcraft_stub.url, altcraft_order, altcraft_stub.token)["error"] == 0
"""


def test_a_request_that_keeps_the_contract_passes(run: Run) -> None:
    """A good request leaves the test alone, warnings notwithstanding."""
    run(GOOD).assert_outcomes(passed=1)


def test_a_wrong_request_fails_at_teardown(run: Run) -> None:
    """The test whose request is wrong fails at its end, with finding, frame, rule, source and the line that sent it."""
    result = run("""
        from client import confirm


        def test_wrong(altcraft_stub, altcraft_order):
            confirm(altcraft_stub.url, altcraft_order, altcraft_stub.token, total_price=12.5)
    """)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            "*ERROR at teardown of test_wrong*",
            "altcraft_stub: 1 of 1 request breaks the contract",
            "  sent with requests by",
            "    client.py:6 in confirm",
            "    test_client.py:5 in test_wrong",
            "request:1:*: error wrong-type: `total_price` is the number 12.5, expected a string",
            '*"total_price": 12.5*',
            "*^",
            "  = at /data/total_price; data object (documented)",
            '  = hint: write "12.50"',
            "  = rule: Every field has a type.*",
            "*allow_invalid()*",
        ]
    )


def test_each_test_fails_for_its_own_requests(run: Run) -> None:
    """Of several tests those fail that sent something wrong, each with what it sent."""
    result = run("""
        import pytest
        from client import confirm


        @pytest.mark.parametrize("price", ["10.00", 1, "1,5"])
        def test_price(altcraft_stub, altcraft_order, price):
            confirm(altcraft_stub.url, altcraft_order, altcraft_stub.token, total_price=price)
    """)
    result.assert_outcomes(passed=3, errors=2)
    result.stdout.fnmatch_lines(["*teardown of test_price[[]1[]]*", "*wrong-type*"])
    result.stdout.fnmatch_lines(["*teardown of test_price[[]1,5[]]*", "*invalid-decimal*"])


@pytest.mark.parametrize(
    ("saying", "errors"),
    [
        ("altcraft_stub.allow_invalid()", 0),
        ("altcraft_stub.allow_invalid('wrong-type')", 0),
        ("altcraft_stub.allow_invalid(['wrong-type', 'invalid-decimal'])", 0),
        ("altcraft_stub.allow_invalid('invalid-decimal')", 1),
        ("altcraft_stub.allow_invalid().__exit__()", 0),
        ("pass", 1),
    ],
)
def test_a_test_allows_what_it_means(run: Run, saying: str, errors: int) -> None:
    """What a test means to be wrong does not fail it, all or by rule."""
    run(f"""
        from client import confirm


        def test_wrong(altcraft_stub, altcraft_order):
            {saying}
            confirm(altcraft_stub.url, altcraft_order, altcraft_stub.token, total_price=12.5)
    """).assert_outcomes(passed=1, errors=errors)


def test_an_allowance_ends_with_its_block(run: Run) -> None:
    """In a `with` statement only what comes in meanwhile may be wrong."""
    result = run("""
        from client import confirm


        def test_wrong(altcraft_stub, altcraft_order):
            with altcraft_stub.allow_invalid():
                confirm(altcraft_stub.url, altcraft_order, altcraft_stub.token, total_price=12.5)
            confirm(altcraft_stub.url, altcraft_order, altcraft_stub.token, total_price=[])
    """)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*1 of 2 requests breaks the contract", "*is a list, expected*"])


def test_an_unknown_rule_is_named(run: Run) -> None:
    """A rule that does not exist is an error with the nearest one, not an allowance of nothing."""
    result = run("""
        def test_wrong(altcraft_stub):
            altcraft_stub.allow_invalid("wrong-typ")
    """)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*UnknownRule: unknown rule 'wrong-typ'; did you mean 'wrong-type'?"])


def test_a_reset_forgets_nothing(run: Run) -> None:
    """A journal that is reset does not hide what was wrong."""
    run("""
        from client import confirm


        def test_wrong(altcraft_stub, altcraft_order):
            confirm(altcraft_stub.url, altcraft_order, altcraft_stub.token, total_price=12.5)
            altcraft_stub.reset()
            assert not altcraft_stub.journal
    """).assert_outcomes(passed=1, errors=1)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("requests.post(altcraft_stub.base_url + '/', json=altcraft_order)", "*refused (path)*"),
        (
            "requests.post(altcraft_stub.url.replace('_commit', '-commit'), json=altcraft_order)",
            "*the endpoint is POST*",
        ),
        ("requests.get(altcraft_stub.url)", "*refused (method): GET is not allowed*"),
        ("requests.post(altcraft_stub.url, data='{}')", "*refused (content-type): there is no Content-Type*"),
        ("requests.post(altcraft_stub.url, json=None)", "*refused (content-type)*"),
        ("requests.post(altcraft_stub.url, data='<', headers={'Content-Type': 'text/xml'})", "*error malformed*"),
    ],
)
def test_what_is_sent_wrongly_fails_too(run: Run, call: str, told: str) -> None:
    """Path, method and headers belong to the contract, and so does a body that nobody can read."""
    result = run(f"""
        import requests


        def test_wrong(altcraft_stub, altcraft_order):
            {call}
    """)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines([told])


def test_another_documented_call_is_no_fault(run: Run) -> None:
    """A client that calls for a new preliminary calculation breaks nothing, though the stub has none."""
    run("""
        import requests


        def test_other(altcraft_stub):
            url = altcraft_stub.base_url + "/api/v1.1/market/orders/preorder"
            assert requests.post(url, json={}).status_code == 404
    """).assert_outcomes(passed=1)


def test_a_wrong_token_fails(run: Run) -> None:
    """Where the token is set, a client that sends another one fails its test."""
    result = run("""
        import pytest
        from client import confirm


        @pytest.fixture(scope="session")
        def altcraft_token():
            return "the-right-token"


        def test_right(altcraft_stub, altcraft_order):
            assert altcraft_stub.token == "the-right-token"
            assert confirm(altcraft_stub.url, altcraft_order, altcraft_stub.token)["error"] == 0


        def test_wrong(altcraft_stub, altcraft_order):
            assert confirm(altcraft_stub.url, altcraft_order, "another-token")["error"] == 401
    """)
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*refused (token): Wrong token*"])
    assert "another-token" not in result.stdout.str().partition("altcraft_stub:")[2]


@pytest.mark.parametrize(
    "leak",
    [
        "print(altcraft_stub.token)",
        "print('x', altcraft_stub.token, file=sys.stderr)",
        "logging.getLogger('shop').warning('sent %s', altcraft_stub.token)",
    ],
)
def test_a_token_that_is_printed_fails(run: Run, leak: str) -> None:
    """A token in what the test printed or logged fails it, and is not printed once more."""
    result = run(f"""
        import logging
        import sys


        def test_leak(altcraft_stub):
            {leak}
    """)
    result.assert_outcomes(passed=1, errors=1)
    told = result.stdout.str().partition("altcraft_stub: ")[2].partition("-- Captured")[0]
    assert "the token has been given away" in told
    assert "stub-token" not in told


def test_a_token_of_the_client_s_own_is_found_in_its_log(run: Run) -> None:
    """The token need not be the fixture's: what the requests carried is looked for, in JSON and in XML."""
    result = run("""
        import requests
        from altcraft_contract.conversion import to_xml


        def test_leak(altcraft_stub, altcraft_order):
            body = to_xml({**altcraft_order, "token": "XmlSecret-9"})
            requests.post(altcraft_stub.url, data=body, headers={"Content-Type": "application/xml"})
            print("sent XmlSecret-9")
    """)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*Captured stdout call: sent ***"])


@pytest.mark.parametrize("saying", ["altcraft_stub.allow_token_in_output()", "pass"])
def test_a_test_may_print_the_token(run: Run, saying: str) -> None:
    """A test that means to print the token says so."""
    run(f"""
        def test_leak(altcraft_stub):
            {saying}
            print(altcraft_stub.token)
    """).assert_outcomes(passed=1, errors=int(saying == "pass"))


def test_a_failure_shows_what_came_in(run: Run) -> None:
    """A test that fails is shown with the requests that the stub received, without their secrets."""
    result = run("""
        from client import confirm


        def test_fails(altcraft_stub, altcraft_order):
            altcraft_stub.use("outdated")
            assert confirm(altcraft_stub.url, altcraft_order, altcraft_stub.token)["data"]["status"] == "success"
    """)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*altcraft_stub: what came in*", "1. POST /api/*/preorder_commit order order_12345 -> HTTP 200, outdated*"]
    )


def test_a_marker_says_how_the_stub_is(run: Run) -> None:
    """`altcraft(...)` chooses scenario, settings and allowances, the nearest marker first."""
    run("""
        import pytest
        from client import confirm

        pytestmark = pytest.mark.altcraft(scenario="error-402", token="abc-def")


        @pytest.mark.altcraft(scenario="outdated")
        def test_near(altcraft_stub, altcraft_order):
            assert confirm(altcraft_stub.url, altcraft_order, "abc-def")["data"]["status"] == "outdated"


        @pytest.mark.altcraft(allow_invalid="wrong-type")
        def test_far(altcraft_stub, altcraft_order):
            assert confirm(altcraft_stub.url, altcraft_order, "abc-def")["error"] == 402
            assert confirm(altcraft_stub.url, altcraft_order, "abc-def", total_price=1)["error"] == 400
    """).assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("marker", "told"),
    [
        ("altcraft('outdated')", "*takes settings by their names only*"),
        ("altcraft(scenari='x')", "*altcraft(scenari=…): there is no such setting; did you mean 'scenario'?*"),
        ("altcraft(scenario='outdate')", "*did you mean 'outdated'?*"),
        ("altcraft(token='')", "*token: expected a text*"),
        ("altcraft(prices={'mug': 1.5})", "*mug*"),
    ],
)
def test_a_wrong_marker_is_told_in_a_line(run: Run, marker: str, told: str) -> None:
    """A marker that makes no sense is an error of that test, without a traceback of ours."""
    result = run(f"""
        import pytest


        @pytest.mark.{marker}
        def test_one(altcraft_stub):
            pass
    """)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([told])
    assert "pytest_plugin.py" not in result.stdout.str()


def test_settings_are_fixtures(run: Run) -> None:
    """Address, prices and rules are what the user's fixtures say."""
    run("""
        import pytest
        from altcraft_contract.validation import RuleSelection
        from client import confirm


        @pytest.fixture(scope="session")
        def altcraft_listen_address():
            return "localhost", 0


        @pytest.fixture(scope="session")
        def altcraft_prices():
            return {"t-shirt": "1.00", "popit": "2.00", "123": "3.00"}


        @pytest.fixture(scope="session")
        def altcraft_rules():
            return RuleSelection(ignore=["wrong-type"])


        def test_address(altcraft_stub):
            assert altcraft_stub.base_url.startswith("http://localhost:")


        def test_prices_make_orders_outdated(altcraft_stub, altcraft_order):
            line = altcraft_order["data"]["lines"][0]
            altcraft_stub.set_prices({line.get("sku") or line["product"]: "0.01"})
            assert confirm(altcraft_stub.url, altcraft_order, "t")["data"]["status"] == "outdated"


        def test_rules(altcraft_stub, altcraft_order):
            confirm(altcraft_stub.url, altcraft_order, "t", total_price=12.5)
    """).assert_outcomes(passed=3)


def test_several_stubs_in_a_test(run: Run) -> None:
    """Each stub has its own port and its own verdict; all are stopped at the end of the test."""
    result = run("""
        import pytest, requests
        from client import confirm

        urls = []


        def test_two(make_altcraft_stub, altcraft_order):
            first, second = make_altcraft_stub(), make_altcraft_stub(token="second-token", name="the second")
            urls.extend([first.url, second.url])
            assert confirm(first.url, altcraft_order, "any")["error"] == 0
            assert confirm(second.url, altcraft_order, "second-token", total_price=1)["error"] == 400


        def test_stopped():
            for url in urls:
                with pytest.raises(requests.ConnectionError):
                    requests.post(url)
    """)
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["the second: 1 of 1 request breaks the contract"])


def test_a_stub_that_cannot_listen_is_told_in_a_line(run: Run) -> None:
    """An address that is taken, or is none, is an error of the test, not a traceback."""
    result = run("""
        import pytest


        @pytest.fixture(scope="session")
        def altcraft_listen_address():
            return "no-such-host.invalid", 0


        def test_one(altcraft_stub):
            pass
    """)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["cannot listen on no-such-host.invalid:0: *"])
    assert "pytest_plugin.py" not in result.stdout.str()


@pytest.mark.parametrize(("level", "errors"), [("error", 0), ("warning", 1), ("never", 0)])
def test_fail_on_says_which_findings_fail(run: Run, level: str, errors: int) -> None:
    """Warnings fail a test only where that is asked for."""
    run(GOOD, "--altcraft-fail-on", level).assert_outcomes(passed=1, errors=errors)


def test_never_lets_errors_pass(run: Run) -> None:
    """`never` lets even errors pass, but not what the stub refuses for how it was sent."""
    source = """
        import requests
        from client import confirm


        def test_wrong(altcraft_stub, altcraft_order):
            confirm(altcraft_stub.url, altcraft_order, "t", total_price=12.5)


        def test_path(altcraft_stub):
            requests.post(altcraft_stub.base_url)
    """
    run(source, "--altcraft-fail-on=never").assert_outcomes(passed=2, errors=1)


def test_the_whole_report_holds_no_secret(run: Run) -> None:
    """Neither token nor address nor telephone number of a request stands in what is reported of it."""
    result = run("""
        from client import confirm


        def test_wrong(altcraft_stub, altcraft_order):
            order = {**altcraft_order, "email": "nina.secret@example.org", "phone": "+79161234567", "x": "Tok3n-Secret"}
            confirm(altcraft_stub.url, order, "Tok3n-Secret", total_price=12.5)
    """)
    result.assert_outcomes(passed=1, errors=1)
    told = result.stdout.str()
    assert not re.search(r"nina\.secret|79161234567|Tok3n-Secret", told)


def test_nothing_of_a_test_is_kept_after_it(run: Run) -> None:
    """Stubs with their journals, and what was printed, are let go of when their test has ended."""
    run("""
        import gc
        import weakref

        stubs = []


        def test_first(altcraft_stub):
            stubs.append(weakref.ref(altcraft_stub))


        def test_second():
            gc.collect()
            assert stubs[0]() is None
    """).assert_outcomes(passed=2)


def test_a_test_that_is_run_again_starts_anew(run: Run, pytester: pytest.Pytester) -> None:
    """What a first try has printed does not fail the second, as plugins that try again run it."""
    pytester.makeconftest("""
        from _pytest.runner import runtestprotocol


        def pytest_runtest_protocol(item, nextitem):
            first = runtestprotocol(item, nextitem=nextitem, log=False)
            item._initrequest()
            runtestprotocol(item, nextitem=nextitem)
            assert any(report.failed for report in first)
            return True
    """)
    run("""
        tries = []


        def test_printed(altcraft_stub):
            tries.append(1)
            if len(tries) == 1:
                print(altcraft_stub.token)
    """).assert_outcomes(passed=1)


def test_a_leak_at_setup_is_told_once(run: Run) -> None:
    """What a fixture has printed is told once, though pytest shows it with every phase."""
    result = run("""
        import pytest


        @pytest.fixture
        def shop(altcraft_stub):
            print("token", altcraft_stub.token)


        def test_shop(shop):
            pass
    """)
    result.assert_outcomes(passed=1, errors=1)
    assert result.stdout.str().count("Captured stdout setup: token ***") == 1


def test_warnings_alone_are_called_so(run: Run) -> None:
    """Where warnings fail a test, its failure does not speak of errors."""
    result = run(GOOD, "--altcraft-fail-on", "warning")
    result.stdout.fnmatch_lines(["altcraft_stub: 1 of 1 request breaks the contract, by warnings alone"])


def test_a_stub_is_known_by_every_name_of_this_machine(run: Run) -> None:
    """A client that says localhost is found, and told once, though the fixture says 127.0.0.1."""
    result = run("""
        from client import confirm


        def test_wrong(altcraft_capture, altcraft_stub, altcraft_order):
            url = altcraft_stub.url.replace("127.0.0.1", "localhost")
            confirm(url, altcraft_order, altcraft_stub.token, total_price=12.5)
    """)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["  sent with requests by"])
    assert "altcraft_capture:" not in result.stdout.str()


def test_a_wrong_setting_of_a_further_stub_shows_the_user_s_line(run: Run) -> None:
    """A misspelt setting is told where the test has it, without frames of ours."""
    result = run("""
        def test_stub(make_altcraft_stub):
            make_altcraft_stub(tokn="x")
    """)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([">*make_altcraft_stub(tokn=*", "*did you mean 'token'?"])
    assert "stubs.py" not in result.stdout.str()


@pytest.mark.parametrize("url", ["f'{altcraft_stub.url}?token=x'", "f'{altcraft_stub.url}?key={altcraft_stub.token}'"])
@pytest.mark.parametrize("fixture", ["altcraft_stub", "altcraft_capture"])
def test_a_token_in_the_url_fails(run: Run, url: str, fixture: str) -> None:
    """A token in a URL ends in the logs of servers, and so fails the test."""
    source = f"""
        import requests
        from altcraft_contract.stub import StubServer


        def test_url({fixture}, altcraft_order):
            with StubServer() as server:
                {"altcraft_stub = server" if fixture == "altcraft_capture" else "pass"}
                token = "stub-token-7f3a91c2"
                altcraft_stub.token = token
                requests.post({url}, json={{**altcraft_order, "token": token}})
    """
    result = run(source)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [f"{fixture}: the token has been given away*", "*the URL of a request holds the token*"]
    )
    assert "stub-token" not in result.stdout.str()
