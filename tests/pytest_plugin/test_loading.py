"""The plugin as a guest: free until used, quiet, gone when disabled, at home with other plugins."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., pytest.RunResult]

HEAVY = (
    "hypothesis",
    "jsonschema",
    "jsonschema_rs",
    "lxml",
    "xmlschema",
    "httpx",
    "uvicorn",
    "starlette",
    "jiter",
    "click",
)
LIGHT = [
    "altcraft_contract",
    "altcraft_contract.pytest_plugin",
    "altcraft_contract.testing",
    "altcraft_contract.testing.options",
]
ASYNC = """
    import httpx
    import pytest


    @pytest.mark.{marker}
    async def test_async(altcraft_stub, altcraft_capture, altcraft_order):
        async with httpx.AsyncClient() as client:
            answer = await client.post(altcraft_stub.url, json=altcraft_order)
        assert answer.json()["error"] == 0


    @pytest.mark.{marker}
    async def test_wrong(altcraft_stub, altcraft_order):
        async with httpx.AsyncClient() as client:
            await client.post(altcraft_stub.url, json={{**altcraft_order, "external_id": 7}})


    @pytest.fixture
    def anyio_backend():
        return "asyncio"
"""


def test_loading_imports_nothing_heavy() -> None:
    """A fresh interpreter that has loaded the plugin has loaded pytest and the options beside it."""
    script = (
        "import sys, pytest\nbefore = set(sys.modules)\nimport altcraft_contract.pytest_plugin\n"
        f"print([name for name in {HEAVY!r} if name in set(sys.modules) - before])\n"
        "print(sorted(name for name in set(sys.modules) - before))"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert told == ["[]", repr(LIGHT)]


def test_an_empty_project_loads_nothing_heavy(pytester: pytest.Pytester) -> None:
    """Collecting an empty project leaves everything heavy unloaded, options and hooks included."""
    pytester.makeconftest(f"""
        import sys


        def pytest_unconfigure():
            loaded = [name for name in {HEAVY!r} if name in sys.modules]
            ours = sorted(name for name in sys.modules if name.startswith("altcraft_contract"))
            print("loaded", loaded, ours)
    """)
    arguments = ("--collect-only", "-p", "no:hypothesispytest", "-p", "no:respx", "-p", "no:pytest_httpx")
    result = pytester.runpytest_subprocess(*arguments, "-p", "no:pytest_httpserver", "-p", "no:anyio", "-s")
    result.stdout.fnmatch_lines([f"loaded [[][]] [[]{repr(LIGHT)[1:]}"])


def test_a_project_without_our_fixtures_loads_nothing_either(pytester: pytest.Pytester) -> None:
    """A test that uses nothing of ours costs nothing of ours."""
    pytester.makepyfile(f"""
        import sys


        def test_plain():
            ours = sorted(name for name in sys.modules if name.startswith("altcraft_contract"))
            assert ours == {LIGHT!r}
    """)
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_it_can_be_disabled(run: Run) -> None:
    """With `-p no:altcraft_contract` there is neither fixture nor option nor marker."""
    source = """
        def test_plain():
            pass


        def test_with(altcraft_stub):
            pass
    """
    result = run(source, "-p", "no:altcraft_contract")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*fixture 'altcraft_stub' not found"])
    told = run(source, "-p", "no:altcraft_contract", "--help").stdout.str() + run(source, "--markers").stdout.str()
    assert "--altcraft" not in told.partition("@pytest.mark")[0]


def test_options_markers_and_fixtures_are_described(run: Run) -> None:
    """`--help`, `--markers` and `--fixtures` tell what there is."""
    told = run("", "--help").stdout.str()
    for option in (
        "--altcraft-url",
        "--altcraft-coverage",
        "--altcraft-report",
        "--altcraft-fail-on",
        "altcraft_files",
    ):
        assert option in told
    told = run("", "--markers").stdout.str()
    for marker in ("altcraft(", "altcraft_scenarios(", "altcraft_live"):
        assert f"@pytest.mark.{marker}" in told
    told = run("", "--fixtures").stdout.str()
    for fixture in ("stub", "capture", "scenario", "order", "values", "token", "prices", "rules", "listen_address"):
        assert f"altcraft_{fixture}" in told
    assert "make_altcraft_stub" in told


@pytest.mark.parametrize("marker", ["asyncio", "anyio"])
def test_async_tests(run: Run, marker: str) -> None:
    """Tests of pytest-asyncio and of anyio use the fixtures as others do."""
    run(ASYNC.format(marker=marker)).assert_outcomes(passed=2, errors=1)


def test_unittest_style_classes(run: Run) -> None:
    """A class takes the stub by `usefixtures` or by its methods' arguments."""
    run("""
        import requests


        class TestShop:
            def test_confirms(self, altcraft_stub, altcraft_order):
                assert requests.post(altcraft_stub.url, json=altcraft_order).json()["error"] == 0
    """).assert_outcomes(passed=1)


def test_workers_of_xdist(run: Run) -> None:
    """Each worker has its own stubs, and tells the findings of its tests."""
    result = run(
        """
        import pytest
        from client import confirm


        @pytest.mark.parametrize("number", range(6))
        def test_it(altcraft_stub, altcraft_order, number):
            price = 1 if number == 3 else "2500.00"
            confirm(altcraft_stub.url, altcraft_order, "some-token", total_price=price)
        """,
        *("-n", "2"),
    )
    result.assert_outcomes(passed=6, errors=1)
    result.stdout.fnmatch_lines(["*teardown of test_it[[]3[]]*", "*error wrong-type*"])


def test_the_configuration_is_that_of_lint(run: Run, pytester: pytest.Pytester) -> None:
    """Rules that `[tool.altcraft-contract]` ignores or regrades are so for the tests."""
    pytester.makepyprojecttoml("""
        [tool.altcraft-contract]
        ignore = ["wrong-type"]

        [tool.altcraft-contract.severity]
        points-amount-missing = "error"
    """)
    result = run("""
        import pytest
        from client import confirm


        def test_wrong(altcraft_stub, altcraft_order):
            confirm(altcraft_stub.url, altcraft_order, "some-token", total_price=12.5)
    """)
    result.assert_outcomes(passed=1, errors=1)
    told = result.stdout.str()
    assert "error points-amount-missing" in told
    assert "wrong-type" not in told


def test_values_come_from_the_configuration(run: Run, pytester: pytest.Pytester) -> None:
    """`altcraft_values` is what `[tool.altcraft-contract.values]` says there is."""
    pytester.makepyprojecttoml("""
        [tool.altcraft-contract.values]
        products = ["mug"]
        point-currencies = [{ iid = 1, eid = "bonus" }, { eid = "miles" }]

        [tool.altcraft-contract.values.pools]
        42 = ["SPRING"]
    """)
    run("""
        def test_values(altcraft_values):
            assert altcraft_values.products == ("mug",)
            assert altcraft_values.pools == {42: ("SPRING",)}
            assert altcraft_values.point_currencies == ((1, "bonus"), (None, "miles"))
    """).assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("ignore = ['wrong-typ']", "*did you mean 'wrong-type'?*"),
        ("ignore = 7", "*ignore = 7: expected a list of texts*"),
        ("severity = 'x'", "*severity*"),
        ("fail-on = 'some'", "*fail-on = 'some': expected one of error, warning, never*"),
        ("ignore = ['malformed']", "*cannot be ignored*"),
        ("= 7", "*not TOML*"),
        ("values = 7", "*values = 7: expected a table*"),
        ("[values]\nproduct = ['mug']", "*expected one of products*"),
        ("[values]\nproducts = 'mug'", "*expected a sequence of texts*"),
    ],
)
def test_a_wrong_configuration_is_told_in_a_line(run: Run, pytester: pytest.Pytester, table: str, told: str) -> None:
    """What is wrong in the configuration is an error that names it, without a traceback of ours."""
    (pytester.path / "altcraft-contract.toml").write_text(table)
    result = run("""
        def test_values(altcraft_values, altcraft_stub):
            pass
    """)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([told])
    assert "pytest_plugin.py" not in result.stdout.str()


def test_the_order_is_the_documented_one(run: Run) -> None:
    """`altcraft_order` is the example of the page, and every test has its own."""
    run("""
        import pytest


        @pytest.mark.parametrize("time", [1, 2])
        def test_order(altcraft_order, time):
            assert altcraft_order["external_id"] == "order_12345"
            altcraft_order["data"]["lines"].clear()
    """).assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("altcraft_select = nope", "*unknown rule 'nope'*"),
        ("altcraft_ignore = malformed", "*'malformed' cannot be ignored*"),
        ("altcraft_fail_on = sometimes", "*'sometimes': expected one of error, warning, never"),
    ],
)
def test_a_wrong_key_of_pytest_ends_the_run_at_once(run: Run, pytester: pytest.Pytester, line: str, told: str) -> None:
    """A key that makes no sense is told once, before any test runs."""
    ini = pytester.path / "tox.ini"
    ini.write_text(f"{ini.read_text()}\n{line}\n")
    result = run("def test_plain(): pass")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([told])
