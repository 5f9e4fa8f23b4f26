"""Every finding says what to do, and says it of no secret."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from altcraft_contract.conversion import write_xml
from altcraft_contract.documents.json_slips import explain_json_slip
from altcraft_contract.rules import RULES
from altcraft_contract.rules.rule import ABSENT
from altcraft_contract.rules.samples import sample_message
from altcraft_contract.validation import ENGINES, check_request, check_response
from tests.rules.cases import Case, load_cases
from tests.validation.messages import as_xml, json_text, mutated

if TYPE_CHECKING:
    from altcraft_contract.contract import Message
    from altcraft_contract.documents.json_slips import Expected
    from altcraft_contract.findings import Finding
    from altcraft_contract.validation import Engine

CHECKS = {"request": check_request, "response": check_response}
LONGEST_HINT = 130  # characters; a hint is one clause
SECRET = "s3cret"  # noqa: S105 - what is looked for


def only(body: object, *, engine: Engine = "fast") -> Finding:
    """The only finding of a request."""
    (finding,) = check_request(body, engine=engine).findings
    return finding


def hint_at(pointer: str, body: object) -> str | None:
    """The hint of the only error at *pointer*."""
    (finding,) = (finding for finding in check_request(body).errors if finding.pointer == pointer)
    return finding.hint


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", [case for case in load_cases() if case.kind == "invalid"], ids=str)
def test_every_case_has_a_hint(case: Case, engine: Engine) -> None:
    """Whatever breaks a rule comes with what to do, in a short clause."""
    for finding in case.check(engine).findings:
        assert finding.hint, finding
        assert len(finding.hint) <= LONGEST_HINT, finding.hint
        assert not finding.hint.endswith("."), finding.hint


@pytest.mark.parametrize("message", ["request", "response"])
def test_every_finding_has_a_hint(message: Message) -> None:
    """Any body with mistakes, in either syntax, is told what to do about each."""

    @given(mutated(message))
    def check(value: Any) -> None:
        xml = write_xml(as_xml(value, message), message, strict=False)
        for body in (json_text(value), xml):
            assert all(finding.hint for finding in CHECKS[message](body).findings)

    check()


@pytest.mark.parametrize("rule", RULES)
def test_remedy_as_a_clause(rule: str) -> None:
    """A remedy that stands for a hint is no sentence."""
    clause = RULES[rule].clause

    assert clause[0].islower()
    assert not clause.endswith(".")


MISSING = [
    ("/data/currency", "/data", 'add "currency": "RUB"', "add <currency>RUB</currency>"),
    (
        "/data/total_price",
        "/data",
        'add "total_price": "2500.00" (cost of the order before discounts)',
        "add <total_price>2500.00</total_price> (cost of the order before discounts)",
    ),
    ("/data/lines/0/count", "/data/lines/0", 'add "count": 1', "add <count>1</count>"),
    ("/data/lines", "/data", "add `lines`: the items of the order", "add `lines`: the items of the order"),
    ("/token", "", "add `token`: API token", "add `token`: API token"),
]


@pytest.mark.parametrize(("pointer", "holder", "in_json", "in_xml"), MISSING)
def test_hint_for_a_missing_field(pointer: str, holder: str, in_json: str, in_xml: str) -> None:
    """A missing field comes with what to add: a sample, if the schema has one, or what the field is."""
    body = sample_message({pointer: ABSENT}, "request")

    hints = [hint_at(holder, text) for text in (json.dumps(body), write_xml(body, "request", strict=False))]

    assert hints == [in_json, in_xml]


@pytest.mark.parametrize("syntax", ["json", "xml"])
@pytest.mark.parametrize(
    ("edits", "holder", "hint"),
    [
        (
            {"/data/lines/0/base_price_per_item": ABSENT, "/data/lines/0/base_price_per_iten": "10.00"},
            "/data/lines/0",
            "rename `base_price_per_iten`, which stands here, to it",
        ),
        ({"/external_id": ABSENT, "/externalId": "order_1"}, "", "rename `externalId`, which stands here, to it"),
        ({"/email": ABSENT, "/e-mail": "ann@example.com"}, "", "rename `e-mail`, which stands here, to it"),
        (
            {"/data/lines/0/sku": ABSENT, "/data/lines/0/SKU": "mug"},
            "/data/lines/0",
            "rename `SKU`, which stands here, to it",
        ),
        (
            {"/data/currency": ABSENT, "/currency": "RUB"},
            "/data",
            "move `currency` here, which stands in the request body",
        ),
        (
            {"/email": ABSENT, "/data/email": "ann@example.com"},
            "",
            "move `email` here, which stands in the data object",
        ),
    ],
)
def test_missing_field_that_stands_under_another_name(
    edits: dict[str, Any], holder: str, hint: str, syntax: str
) -> None:
    """A missing field that has another name, or another place, comes with how to put that right."""
    body = sample_message(edits, "request")

    assert hint_at(holder, json.dumps(body) if syntax == "json" else write_xml(body, "request", strict=False)) == hint


@pytest.mark.parametrize(
    ("pointer", "value", "hint"),
    [
        ("/data/lines/0/count", 0, "write 1 or more, or leave the line out"),
        ("/data/redeem_points", [{"points_currency_iid": 1, "amount": 0}], "write 1 or more, or leave the item out"),
        ("/data/lines/0/count", 10**20, "write a smaller number, or look where this one comes from"),
        ("/data/endpoint", "", "write the value (source of the order, as configured in the Market module)"),
        ("/data/lines", [], "send the order's lines"),
    ],
)
def test_hint_for_a_value_out_of_bounds(pointer: str, value: Any, hint: str) -> None:
    """A number or a text that is too small or too large comes with what would be enough."""
    at = f"{pointer}/0/amount" if pointer == "/data/redeem_points" else pointer

    assert hint_at(at, sample_message({pointer: value}, "request")) == hint


@pytest.mark.parametrize(
    ("where", "hint"),
    [
        ({"/data/delivery_cost": "-5.00"}, "write a price that is not negative; what is taken off is the `amount`"),
        ({"/data/requested_promotions/0/amount": "-5.00"}, 'write "5.00": what is taken off stands without a sign'),
        ({"/data/requested_promotions/0/amount": -5}, 'write "5.00": what is taken off stands without a sign'),
        ({"/data/requested_promotions/0/points_info/amount": "-5"}, "write how many points there are, without a sign"),
    ],
)
def test_hint_for_an_amount_below_zero(where: dict[str, Any], hint: str) -> None:
    """What is below 0 comes with what is meant by it: a discount has no sign, and a price is none."""
    promotion = {
        "type": "accrue_points",
        "promotion": {"external_id": "welcome"},
        "amount": "5",
        "points_info": {"points_currency_iid": 1, "amount": "5"},
    }
    body = sample_message({"/data/requested_promotions": [promotion], **where}, "request")

    assert (only(body).hint or "").startswith(hint)


MALFORMED = {
    "comma before a bracket": ('{"a": [1,]}', "`]` where a value is expected", "take out the comma before `]`"),
    "comma before a brace": ('{"a": 1,}', "`}` where a name in double quotes is expected", "take out the comma before"),
    "comma twice": ('{"a": 1,,"b": 2}', "`,` where a name in double quotes is expected", "take out the comma"),
    "no comma": ('{"a": 1\n"b": 2}', "a text where `,` or `}` is expected", "put a comma after the field before it"),
    "no comma in a list": ("[1\n2]", "a number where `,` or `]` is expected", "take out the space within the number"),
    "no comma before true": ('["a" true]', "`true` where `,` or `]` is expected", "put a comma after the item"),
    "semicolon": ('{"a": 1; "b": 2}', "`;` where `,` or `}` is expected", "write a comma in its place"),
    "single quotes": ("{'a': 1}", "a single quote where a name in", "write names and texts in straight double quotes"),
    "typographic quotes": ("{“a”: 1}", "a typographic quote where", "write names and texts in straight double quotes"),
    "comment": ('{"a": 1 // one\n}', "a comment where `,` or `}` is expected", "take out the comment"),
    "name without quotes": ("{a: 1}", "a word without quotes where a name", "put the name in double quotes"),
    "text without quotes": (f'{{"a": {SECRET}}}', "a word without quotes where a value", "put a text in double quotes"),
    "quote within a text": ('{"a": "B "C" D"}', "a word without quotes where", 'write a quote within a text as \\"'),
    "NaN": ('{"a": NaN}', "`NaN` where a value is expected", "leave the field out; JSON has no such number"),
    "Infinity": ('{"a": -Infinity}', "`-Infinity` where a value", "leave the field out; JSON has no such number"),
    "True": ('{"a": True}', "`True` where a value is expected", "write true in small letters"),
    "None": ('{"a": None}', "`None` where a value is expected", "leave the field out; JSON has no such word"),
    "no end": ('{"a": [{"b": 1', "the document ends where `,` or `}`", "add `}]}` at the end, or what was cut off"),
    "no value": ('{"a":', "the document ends where a value is expected", "add what was cut off, up to `}`"),
    "no end of many": ("[" * 20 + "1", "the document ends where `,` or `]`", "close what is open, or add what was"),
    "no end of a text": ('{"a": "b', "a text that does not end", "add the double quote at its end"),
    "line end in a text": (
        '{"a": "b\n"}',
        "a control character (U+000A) within a text",
        "close the text with a double",
    ),
    "text after the end": ("{} x", "a word without quotes after the end of the document", "take out what stands after"),
    "brace too many": ("{}}", "`}` after the end of the document", "take out this `}`"),
    "two documents": ("{} {}", "`{` after the end of the document", "keep one document; several go into a file"),
    "mark": ("\ufeff{}", "a byte order mark before the document", "save it as UTF-8 without one"),
    "bracket for brace": ('{"a": [1}', "`}` where `,` or `]` is expected", "close the list with `]` first"),
    "members in a list": ('["a": 1]', "`:` where `,` or `]` is expected", "put fields with names into braces"),
    "no colon": ('{"a" 1}', "a number where `:` is expected", "put a colon after the name"),
    "equals sign": ('{"a" = 1}', "`=` where `:` is expected", "write a colon in its place"),
    "nothing behind a colon": ('{"a": }', "`}` where a value is expected", "write the value after the colon"),
    "nothing before a comma": ('{"a": , "b": 1}', "`,` where a value is", "write the value before the comma"),
    "decimal comma": ('{"a": 1,5}', "a number where a name in double quotes", "write the decimal comma as a point"),
    "leading zero": ('{"a": 01}', "a number where `,` or `}` is expected", "take out the leading zero"),
    "hexadecimal": ('{"a": 0x1}', "a word without quotes where", "write the number in decimal digits"),
    "point first": ('{"a": .5}', "`.` where a value is expected", "write a digit before the point"),
    "point last": ('{"a": 5.}', "`.` where `,` or `}` is expected", "write a digit after the point"),
    "plus": ('{"a": +5}', "`+` where a value is expected", "write the number without `+`"),
    "currency": ('{"a": 4530 ₽}', "`₽` where `,` or `}` is expected", "put the whole value in double quotes"),
    "odd space": (
        "{\u00a0}",
        "the character U+00A0 where a name",
        "take the character out, or write an ordinary space",
    ),
    "object without a name": ('{"a": 1, {}}', "`{` where a name in double quotes", "give it a name, or put"),
    "list ends an object": (
        '{"a": {"b": 1, ]}',
        "`]` where a name in double quotes",
        "close the object with `}` first",
    ),
    "list as the root": ("[]", "the root is not an object", "send what the list holds, each by itself"),
    "text as the root": ('"{}"', "the root is not an object", "send the object itself, not a text that holds it"),
    "page": ("<html>", "`<` where a value is expected", "send JSON; this looks like XML or HTML"),
    "empty": ("", "the body is empty", "write the message into it, as one JSON object"),
    "UTF-16": ("\udcff\udcfe{", "not UTF-8: ", "encode the body as UTF-8"),
}


@pytest.mark.parametrize(("body", "message", "hint"), MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_json_is_told_what_stands_there(body: str, message: str, hint: str) -> None:
    """What is no JSON comes with what stands there, what is expected, and what to do; no value is told."""
    found = check_request(body.encode(errors="surrogateescape"), syntax="json").findings

    assert [finding.rule for finding in found] == ["malformed"]
    assert found[0].message.startswith(message), found[0].message
    assert (found[0].hint or "").startswith(hint), found[0].hint
    assert SECRET not in f"{found[0].message} {found[0].hint}"


MALFORMED_XML = {
    "ampersand": ("<xml><a>A & B</a></xml>", "`&` that begins no reference", "write &amp; for it"),
    "less than": ("<xml><a>1 < 2</a></xml>", "`<` that begins no tag", "write &lt; for it within a text"),
    "end of CDATA": ("<xml><a>]]></a></xml>", "`]]>` within a text", "write `]]&gt;`"),
    "crossed": ("<xml><a>1</b></xml>", "an end tag of another name", "close the inner element first"),
    "cut off": ("<xml><a>1</a>", "the document ends where an end tag is expected", "close what is open"),
    "two roots": ("<xml/><xml/>", "something else after the end of </xml>", "take out what stands after it"),
    "entity": ("<xml>&nbsp;</xml>", "an entity that XML does not have", "write the character itself"),
    "prefix": ("<xml><p:a/></xml>", "a prefix without a namespace", "write the name without the prefix"),
    "space before": (
        " <?xml version='1.0'?><xml/>",
        "an XML declaration that is not at",
        "take out what stands before",
    ),
    "attribute": ("<xml><a b=1/></xml>", "the value of an attribute without quotes", "put it in double quotes"),
    "space in a name": ("<xml><a b>1</a b></xml>", "a character that no tag holds there", "write the name in letters"),
    "comment": ("<xml><!-- a -- b --></xml>", "`--` within a comment", "take out one of the dashes"),
    "control": ("<xml>\x07</xml>", "a character that XML cannot hold (U+0007)", "leave it out"),
    "JSON": ('{"a": 1}', "no element where <xml> is expected", "send XML, which begins with <xml>"),
    "other root": ("<order/>", "the root element is not <xml>", "name the root element <xml>"),
    "page": ("<html/>", "the root element is not <xml>", "look at what answered"),
    "Windows": (
        "<?xml version='1.0' encoding='windows-1251'?><xml/>",
        "the XML declaration names another",
        "begin with",
    ),
    "DTD": ("<!DOCTYPE xml><xml/>", "a document type declaration", "leave it out"),
    "less than in an attribute": ('<xml><a b="<"/></xml>', "`<` within a tag", "end the tag before it with `>`"),
    "undeclared": ('<xml xmlns:p=""/>', "must not undeclare prefix", "write it with an XML library"),
}


@pytest.mark.parametrize(("body", "message", "hint"), MALFORMED_XML.values(), ids=MALFORMED_XML.keys())
def test_malformed_xml_is_told_what_stands_there(body: str, message: str, hint: str) -> None:
    """What is no XML comes with what stands there and what to do."""
    found = check_request(body, syntax="xml").findings

    assert [finding.rule for finding in found] == ["malformed"]
    assert found[0].message.startswith(message), found[0].message
    assert (found[0].hint or "").startswith(hint), found[0].hint


@pytest.mark.parametrize("expected", ["value", "name", "more"])
@pytest.mark.parametrize("closings", ["}", "]", "}]}"])
def test_every_character_can_be_told(expected: Expected, closings: str) -> None:
    """Whatever character stands wherever, alone or after another, there is a message and a hint."""
    for code in (*range(0x250), 0x20BD, 0xFEFF, 0x10FFFF):
        for before in ('{"a": 1 ', "[", '"', "1", ",", ""):
            slip = explain_json_slip(f"{before or ' '}{chr(code)}", len(before or " "), expected, closings)
            assert slip.detail
            assert slip.hint
