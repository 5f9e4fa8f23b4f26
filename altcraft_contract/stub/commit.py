"""What the stub does with a valid order confirmation; the same requests get the same answers.

What is documented: the forms of request and answer, and that an order is `outdated` when a price has changed. What is
inferred, because the documentation is silent: what a repeat gets, who the customer is when several identifiers are
given, that points are a balance which accruals raise and redemptions lower, and that an order which redeems more than
the balance holds is outdated. The texts, codes and pools are made up.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from altcraft_contract.documents.problem import LongInteger
from altcraft_contract.rules.order import Order
from altcraft_contract.rules.points import POINT_TYPES
from altcraft_contract.stub.state import MOST_POINTS, Balance, PointCurrency, profile_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from altcraft_contract.rules.order import Promotion
    from altcraft_contract.stub.state import KnownOrder, State

Status = Literal["success", "outdated"]
ProcessingTarget = Literal["immediate", "processed"]
_JSON = dict[str, Any]

_SUCCESSFUL: Final[_JSON] = {"error": 0, "error_text": "Successful operation"}
_IDENTIFIERS: Final = ("profile_id", "email", "phone")  # the first that is given says who the customer is
_NOT_THE_ORDER: Final = ("token", "skip_triggers")  # may change from one attempt to the next
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS: Final = "0123456789"
_CODE: Final = (_LETTERS, _DIGITS, _LETTERS)
_GROUP: Final = 4  # characters of a group of a code
_ATTEMPTS: Final = 100  # codes tried until one is free and does not hold the token
_POOLS: Final = 9_999
_MOST_DIGITS: Final = len(str(MOST_POINTS))
_DIFFERS: Final = (
    "the request differs from the first one with this external_id (token and skip_triggers apart); "
    "it gets the first answer again, and nothing is changed"
)
_canonical_json: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), check_circular=False).encode
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
    processing_target: ProcessingTarget = "immediate",
    time: str,
) -> Commit:
    """Commit a valid request.

    A repeated `external_id` gets its first answer again, whatever else the request says. An order is outdated, and
    nothing is stored, if an item costs something else now, or if it redeems more points than there are.

    Args:
        request: The JSON form of a request without errors.
        state: What is known so far.
        prices: Ids of products and SKUs to what they cost now; others cost what the order says.
        opening_balance: Points of a customer in a currency first met. If that order redeems more, it opens with as
            many as are redeemed, so that an order from a stranger is never refused.
        processing_target: What a new order is answered with.
        time: When this happens, as text that is only shown.
    """
    external_id: str = request["external_id"]
    digest = _digest(request)
    known = state.find_order(external_id)
    if known is not None:
        return _repeat(external_id, known, digest, state)
    try:
        _check_prices(Order(request).lines, prices)
        with state.transaction():
            known = state.find_order(external_id)  # another process may have been quicker
            if known is not None:
                return _repeat(external_id, known, digest, state)
            committing = _Committing(request, state, _clamped(opening_balance))
            data = {"status": "success", "processing_target": processing_target, "external_id": external_id}
            text = _text({"data": data | committing.results(), **_SUCCESSFUL})
            state.remember_order(
                external_id,
                number=committing.number,
                digest=digest,
                status="success",
                processing_target=processing_target,
                time=time,
                answer=text,
            )
    except _Outdated as outdated:
        return Commit(_text(outdated_answer(external_id)), "outdated", is_repeat=False, notes=_notes(outdated.args))
    return Commit(text, "success", is_repeat=False, notes=_notes(committing.notes))


def outdated_answer(external_id: str, *, minimal: bool = False) -> dict[str, Any]:
    """The answer that a price has changed since the preliminary calculation.

    Which fields stand beside `status` is not documented: `data` has the `external_id`, too, or, if *minimal*, nothing.
    """
    data = {"status": "outdated"} if minimal else {"status": "outdated", "external_id": external_id}
    return {"data": data, **_SUCCESSFUL}


def _repeat(external_id: str, known: KnownOrder, digest: bytes, state: State) -> Commit:
    state.count_repeat(external_id)
    notes: tuple[str, ...] = ()
    if digest != known.digest:
        notes = (_DIFFERS,)
    return Commit(known.answer, "success", is_repeat=True, notes=notes)


def _digest(request: Mapping[str, Any]) -> bytes:
    """Digest of what is ordered, the same in either syntax."""
    order = {name: value for name, value in request.items() if name not in _NOT_THE_ORDER}
    text = _canonical_json(_canonical(order))
    return blake2b(text.encode(), digest_size=16).digest()


def _canonical(value: Any, *, is_custom: bool = False) -> Any:
    """A value as both syntaxes have it: without empty lists, numbers without `.0`, custom fields as text."""
    if isinstance(value, dict):
        return {
            name: member if type(member) is str else _canonical(member, is_custom=is_custom or name == "custom_fields")
            for name, member in value.items()
            if member or member != []
        }
    if isinstance(value, list):
        return [_canonical(item, is_custom=is_custom) for item in value]
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and not is_custom:
        value = int(value)
    if isinstance(value, int) and not -MOST_POINTS <= value <= MOST_POINTS:
        return value.text if isinstance(value, LongInteger) else f"{Decimal(value):f}"
    return json.dumps(value) if is_custom else value


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


class _Mention(NamedTuple):
    """A place in a request that names a currency of points."""

    iid: int | None
    eid: str | None
    name: str | None
    accrued: int
    redeemed: int


class _Change:
    """What an order does to the points of one currency."""

    __slots__ = ("accrued", "currency", "name", "redeemed")

    def __init__(self, currency: PointCurrency) -> None:
        self.currency = currency
        self.name: str | None = None
        self.accrued = 0
        self.redeemed = 0

    def add(self, mention: _Mention) -> None:
        if self.name is None:
            self.name = mention.name
        self.accrued = min(self.accrued + mention.accrued, MOST_POINTS)
        self.redeemed = min(self.redeemed + mention.redeemed, MOST_POINTS)


class _Committing:
    """One commit, within a transaction.

    Attributes:
        number: Number of the order.
        notes: What is worth knowing.
    """

    def __init__(self, request: Mapping[str, Any], state: State, opening_balance: int) -> None:
        self.request = request
        self.state = state
        self.opening_balance = opening_balance
        self.order = Order(request)
        self.number = state.next_number()
        self.notes: list[str] = []
        token = request.get("token")
        self.token: str | None = token if isinstance(token, str) and token else None

    def results(self) -> _JSON:
        """What the commit brings about: codes, points, texts."""
        self.activate_codes()
        promotions = self.order.promotions
        issuing = [promotion for promotion in promotions if promotion.type == "code_issue"]
        return {
            "issued_promocodes": [self.issued(index, promotion) for index, promotion in enumerate(issuing)],
            "points_changes": list(self.iter_points_changes()),
            "contents": [self.content(promotion) for promotion in promotions if promotion.type == "message"],
        }

    def activate_codes(self) -> None:
        """Activate the promo codes of the request; whether one may be used twice is not documented."""
        for item in _items(self.order.data, "promocodes"):
            code, pool_id = item.get("code"), _integer(item.get("pool_id"))
            if not isinstance(code, str) or pool_id is None:
                continue
            other = self.state.activate_code(code, pool_id=pool_id, number=self.number)
            if other is not None:
                self.notes.append(
                    f"promo code {_quoted(code)} of pool {pool_id} was activated by order {_quoted(other)} before; "
                    "whether that is refused is not documented"
                )

    def iter_points_changes(self) -> Iterator[_JSON]:
        """Change the balances, and say how, for each currency that is accrued or redeemed."""
        mentions = list(_iter_mentions(self.order))
        named = dict.fromkeys((mention.iid, mention.eid) for mention in mentions)
        for names in named:
            self.state.link_currency(*names)
        currencies = {names: self.state.read_currency(*names) for names in named}
        changes: dict[int, _Change] = {}
        for mention in mentions:
            currency = currencies[mention.iid, mention.eid]
            changes.setdefault(currency.number, _Change(currency)).add(mention)
        profile = _profile(self.request)
        for change in changes.values():
            if change.accrued or change.redeemed:
                yield from self.points_change(change, self.balance(profile, change))

    def balance(self, profile: str, change: _Change) -> int:
        """Change a balance; return what it is then."""
        known = self.state.find_balance(profile, change.currency.number)
        before = known or Balance(opening := max(self.opening_balance, change.redeemed), opening)
        name = _currency_name(change.currency)
        if change.redeemed > before.balance:
            raise _Outdated(
                f"outdated: {change.redeemed} points of {name} are redeemed, the balance is {before.balance}"
            )
        if known is None and before.opening > self.opening_balance:
            self.notes.append(f"the balance of {name} opens with {before.opening} points, as many as are redeemed")
        after = min(before.balance - change.redeemed + change.accrued, MOST_POINTS)
        self.state.set_balance(profile, change.currency.number, Balance(before.opening, after))
        return after

    def points_change(self, change: _Change, balance: int) -> Iterator[_JSON]:
        """The item of `points_changes`, unless it has to be left out."""
        _, iid, eid = change.currency
        names = {"points_currency_iid": iid, "points_currency_eid": self.safe(eid)}
        info: _JSON = {field: value for field, value in names.items() if value is not None}
        if not info or self.safe(str(balance)) is None:
            self.notes.append("an item of points_changes is left out, since it would show the token")
            return
        name = self.safe(change.name)
        if name is not None:
            info["name"] = name
        info["amount"] = str(balance)
        yield {"points_info": info, "accrue_points": change.accrued, "redeem_points": change.redeemed}

    def issued(self, index: int, promotion: Promotion) -> _JSON:
        """The item of `issued_promocodes` for a promotion, the code_issue number *index* of the order."""
        promotion_id = str(_promotion_of(promotion).get("external_id", ""))
        pool_id = 1 + int.from_bytes(_hash("pool", promotion_id), "big") % _POOLS
        pool: _JSON = {"pool_id": pool_id}
        name = self.safe(f"Pool {pool_id}")
        if name is not None:
            pool["name"] = name
        codes = list(self.iter_codes(promotion_id, index, pool_id))
        return {"codes": codes, "pool": pool, **self.promotion(promotion)}

    def iter_codes(self, promotion_id: str, index: int, pool_id: int) -> Iterator[str]:
        """One code that nobody has, and that does not hold the token."""
        external_id = str(self.request["external_id"])
        for attempt in range(_ATTEMPTS):
            seed = _hash("code", external_id, promotion_id, str(index), str(attempt))
            code = _code(int.from_bytes(seed, "big"), "-" if self.safe("-") else "")
            if self.safe(code) is not None and self.state.issue_code(code, pool_id=pool_id, number=self.number):
                yield code
                return
        self.notes.append("no promo code is free for a code_issue promotion; its list of codes is empty")

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


def _iter_mentions(order: Order) -> Iterator[_Mention]:
    """Where a request names currencies; redemptions are what `redeem_points` says, promotions only announce them."""
    for item in _items(order.data, "redeem_points"):
        yield from _mention(item, redeemed=_clamped(_integer(item.get("amount")) or 0))
    for promotion in order.promotions:
        info = promotion.members.get("points_info")
        if promotion.type in POINT_TYPES and isinstance(info, dict):
            is_accrued = promotion.type == "accrue_points"
            amount = promotion.members.get("amount", info.get("amount"))
            yield from _mention(info, accrued=_whole_points(amount) if is_accrued else 0)


def _mention(info: Mapping[str, Any], *, accrued: int = 0, redeemed: int = 0) -> Iterator[_Mention]:
    iid, eid, name = _integer(info.get("points_currency_iid")), info.get("points_currency_eid"), info.get("name")
    eid = eid if isinstance(eid, str) and eid else None
    if iid is not None or eid is not None:
        yield _Mention(iid, eid, name if isinstance(name, str) else None, accrued, redeemed)


def _whole_points(amount: object) -> int:
    """The whole points of an amount such as `"50.75"`, at most `MOST_POINTS`; the text may be of any length."""
    if not isinstance(amount, str):
        return 0
    digits = amount.partition(".")[0].lstrip("0")
    if not digits.isdecimal():
        return 0
    return MOST_POINTS if len(digits) > _MOST_DIGITS else _clamped(int(digits))


def _clamped(points: int) -> int:
    return max(0, min(points, MOST_POINTS))


def _integer(value: object) -> int | None:
    """A documented integer, which JSON may write as `1.0`; what is beyond 64 bits is cut down to them."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float) and not value.is_integer():
        return None
    return int(max(-MOST_POINTS - 1, min(value, MOST_POINTS)))


def _decimal(text: object) -> Decimal | None:
    try:
        return Decimal(text) if isinstance(text, str) else None
    except InvalidOperation:
        return None


def _items(data: Mapping[str, Any], field: str) -> Sequence[Mapping[str, Any]]:
    items = data.get(field)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else ()


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


def _hash(*parts: str) -> bytes:
    text = json.dumps(parts)
    return blake2b(text.encode(), digest_size=16).digest()


def _code(seed: int, separator: str) -> str:
    """A code in the form of the documented `HYDO-4728-DZGU`."""
    groups = []
    for alphabet in _CODE:
        group = ""
        for _ in range(_GROUP):
            seed, place = divmod(seed, len(alphabet))
            group += alphabet[place]
        groups.append(group)
    return separator.join(groups)


def _text(answer: _JSON) -> str:
    return json.dumps(answer, ensure_ascii=False)


def _notes(notes: Sequence[str]) -> tuple[str, ...]:
    more = len(notes) - _MOST_NOTES
    return (*notes[:_MOST_NOTES], f"and {more} more notes of this kind") if more > 0 else tuple(notes)


def _currency_name(currency: PointCurrency) -> str:
    return f"currency {currency.iid if currency.eid is None else _quoted(currency.eid)}"


def _quoted(text: str) -> str:
    return f'"{_cut(text)}"'


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
