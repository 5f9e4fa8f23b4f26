"""The conditions of the published schemas (`if`), as functions of a value.

Only the keywords that our schemas use there; any other one is refused when the schema is read, so that a new version
of the contract cannot be misread in silence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
"""JSON Schema's names of types to those of Python."""


def condition_of(schema: Mapping[str, Any]) -> Callable[[Any], bool]:
    """Whether a value meets *schema*, as JSON Schema 2020-12 has it.

    Raises:
        ValueError: if the schema has a keyword that is not known here.
    """
    tests = [_test_of(keyword, said) for keyword, said in schema.items()]
    if len(tests) == 1:
        return tests[0]
    return lambda value: all(test(value) for test in tests)


def is_of_type(value: Any, name: str) -> bool:
    """Whether *value* is of the JSON type *name*; a number without a fraction is an integer."""
    if isinstance(value, bool):
        return name == "boolean"
    if name == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, TYPES[name])


def _test_of(keyword: str, said: Any) -> Callable[[Any], bool]:
    if keyword not in _TESTS:
        raise ValueError(f"the keyword {keyword!r} in a condition of a schema: known are {', '.join(_TESTS)}")
    return _TESTS[keyword](said)


def _const(said: Any) -> Callable[[Any], bool]:
    return lambda value: bool(value == said) and isinstance(value, bool) == isinstance(said, bool)


def _enum(said: list[Any]) -> Callable[[Any], bool]:
    tests = [_const(item) for item in said]
    return lambda value: any(test(value) for test in tests)


def _type(said: str) -> Callable[[Any], bool]:
    return lambda value: is_of_type(value, said)


def _required(said: list[str]) -> Callable[[Any], bool]:
    return lambda value: not isinstance(value, dict) or all(name in value for name in said)


def _properties(said: Mapping[str, Any]) -> Callable[[Any], bool]:
    tests = {name: condition_of(schema) for name, schema in said.items()}
    return lambda value: (
        not isinstance(value, dict) or all(test(value[name]) for name, test in tests.items() if name in value)
    )


def _contains(said: Mapping[str, Any]) -> Callable[[Any], bool]:
    test = condition_of(said)
    return lambda value: not isinstance(value, list) or any(test(item) for item in value)


def _any_of(said: list[Any]) -> Callable[[Any], bool]:
    tests = [condition_of(schema) for schema in said]
    return lambda value: any(test(value) for test in tests)


def _not(said: Mapping[str, Any]) -> Callable[[Any], bool]:
    test = condition_of(said)
    return lambda value: not test(value)


_TESTS: Final[Mapping[str, Callable[[Any], Callable[[Any], bool]]]] = {
    "const": _const,
    "enum": _enum,
    "type": _type,
    "required": _required,
    "properties": _properties,
    "contains": _contains,
    "anyOf": _any_of,
    "not": _not,
}
