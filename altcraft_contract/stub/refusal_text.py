"""What a refusal says of the findings that it is for: in `error_text`, and in a header."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from altcraft_contract.findings import Finding
    from altcraft_contract.stub.traffic import Headers

FINDINGS_HEADER: Final = b"x-altcraft-contract-findings"
LONGEST_TEXT: Final = 2000  # characters of an error_text, once there is no secret in it any more
_MOST_TOLD: Final = 5  # findings in an error_text
_MOST_RULES: Final = 20  # rule ids in a header


def tell_findings(findings: Sequence[Finding]) -> str:
    """The first findings, each with its rule and its place, and how many more there are."""
    told = [
        f"{finding.rule} at {finding.pointer or 'the root'}: {finding.message}" for finding in findings[:_MOST_TOLD]
    ]
    more = len(findings) - _MOST_TOLD
    return "; ".join([*told, f"and {more} more"] if more > 0 else told)


def findings_header(rules: Iterable[str]) -> Headers:
    """The header that names the broken *rules*; none without them."""
    named = list(dict.fromkeys(rules))[:_MOST_RULES]
    return ((FINDINGS_HEADER, ", ".join(named).encode()),) if named else ()
