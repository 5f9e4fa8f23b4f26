"""The published schema, made to report unknown members as well.

The published one is open, since unknown members are warnings. The engines run this one, derived from it, so that one
pass tells both.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.contract import load_contract
from altcraft_contract.errors import UnusableContract
from altcraft_contract.rules.catalogue import RULES
from altcraft_contract.rules.schema_faults import RULES_KEYWORD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from altcraft_contract.contract import Message

_JUDGING: Final = (
    *("type", "enum", "const", "pattern", "format", "required", "minLength", "maxLength", "minItems", "maxItems"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "uniqueItems", "anyOf", "not"),
)
"""Keywords that refuse values, each of which has to name its rule."""


@cache
def closed_schema(name: str, message: Message) -> dict[str, Any]:
    """The schema that the engines run.

    Args:
        name: Of the contract, as `load_contract` takes it.
        message: `request` or `response`.

    Raises:
        UnusableContract: if a keyword names no rule of the catalogue.
    """
    contract = load_contract(name)
    for fault in _iter_rule_faults(contract.schema(message), ""):
        raise UnusableContract(str(contract.schema_path(message)), fault)
    closed: dict[str, Any] = close(contract.schema(message))
    return closed


def _iter_rule_faults(schema: Any, pointer: str) -> Iterator[str]:
    """What the findings about a schema could not name."""
    if not isinstance(schema, dict):
        return
    rules: Mapping[str, Any] = schema.get(RULES_KEYWORD, {})
    where = pointer or "the root"
    for keyword in _JUDGING:
        if keyword in schema and keyword not in rules:
            yield f"{where}: {keyword!r} has no rule; name one of the catalogue under {RULES_KEYWORD}"
    for keyword, rule in rules.items():
        if rule not in RULES:
            known = "`altcraft-contract rules` lists them"
            yield f"{where}: {RULES_KEYWORD} names the rule {rule!r} for {keyword!r}; {known}"
    for way, part in _iter_judging_parts(schema):
        yield from _iter_rule_faults(part, f"{pointer}/{way}")


def _iter_judging_parts(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The schemas within *schema* that refuse values, each with the way to it."""
    for keyword in ("properties", "$defs"):
        for name, member in schema.get(keyword, {}).items():
            yield f"{keyword}/{name}", member
    for index, part in enumerate(schema.get("allOf", ())):
        yield f"allOf/{index}", part
    for keyword in ("items", "then", "else", "additionalProperties"):
        if keyword in schema:
            yield keyword, schema[keyword]


def close(schema: Any) -> Any:
    """A copy of *schema* in which every documented object refuses members that it does not list."""
    if isinstance(schema, list):
        return [close(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {keyword: close(part) for keyword, part in schema.items()}
    if RULES_KEYWORD in schema and schema.get("type") == "object" and "properties" in schema:
        closed["additionalProperties"] = False
        closed[RULES_KEYWORD] = {**schema[RULES_KEYWORD], "additionalProperties": "unknown-field"}
    return closed
