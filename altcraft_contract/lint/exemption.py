"""Which findings count for nothing: what the configuration says, then what the baseline knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from altcraft_contract.findings import with_findings
from altcraft_contract.renderers.report import Suppressed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Literal

    from altcraft_contract.lint.baseline import Baseline
    from altcraft_contract.lint.suppression import Suppressions
    from altcraft_contract.renderers.report import Entry

    Mark = tuple[Literal["configuration", "baseline"], str] | None  # why a finding counts for nothing


class Exemptions:
    """Moves findings that count for nothing out of the results of a run.

    Args:
        suppressions: What the configuration says; None if it says nothing.
        baseline: What was known before; None if there is none.
    """

    def __init__(self, suppressions: Suppressions | None = None, baseline: Baseline | None = None) -> None:
        self._suppressions = suppressions
        self._baseline = baseline

    def watch(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """*entries* as `apply` leaves them."""
        return map(self.apply, entries)

    def apply(self, entry: Entry) -> Entry:
        """*entry* with only those findings in its result that count; the others are suppressed."""
        if not entry.result.findings:
            if self._suppressions is not None:
                self._suppressions.at(entry.path)
            if self._baseline is not None:
                self._baseline.note(entry)
            return entry
        marks = self._marks(entry)
        return _divided(entry, marks) if any(marks) else entry

    def doubt(self, path: str) -> None:
        """Take note that what is at *path*, a file or a directory, could not be read, or not to the end."""
        if self._baseline is not None:
            self._baseline.doubt(path)

    def spares(self, path: str, rule: str, pointer: str) -> bool:
        """Whether people want a finding to stay: what the configuration suppresses is not mended either."""
        return self._suppressions is not None and self._suppressions.find(path, rule, pointer) is not None

    def finish(self, *, is_finished: bool = True) -> Iterator[str]:
        """Write the baseline, if it is to be written, and tell what people should know after the run.

        Args:
            is_finished: Whether the run came to its end; else nothing can be said of what was not met.

        Raises:
            UnreadableFile: if the baseline cannot be written.
        """
        if self._baseline is not None and (written := self._baseline.finish(is_finished=is_finished)) is not None:
            yield written
        if not is_finished:
            return
        if self._suppressions is not None:
            yield from self._suppressions.iter_remarks()
        if self._baseline is not None:
            yield from self._baseline.iter_remarks()

    def _marks(self, entry: Entry) -> list[Mark]:
        """Of each finding, in their order, why it counts for nothing; None if it counts."""
        findings = entry.result.findings
        marks: list[Mark] = [None] * len(findings)
        if self._suppressions is not None and self._suppressions.at(entry.path):
            for index, finding in enumerate(findings):
                suppression = self._suppressions.find(entry.path, finding.rule, finding.pointer)
                if suppression is not None:
                    marks[index] = ("configuration", suppression.reason)
        if self._baseline is not None:
            reasons = self._baseline.reasons(entry, [mark is None for mark in marks])
            for index, reason in enumerate(reasons):
                if reason is not None and marks[index] is None:
                    marks[index] = ("baseline", reason)
        return marks


def _divided(entry: Entry, marks: Sequence[Mark]) -> Entry:
    from altcraft_contract.renderers.fingerprint import fingerprints_of  # noqa: PLC0415 - most entries keep theirs

    fingerprints = fingerprints_of(entry)  # of all findings: those that are alike are numbered
    kept, kept_fingerprints, suppressed = [], [], [*entry.suppressed]
    for finding, fingerprint, mark in zip(entry.result.findings, fingerprints, marks, strict=True):
        if mark is None:
            kept.append(finding)
            kept_fingerprints.append(fingerprint)
        else:
            suppressed.append(Suppressed(finding, *mark, fingerprint))
    return entry._replace(
        result=with_findings(entry.result, kept), fingerprints=tuple(kept_fingerprints), suppressed=tuple(suppressed)
    )
