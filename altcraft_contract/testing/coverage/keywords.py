"""The places of the rules that a schema says: where its keywords carry their ids.

What stands under `then` speaks only of values that meet its `if`: a discount without an amount is asked of no other
promotion.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.rules.schema_faults import RULES_KEYWORD
from altcraft_contract.testing.coverage.conditions import TYPES, condition_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_KINDS: Final[Mapping[str, tuple[type, ...]]] = {
    "minLength": (str,),
    "pattern": (str,),
    "minimum": (int, float),
    "maximum": (int, float),
    "minItems": (list,),
    "required": (dict,),
    "anyOf": (dict,),
    "additionalProperties": (dict,),
}
"""Keyword to the types that it judges; any other value keeps it in an empty sense only."""

_NONE: Final[frozenset[str]] = frozenset()
_FORBIDDEN: Final = "not"
_SCALARS: Final = (str, int, float, bool, type(None))
_EVERY_TYPE: Final = (*_SCALARS, dict, list)


@dataclass(slots=True)
class Keywords:
    """What a schema says of the value at one place.

    Attributes:
        rules: Type of the value to the ids of the rules that judge it.
        members: Field name to what is said of it.
        items: What is said of the items.
        conditions: What is said besides of a value that meets a condition.
    """

    rules: dict[type, frozenset[str]] = field(default_factory=dict)
    members: dict[str, Keywords] = field(default_factory=dict)
    items: Keywords | None = None
    conditions: list[tuple[Callable[[Any], bool], Keywords]] = field(default_factory=list)


def keywords_of(schema: Mapping[str, Any]) -> Keywords:
    """What *schema*, a published one made closed, says.

    Raises:
        ValueError: if a rule stands at a keyword that is not known here.
    """
    return _Reader(schema).read([schema])


def rules_in(keywords: Keywords) -> Iterator[str]:
    """Every rule that *keywords* carry, some more than once."""
    for rules in keywords.rules.values():
        yield from rules
    children = [*keywords.members.values(), *(below for _, below in keywords.conditions)]
    for below in (*children, *((keywords.items,) if keywords.items is not None else ())):
        yield from rules_in(below)


def find_spoken(keywords: Keywords, value: Any, spoken: set[str]) -> None:
    """Find the rules that *keywords* apply to *value*, and put their ids into *spoken*."""
    spoken |= keywords.rules.get(type(value), _NONE)
    if type(value) is dict:
        members = keywords.members
        for name, member in value.items():
            below = members.get(name)
            if below is None:
                continue
            if type(member) is dict or type(member) is list:
                find_spoken(below, member, spoken)
            else:
                spoken |= below.rules.get(type(member), _NONE)
        for condition, below in keywords.conditions:
            if condition(value):
                find_spoken(below, value, spoken)
    elif type(value) is list and keywords.items is not None:
        for item in value:
            find_spoken(keywords.items, item, spoken)


class _Reader:
    def __init__(self, root: Mapping[str, Any]) -> None:
        self.root = root

    def read(self, schemas: list[Mapping[str, Any]]) -> Keywords:
        """What all of *schemas* say of one value."""
        parts = [part for schema in schemas for part in self.parts(schema)]
        keywords = Keywords()
        properties: dict[str, list[Mapping[str, Any]]] = {}
        for part in parts:
            for keyword, rule in part.get(RULES_KEYWORD, {}).items():
                self.add(keywords, rule, _kinds(keyword, part))
            for name, schema in part.get("properties", {}).items():
                properties.setdefault(name, []).append(schema)
            if "then" in part:
                keywords.conditions.append((condition_of(part["if"]), self.read([part["then"]])))
        for name, schema_list in properties.items():
            keywords.members[name] = self.read(schema_list)
            for schema in schema_list:
                if _FORBIDDEN in schema.get(RULES_KEYWORD, {}):
                    self.add(keywords, schema[RULES_KEYWORD][_FORBIDDEN], (dict,))
        items = [part["items"] for part in parts if "items" in part]
        keywords.items = self.read(items) if items else None
        return keywords

    def parts(self, schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """*schema* and all that it says through `$ref` and `allOf`, without a condition."""
        yield schema
        if "$ref" in schema:
            yield from self.parts(self.root["$defs"][schema["$ref"].rpartition("/")[2]])
        for part in schema.get("allOf", ()):
            yield from self.parts(part)

    @staticmethod
    def add(keywords: Keywords, rule: str, kinds: tuple[type, ...]) -> None:
        for kind in kinds:
            keywords.rules[kind] = keywords.rules.get(kind, frozenset()) | {rule}


def _kinds(keyword: str, schema: Mapping[str, Any]) -> tuple[type, ...]:
    """Types of the values that *keyword* judges; what forbids a member is a matter of the object around it."""
    if keyword == "type":
        return _EVERY_TYPE
    if keyword == "enum":
        return TYPES[schema["type"]]
    if keyword == _FORBIDDEN:
        return ()
    if keyword not in _KINDS:
        raise ValueError(
            f"a rule at the keyword {keyword!r} of a schema: known are {', '.join(_KINDS)}, type, enum, not"
        )
    return _KINDS[keyword]
