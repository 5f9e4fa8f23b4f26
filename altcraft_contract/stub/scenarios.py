"""The scenarios: how the stub answers a valid order.

Each is one row of `SCENARIOS`. A row says what becomes of the order and how the answer differs from the documented one;
everything that is not said is as in `success`.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Kind = Literal["answer", "refusal", "http", "body", "connection", "deviation"]
Cut = Literal["reset", "truncate"]
ProcessingTarget = Literal["immediate", "processed"]

KINDS: Final[Mapping[Kind, str]] = {
    "answer": "documented answers to a valid order",
    "refusal": "refusals in the envelope",
    "http": "errors of the transport and of what stands before the service",
    "body": "bodies that are not what they should be",
    "connection": "slow and broken connections",
    "deviation": "answers a little beside the documentation",
}
HUGE: Final = 10 * 1024 * 1024  # bytes, at least, in the answer of `huge-response`
_ARRAYS: Final = ("issued_promocodes", "points_changes", "contents")
_PARAGRAPH: Final = "A long text for the customer. " * 40


@dataclass(frozen=True, slots=True)
class Scenario:
    """How the stub answers a valid order.

    Attributes:
        name: As a user writes it.
        kind: Key of `KINDS`.
        description: What the client meets, and what it should make of it.
        commits: What `processing_target` the order is confirmed with; None: there is no order afterwards.
        keeps_contract: Whether the answer is free of errors by the rules for responses.
        error: `error` and `error_text` of a refusal.
        status: HTTP status.
        headers: HTTP headers beside the usual ones.
        delay: Seconds before the answer.
        content_type: Instead of the syntax's own.
        reshape: Changes the JSON form of the answer.
        body: Makes the bytes of the answer from those that would be right.
        cut: What is done to the connection.
    """

    name: str
    kind: Kind
    description: str
    commits: ProcessingTarget | None = "immediate"
    keeps_contract: bool = True
    error: tuple[int, str] | None = None
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0
    content_type: str | None = None
    reshape: Callable[[dict[str, Any]], Any] | None = None
    body: Callable[[bytes], bytes] | None = None
    cut: Cut | None = None


def _without_arrays(answer: dict[str, Any]) -> Any:
    return {**answer, "data": {name: value for name, value in answer["data"].items() if name not in _ARRAYS}}


def _with_null_arrays(answer: dict[str, Any]) -> Any:
    return {**answer, "data": {**answer["data"], **dict.fromkeys(_ARRAYS)}}


def _processed(answer: dict[str, Any]) -> Any:
    return {**answer, "data": {**answer["data"], "processing_target": "processed"}}


def _with_extra_fields(answer: dict[str, Any]) -> Any:
    extended = deepcopy(answer)
    data = extended["data"]
    for name in _ARRAYS:
        for item in data[name]:
            item["new_in_item"] = "added later"
    data["new_in_data"] = "added later"
    extended["new_at_the_top"] = "added later"
    return extended


def _with_unknown_status(answer: dict[str, Any]) -> Any:
    return {**answer, "data": {**answer["data"], "status": "partially_confirmed"}}


def _with_points_as_strings(answer: dict[str, Any]) -> Any:
    changes = answer["data"]["points_changes"] or [
        {"points_info": {"points_currency_iid": 1, "amount": "1000"}, "accrue_points": 0, "redeem_points": 0}
    ]
    texts = [{**item, **{name: str(item[name]) for name in ("accrue_points", "redeem_points")}} for item in changes]
    return {**answer, "data": {**answer["data"], "points_changes": texts}}


def _huge(answer: dict[str, Any]) -> Any:
    count = HUGE // len(_PARAGRAPH) + 1
    contents = [{"contents": [{"type": "text", "message": _PARAGRAPH}]} for _ in range(count)]
    return {**answer, "data": {**answer["data"], "contents": [*answer["data"]["contents"], *contents]}}


def _outdated(answer: dict[str, Any]) -> Any:
    return {**answer, "data": {"status": "outdated", "external_id": answer["data"]["external_id"]}}


def _outdated_minimal(answer: dict[str, Any]) -> Any:
    return {**answer, "data": {"status": "outdated"}}


def _html(_: bytes) -> bytes:
    return (
        b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>"
        b"\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )


def _nothing(_: bytes) -> bytes:
    return b""


def _words(_: bytes) -> bytes:
    return b"Successful operation\n"


def _refusal(code: int, text: str, description: str) -> Scenario:
    return Scenario(f"error-{code}", "refusal", description, commits=None, error=(code, text))


_ROWS: Final = (
    Scenario("success", "answer", "The order is confirmed: the documented answer, with codes, points and texts."),
    Scenario(
        "processed",
        "answer",
        "As success, with the processing_target processed.",
        commits="processed",
        reshape=_processed,  # an order that was confirmed before may have been answered with immediate
    ),
    Scenario(
        "outdated",
        "answer",
        "A price has changed: no order; the client has to repeat the preliminary calculation.",
        commits=None,
        reshape=_outdated,
    ),
    Scenario(
        "outdated-minimal",
        "answer",
        "As outdated, with nothing in data but the status: what else it carries is not documented.",
        commits=None,
        reshape=_outdated_minimal,
    ),
    _refusal(400, "Incorrect request", "Refused as incorrect, though the request is valid."),
    _refusal(401, "Token required", "Refused for the token."),
    _refusal(402, "Tariff limit reached", "Refused for the limit of the tariff: no fault of the request."),
    _refusal(403, "Forbidden", "Refused: the code exists, its meaning is not documented."),
    Scenario(
        "error-unknown",
        "refusal",
        "Refused with a code that no page names: the set of codes is open.",
        commits=None,
        error=(1999, "Unknown error"),
    ),
    Scenario(
        "http-500",
        "http",
        "HTTP 500 with an envelope: whether there is an order is unknown to the client; here there is none.",
        commits=None,
        error=(500, "Internal server error"),
        status=500,
    ),
    Scenario(
        "http-502-html",
        "http",
        "HTTP 502 with the HTML page of a gateway, no envelope and no order, which the client cannot know.",
        commits=None,
        keeps_contract=False,
        status=502,
        content_type="text/html",
        body=_html,
    ),
    Scenario(
        "http-429",
        "http",
        "HTTP 429 with Retry-After: 1 and an envelope: try again later, not at once.",
        commits=None,
        error=(429, "Too many requests"),
        status=429,
        headers=(("retry-after", "1"),),
    ),
    Scenario(
        "slow",
        "connection",
        "The documented answer after 10 seconds, or as many as asked for: the order is confirmed at once.",
        delay=10.0,
    ),
    Scenario(
        "empty-body",
        "body",
        "HTTP 200 without a body, though the order is confirmed: the outcome is unknown to the client.",
        keeps_contract=False,
        body=_nothing,
    ),
    Scenario(
        "truncated-body",
        "connection",
        "The connection ends in the middle of the answer, though the order is confirmed.",
        keeps_contract=False,
        cut="truncate",
    ),
    Scenario(
        "not-json",
        "body",
        "HTTP 200 with a line of plain text, neither JSON nor XML, though the order is confirmed.",
        keeps_contract=False,
        body=_words,
    ),
    Scenario(
        "wrong-content-type",
        "body",
        "The documented answer, labelled text/html.",
        content_type="text/html; charset=utf-8",
    ),
    Scenario(
        "connection-reset",
        "connection",
        "The connection is reset before the answer, though the order is confirmed.",
        keeps_contract=False,
        cut="reset",
    ),
    Scenario(
        "missing-arrays",
        "answer",
        "Success without issued_promocodes, points_changes and contents: they are optional.",
        reshape=_without_arrays,
    ),
    Scenario(
        "extra-fields",
        "deviation",
        "Success with fields that the documentation does not list, as a later version may bring them.",
        reshape=_with_extra_fields,
    ),
    Scenario(
        "null-arrays",
        "deviation",
        "Success with null in place of the three arrays; in XML they are absent, as in missing-arrays.",
        keeps_contract=False,
        reshape=_with_null_arrays,
    ),
    Scenario(
        "unknown-status",
        "deviation",
        "A data.status that is neither success nor outdated: not to be taken for success.",
        keeps_contract=False,
        reshape=_with_unknown_status,
    ),
    Scenario(
        "points-as-strings",
        "deviation",
        "Numbers of points as JSON strings; in XML, where all is text, the same as success.",
        keeps_contract=False,
        reshape=_with_points_as_strings,
    ),
    Scenario("huge-response", "body", "Success with texts of 10 MiB.", reshape=_huge),
)

SCENARIOS: Final[Mapping[str, Scenario]] = {row.name: row for row in _ROWS}
"""Name to scenario; the one table."""

DEFAULT: Final = SCENARIOS["success"]
