"""Outcomes to reports: what counts, under which name, and how much of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from altcraft_contract.cli.talk import say
from altcraft_contract.findings import with_findings
from altcraft_contract.lint.bulk.work import Plan
from altcraft_contract.lint.linting import tell_remarks
from altcraft_contract.lint.project import find_project_root
from altcraft_contract.renderers.fingerprint import Fingerprints

if TYPE_CHECKING:
    from altcraft_contract.cli.lint_reports import Reports
    from altcraft_contract.lint.bulk.work import Outcome
    from altcraft_contract.lint.exemption import Exemptions
    from altcraft_contract.lint.lint_options import LintOptions, Listener
    from altcraft_contract.renderers.report import Entry, Tally


class Telling:
    """Tells what was found, in the order of the input.

    Args:
        lint: How is checked.
        reports: Where it is told.
        tally: Counts over the run.
        listener: Is told of what is no entry.
        exemptions: What counts for nothing; None if everything counts.
        most: How many findings are told before the run ends; None for all.

    Attributes:
        is_enough: Whether so many have been told.
    """

    def __init__(
        self,
        lint: LintOptions,
        reports: Reports,
        tally: Tally,
        *,
        listener: Listener,
        exemptions: Exemptions | None,
        most: int | None,
    ) -> None:
        self._lint = lint
        self._reports = reports
        self._tally = tally
        self._listener = listener
        self._exemptions = exemptions
        self._left = most
        self._name_of = find_project_root().name_of
        self._fingerprints = Fingerprints()
        self.is_enough = False

    def plan(self) -> Plan:
        """What is to be done where documents are checked."""
        is_plain = self._exemptions is None and self._left is None
        return Plan(
            self._lint,
            summarises=self._reports.summary is not None,
            sums_findings=is_plain,
            renderings=self._reports.renderings() if is_plain else (),
            counts_only=is_plain and not self._reports.tells_findings,
        )

    def tell(self, outcome: Outcome) -> None:
        """Tell of one chunk."""
        tell_remarks(outcome.remarks, self._listener)
        if outcome.summary is not None and self._reports.summary is not None:
            self._reports.summary.merge(outcome.summary)
        if outcome.rendered or not outcome.entries:
            self._tally.merge(outcome.tally)
            if outcome.rendered:
                self._reports.adopt(outcome.rendered)
            return
        for entry in outcome.entries:
            if not self.is_enough:
                self._tell(entry)
            elif not entry.result.findings:
                self._tally.add(entry)  # was checked with the others
        if self.is_enough:
            say("stopped at --max-findings; what follows was not checked")

    def _tell(self, entry: Entry) -> None:
        name = self._name_of(entry.path)
        known = self._fingerprints.of(entry, name) if entry.result.findings else ()
        entry = entry._replace(name=name, fingerprints=known)
        if self._exemptions is not None:
            entry = self._exemptions.apply(entry)
        self._tally.add(entry)
        if self._exemptions is not None or self._left is not None:
            self._sum(entry)
        found = len(entry.result.findings)
        if self._left is not None and found >= self._left:
            self.is_enough = True
            if found > self._left:
                shown = with_findings(entry.result, entry.result.findings[: self._left])
                entry = entry._replace(result=shown, fingerprints=entry.fingerprints[: self._left])
        elif self._left is not None:
            self._left -= found
        self._reports.take(entry)

    def _sum(self, entry: Entry) -> None:
        """Count for the summary what only this process knows to count."""
        has_findings = bool(entry.result.findings or entry.suppressed)
        if self._reports.summary is not None and has_findings:
            self._reports.summary.add(entry)
