"""What findings say, and what they advise."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from altcraft_contract.conversion import write_xml
from altcraft_contract.rules.nearest import find_nearest
from altcraft_contract.rules.samples import sample_message
from altcraft_contract.validation import ENGINES, check_request, check_response

if TYPE_CHECKING:
    from altcraft_contract.findings import Finding

TOTAL, TIME, CURRENCY, COUNT = "/data/total_price", "/data/create_time", "/data/currency", "/data/lines/0/count"
LINE_ID, TYPE = "/data/lines/0/external_id", "/data/requested_promotions"
NOT_NEGATIVE = "write a price that is not negative; what is taken off is the `amount` of a promotion"
PLAIN_DECIMAL = 'write digits, with a point before the decimals, such as "2500.00"'
TIME_LIKE = 'write it like "2026-02-18T13:01:05.141Z"'
WHOLE_NUMBER = "write a whole number without quotes, such as 1"
PROMOTION = {"promotion": {"external_id": "summer"}}


def finding_at(pointer: str, body: object) -> Finding:
    """The only finding at *pointer*."""
    (finding,) = (finding for finding in check_request(body).findings if finding.pointer == pointer)
    return finding


def advice(pointer: str, value: Any) -> str | None:
    """The hint for *value* at *pointer* of the sample request."""
    return finding_at(pointer, sample_message({pointer: value}, "request")).hint


@pytest.mark.parametrize(
    ("pointer", "value", "hint"),
    [
        (TOTAL, 2500, 'write "2500.00"'),
        (TOTAL, 2500.5, 'write "2500.50"'),
        (TOTAL, 0.125, 'write "0.125"'),
        (TOTAL, -5, NOT_NEGATIVE),
        (TOTAL, 1e30, 'write a text, such as "2500.00"'),
        (TOTAL, 10**40, 'write a text, such as "2500.00"'),
        (TOTAL, True, 'write a text, such as "2500.00"'),
        (LINE_ID, 1, 'write "1"'),
        (LINE_ID, -1, 'write "-1"'),
        (LINE_ID, 1.5, 'write "1.5"'),
        (LINE_ID, 1e22, "write a text, in quotes"),
        (LINE_ID, ["1"], "write the item alone, without the list"),
        (LINE_ID, {"id": "1"}, "write the text alone, without the object"),
        (TIME, 1771419665, 'write "2026-02-18T13:01:05Z"'),
        (TIME, 5, 'write a text, such as "2026-02-18T13:01:05.141Z"'),
        (CURRENCY, 643, 'write "RUB"'),
        (CURRENCY, 1, 'write a text, such as "RUB"'),
        ("/token", 5, "write it as text, in quotes"),
        (COUNT, "2", "write 2 without quotes"),
        (COUNT, " 02 ", "write 2 without quotes"),
        (COUNT, "-2", "write -2 without quotes"),
        (COUNT, "2.0", "write 2 without quotes"),
        (COUNT, "1.5", "round it, or count in a smaller unit"),
        (COUNT, 1.5, "round it, or count in a smaller unit"),
        ("/data/lines/0/line_number", 1.5, "write a whole number"),
        (COUNT, "two", WHOLE_NUMBER),
        (COUNT, "9" * 5000, WHOLE_NUMBER),
        (COUNT, True, "write a whole number, such as 1"),
        ("/skip_triggers", "True", "write true without quotes"),
        ("/skip_triggers", "false", "write false without quotes"),
        ("/skip_triggers", 1, "write true"),
        ("/skip_triggers", 0.0, "write false"),
        ("/skip_triggers", 2, "write true or false"),
        ("/skip_triggers", "yes", "write true or false without quotes"),
        ("/data/lines", {"external_id": "1"}, "write a list, also for one item: [{…}]"),
        ("/data/tags", "premium", 'write a list, also for one item: ["…"]'),
        ("/data/tags", 1, "write a list: […]"),
        ("/data/lines", "1", "write a list, also for one item: […]"),
        ("/data", "{}", "write the object itself, not a text that holds it"),
        ("/data", "order", "write an object: {…}"),
        ("/data", 1, "write an object: {…}"),
        ("/data", [{}], "write the object itself, without the list"),
        ("/data/region", None, "leave the field out; null is not documented"),
        ("/data/endpoint", None, "write a value; null is not documented"),
        (COUNT, None, "write a value; null is not documented"),
        ("/data", None, "write a value; null is not documented"),
        ("/data/lines/0", None, "leave the item out; null is not documented"),
    ],
)
def test_hint_for_a_wrong_type(pointer: str, value: Any, hint: str) -> None:
    """A value of the wrong type comes with what can be typed instead, or with what is asked for."""
    assert advice(pointer, value) == hint


@pytest.mark.parametrize(
    ("pointer", "value", "hint"),
    [
        (TOTAL, "1,500.00", 'write "1500.00"'),
        (TOTAL, "1.500,00", 'write "1500.00"'),
        (TOTAL, "1 500,00", 'write "1500.00"'),
        (TOTAL, "1\u00a0500.00", 'write "1500.00"'),
        (TOTAL, "1'500.00", 'write "1500.00"'),
        (TOTAL, "1,500,000.00", 'write "1500000.00"'),
        (TOTAL, "300,00", 'write "300.00"'),
        (TOTAL, "1,500", 'write "1500" or "1.500", whichever is meant'),
        (TOTAL, "1,500,000", 'write "1500000"'),
        (TOTAL, "0,125", 'write "0.125"'),
        (TOTAL, "+5", 'write "5"'),
        (TOTAL, ".5", 'write "0.5"'),
        (TOTAL, "5.", 'write "5"'),
        (TOTAL, "4530 ₽", 'write "4530"'),
        (TOTAL, "$25.50", 'write "25.50"'),
        (TOTAL, "4 530,50 руб.", 'write "4530.50"'),  # noqa: RUF001 - Russian
        (TOTAL, "2500 RUB", 'write "2500"'),
        (TOTAL, "10%", PLAIN_DECIMAL),
        (TOTAL, "RUB" + " " * 100_000 + "x", PLAIN_DECIMAL),
        (TOTAL, "9" * 50 + ",00", PLAIN_DECIMAL),
        (TOTAL, "-5", NOT_NEGATIVE),
        (TOTAL, "five", PLAIN_DECIMAL),
        (TOTAL, "٣", PLAIN_DECIMAL),
        (TOTAL, "", PLAIN_DECIMAL),
        ("/data/delivery_cost", "", f"{PLAIN_DECIMAL}, or leave the field out"),
        (CURRENCY, "rub", 'write "RUB"'),
        (CURRENCY, " Rub\n", 'write "RUB"'),
        (CURRENCY, "rouble", 'write "RUB"'),
        (CURRENCY, "€", 'write "EUR"'),
        (CURRENCY, "roubles of the Bank", 'write the code of ISO 4217, such as "RUB"'),
        (CURRENCY, "ßa", 'write the code of ISO 4217, such as "RUB"'),
        (TIME, "1771419665", 'write "2026-02-18T13:01:05Z"'),
        (TIME, "177141966", 'write "1975-08-13T06:06:06Z"'),
        (TIME, "1771419665141", 'write "2026-02-18T13:01:05.141Z"'),
        (TIME, "18.02.2026 13:01", 'write "2026-02-18T13:01", and add Z or your offset from UTC'),
        (TIME, "5.6.2026", 'write "2026-06-05", and add the time of day with Z or your offset from UTC'),
        (TIME, "02/18/2026 13:01Z", 'write "2026-02-18T13:01Z"'),
        (TIME, "18/02/2026 13:01Z", 'write "2026-02-18T13:01Z"'),
        (TIME, "05/06/2026 13:01", TIME_LIKE),
        (TIME, "2026/2/8 9:05:01,5 +0300", 'write "2026-02-08T09:05:01.5+03:00"'),
        (TIME, "20260218T130105Z", 'write "2026-02-18T13:01:05Z"'),
        (TIME, "2026-02-18 13:01", 'write "2026-02-18T13:01", and add Z or your offset from UTC'),
        (TIME, "2026-02-18t13:01:00z", 'write "2026-02-18T13:01:00Z"'),
        (TIME, "2026-02-18T13:01:05 +03:00", 'write "2026-02-18T13:01:05+03:00"'),
        (TIME, "2026-02-30 13:01:00", "February 2026 has 28 days"),
        (TIME, "2024-02-30T13:01:00Z", "February 2024 has 29 days"),
        (TIME, "31.04.2026", "April 2026 has 30 days"),
        (TIME, "2026-02-00", "days begin with 01"),
        (TIME, "2026-13-01", "months go from 01 to 12"),
        (TIME, "0000-01-01", "the calendar begins with the year 0001"),
        (TIME, "2026-02-18T13:60:00Z", "minutes and seconds go from 00 to 59"),
        (TIME, "2026-02-18T13:01:05+24:00", TIME_LIKE),
        (TIME, "2026-02-18 25:01", "hours go from 00 to 23; midnight is 00:00 of the next day"),
        (TIME, "tomorrow", TIME_LIKE),
        (TYPE, [{"type": "Discount", **PROMOTION}], 'did you mean "discount"?'),
        (TYPE, [{"type": "accure_points", **PROMOTION}], 'did you mean "accrue_points"?'),
        (TYPE, [{"type": "something", **PROMOTION}], "write one of these, exactly so"),
    ],
)
def test_hint_for_a_text_of_another_form(pointer: str, value: Any, hint: str) -> None:
    """A text of another form comes with one of the right form, or with what that looks like."""
    at = f"{pointer}/0/type" if pointer == TYPE else pointer

    assert finding_at(at, sample_message({pointer: value}, "request")).hint == hint


@pytest.mark.parametrize("value", ["1,500.00", ".5", "+5", "300,00", "1'500", "1.500,00", "5."])
def test_mended_price_is_right(value: str) -> None:
    """What a hint offers for a price has no finding about its form."""
    hint = advice("/data/delivery_cost", value)
    assert hint is not None

    mended = json.loads(hint.removeprefix("write "))

    assert check_request(sample_message({"/data/delivery_cost": mended}, "request")).findings == ()


@pytest.mark.parametrize(
    ("pointer", "hint"),
    [
        ("/externalId", "did you mean `external_id`?"),
        ("/Token", "did you mean `token`?"),
        ("/data/delivery-cost", "did you mean `delivery_cost`?"),
        ("/data/promo_codes", "did you mean `promocodes`?"),
        ("/data/lines/0/line_nubmer", "did you mean `line_number`?"),
        ("/data/token", "`token` belongs to the request body"),
        ("/data/lines/0/delivery_cost", "`delivery_cost` belongs to the data object"),
        ("/data/lines/0/quantity", "put it into `custom_fields`, or leave it out"),
        ("/data/" + "x" * 100_000, "put it into `custom_fields`, or leave it out"),
        ("/quantity", "leave it out"),
    ],
)
def test_hint_for_an_unknown_field(pointer: str, hint: str) -> None:
    """An unknown field comes with the nearest documented one, or with the object to which it belongs."""
    finding = finding_at(pointer, sample_message({pointer: "x"}, "request"))

    assert finding.rule == "unknown-field"
    assert finding.hint == hint
    assert len(finding.message) < 200


@pytest.mark.parametrize(
    ("pointer", "value", "message"),
    [
        ("/data/endpoint", 5, "`endpoint` is the number 5, expected a string"),
        ("/data/endpoint", {"a": 1}, "`endpoint` is an object, expected a string"),
        ("/data/endpoint", [], "`endpoint` is a list, expected a string"),
        ("/data/endpoint", None, "`endpoint` is null, expected a string"),
        ("/data/endpoint", "", "`endpoint` is empty"),
        (COUNT, "2", '`count` is "2", expected a whole number'),
        (COUNT, 1.5, "`count` is the number 1.5, expected a whole number"),
        (COUNT, True, "`count` is true, expected a whole number"),
        (COUNT, 0, "`count` is the number 0, expected a whole number from 1 on, within 64 bits"),
        (
            COUNT,
            10**40,
            "`count` is a number of more than 30 digits, expected a whole number from 1 on, within 64 bits",
        ),
        ("/skip_triggers", "no", '`skip_triggers` is "no", expected true or false'),
        ("/data/lines", {}, "`lines` is an object, expected a list"),
        ("/data/lines/0", "x", 'the item is "x", expected an object'),
        ("/data/lines", [], "`lines` has no item; an order has at least one line"),
        (TOTAL, "x" * 100, f'`total_price` is "{"x" * 40}…", expected a plain decimal such as 2500.00'),
        (CURRENCY, "rub", '`currency` is "rub", expected three capital letters such as RUB'),
    ],
)
def test_message(pointer: str, value: Any, message: str) -> None:
    """A message says what was found and what was expected, and shows a long value only in part."""
    assert finding_at(pointer, sample_message({pointer: value}, "request")).message == message


@pytest.mark.parametrize(
    ("pointer", "text", "message", "hint"),
    [
        ("/skip_triggers", "TRUE", '`skip_triggers` is "TRUE", expected true or false', "write true"),
        (COUNT, "two", '`count` is "two", expected a whole number', "write a whole number, such as 1"),
        (CURRENCY, "rub", '`currency` is "rub", expected three capital letters such as RUB', "write RUB"),
        (TOTAL, "1,5", '`total_price` is "1,5", expected a plain decimal such as 2500.00', "write 1.5"),
    ],
)
def test_words_for_xml(pointer: str, text: str, message: str, hint: str | None) -> None:
    """What is said of an XML body fits XML: no quotes are advised where there are none."""
    body = write_xml(sample_message({pointer: text}, "request"), "request", strict=False)

    finding = finding_at(pointer, body)

    assert (finding.message, finding.hint) == (message, hint)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<a/>", "`endpoint` is an element with elements, expected text without elements"),
        ("x<a/>", "`endpoint` is an element with elements, expected text without elements"),
    ],
)
def test_words_for_elements_in_a_value(content: str, message: str) -> None:
    """Elements within a value are called so, whatever text stands beside them."""
    body = write_xml(sample_message({"/data/endpoint": "ENDPOINT"}, "request"), "request")

    assert finding_at("/data/endpoint", body.replace("ENDPOINT", content)).message == message


def test_missing_field_is_named() -> None:
    """A finding about an absent field stands at its object, and the message names the field and the section."""
    body = sample_message({}, "request")
    del body["data"]["currency"]

    finding = finding_at("/data", body)

    assert finding.message == "`currency` is missing; the data object requires it"
    assert finding.section == "data object"


SECRETS = [
    "s3cret-v4lue",
    482_915_573,
    482_915_573.25,
    -482_915_573,
    ["s3cret-v4lue"],
    {"s3cret-v4lue": "s3cret-v4lue"},
]


def written(body: dict[str, Any], syntax: str) -> str:
    """*body* as text."""
    return json.dumps(body) if syntax == "json" else write_xml(body, "request", strict=False)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("field", ["token", "email", "phone"])
@pytest.mark.parametrize("value", SECRETS, ids=repr)
def test_secret_of_the_wrong_type_is_not_told(field: str, value: Any, engine: Any) -> None:
    """Neither the message nor the hint shows a token, an e-mail address or a phone, of whatever type it is."""
    body = sample_message({f"/{field}": value}, "request")

    findings = check_request(json.dumps(body), engine=engine).findings

    assert findings or field == "token"
    for finding in findings:
        told = f"{finding.message} {finding.hint} {finding.pointer}"
        assert "s3cret-v4lue" not in told
        assert "482915573" not in told


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("content", ["s3cret-v4lue<a/>", "<a>s3cret-v4lue</a>", "<s3cret-v4lue/>"])
@pytest.mark.parametrize("field", ["token", "email", "phone"])
def test_secret_with_elements_is_not_told(field: str, content: str, engine: Any) -> None:
    """Neither the message nor the hint shows what stands in the element of a secret, whatever it holds."""
    body = write_xml(sample_message({f"/{field}": "SECRET"}, "request"), "request").replace("SECRET", content)

    findings = [finding for finding in check_request(body, engine=engine).findings if finding.rule == "wrong-type"]

    assert [finding.pointer for finding in findings] == [f"/{field}"]
    assert "s3cret-v4lue" not in f"{findings[0].message} {findings[0].hint}"


@pytest.mark.parametrize("syntax", ["json", "xml"])
@pytest.mark.parametrize("field", ["token", "email", "phone", "profile_id"])
def test_secret_of_an_odd_form_is_not_told(field: str, syntax: str) -> None:
    """A warning about the form of an identifier does not repeat it."""
    body = sample_message({f"/{field}": "s3cret v4lue"}, "request")

    for finding in check_request(written(body, syntax)).findings:
        assert "s3cret" not in f"{finding.message} {finding.hint}"


def test_disclosed_token_is_not_told() -> None:
    """A finding about a disclosed token does not disclose it."""
    from altcraft_contract.validation import check_exchange  # noqa: PLC0415 - used once

    request = sample_message({"/token": "s3cret-v4lue"}, "request")
    response = sample_message({"/error_text": "hello s3cret-v4lue"}, "response")

    (finding,) = check_exchange(json.dumps(request), json.dumps(response)).findings

    assert finding.rule == "token-disclosed"
    assert "s3cret" not in f"{finding.message} {finding.hint}"


@pytest.mark.parametrize(
    ("name", "known", "nearest"),
    [
        ("curency", ["currency", "count"], "currency"),
        ("EXTERNAL-ID", ["external_id"], "external_id"),
        ("price", ["base_price", "count"], "base_price"),
        ("abcd", ["xxxxabcdxxxx"], None),
        ("zzz", ["currency"], None),
        ("", ["currency"], None),
        ("a" * 65, ["a" * 65], None),
    ],
)
def test_nearest_name(name: str, known: list[str], nearest: str | None) -> None:
    """A name resembles a known one if they differ little, or if it is a part of it."""
    assert find_nearest(name, known) == nearest


@pytest.mark.parametrize("section", ["pool object", "points_info object", "contents array"])
def test_section_of_a_finding(section: str) -> None:
    """A finding names the section of the page that describes its place."""
    pointers = {
        "pool object": ("/data/issued_promocodes", [{"codes": [], "pool": {"pool_id": "1"}}]),
        "points_info object": ("/data/points_changes", [{"points_info": {"points_currency_iid": 1, "amount": 5}}]),
        "contents array": ("/data/contents", [{"contents": [{"type": 1}]}]),
    }

    findings = check_response(sample_message(dict([pointers[section]]), "response")).findings

    assert [finding.section for finding in findings] == [section]
