"""The pytest plugin: options, markers and fixtures for the tests of a client.

It is loaded at every start of pytest, wanted or not, so it imports nothing but pytest until a fixture is used.
Disable it with `-p no:altcraft_contract`.
"""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from inspect import signature
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

import pytest

from altcraft_contract.testing.options import MARKERS, add_options

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping
    from os import PathLike
    from pathlib import Path

    from altcraft_contract.rules.selection import RuleSelection
    from altcraft_contract.strategies import Values
    from altcraft_contract.stub.scenarios import Scenario
    from altcraft_contract.testing.fixtures.capture import AltcraftCapture
    from altcraft_contract.testing.fixtures.leaks import Section
    from altcraft_contract.testing.fixtures.stub import AltcraftStub
    from altcraft_contract.testing.fixtures.stubs import Stubs
    from altcraft_contract.testing.live.live_target import LiveTarget
    from altcraft_contract.testing.live.run import LiveRun
    from altcraft_contract.testing.settings import JudgingSettings

_OUTPUT: Final[pytest.StashKey[list[Section]]] = pytest.StashKey()
_TOLD_BEFORE: Final[pytest.StashKey[int]] = pytest.StashKey()
_HAS_PASSED: Final[pytest.StashKey[bool]] = pytest.StashKey()
_STUBS: Final[pytest.StashKey[Stubs]] = pytest.StashKey()
_LIVE: Final[pytest.StashKey[LiveRun]] = pytest.StashKey()
_SETTINGS: Final[pytest.StashKey[JudgingSettings]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options and the ini keys."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers, and what options ask for."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    if any(config.getini(key) for key in ("altcraft_select", "altcraft_ignore", "altcraft_fail_on")):
        with _usage_errors():
            _settings(config)
    if config.getoption("altcraft_url") is not None:
        from altcraft_contract.testing.live.run import LiveRun  # noqa: PLC0415 - only with this option

        with _usage_errors():
            config.stash[_LIVE] = LiveRun(config)
    least, reports = config.getoption("altcraft_coverage_fail_under"), config.getoption("altcraft_report")
    if config.getoption("altcraft_coverage") or least is not None or reports:
        from altcraft_contract.testing.coverage.run import CoverageRun  # noqa: PLC0415 - only with these options

        with _usage_errors():
            run = CoverageRun(_settings(config).rules, reports, least)
        config.pluginmanager.register(run, "altcraft_contract_coverage")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let go of the journal of live orders."""
    if _LIVE in config.stash:
        config.stash[_LIVE].close()


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say where live orders go."""
    return config.stash[_LIVE].describe() if _LIVE in config.stash else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep what the test has printed and logged; show with a failure what came in, and ready tests to paste."""
    ready = []
    if call.excinfo is not None and (module := sys.modules.get("altcraft_contract.testing.ready_test.rendering")):
        ready = [("Ready test", text) for text in module.take_ready_tests(call.excinfo.value)]
    report = yield
    report.sections += ready
    if call.when == "teardown":
        _forget(item, report)
    elif _OUTPUT in item.stash:
        told_before = item.stash.get(_TOLD_BEFORE, 0)  # what an earlier try of the same test has printed
        item.stash[_OUTPUT] = [part for part in report.sections[told_before:] if part[0].startswith("Captured ")]
        item.stash[_HAS_PASSED] = call.when == "call" and report.passed
        if report.failed and call.when == "call" and _STUBS in item.stash:
            report.sections += item.stash[_STUBS].journals()
    return report


def _forget(item: pytest.Item, report: pytest.TestReport) -> None:
    """Let go of what was kept for a test: an item lives as long as the run, and may be run again."""
    item.stash[_TOLD_BEFORE] = len(report.sections)
    if _OUTPUT in item.stash:
        del item.stash[_OUTPUT]
    if _STUBS in item.stash:
        del item.stash[_STUBS]


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Explain comparisons of findings."""
    if "altcraft_contract.findings" not in sys.modules:
        return None
    from altcraft_contract.testing.assertions.explaining import compare  # noqa: PLC0415 - only a failure needs it

    return compare(op, left, right)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the files that `altcraft_files` names."""
    patterns = parent.config.getini("altcraft_files")
    if not patterns:
        return None
    from altcraft_contract.testing.files.collection import collect_file, matches  # noqa: PLC0415 - only with the ini key

    if not matches(file_path, parent.config.rootpath, patterns):
        return None
    return collect_file(file_path, parent, settings=lambda: _settings(parent.config))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes `altcraft_scenario` once for each scenario."""
    if "altcraft_scenario" not in metafunc.fixturenames or _is_parametrised(metafunc, "altcraft_scenario"):
        return
    from altcraft_contract.testing.fixtures.scenarios import choose_scenarios  # noqa: PLC0415 - only tests of scenarios need it

    marker = metafunc.definition.get_closest_marker("altcraft_scenarios")
    with _faults_in_a_line():
        names = choose_scenarios(marker.args if marker is not None else None)
    metafunc.parametrize("altcraft_scenario", names, indirect=True)


def _is_parametrised(metafunc: pytest.Metafunc, name: str) -> bool:
    for marker in metafunc.definition.iter_markers("parametrize"):
        named = marker.args[0] if marker.args else marker.kwargs.get("argnames", ())
        names = [part.strip() for part in named.split(",")] if isinstance(named, str) else named
        if name in names:
            return True
    return False


def _settings(config: pytest.Config) -> JudgingSettings:
    """How messages are judged in this run."""
    if _SETTINGS not in config.stash:
        from altcraft_contract.testing.settings import load_judging_settings  # noqa: PLC0415 - only fixtures need it

        with _faults_in_a_line():
            config.stash[_SETTINGS] = load_judging_settings(
                config.rootpath,
                select=config.getini("altcraft_select"),
                ignore=config.getini("altcraft_ignore"),
                fail_on=config.getoption("altcraft_fail_on") or config.getini("altcraft_fail_on") or None,
            )
    return config.stash[_SETTINGS]


@pytest.fixture(scope="session")
def altcraft_listen_address() -> tuple[str, int]:
    """Where stubs listen: host and port, 0 being any free one. Override it to change that."""
    return "127.0.0.1", 0


@pytest.fixture(scope="session")
def altcraft_token() -> str | None:
    """The only token that stubs let in; None lets any in. Override it to change that."""
    return None


@pytest.fixture(scope="session")
def altcraft_prices() -> Mapping[str, Any] | str | PathLike[str] | None:
    """Current prices, by product or SKU, or the path of a file of them. Override it to make outdated orders."""
    return None


@pytest.fixture(scope="session")
def altcraft_rules(pytestconfig: pytest.Config) -> RuleSelection:
    """Which rules count, and how severely: from the configuration. Override it to change that."""
    return _settings(pytestconfig).rules


@pytest.fixture(scope="session")
def altcraft_values(pytestconfig: pytest.Config) -> Values:
    """What exists on the installation, from `[tool.altcraft-contract.values]`. Override it to change that."""
    from altcraft_contract.testing.settings import values_of  # noqa: PLC0415 - only this fixture needs it

    with _faults_in_a_line():
        return values_of(_settings(pytestconfig).values)


@pytest.fixture
def altcraft_order(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The documented request example, as its JSON form, to start from; each test has its own copy.

    In a test that sends it to an installation, its `external_id` is a new one.
    """
    from altcraft_contract.contract import load_contract  # noqa: PLC0415 - only this fixture needs it

    order: dict[str, Any] = json.loads(load_contract().examples["request.json"])
    if _LIVE in request.config.stash and request.node.get_closest_marker("altcraft_live"):
        order["external_id"] = f"altcraft-contract-{uuid4()}"
    return order


@pytest.fixture
def _altcraft_stubs(
    request: pytest.FixtureRequest,
    altcraft_listen_address: tuple[str, int],
    altcraft_token: str | None,
    altcraft_prices: Any,
    altcraft_rules: RuleSelection,
) -> Iterator[Stubs]:
    """The stubs of the test, which are stopped at its end and then say what was wrong."""
    from altcraft_contract.testing.fixtures.stubs import Stubs  # noqa: PLC0415 - only tests with stubs need it

    item: pytest.Item = request.node
    item.stash.setdefault(_OUTPUT, [])
    host, port = altcraft_listen_address
    usual = {"host": host, "port": port, "token": altcraft_token, "prices": altcraft_prices}
    judging = _settings(item.config)._replace(rules=altcraft_rules)
    stubs = item.stash[_STUBS] = Stubs(judging, item.config.rootpath, usual)
    yield stubs
    stubs.close()
    output: list[Section] = item.stash[_OUTPUT]
    _fail_for(stubs.problems(output))


@pytest.fixture
def make_altcraft_stub(_altcraft_stubs: Stubs) -> Callable[..., AltcraftStub]:
    """Start further stubs: `make_altcraft_stub(token="…")`, with settings as for `StubServer`.

    Each is stopped at the end of the test, which fails if a request has broken the contract.
    """
    return _altcraft_stubs.make


@pytest.fixture
def altcraft_stub(request: pytest.FixtureRequest, _altcraft_stubs: Stubs) -> AltcraftStub | LiveTarget:
    """A running stub: `.url` is the endpoint, `.base_url` its origin, `.journal` what came in, `.use(…)` its answers.

    The test fails at its end if a request has broken the contract, unless it says `altcraft_stub.allow_invalid()`.
    """
    marks = [(mark.args, mark.kwargs) for mark in reversed(list(request.node.iter_markers("altcraft")))]
    live = request.config.stash.get(_LIVE, None) if request.node.get_closest_marker("altcraft_live") else None
    with _faults_in_a_line():
        if live is not None:
            return _altcraft_stubs.make_live("altcraft_stub", live, request.node.nodeid, marks)
        return _altcraft_stubs.make_marked("altcraft_stub", marks)


@pytest.fixture
def altcraft_scenario(request: pytest.FixtureRequest, altcraft_stub: AltcraftStub | LiveTarget) -> Scenario:
    """A row of `stub.SCENARIOS`, by which `altcraft_stub` answers: a test that takes it runs once for each."""
    from altcraft_contract.stub.switch import find_scenario  # noqa: PLC0415 - loaded already

    altcraft_stub.use(request.param)
    return find_scenario(request.param)


@pytest.fixture
def altcraft_capture(request: pytest.FixtureRequest, altcraft_rules: RuleSelection) -> Iterator[AltcraftCapture]:
    """Sees every call to the endpoint that the test makes, wherever it goes.

    The test fails at its end if one of them has broken the contract, unless it says `altcraft_capture.allow_invalid()`.
    """
    from altcraft_contract.testing.fixtures.capture import AltcraftCapture  # noqa: PLC0415 - as for stubs

    item: pytest.Item = request.node
    item.stash.setdefault(_OUTPUT, [])
    judging = _settings(item.config)._replace(rules=altcraft_rules)
    with AltcraftCapture(judging=judging, root=item.config.rootpath) as capture:
        yield capture
    origins = [stub.base_url for stub in item.stash[_STUBS].made] if _STUBS in item.stash else []
    unseen = capture.unseen()
    if item.stash.get(_HAS_PASSED, False) and capture.is_idle and _takes(item, "altcraft_capture"):
        unseen += ("no call to the endpoint was seen; what a mock above the library answers never gets there",)
    for reason in unseen:
        item.warn(pytest.PytestWarning(f"altcraft_capture: {reason}"))
    output: list[Section] = item.stash[_OUTPUT]
    _fail_for([capture.problems(output, judged_elsewhere=origins)])


def _takes(item: pytest.Item, fixture: str) -> bool:
    """Whether the test itself asks for a fixture, not one of its fixtures or a marker."""
    function = getattr(item, "function", None)
    return function is not None and fixture in signature(function).parameters


@contextmanager
def _usage_errors() -> Iterator[None]:
    """Tell what cannot be done before any test has run."""
    from altcraft_contract.errors import AltcraftContractError  # noqa: PLC0415 - only options need it

    try:
        yield
    except (AltcraftContractError, pytest.fail.Exception) as error:
        raise pytest.UsageError(str(error)) from None


@contextmanager
def _faults_in_a_line() -> Iterator[None]:
    """Tell what cannot be done in a line, without a traceback of ours."""
    from altcraft_contract.errors import AltcraftContractError  # noqa: PLC0415 - only fixtures need it

    try:
        yield
    except (AltcraftContractError, ValueError) as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None


def _fail_for(problems: list[str]) -> None:
    """Fail the test if there are problems."""
    __tracebackhide__ = True
    told = "\n\n".join(problem for problem in problems if problem)
    if told:
        pytest.fail(told, pytrace=False)
