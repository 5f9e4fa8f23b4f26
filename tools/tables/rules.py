"""The tables of the rules, and of what the schema languages say of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from altcraft_contract.contract import Contract, Message, load_contract
from altcraft_contract.rules import RULES, Rule
from altcraft_contract.rules.rule import ExchangeSample, Sample
from altcraft_contract.rules.samples import sample_texts
from tools.tables.markdown import make_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

XS: Final = "{http://www.w3.org/2001/XMLSchema}"
MESSAGES: Final[tuple[Message, ...]] = ("request", "response")
BASES: Final[Mapping[str, str]] = {
    "documented": "the page says so",
    "example": "only the page's examples show it",
    "contradicted": "the page's table and its example disagree",
    "inferred": "ours: the page is silent",
}


def iter_rule_index() -> Iterator[str]:
    """Yield the table of all rules."""
    rows = ((f"[`{rule.id}`](#{rule.id})", rule.severity, rule.basis, rule.scope) for rule in RULES.values())
    yield from make_table(("rule", "severity", "basis", "applies to"), rows)


def iter_rules() -> Iterator[str]:
    """Yield a section for each rule."""
    for rule in RULES.values():
        yield from (f"### {rule.id}", "")
        yield f"**{rule.severity}** · {rule.basis} ({BASES[rule.basis]}) · {rule.scope} · {rule.section}"
        yield from ("", rule.statement, "")
        yield f"- Remedy: {rule.remedy}"
        yield f"- Kept: {show_sample(rule, valid=True)}"
        yield f"- Broken: {show_sample(rule, valid=False)}"
        yield from (f"- Schema languages: {', '.join(iter_languages(rule)) or 'none'}", "")


def show_sample(rule: Rule, *, valid: bool) -> str:
    """Return the sample of a rule in JSON, on one line; of an exchange, both messages."""
    texts = [text for text in sample_texts(rule, valid=valid) if text.syntax == "json"]
    if isinstance(rule.sample, ExchangeSample):
        texts = sample_texts(rule, valid=valid)[:2]
    shown = []
    for text in texts:
        line = re.sub(r"\n\s*", " " if text.syntax == "json" else "", text.text)
        shown.append(re.sub(r"([{[]) | ([]}])", r"\1\2", line) if text.syntax == "json" else line)
    return " answered by ".join(f"`{line}`" for line in shown)


def find_json_rules(node: Any) -> set[str]:
    """Return the rules that the keywords of a JSON Schema name."""
    if isinstance(node, list):
        return {rule for item in node for rule in find_json_rules(item)}
    if not isinstance(node, dict):
        return set()
    inner = {rule for name, item in node.items() if name != "x-rules" for rule in find_json_rules(item)}
    return inner | set(node.get("x-rules", {}).values())


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
            rules |= {note.text for note in notes if note.get("source") == "urn:altcraft-contract:rule" and note.text}
    return rules


def tell_coverage(contract: Contract, message: Message) -> dict[str, dict[str, str]]:
    """Return, for each schema language, what it does about each rule: `yes` or `in part`."""
    modern, old = contract.xsd_path(message), contract.xsd_path(message, "1.0")
    lost = find_xsd_rules(modern, only="assert", but="urn:altcraft-contract:xsd10")
    # In 1.0 files the wildcards for unknown elements are gone, so that these are refused.
    closed = 'notQName="##definedSibling"' not in old.read_text("utf-8")
    return {
        "JSON Schema": dict.fromkeys(find_json_rules(contract.schema(message)), "yes"),
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


def iter_languages(rule: Rule) -> Iterator[str]:
    """Yield the schema languages that say something of a rule."""
    for language in LANGUAGES:
        word = tell_language(rule, language)
        if word not in ("no", "cannot occur"):
            yield language if word == "yes" else f"{language} ({word})"


def iter_schema_languages() -> Iterator[str]:
    """Yield the table of rules and schema languages."""
    rows = (
        (f"[`{rule.id}`](rules.md#{rule.id})", rule.severity, *(tell_language(rule, name) for name in LANGUAGES))
        for rule in RULES.values()
    )
    yield from make_table(("rule", "severity", *LANGUAGES), rows)
