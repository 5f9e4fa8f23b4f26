"""The conformance suite, driven over clients with one fault each and over clients without any."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent
from typing import TYPE_CHECKING, Final, NamedTuple

# What inner runs import is imported here once: each of them would load it anew.
import aiohttp
import httpx
import pytest
import requests
import urllib3
from lxml import etree

from altcraft_contract.stub import SCENARIOS
from altcraft_contract.testing import ClientSuite
from altcraft_contract.testing.client_suite.expectations import EXPECTATIONS
from altcraft_contract.testing.client_suite.orders import ORDERS
from altcraft_contract.validation import check_request
from tests.testing.clients.faults import FAULTS, TIME_TEST

if TYPE_CHECKING:
    from collections.abc import Callable

_LOADED: Final = (aiohttp, etree, httpx, requests, urllib3)
CLIENTS: Final = Path(__file__).parents[1] / "testing" / "clients"
TOKEN: Final = "stub-token-7f3a91c2"  # noqa: S105 - the made-up one of the plugin

# How the adapters of the tests tell what the clients return; most clients return the text of an outcome.
_AS_TEXT: Final = "return client.confirm(order, self.base_url, self.token)"
_AS_DICTIONARY: Final = """
    result = client.confirm(order, self.base_url, self.token)
    return Confirmation(result["outcome"], result["codes"])
"""
_READERS: Final = {
    "requests_json": """
        words = {"confirmed": Outcome.SUCCESS, "outdated": Outcome.OUTDATED, "refused": Outcome.REFUSED}
        return words.get(client.confirm(order, self.base_url, self.token), Outcome.UNKNOWN)
    """,
    "httpx_json": """
        try:
            return Confirmation(Outcome.SUCCESS, client.confirm(order, self.base_url, self.token))
        except client.Outdated:
            return Outcome.OUTDATED
        except client.Refused:
            return Outcome.REFUSED
    """,
    "aiohttp_json": """
        outcome, codes = await client.confirm(order, self.base_url, self.token)
        return Confirmation(outcome, codes)
    """,
    "urllib3_xml": """
        try:
            return Outcome.SUCCESS if client.confirm(order, self.base_url, self.token) else Outcome.REFUSED
        except client.ShopError as error:
            return error.args[0]
    """,
    "http_200_is_success": """
        is_confirmed = client.confirm(order, self.base_url, self.token)
        return Outcome.SUCCESS if is_confirmed else Outcome.UNKNOWN
    """,
    "html_is_success": """
        answers = {True: Outcome.SUCCESS, None: Outcome.OUTDATED, False: Outcome.REFUSED}
        return answers[client.confirm(order, self.base_url, self.token)]
    """,
    "empty_answer_is_refusal": """
        answers = {True: Outcome.SUCCESS, "outdated": Outcome.OUTDATED, False: Outcome.REFUSED}
        return answers[client.confirm(order, self.base_url, self.token)]
    """,
    **dict.fromkeys(
        ("httpclient_xml", "missing_lists", "null_lists", "one_item_is_no_list", "one_code_is_letters"), _AS_DICTIONARY
    ),
}


class Verdict(NamedTuple):
    """What an inner run found.

    Attributes:
        faults: Test that failed, in its call or at its end, to the first line that it tells.
        passed: How many passed.
        skipped: How many were skipped.
        texts: All that the failures tell.
    """

    faults: dict[str, str]
    passed: int
    skipped: int
    texts: str


@pytest.fixture
def judge(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Verdict]:
    """Runs the suite over a client, as strictly as pytest can be; without other plugins, which double the time."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_PLUGINS", "altcraft_contract.pytest_plugin")

    def judge(source: str, *arguments: str) -> Verdict:
        pytester.makepyfile(test_conformance=source)
        strict = ("-p", "no:cacheprovider", "--strict-markers", "--import-mode=importlib", "-W", "error")
        recorder = pytester.inline_run(*strict, *arguments)
        passed, skipped, failed = recorder.listoutcomes()
        tests = [report for report in failed if isinstance(report, pytest.TestReport)]
        texts = {report.nodeid.partition("::TestClient::")[2]: report.longreprtext for report in tests}
        assert len(tests) == len(failed), "the module of tests could not be collected"
        faults = {name: text.partition("\n")[0] for name, text in texts.items()}
        return Verdict(faults, len(passed), len(skipped), "\n".join(texts.values()))

    return judge


def adapter(path: Path, *, patience: float = 3.0) -> str:
    """The tests that a shop with that client would write."""
    reader = indent(dedent(_READERS.get(path.stem, _AS_TEXT)).strip(), " " * 8)
    is_async = "await " in reader
    return (
        f"import sys\n\nsys.path.insert(0, {str(path.parent)!r})\n\n"
        f"import {path.stem} as client\n"
        "from altcraft_contract.testing import ClientSuite, Confirmation, Outcome\n\n\n"
        f"class TestClient(ClientSuite):\n    patience = {patience}\n\n"
        f"    {'async ' if is_async else ''}def confirm(self, order):\n{reader}\n"
    )


def clients(folder: str) -> list[Path]:
    """The clients of a folder."""
    return sorted((CLIENTS / folder).glob("*.py"))


def test_every_fault_is_told() -> None:
    """Every faulty client has its expected failures."""
    assert {path.stem for path in clients("faulty")} == set(FAULTS)


@pytest.mark.parametrize("path", clients("right"), ids=lambda path: path.stem)
def test_right_client_passes(path: Path, judge: Callable[..., Verdict]) -> None:
    """A client without a fault passes every test, and none is skipped."""
    verdict = judge(adapter(path))

    assert verdict.faults == {}
    assert (verdict.passed > 70, verdict.skipped) == (True, 0)


@pytest.mark.parametrize("path", clients("faulty"), ids=lambda path: path.stem)
def test_fault_is_named(path: Path, judge: Callable[..., Verdict]) -> None:
    """A client with one fault fails the tests of that fault and no other, and the first line names it."""
    expected = FAULTS[path.stem]
    costly = [test for test in (TIME_TEST, "huge-response") if not any(test in failing for failing in expected)]
    verdict = judge(adapter(path), "-k", " and ".join(f"not {test}" for test in costly))

    assert verdict.faults.keys() == expected.keys()
    for test, beginning in expected.items():
        assert verdict.faults[test].startswith(beginning), verdict.faults[test]
    assert TOKEN not in verdict.texts


def shop(body: str, *, more: str = "") -> str:
    """The tests of a shop whose client stands beside them: *body* is that of `confirm`, *more* of the class."""
    confirm = indent(dedent(body).strip(), " " * 8)
    return (
        "import requests\n\nfrom altcraft_contract.testing import ClientSuite, Confirmation, Outcome\n\n\n"
        "class TestClient(ClientSuite):\n    patience = 3.0\n\n"
        f"    def confirm(self, order):\n{confirm}\n\n"
        "    def send(self, order):\n        return requests.post(self.url, json=order, timeout=2.5)\n\n"
        f"{indent(dedent(more).strip(), ' ' * 4)}\n"
    )


def test_every_scenario_is_expected_and_tested() -> None:
    """Every scenario of the stub has its expectation, and a test in which a client meets it."""
    tests = [getattr(ClientSuite, name) for name in dir(ClientSuite) if name.startswith("test_")]
    marks = [mark for test in tests for mark in getattr(test, "pytestmark", ()) if mark.args[0] == "scenario"]
    met = {scenario for mark in marks for scenario in mark.args[1]}

    assert set(EXPECTATIONS) == set(SCENARIOS)
    assert met | {"slow"} == set(SCENARIOS)


@pytest.mark.parametrize("name", ORDERS)
def test_orders_keep_the_contract(name: str) -> None:
    """What the suite gives a client to send has no error."""
    order = {**ORDERS[name], "token": "a-token", "external_id": "order_1"}

    assert check_request(order).errors == ()


def test_what_tells_no_outcome_is_told_once(judge: Callable[..., Verdict]) -> None:
    """A `confirm` that returns nothing fails one test, which says what to return."""
    verdict = judge(shop("self.send(order)"), "-k", "reaches or outdated or list")

    assert verdict.faults == {
        "test_request_reaches_the_endpoint": "confirm() returned NoneType: None, which tells no outcome"
    }
    assert "return an Outcome (SUCCESS, OUTDATED, REFUSED, UNKNOWN), its text, or a Confirmation" in verdict.texts


def test_suite_without_confirm_says_what_to_write(judge: Callable[..., Verdict]) -> None:
    """A class without `confirm` fails one test, which says what to write."""
    source = "from altcraft_contract.testing import ClientSuite\n\n\nclass TestClient(ClientSuite):\n    pass\n"
    verdict = judge(source)

    assert list(verdict.faults) == ["test_request_reaches_the_endpoint"]
    assert "TestClient has no confirm: write def confirm(self, order)" in verdict.texts


@pytest.mark.parametrize(
    ("exception", "is_crash"),
    [
        ("KeyError('codes')", True),
        ("IndexError()", True),
        ("ExceptionGroup('tasks', [ValueError(), TypeError('none')])", True),
        ("SystemExit(1)", True),
        ("ValueError('no JSON')", False),
        ("UnicodeDecodeError('utf-8', b'x', 0, 1, 'bad')", False),
        ("type('NotConfirmed', (KeyError,), {})('codes')", False),
        ("ExceptionGroup('tasks', [OSError()])", False),
    ],
)
def test_mistakes_are_told_from_what_a_client_tells(
    exception: str, is_crash: bool, judge: Callable[..., Verdict]
) -> None:
    """Python's own exceptions that tell of a mistake are a crash; others leave the outcome unknown."""
    verdict = judge(shop(f"self.send(order)\nraise {exception}"), "-k", "not-json and lost")

    assert bool(verdict.faults) is is_crash
    if is_crash:
        (fault,) = verdict.faults.values()
        assert fault.startswith("the client crashes (")
        assert "test_conformance.py:11 in confirm" in verdict.texts


def test_outcomes_may_be_told_in_several_ways(judge: Callable[..., Verdict]) -> None:
    """An outcome, its text in any case, and a confirmation tell the same."""
    body = """
        status = self.send(order).json().get("data", {}).get("status")
        ways = {"success": Confirmation("SUCCESS"), "outdated": "Outdated"}
        return ways.get(status, Outcome.REFUSED)
    """
    verdict = judge(shop(body), "-k", "[success] or [outdated] or [error-400]")

    assert (verdict.faults, verdict.skipped) == ({}, 0)
    assert verdict.passed >= 5


def test_orders_and_ids_are_the_users_to_choose(judge: Callable[..., Verdict]) -> None:
    """A shop gives the suite its own orders and ids, and no id is used twice."""
    more = """
        seen = set()
        orders = {"ours": {"phone": "+79991234567", "data": ClientSuite.orders["discount"]["data"]}}

        def make_order(self):
            return {"email": "ann@example.com", "data": ClientSuite.orders["code-issue"]["data"]}

        def make_external_id(self):
            return f"shop/{super().make_external_id()}"
    """
    body = """
        assert order["external_id"].startswith("shop/")
        assert order["external_id"] not in self.seen
        assert ("phone" in order) == ("order_name" in self.now.fixturenames)
        self.seen.add(order["external_id"])
        return Outcome.SUCCESS if self.send(order).ok else Outcome.REFUSED
    """
    fixture = """
        import pytest

        @pytest.fixture(autouse=True)
        def now(self, request):
            self.now = request
    """
    source = shop(body, more=f"{dedent(more)}\n{dedent(fixture)}")
    verdict = judge(source, "-k", "order_says or keeps_the_contract or reaches or processed or one-item")

    assert (verdict.faults, verdict.passed, verdict.skipped) == ({}, 6, 0)


def test_changed_id_is_told_once(judge: Callable[..., Verdict]) -> None:
    """A change that every order suffers fails one test."""
    body = """
        self.send({**order, "external_id": "another"})
        return Outcome.SUCCESS
    """
    verdict = judge(shop(body), "-k", "order_says")

    assert list(verdict.faults) == ["test_request_says_what_the_order_says[documented-example]"]
    assert "/external_id" in verdict.faults["test_request_says_what_the_order_says[documented-example]"]


def test_suite_runs_in_several_processes_and_classes(pytester: pytest.Pytester) -> None:
    """Two classes of one module run beside other plugins, spread over processes."""
    source = adapter(CLIENTS / "right" / "requests_json.py")
    pytester.makepyfile(test_conformance=f"{source}\n\nclass TestAgain(TestClient):\n    pass\n")
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-n", "2", "-k", "outdated or one-item or logged")

    outcomes = result.parseoutcomes()
    assert set(outcomes) == {"passed"}
    assert outcomes["passed"] % 2 == 0


def test_a_client_without_end_is_stopped(judge: Callable[..., Verdict]) -> None:
    """A client that tries again until it is answered as it likes ends with its test."""
    body = """
        while True:
            answer = self.send({**order, "external_id": 7}).json()
            if answer["error"] == 0:
                return Outcome.SUCCESS
    """
    verdict = judge(shop(body), "-k", "reaches")

    assert list(verdict.faults.values()) == ["the client tries again without end: over 50 requests for one order"]


@pytest.mark.parametrize(
    ("attribute", "told"),
    [
        ("patience = '5'", "TestClient.patience is '5': expected a number of seconds"),
        ("patience = 0", "TestClient.patience is 0: expected a number of seconds"),
        ("orders = [1, 2]", "TestClient.orders is [1, 2]: expected names and requests, at least one"),
        ("orders = {}", "TestClient.orders is {}: expected names and requests, at least one"),
        ("may_differ = '/data/tags'", "TestClient.may_differ is a text: expected JSON Pointers, such as"),
        ("confirm = lambda self: None", "TestClient.confirm does not take one order: write def confirm(self, order)"),
    ],
)
def test_a_suite_that_cannot_run_is_told_in_a_line(judge: Callable[..., Verdict], attribute: str, told: str) -> None:
    """What is wrong with the class fails one test, in words of the class; the others are skipped."""
    verdict = judge(shop("return Outcome.SUCCESS", more=attribute))

    assert list(verdict.faults) == ["test_request_reaches_the_endpoint"]
    assert verdict.texts.startswith(told)


def test_what_may_differ_is_the_users_to_say(judge: Callable[..., Verdict]) -> None:
    """A shop that leaves out, by intention, what a customer would miss says so."""
    body = """
        data = {name: value for name, value in order["data"].items() if name != "delivery_cost"}
        return Outcome.SUCCESS if self.send({**order, "data": data}).ok else Outcome.REFUSED
    """
    failing = judge(shop(body), "-k", "order_says")
    passing = judge(shop(body, more="may_differ = ['/data/delivery_cost']"), "-k", "order_says")

    assert failing.texts.startswith(
        'the client changes the order documented-example: /data/delivery_cost: "300.00" was given, nothing was sent'
    )
    assert passing.faults == {}


def test_a_difference_in_what_is_personal_is_told_without_it(judge: Callable[..., Verdict]) -> None:
    """How a telephone number was changed can be acted on, though it is not shown."""
    body = """
        self.send({**order, "phone": order["phone"][1:]} if "phone" in order else order)
        return Outcome.SUCCESS
    """
    verdict = judge(shop(body), "-k", "order_says")

    assert "/phone: sent with another case, or without a + or blanks that were given" in verdict.texts
    assert "79991234567" not in verdict.texts


def test_a_suite_is_skipped_where_tests_go_to_an_installation(pytester: pytest.Pytester) -> None:
    """Suites need answers that only the stub gives."""
    source = shop("return Outcome.SUCCESS").replace(
        "class TestClient", "import pytest\n\n\n@pytest.mark.altcraft_live\nclass TestClient"
    )
    pytester.makepyfile(test_conformance=source)
    result = pytester.runpytest_subprocess(
        "-p", "no:cacheprovider", "--altcraft-url=http://127.0.0.1:9", "-k", "reaches", "-rs"
    )

    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["*a suite needs the stub*"])
