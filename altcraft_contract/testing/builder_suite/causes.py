"""Why an order was built wrongly: told so that orders with the same mistake can be told by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from altcraft_contract.documents.pointer import join, split
from altcraft_contract.errors import ContractViolated
from altcraft_contract.findings import Severity

if TYPE_CHECKING:
    from altcraft_contract.findings import Finding


def causes_of(error: Exception) -> frozenset[object]:
    """The rules that are broken, each with its place, whichever item of a list it is in; or the type of *error*."""
    findings = error.result.findings if isinstance(error, ContractViolated) else ()
    broken = frozenset((finding.rule, _place_of(finding)) for finding in findings if finding.severity is Severity.ERROR)
    return broken or frozenset((type(error),))


def _place_of(finding: Finding) -> str:
    return join("*" if token.isdecimal() else token for token in split(finding.pointer))
