"""The quickest verdict: it may leave a document to the full check, but it never lets one pass that has a finding."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from altcraft_contract import strategies as drawn
from altcraft_contract.contract import load_contract
from altcraft_contract.conversion import write_xml
from altcraft_contract.documents.document import read_document, sniff_syntax
from altcraft_contract.documents.limits import DEFAULT_LIMITS, Limits
from altcraft_contract.documents.pointer import join
from altcraft_contract.lint.recognition import message_of_body
from altcraft_contract.validation import check_request, check_response
from altcraft_contract.validation.clean import make_clean_reader
from tests.validation.messages import iter_paths, json_text, mutated, odd_xml

if TYPE_CHECKING:
    from altcraft_contract.contract import Message, Syntax

CONTRACT = load_contract()
SYNTAXES: tuple[Syntax, ...] = ("json", "xml")
MESSAGES: tuple[Message, ...] = ("request", "response")
READERS = {syntax: make_clean_reader(syntax) for syntax in SYNTAXES}
MANY = settings(max_examples=3 * settings().max_examples)
HERE = Path(__file__).parent.parent
FILES = sorted(
    file
    for folder in ("rules", "acceptance/cases")
    for file in (HERE / folder).rglob("*")
    if file.suffix in (".json", ".xml") and not file.name.endswith(".expected.json")
)


def judge(data: bytes, syntax: Syntax, limits: Limits = DEFAULT_LIMITS) -> tuple[bool, Any]:
    """What the full check says: whether there is no finding, and the value."""
    message = message_of_body(data, syntax, CONTRACT, limits)
    check = check_request if message == "request" else check_response
    result = check(data, syntax=syntax, limits=limits)
    value = read_document(data, CONTRACT.shape(message), syntax=syntax, limits=limits).value
    return not result.findings, value


def assert_sound(data: bytes, syntax: Syntax) -> bool:
    """The reader gives nothing but values of documents without findings; return whether it gave one."""
    value = READERS[syntax](data)
    if value is not None:
        assert judge(data, syntax) == (True, value)
    return value is not None


def test_there_are_files() -> None:
    """The test below looks at many."""
    assert len(FILES) > 500


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_files_without_findings_and_no_others_pass(file: Path) -> None:
    """Of the files that the rules are tested with, exactly those without any finding pass."""
    data = file.read_bytes()
    syntax = sniff_syntax(data) or "json"
    is_clean, value = judge(data, syntax)
    passed = READERS[syntax](data)
    assert passed == (value if is_clean and passed is not None else None)
    if is_clean and passed is None:
        assert is_left_to_the_full_check(data, syntax)


def is_left_to_the_full_check(data: bytes, syntax: Syntax) -> bool:
    """Whether a document without findings may be left undecided: for rare things in it, or for its size."""
    if syntax == "xml":  # the exact reader is asked: attributes, comments within values and the like
        from altcraft_contract.documents.xml_value import read_xml_value  # noqa: PLC0415 - only here

        message = message_of_body(data, syntax, CONTRACT, DEFAULT_LIMITS)
        return read_xml_value(data, CONTRACT.shape(message)) is None
    return any(rarity in data for rarity in (b"\\u0065", b"[" * 100, b"7" * 4301))


@pytest.mark.parametrize("syntax", SYNTAXES)
@given(data=st.data())
def test_drawn_requests_pass(syntax: Syntax, data: st.DataObject) -> None:
    """Requests without findings pass, however they are written."""
    body = data.draw(drawn.requests())
    if syntax == "xml":
        text = write_xml(body, "request").encode()
        assert assert_sound(text, syntax) == judge(text, syntax)[0]
    else:
        for compact in (True, False):
            text = json.dumps(body, separators=(",", ":") if compact else None, ensure_ascii=compact).encode()
            assert assert_sound(text, "json") == judge(text, "json")[0]


@pytest.mark.parametrize("message", MESSAGES)
def test_whatever_is_wrong_with_json_does_not_pass(message: Message) -> None:
    """No JSON body passes that the full check has something to say about."""

    @MANY
    @given(mutated(message))
    def check(value: Any) -> None:
        text = json_text(value)
        assert_sound(text.encode(errors="surrogatepass"), "json")
        compact = json.dumps(json.loads(text), separators=(",", ":"), ensure_ascii=False)
        assert_sound(compact.encode(errors="surrogatepass"), "json")

    check()


@pytest.mark.parametrize("message", MESSAGES)
def test_whatever_is_wrong_with_xml_does_not_pass(message: Message) -> None:
    """No XML body passes that the full check has something to say about."""

    @MANY
    @given(odd_xml(message))
    def check(text: str) -> None:
        assert_sound(text.encode(errors="surrogatepass"), "xml")

    check()


@pytest.mark.parametrize("syntax", SYNTAXES)
@given(st.binary(max_size=40), st.integers(0, 2000), st.integers(0, 30))
def test_damaged_documents_do_not_pass(syntax: Syntax, noise: bytes, place: int, gone: int) -> None:
    """No damage to an example makes it pass with a finding, whatever bytes it leaves."""
    example = CONTRACT.examples[f"request.{syntax}"].replace(b'"amount": "75"', b'"amount": "75", "name": "x"')
    assert_sound(example[:place] + noise + example[place + gone :], syntax)


CLEAN = (
    b'{"token":"abcdefghijklmnqrstuvwxyz","external_id":"1","email":"ann@example.com","data":{"endpoint":"bot","status":'
    b'"new","currency":"RUB","total_price":"10.00","final_total_price":"10.00","lines":[{"external_id":"1","sku":"a",'
    b'"count":1,"base_price_per_item":"10.00","final_price_per_item":"10.00"%b}]%b}}'
)


@pytest.mark.parametrize(
    ("line", "data"),
    [
        (b"", b',"custom_fields":{"a":1e400}'),
        (b',"custom_fields":{"a":-1e999}', b""),
        (b"", b',"custom_fields":' + b'{"a":' * 130 + b"1" + b"}" * 130),
        (b',"custom_fields":' + b'{"a":' * 300 + b"1" + b"}" * 300, b""),
        (b',"count":1', b""),
        (b"", b',"currency":"RUB"'),
        (b"", b',"custom_fields":{"a":1,"a":1}'),
        (b"", b',"custom_fields":{"a":1,"\\u0061":1}'),
        (b"", b',"custom_fields":{"a":"\\ud800"}'),
        (b"", b',"custom_fields":{"a":NaN}'),
        (b"", b',"custom_fields":{"a":01}'),
        (b"", b',"custom_fields":{"a":"\x01"}'),
        (b"", b',"custom_fields":{"a":"\xff"}'),
        (b"", b',"create_time":"2026-02-18T13:01:05Z\\n"'),
        (b"", b',"delivery_cost":"1.00\\n"'),
    ],
)
def test_what_only_the_full_check_sees_does_not_pass(line: bytes, data: bytes) -> None:
    """Repeated members, numbers beyond doubles, depth and bytes that are no text hide from a schema but do not pass."""
    body = CLEAN % (line, data)
    assert not judge(body, "json")[0]
    assert READERS["json"](body) is None
    assert READERS["json"](body.replace(b":", b": ")) is None


WHOLE: dict[str, Any] = {
    "token": "abcdefghijklmnqrstuvwxyz",
    "external_id": "1",
    "email": "ann@example.com",
    "skip_triggers": False,
    "data": {
        "endpoint": "bot",
        "status": "new",
        "currency": "RUB",
        "total_price": "20.00",
        "final_total_price": "20.00",
        "delivery_cost": "0.00",
        "create_time": "2026-02-18T13:01:05Z",
        "region": "north",
        "tags": ["new"],
        "custom_fields": {"channel": "web"},
        "promocodes": [{"code": "SPRING", "pool_id": 1}],
        "requested_promotions": [{"type": "discount", "promotion": {"external_id": "summer"}, "amount": "1.00"}],
        "lines": [
            {
                "external_id": "1",
                "sku": "a",
                "product": "mug",
                "count": 1,
                "base_price_per_item": "10.00",
                "min_price_per_item": "1.00",
                "final_price_per_item": "10.00",
                "custom_fields": {"gift": 1},
                "requested_promotions": [
                    {
                        "type": "accrue_points",
                        "promotion": {"external_id": "cashback", "name": "Cashback"},
                        "amount": "1",
                        "points_info": {
                            "points_currency_iid": 1,
                            "points_currency_eid": "beans",
                            "name": "Beans",
                            "amount": "5",
                            "expiration_date": "2026-02-18T13:01:05Z",
                        },
                    }
                ],
            },
            {
                "external_id": "2",
                "sku": "b",
                "count": 1,
                "base_price_per_item": "10.00",
                "final_price_per_item": "10.00",
            },
        ],
    },
}
ODD = (
    *("1e400", "-1e400", "1e2", "1e0", "1.0", "-0", "-0.0", "0", "2", "true", "null", "1.00000000000000000001"),
    *(str(2**63), str(10**19), str(10**400), "1" * 4301, f'"1{"0" * 5000}"'),
    *('"10.0"', '"10"', '"10."', '"010.00"', '"10.000"', '"10.001"', '".50"', '"1_0.00"', '"+10.00"', '"-10.00"'),
    *(
        '" 10.00"',
        '"10.00 "',
        '"10.00\\n"',
        '"\u0661\u0660.00"',
        '"20.01"',
        '"0.01"',
        '"1e1"',
        '"rub"',
        '"JPY"',
        '"KWD"',
    ),
    *('"2026-02-18T13:01:05+03:00"', '"2026-02-18T13:01:05"', '"2026-02-18"', '"2026-02-18T13:01Z"'),
    *('"a@b.c"', '"a@b.c\\n"', '"a@b"', '"a b@b.c"', '"1"', '"2"', '""', '"redeem_points"', '"discount"'),
    *("[]", "{}", "[{}]", '["a","a"]', "[1e400]", '{"a":1e400}', '{"a":{"b":[1e400]}}', '{"a":[null]}'),
    *('"\\ud800"', '"\\u0000"', '"\ufeff"', '"\uffff"'),
)


@pytest.mark.parametrize("path", list(iter_paths(WHOLE)), ids=join)
def test_no_odd_value_passes_where_it_is_a_finding(path: tuple[str | int, ...]) -> None:
    """Whatever stands in place of a value, it passes in no way of writing if the full check finds something."""
    body = deepcopy(WHOLE)
    holder: Any = body
    for token in path[:-1]:
        holder = holder[token]
    holder[path[-1]] = "PLACE"
    for separators in ((",", ":"), (", ", ": ")):
        text = json.dumps(body, separators=separators)
        for odd in ODD:
            assert_sound(text.replace('"PLACE"', odd).encode(), "json")


@pytest.mark.parametrize("free", ['{"a":null}', '{"a":[1,2.5,{"b":"c"}]}', '{"a":{"b":{"c":[]}}}', "{}"])
def test_free_objects_may_hold_anything(free: str) -> None:
    """What stands in free objects passes as long as it keeps the limits."""
    body = CLEAN % (b',"custom_fields":' + free.encode(), b',"custom_fields":' + free.encode())
    assert assert_sound(body, "json")


@pytest.mark.parametrize("depth", range(1, 12))
def test_free_objects_keep_to_the_depth(depth: int) -> None:
    """Free objects pass just as deep as the limit allows, in the order and in a line."""
    free = b',"custom_fields":' + b'{"a":' * depth + b"1" + b"}" * depth
    limits = Limits(max_depth=10)
    reader = make_clean_reader("json", limits=limits)
    for body in (CLEAN % (b"", free), CLEAN % (free, b"")):
        if reader(body) is not None:
            assert judge(body, "json", limits)[0]
    assert (reader(CLEAN % (free, b"")) is not None) == judge(CLEAN % (free, b""), "json", limits)[0]


def test_the_same_without_them_passes() -> None:
    """What the bodies above are made of has no finding, so that they fail for what was added."""
    assert READERS["json"](CLEAN % (b"", b"")) == json.loads(CLEAN % (b"", b""))
    assert READERS["json"](b"\xef\xbb\xbf" + CLEAN % (b"", b"")) is None
    assert READERS["json"](CLEAN % (b"", b"") + b" x") is None


def test_limits_are_kept() -> None:
    """A document that exceeds a limit does not pass."""
    body = CLEAN % (b"", b',"custom_fields":{"a":{"b":1}}')
    for limits in (Limits(max_bytes=100), Limits(max_depth=3), Limits(max_values=10)):
        assert make_clean_reader("json", limits=limits)(CLEAN % (b"", b"")) is None
        assert not judge(body, "json", limits)[0]
    xml = f"<?xml version='1.0'?>{write_xml(json.loads(CLEAN % (b'', b'')), 'request')}".encode()
    assert READERS["xml"](xml) is not None
    for limits in (Limits(max_bytes=100), Limits(max_depth=3), Limits(max_values=10)):
        assert make_clean_reader("xml", limits=limits)(xml) is None


def test_after_many_texts_in_another_way_of_writing_they_still_pass() -> None:
    """How texts are written changes how they are read, but not what is said of them."""
    reader = make_clean_reader("json")
    spaced = json.dumps(json.loads(CLEAN % (b"", b""))).encode()
    assert all(reader(spaced) is not None for _ in range(300))
    assert reader(CLEAN % (b"", b"")) is not None
    assert reader(CLEAN % (b',"count":1', b"")) is None


@pytest.mark.parametrize("message", MESSAGES)
def test_the_message_may_be_given(message: Message) -> None:
    """A reader of one message does not let the other one pass."""
    request = CLEAN % (b"", b"")
    response = b'{"error":0}'
    reader = make_clean_reader("json", message)
    assert (reader(request) is not None) == (message == "request")
    assert (reader(response) is not None) <= (message == "response")
