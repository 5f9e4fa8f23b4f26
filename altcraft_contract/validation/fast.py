"""The fast engine: jsonschema-rs on the JSON form."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from altcraft_contract.contract import load_contract
from altcraft_contract.rules.schema_faults import SchemaFault
from altcraft_contract.validation.closed import close

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from altcraft_contract.contract import Message


@cache
def _validator(version: str, message: Message) -> tuple[Mapping[str, Any], jsonschema_rs.Draft202012Validator]:
    schema = close(load_contract(version).schema(message))
    return schema, jsonschema_rs.Draft202012Validator(schema)


def iter_faults(version: str, message: Message, value: Any) -> Iterator[SchemaFault]:
    """What the JSON Schema of *message* finds wrong with *value*, in no order.

    Args:
        version: Version of the contract.
        message: `request` or `response`.
        value: Plain dictionaries, lists, strings, numbers, booleans and None.
    """
    schema, validator = _validator(version, message)
    if validator.is_valid(value):
        return
    for error in validator.iter_errors(value):
        *way, keyword = error.schema_path
        subschema: Any = schema
        for token in way:
            subschema = subschema[token]
        yield SchemaFault(tuple(error.instance_path), str(keyword), subschema)
