"""Bytes to text."""

from __future__ import annotations

import pytest

from altcraft_contract.documents.problem import Malformed
from altcraft_contract.documents.utf8 import decode_utf8


@pytest.mark.parametrize(
    ("data", "offset", "words"),
    [
        (b"ab\xff", 2, "byte 0xFF at byte 3"),
        ("жж".encode() + b"\xd0", 2, "byte 0xD0 at byte 5"),
        (b"\xed\xa0\x80", 0, "byte 0xED at byte 1"),
        ("ab".encode("utf-16"), 0, "UTF-16"),
        (b"\xfe\xff\0a", 0, "UTF-16"),
    ],
)
def test_other_encodings_are_refused(data: bytes, offset: int, words: str) -> None:
    """The place is told in characters, the byte by its number, and a likely reason."""
    with pytest.raises(Malformed, match=words) as refused:
        decode_utf8(data)

    assert refused.value.offset == offset


def test_all_of_unicode_is_decoded() -> None:
    """Every character that is no surrogate comes through, a byte order mark and noncharacters too."""
    text = "\ufeff\0\x7fж\uffff\U0010ffff"

    assert decode_utf8(text.encode()) == text
