"""Slips that fixing undoes: edits of a sound body, each of which breaks it in one place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from altcraft_contract.contract import Syntax

_PRICES = rb"(?:total|final_total|base|min|final)_price(?:_per_item)?|delivery_cost"
_INTEGERS = rb"count|line_number|pool_id|points_currency_iid"
_MISSPELT = {
    b"currency": b"curency",
    b"total_price": b"totalPrice",
    b"endpoint": b"endpiont",
    b"external_id": b"externalId",
    b"base_price_per_item": b"base_price_per_itme",
    b"count": b"Count",
    b"token": b"toke",
}
_SPACE = rb"[ \t\r\n]*"


class Slip(NamedTuple):
    """What is written instead of a part of a body.

    Attributes:
        start: Where the part begins, in bytes.
        end: Where it ends.
        new: What is written there.
        rule: Id of the rule that this breaks.
    """

    start: int
    end: int
    new: bytes
    rule: str


def with_slips(body: bytes, slips: list[Slip]) -> bytes:
    """*body* with *slips*, of which no two overlap."""
    for slip in sorted(slips, reverse=True):
        body = body[: slip.start] + slip.new + body[slip.end :]
    return body


def iter_slips(body: bytes, syntax: Syntax) -> Iterator[Slip]:
    """Every slip that can be made in a sound body, which has no name of a documented field in custom fields."""
    for pattern, rule, change in _JSON if syntax == "json" else _XML:
        for match in re.finditer(pattern, body, re.DOTALL):
            yield Slip(*match.span("part"), change(match), rule)


def _misspelt_json(match: re.Match[bytes]) -> bytes:
    return _MISSPELT[match["part"]]


def _misspelt_xml(match: re.Match[bytes]) -> bytes:
    wrong = _MISSPELT[match["name"]]
    return b"<%b>%b</%b>" % (wrong, match["text"], wrong)


_Row = tuple[bytes, str, "Callable[[re.Match[bytes]], bytes]"]

_NAMES = b"|".join(_MISSPELT)
_JSON: list[_Row] = [
    (
        rb'"(?:%b)"%b:%b(?P<part>"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")' % (_PRICES, _SPACE, _SPACE),
        "wrong-type",
        lambda m: m["part"][1:-1],
    ),
    (
        rb'"(?:%b)"%b:%b(?P<part>[0-9]+)(?![0-9.eE])' % (_INTEGERS, _SPACE, _SPACE),
        "wrong-type",
        lambda m: b'"%b"' % m["part"],
    ),
    (
        rb'"skip_triggers"%b:%b(?P<part>true|false)' % (_SPACE, _SPACE),
        "wrong-type",
        lambda m: b'"%b"' % m["part"].title(),
    ),
    (rb'"currency"%b:%b(?P<part>"[A-Z]{3}")' % (_SPACE, _SPACE), "invalid-currency", lambda m: m["part"].lower()),
    (
        rb'(?P<part>"(?:region|endpoint|create_time)"%b:%b"[^"\\]*")' % (_SPACE, _SPACE),
        "duplicate-field",
        lambda m: b"%b\r\n\t,  %b" % (m["part"], m["part"]),
    ),
    (rb'"(?P<part>%b)"(?=%b:)' % (_NAMES, _SPACE), "unknown-field", _misspelt_json),
]
_XML: list[_Row] = [
    (rb"<skip_triggers>(?P<part>true|false)<", "wrong-type", lambda m: m["part"].upper()),
    (rb"<currency>(?P<part>[A-Z]{3})<", "invalid-currency", lambda m: m["part"].title()),
    (
        rb"(?P<part><(?P<name>region|endpoint|create_time)>[^<>&]*</(?P=name)>)",
        "duplicate-field",
        lambda m: b"%b\r\n\t%b" % (m["part"], m["part"]),
    ),
    (rb"(?P<part><(?P<name>%b)>(?P<text>[^<>]*)</(?P=name)>)" % _NAMES, "unknown-field", _misspelt_xml),
]
