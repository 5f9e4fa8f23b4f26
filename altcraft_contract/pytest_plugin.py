"""The pytest plugin: options, markers and fixtures for the tests of a client.

It is loaded at every start of pytest, wanted or not, so it imports nothing but pytest until a fixture is used.
Disable it with `-p no:altcraft_contract`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping
    from os import PathLike

    from altcraft_contract.rules.selection import RuleSelection
    from altcraft_contract.strategies import Values
    from altcraft_contract.stub.scenarios import Scenario
    from altcraft_contract.testing.capture_under_test import AltcraftCapture
    from altcraft_contract.testing.leaks import Section
    from altcraft_contract.testing.settings import JudgingSettings
    from altcraft_contract.testing.stub_under_test import AltcraftStub

_MARKERS: Final = (
    "altcraft(**settings): how the test's altcraft_stub is: scenario='outdated', allow_invalid=True, token='…', …",
    "altcraft_scenarios(*names): the scenarios for which a test that takes altcraft_scenario runs; without it all",
    "altcraft_live: with --altcraft-url the test's altcraft_stub leads to that installation",
)
_OUTPUT: Final[pytest.StashKey[list[Section]]] = pytest.StashKey()
_STUBS: Final[pytest.StashKey[list[AltcraftStub]]] = pytest.StashKey()
_SETTINGS: Final[pytest.StashKey[JudgingSettings]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options and the ini keys."""
    group = parser.getgroup("altcraft", "contract of the Altcraft order endpoint")
    group.addoption(
        "--altcraft-fail-on",
        choices=["error", "warning", "never"],
        help="The least severe finding that fails a test; error unless configured.",
    )
    parser.addini("altcraft_select", "The only rules that count, by their ids.", type="args")
    parser.addini("altcraft_ignore", "Rules that do not count, by their ids.", type="args")
    parser.addini("altcraft_fail_on", "As --altcraft-fail-on.", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers."""
    for marker in _MARKERS:
        config.addinivalue_line("markers", marker)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep what the test has printed and logged; show with a failure what the stub has received."""
    report = yield
    if call.when != "teardown":
        item.stash.setdefault(_OUTPUT, []).extend(
            (name, text) for name, text in report.sections if name.startswith("Captured ")
        )
    if report.failed and call.when == "call" and (stubs := item.stash.get(_STUBS, [])):
        from altcraft_contract.testing.telling import tell_journal  # noqa: PLC0415 - loaded already

        report.sections += [
            (f"{stub.name}: what came in", told) for stub in stubs if (told := tell_journal(stub.journal))
        ]
    return report


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes `altcraft_scenario` once for each scenario."""
    if "altcraft_scenario" not in metafunc.fixturenames or _is_parametrised(metafunc, "altcraft_scenario"):
        return
    from altcraft_contract.errors import UnknownScenario  # noqa: PLC0415 - only tests of scenarios need it
    from altcraft_contract.stub.scenarios import SCENARIOS  # noqa: PLC0415 - as above
    from altcraft_contract.stub.switch import find_scenario  # noqa: PLC0415 - as above

    marker = metafunc.definition.get_closest_marker("altcraft_scenarios")
    names = marker.args if marker is not None else tuple(SCENARIOS)
    if not names:
        raise pytest.UsageError(f"{metafunc.definition.nodeid}: altcraft_scenarios names no scenario")
    try:
        for name in names:
            find_scenario(name)
    except UnknownScenario as error:
        raise pytest.UsageError(f"{metafunc.definition.nodeid}: {error}") from None
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
        from altcraft_contract.errors import ConfigurationFault  # noqa: PLC0415 - only a fixture needs it
        from altcraft_contract.testing.settings import load_judging_settings  # noqa: PLC0415 - as above

        try:
            config.stash[_SETTINGS] = load_judging_settings(
                config.rootpath,
                select=config.getini("altcraft_select"),
                ignore=config.getini("altcraft_ignore"),
                fail_on=config.getoption("altcraft_fail_on") or config.getini("altcraft_fail_on") or None,
            )
        except ConfigurationFault as fault:
            raise pytest.UsageError(str(fault)) from None
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
    from altcraft_contract.errors import ImpossibleRequest  # noqa: PLC0415 - only this fixture needs it
    from altcraft_contract.testing.settings import values_of  # noqa: PLC0415 - as above

    try:
        return values_of(_settings(pytestconfig).values)
    except ImpossibleRequest as error:
        raise pytest.UsageError(f"[tool.altcraft-contract.values]: {error}") from None


@pytest.fixture
def altcraft_order() -> dict[str, Any]:
    """The documented request example, as its JSON form, to start from; each test has its own copy."""
    from altcraft_contract.contract import load_contract  # noqa: PLC0415 - only this fixture needs it

    order: dict[str, Any] = json.loads(load_contract().examples["request.json"])
    return order


@pytest.fixture
def make_altcraft_stub(
    request: pytest.FixtureRequest,
    altcraft_listen_address: tuple[str, int],
    altcraft_token: str | None,
    altcraft_prices: Any,
    altcraft_rules: RuleSelection,
) -> Iterator[Callable[..., AltcraftStub]]:
    """Start further stubs: `make_altcraft_stub(token="…")`, with settings as for `StubServer`.

    Each is stopped at the end of the test, which fails if a request has broken the contract.
    """
    from altcraft_contract.testing.stub_under_test import AltcraftStub  # noqa: PLC0415 - only tests with stubs need it

    item: pytest.Item = request.node
    judging = _settings(item.config)._replace(rules=altcraft_rules)
    stubs: list[AltcraftStub] = []
    host, port = altcraft_listen_address
    usual = {"host": host, "port": port, "token": altcraft_token, "prices": altcraft_prices}

    def make(*, name: str | None = None, **settings: Any) -> AltcraftStub:
        told = name or ("a stub" if not stubs else f"stub {len(stubs) + 1}")
        stub = AltcraftStub(name=told, judging=judging, root=item.config.rootpath, **{**usual, **settings})
        stubs.append(stub)
        item.stash.setdefault(_STUBS, []).append(stub)
        stub.__enter__()
        return stub

    yield make
    for stub in stubs:
        stub.close()
    output = item.stash.get(_OUTPUT, [])
    _fail_for(stub.problems(output) for stub in stubs)


@pytest.fixture
def altcraft_stub(request: pytest.FixtureRequest, make_altcraft_stub: Callable[..., AltcraftStub]) -> AltcraftStub:
    """A running stub: `.url` is the endpoint, `.base_url` its origin, `.journal` what came in, `.use(…)` its answers.

    The test fails at its end if a request has broken the contract, unless it says `altcraft_stub.allow_invalid()`.
    """
    settings: dict[str, Any] = {}
    for marker in reversed(list(request.node.iter_markers("altcraft"))):
        if marker.args:
            raise pytest.UsageError(f"{request.node.nodeid}: altcraft(…) takes settings by their names only")
        settings.update(marker.kwargs)
    scenario = settings.pop("scenario", None)
    allowed = settings.pop("allow_invalid", False)
    may_print_token = settings.pop("allow_token_in_output", False)
    stub = make_altcraft_stub(name="altcraft_stub", **settings)
    if scenario is not None:
        stub.use(scenario)
    if allowed:
        stub.allow_invalid(None if allowed is True else allowed)
    if may_print_token:
        stub.allow_token_in_output()
    return stub


@pytest.fixture
def altcraft_scenario(request: pytest.FixtureRequest, altcraft_stub: AltcraftStub) -> Scenario:
    """A row of `stub.SCENARIOS`, by which `altcraft_stub` answers: a test that takes it runs once for each."""
    from altcraft_contract.stub.switch import find_scenario  # noqa: PLC0415 - loaded already

    altcraft_stub.use(request.param)
    return find_scenario(request.param)


@pytest.fixture
def altcraft_capture(request: pytest.FixtureRequest, altcraft_rules: RuleSelection) -> Iterator[AltcraftCapture]:
    """Sees every call to the endpoint that the test makes, wherever it goes.

    The test fails at its end if one of them has broken the contract, unless it says `altcraft_capture.allow_invalid()`.
    """
    from altcraft_contract.testing.capture_under_test import AltcraftCapture  # noqa: PLC0415 - as for stubs

    item: pytest.Item = request.node
    judging = _settings(item.config)._replace(rules=altcraft_rules)
    with AltcraftCapture(judging=judging, root=item.config.rootpath) as capture:
        yield capture
    origins = [stub.base_url for stub in item.stash.get(_STUBS, [])]
    _fail_for([capture.problems(item.stash.get(_OUTPUT, []), judged_elsewhere=origins)])


def _fail_for(problems: Iterator[str] | list[str]) -> None:
    """Fail the test if there are problems."""
    __tracebackhide__ = True
    told = "\n\n".join(problem for problem in problems if problem)
    if told:
        pytest.fail(told, pytrace=False)
