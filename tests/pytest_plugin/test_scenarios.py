"""`altcraft_scenario` in a client repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., pytest.RunResult]

from altcraft_contract.stub import SCENARIOS


def test_a_test_runs_once_for_each_scenario(run: Run) -> None:
    """Without a marker every scenario is met, by its name."""
    result = run(
        """
        def test_scenario(altcraft_scenario):
            assert altcraft_scenario.description
        """,
        "-v",
    )
    result.assert_outcomes(passed=len(SCENARIOS))
    for name in SCENARIOS:
        assert f"test_scenario[{name}] PASSED" in result.stdout.str()


def test_the_marker_chooses(run: Run) -> None:
    """The nearest marker names the scenarios, and the stub answers so."""
    run("""
        import pytest
        from client import confirm

        pytestmark = pytest.mark.altcraft_scenarios("http-500")


        @pytest.mark.altcraft_scenarios("success", "outdated")
        def test_scenario(altcraft_scenario, altcraft_stub, altcraft_order):
            answer = confirm(altcraft_stub.url, altcraft_order, "some-token")
            assert answer["data"]["status"] == altcraft_scenario.name


        def test_far(altcraft_scenario):
            assert altcraft_scenario.status == 500
    """).assert_outcomes(passed=3)


@pytest.mark.parametrize(
    ("marker", "told"),
    [
        ('altcraft_scenarios("outdate")', "*did you mean 'outdated'?*"),
        ("altcraft_scenarios()", "*names no scenario*"),
        ("altcraft_scenarios(7)", "*(7): takes names*"),
        ('altcraft_scenarios(["success"])', "*takes names*"),
    ],
)
def test_a_scenario_that_does_not_exist_is_told_at_collection(run: Run, marker: str, told: str) -> None:
    """A misspelt scenario never becomes a test that did not run."""
    result = run(f"""
        import pytest


        @pytest.mark.{marker}
        def test_scenario(altcraft_scenario):
            pass
    """)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([told])
    assert "pytest_plugin.py" not in result.stdout.str()


def test_the_user_s_own_parameters_win(run: Run) -> None:
    """A test that is parametrised over scenarios itself runs for those."""
    run("""
        import pytest


        @pytest.mark.parametrize("altcraft_scenario", ["outdated", "success"], indirect=True)
        @pytest.mark.parametrize("other", [1, 2])
        def test_scenario(altcraft_scenario, other):
            assert altcraft_scenario.name in ("outdated", "success")
    """).assert_outcomes(passed=4)
