"""The tables of the rules, and of what the schema languages say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lxml import etree

from altcraft_contract.contract import Contract, Message, load_contract
from altcraft_contract.rules import RULES, Rule
from altcraft_contract.rules.rule import Sample
from tools.tables.markdown import link_rules, make_table
from tools.tables.places import RULE_NOTE, XS, find_json_places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

MESSAGES: Final[tuple[Message, ...]] = ("request", "response")


def iter_rule_index(rules: Mapping[str, Rule]) -> Iterator[str]:
    """Yield the table of some rules."""
    rows = ((link_rules([rule.id]), rule.severity, rule.basis, rule.scope, rule.section) for rule in rules.values())
    yield from make_table(("rule", "severity", "basis", "applies to", "source"), rows)


def find_xsd_rules(path: Path, *, only: str = "*", but: str | None = None) -> set[str]:
    """Return the rules that the components of an XML Schema name.

    Args:
        path: The file.
        only: Only components of this name, such as `assert`.
        but: Only components without a note of this source.
    """
    rules = set()
    for component in etree.parse(path).getroot().iter(f"{XS}{only}"):
        notes = component.findall(f"{XS}annotation/{XS}appinfo")
        if but not in {note.get("source") for note in notes}:
            rules |= {note.text for note in notes if note.get("source") == RULE_NOTE and note.text}
    return rules


def tell_coverage(contract: Contract, message: Message) -> dict[str, dict[str, str]]:
    """Return, for each schema language, what it does about each rule: `yes` or `in part`."""
    modern, old = contract.xsd_path(message), contract.xsd_path(message, "1.0")
    lost = find_xsd_rules(modern, only="assert", but="urn:altcraft-contract:xsd10")
    # In 1.0 files the wildcards for unknown elements are gone, so that these are refused.
    closed = 'notQName="##definedSibling"' not in old.read_text("utf-8")
    return {
        "JSON Schema": dict.fromkeys(find_json_places(message), "yes"),
        "XSD 1.1": dict.fromkeys(find_xsd_rules(modern), "yes"),
        "XSD 1.0": {rule: "in part" if rule in lost else "yes" for rule in find_xsd_rules(old)}
        | ({"unknown-field": "in part"} if closed else {}),
    }


COVERAGE: Final = {message: tell_coverage(load_contract(), message) for message in MESSAGES}
LANGUAGES: Final = tuple(COVERAGE["request"])


def tell_language(rule: Rule, language: str) -> str:
    """Return what a schema language does about a rule, in a word or two."""
    if isinstance(rule.sample, Sample) and rule.sample.json_only and language != "JSON Schema":
        return "cannot occur"
    messages = [message for message in MESSAGES if rule.scope in (message, "message")]
    told = {message: COVERAGE[message][language].get(rule.id, "no") for message in messages}
    if len(set(told.values())) < len(MESSAGES):
        return next(iter(told.values()), "no")
    return ", ".join(f"{message}: {word}" for message, word in told.items())


def iter_schema_languages() -> Iterator[str]:
    """Yield the table of rules and schema languages."""
    rows = (
        (link_rules([rule.id]), rule.severity, *(tell_language(rule, name) for name in LANGUAGES))
        for rule in RULES.values()
    )
    yield from make_table(("rule", "severity", *LANGUAGES), rows)
