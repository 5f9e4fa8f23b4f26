"""RFC 6901 JSON Pointers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.documents.pointer import forget_starts, join, split, wanted_tree


@pytest.mark.parametrize(
    ("tokens", "pointer"),
    [([], ""), ([""], "/"), (["a", 0], "/a/0"), (["a/b"], "/a~1b"), (["~1"], "/~01"), (["~", "/"], "/~0/~1")],
)
def test_tokens_make_a_pointer(tokens: list[str | int], pointer: str) -> None:
    """Tilde and solidus within a token are escaped (RFC 6901, section 3)."""
    assert join(tokens) == pointer


@given(st.lists(st.text(alphabet="a~/01", max_size=4)))
def test_there_and_back(tokens: list[str]) -> None:
    """A pointer splits into the tokens that it was made of."""
    assert split(join(tokens)) == tokens


def test_a_tree_holds_each_pointer_where_it_ends() -> None:
    """Pointers that begin alike share their beginning."""
    assert wanted_tree(["", "/a", "/a/b"]) == {None: "", "a": {None: "/a", "b": {None: "/a/b"}}}


def test_starts_below_a_repeated_member_are_forgotten() -> None:
    """What stands elsewhere stays."""
    starts = {"/a": 1, "/a/b": 2, "/c": 3}

    forget_starts(starts, wanted_tree(["/a", "/a/b"])["a"])

    assert starts == {"/c": 3}
