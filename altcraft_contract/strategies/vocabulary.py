"""What orders are made of: texts, ids, currencies. The first of each is the plainest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.errors import ImpossibleRequest
from altcraft_contract.rules.identity import is_email, is_phone, is_profile_id

if TYPE_CHECKING:
    from collections.abc import Callable

PROMOTION_TYPES: Final = ("message", "code_issue", "discount", "accrue_points", "redeem_points")
IDENTIFIERS: Final = ("email", "phone", "profile_id")
ITEMS: Final = ("sku", "product", "both")
CURRENCIES: Final = ("RUB", "EUR", "USD", "KZT", "JPY", "KWD", "CLF")

NAMES: Final = (
    "Mug",
    "Summer sale",
    "Летняя распродажа",
    "Café crème",
    "夏のセール",
    "تخفيضات الصيف",
    "קיץ",
    "ฤดูร้อน",
    "Ünïcödé & <more>",
    "🎁 gift",
)
FIELD_NAMES: Final = ("source", "campaign", "gift_wrap", "loyalty_level", "channel-2", "цвет")
TAGS: Final = ("new", "premium", "first_order", "подарок")


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """What exists on an installation; what is empty is made up.

    Attributes:
        products: Ids of products.
        skus: Ids of SKUs.
        endpoints: Order sources, as configured in the Market module.
        statuses: Order statuses.
        regions: Ids of regions.
        pools: Id of a pool of promo codes to the codes in it.
        profile_ids: Profile ids.
        emails: E-mail addresses of members.
        phones: Telephone numbers of members.
        point_currencies: Pairs of iid and eid; either may be None.
        promotions: External ids of promotions.
    """

    products: Sequence[str] = ()
    skus: Sequence[str] = ()
    endpoints: Sequence[str] = ()
    statuses: Sequence[str] = ()
    regions: Sequence[str] = ()
    pools: Mapping[int, Sequence[str]] = field(default_factory=dict)
    profile_ids: Sequence[str] = ()
    emails: Sequence[str] = ()
    phones: Sequence[str] = ()
    point_currencies: Sequence[tuple[int | None, str | None]] = ()
    promotions: Sequence[str] = ()

    def __post_init__(self) -> None:
        for name, matches in _TEXT_FIELDS.items():
            object.__setattr__(self, name, _checked_texts(name, getattr(self, name), matches))
        object.__setattr__(self, "pools", _checked_pools(self.pools))
        object.__setattr__(self, "point_currencies", _checked_currencies(self.point_currencies))


def _is_name(text: str) -> bool:
    """Whether a text can name something: it is not empty, and both syntaxes can carry it."""
    return bool(text) and not any(character in _NO_XML or "\ud800" <= character <= "\udfff" for character in text)


_NO_XML: Final = frozenset({*map(chr, range(0x20)), "\ufffe", "\uffff"} - set("\t\n\r"))
_TEXT_FIELDS: Final[Mapping[str, Callable[[str], object]]] = {
    **dict.fromkeys(("products", "skus", "endpoints", "statuses", "regions", "promotions"), _is_name),
    "profile_ids": is_profile_id,
    "emails": is_email,
    "phones": is_phone,
}


def _checked_texts(name: str, given: Any, matches: Callable[[str], object]) -> tuple[str, ...]:
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise ImpossibleRequest(name, given, "a sequence of texts")
    for text in given:
        if not isinstance(text, str) or not matches(text):
            raise ImpossibleRequest(name, text, "a text that no rule has anything against")
    return tuple(given)


def _checked_pools(given: Any) -> Mapping[int, tuple[str, ...]]:
    if not isinstance(given, Mapping):
        raise ImpossibleRequest("pools", given, "a mapping of pools to sequences of codes")
    for pool in given:
        if not _is_64_bit_integer(pool):
            raise ImpossibleRequest("pools", pool, "a whole number within 64 bits as a pool")
    return {pool: _checked_texts("pools", codes, _is_name) for pool, codes in given.items()}


def _checked_currencies(given: Any) -> tuple[tuple[int | None, str | None], ...]:
    expected = "pairs of an iid (a whole number within 64 bits) and an eid (a text); one of them may be None"
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise ImpossibleRequest("point_currencies", given, expected)
    for pair in given:
        is_pair = isinstance(pair, Sequence) and not isinstance(pair, str) and len(pair) == 2  # noqa: PLR2004 - a pair
        if not is_pair or not any(part is not None for part in pair):
            raise ImpossibleRequest("point_currencies", pair, expected)
        iid, eid = pair
        if not (iid is None or _is_64_bit_integer(iid)) or not (
            eid is None or (isinstance(eid, str) and _is_name(eid))
        ):
            raise ImpossibleRequest("point_currencies", pair, expected)
    return tuple((iid, eid) for iid, eid in given)


def _is_64_bit_integer(value: object) -> bool:
    return type(value) is int and -(2**63) <= value < 2**63


NOTHING_KNOWN: Final = Values()

MADE_UP: Final = Values(
    products=("mug", "t-shirt", "popit", "книга"),
    skus=("mug-white", "t-shirt-xl", "SKU 42", "книга-1"),
    endpoints=("shop", "bot", "mobile_app"),
    statuses=("new", "confirmed", "paid"),
    regions=("moscow", "region_2", "kz-alm"),
    pools={42: ("SPRING", "HYDO-4728-DZGU", "ЛЕТО"), 100: ("WELCOME", "A1")},
    profile_ids=("696e304f547840a7286619e0", "FFFFFFFFFFFFFFFFFFFFFFFF", "000000000000000000000001"),
    emails=("ann@example.com", "jonas+shop@example.de", "почта@пример.рф"),
    phones=("+79991234567", "+12025550123", "+8613800138000"),
    point_currencies=((1, "bonus"), (2, None), (None, "miles"), (7, "bonus_rub")),
    promotions=("promo_1", "summer", "cashback", "welcome"),
)
