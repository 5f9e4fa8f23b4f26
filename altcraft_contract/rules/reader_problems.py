"""From what a reader finds to broken rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from altcraft_contract.documents.pointer import split
from altcraft_contract.rules.rule import Breach
from altcraft_contract.rules.schema_faults import unknown_field

if TYPE_CHECKING:
    from altcraft_contract.documents.problem import Problem
    from altcraft_contract.documents.shape import Shape


def breach_of(problem: Problem, shape: Shape) -> Breach:
    """The broken rule behind a reader's *problem*."""
    offset = problem.offset
    if problem.kind == "malformed":
        return Breach("malformed", "", problem.detail, None, offset)
    if problem.kind == "duplicate":
        message = f"`{problem.detail}` stands more than once; only the last one is judged"
        return Breach("duplicate-field", problem.pointer, message, "leave one of them out", offset)
    if problem.kind == "mixed":
        message = f"`{problem.detail}` holds text beside its elements"
        return Breach("wrong-type", problem.pointer, message, None, offset)
    if problem.kind == "unknown-attribute":
        message = f"the attribute `{problem.detail[:80]}` is not documented; no element has attributes"
        return Breach("unknown-field", problem.pointer, message, None, offset)
    message, hint = unknown_field(shape, tuple(split(problem.pointer)[:-1]), problem.detail)
    return Breach("unknown-field", problem.pointer, message, hint, offset)
