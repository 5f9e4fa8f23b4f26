"""XML of JUnit, for CI servers: a suite for each document, a test for each finding, and one that passed without any.

The form is the one that Jenkins' xUnit plugin lets in, as others do: a suite has its `file`, and a test has no line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from altcraft_contract.findings import Severity
from altcraft_contract.renderers.junit_case import JunitCase
from altcraft_contract.renderers.shown import ShownEntry, shortened
from altcraft_contract.renderers.text import FindingBlock, count
from altcraft_contract.renderers.visible import visible
from altcraft_contract.renderers.xml_markup import xml_attribute, xml_content

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from altcraft_contract.findings import Finding
    from altcraft_contract.renderers.report import Entry, RenderOptions, Tally
    from altcraft_contract.renderers.shown import ShownFinding

_SHORT: Final = 8  # characters of a fingerprint
_LONGEST: Final = 200  # characters of a pointer in the name of a test


class _Suite(NamedTuple):
    """What a suite is, apart from its tests.

    Attributes:
        name: What is shown.
        group: Tells its tests from those of others: the path.
        file: The path for programs; empty if there is none.
        tests: How many there are.
        failures: How many of them failed.
        errors: How many came to no verdict.
        skipped: How many count for nothing.
        note: What is to be said of them all; empty if nothing is.
    """

    name: str
    group: str
    file: str = ""
    tests: int = 1
    failures: int = 0
    errors: int = 0
    skipped: int = 0
    note: str = ""


class JunitReport:
    """A run as XML of JUnit, suite by suite, without totals.

    An error is a test that failed. A warning is one that passed and has an output, unless warnings fail the run. What
    is suppressed is skipped. Of an NDJSON file each record with findings has a suite, and all others share one.
    """

    def __init__(self, options: RenderOptions) -> None:
        self._failing = {Severity.ERROR, Severity.WARNING} if options.fail_on == "warning" else {Severity.ERROR}
        self._clean: _Suite | None = None
        self._records = 0

    def begin(self) -> Iterator[str]:
        """The head."""
        yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="altcraft-contract lint">\n'

    def take(self, entry: Entry) -> Iterator[str]:
        """The suite of a document; that of clean records waits for the last of its file."""
        shown = ShownEntry(entry)
        if self._clean is not None and self._clean.group != shown.path:
            yield from self._clean_records()
        suite = _Suite(f"{shown.path}{_within(entry, shown)}", shown.path, visible(shown.name))
        if entry.result.findings or entry.suppressed:
            yield from _written(self._counted(suite, entry), self._tests(entry, shown))
        elif entry.document is None:
            yield from _written(suite, [JunitCase(f"{entry.result.message}{_within(entry, shown)}")])
        else:
            self._clean = suite._replace(name=shown.path)
            self._records += entry.documents

    def end(self, tally: Tally) -> Iterator[str]:
        """The rest, and the end; what could not be read is a test that came to no verdict."""
        yield from self._clean_records()
        if tally.unreadable:
            told = f"{count(tally.unreadable, 'path')} could not be read; the run has said which, and why"
            suite = _Suite("unreadable", "altcraft-contract.lint", errors=1)
            yield from _written(suite, [JunitCase("every path can be read", "error", told, kind="unreadable")])
        yield "</testsuites>\n"

    def _clean_records(self) -> Iterator[str]:
        if self._clean is not None:
            yield from _written(
                self._clean, [JunitCase("records without findings", detail=f"{self._records:,} of them")]
            )
        self._clean, self._records = None, 0

    def _counted(self, suite: _Suite, entry: Entry) -> _Suite:
        findings = entry.result.findings
        return suite._replace(
            tests=len(findings) + len(entry.suppressed),
            failures=sum(finding.severity in self._failing for finding in findings),
            skipped=len(entry.suppressed),
            note="there are more findings than these" if entry.result.truncated else "",
        )

    def _tests(self, entry: Entry, shown: ShownEntry) -> Iterator[JunitCase]:
        block = FindingBlock(
            shown.redactor, shown.path, verbose=True, shift=entry.first_line - 1, where=_where(entry, shown)
        )
        for finding, known in zip(entry.result.findings, shown.iter_findings(), strict=True):
            name, detail = _name(known, _within(entry, shown)), _detail(block, finding)
            if finding.severity in self._failing:
                yield JunitCase(name, "failure", known.message, detail, known.rule)
            else:
                yield JunitCase(name, detail=detail)
        for item, known in zip(entry.suppressed, shown.iter_suppressed(), strict=True):
            name, detail = _name(known, _within(entry, shown)), _detail(block, item.finding)
            yield JunitCase(name, "skipped", known.suppression or "", detail)


def _where(entry: Entry, shown: ShownEntry) -> str:
    """The place of a document within its file; empty if it is the file."""
    return shown.where or (f"record {entry.document}" if entry.document is not None else "")


def _within(entry: Entry, shown: ShownEntry) -> str:
    where = _where(entry, shown)
    return f", {where}" if where else ""


def _name(finding: ShownFinding, within: str) -> str:
    place = shortened(finding.pointer, _LONGEST) or "the whole document"
    return f"{finding.rule} at {place}{within} [{finding.fingerprint[:_SHORT]}]"


def _detail(block: FindingBlock, finding: Finding) -> str:
    return "\n".join(block.lines(finding))


def _written(suite: _Suite, tests: Iterable[JunitCase]) -> Iterator[str]:
    totals = " ".join(f'{name}="{getattr(suite, name)}"' for name in ("tests", "failures", "errors", "skipped"))
    file = f" file={xml_attribute(suite.file)}" if suite.file else ""
    yield f"  <testsuite name={xml_attribute(suite.name)} {totals}{file}>\n"
    for test in tests:
        yield from test.render(suite.group)
    if suite.note:
        yield f"    <system-out>{xml_content(suite.note)}</system-out>\n"
    yield "  </testsuite>\n"
