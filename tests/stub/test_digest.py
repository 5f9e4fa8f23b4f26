"""The digest of what an order says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as hypothesis_strategies

from altcraft_contract import strategies as st
from altcraft_contract.documents.problem import LongInteger
from altcraft_contract.stub import digest
from altcraft_contract.stub.digest import digest_order, is_kept_order, is_same_order, keep_order


def _order(**data: Any) -> dict[str, Any]:
    return {"external_id": "order_1", "data": data}


_leaves = hypothesis_strategies.one_of(
    hypothesis_strategies.none(),
    hypothesis_strategies.booleans(),
    hypothesis_strategies.integers(),
    hypothesis_strategies.floats(allow_nan=False, allow_infinity=False),
    hypothesis_strategies.sampled_from(["", "[]", "1.0", '"', '":{', "custom_fields", 2**63, -(2**63), 10**19, 1e300]),
)
_names = hypothesis_strategies.sampled_from(["a", "custom_fields", "lines", '"custom_fields":'])
_values = hypothesis_strategies.recursive(
    _leaves,
    lambda inner: hypothesis_strategies.lists(inner, max_size=3) | hypothesis_strategies.dictionaries(_names, inner),
    max_leaves=10,
)


_WAYS = ((digest_order, is_same_order), (keep_order, is_kept_order))


@given(hypothesis_strategies.dictionaries(_names, _values, max_size=4))
def test_the_quick_way_is_the_careful_way(data: dict[str, Any]) -> None:
    """What passes for regular already is what the careful way makes of it."""
    order = _order(**data)
    text = digest._write_canonical(order)
    if digest._is_regular(order, text):
        assert text == digest._write_canonical(digest._canonical(order))


@given(st.requests(), hypothesis_strategies.randoms(use_true_random=False))
def test_the_order_of_fields_does_not_count(request: dict[str, Any], random: Any) -> None:
    """The same fields in another order are the same order."""

    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            names = list(value)
            random.shuffle(names)
            return {name: shuffled(value[name]) for name in names}
        return [shuffled(item) for item in value] if isinstance(value, list) else value

    for make, is_same in _WAYS:
        assert is_same(shuffled(request), make(request))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"count": 1}, {"count": 1.0}),
        ({"a": [1]}, {"a": [1.0]}),
        ({"a": [[-1]]}, {"a": [[-1.0]]}),
        ({"tags": []}, {}),
        ({"lines": [{"tags": []}]}, {"lines": [{}]}),
        ({"custom_fields": {"a": "1"}}, {"custom_fields": {"a": 1}}),
        ({"lines": [{"custom_fields": {"a": "true"}}]}, {"lines": [{"custom_fields": {"a": True}}]}),
        ({"a": 10**22}, {"a": 1e22}),
        ({"a": 1e300}, {"a": int(1e300)}),
        ({"a": 10**30, "tags": []}, {"a": 10**30}),
        ({"custom_fields": {"a": 10**30}}, {"custom_fields": {"a": "1" + "0" * 30}}),
        ({"a": 10**5000}, {"a": LongInteger("1" + "0" * 5000)}),
    ],
)
def test_what_the_syntaxes_write_differently_is_the_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Numbers with `.0`, empty lists and custom fields that are no text make no difference."""
    for make, is_same in _WAYS:
        assert is_same(_order(**one), make(_order(**other)))
        assert is_same(_order(**other), make(_order(**one)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": "1"}, {"a": 1}),
        ({"a": 1}, {"a": 2}),
        ({"a": 1.5}, {"a": 1.25}),
        ({"a": "x"}, {"b": "x"}),
        ({"a": ["x", "y"]}, {"a": ["y", "x"]}),
        ({"a": 2**63 - 1}, {"a": 2**63 - 2}),
        ({"a": LongInteger("1" * 5000)}, {"a": LongInteger("1" * 5001)}),
        ({"a": ""}, {}),
        ({"a": "\ud83d"}, {"a": "\ud83e"}),
    ],
)
def test_what_is_another_order_is_told(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Any other value makes another digest."""
    for make, is_same in _WAYS:
        assert not is_same(_order(**one), make(_order(**other)))
        assert is_same(_order(**one), make(_order(**one)))


def test_the_token_does_not_count() -> None:
    """The token and `skip_triggers` may change from one attempt to the next, but not below the top."""
    order = json.loads(json.dumps(_order(count=1)))
    for make, is_same in _WAYS:
        assert is_same({**order, "token": "a", "skip_triggers": True}, make({**order, "token": "b"}))
        assert not is_same(_order(token="a"), make(_order(token="b")))  # noqa: S106 - no secret


def test_what_is_kept_of_an_order_is_small() -> None:
    """Of an order that is large, holds a number too long for Python or is as short as a digest, the digest is kept."""
    for order in (_order(a="x" * 5_000), {"external_id": "o"}, {}, _order(a=LongInteger("1" * 5_000))):
        assert keep_order(order) == digest_order(order)
        assert is_kept_order(order, keep_order(order))
    assert b"secret" not in keep_order({**_order(count=1), "token": "secret"})
    assert len(keep_order(_order(a="x" * 1_000))) > 1_000
