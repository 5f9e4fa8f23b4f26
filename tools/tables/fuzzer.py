"""The tables of the fuzzer: phases, oracles, verdicts, endings, reports."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, get_args

from altcraft_contract import fuzz
from altcraft_contract.cli.campaign_files import STEM
from altcraft_contract.fuzz.case import PHASES
from altcraft_contract.fuzz.exchange import OUTCOMES
from altcraft_contract.fuzz.report import CampaignReport, Ending, Timing
from altcraft_contract.fuzz.reports import REPORTS
from altcraft_contract.fuzz.strictness import Enforcement
from tools.tables.markdown import make_table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

FUZZ: Final[Mapping[str, tuple[str, ...]]] = {
    "altcraft_contract.fuzz": tuple(name for name in fuzz.__all__ if name.islower())
}
_PHASES: Final[Mapping[str, str]] = {
    "examples": "The documented example, in JSON and in XML.",
    "valid": "Valid orders of every shape, each in both syntaxes.",
    "edge": "The [edge cases](strategies.md#edge-cases): valid, and rare.",
    "mutations": "Orders with exactly one [mistake](strategies.md#mutations): every rule, at every place that it has.",
    "malformed": "Bodies that are [no JSON or no XML](strategies.md#malformed-bodies).",
    "transport": "Types of content, methods, headers, framing, sizes, company on a connection.",
    "relations": "What belongs together: an order in other spellings, in the other syntax, once more, without a token.",
}
_OUTCOMES: Final[Mapping[str, str]] = {
    "accepted": "An envelope whose `error` is 0.",
    "outdated": "The same, with `data.status` `outdated`.",
    "refused": "An envelope whose `error` is another number.",
    "broken": "No envelope, HTTP 5xx, no whole answer, or none at all.",
}
_ENDINGS: Final[Mapping[str, str]] = {
    "finished": "Everything that was planned was sent.",
    "max-requests": "As many requests were sent as may be.",
    "max-orders": "As many orders were accepted as may be.",
    "max-time": "Its time was over.",
    "max-failures": "As many failures were found as may be.",
    "interrupted": "Ctrl-C.",
    "target-failed": (
        "The target stopped answering, refuses plain orders that it took before, or takes no connection any more."
    ),
    "refused-warm-up": "The target refused plain orders in both syntaxes.",
    "unreachable": "Nothing answers at the address, or its certificate is not trusted.",
    "dry-run": "Nothing was to be sent.",
    "rate-limited": "The target answers HTTP 429, or 503 with `Retry-After`, again and again.",
}
_ENFORCEMENTS: Final[Mapping[str, str]] = {
    "enforced": "Every request that breaks the rule there was refused.",
    "not-enforced": "None was.",
    "partly": "Some were.",
    "not-reached": "None was sent, or none got a whole answer.",
    "impossible": "The syntax cannot break the rule there.",
}
_REPORTS: Final[Mapping[str, str]] = {
    "junit": "CI servers: a suite for each oracle, a test for each failure.",
    "json": "Programs: everything, in one object.",
    "ndjson": "Programs: the same, a line for each fact.",
    "har": "Browsers and HTTP tools: the requests of the failures, and their answers.",
    "html": "People: one file with summary, matrix and failures, which needs nothing else.",
    "markdown": "Issues and merge requests.",
}


def iter_phases() -> Iterator[str]:
    """Yield the table of the phases."""
    yield from make_table(("phase", "sends"), _rows(_PHASES, PHASES))


def iter_oracles() -> Iterator[str]:
    """Yield the table of the oracles."""
    rows = ((f"`{oracle.name}`", oracle.statement, str(oracle.basis)) for oracle in fuzz.ORACLES.values())
    yield from make_table(("oracle", "fails if", "basis"), rows)


def iter_outcomes() -> Iterator[str]:
    """Yield the table of verdicts on one answer."""
    yield from make_table(("verdict", "the answer is"), _rows(_OUTCOMES, OUTCOMES))


def iter_enforcements() -> Iterator[str]:
    """Yield the table of what a cell of the matrix says."""
    yield from make_table(("cell", "means"), _rows(_ENFORCEMENTS, get_args(Enforcement)))


def iter_endings() -> Iterator[str]:
    """Yield the table of endings, with the exit code of a campaign that found nothing until then."""
    nothing: dict[str, Any] = dict.fromkeys(("run", "target", "contract", "tool_version", "started"), "")
    empty = CampaignReport(**nothing, seed=0, seconds=0.0, ending="finished", outcomes={}, timing=Timing())
    known = dict(_rows(_ENDINGS, get_args(Ending)))
    rows = (
        (f"`{ending}`", known[f"`{ending}`"], str(replace(empty, ending=ending).exit_code))
        for ending in get_args(Ending)
    )
    yield from make_table(("ending", "because", "exit code, if nothing was found"), rows)


def iter_reports() -> Iterator[str]:
    """Yield the table of reports."""
    known = dict(_rows(_REPORTS, REPORTS))
    rows = ((f"`{name}`", f"`{STEM}.{form.suffix}`", known[f"`{name}`"]) for name, form in REPORTS.items())
    yield from make_table(("`--report`", "file", "for"), rows)


def _rows(words: Mapping[str, str], names: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield names with their words; every one has words, and the other way round."""
    if words.keys() != set(names):
        raise LookupError(words.keys() ^ set(names))
    yield from ((f"`{name}`", words[name]) for name in names)
