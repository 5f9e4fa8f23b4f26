"""The fast engine: jsonschema-rs on the JSON form.

A verdict costs no memory, but errors do, kilobytes each, and they are made all at once. So a document that is not valid
is judged in parts: long lists in slices, and only the slices that are not valid item by item.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import jsonschema_rs

from altcraft_contract.contract import load_contract
from altcraft_contract.errors import UnusableContract
from altcraft_contract.rules.plain import make_plain
from altcraft_contract.rules.schema_faults import SchemaFault
from altcraft_contract.validation.closed import closed_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from altcraft_contract.contract import Message
    from altcraft_contract.documents.shape import Shape
    from altcraft_contract.rules.order import Path

_NO_LINE_END: Final = r"(?!\n)"  # what follows `$` in the published patterns
_SLICE: Final = 100  # items of a list that are judged at once


class _Judge(NamedTuple):
    """The schema of one kind of value, as the engine runs it: for one value, and for a list of them."""

    schema: Mapping[str, Any]
    validator: jsonschema_rs.Draft202012Validator
    list_validator: jsonschema_rs.Draft202012Validator


@cache
def _closed_schema(name: str, message: Message) -> dict[str, Any]:
    schema: dict[str, Any] = _plain_ends(closed_schema(name, message))
    return schema


def _plain_ends(schema: Any) -> Any:
    """A copy of *schema* whose patterns end with a plain `$`.

    The published ones say besides that no line end may follow, for engines whose `$` allows one. That of this engine
    does not, and without a lookahead it needs no backtracking: a verdict takes half the time.
    """
    if isinstance(schema, list):
        return [_plain_ends(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        keyword: part.removesuffix(_NO_LINE_END)
        if keyword == "pattern" and isinstance(part, str)
        else _plain_ends(part)
        for keyword, part in schema.items()
    }


@cache
def validator_of(name: str, message: Message) -> jsonschema_rs.Draft202012Validator:
    """What tells whether a value keeps the closed schema of *message*."""
    schema = _closed_schema(name, message)
    try:
        return jsonschema_rs.Draft202012Validator(schema, mask="…")
    except (ValueError, jsonschema_rs.ValidationError) as error:  # such as a pattern that is no regular expression
        path = load_contract(name).schema_path(message)
        raise UnusableContract(str(path), f"is no JSON Schema: {str(error).splitlines()[0][:200]}") from None


@cache
def plain_validator_of(name: str) -> jsonschema_rs.Draft202012Validator:
    """What tells whether a request is plain, and keeps the closed schema: see `rules/plain.py`."""
    return jsonschema_rs.Draft202012Validator(make_plain(_closed_schema(name, "request")))


@cache
def _judge_of(name: str, message: Message, type_name: str) -> _Judge:
    """The judge of values of a named type; of the whole message, for the empty name."""
    root = _closed_schema(name, message)
    definitions = root["$defs"]
    reference = {"$ref": f"#/$defs/{type_name}"}
    schema = {**reference, "$defs": definitions} if type_name else root
    listed = {"type": "array", "items": reference, "$defs": definitions} if type_name else {}
    return _Judge(
        schema,
        jsonschema_rs.Draft202012Validator(schema, mask="…"),
        jsonschema_rs.Draft202012Validator(listed, mask="…"),
    )


def iter_faults(name: str, message: Message, value: Any, *, is_small: bool = False) -> Iterator[SchemaFault]:
    """What the JSON Schema of *message* finds wrong with *value*, in no order.

    Args:
        name: Of the contract, as `load_contract` takes it.
        message: `request` or `response`.
        value: Plain dictionaries, lists, strings, numbers, booleans and None.
        is_small: Whether it is so small that all its errors may be made at once.
    """
    if not validator_of(name, message).is_valid(value):
        yield from _Faults(name, message, is_small=is_small).of(value, load_contract(name).shape(message), "", ())


class _LongList(NamedTuple):
    """A list that is judged by itself."""

    items: list[Any]
    shape: Shape
    path: Path


class _Faults:
    """Finds the faults of one document, part by part."""

    def __init__(self, name: str, message: Message, *, is_small: bool) -> None:
        self.name = name
        self.is_small = is_small
        self.message: Message = message

    def of(self, value: Any, shape: Shape, type_name: str, path: Path) -> Iterator[SchemaFault]:
        """The faults of a value of a named type at *path*."""
        judge = _judge_of(self.name, self.message, type_name)
        long_lists: list[_LongList] = []
        outline = value if self.is_small else _outline(value, shape, path, long_lists)
        shortened = {long_list.path for long_list in long_lists}
        for error in judge.validator.iter_errors(outline):
            where = (*path, *error.instance_path)
            if shortened and any(where[:length] in shortened for length in range(len(where))):
                continue
            *way, keyword = error.schema_path
            subschema: Any = judge.schema
            for token in way:
                subschema = subschema[token]
            yield SchemaFault(where, str(keyword), subschema)
        for long_list in long_lists:
            yield from self.of_list(long_list)

    def of_list(self, long_list: _LongList) -> Iterator[SchemaFault]:
        """The faults of the items of a long list."""
        items, shape, path = long_list
        judge = _judge_of(self.name, self.message, shape.type_name)
        for start in range(0, len(items), _SLICE):
            if judge.list_validator.is_valid(items[start : start + _SLICE]):
                continue
            for index, item in enumerate(items[start : start + _SLICE], start):
                if not judge.validator.is_valid(item):
                    yield from self.of(item, shape, shape.type_name, (*path, index))


def _outline(value: Any, shape: Shape, path: Path, long_lists: list[_LongList]) -> Any:
    """A copy of *value* that has the same faults but for those within long lists, which are put into *long_lists*.

    What is free is left out, of undocumented members one stands for all, and a container where another kind of value is
    documented is empty.
    """
    if isinstance(value, dict):
        if shape.kind != "object":
            return {}
        outline = {
            name: _outline(member, shape.fields[name], (*path, name), long_lists)
            for name, member in value.items()
            if name in shape.fields
        }
        if len(outline) < len(value):
            outline[next(name for name in value if name not in shape.fields)] = None
        return outline
    if not isinstance(value, list):
        return value
    if shape.kind != "list" or shape.item is None:
        return []
    items = value
    if len(value) > _SLICE:
        long_lists.append(_LongList(value, shape.item, path))
        items = [next((item for item in value if _announces_redemption(item, shape.item)), value[0])]
    return [_outline(item, shape.item, (*path, index), long_lists) for index, item in enumerate(items)]


def _announces_redemption(item: Any, shape: Shape) -> bool:
    """Whether a promotion, or a line by one of its promotions, is of the type `redeem_points`: the data object asks."""
    if not isinstance(item, dict):
        return False
    promotions = shape.fields.get("requested_promotions")
    if promotions is None or promotions.item is None:
        return "type" in shape.fields and item.get("type") == "redeem_points"
    announced = item.get("requested_promotions")
    shape = promotions.item
    return isinstance(announced, list) and any(_announces_redemption(promotion, shape) for promotion in announced)
