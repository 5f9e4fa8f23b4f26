"""The fast JSON reader."""

from __future__ import annotations

import pytest

from altcraft_contract.documents.json_value import read_json_value
from altcraft_contract.documents.limits import Limits

LEFT_OPEN = {
    "malformed": b'{"a":}',
    "byte order mark": b"\xef\xbb\xbf{}",
    "not UTF-8": b'{"a":"\xff"}',
    "root is a list": b"[]",
    "repeated member": b'{"a":1,"a":2}',
    "repeated member, spelt with an escape": b'{"a":1,"\\u0061":2}',
    "repeated member within": b'{"a":[{"":1,"":2}]}',
    "lone surrogate": b'{"a":"\\ud800"}',
    "NaN": b'{"a":NaN}',
    "overflow": b'{"a":[0,{"b":1e400}]}',
    "overflow, negative": b'{"a":-1e400}',
    "129 levels": b'{"a":' + b"[" * 128 + b"]" * 128 + b"}",
    "4301 digits": b'{"a":' + b"9" * 4301 + b"}",
}


@pytest.mark.parametrize("body", LEFT_OPEN.values(), ids=LEFT_OPEN.keys())
def test_what_is_odd_is_left_to_the_exact_reader(body: bytes) -> None:
    """The fast reader takes no decision on what is malformed, repeated or beyond a limit."""
    assert read_json_value(body) is None


def test_128_levels_are_read() -> None:
    """The deepest document that is allowed is read."""
    assert read_json_value(b'{"a":' + b"[" * 127 + b"]" * 127 + b"}") is not None


def test_a_document_that_may_hold_too_many_values_is_left_to_the_exact_reader() -> None:
    """Commas and brackets are counted before anything is built, even those within strings."""
    limits = Limits(max_values=10)

    assert read_json_value(b'{"a":[0,0,0,0,0,0,0,0,0]}', limits=limits) is None
    assert read_json_value(b'{"a":",,,,,,,,,,,"}', limits=limits) is None
    assert read_json_value(b'{"a":[0,0,0,0,0,0,0]}', limits=limits) == {"a": [0] * 7}


def test_the_limit_on_levels_is_kept() -> None:
    """A caller's limit on levels counts for the fast reader, too."""
    limits = Limits(max_depth=2)

    assert read_json_value(b'{"a":[]}', limits=limits) == {"a": []}
    assert read_json_value(b'{"a":[{}]}', limits=limits) is None
