"""Hypothesis strategies for valid, edge-case and broken messages.

Everything is made by construction: nothing is drawn and thrown away. Failures shrink to a small, plausible order.
"""

from altcraft_contract.strategies.edge_cases import EDGE_CASES, edge_cases
from altcraft_contract.strategies.malformed import MALFORMED_JSON, MALFORMED_XML, malformed_bodies
from altcraft_contract.strategies.messages import (
    TEXTS,
    lines,
    money,
    orders,
    points_redemptions,
    promocodes,
    requested_promotions,
    requests,
    timestamps,
)
from altcraft_contract.strategies.mutations import MUTATIONS, Mutant, mutated_requests, mutations, neighbours
from altcraft_contract.strategies.responses import OUTCOMES, exchanges, responses, responses_to
from altcraft_contract.strategies.vocabulary import PROMOTION_TYPES, Values
from altcraft_contract.strategies.wire import bodies

__all__ = [
    "EDGE_CASES",
    "MALFORMED_JSON",
    "MALFORMED_XML",
    "MUTATIONS",
    "OUTCOMES",
    "PROMOTION_TYPES",
    "TEXTS",
    "Mutant",
    "Values",
    "bodies",
    "edge_cases",
    "exchanges",
    "lines",
    "malformed_bodies",
    "money",
    "mutated_requests",
    "mutations",
    "neighbours",
    "orders",
    "points_redemptions",
    "promocodes",
    "requested_promotions",
    "requests",
    "responses",
    "responses_to",
    "timestamps",
]
