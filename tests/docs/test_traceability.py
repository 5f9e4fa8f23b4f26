"""Every documented statement has a rule, and every rule has something that enforces, breaks and tests it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from altcraft_contract.contract import load_contract
from altcraft_contract.rules import RULES
from tools.tables.places import find_json_places, find_xsd_places
from tools.tables.traceability import MESSAGES, count_places, count_tests

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
CONTRACT = load_contract()


def iter_titles(schema: Any) -> Iterator[str]:
    """The titles in a schema, which are those of the tables of the page."""
    if isinstance(schema, dict):
        if isinstance(schema.get("title"), str):
            yield schema["title"]
        for part in schema.values():
            yield from iter_titles(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from iter_titles(part)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_every_rule_is_broken_on_purpose_and_tested(rule: Any) -> None:
    """A rule has mutations, but for what is no message at all, and bodies or samples that break it."""
    _, _, mutations = count_places(rule)
    bodies, samples, modules = count_tests(rule)

    assert mutations or rule.id == "malformed"
    assert bodies or samples
    assert modules


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_every_rule_is_enforced_somewhere(rule: Any) -> None:
    """A rule stands beside keywords of the JSON Schema, or the code names it."""
    keywords, _, _ = count_places(rule)
    package = "".join(path.read_text("utf-8") for path in (ROOT / "altcraft_contract").rglob("*.py"))

    assert keywords or len(re.findall(rf'"{rule.id}"', package)) > 1  # once in its row, and where it is enforced


def test_schemas_name_no_other_rules() -> None:
    """Every id beside a keyword or a component is that of a rule."""
    for message in MESSAGES:
        places = (
            find_json_places(message),
            find_xsd_places(CONTRACT.xsd_path(message)),
            find_xsd_places(CONTRACT.xsd_path(message, "1.0")),
        )
        for found in places:
            assert found
            assert found.keys() <= RULES.keys()


def test_every_table_of_the_page_has_rules() -> None:
    """Each table of the documentation is the source of a rule, but for those of which only the general rules speak."""
    sections = {section.strip() for rule in RULES.values() for section in rule.section.split(",")}
    titles = {title for message in MESSAGES for title in iter_titles(CONTRACT.schema(message))}

    assert "all tables" in sections
    assert titles - sections == {
        "contents array",
        "custom_fields object",
        "issued_promocodes array",
        "points_changes array",
        "pool object",
        "promotion object",
    }
