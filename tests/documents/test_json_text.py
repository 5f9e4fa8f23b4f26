"""The exact JSON reader."""

from __future__ import annotations

from typing import Any

import pytest

from altcraft_contract.documents.json_text import read_json
from altcraft_contract.documents.limits import Limits
from altcraft_contract.documents.problem import MAX_PROBLEMS, LongInteger

MALFORMED = {
    "empty": (b"", 0),
    "blank": (b" \n\t", 3),
    "byte order mark": (b"\xef\xbb\xbf{}", 0),
    "UTF-16": ("{}".encode("utf-16"), 0),
    "UTF-16 without a mark": ("{}".encode("utf-16-le"), 1),
    "Latin-1": (b'{"a":"\xe9"}', 6),
    "overlong": (b'{"a":"\xc0\xaf"}', 6),
    "raw surrogate": (b'{"a":"\xed\xa0\x80"}', 6),
    "beyond Unicode": (b'{"a":"\xf4\x90\x80\x80"}', 6),
    "offset counts characters": ('{"Жя":"'.encode() + b"\xff", 7),
    "root is a list": (b" []", 1),
    "root is null": (b"null", 0),
    "root is a string": (b'"a"', 0),
    "two roots": (b"{} {}", 3),
    "trailing text": (b"{}x", 2),
    "trailing NUL": (b"{}\0", 2),
    "no-break space": ("{\u00a0}".encode(), 1),
    "vertical tab": (b"{\x0b}", 1),
    "comment": (b"{/**/}", 1),
    "key without quotes": (b"{a:1}", 1),
    "key in single quotes": (b"{'a':1}", 1),
    "number as key": (b"{1:1}", 1),
    "no colon": (b'{"a" 1}', 5),
    "no comma": (b'{"a":1 "b":2}', 7),
    "trailing comma": (b'{"a":1,}', 7),
    "trailing comma in list": (b'{"a":[1,]}', 8),
    "leading comma": (b"{,}", 1),
    "wrong bracket": (b'{"a":[1}', 7),
    "unclosed": (b'{"a":1', 6),
    "string without end": (b'{"a":"b', 5),
    "key without end": (b'{"a', 1),
    "line end in string": (b'{"a":"\n"}', 6),
    "NUL in string": (b'{"a":"\0"}', 6),
    "control character in key": (b'{"\x1f":1}', 2),
    "unknown escape": (b'{"a":"\\x"}', 6),
    "escape in capitals": (b'{"a":"\\N"}', 6),
    "unknown escape after good ones": (b'{"a":"\\n\\u0041\\"\\v"}', 16),
    "escape at the end": (b'{"a":"\\', 6),
    "short escape": (b'{"a":"\\u12"}', 6),
    "escape with sign": (b'{"a":"\\u+123"}', 6),
    "escape in other digits": (b'{"a":"\\u' + "\u0660".encode() * 4 + b'"}', 6),
    "lone high surrogate": (b'{"a":"\\ud800"}', 6),
    "lone low surrogate": (b'{"a":"\\udc00"}', 6),
    "high surrogate twice": (b'{"a":"\\ud800\\ud800"}', 6),
    "surrogates in the wrong order": (b'{"a":"\\udc00\\ud800"}', 6),
    "high surrogate before a letter": (b'{"a":"\\uD83Dx"}', 6),
    "lone surrogate in key": (b'{"\\ud800":1}', 2),
    "NaN": (b'{"a":NaN}', 5),
    "Infinity": (b'{"a":-Infinity}', 5),
    "true in capitals": (b'{"a":True}', 5),
    "half a word": (b'{"a":nul}', 5),
    "word and more": (b'{"a":nullx}', 9),
    "plus": (b'{"a":+1}', 5),
    "leading zero": (b'{"a":01}', 6),
    "point first": (b'{"a":.5}', 5),
    "point last": (b'{"a":5.}', 6),
    "no exponent": (b'{"a":1e}', 6),
    "only a sign": (b'{"a":-}', 5),
    "hexadecimal": (b'{"a":0x1}', 6),
    "other digits": ('{"a":\u0661}'.encode(), 5),
    "overflow": (b'{"a":1e400}', 5),
    "overflow, negative": (b'{"a":[-1.8e308]}', 6),
    "overflow without exponent": (b'{"a":' + b"9" * 400 + b".0}", 5),
    "129 levels": (b'{"a":' + b"[" * 128 + b"]" * 128 + b"}", 132),
    "open brackets": (b"[" * 100_000, 128),
}


@pytest.mark.parametrize(("body", "offset"), MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_bodies_are_told_where_the_reader_stops(body: bytes, offset: int) -> None:
    """What RFC 8259 and our limits do not allow is the one problem of the reading, at the place where reading stops."""
    reading = read_json(body)

    assert reading.value is None
    assert [(problem.kind, problem.pointer, problem.offset) for problem in reading.problems] == [
        ("malformed", "", offset)
    ]


VALUES: dict[str, tuple[bytes, Any]] = {
    "empty": (b"{}", {}),
    "white space": (b'\t{ "a"\r\n: [ 1 , 2 ] } \n', {"a": [1, 2]}),
    "empty key": (b'{"":0}', {"": 0}),
    "NUL in key": (b'{"\\u0000":0}', {"\0": 0}),
    "delete character": (b'{"a":"\x7f"}', {"a": "\x7f"}),
    "escapes": (b'{"a":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9"}', {"a": '"\\/\b\f\n\r\té'}),
    "surrogate pair": (b'{"a":"\\uD83D\\ude00"}', {"a": "😀"}),
    "escaped solidus before u": (b'{"a":"\\\\ud800"}', {"a": "\\ud800"}),
    "noncharacters": ('{"a":"\uffff\U0010ffff"}'.encode(), {"a": "\uffff\U0010ffff"}),
    "line separator": ('{"a":"\u2028"}'.encode(), {"a": "\u2028"}),
    "integers": (b'{"a":[0,-0,9007199254740993,-1]}', {"a": [0, 0, 9007199254740993, -1]}),
    "doubles": (b'{"a":[1.0,1e2,1E-400,-0.5]}', {"a": [1.0, 100.0, 0.0, -0.5]}),
    "largest double": (b'{"a":1.7976931348623157e308}', {"a": 1.7976931348623157e308}),
    "4300 digits": (b'{"a":-' + b"9" * 4300 + b"}", {"a": -(10**4300 - 1)}),
    "128 levels": (b'{"a":' * 127 + b"{}" + b"}" * 127, None),
}


@pytest.mark.parametrize(("body", "value"), VALUES.values(), ids=VALUES.keys())
def test_well_formed_bodies_are_read_exactly(body: bytes, value: Any) -> None:
    """What RFC 8259 allows is read without a problem."""
    reading = read_json(body)

    assert reading.problems == []
    assert reading.value == value if value is not None else reading.value is not None


def test_integers_beyond_the_limit_on_digits_stay_exact() -> None:
    """An integer of more than 4,300 digits is kept as text, and the reading says so."""
    digits = "1" * 4301

    reading = read_json(f'{{"a":-{digits}}}'.encode())

    assert reading.long_integers
    assert type(reading.value["a"]) is LongInteger
    assert reading.value["a"].text == f"-{digits}"
    assert reading.value["a"] < -(2**63)


REPEATS: dict[str, tuple[bytes, Any, list[tuple[str, int]]]] = {
    "once": (b'{"a":1,"a":2}', {"a": 2}, [("/a", 11)]),
    "twice is one problem": (b'{"a":1,"a":2,"a":3}', {"a": 3}, [("/a", 17)]),
    "spelt with an escape": (b'{"a":1,"\\u0061":2}', {"a": 2}, [("/a", 16)]),
    "in a list": (b'{"a":[{},{"b":1,"b":2}]}', {"a": [{}, {"b": 2}]}, [("/a/1/b", 20)]),
    "names are escaped": (b'{"~/":{"a":1,"a":2}}', {"~/": {"a": 2}}, [("/~0~1/a", 17)]),
    "within a discarded one": (b'{"a":{"b":1,"b":2},"a":3}', {"a": 3}, [("/a", 23)]),
    "same name within and without": (b'{"a":{"a":1,"a":2},"a":3}', {"a": 3}, [("/a", 23)]),
    "within the last one": (b'{"a":3,"a":{"b":1,"b":2}}', {"a": {"b": 2}}, [("/a", 11), ("/a/b", 22)]),
    "in the order of the document": (b'{"b":1,"a":1,"a":2,"b":2}', {"a": 2, "b": 2}, [("/a", 17), ("/b", 23)]),
    "not another case": (b'{"a":1,"A":2}', {"a": 1, "A": 2}, []),
}


@pytest.mark.parametrize(("body", "value", "problems"), REPEATS.values(), ids=REPEATS.keys())
def test_repeated_members_are_found_and_the_last_counts(
    body: bytes, value: Any, problems: list[tuple[str, int]]
) -> None:
    """A repeated member is one problem at its last occurrence, and nothing within the others is told."""
    reading = read_json(body)

    assert reading.value == value
    assert [(problem.kind, problem.pointer, problem.offset) for problem in reading.problems] == [
        ("duplicate", pointer, offset) for pointer, offset in problems
    ]


def test_a_member_repeated_beyond_the_limit_on_problems_is_found() -> None:
    """However often one member is repeated, it stays one problem."""
    reading = read_json(b'{"a":0' + b',"a":1' * (MAX_PROBLEMS + 5) + b"}")

    assert [problem.pointer for problem in reading.problems] == ["/a"]


def test_problems_are_kept_up_to_the_limit() -> None:
    """Of more problems than the limit the rest is left out."""
    members = ",".join(f'"{name}":0,"{name}":1' for name in range(MAX_PROBLEMS + 5))

    reading = read_json(f"{{{members}}}".encode())

    assert len(reading.problems) == MAX_PROBLEMS


def test_pointers_to_repeated_members_never_fill_the_memory() -> None:
    """Repeated members below a name of megabytes are refused before their pointers add up."""
    members = ",".join(f'"{name}":0,"{name}":1' for name in range(100))

    reading = read_json(f'{{"{"k" * 1_000_000}":{{{members}}}}}'.encode())

    assert [problem.kind for problem in reading.problems] == ["malformed"]


def test_values_are_counted() -> None:
    """A document of more values than the limit is malformed, where the first value too many begins."""
    body = b'{"a":[1,2,3]}'

    assert read_json(body, limits=Limits(max_values=5)).problems == []
    assert read_json(body, limits=Limits(max_values=4)).problems[0].offset == 10


@pytest.mark.parametrize(
    ("pointer", "offset"),
    [("", 1), ("/a", 6), ("/a/0", 8), ("/a/1", 11), ("/a/1/x", 17), ("/b", None), ("/a/2", None), ("/a/00", None)],
)
def test_wanted_pointers_are_located(pointer: str, offset: int | None) -> None:
    """A value begins where its first character stands."""
    reading = read_json(b' {"a":[ 0, {"x": 1}]}', wanted=[pointer])

    assert reading.starts == ({pointer: offset} if offset is not None else {})


def test_what_stood_in_a_discarded_member_is_not_located() -> None:
    """Only the last of repeated members has places."""
    body = b'{"a":{"b":1,"c":1},"a":{"b":2}}'

    assert read_json(body, wanted=["/a", "/a/b", "/a/c"]).starts == {"/a": 23, "/a/b": 28}
