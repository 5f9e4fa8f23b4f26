"""Values in their forms: what keeps the rule of a form, and what breaks it, in JSON and in XML."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from altcraft_contract.conversion import write_xml
from altcraft_contract.rules.samples import sample_message
from altcraft_contract.validation import ENGINES, check_request

if TYPE_CHECKING:
    from altcraft_contract.validation import Engine

DECIMALS = ["0", "0.0", "300", "300.00", "000.50", "9" * 60 + "." + "0" * 60, "1" * 5000]
NO_DECIMALS = [
    *("", "-1.00", "+1.00", "-0", "1e2", "1E2", "300,00", "1,300.00", "1 300.00", "1_300", "1'300.00"),
    *(
        " 300",
        "300 ",
        "300.00\n",
        "\t300",
        ".50",
        "300.",
        ".",
        "3.0.0",
        "300 ₽",
        "$300",
        "٣٠٠",
        "\uff13\uff10\uff10",
        "30²",
        "½",
    ),
    *("NaN", "Infinity", "inf", "0x12", "free", "3\u066b0", "300\u00a0", "\u200b300", "300.00-", "--1", "1/2"),
]
TIMES = [
    *("2026-02-18T13:01:05Z", "2026-02-18T13:01Z", "2026-02-18T13:01:05.1Z", "2026-02-18T13:01:05.141592653589793Z"),
    *("2026-02-18T13:01:05+05:45", "2026-02-18T00:00:00+23:59", "2026-02-18T23:59:59-23:59", "2026-02-18T00:00-00:00"),
    *("2028-02-29T00:00:00Z", "2000-02-29T00:00:00Z", "2400-02-29T00:00Z", "0004-02-29T00:00Z"),
    *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "2026-01-31T00:00Z", "2026-04-30T00:00Z"),
]
INCOMPLETE_TIMES = [
    *("2026-02-18", "2028-02-29", "2026-02-18T13:01", "2026-02-18T13:01:05", "2026-02-18T13:01:05.141", "0001-01-01"),
]
NO_TIMES = [
    *("", "now", "2026-02-18 13:01:05Z", "2026-02-18t13:01:05Z", "2026-02-18T13:01:05z", "2026-02-18T", "T13:01Z"),
    *("1771419665", "1771419665141", "1771419665.5", "20260218T130105Z", "2026-W08-3", "2026-049", "2026-02", "2026"),
    *("2026-02-29T00:00:00Z", "1900-02-29", "2100-02-29", "2028-02-30", "2026-04-31", "2026-06-31", "2026-09-31"),
    *("2026-11-31", "2026-13-01", "2026-00-10", "2026-01-00", "2026-01-32", "0000-01-01", "0000-02-29T00:00Z"),
    *("2026-02-18T24:00:00Z", "2026-02-18T13:60Z", "2016-12-31T23:59:60Z", "2026-02-18T13Z", "2026-02-18T1:01Z"),
    *("2026-02-18T13:01:05+24:00", "2026-02-18T13:01:05+03:60", "2026-02-18T13:01:05+0300", "2026-02-18T13:01:05+03"),
    *("2026-02-18T13:01:05+03:00:00", "2026-02-18T13:01:05\u221203:00", "2026-02-18Z", "2026-02-18+03:00"),
    *("2026-02-18T13:01:05,141Z", "2026-02-18T13:01:05.Z", "2026-02-18T13:01.5Z", "2026-02-18T13:01:05ZZ"),
    *("12026-02-18", "+2026-02-18", "-2026-02-18", "26-02-18", "2026/02/18", "18.02.2026", "02-18-2026", "2026-2-18"),
    *(
        " 2026-02-18",
        "2026-02-18 ",
        "2026-02-18\n",
        "2026-02-18T13:01:05Z\n",
        "٢٠٢٦-02-18",
        "\uff12\uff10\uff12\uff16-02-18",
    ),
    *("2026-02-18T13:01:05[Europe/Moscow]", "2026-02-18T13:01:05 MSK", "Wed, 18 Feb 2026 13:01:05 +0300", "P1D"),
]
CURRENCIES = [
    *("RUB", "USD", "EUR", "JPY", "KWD", "XCG", "XAD", "SLE", "ZWG", "VED", "VES", "MRU", "STN", "BYN", "UYW", "CLF"),
    *("CHE", "CHW", "USN", "MXV", "BOV", "COU", "XDR", "XSU", "XUA", "XAU", "XAG", "XPT", "XPD", "XBA", "XTS", "XXX"),
    *("XAF", "XOF", "XPF", "XCD", "UYI", "CUP", "SVC"),
]
UNKNOWN_CURRENCIES = [
    *("BGN", "HRK", "ANG", "SLL", "ZWL", "CUC", "DEM", "FRF", "LTL", "LVL", "EEK", "BYR", "MRO", "STD", "VEF", "VEB"),
    *("RUR", "TRL", "ZWD", "ZWR", "ZWN", "USS", "CHC", "AAA", "ZZZ", "BTC", "ETH", "XYZ"),
]
NO_CURRENCIES = [
    *(
        "",
        "rub",
        "Rub",
        "RU",
        "RUBB",
        "643",
        "₽",
        " RUB",
        "RUB ",
        "RUB\n",
        "R B",
        "RU\u0412",
        "\uff32\uff35\uff22",
        "RÜB",
        "RU8",
        "rouble",
    ),
]
PROFILE_IDS = ["696e304f547840a7286619e0", "696E304F547840A7286619E0", "0" * 24]
NO_PROFILE_IDS = [
    *(
        "12345",
        "696e304f547840a7286619e",
        "696e304f547840a7286619e00",
        "696e304f547840a7286619eg",
        " ",
        "0x" + "0" * 22,
    ),
    *("696e304f547840a7286619e0\n", " 696e304f547840a7286619e0", "٦96e304f547840a7286619e0", "\uff16" * 24),
    "696e304f-5478-40a7-2866-19e000000000",
]
EMAILS = [
    *(
        "ann@example.com",
        "ann+shop@example.co.uk",
        "почта@пример.рф",
        "o'neil@example.ie",
        "a@b.c",
        '"a.b"@example.com',
    ),
    *(".a..b.@example.com", "a@ex_ample.com", "a@-.-", "a\u200b@example.com", "a@b.c.d.e.f.g", "ann@1.2", "<a>@b.c"),
]
NO_EMAILS = [
    *(
        "ann",
        "ann.example.com",
        "ann@home@example.com",
        "@example.com",
        "ann@",
        "@",
        "ann@localhost",
        "ann@.example.com",
    ),
    *("ann@example.", "ann@example..com", "ann@.", "ann smith@example.com", " ann@example.com", "ann@example.com "),
    *(
        "ann@example.com\n",
        "ann\t@example.com",
        "ann\u00a0@example.com",
        "ann@exa\u3000mple.com",
        "a\u2028@example.com",
    ),
    *("ann\u0085@example.com", "ann\u007f@example.com", "Ann <ann@example.com>", "a@b.c,d@e.f g"),
]
PHONES = ["+79161234567", "+12345678", "+123456789012345", "+00000000"]
NO_PHONES = [
    *("79161234567", "+1234567", "+1234567890123456", "+7 916 123 45 67", "+7(916)1234567", "+7-916-1234567", "+", " "),
    *("0079161234567", "+7916CALLNOW", "+79161234567,101", "+٧٩١٦١٢٣٤٥٦٧", "\uff0b79161234567", "+79161234567\n"),
    *(" +79161234567", "++79161234567", "tel:+79161234567", "+7\u00a09161234567"),
]

TABLES: dict[str, tuple[str, dict[str, list[str]]]] = {
    "price": ("/data/delivery_cost", {"": DECIMALS, "invalid-decimal": NO_DECIMALS}),
    "time": (
        "/data/create_time",
        {"": TIMES, "incomplete-timestamp": INCOMPLETE_TIMES, "invalid-timestamp": NO_TIMES},
    ),
    "currency": (
        "/data/currency",
        {"": CURRENCIES, "unknown-currency": UNKNOWN_CURRENCIES, "invalid-currency": NO_CURRENCIES},
    ),
    "profile id": ("/profile_id", {"": PROFILE_IDS, "profile-id-format": NO_PROFILE_IDS}),
    "e-mail": ("/email", {"": EMAILS, "email-format": NO_EMAILS}),
    "phone": ("/phone", {"": PHONES, "phone-format": NO_PHONES}),
}
CASES = [(form, rule) for form, (_, rules) in TABLES.items() for rule in rules]


def order_with(pointer: str, value: Any) -> dict[str, Any]:
    """The sample request with *value* at *pointer*, and no other identifier of the profile beside one."""
    body = sample_message({pointer: value}, "request")
    if pointer in ("/profile_id", "/phone"):
        del body["email"]
    return body


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("syntax", ["json", "xml"])
@pytest.mark.parametrize(("form", "rule"), CASES)
def test_form(form: str, rule: str, syntax: str, engine: Engine) -> None:
    """A text of the documented form has no finding, and any other has one, of the rule of that form."""
    pointer, values = TABLES[form][0], TABLES[form][1][rule]
    bodies = {value: order_with(pointer, value) for value in values}
    texts = {
        value: json.dumps(body) if syntax == "json" else write_xml(body, "request") for value, body in bodies.items()
    }

    found = {
        value: [(finding.rule, finding.pointer) for finding in check_request(text, engine=engine).findings]
        for value, text in texts.items()
    }

    assert found == {value: [(rule, pointer)] if rule else [] for value in values}


PRECISIONS = [
    *(("RUB", 2), ("USD", 2), ("JPY", 0), ("KRW", 0), ("VND", 0), ("CLP", 0), ("ISK", 0), ("UGX", 0), ("UYI", 0)),
    *(("KWD", 3), ("BHD", 3), ("TND", 3), ("IQD", 3), ("CLF", 4), ("UYW", 4), ("HUF", 2), ("MGA", 2), ("MRU", 2)),
]
PRICES = [
    *("/data/total_price", "/data/final_total_price", "/data/delivery_cost", "/data/lines/0/base_price_per_item"),
    *("/data/lines/0/min_price_per_item", "/data/lines/0/final_price_per_item"),
]


def price_with(decimals: int) -> str:
    """One, with *decimals* decimals that count."""
    return f"1.{'1' * decimals}" if decimals else "1"


def order_of(price: str, currency: str) -> dict[str, Any]:
    """An order all of whose prices are *price*."""
    return sample_message({**dict.fromkeys(PRICES, price), "/data/currency": currency}, "request")


@pytest.mark.parametrize(("currency", "decimals"), PRECISIONS)
@pytest.mark.parametrize("zeros", ["", "000"])
def test_decimals_that_a_currency_has(currency: str, decimals: int, zeros: str) -> None:
    """A price may have as many decimals as its currency, and any number of zeros after them."""
    price = price_with(decimals) + ("." if zeros and not decimals else "") + zeros

    assert check_request(order_of(price, currency)).findings == ()


@pytest.mark.parametrize(("currency", "decimals"), PRECISIONS)
def test_one_decimal_too_many(currency: str, decimals: int) -> None:
    """A price with one decimal more than its currency has is reported, wherever it stands."""
    result = check_request(order_of(price_with(decimals + 1), currency))

    assert {(finding.rule, finding.pointer) for finding in result.findings} == {
        ("excess-precision", pointer) for pointer in PRICES
    }


@pytest.mark.parametrize("currency", ["XAU", "XXX", "XDR", "XTS", "DEM"])
def test_currency_without_a_number_of_decimals(currency: str) -> None:
    """Where ISO 4217 gives no decimals, no price has too many of them."""
    result = check_request(order_of("1.123456789", currency))

    assert "excess-precision" not in {finding.rule for finding in result.findings}


INTEGERS = [
    # Text in JSON, least of the field (None: 64 bits), rule.
    *(("9223372036854775807", None, ""), ("-9223372036854775808", None, ""), ("0", None, ""), ("-0", None, "")),
    *(("9223372036854775808", None, "out-of-range"), ("-9223372036854775809", None, "out-of-range")),
    *(("9" * 400, None, "out-of-range"), ("9" * 5000, None, "out-of-range"), ("-" + "9" * 5000, None, "out-of-range")),
    *(("1.0", None, ""), ("1e3", None, ""), ("-0.0", None, ""), ("1E+2", None, ""), ("1e-400", None, "")),
    *(("9223372036854774784.0", None, ""), ("-9223372036854775808.0", None, ""), ("-9223372036854775809.0", None, "")),
    *(("9223372036854775807.0", None, "out-of-range"), ("-9223372036854777856.0", None, "out-of-range")),
    *(("1e19", None, "out-of-range"), ("1e308", None, "out-of-range"), ("-1e308", None, "out-of-range")),
    *(
        ("1.5", None, "wrong-type"),
        ("1e-1", None, "wrong-type"),
        ("0.1", None, "wrong-type"),
        ("5e-324", 1, "wrong-type"),
    ),
    *(("1", 1, ""), ("1.0", 1, ""), ("10e-1", 1, ""), ("1.00000000000000000001", 1, "")),
    *(("0", 1, "out-of-range"), ("-0", 1, "out-of-range"), ("0.0", 1, "out-of-range"), ("-0.0", 1, "out-of-range")),
    *(("-1", 1, "out-of-range"), ("1e-400", 1, "out-of-range"), ("0.99999999999999999999", 1, "")),
    *(("9223372036854775807", 1, ""), ("9223372036854775808", 1, "out-of-range"), ("1e400", 1, "malformed")),
    *(("1e400", None, "malformed"), ("-1e400", None, "malformed"), ("1.8e308", None, "malformed")),
]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("text", "least", "rule"), INTEGERS)
def test_integer_in_json(text: str, least: int | None, rule: str, engine: Engine) -> None:
    """A number without a fraction is an integer, exact as it stands, or as the double that its text is read as."""
    pointer = "/data/lines/0/line_number" if least is None else "/data/lines/0/count"
    body = json.dumps(sample_message({pointer: -777}, "request")).replace("-777", text)

    result = check_request(body, engine=engine)

    at = "" if rule == "malformed" else pointer
    assert [(f.rule, f.pointer) for f in result.findings if f.rule != "total-mismatch"] == (
        [(rule, at)] if rule else []
    )


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("text", "rule"),
    [
        *(("+1", ""), ("-0", ""), (" 1\n", ""), ("\t-00001 ", ""), ("0" * 5000 + "1", "")),
        *(("9223372036854775807", ""), ("+9223372036854775808", "out-of-range"), ("-9223372036854775808", "")),
        *(("-09223372036854775809", "out-of-range"), ("9" * 5000, "out-of-range"), ("1.", "wrong-type")),
        *(("", "wrong-type"), (" ", "wrong-type"), ("1\u20032", "wrong-type"), ("\u20031", "wrong-type")),
    ],
)
def test_integer_in_xml(text: str, rule: str, engine: Engine) -> None:
    """An integer of XML has the lexical form of XSD, with any white space of XML around it."""
    pointer = "/data/lines/0/line_number"
    body = write_xml(sample_message({pointer: text}, "request"), "request", strict=False)

    result = check_request(body, engine=engine)

    assert [(finding.rule, finding.pointer) for finding in result.findings] == ([(rule, pointer)] if rule else [])


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("text", "rule"),
    [(text, "") for text in ("true", "false", "1", "0", " true ", "\n0\t")]
    + [(text, "wrong-type") for text in ("", " ", "True", "FALSE", "yes", "2", "01", "t", "true false", "\u00a0true")],
)
def test_boolean_in_xml(text: str, rule: str, engine: Engine) -> None:
    """A boolean of XML has one of four forms, with any white space of XML around it."""
    body = write_xml(sample_message({"/skip_triggers": text}, "request"), "request", strict=False)

    result = check_request(body, engine=engine)

    assert [f.rule for f in result.findings] == ([rule] if rule else [])
