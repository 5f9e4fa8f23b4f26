"""What a client may report for each answer of the stub, and why: the one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from altcraft_contract.testing.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

_SUCCESS: Final = frozenset({Outcome.SUCCESS})
_SUCCESS_OR_UNKNOWN: Final = frozenset({Outcome.SUCCESS, Outcome.UNKNOWN})
_OUTDATED: Final = frozenset({Outcome.OUTDATED})
_NO_ORDER: Final = frozenset({Outcome.REFUSED, Outcome.UNKNOWN})
_UNKNOWN: Final = frozenset({Outcome.UNKNOWN})

_IS_SUCCESS: Final = "take error 0 with data.status success for a confirmed order, whatever else the answer holds"
_IS_REFUSAL: Final = "look at error before anything else: HTTP 200 says only that the transport went well"
_IS_UNKNOWN: Final = (
    "keep the order as one whose outcome is unknown, and have somebody find out; a second commit may order twice"
)
_NOT_READABLE: Final = "inferred: the order may be confirmed, the client cannot know; a refusal would lose the order"


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a client may make of one answer.

    Attributes:
        scenario: Name of the stub's scenario.
        answer: What the client meets, as it reads in a sentence.
        accepted: What it may report; an exception of its own counts as UNKNOWN.
        because: Why, and where that is said.
        advice: What to do in the client.
        is_repeatable: Whether the order may be sent again: only after an answer that says there is none.
    """

    scenario: str
    answer: str
    accepted: frozenset[Outcome]
    because: str
    advice: str
    is_repeatable: bool = False


_ROWS: Final = (
    Expectation(
        "success",
        "the documented answer to a confirmed order",
        _SUCCESS,
        "documented (data object): status success means that the order is created",
        _IS_SUCCESS,
    ),
    Expectation(
        "processed",
        "a success whose processing_target is processed",
        _SUCCESS,
        "documented (data object): processing_target is immediate or processed, and status success means success",
        _IS_SUCCESS,
    ),
    Expectation(
        "missing-arrays",
        "a success without issued_promocodes, points_changes and contents",
        _SUCCESS,
        "documented (data object): the three lists are optional",
        "read a list that is absent as an empty one",
    ),
    Expectation(
        "extra-fields",
        "a success with fields that are not documented",
        _SUCCESS,
        "inferred: a later version of the service may add fields",
        "ignore fields that the client does not know",
    ),
    Expectation(
        "null-arrays",
        "a success with null in place of the lists",
        _SUCCESS_OR_UNKNOWN,
        "inferred: the documentation does not speak of null; the order is confirmed, and no answer may crash a shop",
        "read null in place of a list as an empty list",
    ),
    Expectation(
        "points-as-strings",
        "a success with numbers of points as texts",
        _SUCCESS_OR_UNKNOWN,
        "inferred: the order is confirmed, and no answer may crash a shop",
        "take the outcome from error and data.status before the points are read, and allow for a text there",
    ),
    Expectation(
        "wrong-content-type",
        "a success that is labelled text/html",
        _SUCCESS_OR_UNKNOWN,
        "inferred: the order is confirmed; how the format of an answer is told is not documented",
        "read the body, or report that the outcome is unknown",
    ),
    Expectation(
        "huge-response",
        "a success of 10 MiB",
        _SUCCESS_OR_UNKNOWN,
        "inferred: the order is confirmed; no limit of size is documented",
        "read the whole body, or report that the outcome is unknown",
    ),
    Expectation(
        "outdated",
        "the answer outdated",
        _OUTDATED,
        "documented (data object): outdated means that a price has changed; there is no order, repeat /preorder",
        "look at data.status, not only at error: report outdated, and have the preliminary calculation repeated",
    ),
    Expectation(
        "outdated-minimal",
        "the answer outdated with nothing but the status",
        _OUTDATED,
        "documented (data object): outdated means repeat /preorder; what else it carries is not documented",
        "look at data.status first, and read nothing else of an outdated answer",
    ),
    *(
        Expectation(f"error-{code}", f"the refusal {meaning}", _NO_ORDER, because, _IS_REFUSAL, is_repeatable=True)
        for code, meaning, because in (
            ("400", "error 400 (incorrect request)", "documented (response): error is 0 on success only"),
            ("401", "error 401 (token required)", "documented (response): error is 0 on success only"),
            ("402", "error 402 (tariff limit reached)", "documented (response): error is 0 on success only"),
            ("403", "error 403", "documented (response): error is 0 on success only; 403 exists, its meaning is open"),
            (
                "unknown",
                "error 1999, a code that no page names,",
                "documented (response): error is 0 on success only, and the set of codes is open",
            ),
        )
    ),
    Expectation(
        "http-500",
        "HTTP 500",
        _NO_ORDER,
        "documented (neighbouring pages): HTTP 200 is the status of success; whether there is an order is unknown",
        "look at the HTTP status before the body, and do not read it as an answer",
    ),
    Expectation(
        "http-502-html",
        "HTTP 502 with the HTML page of a gateway",
        _NO_ORDER,
        "inferred: what stands before a service answers in HTML; whether there is an order is unknown",
        "look at the HTTP status before the body is parsed",
    ),
    Expectation(
        "http-429",
        "HTTP 429 with Retry-After: 1",
        _NO_ORDER,
        "inferred: 429 means too many requests (RFC 6585), there is no order",
        "look at the HTTP status before the body, and wait for as long as Retry-After says",
        is_repeatable=True,
    ),
    Expectation(
        "unknown-status",
        "the unknown status partially_confirmed",
        _NO_ORDER,
        "documented (data object): only status success means that the order is created",
        "compare data.status with success, and report that the outcome of any other value is unknown",
    ),
    Expectation(
        "connection-reset",
        "a connection that is reset before the answer",
        _UNKNOWN,
        _NOT_READABLE,
        _IS_UNKNOWN,
    ),
    Expectation(
        "truncated-body",
        "an answer that ends in its middle",
        _UNKNOWN,
        _NOT_READABLE,
        _IS_UNKNOWN,
    ),
    Expectation(
        "empty-body",
        "HTTP 200 without a body",
        _UNKNOWN,
        _NOT_READABLE,
        _IS_UNKNOWN,
    ),
    Expectation(
        "not-json",
        "HTTP 200 with plain text in place of the answer",
        _UNKNOWN,
        _NOT_READABLE,
        _IS_UNKNOWN,
    ),
    Expectation(
        "slow",
        "an answer that does not come in time",
        _UNKNOWN,
        _NOT_READABLE,
        _IS_UNKNOWN,
    ),
)

EXPECTATIONS: Final[Mapping[str, Expectation]] = {row.scenario: row for row in _ROWS}
"""Name of a scenario to what a client may make of it; every scenario of the stub is in it."""
