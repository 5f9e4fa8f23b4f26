"""What the stub does with a valid order confirmation; the same requests get the same answers.

What is documented: the forms of request and answer, and that an order is `outdated` when a price has changed. What is
inferred, because the documentation is silent: what a repeat gets, who the customer is when several identifiers are
given, that points are a balance which accruals raise and redemptions lower, and that points which the balance lacks
were accrued elsewhere. The texts, codes and pools are made up.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final, Literal

from altcraft_contract.rules.order import Order
from altcraft_contract.stub.codes import make_code, make_pool_id
from altcraft_contract.stub.currencies import MOST_POINTS, Balance
from altcraft_contract.stub.points import clamp_points, find_points_changes, items_of, read_integer
from altcraft_contract.stub.state import profile_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from altcraft_contract.rules.order import Promotion
    from altcraft_contract.stub.points import PointsChange
    from altcraft_contract.stub.state import KnownOrder, State

Status = Literal["success", "outdated"]
ProcessingTarget = Literal["immediate", "processed"]
_JSON = dict[str, Any]

_SUCCESSFUL: Final[_JSON] = {"error": 0, "error_text": "Successful operation"}
_IDENTIFIERS: Final = ("profile_id", "email", "phone")  # the first that is given says who the customer is
_ATTEMPTS: Final = 100  # codes tried until one is free and does not hold the token
_DIFFERS: Final = (
    "the request differs from the first one with this external_id (token and skip_triggers apart); "
    "it gets the first answer again, and nothing is changed"
)
_write: Final = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
_MOST_NOTES: Final = 10
_SHOWN: Final = 60  # characters of a value that a note shows


@dataclass(frozen=True, slots=True)
class Commit:
    """What came of an order confirmation.

    Attributes:
        text: The answer as JSON text, the whole envelope.
        status: `success` or `outdated`.
        is_repeat: Whether the order was known, and this is its first answer again.
        notes: What is worth knowing and no finding, a sentence each.
    """

    text: str
    status: Status
    is_repeat: bool
    notes: tuple[str, ...]

    @property
    def answer(self) -> dict[str, Any]:
        """The answer: `data`, `error` and `error_text`."""
        answer: _JSON = json.loads(self.text)
        return answer


class _Outdated(Exception):
    """The calculation that the order rests on no longer holds; carries the notes."""


def commit_order(
    request: Mapping[str, Any],
    state: State,
    *,
    prices: Mapping[str, Decimal],
    opening_balance: int = 1000,
    strict_points: bool = False,
    processing_target: ProcessingTarget = "immediate",
    time: str,
) -> Commit:
    """Commit a valid request.

    A repeated `external_id` gets its first answer again, whatever else the request says. An order is outdated, and
    nothing is stored, if an item costs something else now, or if *strict_points* says so.

    Args:
        request: The JSON form of a request without errors.
        state: What is known so far.
        prices: Ids of products and SKUs to what they cost now; others cost what the order says.
        opening_balance: Points of a customer in a currency first met.
        strict_points: Whether an order is outdated if it redeems more points than there are. Otherwise the balance is
            taken to have been filled up elsewhere: it is raised to what is redeemed first.
        processing_target: What a new order is answered with.
        time: When this happens, as text that is only shown.
    """
    external_id: str = request["external_id"]
    try:
        with state.transaction():
            known = state.find_order(external_id)
            if known is not None:
                return _repeat(request, known, state)
            order = Order(request)
            _check_prices(order.lines, prices)
            committing = _Committing(order, state, clamp_points(opening_balance), strict_points=strict_points)
            data = {"status": "success", "processing_target": processing_target, "external_id": external_id}
            text = _write({"data": data | committing.results(), **_SUCCESSFUL})
            state.remember_order(
                external_id,
                number=committing.number,
                digest=state.digest(request),
                status="success",
                processing_target=processing_target,
                time=time,
                answer=text,
            )
    except _Outdated as outdated:
        return Commit(_write(outdated_answer(external_id)), "outdated", is_repeat=False, notes=_notes(outdated.args))
    return Commit(text, "success", is_repeat=False, notes=_notes(committing.notes))


def outdated_answer(external_id: str, *, minimal: bool = False) -> dict[str, Any]:
    """The answer that a price has changed since the preliminary calculation.

    Which fields stand beside `status` is not documented: `data` has the `external_id`, too, or, if *minimal*, nothing.
    """
    data = {"status": "outdated"} if minimal else {"status": "outdated", "external_id": external_id}
    return {"data": data, **_SUCCESSFUL}


def _repeat(request: Mapping[str, Any], known: KnownOrder, state: State) -> Commit:
    state.count_repeat(known.number)
    notes = () if state.is_same_order(request, known.digest) else (_DIFFERS,)
    return Commit(known.answer, "success", is_repeat=True, notes=notes)


def _check_prices(lines: Iterable[tuple[int, Mapping[str, Any]]], prices: Mapping[str, Decimal]) -> None:
    if not prices:
        return
    notes = []
    for _, line in lines:
        price = _decimal(line.get("base_price_per_item"))
        for field in ("product", "sku"):
            item = line.get(field)
            if price is None or not isinstance(item, str):
                continue
            now = prices.get(item)
            if now is not None and price != now:
                asked = _cut(line["base_price_per_item"])
                notes.append(f"outdated: {field} {_quoted(item)} costs {_cut(str(now))} now, {asked} in the order")
    if notes:
        raise _Outdated(*notes)


class _Committing:
    """One commit, within a transaction.

    Attributes:
        number: Number of the order.
        notes: What is worth knowing.
    """

    def __init__(self, order: Order, state: State, opening_balance: int, *, strict_points: bool) -> None:
        self.request = order.body
        self.state = state
        self.opening_balance = opening_balance
        self.strict_points = strict_points
        self.order = order
        self.number = state.next_number()
        self.notes: list[str] = []
        token = order.body.get("token")
        self.token: str | None = token if isinstance(token, str) and token else None

    def results(self) -> _JSON:
        """What the commit brings about: codes, points, texts."""
        self.activate_codes()
        promotions = self.order.promotions
        issuing = [promotion for promotion in promotions if promotion.type == "code_issue"]
        return {
            "issued_promocodes": [self.issued(index, promotion) for index, promotion in enumerate(issuing)],
            "points_changes": self.points_changes(),
            "contents": [self.content(promotion) for promotion in promotions if promotion.type == "message"],
        }

    def activate_codes(self) -> None:
        """Activate the promo codes of the request; whether one may be used twice is not documented."""
        for item in items_of(self.order.data, "promocodes"):
            code, pool_id = item.get("code"), read_integer(item.get("pool_id"))
            if not isinstance(code, str) or pool_id is None:
                continue
            other = self.state.activate_code(code, pool_id=pool_id, number=self.number)
            if other is not None:
                self.notes.append(
                    f"promo code {_quoted(code)} of pool {pool_id} was activated by order {_quoted(other)} before; "
                    "whether that is refused is not documented"
                )

    def points_changes(self) -> list[_JSON]:
        """Change the balances, and say how, for each currency that is accrued or redeemed."""
        changes = find_points_changes(self.order, self.state)
        if not changes:
            return []
        profile = _profile(self.request)
        items = [self.points_change(change, self.balance(profile, change)) for change in changes]
        return [item for item in items if item is not None]

    def balance(self, profile: str, change: PointsChange) -> int:
        """Change a balance; return what it is then."""
        opening, balance = self.state.find_balance(profile, change.currency) or (self.opening_balance,) * 2
        missing = change.redeemed - balance
        if missing > 0:
            name = f"currency {change.iid if change.eid is None else _quoted(change.eid)}"
            if self.strict_points:
                raise _Outdated(f"outdated: {change.redeemed} points of {name} are redeemed, the balance is {balance}")
            self.notes.append(
                f"the balance of {balance} points ({name}) does not cover the {change.redeemed} redeemed; "
                "taken as accrued elsewhere - the documentation does not say what happens"
            )
            opening, balance = min(opening + missing, MOST_POINTS), change.redeemed
        after = min(balance - change.redeemed + change.accrued, MOST_POINTS)
        self.state.set_balance(profile, change.currency, Balance(opening, after))
        return after

    def points_change(self, change: PointsChange, balance: int) -> _JSON | None:
        """The item of `points_changes`; None if it has to be left out."""
        amount, eid, name = self.safe(str(balance)), self.safe(change.eid), self.safe(change.name)
        info: _JSON = {}
        if change.iid is not None:
            info["points_currency_iid"] = change.iid
        if eid is not None:
            info["points_currency_eid"] = eid
        if not info or amount is None:
            self.notes.append("an item of points_changes is left out, since it would show the token")
            return None
        if name is not None:
            info["name"] = name
        info["amount"] = amount
        return {"points_info": info, "accrue_points": change.accrued, "redeem_points": change.redeemed}

    def issued(self, index: int, promotion: Promotion) -> _JSON:
        """The item of `issued_promocodes` for a promotion, the code_issue number *index* of the order."""
        promotion_id = str(_promotion_of(promotion).get("external_id", ""))
        pool_id = make_pool_id(promotion_id)
        pool: _JSON = {"pool_id": pool_id}
        name = self.safe(f"Pool {pool_id}")
        if name is not None:
            pool["name"] = name
        return {"codes": self.codes(promotion_id, index, pool_id), "pool": pool, **self.promotion(promotion)}

    def codes(self, promotion_id: str, index: int, pool_id: int) -> list[str]:
        """One code that nobody has, and that does not hold the token."""
        external_id = str(self.request["external_id"])
        separator = "-" if self.safe("-") else ""
        for attempt in range(_ATTEMPTS):
            code = make_code(external_id, promotion_id, index, attempt=attempt, separator=separator)
            if self.safe(code) is not None and self.state.issue_code(code, pool_id=pool_id, number=self.number):
                return [code]
        self.notes.append("no promo code is free for a code_issue promotion; its list of codes is empty")
        return []

    def content(self, promotion: Promotion) -> _JSON:
        """The item of `contents` for a promotion; the text is made up."""
        members = _promotion_of(promotion)
        message = self.safe(f"A message of {members.get('name') or members.get('external_id')}")
        content = {"type": "text"} if message is None else {"type": "text", "message": message}
        return {**self.promotion(promotion), "contents": [content]}

    def promotion(self, promotion: Promotion) -> _JSON:
        """The promotion as the request names it, as a member `promotion`; without what would show the token."""
        members = _promotion_of(promotion)
        external_id, name = self.safe(members.get("external_id")), self.safe(members.get("name"))
        if not external_id:
            return {}
        return {
            "promotion": {"external_id": external_id} if name is None else {"external_id": external_id, "name": name}
        }

    def safe(self, text: object) -> str | None:
        """*text*, if it is one and does not hold the request's token."""
        if not isinstance(text, str) or (self.token is not None and self.token in text):
            return None
        return text


def _decimal(text: object) -> Decimal | None:
    try:
        return Decimal(text) if isinstance(text, str) else None
    except InvalidOperation:
        return None


def _promotion_of(promotion: Promotion) -> Mapping[str, Any]:
    members = promotion.members.get("promotion")
    return members if isinstance(members, dict) else {}


def _profile(request: Mapping[str, Any]) -> str:
    """Who the customer is: `profile_id`, else `email`, else `phone`. Which of several wins is not documented."""
    for kind in _IDENTIFIERS:
        identifier = request.get(kind)
        if isinstance(identifier, str) and identifier:
            return profile_hash(kind, identifier)
    return profile_hash("", "")


def _notes(notes: Sequence[str]) -> tuple[str, ...]:
    more = len(notes) - _MOST_NOTES
    return (*notes[:_MOST_NOTES], f"and {more} more notes of this kind") if more > 0 else tuple(notes)


def _quoted(text: str) -> str:
    return f'"{_cut(text)}"'


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
