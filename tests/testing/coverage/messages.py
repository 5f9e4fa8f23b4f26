"""What the tests of the coverage have the collector take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from altcraft_contract.rules import RULES
from altcraft_contract.rules.rule import Sample, TextSample
from altcraft_contract.rules.samples import sample_message
from altcraft_contract.testing.coverage import Coverage
from altcraft_contract.validation import check_exchange, check_request, check_response

if TYPE_CHECKING:
    from altcraft_contract.contract import Message

CHECKS = {"request": check_request, "response": check_response}


def take(coverage: Coverage, message: Message, body: object) -> None:
    """Check a message and tell *coverage* of it."""
    coverage.take_message(message, body, None, CHECKS[message](body).findings)


def coverage_of(message: Message, *bodies: object) -> Coverage:
    """What some messages exercise."""
    coverage = Coverage()
    for body in bodies:
        take(coverage, message, body)
    return coverage


def coverage_of_sample(rule: str, *, valid: bool) -> Coverage:
    """What the sample that keeps a rule exercises, or the one that breaks it."""
    coverage = Coverage()
    sample = RULES[rule].sample
    if isinstance(sample, TextSample):
        for text in (sample.valid if valid else sample.invalid).values():
            take(coverage, "request", text)
    elif isinstance(sample, Sample):
        take(coverage, sample.message, sample_message(sample.valid if valid else sample.invalid, sample.message))
    else:
        coverage.take_exchange(_exchange_findings(sample, valid=valid))
    return coverage


def _exchange_findings(sample: Any, *, valid: bool) -> Any:
    from altcraft_contract.conversion import write_xml  # noqa: PLC0415 - one sample needs it

    request, response = sample.valid if valid else sample.invalid
    answer = sample_message(response, "response")
    is_other = sample.other_syntax and not valid
    return check_exchange(
        sample_message(request, "request"), write_xml(answer, "response") if is_other else answer
    ).findings


def with_value(message: Message, **edits: object) -> dict[str, Any]:
    """The sample message with *edits*: `data__region` stands for `/data/region`."""
    return sample_message({"/" + name.replace("__", "/"): value for name, value in edits.items()}, message)
