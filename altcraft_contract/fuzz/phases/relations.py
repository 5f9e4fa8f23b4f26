"""Orders that must be answered alike: in other spellings and orders, in the other syntax; with what is sent again."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.fuzz.case import Trial, case_of
from altcraft_contract.fuzz.phases.credentials import iter_credentials
from altcraft_contract.fuzz.phases.repeats import iter_repeats
from altcraft_contract.strategies.wire import JsonSpelling, XmlSpelling, plain_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from altcraft_contract.contract import Syntax
    from altcraft_contract.fuzz.case import Case, Expected, FreshOrder, Order
    from altcraft_contract.fuzz.orders import Orders

_LITERAL: Final = frozenset({"token", "email", "phone", "external_id"})
"""Members whose values stand as they are: real ones take their place when a case is sent."""
_TWINS: Final = 29
_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>'
_XSI: Final = b'<xml xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="request.xsd">'


@dataclass(frozen=True, slots=True)
class _Form:
    """Another form of an order.

    Attributes:
        name: In kebab-case.
        syntax: Of the order.
        spell: Writes the order in that form.
        order: Which order shows it: `full`, `worded` (with texts of many characters) or `empty` (with empty members).
        expected: What the documentation makes of it.
    """

    name: str
    syntax: Syntax
    spell: Callable[[Order], bytes]
    order: str = "full"
    expected: Expected = "accepted"


def iter_relations(orders: Orders) -> Iterator[Trial]:
    """What must be refused, what is sent again, other forms of an order, and orders in both syntaxes."""
    trials = chain(iter_credentials(orders), iter_repeats(orders), _forms(orders), _twins(orders))
    for number, trial in enumerate(trials, 1):
        yield replace(trial, id=f"relations-{number:04d}")


def _forms(orders: Orders) -> Iterator[Trial]:
    bases = {"full": list(orders.full()), "worded": [_worded(orders)], "empty": [_emptied(orders)]}
    for number, form in enumerate(_FORMS):
        known = bases[form.order]
        yield Trial(
            id="",
            phase="relations",
            feature=f"{form.syntax}-{form.name}",
            order=known[number % len(known)],
            make=_varied(form),
            kind="variant",
        )


def _varied(form: _Form) -> Callable[[FreshOrder], tuple[Case, ...] | None]:
    def make(fresh: FreshOrder) -> tuple[Case, ...] | None:
        order = fresh()
        if form.spell(order) == plain_body(order, form.syntax):
            return None
        other = fresh()
        base: Expected = form.expected if form.order == "empty" else "accepted"
        title = f"{form.syntax.upper()} with {form.name.replace('-', ' ')}"
        return (
            case_of(order, form.syntax, title=f"plain {form.syntax.upper()}", expected=base),
            case_of(other, form.syntax, title=title, expected=form.expected, body=form.spell(other)),
        )

    return make


def _twins(orders: Orders) -> Iterator[Trial]:
    for number in range(_TWINS):
        order = orders.drawn(lines=(1 + number % 3, 4))
        yield Trial(id="", phase="relations", feature="both-syntaxes", order=order, make=_in_both, kind="twins")


def _in_both(fresh: FreshOrder) -> tuple[Case, ...]:
    return tuple(case_of(fresh(), syntax, title="a drawn order") for syntax in ("json", "xml"))


def _worded(orders: Orders) -> Order:
    """An order with texts that every spelling writes otherwise."""
    order = orders.plain()
    lines = [
        orders.plain_line(str(number)) | {"line_number": number, "custom_fields": {"gift": "ja/nein"}}
        for number in (1, 2)
    ]
    order["data"] |= {
        "total_price": "20.00",
        "final_total_price": "20.00",
        "create_time": "2026-02-18T13:01:05Z",
        "lines": lines,
        "custom_fields": {"note": "Кружка «Ёжик» & <白い> 🎁 \"a/b\" \\ 'c'"},
        "tags": ["new", "подарок", "🎁/🎂", "a]]>b"],
    }
    return orders.settled(order)


def _emptied(orders: Orders) -> Order:
    """An order with empty texts and without any custom field."""
    order = orders.plain()
    order["data"] |= {"custom_fields": {}, "tags": [""]}
    order["data"]["lines"][0]["custom_fields"] = {"note": ""}
    return orders.settled(order)


def _json(**settings: Any) -> Callable[[Order], bytes]:
    return JsonSpelling(**settings, plain=_LITERAL).document


def _xml(**settings: Any) -> Callable[[Order], bytes]:
    return XmlSpelling(**settings, plain=_LITERAL).document


def _rewritten(pattern: bytes, replacement: bytes) -> Callable[[Order], bytes]:
    """Plain XML in which what matches *pattern* is something else."""
    return lambda order: re.sub(pattern, replacement, plain_body(order, "xml"))


def _reversed_lists(syntax: Syntax, *names: str) -> Callable[[Order], bytes]:
    def turned(node: Any) -> Any:
        if isinstance(node, list):
            return [turned(item) for item in node]
        if not isinstance(node, dict):
            return node
        return {
            name: turned(value)[::-1] if name in names and isinstance(value, list) else turned(value)
            for name, value in node.items()
        }

    return lambda order: plain_body(turned(order), syntax)


def _with_empty_lists(order: Order) -> bytes:
    absent = ("promocodes", "requested_promotions", "redeem_points", "tags")
    data = {**order["data"], **{name: [] for name in absent if name not in order["data"]}}
    return plain_body({**order, "data": data}, "json")


_PROMOTIONS: Final = "requested_promotions"
_JSON_FORMS: Final = (
    _Form("members-reversed", "json", _json(order="reversed")),
    _Form("members-sorted", "json", _json(order="sorted")),
    _Form("every-character-escaped", "json", _json(escapes="all"), order="worded"),
    _Form("ascii-alone", "json", _json(escapes="ascii"), order="worded"),
    _Form("slashes-escaped", "json", _json(escapes="slashes"), order="worded"),
    _Form("line-ends-and-spaces", "json", _json(spaces=(",\n  ", ": ", "\n"))),
    _Form("tabs", "json", _json(spaces=("\t,\t", "\t:\t", "\t"))),
    _Form("crlf-around-it", "json", lambda order: b"\r\n  " + plain_body(order, "json") + b"\r\n\r\n"),
    _Form("lines-reversed", "json", _reversed_lists("json", "lines")),
    _Form("promotions-reversed", "json", _reversed_lists("json", _PROMOTIONS)),
    _Form("tags-reversed", "json", _reversed_lists("json", "tags"), order="worded"),
    # What stands below leans on common sense.
    _Form("integers-with-a-fraction", "json", _json(numbers="fraction"), expected="undocumented"),
    _Form("integers-with-an-exponent", "json", _json(numbers="exponent"), expected="undocumented"),
    _Form("empty-lists", "json", _with_empty_lists, order="worded", expected="undocumented"),
)
_XML_FORMS: Final = (
    _Form("elements-reversed", "xml", _xml(order="reversed")),
    _Form("elements-sorted", "xml", _xml(order="sorted")),
    _Form("items-interleaved", "xml", _xml(order="interleaved")),
    _Form("cdata", "xml", _xml(texts="cdata"), order="worded"),
    _Form("hexadecimal-references", "xml", _xml(texts="references"), order="worded"),
    _Form("decimal-references", "xml", _xml(texts="decimal-references"), order="worded"),
    _Form("comments-between-elements", "xml", _xml(between="<!-- a - b -->")),
    _Form("comments-within-texts", "xml", _xml(texts="split"), order="worded"),
    _Form("comments-around-texts", "xml", _xml(texts="commented")),
    _Form("processing-instructions", "xml", _xml(between="<?note to nobody?>")),
    _Form("line-ends-and-spaces", "xml", _xml(space="\n  ")),
    _Form("crlf-and-tabs", "xml", _xml(space="\r\n\t")),
    _Form("true-as-1", "xml", _xml(booleans=("0", "1"))),
    _Form("spaces-around-booleans", "xml", _xml(booleans=(" false ", "\ttrue\n"))),
    _Form("spaces-around-integers", "xml", _xml(integers=" ")),
    _Form("a-plus-before-integers", "xml", _xml(integers="+")),
    _Form("zeros-before-integers", "xml", _xml(integers="00")),
    _Form("no-declaration", "xml", _xml(declaration="")),
    _Form("single-quotes-in-the-declaration", "xml", _xml(declaration="<?xml version='1.0' encoding='UTF-8'?>")),
    _Form("encoding-in-small-letters", "xml", _xml(declaration=_DECLARATION.lower())),
    _Form("standalone", "xml", _xml(declaration='<?xml version="1.0" encoding="UTF-8" standalone="yes"?>')),
    _Form("comments-around-it", "xml", _xml(declaration=f"{_DECLARATION}\n<!-- before -->\n", space="\n")),
    _Form("spaces-within-tags", "xml", _rewritten(rb"(</?[^<>!?\s]+)>", rb"\1 >")),
    _Form("an-unused-namespace", "xml", _rewritten(rb"<xml>", rb'<xml xmlns:unused="urn:unused">')),
    _Form("lines-reversed", "xml", _reversed_lists("xml", "lines")),
    _Form("promotions-reversed", "xml", _reversed_lists("xml", _PROMOTIONS)),
    # What stands below is inferred, or not mentioned at all.
    _Form("a-byte-order-mark", "xml", _xml(declaration=f"\ufeff{_DECLARATION}"), expected="undocumented"),
    _Form("a-schema-location", "xml", _rewritten(rb"<xml>", _XSI), expected="undocumented"),
    _Form(
        "empty-elements-in-one-tag",
        "xml",
        _rewritten(rb"<([^<>!?/]+)></\1>", rb"<\1/>"),
        order="empty",
        expected="undocumented",
    ),
)
_FORMS: Final = tuple(form for pair in zip_longest(_XML_FORMS, _JSON_FORMS) for form in pair if form is not None)
"""Those of both syntaxes by turns."""
