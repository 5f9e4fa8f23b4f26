"""A document while it is edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.lint.fixes.draft import Draft, Edit

if TYPE_CHECKING:
    from hypothesis.strategies import DataObject


def edits_of(data: DataObject, size: int) -> list[Edit]:
    """Edits of a document of *size* bytes that do not overlap."""
    places = sorted(data.draw(st.sets(st.integers(0, size), max_size=8)))
    spans = zip(places[::2], places[1::2], strict=False)
    return [Edit(start, end, data.draw(st.binary(max_size=4))) for start, end in spans]


def edited(data: bytes, edits: tuple[Edit, ...] | list[Edit]) -> bytes:
    """*data* with *edits*."""
    for edit in sorted(edits, reverse=True):
        data = data[: edit.start] + edit.new + data[edit.end :]
    return data


@given(original=st.binary(min_size=1, max_size=30), rounds=st.integers(1, 4), data=st.data())
def test_edits_of_edits_are_edits_of_the_original(original: bytes, rounds: int, data: DataObject) -> None:
    """However often a draft is edited, its data is what the edits say, and its edits lead there from the original."""
    draft, expected = Draft(original), original
    for _ in range(rounds):
        edits = edits_of(data, len(draft.data))
        draft, expected = draft.edited(edits), edited(expected, edits)
        assert draft.data == expected
    assert edited(original, draft.edits) == expected
    assert all(first.end < second.start for first, second in zip(draft.edits, draft.edits[1:], strict=False))


@given(original=st.binary(min_size=1, max_size=30), data=st.data())
def test_the_origin_of_a_byte_is_where_it_stood(original: bytes, data: DataObject) -> None:
    """A byte that was kept has its old place, and a new one that of the edit."""
    edits = edits_of(data, len(original))
    draft = Draft(original).edited(edits)
    offset = data.draw(st.integers(0, max(0, len(draft.data) - 1)))
    origin = draft.origin(offset) if draft.data else 0
    starts = {edit.start for edit in edits if edit.new}
    assert not draft.data or origin in starts or original[origin] == draft.data[offset]
