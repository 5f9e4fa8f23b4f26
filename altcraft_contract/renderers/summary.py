"""Counts over a run: by rule, by place and by day, in a memory that no input can exceed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, Protocol, Self, TypeVar

from altcraft_contract.findings import Severity
from altcraft_contract.renderers.facts import Facts, day_of, facts_of
from altcraft_contract.renderers.places import Place, place_of
from altcraft_contract.renderers.shown import ShownEntry

if TYPE_CHECKING:
    from collections.abc import Callable

    from altcraft_contract.findings import Finding
    from altcraft_contract.renderers.report import Entry

__all__ = [
    "MOST_KEPT",
    "OTHER",
    "UNKNOWN",
    "DayCounts",
    "Example",
    "Facts",
    "PlaceCounts",
    "RuleCounts",
    "Summary",
    "day_of",
    "facts_of",
]

MOST_KEPT: Final = 10_000
"""Places, and days, that are counted by themselves."""
UNKNOWN: Final = "unknown"
"""The day of what has none."""
OTHER: Final = "other"
"""The name of all places, or days, that are not counted by themselves."""


class _Counts(Protocol):
    def merge(self, other: Self) -> None: ...


_Key = TypeVar("_Key", bound="Place | str")
_Some = TypeVar("_Some", bound=_Counts)


class _Kept(Generic[_Key, _Some]):
    """Counts by key: those of the least keys, and one for all the rest.

    Which keys are kept depends on the keys alone, not on their order, so that parts of a run may be counted anywhere.

    Args:
        make: Makes counts of nothing.

    Attributes:
        kept: Key to its counts; up to twice as many as are kept in the end.
        other: Counts of the keys that are not kept.
    """

    def __init__(self, make: Callable[[], _Some]) -> None:
        self._make = make
        self.kept: dict[_Key, _Some] = {}
        self.other = make()

    def of(self, key: _Key) -> _Some:
        """The counts of *key*, to be added to at once."""
        found = self.kept.get(key)
        if found is None:
            if len(self.kept) >= 2 * MOST_KEPT:
                self._trim()
            found = self.kept[key] = self._make()
        return found

    def merge(self, other: _Kept[_Key, _Some]) -> None:
        """Count what *other* has counted, too."""
        for key, counts in other.kept.items():
            self.of(key).merge(counts)
        self.other.merge(other.other)

    def items(self) -> list[tuple[_Key, _Some]]:
        """What is kept, in the order of the keys."""
        self._trim()
        return sorted(self.kept.items(), key=lambda item: item[0])

    def _trim(self) -> None:
        for key in sorted(self.kept)[MOST_KEPT:]:  # keys never come back into the least ones
            self.other.merge(self.kept.pop(key))


class Example(NamedTuple):
    """The first finding of a rule; examples compare by files and places.

    Attributes:
        key: The path as it is; it may hold secrets, and is not for reports.
        document: As in `Entry`; 0 for None.
        line: 1-based line of the file; 0 if the body was no text.
        column: 1-based; 0 as above.
        path: Safe to show.
    """

    key: str
    document: int
    line: int
    column: int
    path: str

    def __str__(self) -> str:
        if self.line:
            # A record of a file is never on a line before its number, so this is a row of a table.
            row = f" [row {self.document:,}]" if self.document > self.line else ""
            return f"{self.path}:{self.line}:{self.column}{row}"
        return f"{self.path}, document {self.document:,}" if self.document else self.path


@dataclass(slots=True)
class RuleCounts:
    """Counts of a rule at one severity.

    Attributes:
        documents: Documents with such a finding.
        findings: All of them.
        example: The first.
    """

    documents: int = 0
    findings: int = 0
    example: Example | None = None

    def merge(self, other: RuleCounts) -> None:
        """Count what *other* has counted, too."""
        self.documents += other.documents
        self.findings += other.findings
        if other.example is not None and (self.example is None or other.example < self.example):
            self.example = other.example


@dataclass(slots=True)
class PlaceCounts:
    """Counts of a place.

    Attributes:
        documents: Documents with a finding there. Of several places together, the sum.
        rules: Rule to findings.
    """

    documents: int = 0
    rules: Counter[str] = field(default_factory=Counter)

    @property
    def findings(self) -> int:
        """Findings of all rules."""
        return self.rules.total()

    def merge(self, other: PlaceCounts) -> None:
        """Count what *other* has counted, too."""
        self.documents += other.documents
        self.rules.update(other.rules)


@dataclass(slots=True)
class DayCounts:
    """Counts of a day.

    Attributes:
        documents: Documents of that day.
        failed: Those with at least one error.
        errors: Findings of severity error.
        warnings: Findings of severity warning.
    """

    documents: int = 0
    failed: int = 0
    errors: int = 0
    warnings: int = 0

    def merge(self, other: DayCounts) -> None:
        """Count what *other* has counted, too."""
        self.documents += other.documents
        self.failed += other.failed
        self.errors += other.errors
        self.warnings += other.warnings


class Summary:
    """Counts over a run, or over a part of one; it can be pickled, and merged in any order.

    Attributes:
        truncated: Documents with more findings than were kept.
    """

    def __init__(self) -> None:
        self.truncated = 0
        self._rules: dict[tuple[Severity, str], RuleCounts] = {}
        self._places: _Kept[Place, PlaceCounts] = _Kept(PlaceCounts)
        self._days: _Kept[str, DayCounts] = _Kept(DayCounts)
        self._undated = DayCounts()

    def add_clean(self, day: str | None, count: int = 1) -> None:
        """Count documents of one day that have no findings."""
        counts = self._days.kept.get(day or "")  # this runs once a record
        if counts is None:
            counts = self._days.of(day) if day is not None else self._undated
        counts.documents += count

    def add(self, entry: Entry, day: str | None = None) -> None:
        """Count a document with the findings that it has.

        Args:
            entry: The document.
            day: As `day_of` tells it; None reads it from the text of the entry.
        """
        day = day or facts_of(entry).day
        self.add_clean(day, entry.documents)
        result = entry.result
        if not result.findings:
            return
        counts = self._days.of(day) if day is not None else self._undated
        errors = sum(finding.severity is Severity.ERROR for finding in result.findings)
        counts.errors += errors
        counts.warnings += len(result.findings) - errors
        counts.failed += not result.ok
        self.truncated += result.truncated
        self._add_findings(entry)

    def merge(self, other: Summary) -> None:
        """Count what *other* has counted, too."""
        self.truncated += other.truncated
        for key, counts in other._rules.items():
            self._rules.setdefault(key, RuleCounts()).merge(counts)
        self._places.merge(other._places)
        self._days.merge(other._days)
        self._undated.merge(other._undated)

    def shift(self, records: int, lines: int) -> None:
        """Make it that of a part of a file in which so many records and lines stand before."""
        for counts in self._rules.values():
            example = counts.example
            if example is not None and example.document:
                line = example.line + lines if example.line else 0
                counts.example = example._replace(document=example.document + records, line=line)

    def rules(self) -> list[tuple[str, Severity, RuleCounts]]:
        """Rules with their severity: those first that most documents break."""
        found = [(rule, severity, counts) for (severity, rule), counts in self._rules.items()]
        return sorted(found, key=lambda item: (-item[2].documents, -item[2].findings, item[0], item[1]))

    def places(self) -> list[tuple[str, PlaceCounts]]:
        """Places: those first at which most documents have findings. `OTHER` comes last, if there is any."""
        found = [(place.name, counts) for place, counts in self._places.items()]
        found.sort(key=lambda item: (-item[1].documents, -item[1].findings, item[0]))
        return found + ([(OTHER, self._places.other)] if self._places.other.documents else [])

    def days(self) -> list[tuple[str, DayCounts]]:
        """Days in their order. `OTHER` and `UNKNOWN` come last, if there are any."""
        last = [(OTHER, self._days.other), (UNKNOWN, self._undated)]
        return self._days.items() + [(name, counts) for name, counts in last if counts.documents]

    def total(self) -> DayCounts:
        """All days together."""
        found = DayCounts()
        for _, counts in self.days():
            found.merge(counts)
        return found

    def _add_findings(self, entry: Entry) -> None:
        shown = ShownEntry(entry)
        rules: set[tuple[Severity, str]] = set()
        places: set[Place] = set()
        for finding in entry.result.findings:
            key = finding.severity, finding.rule
            place = place_of(finding.pointer, shown)
            by_rule = self._rules.setdefault(key, RuleCounts())
            by_place = self._places.of(place)
            by_rule.findings += 1
            by_rule.documents += key not in rules
            by_place.rules[finding.rule] += 1
            by_place.documents += place not in places
            rules.add(key)
            places.add(place)
            _keep_first(by_rule, finding, entry, shown)


def _keep_first(counts: RuleCounts, finding: Finding, entry: Entry, shown: ShownEntry) -> None:
    """Make *finding* the example of its rule, if it is the first."""
    line = finding.line + entry.first_line - 1 if finding.line is not None else 0
    example = Example(entry.path, entry.document or 0, line, finding.column or 0, "")
    if counts.example is None or example < counts.example:
        counts.example = example._replace(path=shown.path)
