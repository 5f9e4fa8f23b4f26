"""The conditions of a schema (`if`) as clauses for people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LONGEST: Final = 300  # characters of a clause


def describe_condition(schema: Mapping[str, Any]) -> str:
    """When a value meets *schema*, as a clause such as "`status` is `success`"; JSON where words are lacking."""
    clause = _clause(schema, "it")
    text = clause if clause is not None else f"it keeps {json.dumps(schema, sort_keys=True, ensure_ascii=False)}"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _clause(schema: Any, subject: str) -> str | None:
    """What *schema* says of *subject*; None if there are no words for it."""
    if not isinstance(schema, dict) or not schema.keys() <= _WORDS.keys():
        return None
    clauses = [_WORDS[keyword](value, subject, schema) for keyword, value in schema.items()]
    if None in clauses:
        return None
    return " and ".join(clause for clause in clauses if clause) or f"{subject} is there"


def _const(value: Any, subject: str, _: Mapping[str, Any]) -> str:
    return f"{subject} is `{value}`"


def _enum(value: Any, subject: str, _: Mapping[str, Any]) -> str:
    return f"{subject} is {' or '.join(f'`{item}`' for item in value)}"


def _type(_: Any, __: str, ___: Mapping[str, Any]) -> str:
    return ""  # what else is said needs the type


def _required(value: Any, _: str, schema: Mapping[str, Any]) -> str:
    told = schema.get("properties", {})
    return " and ".join(f"`{name}` is there" for name in value if name not in told)


def _properties(value: Any, _: str, __: Mapping[str, Any]) -> str | None:
    return _joined(" and ", [_clause(part, f"`{name}`") for name, part in value.items()])


def _contains(value: Any, subject: str, _: Mapping[str, Any]) -> str | None:
    inner = _clause(value, "it")
    return None if inner is None else f"{subject} has an item in which {inner}"


def _any_of(value: Any, subject: str, _: Mapping[str, Any]) -> str | None:
    return _joined(" or ", [_clause(part, subject) for part in value])


def _not(value: Any, subject: str, _: Mapping[str, Any]) -> str | None:
    inner = _clause(value, subject)
    return None if inner is None else inner.replace(" is ", " is not ", 1)


def _joined(word: str, clauses: list[str | None]) -> str | None:
    return None if None in clauses else word.join(clause for clause in clauses if clause)


_WORDS: Final[Mapping[str, Callable[[Any, str, Mapping[str, Any]], str | None]]] = {
    "const": _const,
    "enum": _enum,
    "type": _type,
    "required": _required,
    "properties": _properties,
    "contains": _contains,
    "anyOf": _any_of,
    "not": _not,
}
"""Keyword to what says it of a subject; empty if the other keywords say enough, None if there are no words."""
