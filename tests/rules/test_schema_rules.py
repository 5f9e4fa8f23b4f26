"""The rules in the published JSON Schemas: each keyword that can fail names one."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from altcraft_contract.contract import load_contract
from altcraft_contract.rules import RULES
from altcraft_contract.validation.closed import close

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.contract import Message

MESSAGES: tuple[Message, ...] = ("request", "response")
# Keywords that only lead to others, and those that judge nothing.
LEADING = {"properties", "items", "allOf", "then", "$ref", "$defs"}
SILENT = {"$schema", "$id", "title", "description", "examples", "if", "x-rules", "x-secret"}
JUDGING = {
    *("type", "required", "anyOf", "not", "enum", "pattern", "minLength", "minItems", "minimum", "maximum"),
}
# What JSON Schema has no word for.
UNSPEAKABLE = {"malformed", "duplicate-field"}


def schema_of(message: Message) -> dict[str, Any]:
    """The published schema of *message*."""
    return load_contract().schema(message)


def iter_subschemas(schema: Any) -> Iterator[dict[str, Any]]:
    """Every subschema whose failing makes the whole fail: neither a condition nor a branch of an alternative."""
    yield schema
    for part in schema.get("allOf", ()):
        yield from iter_subschemas(part)
    for keyword in ("then", "items"):
        if keyword in schema:
            yield from iter_subschemas(schema[keyword])
    for keyword in ("properties", "$defs"):
        for part in schema.get(keyword, {}).values():
            yield from iter_subschemas(part)


def iter_patterns(schema: Any) -> Iterator[str]:
    """Every pattern that can fail."""
    for part in iter_subschemas(schema):
        if "pattern" in part:
            yield part["pattern"]


PATTERNS = sorted({pattern for message in MESSAGES for pattern in iter_patterns(schema_of(message))})


@pytest.mark.parametrize("message", MESSAGES)
def test_schema_is_valid(message: Message) -> None:
    """A published schema keeps the metaschema of 2020-12, in the eyes of both engines."""
    try:
        Draft202012Validator.check_schema(schema_of(message))
    except SchemaError as error:  # pragma: no cover - said in words
        pytest.fail(str(error))
    assert jsonschema_rs.meta.is_valid(schema_of(message))


@pytest.mark.parametrize("message", MESSAGES)
def test_keywords_are_those_this_test_knows(message: Message) -> None:
    """A schema uses no keyword that the walk of these tests would miss."""
    keywords = {keyword for part in iter_subschemas(schema_of(message)) for keyword in part}

    assert keywords <= LEADING | SILENT | JUDGING


@pytest.mark.parametrize("message", MESSAGES)
def test_every_keyword_that_can_fail_names_its_rule(message: Message) -> None:
    """A keyword that judges stands under `x-rules`, and nothing stands there that does not judge."""
    for part in iter_subschemas(schema_of(message)):
        assert set(part.get("x-rules", {})) == set(part) & JUDGING, part


@pytest.mark.parametrize("message", MESSAGES)
def test_rules_in_a_schema_are_in_the_catalogue(message: Message) -> None:
    """What a schema names is a rule of severity error, and about its message."""
    named = {rule for part in iter_subschemas(schema_of(message)) for rule in part.get("x-rules", {}).values()}

    assert {rule for rule in named if RULES[rule].severity != "error"} == set()
    assert {RULES[rule].scope for rule in named} <= {"message", message}


def test_every_error_that_a_schema_can_say_stands_in_one() -> None:
    """Every error about one message stands in a schema, but for what JSON Schema has no word for."""
    named = {
        rule
        for message in MESSAGES
        for part in iter_subschemas(schema_of(message))
        for rule in part.get("x-rules", {}).values()
    }
    errors = {rule for rule in RULES if RULES[rule].severity == "error" and RULES[rule].scope != "exchange"}

    assert named == errors - UNSPEAKABLE


@pytest.mark.parametrize("pattern", PATTERNS)
def test_pattern_is_plain(pattern: str) -> None:
    """A pattern is anchored at both ends, and names digits, not what some engine takes for one."""
    assert "\\d" not in pattern
    assert "\\w" not in pattern
    assert "\\s" not in pattern
    assert pattern.startswith("^")
    assert pattern.endswith("$(?!\\n)")


TEXTS = [
    *("2500.00", "0", "2026-02-18", "2026-02-18T13:01:05.141Z", "2028-02-29T00:00-00:00", "RUB"),
    *("", "٣", "\uff12", "RÜB", "2026-02-30", "1e5", "-1", "x"),
]
ENDS = ["", "\n", "\r", "\r\n", "\u2028", "\u0085", "\n\n", " "]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_pattern_in_every_engine(pattern: str) -> None:
    """A pattern matches the same texts in jsonschema and in jsonschema-rs, and never with a line end after them."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "pattern": pattern}
    core = re.compile(pattern.removeprefix("^").removesuffix("$(?!\\n)"), re.ASCII)
    engines = Draft202012Validator(schema), jsonschema_rs.Draft202012Validator(schema)

    for text, end in product(TEXTS, ENDS):
        expected = core.fullmatch(text) is not None and not end
        assert [engine.is_valid(text + end) for engine in engines] == [expected, expected], text + end


def opened(schema: Any) -> Any:
    """*schema* without what closing it adds."""
    if isinstance(schema, list):
        return [opened(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    parts = {keyword: opened(part) for keyword, part in schema.items()}
    if parts.get("additionalProperties") is False:
        del parts["additionalProperties"]
        del parts["x-rules"]["additionalProperties"]
    return parts


@pytest.mark.parametrize("message", MESSAGES)
def test_closed_schema_is_the_published_one_but_for_unknown_members(message: Message) -> None:
    """What the engines run differs from the published schema in refusing unknown members, and in nothing else."""
    closed = close(schema_of(message))

    assert opened(closed) == schema_of(message)
    assert closed != schema_of(message)


@pytest.mark.parametrize("message", MESSAGES)
def test_every_documented_object_is_closed(message: Message) -> None:
    """Closing refuses unknown members in each object with documented fields, and in no condition."""
    closed = close(schema_of(message))

    documented = [part for part in iter_subschemas(closed) if part.get("type") == "object" and "properties" in part]
    assert documented
    assert all(part["additionalProperties"] is False for part in documented)
    assert all(part["x-rules"]["additionalProperties"] == "unknown-field" for part in documented)
    assert str(closed).count("additionalProperties") == 2 * len(documented)


@pytest.mark.parametrize("message", MESSAGES)
def test_published_schema_is_open(message: Message) -> None:
    """Unknown members are warnings, so that the published schema allows them."""
    assert "additionalProperties" not in str(schema_of(message))
    assert "unevaluatedProperties" not in str(schema_of(message))


@pytest.mark.parametrize("message", MESSAGES)
def test_references_lead_somewhere(message: Message) -> None:
    """Every definition is referred to, and every reference leads to a definition."""
    schema = schema_of(message)
    references = set(re.findall(r"#/\$defs/(\w+)", str(schema)))

    assert references == set(schema["$defs"])
