"""Phase `examples`: what the documentation itself shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from altcraft_contract.contract import load_contract
from altcraft_contract.conversion import from_json, from_xml
from altcraft_contract.fuzz.case import Trial
from altcraft_contract.fuzz.twins import make_twins

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.fuzz.orders import Orders


def iter_examples(orders: Orders) -> Iterator[Trial]:
    """The documented requests, each in both syntaxes."""
    examples = load_contract().examples
    documented = {"json": from_json(examples["request.json"]), "xml": from_xml(examples["request.xml"])}
    for number, (syntax, order) in enumerate(documented.items(), start=1):
        yield Trial(
            id=f"examples-{number:04d}",
            phase="examples",
            kind="twins",
            feature=f"documented-{syntax}",
            order=orders.settled({**order, "external_id": ""}),
            make=make_twins(f"the documented example ({syntax.upper()})"),
        )
