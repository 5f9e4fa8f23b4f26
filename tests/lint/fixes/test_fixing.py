"""One document: bytes in, bytes out."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract import strategies
from altcraft_contract.contract import load_contract
from altcraft_contract.documents.document import read_document
from altcraft_contract.documents.limits import Limits
from altcraft_contract.lint.fixes.fixing import Fixed, fix_document
from altcraft_contract.rules.selection import RuleSelection
from altcraft_contract.validation import check_request, check_response
from tests.lint.fixes.slips import Slip, iter_slips, with_slips

if TYPE_CHECKING:
    from hypothesis.strategies import DataObject

    from altcraft_contract.contract import Message, Syntax
    from altcraft_contract.findings import CheckResult
    from altcraft_contract.strategies import Mutant

EXAMPLES = load_contract().examples
JSON_TEXT = EXAMPLES["request.json"].decode()
XML_TEXT = EXAMPLES["request.xml"].decode()
ORDERS = strategies.requests(custom_fields=False)


def fix(text: str | bytes, syntax: Syntax = "json", message: Message = "request", **options: Any) -> Fixed:
    """Fix one document."""
    data = text.encode() if isinstance(text, str) else text
    return fix_document(data, syntax=syntax, message=message, **options)


def check(data: bytes, syntax: Syntax, message: str) -> CheckResult:
    """Check one document."""
    return (check_request if message == "request" else check_response)(data, syntax=syntax)


def changed(text: str, old: str, new: str) -> str:
    """*text* with the first *old* written as *new*."""
    assert old in text
    return text.replace(old, new, 1)


def apart(slips: list[Slip]) -> list[Slip]:
    """Those of *slips* that do not overlap one before."""
    kept: list[Slip] = []
    for slip in sorted(slips):
        if not kept or slip.start >= kept[-1].end:
            kept.append(slip)
    return kept


@pytest.mark.parametrize("syntax", ["json", "xml"])
@given(data=st.data())
def test_slips_are_undone_to_the_byte(syntax: Syntax, data: DataObject) -> None:
    """Whatever the formatting, a body with slips becomes the very bytes that it was before them."""
    body = data.draw(strategies.bodies(ORDERS, syntax=syntax))
    possible = list(iter_slips(body, syntax))
    if not possible:
        return
    slips = apart(data.draw(st.lists(st.sampled_from(possible), min_size=1, max_size=6, unique=True)))
    fixed = fix(with_slips(body, slips), syntax)
    assert fixed.data == body
    assert Counter(fix.rule for fix in fixed.fixes) <= Counter(slip.rule for slip in slips)
    assert len(fixed.edits) >= len(fixed.fixes)
    assert fix(body, syntax) == Fixed(body)


@given(mutant=strategies.mutations())
def test_fixing_a_mutant_is_safe(mutant: Mutant) -> None:
    """Whatever is broken: nothing new is wrong, what was fixed is gone, and a second run changes nothing."""
    if mutant.message == "exchange":
        return
    message: Message = "request" if mutant.message == "request" else "response"
    fixed = fix(mutant.body, mutant.syntax, message)
    before, after = (check(body, mutant.syntax, message) for body in (mutant.body, fixed.data))
    errors = [Counter((found.rule, found.pointer) for found in result.errors) for result in (before, after)]
    assert not errors[1] - errors[0]
    left = {(found.rule, found.pointer) for found in after.findings}
    assert not left & {(done.rule, done.pointer) for done in fixed.fixes}
    assert {(done.rule, done.pointer) for done in fixed.fixes} <= {
        (found.rule, found.pointer) for found in before.findings
    }
    assert fix(fixed.data, mutant.syntax, message) == Fixed(fixed.data)


@given(mutant=strategies.mutations())
def test_edits_are_all_that_changes(mutant: Mutant) -> None:
    """The edits make the outcome of the document, in its order, so that all between them is as it was."""
    message: Message = "response" if mutant.message == "response" else "request"
    fixed = fix(mutant.body, mutant.syntax, message)
    data, position = b"", 0
    for edit in fixed.edits:
        assert position <= edit.start < edit.end
        data += mutant.body[position : edit.start] + edit.new
        position = edit.end
    assert data + mutant.body[position:] == fixed.data
    assert bool(fixed.edits) == bool(fixed.fixes)


@given(mutant=strategies.mutations(syntax="json"))
def test_values_differ_only_where_something_was_fixed(mutant: Mutant) -> None:
    """Every value that no fix names is the one that it was, number for number as written."""
    fixed = fix(mutant.body)
    if not fixed.fixes:
        assert fixed.data is mutant.body
        return
    before, after = (dict(leaves(json.loads(body, parse_float=str))) for body in (mutant.body, fixed.data))
    names = {done.pointer.rpartition("/")[0] for done in fixed.fixes}
    assert all(
        any(pointer.startswith(name) for name in names)
        for pointer in before.keys() | after.keys()
        if before.get(pointer) != after.get(pointer)
    )


def leaves(value: Any, pointer: str = "") -> list[tuple[str, Any]]:
    """Pointer and value of every scalar."""
    if not isinstance(value, dict | list):
        return [(pointer, value)]
    items = value.items() if isinstance(value, dict) else enumerate(value)
    return [leaf for name, child in items for leaf in leaves(child, f"{pointer}/{name}")]


@given(
    data=st.binary(max_size=200)
    | st.tuples(st.sampled_from(sorted(EXAMPLES)), st.integers(0, 5000), st.binary(max_size=8)).map(
        lambda cut: EXAMPLES[cut[0]][: cut[1]] + cut[2] + EXAMPLES[cut[0]][cut[1] :]
    ),
    syntax=st.sampled_from(["json", "xml"]),
    message=st.sampled_from(["request", "response"]),
)
def test_any_bytes_can_be_fixed(data: bytes, syntax: Syntax, message: Message) -> None:
    """Nothing is raised for any bytes, and a malformed document is left as it is."""
    fixed = fix(data, syntax, message)
    if any(found.rule == "malformed" for found in check(data, syntax, message).findings):
        assert fixed == Fixed(data)
    assert fix(fixed.data, syntax, message) == Fixed(fixed.data)


@given(order=ORDERS, code=st.sampled_from(["rub", "Usd", "jPY", "xyz", "R B"]), flag=st.sampled_from(["TRUE", "yes"]))
def test_both_syntaxes_are_fixed_alike(order: dict[str, Any], code: str, flag: str) -> None:
    """What both syntaxes can say is fixed to the same message."""
    order["skip_triggers"], order["data"]["currency"] = flag, code
    order["data"]["totalPrice"] = order["data"].pop("total_price")
    shape = load_contract().request_shape
    texts = {"json": json.dumps(order).encode(), "xml": xml_of(order)}
    fixes = {syntax: fix(text, syntax) for syntax, text in texts.items()}  # type: ignore[arg-type]  # its two keys
    values = [read_document(fixed.data, shape).value for fixed in fixes.values()]
    assert {key: value for key, value in values[0]["data"].items() if value} == values[1]["data"]
    told = [sorted((done.rule, done.pointer) for done in fixed.fixes) for fixed in fixes.values()]
    assert told[0] == told[1]


def xml_of(order: dict[str, Any]) -> bytes:
    """The XML form, misspelt names included."""
    from altcraft_contract.conversion import write_xml  # noqa: PLC0415 - only this test needs it

    misspelt = order["data"]["totalPrice"]
    sound = {**order, "data": {key: value for key, value in order["data"].items() if key != "totalPrice"}}
    text = write_xml(sound, "request", strict=False)
    return text.replace("</data>", f"<totalPrice>{misspelt}</totalPrice></data>").encode()


@pytest.mark.parametrize(
    ("old", "new", "fixed_to", "message"),
    [
        ('"2500.00"', "2500", '"2500"', 'wrote 2500 as "2500"'),
        ('"2500.00"', "25.50", '"25.50"', 'wrote 25.50 as "25.50"'),
        ('"2500.00"', "0.10000000000000000001", '"0.10000000000000000001"', "wrote 0.1"),
        ('"count": 1', '"count": "1"', '"count": 1', 'wrote "1" as 1'),
        ('"count": 1', r'"count": "\u0031"', '"count": 1', 'wrote "1" as 1'),
        ('"skip_triggers": false', '"skip_triggers": "false"', '"skip_triggers": false', 'wrote "false" as false'),
        ('"skip_triggers": false', '"skip_triggers": "True"', '"skip_triggers": true', 'wrote "True" as true'),
        ('"RUB"', '"rub"', '"RUB"', 'wrote "rub" as "RUB"'),
        ('"RUB"', '"rub" , "currency":"\\u0072ub"', '"RUB"', 'wrote "rub" as "RUB"'),
        ('"currency"', '"curency"', '"currency"', "renamed `curency` to `currency`"),
        ('"currency": "RUB"', '"Currency": "rub"', '"currency": "RUB"', "renamed `Currency` to `currency`, and wrote"),
        ('"total_price": "2500.00"', '"totl_price": 2500', '"total_price": "2500"', "renamed `totl_price`"),
        ('"count": 1', '"count": 1,\n"count": 1', '"count": 1', "took out the repeated `count`"),
        ('"count": 1', '"count" :1, "count":  1,"count":1', '"count" :1', "took out the repeated `count`"),
    ],
)
def test_what_is_fixed_in_json(old: str, new: str, fixed_to: str, message: str) -> None:
    """Each kind of fix writes the value that was meant, as it was written, and says so."""
    fixed = fix(changed(JSON_TEXT, old, new))
    assert fixed.data.decode() == changed(JSON_TEXT, old, fixed_to)
    assert any(message in done.message for done in fixed.fixes)


@pytest.mark.parametrize(
    ("old", "new", "fixed_to"),
    [
        (">RUB<", ">rub<", ">RUB<"),
        (">RUB<", "><!-- a -->rub<!-- b --><?c?><", "><!-- a -->RUB<!-- b --><?c?><"),
        (">RUB<", "><![CDATA[rub]]><", "><![CDATA[RUB]]><"),
        (">RUB<", ">&#x72;ub<", ">RUB<"),
        ("<skip_triggers>false", "<skip_triggers>False", "<skip_triggers>false"),
        ("<currency>RUB</currency>", "<curency >rub</curency\n>", "<currency >RUB</currency\n>"),
        (
            "<currency>RUB</currency>",
            "<currency>RUB</currency><!-- x -->\n\t<currency>RUB</currency>",
            "<currency>RUB</currency><!-- x -->",
        ),
    ],
)
def test_what_is_fixed_in_xml(old: str, new: str, fixed_to: str) -> None:
    """Comments, CDATA sections and white space in tags stay."""
    assert fix(changed(XML_TEXT, old, new), "xml").data.decode() == changed(XML_TEXT, old, fixed_to)


def test_a_misspelt_list_is_renamed_item_by_item() -> None:
    """In XML every item of a misspelt list gets the documented name."""
    text = XML_TEXT.replace("<lines>", "<line>").replace("</lines>", "</line >")
    fixed = fix(text, "xml")
    assert fixed.data.decode() == XML_TEXT.replace("</lines>", "</lines >")
    assert [done.message for done in fixed.fixes] == ["renamed `line` to `lines`"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"2500.00"', "1e3"),
        ('"2500.00"', "-5"),
        ('"2500.00"', '"2 180,00"'),
        ('"2500.00"', "true"),
        ('"2500.00"', "null"),
        ('"external_id": "order_', '"external_id": 7, "note": "'),
        ('"count": 1', '"count": "01"'),
        ('"count": 1', '"count": " 1"'),
        ('"count": 1', '"count": "1.0"'),
        ('"count": 1', '"count": "+1"'),
        ('"count": 1', '"count": "0"'),
        ('"count": 1', '"count": "99999999999999999999"'),
        ('"skip_triggers": false', '"skip_triggers": 0'),
        ('"skip_triggers": false', '"skip_triggers": "no"'),
        ('"RUB"', '"rur"'),
        ('"RUB"', '"rub "'),
        ('"count": 1', '"count": 2, "count": 1'),
        ('"count": 1', '"count": 1.0, "count": 1'),
        ('"currency": "RUB"', '"curency": "RUB", "currncy": "RUB"'),
        ('"currency": "RUB"', '"currency": "RUB", "curency": "USD"'),
        ('"profile_id": "', '"email2": "a@b.ru", "profile_id": "'),
        ('"points_currency_eid"', '"points_currency_id"'),
        ('"lines"', '"lines": [], "line"'),
        ('"data": {', '"data": {"count": 1,'),
    ],
)
def test_what_is_not_understood_stays(old: str, new: str) -> None:
    """What may mean two things, loses something, or would only bring another error to light is left alone."""
    text = changed(JSON_TEXT, old, new).encode()
    assert fix(text) == Fixed(text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (">RUB<", "> rub <"),
        (">RUB<", "><![CDATA[&#x72;ub]]><"),
        (">RUB<", ">r<!-- -->ub<"),
        ("<currency>RUB</currency>", '<curency xmlns="urn:x">RUB</curency>'),
        ("<currency>RUB</currency>", '<p:currency xmlns:p="urn:x">RUB</p:currency>'),
        ("<currency>RUB</currency>", "<currency>RUB</currency><currency><!-- why -->RUB</currency>"),
        ("<currency>RUB</currency>", "<curency>RUB</curency><curency>RUB</curency>"),
        ("<currency>RUB</currency>", '<curency id="1">RUB</curency>'),
        ("<currency>", '<currency type="x">'),
        ("<count>1</count>", "<count>1.0</count>"),
    ],
)
def test_what_is_not_understood_stays_in_xml(old: str, new: str) -> None:
    """Namespaces, attributes, text in pieces and comments that would be lost are left alone."""
    text = changed(XML_TEXT, old, new).encode()
    assert fix(text, "xml") == Fixed(text)


def test_rules_that_do_not_count_are_not_fixed() -> None:
    """Only findings that count are fixed; others stay, and so do those that somebody wants spared."""
    text = changed(changed(JSON_TEXT, '"RUB"', '"rub"'), '"count": 1', '"count": "1"')
    ignoring = fix(text, rules=RuleSelection(ignore=["wrong-type"]))
    assert [done.rule for done in ignoring.fixes] == ["invalid-currency"]
    sparing = fix(text, spares=lambda rule, pointer: (rule, pointer) == ("invalid-currency", "/data/currency"))
    assert [done.rule for done in sparing.fixes] == ["wrong-type"]


def test_repairs_that_do_no_good_do_not_hold_up_the_others() -> None:
    """Of several repairs those that do good are made, and those that would bring an error to light are not."""
    text = JSON_TEXT.replace('"count": 1', '"count": "0"', 1).replace('"RUB"', '"rub"').replace('"2500.00"', "2500", 1)
    fixed = fix(text)
    assert [done.pointer for done in fixed.fixes] == ["/data/currency", "/data/total_price"]


def test_what_brings_an_error_to_light_elsewhere_is_found_among_others() -> None:
    """A repair is left out that would break a rule about another place, though the others do good."""
    order = json.loads(JSON_TEXT)
    del order["data"]["redeem_points"]
    promotions = [item for line in order["data"]["lines"] for item in line["requested_promotions"]]
    for promotion in promotions:
        promotion["typ"] = promotion.pop("type")
    order["data"]["currency"] = "rub"
    fixed = fix(json.dumps(order))
    done = json.loads(fixed.data)["data"]
    assert done["currency"] == "RUB"
    types = [item.get("type") for line in done["lines"] for item in line["requested_promotions"]]
    assert types == [None if item["typ"] == "redeem_points" else item["typ"] for item in promotions]
    assert fix(fixed.data) == Fixed(fixed.data)


def test_nested_repeats_are_taken_out_from_the_outside() -> None:
    """A repeated object goes as a whole; what is repeated within the one that stays goes after it."""
    inner = '{"a": 1, "a": 1}'
    fixed = fix(changed(JSON_TEXT, '"custom_fields": {', f'"custom_fields": {{"x": {inner},\n"x": {inner}, '))
    assert fixed.data.decode() == changed(JSON_TEXT, '"custom_fields": {', '"custom_fields": {"x": {"a": 1}, ')
    assert [done.line for done in fixed.fixes] == sorted(done.line for done in fixed.fixes)


def test_places_are_those_of_the_document_as_it_was() -> None:
    """Lines and columns are those of the findings, though earlier fixes took lines out."""
    text = changed(JSON_TEXT, '"RUB"', '"RUB",\n"currency": "RUB"').replace('"count": 1', '"ü": 1, "count": "1"', 1)
    found = {
        (finding.rule, finding.line, finding.column) for finding in check(text.encode(), "json", "request").findings
    }
    fixed = fix(text)
    assert {done.rule for done in fixed.fixes} == {"duplicate-field", "wrong-type"}
    assert {(done.rule, done.line, done.column) for done in fixed.fixes} <= found


def test_no_fix_shows_a_secret() -> None:
    """Pointers, messages and values are without what is secret in the document."""
    token = "Zx81-very-secret-token"  # noqa: S105 - made up
    text = re.sub(r'"token": "[^"]*"', f'"token": "{token}"', JSON_TEXT)
    text = changed(
        text,
        '"custom_fields": {',
        f'"custom_fields": {{"{token}": 1, "{token}": 1, "+79991234567": 2, "+79991234567": 2, ',
    )
    fixed = fix(text)
    assert len(fixed.fixes) == 2
    assert token not in repr(fixed.fixes)
    assert "79991234567" not in repr(fixed.fixes)


def test_a_document_with_too_many_findings_is_left_alone() -> None:
    """Of a document with more findings than a check keeps not all is known, so nothing is touched."""
    line = '{"external_id": "%d", "sku": "a", "count": "1", "base_price_per_item": "1", "final_price_per_item": "1"}'
    lines = ",".join(line % number for number in range(10_001))
    text = re.sub(r'"lines": \[.*?\n    \]', lambda _: f'"lines": [{lines}]', JSON_TEXT, count=1, flags=re.DOTALL)
    assert fix(text) == Fixed(text.encode())


def test_a_document_over_the_limit_is_left_alone() -> None:
    """A document that is too large to be checked is malformed, and stays as it is."""
    text = changed(JSON_TEXT, '"RUB"', '"rub"').encode()
    assert fix(text, limits=Limits(max_bytes=100)) == Fixed(text)
