"""The coverage of one run of pytest: a plugin that is registered where it is asked for."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

import pytest

from altcraft_contract.errors import ConfigurationFault
from altcraft_contract.testing.coverage.collector import Coverage
from altcraft_contract.testing.coverage.files import report_files, write_report
from altcraft_contract.testing.observing import forget, observe

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from altcraft_contract.rules.selection import RuleSelection

_OUTPUT: Final = "altcraft_coverage"  # what a worker of xdist sends
_HUNDRED: Final = 100
_MAY_FAIL: Final = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)


class CoverageRun:
    """Collects what the tests exercise, puts together what workers collect, and reports at the end.

    Args:
        rules: Which rules count.
        reports: Paths of reports, as `--altcraft-report` takes them.
        least: Percent that has to be exercised; None is any.

    Raises:
        ConfigurationFault: if a report or the percent makes no sense.
    """

    def __init__(self, rules: RuleSelection, reports: Sequence[str], least: str | None) -> None:
        self.least = _percent(least) if least is not None else None
        for report in reports:
            report_files(report)
        self._reports = reports
        self._coverage = Coverage(rules=rules)
        self._incomplete: list[str] = []
        self._written: list[Path] = []
        self._faults: list[str] = []

    def pytest_sessionstart(self) -> None:
        """Collect from now on."""
        observe(self._coverage)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take in what a worker has collected."""
        form = getattr(node, "workeroutput", {}).get(_OUTPUT)
        if form is None:
            self._incomplete.append(str(node.gateway.id))
            return
        try:
            self._coverage.merge(form)
        except ConfigurationFault as fault:
            self._faults.append(str(fault))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Send what was collected, or write the reports and judge the percent."""
        forget(self._coverage)
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput[_OUTPUT] = self._coverage.as_json()
            return
        if session.config.getoption("collectonly"):
            return
        for report in self._reports:
            try:
                self._written += write_report(report, self._coverage)
            except ConfigurationFault as fault:
                self._faults.append(str(fault))
        if (self._faults or self._shortfall()) and session.exitstatus in _MAY_FAIL:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
        """Print what was exercised and what never was."""
        if config.getoption("collectonly"):
            return
        from altcraft_contract.testing.coverage.summary import summarize  # noqa: PLC0415 - the end of a run needs it
        from altcraft_contract.testing.coverage.text import render_text  # noqa: PLC0415 - as above

        tell = terminalreporter
        tell.section("altcraft contract coverage")
        width = tell._tw.fullwidth  # noqa: SLF001 - pytest tells it nowhere else
        for line in render_text(summarize(self._coverage), width=width, all_names=config.get_verbosity() > 0):
            tell.write_line(line)
        for worker in self._incomplete:
            tell.write_line(f"incomplete: worker {worker} ended without telling what it had exercised", yellow=True)
        for file in self._written:
            tell.write_line(f"written: {file}")
        for fault in self._faults:
            tell.write_line(f"error: {fault}", red=True)
        if shortfall := self._shortfall():
            tell.write_line(shortfall, red=True)

    def _shortfall(self) -> str | None:
        if self.least is None:
            return None
        from altcraft_contract.testing.coverage.summary import summarize  # noqa: PLC0415 - as above
        from altcraft_contract.testing.coverage.text import render_shortfall  # noqa: PLC0415 - as above

        return render_shortfall(summarize(self._coverage), self.least)


def _percent(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal(-1)
    if not number.is_finite() or not 0 <= number <= _HUNDRED:
        raise ConfigurationFault("--altcraft-coverage-fail-under", f"{text!r}: expected a percentage from 0 to 100")
    return number
