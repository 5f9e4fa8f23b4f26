"""Offsets to lines and columns."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from altcraft_contract.documents import position
from altcraft_contract.documents.position import LineIndex, Position

texts = st.text(alphabet="a\r\n😀\u2028", max_size=30)


@pytest.mark.parametrize(
    ("text", "offset", "place"),
    [
        ("", 0, (1, 1)),
        ("ab", 2, (1, 3)),
        ("a\nb", 1, (1, 2)),
        ("a\nb", 2, (2, 1)),
        ("a\rb", 2, (2, 1)),
        ("a\r\nb", 2, (1, 3)),
        ("a\r\nb", 3, (2, 1)),
        ("\n\r\r\n\n", 5, (5, 1)),
        ("😀ж\u2028b", 3, (1, 4)),
        ("\ufeffab", 0, (1, 1)),
        ("\ufeffab", 1, (1, 1)),
        ("\ufeffab\n\ufeffc", 6, (2, 3)),
    ],
)
def test_an_offset_has_a_line_and_a_column(text: str, offset: int, place: tuple[int, int]) -> None:
    """Lines end with LF, CRLF or CR; columns count characters; a byte order mark takes no column."""
    assert LineIndex(text).position(offset) == Position(*place)


@given(texts)
@example("\r\n" * 10)
@example("\r" * 7)
def test_lines_are_those_that_a_list_of_them_has(text: str) -> None:
    """Blocks, of whatever size, give what splitting the whole text gives."""
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]
    lines = [re.split(r"[\r\n]", text[start:], maxsplit=1)[0] for start in starts]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(position, "_BLOCK", 4)
        index = LineIndex(text)

        for offset in range(len(text) + 1):
            line = sum(start <= offset for start in starts)
            assert index.position(offset) == (line, offset - starts[line - 1] + 1)
        for number, start in enumerate(starts, start=1):
            assert index.offset_of_line(number) == start
            assert index.line(number) == lines[number - 1]
        assert index.offset_of_line(len(starts) + 1) == starts[-1]
        assert index.line(len(starts) + 1) == index.line(0) == ""


def test_the_first_line_is_told_without_its_byte_order_mark() -> None:
    """What nobody sees is not shown."""
    assert LineIndex("\ufeffa\nb").line(1) == "a"
