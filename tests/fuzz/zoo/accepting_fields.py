"""Servers that accept what a rule about one field forbids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.fuzz.zoo.forgiving import accepts, forgiving
from tests.fuzz.zoo.samples import ABSENT, replaced, sent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fuzz.zoo.behaviour import Exchange
    from tests.fuzz.zoo.fault import Fault

_LINE = r"/data/lines/\d+"
_LATER_LINE = r"/data/lines/[1-9]\d*"


def _everywhere() -> Iterator[Fault]:
    """A rule that is not enforced at all."""
    lines = sent({"/data/lines": [], "/data/requested_promotions": ABSENT})
    examples: dict[str, Any] = {
        "missing-field": sent({"/data/currency": ABSENT}),
        "wrong-type": sent({"/data/region": 5}),
        "empty-value": sent({"/data/endpoint": ""}),
        "empty-list": lines,
        "unknown-value": sent({"/data/requested_promotions/4/type": "messages"}),
        "invalid-decimal": sent({"/data/total_price": "1,50"}),
        "invalid-timestamp": sent({"/data/create_time": "yesterday"}),
        "invalid-currency": sent({"/data/currency": "rub"}),
        "out-of-range": sent({"/data/lines/0/count": 0}),
        "duplicate-field": replaced('"region":', '"region":"x","region":'),
        "profile-identifier-missing": sent({"/email": ABSENT}),
        "line-item-missing": sent({"/data/lines/0/sku": ABSENT, "/data/lines/0/product": ABSENT}),
        "points-currency-missing": sent({"/data/redeem_points/0": {"amount": 5}}),
        "redeem-points-missing": sent({"/data/redeem_points": ABSENT}),
        "discount-amount-missing": sent({"/data/requested_promotions/0/amount": ABSENT}),
        "points-info-missing": sent({"/data/requested_promotions/1/points_info": ABSENT}),
    }
    for rule, example in examples.items():
        yield accepts(f"any-{rule}", f"every {rule}", forgiving(rule), example)


def _missing() -> Iterator[Fault]:
    places = {
        "endpoint": "/data",
        "status": "/data",
        "currency": "/data",
        "final_total_price": "/data",
        "external_id": "",
        "lines": "/data",
    }
    for name, place in places.items():
        changes = {f"{place}/{name}": ABSENT}
        if name == "lines":
            changes |= {"/data/requested_promotions": ABSENT, "/data/redeem_points": ABSENT}
        words = name.replace("_", "-")
        yield accepts(
            f"order-without-{words}",
            f"an order without `{name}`",
            forgiving("missing-field", at=place, missing=name),
            sent(changes),
        )
    deep = {
        "count": (_LINE, "/data/lines/0", False),
        "external_id": (_LATER_LINE, "/data/lines/1", True),
        "base_price_per_item": (_LATER_LINE, "/data/lines/2", True),
        "pool_id": (r"/data/promocodes/\d+", "/data/promocodes/0", False),
        "code": (r"/data/promocodes/[1-9]", "/data/promocodes/1", True),
        "promotion": (_LINE + r"/requested_promotions/\d+", "/data/lines/0/requested_promotions/3", True),
        "amount": (r".*/points_info", "/data/requested_promotions/1/points_info", True),
        "type": (r".*/requested_promotions/\d+", "/data/requested_promotions/4", False),
    }
    for name, (at, place, hard) in deep.items():
        yield accepts(
            f"item-without-{name.replace('_', '-')}",
            f"an item at {at} without `{name}`",
            forgiving("missing-field", at=at, missing=name),
            sent({f"{place}/{name}": ABSENT}),
            hard=hard,
        )
    yield accepts(
        "order-without-status-in-xml",
        "an XML order without `status`",
        forgiving("missing-field", at="/data", missing="status", syntax="xml"),
        sent({"/data/status": ABSENT}, "xml"),
        hard=True,
    )
    yield accepts(
        "promotion-without-id-in-xml",
        "an XML promotion without `external_id`",
        forgiving("missing-field", at=r".*/promotion", missing="external_id", syntax="xml"),
        sent({"/data/requested_promotions/3/promotion/external_id": ABSENT}, "xml"),
        hard=True,
    )


def _types() -> Iterator[Fault]:
    def row(  # noqa: PLR0917 - the columns of a table
        name: str, description: str, at: str, when: Any, pointer: str, value: Any, *, hard: bool = False
    ) -> Fault:
        behaviour = forgiving("wrong-type", at=at, when=lambda found, _: when(found))
        return accepts(name, description, behaviour, sent({pointer: value}), hard=hard)

    def is_number(value: Any) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool)

    def is_digits(value: Any) -> bool:
        return isinstance(value, str) and value.isdigit()

    lists = "/data/(tags|promocodes|redeem_points|requested_promotions)"
    yield row("price-as-number", "prices as numbers", r".*price.*", is_number, "/data/total_price", 30.0)
    yield row(
        "delivery-as-number", "a number for `delivery_cost`", ".*/delivery_cost", is_number, _at("delivery_cost"), 0
    )
    yield row("count-as-text", "text of digits for `count`", ".*/count", is_digits, "/data/lines/0/count", "1")
    yield row(
        "pool-as-text", "text of digits for `pool_id`", ".*/pool_id", is_digits, "/data/promocodes/0/pool_id", "42"
    )
    yield row("true-for-integer", "true for 1", ".*", lambda value: value is True, "/data/lines/0/count", True)  # noqa: FBT003 - a value of JSON
    yield row("null", "null for any field", ".*", lambda value: value is None, "/data/currency", None)
    optional = r".*/(region|delivery_cost|tags|custom_fields|create_time|promocodes)"
    yield row("null-for-optional", "null for optional fields", optional, lambda value: value is None, _at("tags"), None)
    yield row(
        "null-in-line", "null for a line's `status`", f"{_LINE}/status", lambda value: value is None,
        "/data/lines/0/status", None, hard=True,
    )  # fmt: skip
    yield row("text-for-list", "text for a list", lists, lambda value: isinstance(value, str), _at("tags"), "first")
    yield row("object-for-list", "an object for a list", lists, lambda value: isinstance(value, dict), _at("tags"), {})
    yield row("number-as-tag", "numbers as tags", r"/data/tags/\d+", is_number, "/data/tags/1", 5)
    yield row("fraction-as-count", "1.5 as `count`", ".*/count", is_number, "/data/lines/0/count", 1.5)
    yield row(
        "fraction-as-line-number", "1.5 as `line_number`", ".*/line_number", is_number,
        "/data/lines/1/line_number", 1.5, hard=True,
    )  # fmt: skip
    yield row(
        "list-of-custom-fields", "a list for `custom_fields`", ".*/custom_fields",
        lambda value: isinstance(value, list), _at("custom_fields"), [],
    )  # fmt: skip
    yield row(
        "number-as-later-line-id", "a number as `external_id` of later lines", f"{_LATER_LINE}/external_id", is_number,
        "/data/lines/1/external_id", 2, hard=True,
    )  # fmt: skip
    yield row("phone-as-number", "a number for `phone`", "/phone", is_number, "/phone", 79991234567)


def _at(name: str) -> str:
    return f"/data/{name}"


def _values() -> Iterator[Fault]:
    for name, pointer in {
        "order-id": "/external_id",
        "email": "/email",
        "status": "/data/status",
        "code": "/data/promocodes/0/code",
    }.items():
        yield accepts(
            f"empty-{name}",
            f"an empty text at {pointer}",
            forgiving("empty-value", at=pointer.replace("0", r"\d+")),
            sent({pointer: ""}),
        )
    yield accepts(
        "empty-sku-on-later-line",
        "an empty `sku` on lines but the first",
        forgiving("empty-value", at=f"{_LATER_LINE}/sku"),
        sent({"/data/lines/1/sku": ""}),
        hard=True,
    )
    yield accepts(
        "empty-eid-in-xml",
        "an empty `points_currency_eid` in XML",
        forgiving("empty-value", at=".*/points_currency_eid", syntax="xml"),
        sent({"/data/redeem_points/0/points_currency_eid": ""}, "xml"),
        hard=True,
    )
    yield accepts(
        "empty-promotion-id-on-line",
        "an empty id of a promotion on a line",
        forgiving("empty-value", at=f"{_LINE}/requested_promotions/.*"),
        sent({"/data/lines/0/requested_promotions/3/promotion/external_id": ""}),
        hard=True,
    )
    yield accepts(
        "type-in-capitals",
        "types of promotions in any capitals",
        forgiving("unknown-value", when=lambda value, _: str(value).lower() in ("discount", "message", "code_issue")),
        sent({"/data/requested_promotions/4/type": "Message"}),
        hard=True,
    )
    yield accepts(
        "unknown-type-on-line",
        "unknown types of promotions on lines",
        forgiving("unknown-value", at=f"{_LINE}/.*"),
        sent({"/data/lines/0/requested_promotions/4/type": "messages"}),
        hard=True,
    )


def _ranges() -> Iterator[Fault]:
    def row(name: str, at: str, pointer: str, value: int, *, hard: bool = False) -> Fault:
        def is_such(found: Any, _: Exchange) -> bool:
            return (int(found) == 0) if value == 0 else (int(found) > 0) == (value > 0)

        description = f"{value} at {at}"
        return accepts(
            name, description, forgiving("out-of-range", at=at, when=is_such), sent({pointer: value}), hard=hard
        )

    yield row("zero-count", ".*/count", "/data/lines/0/count", 0)
    yield row("negative-count", ".*/count", "/data/lines/0/count", -1)
    yield row("huge-count", ".*/count", "/data/lines/0/count", 2**63)
    yield row("zero-count-on-later-line", f"{_LATER_LINE}/count", "/data/lines/1/count", 0, hard=True)
    yield row("zero-redemption", r"/data/redeem_points/\d+/amount", "/data/redeem_points/0/amount", 0)
    yield row("negative-redemption", r"/data/redeem_points/\d+/amount", "/data/redeem_points/0/amount", -5)
    yield row("huge-pool", r".*/pool_id", "/data/promocodes/0/pool_id", 2**64, hard=True)
    yield row("huge-line-number", r".*/line_number", "/data/lines/0/line_number", 2**63, hard=True)
    yield row("huge-negative-iid", r".*/points_currency_iid", "/data/redeem_points/0/points_currency_iid", -(2**64))


FIELDS: Final = (*_everywhere(), *_missing(), *_types(), *_values(), *_ranges())
"""Faults of this family."""
