"""Names that can be slips of one documented name only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.shape import Shape
from altcraft_contract.lint.fixes.misspelling import find_meant, iter_names

REQUEST = load_contract().request_shape
DATA = REQUEST.fields["data"]
LINE = DATA.fields["lines"].item or Shape("object")
POINTS = (DATA.fields["requested_promotions"].item or Shape("object")).fields["points_info"]


@pytest.mark.parametrize(
    ("holder", "name", "meant"),
    [
        (REQUEST, "toke", "token"),
        (REQUEST, "externalId", "external_id"),
        (REQUEST, "e-mail", "email"),
        (DATA, "curency", "currency"),
        (DATA, "Currency", "currency"),
        (DATA, "promo_codes", "promocodes"),
        (DATA, "create_tmie", "create_time"),
        (LINE, "SKU", "sku"),
        (LINE, "cuont", "count"),
        (POINTS, "amout", "amount"),
    ],
)
def test_slips(holder: Shape, name: str, meant: str) -> None:
    """A name with other marks or capitals, or with a letter or two wrong, can only be the documented one."""
    assert find_meant(name, holder.fields) == meant


@pytest.mark.parametrize(
    ("holder", "name"),
    [
        (REQUEST, "token"),
        (REQUEST, "token1"),
        (REQUEST, "tel"),
        (REQUEST, "x:token"),
        (REQUEST, ""),
        (REQUEST, "token" * 1_000),
        (DATA, "total"),
        (DATA, "final_price"),
        (DATA, "state"),
        (DATA, "create_date"),
        (LINE, "price"),
        (LINE, "sk"),
        (LINE, "product_id"),
        (POINTS, "points_currency_id"),
        (POINTS, "points_currency_ied"),
    ],
)
def test_names_of_their_own(holder: Shape, name: str) -> None:
    """A name that may be another word, or a slip of two, is nobody's slip."""
    assert find_meant(name, holder.fields) is None


@given(name=st.text(), holder=st.sampled_from([REQUEST, DATA, LINE, POINTS]))
def test_any_name_may_be_asked_for(name: str, holder: Shape) -> None:
    """Whatever the name, what it is a slip of is documented, and is another."""
    meant = find_meant(name, holder.fields)
    assert meant is None or (meant in holder.fields and meant != name)


def test_all_names_are_known() -> None:
    """The names of a shape are those of all that is documented in it, items of lists included."""
    assert {"token", "points_currency_iid", "sku", "tags"} <= set(iter_names(REQUEST))
