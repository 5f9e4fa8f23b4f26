"""The conditions of the schemas, held to a real implementation of JSON Schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as hypotheses
from jsonschema import Draft202012Validator

from altcraft_contract import strategies as st
from altcraft_contract.contract import load_contract
from altcraft_contract.testing.coverage.conditions import condition_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def iter_conditions(schema: Any) -> Iterator[dict[str, Any]]:
    """Every `if` of a schema."""
    if isinstance(schema, dict):
        yield from (part for name, part in schema.items() if name == "if")
        for part in schema.values():
            yield from iter_conditions(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from iter_conditions(part)


CONDITIONS = [
    condition for message in ("request", "response") for condition in iter_conditions(load_contract().schema(message))
]
NAMES = hypotheses.sampled_from(["type", "status", "error", "lines", "requested_promotions", "other"])
SCALARS = (
    hypotheses.none()
    | hypotheses.booleans()
    | hypotheses.integers(-1, 1)
    | hypotheses.sampled_from([0.0, -0.0, 0.5, "success", "outdated", "discount", "accrue_points", "redeem_points"])
)
VALUES = hypotheses.recursive(
    SCALARS,
    lambda inner: hypotheses.lists(inner, max_size=3) | hypotheses.dictionaries(NAMES, inner, max_size=3),
)


@given(VALUES)
def test_conditions_agree_with_json_schema(value: Any) -> None:
    """Of any value each condition says what JSON Schema says."""
    for schema in CONDITIONS:
        assert condition_of(schema)(value) == Draft202012Validator(schema).is_valid(value)


@given(st.requests())
def test_conditions_agree_on_orders(request: dict[str, Any]) -> None:
    """Of a drawn order each condition says what JSON Schema says."""
    for schema in CONDITIONS:
        assert condition_of(schema)(request["data"]) == Draft202012Validator(schema).is_valid(request["data"])


def test_an_unknown_keyword_is_refused() -> None:
    """A condition that nobody has thought of is told when the schema is read."""
    with pytest.raises(ValueError, match="the keyword 'maxProperties'"):
        condition_of({"properties": {"type": {"maxProperties": 1}}})
