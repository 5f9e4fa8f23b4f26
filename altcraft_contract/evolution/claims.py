"""What a JSON Schema of the contract says, claim by claim: each place, each keyword, each condition."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from altcraft_contract.documents.pointer import join
from altcraft_contract.errors import UnusableContract
from altcraft_contract.evolution.conditions import describe_condition

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from altcraft_contract.contract import Contract, Message

ANY: Final = "*"
RULES_KEYWORD: Final = "x-rules"
TEXTS: Final = frozenset({"title", "description", "examples", "default", "deprecated", "x-secret", "$comment"})
"""Keywords that refuse nothing."""
_STRUCTURE: Final = frozenset(
    {"$schema", "$id", "$defs", "$ref", "properties", "items", "allOf", "if", "then", "else", RULES_KEYWORD}
)


class Key(NamedTuple):
    """What a claim is about.

    Attributes:
        pointer: Template of the place.
        condition: When it holds, as a clause; empty if always.
        keyword: Of JSON Schema; `required` stands at the field that is required, `values` is `enum` or `const`.
        number: From 0; which one it is, if the same is said twice.
    """

    pointer: str
    condition: str
    keyword: str
    number: int = 0


class Claim(NamedTuple):
    """What is said.

    Attributes:
        value: What stands beside the keyword.
        rule: Id of the rule that it enforces; None if it names none.
    """

    value: Any
    rule: str | None


@dataclass(slots=True)
class Claims:
    """All that a schema says.

    Attributes:
        fields: Template of each documented field to its documented type, in the order of the schema.
        said: What is about a place to what is said.
    """

    fields: dict[str, str] = field(default_factory=dict)
    said: dict[Key, Claim] = field(default_factory=dict)


def claims_of(contract: Contract, message: Message) -> Claims:
    """What the schema of *message* says of each place.

    Raises:
        UnusableContract: if the schema refers to itself.
    """
    schema = contract.schema(message)
    reader = _Reader(schema)
    try:
        reader.read(schema, "", "")
    except RecursionError:
        raise UnusableContract(
            str(contract.schema_path(message)), "is nested too deeply, or refers to itself"
        ) from None
    return reader.claims


class _Reader:
    def __init__(self, root: Mapping[str, Any]) -> None:
        self.root = root
        self.claims = Claims()

    def read(self, schema: Any, pointer: str, condition: str) -> None:
        """Take what *schema* says of the place at *pointer*, which it stands at only under *condition*."""
        if not isinstance(schema, dict):  # `true` says nothing, and `false` stands in no contract
            return
        self.take(schema, pointer, condition)
        for name, member in schema.get("properties", {}).items():
            below = pointer + join([name])
            if member.get("not") != {}:  # which forbids a field, and documents none
                self.claims.fields.setdefault(below, "")
            self.read(member, below, condition)
        if "items" in schema:
            self.read(schema["items"], f"{pointer}/{ANY}", condition)
        if "$ref" in schema:  # what stands beside a reference is nearer to the place than what it refers to
            self.read(self.root["$defs"][schema["$ref"].rpartition("/")[2]], pointer, condition)
        for part in schema.get("allOf", ()):
            self.read(part, pointer, condition)
        if "if" in schema:
            clause = describe_condition(schema["if"])
            self.read_branches(schema, pointer, f"{condition} and {clause}" if condition else f"if {clause}")

    def read_branches(self, schema: Mapping[str, Any], pointer: str, condition: str) -> None:
        """Take what holds only sometimes."""
        if "then" in schema:
            self.read(schema["then"], pointer, condition)
        if "else" in schema:
            self.read(schema["else"], pointer, f"unless {condition.removeprefix('if ')}")

    def take(self, schema: Mapping[str, Any], pointer: str, condition: str) -> None:
        """Take what the keywords of *schema* say, apart from the schemas within it."""
        rules: Mapping[str, str] = schema.get(RULES_KEYWORD, {})
        for keyword, value in _iter_claims(schema):
            rule = rules.get(keyword)
            if keyword == "required":
                for name in value:
                    self.add(Key(pointer + join([name]), condition, keyword), Claim(value=True, rule=rule))
            elif keyword in ("enum", "const"):
                values = value if keyword == "enum" else [value]
                self.add(Key(pointer, condition, "values"), Claim(values, rule))
            else:
                if keyword == "type":
                    self.claims.fields[pointer] = self.claims.fields.get(pointer) or str(value)
                self.add(Key(pointer, condition, keyword), Claim(value, rule))

    def add(self, key: Key, claim: Claim) -> None:
        """Take *claim*, unless it is known; of two texts the one that is nearer to the place is taken."""
        said = self.claims.said
        while key in said:
            if said[key] == claim or key.keyword in TEXTS:
                return
            key = key._replace(number=key.number + 1)
        said[key] = claim


def _iter_claims(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for keyword, value in schema.items():
        if keyword not in _STRUCTURE:
            yield keyword, value


def canonical(value: Any) -> str:
    """*value* as JSON that is the same for all that is equal."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
