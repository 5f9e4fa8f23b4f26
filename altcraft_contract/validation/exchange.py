"""A request and its response together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.documents.pointer import split
from altcraft_contract.documents.xml_tree import leaf_value
from altcraft_contract.findings import CheckResult, Severity
from altcraft_contract.rules.exchange import find_accepted, find_disclosure, find_mismatches, iter_texts
from altcraft_contract.rules.rule import Breach
from altcraft_contract.validation.checking import result_with

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from altcraft_contract.contract import Contract
    from altcraft_contract.documents.document import Document
    from altcraft_contract.documents.shape import Shape
    from altcraft_contract.rules.selection import RuleSelection
    from altcraft_contract.validation.checking import Verdict

_NUMBERS: Final = ("integer", "boolean")


def judge_exchange(request: Verdict, response: Verdict, rules: RuleSelection, contract: Contract) -> CheckResult:
    """Apply the rules for the two together."""
    shape = contract.shape("response")
    breaches = list(_iter_breaches(request, response, rules, shape))
    truncated = request.truncated or response.truncated
    return result_with(
        response.document, breaches, rules, shape, "exchange", truncated=truncated, request=request.document
    )


def _iter_breaches(request: Verdict, response: Verdict, rules: RuleSelection, shape: Shape) -> Iterator[Breach]:
    if request.document.syntax != response.document.syntax:
        message = f"the response is {response.document.syntax.upper()}, the request {request.document.syntax.upper()}"
        is_unplaced = response.document.malformed and response.document.data is not None
        yield Breach("encoding-mismatch", "", message, None, 0 if is_unplaced else None)
    if not isinstance(response.document.value, dict):
        return
    request_ok = not any(
        rules.counts(breach.rule) and rules.severity_of(breach.rule) is Severity.ERROR for breach in request.breaches
    )
    yield from find_accepted(response.document.value, request_ok=request_ok)
    if isinstance(request.readable, dict) and isinstance(response.readable, dict):
        yield from find_mismatches(request.readable, response.readable)
    if isinstance(request.document.value, dict):
        yield from find_disclosure(request.document.value, _texts(response.document, shape))


def _texts(document: Document, shape: Shape) -> Iterator[tuple[str, int | None, str]]:
    if document.syntax == "json" or document.data is None:
        yield from iter_texts(document.value)
        return
    from altcraft_contract.documents.xml_text import iter_xml_texts  # noqa: PLC0415 - JSON does not pay for it

    last = {problem.pointer: problem.offset or 0 for problem in document.problems if problem.kind == "duplicate"}
    for pointer, offset, text in sorted(iter_xml_texts(document.data, shape), key=lambda text: text[1]):
        if not _is_discarded(pointer, offset, last) and isinstance(_as_in_json(pointer, text, shape), str):
            yield pointer, offset, text


def _is_discarded(pointer: str, offset: int, last: Mapping[str, int]) -> bool:
    """Whether what stands at *offset* belongs to a repeated element, and not to its *last* occurrence."""
    if not last:
        return False
    tokens = pointer.split("/")
    return any(offset < last.get("/".join(tokens[:end]), 0) for end in range(2, len(tokens) + 1))


def _as_in_json(pointer: str, text: str, shape: Shape) -> Any:
    """The value of an element: a number or a boolean is no text, as in JSON."""
    tokens = split(pointer)
    shapes = list(shape.along(iter(tokens)))
    return leaf_value(shapes[-1].kind, text) if len(shapes) > len(tokens) and shapes[-1].kind in _NUMBERS else text
