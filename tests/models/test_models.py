"""The messages as types: what type checkers take and refuse, and that they are those of the schemas.

Each line with an ignored error is one: mypy is told to complain of ignored errors that are none.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any, get_type_hints, is_typeddict

import pytest

from altcraft_contract import models
from altcraft_contract.contract import load_contract
from altcraft_contract.models import Line, Order, OrderRequest, OrderResponse, RequestedPromotion
from altcraft_contract.rules.samples import SAMPLE_REQUEST
from altcraft_contract.validation import check_request
from tools import models as tool

if TYPE_CHECKING:
    from pathlib import Path

LINE: Line = {
    "external_id": "1",
    "sku": "mug-white",
    "count": 1,
    "base_price_per_item": "10.00",
    "final_price_per_item": "9.00",
}
ORDER: Order = {
    "endpoint": "shop",
    "status": "new",
    "currency": "RUB",
    "total_price": "10.00",
    "final_total_price": "9.00",
    "lines": [LINE],
}
REQUEST: OrderRequest = {"token": "sample-token", "external_id": "order_1", "profile_id": "1" * 24, "data": ORDER}
DISCOUNT: RequestedPromotion = {"type": "discount", "promotion": {"external_id": "summer"}, "amount": "1.00"}
ANSWER: OrderResponse = {"error": 400, "error_text": "incorrect request"}

NUMBER_FOR_TEXT: Order = {**ORDER, "total_price": 10.0}  # type: ignore[typeddict-item]
MISSPELT_TYPE: RequestedPromotion = {"type": "reedem_points", "promotion": {"external_id": "x"}}  # type: ignore[typeddict-item]
MISSING_COUNT: Line = {"external_id": "1", "base_price_per_item": "1", "final_price_per_item": "1"}  # type: ignore[typeddict-item]
UNKNOWN_FIELD: OrderResponse = {**ANSWER, "errors": []}  # type: ignore[typeddict-unknown-key]


def test_a_typed_order_keeps_the_contract() -> None:
    """What type checkers take can be checked as it is, and the mistakes that they find are findings."""
    assert not check_request(REQUEST).findings
    for order in (
        NUMBER_FOR_TEXT,
        {**ORDER, "requested_promotions": [MISSPELT_TYPE]},
        {**ORDER, "lines": [MISSING_COUNT]},
    ):
        assert not check_request({**REQUEST, "data": order}).ok


@pytest.mark.parametrize("message", tool.MESSAGES)
def test_fields_and_required_fields_are_those_of_the_schemas(message: Any) -> None:
    """Every object of a schema has a type with its fields, those of its table that are required being required."""
    schema = load_contract().schema(message)
    objects = {tool.ROOTS[message]: schema} | {
        tool.NAMES[message, name]: part for name, part in schema["$defs"].items() if "properties" in part
    }
    for name, part in objects.items():
        model = getattr(models, name)
        assert is_typeddict(model)
        assert get_type_hints(model).keys() == part["properties"].keys()
        assert model.__doc__ is not None
        optional = {
            key for key, hint in get_type_hints(model, include_extras=True).items() if "NotRequired" in str(hint)
        }
        assert optional == part["properties"].keys() - set(part.get("required", ()))
    assert {tool.NAMES[key] for key in tool.NAMES if key[0] == message} | {tool.ROOTS[message]} == objects.keys()


def test_all_types_are_public_and_cheap() -> None:
    """Every type stands in `__all__`; importing them loads nothing else of the package."""
    assert set(models.__all__) == {*tool.NAMES.values(), *tool.ROOTS.values()}
    code = "import sys; import altcraft_contract.models; print([m for m in sys.modules if m.startswith('altcraft')])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "['altcraft_contract', 'altcraft_contract.models']"


def test_the_module_is_current(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is in the repository is what the tool makes; a stale file is told and not changed."""
    assert tool.main(["--check"]) == 0
    stale = tmp_path / "models.py"
    stale.write_text('"""Other types."""\n', "utf-8")
    monkeypatch.setattr(tool, "FILE", stale)
    assert tool.main(["--check"]) == 1
    assert '-"""Other types."""' in capsys.readouterr().out
    assert stale.read_text("utf-8") == '"""Other types."""\n'


def test_the_documented_example_fits() -> None:
    """The names in the documented request are fields of the types, on all levels."""
    example = json.loads(load_contract().examples["request.json"])
    assert example.keys() <= get_type_hints(OrderRequest).keys()
    assert example["data"].keys() <= get_type_hints(Order).keys()
    assert SAMPLE_REQUEST["data"]["lines"][0].keys() <= get_type_hints(Line).keys()
