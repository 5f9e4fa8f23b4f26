"""Bodies in lines that can be read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.fuzz.reports.layout import laid_out, syntax_of
from altcraft_contract.strategies.wire import plain_body
from tests.fuzz.fakes import make_order

values = st.recursive(
    st.none() | st.integers() | st.text('ab {}[],"\\é', max_size=30),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text("ab<>", max_size=9), inner, max_size=6),
)


def squeezed(text: str) -> str:
    """The text without what layout puts in."""
    return text.replace("\n", "").replace(" ", "")


@given(value=values)
def test_layout_of_json_is_the_same_document(value: Any) -> None:
    """A document that was laid out says the same, and only white space has been added."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    assert json.loads(laid_out(text, "json")) == value
    assert squeezed(laid_out(text, "json")) == squeezed(text)


@given(text=st.text('{}[]",: \\<>/abé!?-'), syntax=st.sampled_from(["json", "xml"]))
def test_layout_of_anything_keeps_every_character(text: str, syntax: Any) -> None:
    """Of a body that is no document nothing but white space is added, either."""
    assert squeezed(laid_out(text, syntax)) == squeezed(text)


@pytest.mark.parametrize("syntax", ["json", "xml"])
def test_layout_of_an_order_can_be_read(syntax: Any) -> None:
    """An order is laid out with a line for each field."""
    lines = laid_out(plain_body(make_order(), syntax).decode(), syntax).splitlines()
    assert sum("total_price" in line for line in lines) == 2
    assert max(map(len, lines)) <= 120


def test_lines_of_a_body_are_its_own() -> None:
    """A body of several lines is left as it is."""
    assert laid_out('{"a":\n[1,{"b":2}]}', "json") == '{"a":\n[1,{"b":2}]}'


def test_deep_and_long_bodies_are_taken() -> None:
    """Neither depth nor length breaks anything."""
    assert squeezed(laid_out("[" * 40_000, "json")) == "[" * 40_000
    assert laid_out("[1," * 40_000, "json") == "[1," * 40_000


@pytest.mark.parametrize(
    ("text", "syntax"), [(" {", "json"), ("[", "json"), ("<a/>", "xml"), ("<!DOCTYPE html>", None), ("oops", None)]
)
def test_syntax_is_told_by_the_first_character(text: str, syntax: str | None) -> None:
    """JSON and XML are told apart; a page is neither."""
    assert syntax_of(text) == syntax
