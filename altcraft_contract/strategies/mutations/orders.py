"""Mutations of what a request says as a whole: who ordered, prices and sums, promotions and points."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.rules.currencies import CURRENCY_DECIMALS
from altcraft_contract.rules.money import EXACT
from altcraft_contract.rules.order import Order
from altcraft_contract.rules.points import POINT_TYPES
from altcraft_contract.rules.rule import ABSENT
from altcraft_contract.strategies.mutations.delicate import is_delicate, redemptions
from altcraft_contract.strategies.mutations.mutation import JSON_ONLY, Change, Mutation, iter_places

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from altcraft_contract.documents.shape import Shape

_IDENTIFIERS: Final = {"email": "ann@example.com", "phone": "+79991234567", "profile_id": "696e304f547840a7286619e0"}
_BAD_IDENTIFIERS: Final = {
    "email-without-at": ("email", "ann.example.com"),
    "email-without-dot": ("email", "ann@localhost"),
    "email-with-space": ("email", "ann @example.com"),
    "email-two-at": ("email", "ann@@example.com"),
    "phone-without-plus": ("phone", "79991234567"),
    "phone-formatted": ("phone", "+7 (999) 123-45-67"),
    "phone-too-short": ("phone", "+7999"),
    "profile-id-too-short": ("profile_id", "696e304f"),
    "profile-id-uuid": ("profile_id", "696e304f-5478-40a7-2866-19e000000000"),
    "profile-id-not-hexadecimal": ("profile_id", "zzzzzzzzzzzzzzzzzzzzzzzz"),
}
_POINTS: Final = {"points_currency_iid": 1, "points_currency_eid": "bonus", "amount": "50"}


def _no_identifier(request: Mapping[str, Any], _: Shape) -> Iterator[Change]:
    yield Change("", {f"/{name}": ABSENT for name in _IDENTIFIERS if name in request})


def _more_identifiers(request: Mapping[str, Any], _: Shape) -> Iterator[Change]:
    for name, value in _IDENTIFIERS.items():
        if name not in request:
            yield Change("", {f"/{name}": value})


def _bad_identifier(name: str, value: str, request: Mapping[str, Any], _: Shape) -> Iterator[Change]:
    others = {f"/{other}": ABSENT for other in _IDENTIFIERS if other != name and other in request}
    yield Change(f"/{name}", {**others, f"/{name}": value})


def _no_item(request: Mapping[str, Any], _: Shape) -> Iterator[Change]:
    for index, line in enumerate(request["data"]["lines"]):
        pointer = f"/data/lines/{index}"
        yield Change(pointer, {f"{pointer}/{name}": ABSENT for name in ("product", "sku") if name in line})


def _same_line_id(request: Mapping[str, Any], _: Shape) -> Iterator[Change]:
    lines = request["data"]["lines"]
    for index in range(1, len(lines)):
        pointer = f"/data/lines/{index}/external_id"
        yield Change(pointer, {pointer: lines[index - 1]["external_id"]})


def _same_promocode(request: Mapping[str, Any], _: Shape) -> Iterator[Change]:
    promocodes = request["data"].get("promocodes") or [{"code": "SPRING", "pool_id": 42}]
    pointer = f"/data/promocodes/{len(promocodes)}"
    yield Change(pointer, {"/data/promocodes": [*promocodes, promocodes[0]]})


def _above_base(request: Mapping[str, Any], _: Shape) -> Iterator[Change]:
    for index, line in enumerate(request["data"]["lines"]):
        pointer = f"/data/lines/{index}/final_price_per_item"
        yield Change(pointer, {pointer: _above(line["base_price_per_item"])})


def _below_minimum(request: Mapping[str, Any], _: Shape) -> Iterator[Change]:
    for index, line in enumerate(request["data"]["lines"]):
        place = f"/data/lines/{index}"
        least = _above(line["final_price_per_item"])
        yield Change(f"{place}/final_price_per_item", {f"{place}/min_price_per_item": least})


def _wrong_total(request: Mapping[str, Any], _: Shape) -> Iterator[Change]:
    data = request["data"]
    due = [EXACT.multiply(Decimal(line["base_price_per_item"]), Decimal(int(line["count"]))) for line in data["lines"]]
    total = _above(data["total_price"], data.get("delivery_cost"), *due)
    yield Change("/data/total_price", {"/data/total_price": total})


def _wrong_final_total(request: Mapping[str, Any], _: Shape) -> Iterator[Change]:
    data = request["data"]
    final = _above(data["total_price"], data.get("delivery_cost"))
    yield Change("/data/final_total_price", {"/data/final_total_price": final})


def _above(*amounts: str | Decimal | None) -> str:
    """A whole number, which every currency can have, above the sum of *amounts*."""
    total = Decimal(1)
    for amount in amounts:
        total = EXACT.add(total, Decimal(amount or 0))
    return f"{total.to_integral_value(ROUND_CEILING, EXACT):f}"


def _too_precise(request: Mapping[str, Any], _: Shape) -> Iterator[Change]:
    """Prices of a fraction of the smallest unit, where no other rule looks at them."""
    data = request["data"]
    decimals = CURRENCY_DECIMALS.get(data["currency"])
    if decimals is None:
        return
    price = f"0.{'0' * decimals}1"
    pointers = ["/data/final_total_price"] if Decimal(data["total_price"]) >= 1 else []
    for index, line in enumerate(data["lines"]):
        has_minimum = "min_price_per_item" in line
        compared = Decimal(line["final_price_per_item" if has_minimum else "base_price_per_item"])
        if compared >= 1:
            pointers.append(f"/data/lines/{index}/{'min' if has_minimum else 'final'}_price_per_item")
    for pointer in pointers:
        yield Change(pointer, {pointer: price})


def _no_currency_of_points(request: Mapping[str, Any], shape: Shape) -> Iterator[Change]:
    names = ("points_currency_iid", "points_currency_eid")
    for place in iter_places(request, shape):
        if place.shape.kind == "object" and names[0] in place.shape.fields and not is_delicate(request, place.pointer):
            yield Change(place.pointer, {f"{place.pointer}/{name}": ABSENT for name in names if name in place.value})


def _lists_of_promotions(request: Mapping[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """Where promotions stand or could stand: in the order and in each line."""
    yield "/data/requested_promotions", request["data"].get("requested_promotions", [])
    for index, line in enumerate(request["data"]["lines"]):
        yield f"/data/lines/{index}/requested_promotions", line.get("requested_promotions", [])


def _with_promotion(promotion: Mapping[str, Any], request: Mapping[str, Any], _: Shape) -> Iterator[Change]:
    """A broken promotion, added to the order and to each line."""
    for pointer, promotions in _lists_of_promotions(request):
        yield Change(f"{pointer}/{len(promotions)}", {pointer: [*promotions, promotion]})


def _without(field: str, types: tuple[str, ...], request: Mapping[str, Any], shape: Shape) -> Iterator[Change]:
    """Promotions of some types, without *field*."""
    for place in iter_places(request, shape):
        is_promotion = place.name == "requested_promotions" and place.shape.kind == "object"
        if not is_promotion or place.value["type"] not in types or field not in place.value:
            continue
        if field == "amount" or not is_delicate(request, place.pointer):
            yield Change(place.pointer, {f"{place.pointer}/{field}": ABSENT})


def _no_redemption(value: Any, request: Mapping[str, Any], _: Shape) -> Iterator[Change]:
    if redemptions(request):
        yield Change("/data/redeem_points" if value == [] else "/data", {"/data/redeem_points": value})


def _announced_only(request: Mapping[str, Any], _: Shape) -> Iterator[Change]:
    if redemptions(request):
        return
    promotion = {"type": "redeem_points", "promotion": {"external_id": "pay"}, "amount": "50", "points_info": _POINTS}
    for pointer, promotions in _lists_of_promotions(request):
        yield Change("/data", {pointer: [*promotions, promotion], "/data/redeem_points": ABSENT})


def _unannounced(request: Mapping[str, Any], _: Shape) -> Iterator[Change]:
    if not redemptions(request):
        yield Change("/data/redeem_points", {"/data/redeem_points": [{"points_currency_iid": 1, "amount": 50}]})


def _other_currency(request: Mapping[str, Any], _: Shape) -> Iterator[Change]:
    if redemptions(request):
        items = request["data"]["redeem_points"]
        promotions = [promotion for promotion in Order(request).promotions if promotion.type == "redeem_points"]
        named = [promotion.members["points_info"] for promotion in promotions]
        other = {
            "points_currency_iid": _other_iid(points.get("points_currency_iid", 0) for points in named),
            "points_currency_eid": "".join(["no-", *(points.get("points_currency_eid", "") for points in named)]),
            "amount": 1,
        }
        yield Change(f"/data/redeem_points/{len(items)}", {"/data/redeem_points": [*items, other]})


def _other_iid(iids: Iterable[int]) -> int:
    """An iid that is none of *iids*."""
    taken = {int(iid) for iid in iids}
    return next(iid for iid in count(1) if iid not in taken)


def _no_lines(request: Mapping[str, Any], _: Shape) -> Iterator[Change]:
    if not any(pointer.startswith("/data/lines/") for pointer in redemptions(request)):
        yield Change("/data/lines", {"/data/lines": []})


def _broken(kind: str, *, amount: bool = True, points: bool = True) -> dict[str, Any]:
    """A promotion of a type without something that the type needs."""
    promotion: dict[str, Any] = {"type": kind, "promotion": {"external_id": "broken"}}
    if amount:
        promotion["amount"] = "5"
    if points:
        promotion["points_info"] = _POINTS
    return promotion


_NO_AMOUNT: Final = _broken("discount", amount=False, points=False)
_NO_POINTS_AMOUNT: Final = _broken("accrue_points", amount=False)
_NO_POINTS_INFO: Final = _broken("accrue_points", points=False)

ORDER_MUTATIONS: Final = (
    Mutation("no-identifier", "profile-identifier-missing", _no_identifier),
    Mutation("one-more-identifier", "several-profile-identifiers", _more_identifiers),
    *(
        Mutation(name, f"{field.replace('_', '-')}-format", partial(_bad_identifier, field, value))
        for name, (field, value) in _BAD_IDENTIFIERS.items()
    ),
    Mutation("no-lines", "empty-list", _no_lines, syntaxes=JSON_ONLY),
    Mutation("no-item", "line-item-missing", _no_item),
    Mutation("same-line-id", "duplicate-line-id", _same_line_id, needs={"lines": (2, 4)}),
    Mutation("same-promocode", "duplicate-promocode", _same_promocode),
    Mutation("final-price-above-base", "price-above-base", _above_base),
    Mutation("final-price-below-minimum", "price-below-minimum", _below_minimum),
    Mutation("wrong-total", "total-mismatch", _wrong_total),
    Mutation("wrong-final-total", "final-total-above-total", _wrong_final_total),
    Mutation("one-decimal-more", "excess-precision", _too_precise, needs={"lines": (2, 4)}),
    Mutation("no-currency-of-points", "points-currency-missing", _no_currency_of_points, needs={"lines": (2, 4)}),
    Mutation("no-redemption", "redeem-points-missing", partial(_no_redemption, ABSENT)),
    Mutation("empty-redemption", "redeem-points-missing", partial(_no_redemption, []), syntaxes=JSON_ONLY),
    Mutation("announced-only", "redeem-points-missing", _announced_only),
    Mutation("no-discount-amount", "discount-amount-missing", partial(_without, "amount", ("discount",))),
    Mutation("discount-without-amount", "discount-amount-missing", partial(_with_promotion, _NO_AMOUNT)),
    Mutation("no-points-amount", "points-amount-missing", partial(_without, "amount", POINT_TYPES)),
    Mutation("points-without-amount", "points-amount-missing", partial(_with_promotion, _NO_POINTS_AMOUNT)),
    Mutation("no-points-info", "points-info-missing", partial(_without, "points_info", POINT_TYPES)),
    Mutation("points-without-info", "points-info-missing", partial(_with_promotion, _NO_POINTS_INFO)),
    Mutation("unannounced-redemption", "redemption-unannounced", _unannounced),
    Mutation("redemption-of-other-currency", "redemption-currency-mismatch", _other_currency),
)
