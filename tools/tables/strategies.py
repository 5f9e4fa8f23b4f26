"""The tables of the strategies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from altcraft_contract import strategies, validation
from altcraft_contract.strategies.mutations.table import fits
from altcraft_contract.strategies.source import SeededSource
from altcraft_contract.strategies.wire import plain_body
from tools.tables.markdown import link_rules, make_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.contract import Message, Syntax

MESSAGES: Final[tuple[Message, ...]] = ("request", "response")
SYNTAXES: Final[tuple[Syntax, ...]] = ("json", "xml")


def iter_edge_cases() -> Iterator[str]:
    """Yield the table of the edge cases, and the warnings that each has."""
    rows = []
    for name, build in strategies.EDGE_CASES.items():
        findings = validation.check_request(plain_body(build(SeededSource(0)), "json")).findings
        rows.append((f"`{name}`", link_rules(finding.rule for finding in findings)))
    yield from make_table(("name", "warnings"), rows)


def iter_mutations() -> Iterator[str]:
    """Yield the table of the mutations."""
    rows = []
    for name, row in strategies.MUTATIONS.items():
        messages = [word for word in (*MESSAGES, "exchange") if any(fits(row, word, syntax) for syntax in SYNTAXES)]
        syntaxes = [syntax for syntax in SYNTAXES if any(fits(row, word, syntax) for word in messages)]
        rows.append((f"`{name}`", link_rules([row.rule]), ", ".join(messages), ", ".join(syntaxes)))
    yield from make_table(("name", "rule", "message", "syntaxes"), rows)


def iter_malformed(syntax: Syntax) -> Iterator[str]:
    """Yield the table of the ways to break the text of a body, with the rule of the finding."""
    table = strategies.MALFORMED_JSON if syntax == "json" else strategies.MALFORMED_XML
    request = plain_body(strategies.EDGE_CASES["no-optional-field"](SeededSource(0)), syntax)
    rows = []
    for name, change in table.items():
        findings = validation.check_request(change(SeededSource(0), request), syntax=syntax).findings
        rows.append((f"`{name}`", link_rules(finding.rule for finding in findings)))
    yield from make_table(("name", "rule"), rows)
