"""The published schema, made to report unknown members as well.

The published one is open, since unknown members are warnings. The engines run this one, derived from it, so that one
pass tells both.
"""

from __future__ import annotations

from typing import Any

from altcraft_contract.rules.schema_faults import RULES_KEYWORD


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
