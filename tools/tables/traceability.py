"""The matrix from what the documentation says to what tests it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from altcraft_contract.contract import Message, load_contract
from altcraft_contract.rules import RULES, Rule
from altcraft_contract.strategies import MUTATIONS
from tools.tables.markdown import link_rules, make_table
from tools.tables.places import find_json_places, find_xsd_places

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS: Final = Path(__file__).resolve().parents[2] / "tests"
MESSAGES: Final[tuple[Message, ...]] = ("request", "response")


def iter_traceability() -> Iterator[str]:
    """Yield the matrix: a row for each rule, in the order of the catalogue."""
    rows = (
        (rule.section, rule.statement, link_rules([rule.id]), rule.basis, *count_places(rule), *count_tests(rule))
        for rule in RULES.values()
    )
    head = ("source", "statement", "rule", "basis", "JSON Schema", "XSD", "mutations", "bodies", "samples", "modules")
    yield from make_table(head, ((*cells[:4], *(str(cell or "·") for cell in cells[4:])) for cells in rows))


def count_places(rule: Rule) -> tuple[int, int, int]:
    """Return how many keywords, components of XML Schemas, and mutations have a rule."""
    contract = load_contract()
    return (
        sum(len(find_json_places(message).get(rule.id, ())) for message in MESSAGES),
        sum(len(find_xsd_places(contract.xsd_path(message)).get(rule.id, ())) for message in MESSAGES),
        sum(row.rule == rule.id for row in MUTATIONS.values()),
    )


def count_tests(rule: Rule) -> tuple[int, int, int]:
    """Return how many bodies of its own, sample messages that break it, and modules that name it the tests have."""
    folder = TESTS / "rules" / rule.id
    bodies = sum(path.suffix in {".json", ".xml"} for path in folder.glob("*valid/*"))
    samples = sum(
        any(rule.id == found for found, *_ in json.loads(line)["findings"])
        for name in ("cases.jsonl", "exchanges.jsonl")
        for line in _read(TESTS / "acceptance" / name).splitlines()
    )
    modules = sum(f'"{rule.id}"' in _read(path) for path in TESTS.rglob("*.py"))
    return bodies, samples, modules


def _read(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""
