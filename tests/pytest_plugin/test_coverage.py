"""`--altcraft-coverage` and its reports in a client repository."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., pytest.RunResult]

TESTS = """
    import pytest
    from altcraft_contract.testing import assert_valid_request
    from client import confirm


    @pytest.mark.altcraft_scenarios("success", "outdated", "unknown-status")
    def test_scenario(altcraft_scenario, altcraft_stub, altcraft_order):
        confirm(altcraft_stub.url, altcraft_order, "some-token")


    def test_assertion(altcraft_order):
        assert_valid_request({**altcraft_order, "external_id": "1"})


    def test_wrong(altcraft_stub, altcraft_order):
        altcraft_stub.allow_invalid()
        confirm(altcraft_stub.url, altcraft_order, "some-token", total_price=12.5)
"""


def read_report(pytester: pytest.Pytester) -> dict:
    """The JSON report that a run has written to `out`."""
    report: dict = json.loads((pytester.path / "out" / "altcraft-coverage.json").read_text("utf-8"))
    return report


def test_it_prints_what_was_exercised_and_what_never(run: Run) -> None:
    """The summary has the shares, and names what no test has met."""
    result = run(TESTS, "--altcraft-coverage")
    result.assert_outcomes(passed=5)
    result.stdout.fnmatch_lines(
        [
            "*altcraft contract coverage*",
            "request fields*63*",
            "response fields*",
            "rules*",
            "scenarios*3*24*",
            "*never*",
        ]
    )
    assert "http-502-html" in result.stdout.str()


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_reports_hold_what_all_workers_did(run: Run, pytester: pytest.Pytester, workers: tuple[str, ...]) -> None:
    """With and without xdist the report counts the same messages, findings and scenarios."""
    result = run(TESTS, "--altcraft-report", "out/", *workers)
    result.assert_outcomes(passed=5)
    report = read_report(pytester)
    (field,) = [row for row in report["fields"] if (row["message"], row["pointer"]) == ("request", "/external_id")]
    assert field["messages"] == 5
    rules = {row["rule"]: row for row in report["rules"]}
    assert (rules["wrong-type"]["broken"], rules["unknown-value"]["broken"]) == (1, 1)
    scenarios = {row["scenario"]: row["answers"] for row in report["scenarios"]}
    assert [name for name, answers in scenarios.items() if answers] == ["success", "outdated", "unknown-status"]
    assert "<html" in (pytester.path / "out" / "altcraft-coverage.html").read_text("utf-8")
    result.stdout.fnmatch_lines(["written: *altcraft-coverage.json", "written: *altcraft-coverage.html"])


@pytest.mark.parametrize(("least", "status"), [("0", 0), ("10.5", 0), ("99", 1), ("100", 1)])
def test_fail_under_fails_the_run(run: Run, least: str, status: int) -> None:
    """A run that exercises too little fails though every test passes, and says by how much."""
    result = run(TESTS, "--altcraft-coverage-fail-under", least)
    result.assert_outcomes(passed=5)
    assert result.ret == status
    assert (f"{least}% (--altcraft-coverage-fail-under)" in result.stdout.str()) is bool(status)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--altcraft-coverage-fail-under", "many"), "*'many': expected a percentage from 0 to 100*"),
        (("--altcraft-coverage-fail-under", "101"), "*'101': expected a percentage from 0 to 100*"),
        (("--altcraft-coverage-fail-under", "nan"), "*'nan': expected a percentage from 0 to 100*"),
        (("--altcraft-report", "out.xml"), "*.json and .html*"),
    ],
)
def test_options_that_make_no_sense_end_at_once(run: Run, arguments: tuple[str, ...], told: str) -> None:
    """A wrong option is told before any test runs."""
    result = run(TESTS, *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([told])


def test_a_report_that_cannot_be_written_fails_the_run(run: Run, pytester: pytest.Pytester) -> None:
    """A report that was asked for and could not be written is no green run."""
    (pytester.path / "file").write_text("x")
    result = run(TESTS, "--altcraft-report", "file/out.json")
    result.assert_outcomes(passed=5)
    assert result.ret == 1
    result.stdout.fnmatch_lines(["error: *"])


def test_collecting_reports_nothing(run: Run, pytester: pytest.Pytester) -> None:
    """Where no test runs, nothing is printed, written or judged."""
    result = run(TESTS, "--collect-only", "--altcraft-report", "out/", "--altcraft-coverage-fail-under", "100")
    assert result.ret == 0
    assert "contract coverage" not in result.stdout.str()
    assert not (pytester.path / "out").exists()


def test_a_worker_that_dies_is_named(run: Run) -> None:
    """What a worker had exercised when it died is lost, which the summary says."""
    result = run(
        """
        import os


        def test_dies():
            os._exit(3)
        """,
        *("-n", "1", "--max-worker-restart", "0", "--altcraft-coverage"),
    )
    result.stdout.fnmatch_lines(["incomplete: worker gw0 *"])


def test_without_the_option_nothing_is_observed(run: Run) -> None:
    """Whoever does not ask for the coverage does not pay for it."""
    run("""
        from altcraft_contract.testing.observing import is_observed


        def test_observed(altcraft_stub):
            assert not is_observed()
    """).assert_outcomes(passed=1)
