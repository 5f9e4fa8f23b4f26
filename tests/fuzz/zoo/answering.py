"""Servers whose answers are wrong, or tell too much."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, Final

from tests.fuzz.zoo.alteration import altering, in_syntax, wrong
from tests.fuzz.zoo.behaviour import Behaviour, as_integer
from tests.fuzz.zoo.samples import ABSENT, changed, sent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from altcraft_contract.contract import Syntax
    from tests.fuzz.zoo.behaviour import Exchange
    from tests.fuzz.zoo.client import Sent
    from tests.fuzz.zoo.fault import Fault

_CODES: Final = "/data/issued_promocodes/0"
_POINTS: Final = "/data/points_changes/0"
_MESSAGES: Final = "/data/contents/0"


def _fields() -> Iterator[Fault]:
    """A wrong value, or none, in the answer to a valid order."""
    rows: dict[str, dict[str, Any]] = {
        "error-as-text": {"/error": "0"},
        "no-error": {"/error": ABSENT},
        "no-error-text": {"/error_text": ABSENT},
        "null-error-text": {"/error_text": None},
        "no-data": {"/data": ABSENT},
        "null-data": {"/data": None},
        "list-as-data": {"/data": []},
        "no-status": {"/data/status": ABSENT},
        "unknown-status": {"/data/status": "created"},
        "status-in-capitals": {"/data/status": "SUCCESS"},
        "no-processing-target": {"/data/processing_target": ABSENT},
        "unknown-processing-target": {"/data/processing_target": "later"},
        "outdated-with-target": {"/data/status": "outdated"},
        "no-id": {"/data/external_id": ABSENT},
        "null-id": {"/data/external_id": None},
        "codes-as-text": {f"{_CODES}/codes": "GIFT-1"},
        "number-as-code": {f"{_CODES}/codes": [1]},
        "no-codes": {f"{_CODES}/codes": ABSENT},
        "pool-as-text": {f"{_CODES}/pool/pool_id": "100"},
        "no-pool-id": {f"{_CODES}/pool/pool_id": ABSENT},
        "null-pool": {f"{_CODES}/pool": None},
        "codes-without-promotion-id": {f"{_CODES}/promotion/external_id": ABSENT},
        "object-for-codes": {"/data/issued_promocodes": {}},
        "points-as-text": {f"{_POINTS}/accrue_points": "5"},
        "negative-points": {f"{_POINTS}/redeem_points": -5},
        "fraction-of-points": {f"{_POINTS}/accrue_points": 0.5},
        "balance-as-number": {f"{_POINTS}/points_info/amount": 1000},
        "negative-balance": {f"{_POINTS}/points_info/amount": "-5"},
        "balance-with-exponent": {f"{_POINTS}/points_info/amount": "1E+3"},
        "no-balance": {f"{_POINTS}/points_info/amount": ABSENT},
        "no-points-info": {f"{_POINTS}/points_info": ABSENT},
        "null-points": {"/data/points_changes": None},
        "points-name-as-number": {f"{_POINTS}/points_info/name": 7},
        "contents-without-type": {f"{_MESSAGES}/contents/0/type": ABSENT},
        "null-message": {f"{_MESSAGES}/contents/0/message": None},
        "object-for-contents": {f"{_MESSAGES}/contents": {}},
    }  # fmt: skip
    for name, changes in rows.items():
        described = ", ".join(
            f"{where} {'left out' if what is ABSENT else repr(what)}" for where, what in changes.items()
        )
        hard = any("/0" in where for where in changes)
        yield wrong(f"answers-{name}", f"Answers with {described}", altering(changes), sent(), hard=hard)


def _rare_fields() -> Iterator[Fault]:
    """A wrong value only in one syntax, or for some orders."""
    several = lambda exchange: len(exchange.promotions) > 3  # noqa: E731 - beside its use
    later = lambda exchange: len(exchange.lines) > 1  # noqa: E731
    coded = lambda exchange: "promocodes" in exchange.data  # noqa: E731
    many = lambda exchange: any(as_integer(item.get("count")) > 5 for item in exchange.lines)  # noqa: E731
    rows: tuple[tuple[str, dict[str, Any], Any, Sent], ...] = (
        ("words-as-error-in-xml", {"/error": "OK"}, in_syntax("xml"), sent({}, "xml")),
        ("no-error-text-in-xml", {"/error_text": ABSENT}, in_syntax("xml"), sent({}, "xml")),
        ("no-id-in-xml", {"/data/external_id": ABSENT}, in_syntax("xml"), sent({}, "xml")),
        ("no-status-in-xml", {"/data/status": ABSENT}, in_syntax("xml"), sent({}, "xml")),
        ("empty-points-in-xml", {f"{_POINTS}/accrue_points": ""}, in_syntax("xml"), sent({}, "xml")),
        ("empty-pool-in-xml", {f"{_CODES}/pool/pool_id": ""}, in_syntax("xml"), sent({}, "xml")),
        ("wrapped-codes-in-xml", {f"{_CODES}/codes": {"item": "GIFT-1"}}, in_syntax("xml"), sent({}, "xml")),
        ("decimal-points-in-xml", {f"{_POINTS}/redeem_points": "5.00"}, in_syntax("xml"), sent({}, "xml")),
        ("no-data-with-many-promotions", {"/data": ABSENT}, several, sent()),
        ("no-target-with-lines", {"/data/processing_target": ABSENT}, later, sent()),
        ("unknown-target-with-codes", {"/data/processing_target": "queued"}, coded, sent()),
        ("outdated-with-target-with-counts", {"/data/status": "outdated"}, many, sent({"/data/lines/0/count": 7})),
        ("second-code-without-list", {"/data/issued_promocodes/1/codes": "x"}, lambda _: True, sent()),
        ("later-message-without-type", {"/data/contents/1/contents/0/type": ABSENT}, lambda _: True, sent()),
        ("float-error-with-tags", {"/error": 0.5}, lambda exchange: bool(exchange.data.get("tags")), sent()),
    )  # fmt: skip
    for name, changes, when, order in rows:
        yield wrong(
            f"answers-{name}", f"Answers with {changes} changed, for some", altering(changes, when), order, hard=True
        )


def echoing(change: Callable[[str], str]) -> Behaviour:
    """A behaviour that changes the id which it echoes."""

    def answers(exchange: Exchange, answer: dict[str, Any]) -> Any:
        exchange.answer = answer
        if exchange.is_refused:
            return answer
        return changed(answer, {"/data/external_id": change(str(answer["data"]["external_id"]))})

    return Behaviour(answers=answers)


def _ids() -> Iterator[Fault]:
    rows: tuple[tuple[str, Callable[[str], str], str], ...] = (
        ("trimmed", str.strip, "zoo-1 "),
        ("in-small-letters", str.lower, "zoo-A"),
        ("in-capitals", str.upper, "zoo-1"),
        ("cut-at-32", lambda text: text[:32], "zoo-" + "1" * 40),
        ("cut-at-64", lambda text: text[:64], "zoo-" + "1" * 80),
        ("cut-at-255", lambda text: text[:255], "zoo-" + "1" * 300),
        ("cut-at-65535", lambda text: text[:65_535], "zoo-" + "1" * 70_000),
        ("normalised", lambda text: unicodedata.normalize("NFC", text), "zoo-e\u0301"),
        ("in-ascii", lambda text: text.encode("ascii", "replace").decode(), "zoo-ё"),
        ("in-16-bits", lambda text: "".join(c if c < "\U00010000" else "?" for c in text), "zoo-🎁"),
        ("with-one-space", lambda text: " ".join(text.split()), "zoo  1"),
        ("without-zero-width-characters", lambda text: text.replace("\u200b", ""), "zoo\u200b1"),
        ("escaped-for-html", lambda text: text.replace("&", "&amp;").replace("<", "&lt;"), "zoo & 1"),
        ("without-markup", lambda text: text.replace("<", "").replace(">", ""), "zoo <b>"),
        ("with-doubled-backslashes", lambda text: text.replace("\\", "\\\\"), "zoo\\1"),
        ("without-quotes", lambda text: text.replace('"', "").replace("'", ""), "zoo 'a'"),
        ("with-line-feeds", lambda text: text.replace("\r\n", "\n").replace("\r", "\n"), "zoo\r\n1"),
        ("formatted", lambda text: text.replace("%s", "").replace("{0}", ""), "zoo %s"),
    )
    for name, change, example in rows:
        hard = name not in ("in-small-letters", "in-capitals", "cut-at-32")
        order = sent({"/external_id": example})
        yield wrong(
            f"id-{name}",
            f"Echoes the id {name.replace('-', ' ')}",
            echoing(change),
            order,
            hard=hard,
            by="external-id-mismatch",
        )
    in_xml = Behaviour(answers=lambda exchange, answer: _of_previous(exchange, answer, "xml"))
    other = sent({"/external_id": "zoo-2"}, "xml")
    yield wrong(
        "id-of-previous-in-xml",
        "Echoes the id of the previous order in XML",
        in_xml,
        sent({}, "xml"),
        other,
        hard=True,
        by="echo",
    )
    previous = Behaviour(answers=lambda exchange, answer: _of_previous(exchange, answer, exchange.syntax))
    yield wrong(
        "id-of-previous",
        "Echoes the id of the previous order",
        previous,
        sent(),
        sent({"/external_id": "zoo-2"}),
        by="echo",
    )
    line = Behaviour(answers=_of_line)
    yield wrong("id-of-line", "Echoes the id of the first line", line, sent(), by="echo")


def _of_previous(exchange: Exchange, answer: dict[str, Any], syntax: Syntax) -> Any:
    previous = exchange.previous
    if answer["error"] != 0 or previous is None or exchange.syntax != syntax:
        return answer
    return changed(answer, {"/data/external_id": str(previous.value.get("external_id", ""))})


def _of_line(exchange: Exchange, answer: dict[str, Any]) -> Any:
    if answer["error"] != 0 or not exchange.lines:
        return answer
    return changed(answer, {"/data/external_id": exchange.lines[0].get("external_id")})


ANSWERING: Final = (*_fields(), *_rare_fields(), *_ids())
"""Faults of this family."""
