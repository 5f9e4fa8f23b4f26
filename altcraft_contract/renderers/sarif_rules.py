"""The rules as a SARIF report describes them, with help and samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.contract import load_contract
from altcraft_contract.renderers.redaction import Redactor
from altcraft_contract.rules.catalogue import RULES, SECRET_RULES
from altcraft_contract.rules.rule import BASIS_MEANINGS
from altcraft_contract.rules.samples import sample_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.rules.rule import Rule
    from altcraft_contract.rules.samples import SampleText

_TITLES: Final = {True: "Keeps the rule", False: "Breaks the rule"}

RULE_INDEX: Final = {rule: index for index, rule in enumerate((*RULES, *SECRET_RULES))}
"""Id of a rule to its place in a report."""


def iter_rules() -> Iterator[dict[str, Any]]:
    """Every rule as a `reportingDescriptor`, in the order of `RULE_INDEX`."""
    facts = load_contract().source
    page = f"{facts['page']}, {facts['version']}"
    for rule in (*RULES.values(), *SECRET_RULES.values()):
        yield {
            "id": rule.id,
            "name": "".join(word.capitalize() for word in rule.id.split("-")),
            "shortDescription": {"text": _first_sentence(rule.statement)},
            "fullDescription": {"text": rule.statement},
            "help": {"text": _help(rule, page), "markdown": _markdown(rule, page)},
            "defaultConfiguration": {"level": str(rule.severity)},
            "properties": {"tags": [str(rule.basis), rule.scope]},
        }


def _help(rule: Rule, page: str) -> str:
    parts = [
        rule.statement,
        f"Remedy: {rule.remedy}",
        f"Source: {page}; {rule.section}",
        f"Basis: {rule.basis}: {BASIS_MEANINGS[rule.basis]}",
    ]
    parts += [f"{title}:\n{text.text}" for title, text in _samples(rule)]
    return "\n\n".join(parts)


def _markdown(rule: Rule, page: str) -> str:
    parts = [
        rule.statement,
        f"**Remedy:** {rule.remedy}",
        f"**Source:** {page}; {rule.section}",
        f"**Basis:** {rule.basis}: {BASIS_MEANINGS[rule.basis]}",
    ]
    parts += [f"**{title}:**\n\n```{text.syntax}\n{text.text}\n```" for title, text in _samples(rule)]
    return "\n\n".join(parts)


def _samples(rule: Rule) -> list[tuple[str, SampleText]]:
    """What keeps and what breaks a rule, with its title, in JSON where that shows it.

    A sample with an address, a number or a token is left out: nobody who looks for secrets in a report can know that it
    is made up.
    """
    samples = [
        (f"{_TITLES[valid]} ({text.message})" if rule.scope == "exchange" else _TITLES[valid], text)
        for valid in (True, False)
        for text in _in_json(sample_texts(rule, valid=valid))
    ]
    has_secrets = any(Redactor(text.text).source != text.text for _, text in samples)
    return [] if has_secrets else samples


def _in_json(texts: list[SampleText]) -> list[SampleText]:
    """Those in JSON; of an exchange the first request and its response, whatever their syntax."""
    if {text.message for text in texts} == {"request", "response"}:
        return texts[:2]
    return [text for text in texts if text.syntax == "json"]


def _first_sentence(text: str) -> str:
    return text.partition(". ")[0].rstrip(".") + "."
