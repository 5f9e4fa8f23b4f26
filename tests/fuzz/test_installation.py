"""What an installation may not know, and what is said of its refusals."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from altcraft_contract.fuzz.installation import explain_refusal, unknown_values
from altcraft_contract.strategies import Values
from tests.fuzz.exchanges import REFUSED, exchange

SOME = Values(statuses=("new",))


@pytest.mark.parametrize(
    ("places", "keys"),
    [
        (("/data/region",), ("regions",)),
        (("/data/lines/*/product",), ("products",)),
        (("/data/lines/*/sku",), ("skus",)),
        (("/data/endpoint",), ("endpoints",)),
        (("/phone", "/profile_id"), ("phones", "profile_ids")),
        (("/data/promocodes/*/pool_id",), ("pools",)),
        (("/data/redeem_points",), ("point_currencies", "promotions")),
        (("/data/status", "/data/lines/*/status"), ()),
        (("/data/currency", "/data/delivery_cost", "/data/lines/*/count"), ()),
        ((), ()),
    ],
)
def test_places_lean_on_values(places: tuple[str, ...], keys: tuple[str, ...]) -> None:
    """A place leans on the values that may stand there, unless those are set."""
    assert unknown_values(places, SOME) == keys


def test_with_nothing_set_nothing_is_unknown() -> None:
    """Who takes made-up values looks nothing up, so that every refusal counts."""
    assert unknown_values(["/data/region", "/data/promocodes"], Values()) == ()


def test_what_is_set_is_known() -> None:
    """Where what a place leans on is set, nothing is unknown."""
    values = Values(regions=("moscow",), pools={1: ("A",)})

    assert unknown_values(["/data/region", "/data/promocodes/*/code"], values) == ()


def test_keys_are_those_of_values() -> None:
    """Every key that is named can be set."""
    names = [
        "endpoint",
        "status",
        "region",
        "product",
        "sku",
        "profile_id",
        "email",
        "phone",
        "promocodes",
        "promotion",
        "redeem_points",
    ]
    found = {key for name in names for key in unknown_values([f"/{name}"], Values(regions=("x",)))}

    assert found <= {field.name for field in fields(Values)}
    assert "regions" not in found
    assert len(found) == 10


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (Values(), "these are made up: endpoints, statuses, skus or products, emails"),
        (Values(skus=("a",)), "these are made up: endpoints, statuses, emails"),
        (Values(products=("a",), endpoints=("e",)), "these are made up: statuses, emails"),
        (
            Values(products=("a",), endpoints=("e",), statuses=("s",), emails=("a@example.com",)),
            "look whether all of them exist there",
        ),
    ],
)
def test_a_refusal_names_what_is_made_up(values: Values, told: str) -> None:
    """The explanation names the values of a plain order that are made up, and where to set them."""
    text = explain_refusal(exchange(REFUSED), values, "Incorrect request")

    assert text.startswith("the target refuses a plain order with error 400 (Incorrect request); ")
    assert text.endswith(told)
    assert "[tool.altcraft-contract.values]" in text


@pytest.mark.parametrize("code", [401, 403])
def test_a_refused_token_is_named(code: int) -> None:
    """A refusal for want of a token says how to set one, and nothing of values."""
    answer: dict[str, Any] = {**REFUSED, "error": code}
    text = explain_refusal(exchange(answer), Values(), "")

    assert text.startswith(f"the target refuses a plain order with error {code}; ")
    assert "ALTCRAFT_TOKEN" in text
    assert "values" not in text
