"""Fuzzes the readers and the two engines: any bytes end in findings, and both engines find the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.document import Document, read_document
from altcraft_contract.documents.limits import Limits
from altcraft_contract.validation import check_request, check_response

if TYPE_CHECKING:
    from altcraft_contract.findings import CheckResult, Finding

LIMITS: Final = Limits(max_bytes=4096, max_depth=24, max_values=300, max_text_bytes=1500, max_names=60)
"""Small enough for a fuzzer to reach each of them."""
_SYNTAXES: Final = (None, "json", "xml")


def check_readers(data: bytes) -> None:
    """Read and check a body as each message and in each syntax.

    Args:
        data: The body.

    Raises:
        AssertionError: The fast reader and the exact one, or the two engines, say different things, or a place lies
            outside the body.
    """
    contract = load_contract()
    for shape in (contract.request_shape, contract.response_shape):
        for syntax in _SYNTAXES:
            _compare_readers(
                read_document(data, shape, syntax=syntax, limits=LIMITS),
                read_document(data, shape, syntax=syntax, exact=True, limits=LIMITS),
            )
    for check in (check_request, check_response):
        fast, reference = (check(data, engine=engine, limits=LIMITS) for engine in ("fast", "reference"))
        assert _told(fast) == _told(reference), (fast.findings, reference.findings)
        assert fast.ok == reference.ok
        lines = data.count(b"\n") + data.count(b"\r") + 1
        assert all(1 <= finding.line <= lines for finding in fast.findings if finding.line is not None)


def _told(result: CheckResult) -> list[Finding] | list[tuple[object, ...]]:
    """What both engines say alike: of JSON all of it, of XML which rules are broken where."""
    if result.syntax == "json":
        return list(result.findings)
    return sorted((finding.rule, finding.pointer, finding.line, finding.column) for finding in result.findings)


def _compare_readers(fast: Document, exact: Document) -> None:
    assert fast.malformed == exact.malformed
    assert list(fast.problems) == list(exact.problems), (fast.problems, exact.problems)
    if not exact.malformed:
        assert repr(fast.value) == repr(exact.value), (fast.value, exact.value)
    for problem in exact.problems:
        assert problem.offset is None or 0 <= problem.offset <= len(exact.text), problem
