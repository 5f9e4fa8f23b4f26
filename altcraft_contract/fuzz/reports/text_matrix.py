"""The strictness matrix for a terminal: a row a rule, and a row a place for those who want to know all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from altcraft_contract.findings import Severity
from altcraft_contract.fuzz.reports.wording import ENFORCEMENTS, SYNTAXES, by_rule
from altcraft_contract.renderers.text import PLAIN
from altcraft_contract.rules.catalogue import RULES

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from altcraft_contract.fuzz.report import CampaignReport
    from altcraft_contract.fuzz.strictness import Enforcement, StrictnessCell, StrictnessRow
    from altcraft_contract.renderers.text import Style

_COLUMNS: Final[tuple[tuple[Enforcement, str], ...]] = (
    ("enforced", "yes"),
    ("not-enforced", "no"),
    ("partly", "part"),
    ("not-reached", "?"),
)
_WIDTH: Final = 6


def matrix_lines(report: CampaignReport, *, style: Style = PLAIN, verbose: bool = False) -> Iterator[str]:
    """The lines of the matrix, without line ends; none if nothing was asked."""
    if not report.strictness:
        return
    yield style.paint("Strictness: places at which each rule is enforced", "place")
    yield "  yes enforced, no not enforced, part some requests were refused, ? not reached; ! the syntaxes differ"
    yield from _rule_lines(report, style)
    if verbose:
        yield ""
        yield from _place_lines(report, style)


def _rule_lines(report: CampaignReport, style: Style) -> Iterator[str]:
    counts = {syntax: by_rule(report, syntax) for syntax in SYNTAXES}
    width = max(len(rule) for rule in counts["json"])
    titles = "".join(f"  {title:>{_WIDTH * len(_COLUMNS)}}" for title in SYNTAXES.values())
    heads = "  " + "".join(f"{head:>{_WIDTH}}" for _, head in _COLUMNS)
    yield f"  {'':{width + 2}}{titles}"
    yield f"  {'':{width + 2}}{heads * len(SYNTAXES)}"
    severity = Severity.ERROR
    for rule in sorted(counts["json"], key=lambda rule: RULES[rule].severity != Severity.ERROR):
        if RULES[rule].severity != severity:
            severity = RULES[rule].severity
            yield "  warnings, which a server need not enforce:"
        differing = sum(row.differs for row in report.strictness if row.rule == rule)
        cells = "".join(f"  {_cells(counts[syntax][rule])}" for syntax in SYNTAXES)
        line = f"{'!' if differing else ' '} {rule:{width}}{cells}"
        yield f"  {style.paint(line, 'warning') if differing else line}"


def _cells(counts: Counter[Enforcement]) -> str:
    return "".join(f"{counts[enforcement] or '·':>{_WIDTH}}" for enforcement, _ in _COLUMNS)


def _place_lines(report: CampaignReport, style: Style) -> Iterator[str]:
    rule = ""
    width = max(len(row.place) for row in report.strictness)
    for row in report.strictness:
        if row.rule != rule:
            rule = row.rule
            yield f"  {rule}, {RULES[rule].severity}"
        yield f"  {_place_line(row, width, style)}"


def _place_line(row: StrictnessRow, width: int, style: Style) -> str:
    told = "  ".join(f"{SYNTAXES[syntax]} {_told(getattr(row, syntax)):<28}" for syntax in SYNTAXES)
    line = f"{'!' if row.differs else ' '} {row.place or '(the whole body)':{width}}  {told}".rstrip()
    return style.paint(line, "warning") if row.differs else line


def _told(cell: StrictnessCell) -> str:
    asked = cell.refused + cell.accepted
    of = f" ({cell.refused:,} of {asked:,} refused)" if cell.enforcement == "partly" else ""
    return f"{ENFORCEMENTS[cell.enforcement]}{of}"
