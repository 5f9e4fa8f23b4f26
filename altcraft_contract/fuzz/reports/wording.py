"""The sentences that several reports tell a campaign in."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePath
from shlex import quote
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from altcraft_contract.findings import Severity
from altcraft_contract.fuzz.case_file import SUFFIX
from altcraft_contract.fuzz.run_directory import CASES
from altcraft_contract.fuzz.showing import safe_line
from altcraft_contract.fuzz.strictness import tally
from altcraft_contract.renderers.redaction import redact_path
from altcraft_contract.renderers.text import count
from altcraft_contract.renderers.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from altcraft_contract.contract import Syntax
    from altcraft_contract.fuzz.case import Case
    from altcraft_contract.fuzz.failure import Failure, Observation, Received
    from altcraft_contract.fuzz.report import CampaignReport, Ending
    from altcraft_contract.fuzz.strictness import Enforcement

SYNTAXES: Final[Mapping[Syntax, str]] = MappingProxyType({"json": "JSON", "xml": "XML"})
ENFORCEMENTS: Final[Mapping[Enforcement, str]] = MappingProxyType(
    {
        "enforced": "enforced",
        "not-enforced": "not enforced",
        "partly": "partly enforced",
        "not-reached": "not reached",
        "impossible": "impossible",
    }
)
ENDINGS: Final[Mapping[Ending, str]] = MappingProxyType(
    {
        "finished": "the campaign came to its end",
        "max-requests": "stopped: as many requests as it may send",
        "max-orders": "stopped: as many orders as it may make",
        "max-time": "stopped: its time was over",
        "max-failures": "stopped: as many failures as it may find",
        "interrupted": "interrupted",
        "target-failed": "stopped: the target failed",
        "refused-warm-up": "stopped: the target refused plain orders",
        "unreachable": "stopped: the target could not be reached",
        "dry-run": "dry run: nothing was sent",
        "rate-limited": "stopped: the target turned requests away",
    }
)
KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "verdict": "Verdicts where no rule decides",
        "error-code": "Error codes",
        "status": "HTTP statuses",
        "field": "Fields",
        "text": "Texts",
        "warning": "Warnings",
        "connection": "Connections",
    }
)
SILENCE: Final = "the documentation is silent; never a failure"


def sentence(text: str) -> str:
    """*text*, which the target may have had a hand in, on one line, with a capital."""
    line = safe_line(text)
    return f"{line[:1].upper()}{line[1:]}"


def name_of(failure: Failure) -> str:
    """What it judged by, and where; of an oracle without rules where, or what it met."""
    place = failure.cause.place
    if not failure.rule:
        return safe_line(f"at {place}" if place.startswith("/") else place or failure.feature)
    where = f" at {place}" if place.startswith("/") else place and f", {place}"
    return safe_line(f"{failure.rule}{where}")


def title_of(failure: Failure) -> str:
    """The oracle, what it judged by, where, in which syntaxes, and how often."""
    syntaxes = ", ".join(SYNTAXES[syntax] for syntax in failure.syntaxes)
    where = f" ({syntaxes})" if syntaxes else ""
    return f"{failure.cause.oracle}, {name_of(failure)}{where}, {count(failure.count, 'time')}"


def source_of(failure: Failure) -> str:
    """What it leans on."""
    rule = f"; rule {failure.rule}" if failure.rule else ""
    return safe_line(f"{failure.section} ({failure.basis}){rule}")


def confirmation_of(failure: Failure) -> str:
    """How sure it is; empty if nothing was sent again."""
    if not failure.attempts:
        return ""
    return f"shown again in {failure.confirmed} of {count(failure.attempts, 'attempt')}"


def request_head(case: Case) -> str:
    """What a request is, but for its body."""
    parts = [SYNTAXES[case.syntax], visible(case.method), case.content_type or "no content type"]
    parts += [f"framing {case.framing}"] if case.framing != "length" else []
    parts += [f"token: {case.credentials}"] if case.credentials != "body" else []
    return visible(", ".join(parts))


def answer_head(received: Received) -> str:
    """What an answer is, but for its body."""
    parts = ["no answer" if received.status is None else str(received.status), received.outcome]
    if received.fault is not None:
        parts.append(f"{received.fault}{received.detail and f' ({safe_line(received.detail)})'}")
    return ", ".join([*parts, duration(received.seconds)])


def duration(seconds: float) -> str:
    """A time, in the unit that suits it."""
    if seconds < 1:
        return f"{seconds * 1000:.3g} ms"
    return f"{seconds:,.1f} s"


def case_file(report: CampaignReport, failure: Failure) -> str | None:
    """The case file of a failure; None if none is kept."""
    if report.directory is None:
        return None
    return visible(redact_path(str(PurePath(report.directory, CASES, f"{failure.id}{SUFFIX}"))))


def replay_line(report: CampaignReport, failure: Failure) -> str | None:
    """The command that sends the case of a failure again; None if it is not kept."""
    file = case_file(report, failure)
    if file is None:
        return None
    return f"altcraft-contract replay {quote(file)}"


def verdict_of(report: CampaignReport) -> str:
    """What came of it, in few words."""
    if report.ending == "dry-run":
        return "nothing was sent"
    if not report.failures and not report.ok:
        return "no verdict"
    found = count(len(report.failures), "failure") if report.failures else "nothing found"
    return f"{found}, {len(report.known):,} known" if report.known else found


def summary_of(report: CampaignReport) -> str:
    """The whole campaign in one line."""
    ending = "" if report.ending == "finished" else f"; {ENDINGS[report.ending]}"
    return (
        f"{count(report.requests, 'request')}, {count(report.orders, 'order')} accepted, {duration(report.seconds)}: "
        f"{verdict_of(report)}{ending}; seed {report.seed}, run {visible(report.run)}"
    )


def ending_of(report: CampaignReport) -> str:
    """Why it ended, and what can be done about it."""
    detail = safe_line(report.ending_detail)
    ending = sentence(ENDINGS[report.ending])
    between = ". " if detail[:1].isupper() else "; " if detail else "."
    return f"{ending}{between}{detail}"


def coverage_of(report: CampaignReport) -> Iterator[str]:
    """What was covered, and how strict the target was: a sentence each."""
    rows = [
        row for row in report.strictness if {row.json.enforcement, row.xml.enforcement} - {"not-reached", "impossible"}
    ]
    if not rows:
        return
    rules, places = count(len({row.rule for row in rows}), "rule"), count(len(rows), "place")
    done = {phase.phase: phase.done for phase in report.phases}
    edges = f" and {count(done['edge'], 'edge case')}" if done.get("edge") else ""
    yield f"Covered: {rules} at {places}{edges}."
    parts = []
    for syntax, title in SYNTAXES.items():
        strict, asked = share_of(report, syntax)
        if asked:
            parts.append(f"{strict:,} of {count(asked, 'place')} in {title}")
    if parts:
        differing = sum(row.differs for row in report.strictness)
        apart = f"; the syntaxes differ at {count(differing, 'place')}" if differing else ""
        yield f"What must be refused is refused at {', '.join(parts)}{apart}."


def share_of(report: CampaignReport, syntax: Syntax) -> tuple[int, int]:
    """At how many places it refused what must be refused, and at how many it was asked."""
    totals = tally(row for row in report.strictness if row.severity is Severity.ERROR)[syntax]
    return totals["enforced"], totals["enforced"] + totals["not-enforced"] + totals["partly"]


def by_kind(observations: Iterable[Observation]) -> Mapping[str, list[Observation]]:
    """Title of a kind to its observations, the most frequent first; kinds without any left out."""
    ordered = sorted(observations, key=lambda observation: -observation.count)
    found = {title: [item for item in ordered if item.kind == kind] for kind, title in KINDS.items()}
    return {title: items for title, items in found.items() if items}


def by_rule(report: CampaignReport, syntax: Syntax) -> Mapping[str, Counter[Enforcement]]:
    """Rule to enforcement to number of places."""
    found: dict[str, Counter[Enforcement]] = {}
    for row in report.strictness:
        found.setdefault(row.rule, Counter())[getattr(row, syntax).enforcement] += 1
    return found
