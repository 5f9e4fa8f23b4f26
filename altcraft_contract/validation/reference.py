"""The reference engine: jsonschema on the JSON form, xmlschema on the XSD 1.1."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

from altcraft_contract.rules.schema_faults import SchemaFault
from altcraft_contract.validation.closed import closed_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.contract import Message


@cache
def _validator(name: str, message: Message) -> Draft202012Validator:
    return Draft202012Validator(closed_schema(name, message))


def iter_faults(name: str, message: Message, value: Any) -> Iterator[SchemaFault]:
    """What the JSON Schema of *message* finds wrong with *value*, in no order.

    Args:
        name: Of the contract, as `load_contract` takes it.
        message: `request` or `response`.
        value: Plain dictionaries, lists, strings, numbers, booleans and None.
    """
    for error in _validator(name, message).iter_errors(value):
        yield SchemaFault(tuple(error.absolute_path), str(error.validator), error.schema)
