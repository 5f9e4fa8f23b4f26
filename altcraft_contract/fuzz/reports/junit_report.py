"""XML of JUnit, for CI servers: a suite for each oracle, one for the matrix, and one for the campaign itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from altcraft_contract.fuzz.oracles import ORACLES
from altcraft_contract.fuzz.reports.text_failure import failure_lines, step_lines
from altcraft_contract.fuzz.reports.wording import ENFORCEMENTS, SYNTAXES, ending_of, name_of, title_of
from altcraft_contract.fuzz.showing import safe_line
from altcraft_contract.renderers.junit_case import JunitCase
from altcraft_contract.renderers.xml_markup import xml_attribute

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from altcraft_contract.contract import Syntax
    from altcraft_contract.fuzz.failure import Failure
    from altcraft_contract.fuzz.report import CampaignReport
    from altcraft_contract.fuzz.strictness import StrictnessCell, StrictnessRow

_FOUND: Final = (0, 1)  # exit codes of campaigns that came to a verdict
_SHORT: Final = 8  # characters of a fingerprint


class _Suite(NamedTuple):
    """Test cases of one name."""

    name: str
    tests: Sequence[JunitCase]

    def total(self, outcome: str) -> int:
        return sum(test.outcome == outcome for test in self.tests)


def render_junit(report: CampaignReport) -> Iterator[str]:
    """A failure is a failed test of its oracle's suite, a known one is skipped; the matrix never fails of itself."""
    suites = [_campaign(report), *_oracles(report), _strictness(report)]
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<testsuites name="altcraft-contract fuzz" {_totals(suites)} time="{report.seconds:.3f}">\n'
    for suite in suites:
        yield from _suite(suite, report)
    yield "</testsuites>\n"


def _campaign(report: CampaignReport) -> _Suite:
    outcome = "" if report.exit_code in _FOUND else "error"
    steps = report.warm_up if report.ending == "refused-warm-up" else ()
    detail = "\n".join(line for step in steps for line in step_lines(step))
    return _Suite(
        "campaign", [JunitCase("the target could be judged", outcome, ending_of(report), detail, report.ending)]
    )


def _oracles(report: CampaignReport) -> Iterator[_Suite]:
    """A suite for each oracle; one without failures has one test, which passed."""
    unknown = {failure.cause.oracle: "" for failure in (*report.failures, *report.known)}
    for name, statement in {**unknown, **{oracle.name: oracle.statement for oracle in ORACLES.values()}}.items():
        tests = [_failed(failure, report) for failure in report.failures if failure.cause.oracle == name]
        tests += [_known(failure) for failure in report.known if failure.cause.oracle == name]
        yield _Suite(name, tests or [JunitCase(statement)])


def _failed(failure: Failure, report: CampaignReport) -> JunitCase:
    detail = "\n".join(failure_lines(failure, report, verbose=True))
    return JunitCase(_name(failure), "failure", safe_line(failure.message), detail, failure.cause.oracle)


def _name(failure: Failure) -> str:
    """The same in every run, and no other's."""
    return f"{name_of(failure)} [{failure.id[:_SHORT]}]"


def _known(failure: Failure) -> JunitCase:
    told = f"known from the baseline: {title_of(failure)}: {safe_line(failure.message)}"
    return JunitCase(_name(failure), "skipped", told)


def _strictness(report: CampaignReport) -> _Suite:
    tests = (_cell(row, syntax) for row in report.strictness for syntax in SYNTAXES)
    return _Suite("strictness", [test for test in tests if test is not None])


def _cell(row: StrictnessRow, syntax: Syntax) -> JunitCase | None:
    """Enforced is passed; whatever else is skipped, since a failure of its own tells of what must be enforced."""
    cell: StrictnessCell = getattr(row, syntax)
    if cell.enforcement == "impossible":
        return None
    name = f"{row.rule} at {row.place or 'the whole body'} in {SYNTAXES[syntax]}"
    if cell.enforcement == "enforced":
        return JunitCase(name)
    told = f"{ENFORCEMENTS[cell.enforcement]}: {cell.refused:,} refused, {cell.accepted:,} accepted"
    return JunitCase(name, "skipped", f"{told}; the rule is of severity {row.severity}")


def _suite(suite: _Suite, report: CampaignReport) -> Iterator[str]:
    name, started = xml_attribute(suite.name), xml_attribute(report.started)
    skipped = suite.total("skipped")
    yield f'  <testsuite name={name} {_totals([suite])} skipped="{skipped}" timestamp={started}>\n'
    if suite.name == "campaign":
        yield "    <properties>\n"
        told = {"target": safe_line(report.target), "run": report.run, "seed": report.seed, "contract": report.contract}
        for name, value in told.items():
            yield f"      <property name={xml_attribute(name)} value={xml_attribute(str(value))}/>\n"
        yield "    </properties>\n"
    for test in suite.tests:
        yield from test.render(f"altcraft-contract.fuzz.{suite.name}")
    yield "  </testsuite>\n"


def _totals(suites: Iterable[_Suite]) -> str:
    """Counts over all suites; how many are skipped has a place at each suite alone."""
    found = list(suites)
    totals = {
        "tests": sum(len(suite.tests) for suite in found),
        "failures": sum(suite.total("failure") for suite in found),
        "errors": sum(suite.total("error") for suite in found),
    }
    return " ".join(f'{name}="{total}"' for name, total in totals.items())
