"""Mutations of a request and its response together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from altcraft_contract.strategies.mutations.mutation import Change

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_JSON = dict[str, Any]


class ChangedExchange(NamedTuple):
    """A changed request and response.

    Attributes:
        pointer: Where the finding will stand, in the response.
        request: The changed request.
        response: The changed response.
        other_syntax: Whether the response is to be written in the other syntax.
    """

    pointer: str
    request: Mapping[str, Any]
    response: Mapping[str, Any]
    other_syntax: bool = False


@dataclass(frozen=True, slots=True)
class ExchangeMutation:
    """A change of a valid exchange, whose answer is a success, that breaks one rule.

    Attributes:
        name: What is done, in kebab-case; unique.
        rule: Id of the rule that it breaks, and of no other.
        change: Makes the change.
    """

    name: str
    rule: str
    change: Callable[[Mapping[str, Any], Mapping[str, Any]], ChangedExchange]


def _other_id(request: Mapping[str, Any], response: Mapping[str, Any]) -> ChangedExchange:
    pointer = "/data/external_id"
    other = f"{response['data']['external_id']}0"
    return ChangedExchange(pointer, request, Change(pointer, {pointer: other}).apply(response))


def _codes_for_nothing(request: Mapping[str, Any], response: Mapping[str, Any]) -> ChangedExchange:
    pointer = "/data/issued_promocodes"
    asked: _JSON = {**request, "data": {**request["data"]}}
    asked["data"]["requested_promotions"] = _without_codes(request["data"].get("requested_promotions", []))
    asked["data"]["lines"] = [
        {**line, "requested_promotions": _without_codes(line.get("requested_promotions", []))}
        for line in request["data"]["lines"]
    ]
    return ChangedExchange(pointer, asked, Change(pointer, {pointer: [{"codes": ["SPRING"]}]}).apply(response))


def _without_codes(promotions: list[_JSON]) -> list[_JSON]:
    return [promotion for promotion in promotions if promotion["type"] != "code_issue"]


def _accepted(request: Mapping[str, Any], response: Mapping[str, Any]) -> ChangedExchange:
    return ChangedExchange("/error", Change("", {"/data/endpoint": ""}).apply(request), response)


def _other_syntax(request: Mapping[str, Any], response: Mapping[str, Any]) -> ChangedExchange:
    return ChangedExchange("", request, response, other_syntax=True)


def _token(request: Mapping[str, Any], response: Mapping[str, Any]) -> ChangedExchange:
    pointer = "/error_text"
    return ChangedExchange(pointer, request, {**response, "error_text": f"token {request['token']} accepted"})


EXCHANGE_MUTATIONS: Final = (
    ExchangeMutation("other-external-id", "external-id-mismatch", _other_id),
    ExchangeMutation("codes-for-nothing", "promocodes-unrequested", _codes_for_nothing),
    ExchangeMutation("invalid-accepted", "invalid-request-accepted", _accepted),
    ExchangeMutation("response-in-other-syntax", "encoding-mismatch", _other_syntax),
    ExchangeMutation("token-in-response", "token-disclosed", _token),
)
