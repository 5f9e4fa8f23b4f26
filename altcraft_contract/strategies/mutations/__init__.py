"""Single-fault changes: every rule of the catalogue, in every place where it can break."""

from altcraft_contract.strategies.mutations.neighbours import neighbours
from altcraft_contract.strategies.mutations.table import MUTATIONS, Mutant, mutated_requests, mutations

__all__ = ["MUTATIONS", "Mutant", "mutated_requests", "mutations", "neighbours"]
