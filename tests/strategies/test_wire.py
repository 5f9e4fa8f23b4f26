"""Spellings of one message, of which some values stand as they are."""

from __future__ import annotations

import json

import pytest

from altcraft_contract import strategies as st
from altcraft_contract.conversion import from_xml, to_xml
from altcraft_contract.strategies.building import OrderBuilder
from altcraft_contract.strategies.parameters import parameters_of
from altcraft_contract.strategies.source import SeededSource
from altcraft_contract.strategies.wire import JsonSpelling, XmlSpelling, plain_body, spell_json, spell_xml
from altcraft_contract.validation import check_request

PLAIN = frozenset({"token", "external_id"})
ORDER = st.EDGE_CASES["text-ampersand"](SeededSource(0)) | {"token": "fish & <chips> é"}


@pytest.mark.parametrize("seed", range(40))
def test_plain_members_stand_as_they_are(seed: int) -> None:
    """However a message is spelt, values of plain members are written as in the plainest body."""
    token = '"fish & <chips> é"'.encode()

    assert token in spell_json(SeededSource(seed), ORDER, plain=PLAIN)
    assert b">fish &amp; &lt;chips&gt; \xc3\xa9<" in spell_xml(SeededSource(seed), ORDER, plain=PLAIN)


@pytest.mark.parametrize("seed", range(40))
def test_plain_members_change_nothing_but_their_spelling(seed: int) -> None:
    """A message with plain members means what it means without them."""
    order = OrderBuilder(SeededSource(seed), parameters_of()).request(1)

    assert json.loads(spell_json(SeededSource(seed), order, plain=PLAIN)) == order
    assert from_xml(spell_xml(SeededSource(seed), order, plain=PLAIN)) == from_xml(to_xml(order))


@pytest.mark.parametrize("texts", ["plain", "cdata", "references", "decimal-references", "commented", "split"])
@pytest.mark.parametrize("name", ["text-cdata-end", "script-beyond-the-basic-plane", "text-carriage-return"])
def test_texts_mean_the_same_in_every_form(texts: str, name: str) -> None:
    """A text reads the same whether it is escaped, in a CDATA section, in references or broken by comments."""
    order = st.EDGE_CASES[name](SeededSource(0))
    body = XmlSpelling(texts=texts).document(order)  # type: ignore[arg-type]  # one of its literals

    assert check_request(body).ok
    assert from_xml(body) == from_xml(plain_body(order, "xml"))


@pytest.mark.parametrize("escapes", ["few", "slashes", "ascii", "all"])
def test_escapes_mean_the_same(escapes: str) -> None:
    """A JSON text reads the same however it is escaped, and slashes may be."""
    order = st.EDGE_CASES["text-markup"](SeededSource(0))
    body = JsonSpelling(escapes=escapes).document(order)  # type: ignore[arg-type]  # one of its literals

    assert json.loads(body) == order
    assert (b"\\/" in body) == (escapes == "slashes")
