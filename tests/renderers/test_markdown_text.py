"""Texts in Markdown are text."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.renderers.markdown_text import code, fenced, inline
from tests.renderers.markdown_reading import to_html

HARD = "`*_~[]()<>!#|\\&;:@.-+=$\n 1ahttps://www.x.test"


@given(text=st.text(HARD))
def test_inline_text_is_text(text: str) -> None:
    """A text on one line is what it was, and no markup but code."""
    tags = to_html(inline(text))
    assert tags.found <= {"p", "code"}
    plain = re.sub(r"`([^`]+)`", r"\1", " ".join(text.split()))
    assert tags.text.strip() == plain.strip()


@given(text=st.text(HARD))
def test_inline_text_names_nobody_and_links_nowhere(text: str) -> None:
    """GitHub finds neither a mention nor an address."""
    assert not re.search(r"@|https?:/|www\.", inline(text), re.IGNORECASE)


@given(lines=st.lists(st.text("`~a ", max_size=12), min_size=1))
def test_fence_holds_what_it_fences(lines: list[str]) -> None:
    """No line ends its fence."""
    tags = to_html(fenced(lines) + "after")
    assert tags.found == {"pre", "code", "p"}
    assert tags.text == "\n".join(lines) + "\n" + "\nafter\n"


@given(text=st.text(HARD))
def test_code_is_code(text: str) -> None:
    """Code is one line of what it was; of nothing it is nothing."""
    tags = to_html(code(text))
    assert tags.found == ({"p", "code"} if text.strip() else set())
    assert tags.text.strip() == " ".join(text.split())


@given(words=st.lists(st.sampled_from(["@bob", "a@b", "#1", "!2", "~x", "http://x.test", "www.x.test", "`", "plain"])))
def test_whoever_is_named_is_named_in_code(words: list[str]) -> None:
    """What GitHub and GitLab look for in a text that is rendered already stands in code, where they do not look."""
    outside = re.sub("<code>.*?</code>", "", inline(" ".join(words)))
    assert not re.search(r"(bob|a&#64;b|1|2|~|x\.test)", outside)
