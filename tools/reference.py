"""Write the tables of the reference from the code's own tables.

    python tools/reference.py            # rewrite docs/reference/*.md
    python tools/reference.py --check    # compare only; print a diff and exit 1 if something is stale

A page holds a table between two comments, `<!-- generated: NAME -->` and `<!-- end: NAME -->`; the rest of the page is
written by hand. The pages below docs/reference/rules/, one for each rule, are made whole.
"""

from __future__ import annotations

import argparse
import re
import sys
from difflib import unified_diff
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from altcraft_contract import strategies
from altcraft_contract.capture import CapturedCall
from altcraft_contract.cli.entry import COMMANDS
from altcraft_contract.contract import Contract
from altcraft_contract.evolution import Change
from altcraft_contract.findings import CheckResult, Finding
from altcraft_contract.fuzz import (
    CampaignReport,
    CampaignSettings,
    CampaignStarted,
    Cause,
    Failure,
    Observation,
    PhaseStarted,
    RequestSent,
    Target,
    Waiting,
)
from altcraft_contract.fuzz.failure import Received
from altcraft_contract.rules import RULES, Rule, RuleSelection
from altcraft_contract.rules.catalogue import SECRET_RULES
from altcraft_contract.stub import Answer, Journal, JournalEntry, Proxy, Request, Scenario, Stub, StubServer
from altcraft_contract.testing import BuilderSuite, ClientSuite, Outcome
from tools.tables.commands import iter_command, iter_configuration, iter_exit_codes
from tools.tables.documents import iter_limits, iter_report, iter_rows
from tools.tables.fuzzer import (
    FUZZ,
    iter_endings,
    iter_enforcements,
    iter_oracles,
    iter_outcomes,
    iter_phases,
    iter_reports,
)
from tools.tables.markdown import iter_attributes
from tools.tables.pytest_plugin import iter_fixtures, iter_keys, iter_markers, iter_options
from tools.tables.rule_pages import make_rule_pages
from tools.tables.rules import iter_rule_index, iter_schema_languages
from tools.tables.signatures import TESTING, iter_classes, iter_functions
from tools.tables.strategies import iter_edge_cases, iter_malformed, iter_mutations
from tools.tables.stub import iter_entry, iter_refusals, iter_scenarios, iter_stub_limits
from tools.tables.traceability import iter_traceability

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ROOT: Final = Path(__file__).resolve().parents[1]
PAGES: Final = ROOT / "docs/reference"
EVENTS: Final = (CampaignStarted, PhaseStarted, RequestSent, Waiting)


def main(arguments: list[str] | None = None) -> int:
    """Rewrite or compare the pages, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 on a difference")
    options = parser.parse_args(arguments)
    found: set[str] = set()
    stale = False
    pages = {path: render_page(path.read_text("utf-8"), found) for path in sorted(PAGES.glob("*.md"))}
    pages |= make_rule_pages(PAGES / "rules")
    for path in sorted((PAGES / "rules").glob("*.md")):
        if path not in pages:
            stale = True
            sys.stdout.write(f"{path.relative_to(ROOT).as_posix()} is of no rule\n")
            if not options.check:
                path.unlink()
    for path, after in pages.items():
        before = path.read_text("utf-8") if path.is_file() else ""
        if before == after:
            continue
        stale = True
        if options.check:
            name = path.relative_to(ROOT).as_posix()
            sys.stdout.writelines(
                unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), name, "as generated")
            )
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(after, "utf-8", newline="\n")
    if missing := TABLES.keys() - found:
        sys.stderr.write(f"no page has the comments for: {', '.join(sorted(missing))}\n")
        return 1
    return 1 if options.check and stale else 0


def render_page(text: str, found: set[str]) -> str:
    """Return a page with every table made anew; add the names of its tables to *found*."""

    def table(match: re.Match[str]) -> str:
        name = match[1]
        found.add(name)
        body = "\n".join(TABLES[name]()).strip()
        return f"<!-- generated: {name} -->\n\n{body}\n\n<!-- end: {name} -->"

    return re.sub(r"<!-- generated: (.*?) -->.*?<!-- end: \1 -->", table, text, flags=re.DOTALL)


TABLES: Final[Mapping[str, Callable[[], Iterator[str]]]] = {
    "rule-index": partial(iter_rule_index, RULES),
    "secret-rules": partial(iter_rule_index, SECRET_RULES),
    "traceability": iter_traceability,
    "schema-languages": iter_schema_languages,
    **{f"command: {name}": partial(iter_command, name) for name in ("altcraft-contract", *COMMANDS)},
    "configuration": iter_configuration,
    "exit-codes": iter_exit_codes,
    "functions": iter_functions,
    "stub-classes": iter_classes,
    "stub": partial(iter_attributes, Stub),
    "stub-server": partial(iter_attributes, StubServer),
    "proxy": partial(iter_attributes, Proxy),
    "journal": partial(iter_attributes, Journal),
    "journal-entry": partial(iter_attributes, JournalEntry),
    "stub-request": partial(iter_attributes, Request),
    "stub-answer": partial(iter_attributes, Answer),
    "scenario": partial(iter_attributes, Scenario),
    "finding": partial(iter_attributes, Finding),
    "result": partial(iter_attributes, CheckResult),
    "rule": partial(iter_attributes, Rule),
    "selection": partial(iter_attributes, RuleSelection),
    "contract": partial(iter_attributes, Contract),
    "change": partial(iter_attributes, Change),
    "limits": iter_limits,
    "values": partial(iter_attributes, strategies.Values),
    "mutant": partial(iter_attributes, strategies.Mutant),
    "edge-cases": iter_edge_cases,
    "mutations": iter_mutations,
    "malformed-json": partial(iter_malformed, "json"),
    "malformed-xml": partial(iter_malformed, "xml"),
    "report": partial(iter_report, "lint-report"),
    "summary-report": partial(iter_report, "lint-summary"),
    "rows": iter_rows,
    "scenarios": iter_scenarios,
    "refusals": iter_refusals,
    "entry": iter_entry,
    "stub-limits": iter_stub_limits,
    "phases": iter_phases,
    "oracles": iter_oracles,
    "outcomes": iter_outcomes,
    "enforcements": iter_enforcements,
    "endings": iter_endings,
    "campaign-reports": iter_reports,
    "fuzz-functions": partial(iter_functions, FUZZ),
    "fuzz-target": partial(iter_attributes, Target),
    "campaign-settings": partial(iter_attributes, CampaignSettings),
    "campaign-report": partial(iter_attributes, CampaignReport),
    "failure": partial(iter_attributes, Failure),
    "cause": partial(iter_attributes, Cause),
    "received": partial(iter_attributes, Received),
    "observation": partial(iter_attributes, Observation),
    **{f"event: {event.__name__}": partial(iter_attributes, event) for event in EVENTS},
    "testing-functions": partial(iter_functions, TESTING),
    "client-suite": partial(iter_attributes, ClientSuite),
    "builder-suite": partial(iter_attributes, BuilderSuite),
    "outcome": partial(iter_attributes, Outcome),
    "captured-call": partial(iter_attributes, CapturedCall),
    "pytest-fixtures": iter_fixtures,
    "pytest-options": iter_options,
    "pytest-keys": iter_keys,
    "pytest-markers": iter_markers,
}
"""Name, as the comments have it, to what yields the lines between them."""


if __name__ == "__main__":
    sys.exit(main())
