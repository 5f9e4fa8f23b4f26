"""Rules about a request and its response together. All their findings stand in the response."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.documents.pointer import escape
from altcraft_contract.rules.order import Order
from altcraft_contract.rules.response import is_successful
from altcraft_contract.rules.rule import DOCUMENTED, ERROR, INFERRED, WARNING, Breach, ExchangeSample, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

RULES: Final = (
    Rule(
        "external-id-mismatch",
        ERROR,
        DOCUMENTED,
        "exchange",
        "response body",
        "The `external_id` of the response is that of the order in the request.",
        "Look for answers that have been mixed up.",
        ExchangeSample(
            ({"/external_id": "order_1"}, {"/data/external_id": "order_1"}),
            ({"/external_id": "order_1"}, {"/data/external_id": "order_2"}),
        ),
    ),
    Rule(
        "promocodes-unrequested",
        WARNING,
        INFERRED,
        "exchange",
        "response body",
        "Promo codes are issued for a requested promotion of the type `code_issue`; none was requested.",
        "Check which promotion issued the codes.",
        ExchangeSample(
            (
                {"/data/requested_promotions": [{"type": "code_issue", "promotion": {"external_id": "welcome"}}]},
                {"/data/issued_promocodes": [{"codes": ["SPRING"]}]},
            ),
            ({"/external_id": "order_1"}, {"/data/issued_promocodes": [{"codes": ["SPRING"]}]}),
        ),
    ),
    Rule(
        "invalid-request-accepted",
        ERROR,
        DOCUMENTED,
        "exchange",
        "response body",
        "A request that breaks the documentation is answered with an `error` other than 0.",
        "Do not rely on it: the server may become stricter.",
        ExchangeSample(
            ({"/data/endpoint": ""}, {"/error": 400, "/error_text": "incorrect request"}),
            ({"/data/endpoint": ""}, {"/error": 0, "/error_text": "Successful operation"}),
        ),
    ),
    Rule(
        "encoding-mismatch",
        WARNING,
        INFERRED,
        "exchange",
        "response body",
        "The page does not say how the encoding of the response is chosen; that of the request is assumed.",
        "Read the response by its Content-Type.",
        ExchangeSample(
            ({"/external_id": "order_1"}, {"/error": 0}),
            ({"/external_id": "order_1"}, {"/error": 0}),
            other_syntax=True,
        ),
    ),
    Rule(
        "token-disclosed",
        ERROR,
        INFERRED,
        "exchange",
        "response body",
        "A response does not repeat the token of the request: responses are logged and shown.",
        "Tell whoever runs the server, and replace the token.",
        ExchangeSample(
            ({"/token": "sample-token"}, {"/error_text": "Successful operation"}),
            ({"/token": "sample-token"}, {"/error_text": "Successful operation of sample-token"}),
        ),
    ),
)


def find_accepted(response: Mapping[str, Any], *, request_ok: bool) -> Iterator[Breach]:
    """Find out whether a request with errors was accepted."""
    if not request_ok and is_successful(response):
        yield Breach("invalid-request-accepted", "/error", "a request with errors was answered with `error` 0")


def find_mismatches(request: Mapping[str, Any], response: Mapping[str, Any]) -> Iterator[Breach]:
    """Compare a request with a response, both without what cannot be read."""
    data = response.get("data")
    if not is_successful(response) or type(data) is not dict:
        return
    asked, answered = request.get("external_id"), data.get("external_id")
    if type(asked) is str and type(answered) is str and asked != answered:
        message = "`external_id` is not that of the request"
        yield Breach("external-id-mismatch", "/data/external_id", message)
    order = Order(request)
    issued = data.get("issued_promocodes")
    was_requested = any(promotion.type == "code_issue" for promotion in order.promotions)
    if type(issued) is list and issued and order.all_promotions_readable and not was_requested:
        message = "promo codes were issued, but no `code_issue` promotion was requested"
        yield Breach("promocodes-unrequested", "/data/issued_promocodes", message)


def find_disclosure(request: Mapping[str, Any], texts: Iterable[tuple[str, int | None, str]]) -> Iterator[Breach]:
    """Find the first of a response's *texts* (pointer, offset and text) that holds the request's token."""
    token = request.get("token")
    if type(token) is not str or not token:
        return
    for pointer, offset, text in texts:
        if token in text:
            yield Breach("token-disclosed", pointer, "the token of the request stands in the response", None, offset)
            return


def iter_texts(value: Any, pointer: str = "") -> Iterator[tuple[str, None, str]]:
    """Every text of a JSON value with its pointer, in the order of the document."""
    if isinstance(value, str):
        yield pointer, None, value
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from iter_texts(member, f"{pointer}/{escape(name)}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from iter_texts(item, f"{pointer}/{index}")
