"""From what a reader finds to broken rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from altcraft_contract.rules.rule import Breach
from altcraft_contract.rules.schema_faults import unknown_field

if TYPE_CHECKING:
    from altcraft_contract.documents.problem import Problem
    from altcraft_contract.documents.shape import Shape


def breach_of(problem: Problem, shape: Shape) -> Breach:
    """The broken rule behind a reader's *problem*."""
    offset = problem.offset
    if problem.kind == "malformed":
        return Breach("malformed", "", problem.detail, problem.hint, offset)
    if problem.kind == "duplicate":
        message = f"`{problem.detail}` stands more than once; only the last one is judged"
        return Breach("duplicate-field", problem.pointer, message, "leave one of them out", offset)
    if problem.kind == "mixed":
        message = f"`{problem.detail}` holds text beside its elements"
        return Breach("wrong-type", problem.pointer, message, "take out the text beside the elements", offset)
    if problem.kind == "unknown-attribute":
        message = f"the attribute `{problem.detail[:80]}` is not documented; no element has attributes"
        return Breach("unknown-field", problem.pointer, message, "write it as an element, or leave it out", offset)
    return unknown_field(shape, problem.pointer, problem.detail, offset)
