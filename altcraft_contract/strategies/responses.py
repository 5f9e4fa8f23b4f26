"""Strategies for valid responses, and for answers to a request."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal

from hypothesis import strategies as st

from altcraft_contract.errors import ImpossibleRequest
from altcraft_contract.rules.order import Order
from altcraft_contract.rules.points import POINT_TYPES
from altcraft_contract.strategies.messages import TEXTS, requests
from altcraft_contract.strategies.parameters import check_values
from altcraft_contract.strategies.source import DrawnSource
from altcraft_contract.strategies.vocabulary import MADE_UP, Values
from altcraft_contract.validation import check_request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypothesis.strategies import DrawFn, SearchStrategy

    from altcraft_contract.strategies.source import Source

Outcome = Literal["success", "outdated", "error"]

OUTCOMES: Final[tuple[Outcome, ...]] = ("success", "outdated", "error")
_ERRORS: Final = (
    (400, "Incorrect request"),
    (401, "Token required"),
    (402, "Tariff limit reached"),
    (403, "Forbidden"),
    (500, "Internal error"),
    (1, ""),
)
_MOST_POINTS: Final = 2**63 - 1
_JSON = dict[str, Any]


def responses(
    *, outcome: Outcome | None = None, values: Values | None = None, texts: SearchStrategy[str] = TEXTS
) -> SearchStrategy[dict[str, Any]]:
    """Valid responses, as their JSON form; none has a finding.

    Args:
        outcome: `success`, `outdated` or `error`; None is any.
        values: What exists on the installation; None makes it up.
        texts: Names and messages; the default is safe in XML.

    Raises:
        ImpossibleRequest: if there is no such outcome.
    """
    _check_outcome(outcome)
    return _responses(None, outcome, check_values(values), texts)


def responses_to(
    request: Mapping[str, Any],
    *,
    outcome: Outcome | None = None,
    values: Values | None = None,
    texts: SearchStrategy[str] = TEXTS,
) -> SearchStrategy[dict[str, Any]]:
    """Plausible answers to a valid *request*.

    The order's id is that of the request; codes are issued and texts returned for promotions that ask for them; points
    change as requested. Together with the request they have no finding.

    Raises:
        ImpossibleRequest: if there is no such outcome, or *request* has errors.
    """
    _check_outcome(outcome)
    errors = check_request(request).errors
    if errors:
        raise ImpossibleRequest("request", f"{errors[0].rule} at {errors[0].pointer or 'the root'}", "a valid request")
    return _responses(request, outcome, check_values(values), texts)


def exchanges(
    *, outcome: Outcome | None = None, values: Values | None = None
) -> SearchStrategy[tuple[dict[str, Any], dict[str, Any]]]:
    """A valid request with a plausible answer to it."""
    _check_outcome(outcome)
    return _exchanges(outcome, check_values(values))


@st.composite
def _exchanges(draw: DrawFn, outcome: Outcome | None, values: Values | None) -> tuple[dict[str, Any], dict[str, Any]]:
    request = draw(requests(values=values))
    return request, draw(responses_to(request, outcome=outcome, values=values))


def _check_outcome(outcome: object) -> None:
    if outcome is not None and outcome not in OUTCOMES:
        raise ImpossibleRequest("outcome", outcome, f"one of {', '.join(OUTCOMES)}, or None")


@st.composite
def _responses(
    draw: DrawFn,
    request: Mapping[str, Any] | None,
    outcome: Outcome | None,
    values: Values,
    texts: SearchStrategy[str],
) -> dict[str, Any]:
    return build_response(DrawnSource(draw, texts), request, outcome, values)


def build_response(
    source: Source, request: Mapping[str, Any] | None, outcome: Outcome | None, values: Values
) -> dict[str, Any]:
    """Build a response; see `responses` and `responses_to`."""
    outcome = outcome or source.pick(OUTCOMES)
    if outcome == "error":
        code, text = source.pick(_ERRORS)
        refusal: _JSON = {"error": code, "error_text": text}
        if source.flag():
            refusal["data"] = source.pick(({}, {"reason": "declined"}, {"status": "success"}))
        return refusal
    data: _JSON = {"status": outcome}
    if outcome == "success":
        data["processing_target"] = source.pick(("immediate", "processed"))
    if outcome == "success" or source.flag():
        data["external_id"] = request["external_id"] if request is not None else f"order_{source.integer(1, 9_999)}"
    if outcome == "success":
        data |= _results(source, request, values)
    return {"data": data, "error": 0, "error_text": "Successful operation"}


def _results(source: Source, request: Mapping[str, Any] | None, values: Values) -> _JSON:
    """What a commit brought about: codes, points, texts."""
    promotions = (
        [(promotion.type, promotion.members) for promotion in Order(request).promotions]
        if request is not None
        else None
    )
    if promotions is None:
        promotions = _imagined(source, values)
    results: _JSON = {}
    pools = {pool: codes for pool, codes in (values.pools or MADE_UP.pools).items() if codes}
    issuing = [members["promotion"] for kind, members in promotions if kind == "code_issue"] if pools else []
    issued = [_issued(source, promotion, pools) for promotion in issuing]
    points = _points_changes(source, [(kind, members) for kind, members in promotions if kind in POINT_TYPES])
    contents = [_content(source, members["promotion"]) for kind, members in promotions if kind == "message"]
    for name, items in (("issued_promocodes", issued), ("points_changes", points), ("contents", contents)):
        if items or source.flag():
            results[name] = items
    return results


def _imagined(source: Source, values: Values) -> list[tuple[str | None, Mapping[str, Any]]]:
    """The promotions of a request that nobody has seen."""
    currencies = values.point_currencies or MADE_UP.point_currencies
    promotions: list[tuple[str | None, Mapping[str, Any]]] = []
    for _ in range(source.integer(0, 3)):
        kind = source.pick(("message", "code_issue", "accrue_points", "redeem_points"))
        members: _JSON = {"promotion": {"external_id": source.pick(values.promotions or MADE_UP.promotions)}}
        if kind.endswith("_points"):
            iid, eid = source.pick(currencies)
            info = {"points_currency_iid": iid, "points_currency_eid": eid, "amount": str(source.integer(1, 500))}
            members["points_info"] = {name: value for name, value in info.items() if value is not None}
        promotions.append((kind, members))
    return promotions


def _issued(source: Source, promotion: Mapping[str, Any], pools: Mapping[int, Any]) -> _JSON:
    pool = source.pick(tuple(pools))
    issued: _JSON = {"codes": list(pools[pool][: source.integer(1, 2)])}
    if source.flag():
        issued["pool"] = {"pool_id": pool, **({"name": source.text()} if source.flag() else {})}
    if source.flag():
        issued["promotion"] = dict(promotion)
    return issued


def _points_changes(source: Source, promotions: list[tuple[str | None, Mapping[str, Any]]]) -> list[_JSON]:
    changes: dict[tuple[object, object], _JSON] = {}
    for kind, members in promotions:
        info = members["points_info"]
        named = {name: info[name] for name in ("points_currency_iid", "points_currency_eid") if name in info}
        change = changes.setdefault(
            (named.get("points_currency_iid"), named.get("points_currency_eid")),
            {
                "points_info": {**named, "amount": str(source.integer(0, 100_000))},
                "accrue_points": 0,
                "redeem_points": 0,
            },
        )
        points = min(int(Decimal(info["amount"])), _MOST_POINTS)
        change[str(kind)] = min(change[str(kind)] + points, _MOST_POINTS)
    return list(changes.values())


def _content(source: Source, promotion: Mapping[str, Any]) -> _JSON:
    content: _JSON = {"type": "text"}
    if source.integer(0, 3):
        content["message"] = source.text()
    return {**({"promotion": dict(promotion)} if source.integer(0, 3) else {}), "contents": [content]}
