"""`--altcraft-url` in a client repository: the same tests, and orders that go to an installation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from altcraft_contract.stub import StubServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Run = Callable[..., pytest.RunResult]

TESTS = """
    import pytest
    from client import confirm


    @pytest.mark.altcraft_live
    def test_live(altcraft_stub, altcraft_order):
        assert confirm(altcraft_stub.url, altcraft_order, altcraft_stub.token)["error"] == 0


    def test_near(altcraft_stub, altcraft_order):
        assert confirm(altcraft_stub.url, altcraft_order, altcraft_stub.token)["error"] == 0
"""


@pytest.fixture
def staging(monkeypatch: pytest.MonkeyPatch) -> Iterator[StubServer]:
    """A server that stands for an installation, whose token is in the environment."""
    monkeypatch.setenv("ALTCRAFT_TOKEN", "staging-secret-token")
    with StubServer(token="staging-secret-token") as server:  # noqa: S106 - of a test
        yield server


def journal_of(pytester: pytest.Pytester) -> list[dict]:
    """The lines of the journal of orders."""
    return [json.loads(line) for line in (pytester.path / "altcraft-orders.ndjson").read_text().splitlines()]


def test_only_marked_tests_go_there(run: Run, staging: StubServer, pytester: pytest.Pytester) -> None:
    """A test that is marked sends its order to the target, without triggers, and it is written down; others do not."""
    result = run(TESTS, f"--altcraft-url={staging.base_url}")
    result.assert_outcomes(passed=2)
    (entry,) = staging.journal
    assert json.loads(entry.request.body)["skip_triggers"] is True
    assert entry.external_id is not None
    assert entry.external_id.startswith("altcraft-contract-")
    result.stdout.fnmatch_lines(
        [f"altcraft: tests marked altcraft_live send orders to {staging.base_url}; *no triggers*"]
    )
    text = json.dumps(journal_of(pytester))
    assert entry.external_id in text
    assert "test_live" in text
    assert "staging-secret-token" not in text


def test_without_a_url_marked_tests_take_the_stub(run: Run, staging: StubServer) -> None:
    """The same tests run against the stub where no target is named."""
    run(TESTS).assert_outcomes(passed=2)
    assert not staging.journal


def test_another_host_has_to_be_allowed(run: Run) -> None:
    """Nothing is sent, and no test runs, against a host that nobody has allowed."""
    result = run(TESTS, "--altcraft-url=https://staging.example.com")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*staging.example.com*--altcraft-allow-host*"])


def test_a_host_can_be_allowed_by_the_ini(run: Run, pytester: pytest.Pytester) -> None:
    """A host in the configuration of pytest is as good as one on the command line."""
    ini = pytester.path / "tox.ini"
    ini.write_text(ini.read_text() + "\naltcraft_allow_hosts = staging.example.com\n")
    result = run(TESTS, "--altcraft-url=https://staging.example.com", "--collect-only")
    assert result.ret == 0


def test_a_wrong_order_is_not_sent(run: Run, staging: StubServer) -> None:
    """What breaks the contract stays here, and fails the test as ever."""
    result = run(
        """
        import pytest
        from client import confirm


        @pytest.mark.altcraft_live
        def test_live(altcraft_stub, altcraft_order):
            confirm(altcraft_stub.url, altcraft_order, altcraft_stub.token, total_price=1)
        """,
        f"--altcraft-url={staging.base_url}",
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["altcraft_stub: 1 of 1 request breaks the contract"])
    assert not staging.journal
    assert "staging-secret-token" not in result.stdout.str()


@pytest.mark.parametrize(
    "need",
    [
        "altcraft_stub.use('outdated')",
        "altcraft_stub.set_prices({'mug': '1'})",
        "request.getfixturevalue('altcraft_scenario')",
    ],
)
def test_what_needs_the_stub_is_skipped(run: Run, staging: StubServer, need: str) -> None:
    """A live target plays no scenario, so tests of scenarios are skipped there."""
    run(
        f"""
        import pytest

        pytestmark = pytest.mark.altcraft_live


        def test_live(altcraft_stub, request):
            {need.replace("request.getfixturevalue('altcraft_scenario')", "altcraft_stub.use('success')")}


        @pytest.mark.altcraft(prices={{"mug": "1"}})
        def test_marked(altcraft_stub):
            pass


        @pytest.mark.altcraft_scenarios("outdated")
        def test_scenario(altcraft_scenario):
            pass
        """,
        f"--altcraft-url={staging.base_url}",
    ).assert_outcomes(skipped=3)


def test_a_target_that_answers_wrongly_fails_the_test(run: Run, staging: StubServer) -> None:
    """An answer that breaks the contract is the target's fault, and is told as such."""
    staging.use("unknown-status")
    result = run(
        """
        import pytest
        from client import confirm


        @pytest.mark.altcraft_live
        def test_live(altcraft_stub, altcraft_order):
            confirm(altcraft_stub.url, altcraft_order, altcraft_stub.token)
        """,
        f"--altcraft-url={staging.base_url}",
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*unknown-value*"])


def test_a_missing_token_is_named(run: Run, staging: StubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the target's token a live test says which variable to set."""
    monkeypatch.delenv("ALTCRAFT_TOKEN")
    result = run(TESTS, f"--altcraft-url={staging.base_url}")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*ALTCRAFT_TOKEN is not set*"])


def test_workers_share_the_limit(run: Run, staging: StubServer) -> None:
    """With xdist, as many orders leave as the limit allows, and no more."""
    result = run(
        """
        import pytest
        from client import confirm


        @pytest.mark.altcraft_live
        @pytest.mark.parametrize("number", range(8))
        def test_live(altcraft_stub, altcraft_order, number):
            confirm(altcraft_stub.url, altcraft_order, altcraft_stub.token)
        """,
        *(f"--altcraft-url={staging.base_url}", "--altcraft-max-orders=4", "-n", "2"),
    )
    assert staging.journal.received == 4
    assert result.ret == 1


def test_a_failure_does_not_show_the_token(run: Run, staging: StubServer) -> None:
    """The token of an installation is masked where pytest shows the values of an assertion."""
    result = run(
        """
        import pytest
        from client import confirm


        @pytest.mark.altcraft_live
        def test_live(altcraft_stub, altcraft_order):
            token = altcraft_stub.token
            assert confirm(altcraft_stub.url, altcraft_order, altcraft_stub.token) == token
        """,
        *(f"--altcraft-url={staging.base_url}", "--showlocals"),
    )
    result.assert_outcomes(failed=1)
    assert staging.journal[0].ok
    assert "staging-secret-token" not in result.stdout.str()


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("--altcraft-rate-limit=-1", "*--altcraft-rate-limit: -1: expected a number of requests in a second, above 0"),
        ("--altcraft-max-orders=-1", "*-1: expected a whole number from 0 on"),
        ("--altcraft-journal=no/such/folder", "*no/such/folder*"),
        ("--altcraft-url=ftp://127.0.0.1", "*has to begin with http:// or https://"),
    ],
)
def test_options_that_make_no_sense_end_at_once(run: Run, staging: StubServer, option: str, told: str) -> None:
    """A wrong option is told before any test runs."""
    result = run(TESTS, f"--altcraft-url={staging.base_url}", option)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([told])


def test_a_target_that_does_not_answer_is_called_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there was no answer, none is said to be wrong."""
    monkeypatch.setenv("ALTCRAFT_TOKEN", "staging-secret-token")
    with StubServer() as gone:
        url = gone.base_url
    result = run(
        """
        import pytest, requests


        @pytest.mark.altcraft_live
        def test_live(altcraft_stub, altcraft_order):
            requests.post(altcraft_stub.url, json=altcraft_order)
        """,
        f"--altcraft-url={url}",
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines([f"altcraft_stub: 1 request got no answer; that is the fault of the target at {url}*"])
