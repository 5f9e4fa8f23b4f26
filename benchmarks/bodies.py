"""The bodies that are measured, in JSON and in XML."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from altcraft_contract.contract import load_contract
from altcraft_contract.conversion import write_xml

ORDER: dict[str, Any] = json.loads(load_contract().examples["request.json"])


@dataclass(frozen=True, slots=True)
class Body:
    """One request in both syntaxes.

    Attributes:
        name: What the table calls it.
        json: Its JSON text.
        xml: Its XML text.
        errors: How many errors it has, in either syntax.
    """

    name: str
    json: bytes
    xml: bytes
    errors: int


def make_bodies() -> list[Body]:
    """Return the documented example, a body with ten errors, and one with 200 lines."""
    examples = load_contract().examples
    return [
        Body("documented example", examples["request.json"], examples["request.xml"], 0),
        make_body("10 errors", break_order(), 10),
        make_body("200 lines", extend_order(200), 0),
    ]


def make_body(name: str, order: dict[str, Any], errors: int) -> Body:
    """Write an order in both syntaxes."""
    text = json.dumps(order, indent=2, ensure_ascii=False).encode()
    return Body(name, text, write_xml(order, "request", strict=False).encode(), errors)


def mend_order() -> dict[str, Any]:
    """Return the example without the three warnings that it has, since the page contradicts itself."""
    order = deepcopy(ORDER)
    order["data"]["total_price"] = "2900.00"
    for line in order["data"]["lines"]:
        for promotion in line["requested_promotions"]:
            promotion.setdefault("amount", "10")
    return order


def break_order() -> dict[str, Any]:
    """Return the example with ten errors that both schema languages can tell."""
    order = deepcopy(ORDER)
    data = order["data"]
    data |= {
        "endpoint": "",
        "currency": "rub",
        "total_price": "2500,00",
        "final_total_price": "2 150.00",
        "create_time": "2026-02-18 13:01:05",
    }
    first, second = data["lines"]
    first |= {"count": 0, "base_price_per_item": "-1"}
    del second["sku"]
    del data["promocodes"][0]["pool_id"]
    data["requested_promotions"][0]["type"] = "codes"
    return order


def extend_order(lines: int) -> dict[str, Any]:
    """Return the example with more lines, each like one of its own."""
    order = deepcopy(ORDER)
    models = order["data"]["lines"]
    order["data"]["lines"] = [
        {**models[number % len(models)], "external_id": f"line_{number + 1}"} for number in range(lines)
    ]
    return order


def make_large_body(syntax: str, size: int) -> bytes:
    """Return a valid order of nearly *size* bytes, most of which are lines."""
    order = deepcopy(ORDER)
    line = {
        "external_id": "line_00000001",
        "product": "popit",
        "count": 2,
        "base_price_per_item": "1500.00",
        "final_price_per_item": "1350.00",
    }
    order["data"]["lines"] = [line]
    whole = json.dumps(order) if syntax == "json" else write_xml(order, "request")
    model = json.dumps(line) if syntax == "json" else whole[whole.index("<lines>") : whole.index("</lines>") + 8]
    separator = ", " if syntax == "json" else "\n    "
    head, tail = whole.split(model)
    count = (size - len(head) - len(tail)) // (len(model) + len(separator))
    lines = separator.join(model.replace("00000001", f"{number:08}") for number in range(1, count + 1))
    return f"{head}{lines}{tail}".encode()
