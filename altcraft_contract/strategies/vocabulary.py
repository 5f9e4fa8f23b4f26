"""What orders are made of: texts, ids, currencies. The first of each is the plainest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.errors import ImpossibleRequest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
        for iid, eid in self.point_currencies:
            if iid is None and eid is None:
                raise ImpossibleRequest("point_currencies", (iid, eid), "a pair with an iid, an eid or both")
        for name in ("products", "skus", "endpoints", "statuses", "profile_ids", "emails", "phones", "promotions"):
            value = getattr(self, name)
            if isinstance(value, str) or not all(isinstance(item, str) and item for item in value):
                raise ImpossibleRequest(name, value, "a sequence of texts that are not empty")
        for pool, codes in self.pools.items():
            known: Any = pool
            if not isinstance(known, int) or isinstance(codes, str) or not all(codes):
                raise ImpossibleRequest("pools", {pool: codes}, "a whole number with a sequence of codes")


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
