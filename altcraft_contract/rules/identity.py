"""Who ordered, and ids that must differ."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from altcraft_contract.rules.rule import ABSENT, DOCUMENTED, ERROR, EXAMPLE, INFERRED, WARNING, Breach, Rule, Sample

if TYPE_CHECKING:
    from altcraft_contract.rules.order import Order

IDENTIFIERS: Final = ("profile_id", "email", "phone")

is_profile_id = re.compile(r"[0-9A-Fa-f]{24}").fullmatch
is_phone = re.compile(r"\+[0-9]{8,15}").fullmatch
_LABEL = r"[^@.\s\x00-\x1f\x7f-\x9f]+"
is_email = re.compile(rf"[^@\s\x00-\x1f\x7f-\x9f]+@{_LABEL}(?:\.{_LABEL})+").fullmatch

_FORMATS: Final = (
    ("profile_id", is_profile_id, "profile-id-format", "`profile_id` is not 24 hexadecimal digits, as in the examples"),
    ("email", is_email, "email-format", "`email` is not an e-mail address"),
    ("phone", is_phone, "phone-format", "`phone` is not `+` and 8 to 15 digits (E.164), as in the examples"),
)

_LINE: Final = {
    "external_id": "1",
    "sku": "mug-white",
    "count": 1,
    "base_price_per_item": "10.00",
    "final_price_per_item": "10.00",
}

RULES: Final = (
    Rule(
        "profile-identifier-missing",
        ERROR,
        DOCUMENTED,
        "request",
        "request body",
        "At least one of `profile_id`, `email` and `phone` says who ordered.",
        "Send the identifier that your shop knows the customer by.",
        Sample({"/external_id": "order_1", "/email": "ann@example.com"}, {"/external_id": "order_1", "/email": ABSENT}),
    ),
    Rule(
        "several-profile-identifiers",
        WARNING,
        INFERRED,
        "request",
        "request body",
        "The page says that one of `profile_id`, `email` and `phone` is needed, and is silent on which one wins when "
        "several are given.",
        "Send one identifier, so that it is certain which profile the order goes to.",
        Sample({"/email": "ann@example.com"}, {"/email": "ann@example.com", "/phone": "+79991234567"}),
    ),
    Rule(
        "profile-id-format",
        WARNING,
        EXAMPLE,
        "request",
        "request body",
        "The examples show a `profile_id` of 24 hexadecimal digits.",
        "Check that the id is the platform's own, not that of another system.",
        Sample(
            {"/email": ABSENT, "/profile_id": "696e304f547840a7286619e0"}, {"/email": ABSENT, "/profile_id": "12345"}
        ),
    ),
    Rule(
        "email-format",
        WARNING,
        INFERRED,
        "request",
        "request body",
        "An e-mail address has one `@`, something before it, and a domain of two or more labels, without white space.",
        "Send the address as the customer's mail server knows it.",
        Sample({"/email": "ann@example.com"}, {"/email": "ann@example"}),
    ),
    Rule(
        "phone-format",
        WARNING,
        EXAMPLE,
        "request",
        "request body",
        "The page's example of a phone is in the form of E.164: `+` and 8 to 15 digits.",
        "Send the number with `+` and the country code, without spaces, brackets or dashes.",
        Sample({"/email": ABSENT, "/phone": "+79991234567"}, {"/email": ABSENT, "/phone": "8 999 123-45-67"}),
    ),
    Rule(
        "line-item-missing",
        ERROR,
        DOCUMENTED,
        "request",
        "lines array",
        "Every line names what was bought, by `product`, by `sku`, or by both.",
        "Add `product` or `sku` to the line.",
        Sample(
            {"/data/lines/0": _LINE}, {"/data/lines/0": {name: value for name, value in _LINE.items() if name != "sku"}}
        ),
    ),
    Rule(
        "duplicate-line-id",
        WARNING,
        INFERRED,
        "request",
        "lines array",
        "`external_id` is the id of the line in the client's system, so two lines of an order should not share one.",
        "Give every line an id of its own.",
        Sample(
            {"/data/total_price": "20.00", "/data/lines": [_LINE, {**_LINE, "external_id": "2"}]},
            {"/data/total_price": "20.00", "/data/lines": [_LINE, _LINE]},
        ),
    ),
    Rule(
        "duplicate-promocode",
        WARNING,
        INFERRED,
        "request",
        "promocodes array",
        "A promo code of a pool is applied once, so it should be listed once.",
        "List each code once.",
        Sample(
            {"/data/promocodes": [{"code": "SPRING", "pool_id": 42}]},
            {"/data/promocodes": [{"code": "SPRING", "pool_id": 42}, {"code": "SPRING", "pool_id": 42}]},
        ),
    ),
)


def check_identity(order: Order, found: list[Breach]) -> None:
    """Find what is suspicious about the identifiers of profile, lines and promo codes."""
    present = 0
    for field, matches, rule, message in _FORMATS:
        value = order.body.get(field)
        if type(value) is str:
            present += 1
            if not matches(value):
                found.append(Breach(rule, f"/{field}", message))
    if present > 1:
        given = ", ".join(f"`{field}`" for field in IDENTIFIERS if type(order.body.get(field)) is str)
        message = f"{given} are given; the documentation does not say which one wins"
        found.append(Breach("several-profile-identifiers", "", message, "send one identifier"))
    _check_line_ids(order, found)
    _check_promocodes(order, found)


def _check_line_ids(order: Order, found: list[Breach]) -> None:
    seen: dict[str, int] = {}
    for index, line in order.lines:
        line_id = line.get("external_id")
        if type(line_id) is str and seen.setdefault(line_id, index) != index:
            message = f"line {index} has the same `external_id` as line {seen[line_id]} (counted from 0)"
            found.append(Breach("duplicate-line-id", f"/data/lines/{index}/external_id", message))


def _check_promocodes(order: Order, found: list[Breach]) -> None:
    promocodes = order.data.get("promocodes")
    if type(promocodes) is not list:
        return
    seen: dict[tuple[str, int], int] = {}
    for index, promocode in enumerate(promocodes):
        if type(promocode) is not dict:
            continue
        code, pool = promocode.get("code"), promocode.get("pool_id")
        if type(code) is str and isinstance(pool, int | float) and seen.setdefault((code, int(pool)), index) != index:
            message = f"the code and pool of item {index} stand in item {seen[code, int(pool)]} too (counted from 0)"
            found.append(Breach("duplicate-promocode", f"/data/promocodes/{index}", message))
