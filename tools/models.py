"""Make the typed models of the messages from their JSON Schemas.

    python tools/models.py            # rewrite altcraft_contract/models.py
    python tools/models.py --check    # compare only; print a diff and exit 1 on a difference

A field is required if its table says so without a condition; what depends on other fields no type can say.
"""

from __future__ import annotations

import sys
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from altcraft_contract.contract import load_contract
from tools.generated import ROOT, settle

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from altcraft_contract.contract import Contract, Message

FILE: Final = ROOT / "altcraft_contract/models.py"
MESSAGES: Final[tuple[Message, ...]] = ("request", "response")
WIDTH: Final = 120
SCALARS: Final[Mapping[str, str]] = {"string": "str", "integer": "int", "boolean": "bool"}
NAMES: Final[Mapping[tuple[Message, str], str]] = {
    ("request", "data"): "Order",
    ("request", "lines"): "Line",
    ("request", "promocodes"): "Promocode",
    ("request", "redeem_points"): "RedeemedPoints",
    ("request", "requested_promotions"): "RequestedPromotion",
    ("request", "promotion"): "Promotion",
    ("request", "points_info"): "PointsInfo",
    ("response", "data"): "Result",
    ("response", "issued_promocodes"): "IssuedPromocodes",
    ("response", "pool"): "Pool",
    ("response", "promotion"): "ResultPromotion",
    ("response", "points_changes"): "PointsChange",
    ("response", "points_info"): "ResultPointsInfo",
    ("response", "contents"): "Contents",
    ("response", "content"): "Content",
}
"""Message and definition to the name of the type; definitions of single values have none."""
ROOTS: Final[Mapping[Message, str]] = {"request": "OrderRequest", "response": "OrderResponse"}
HEADER: Final = '''\
"""The messages as types, for type checkers: a request is an `OrderRequest`, a response an `OrderResponse`.

Made from the JSON Schemas by tools/models.py: do not edit. They say names, types and closed sets of values, and which
fields are always required. What depends on other fields, and what values look like, `check_request` says.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict
'''


def main(arguments: Sequence[str] | None = None) -> int:
    """Rewrite or compare the file, and return the exit code."""
    return settle({FILE: render_models(load_contract())}, __doc__, arguments)


def render_models(contract: Contract) -> str:
    """Return the module."""
    names = sorted([*NAMES.values(), *ROOTS.values()])
    return "\n".join([HEADER, "__all__ = [", *(f'    "{name}",' for name in names), "]", *_iter_types(contract), ""])


def _iter_types(contract: Contract) -> Iterator[str]:
    """Each type below those that it refers to."""
    for message in MESSAGES:
        schema = contract.schema(message)
        definitions = schema["$defs"]
        for name in dict.fromkeys(_iter_below(schema, message, definitions)):
            yield _render(NAMES[message, name], definitions[name], message, definitions)
        yield _render(ROOTS[message], {**schema, "description": f"The {message}."}, message, definitions)


def _iter_below(node: Mapping[str, Any], message: Message, definitions: Mapping[str, Any]) -> Iterator[str]:
    """The definitions with a type to which *node* refers, the innermost ones first."""
    for name in _referred({key: part for key, part in node.items() if key != "$defs"}):
        yield from _iter_below(definitions[name], message, definitions)
        if (message, name) in NAMES:
            yield name


def _referred(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].rpartition("/")[2]
        for part in node.values():
            yield from _referred(part)
    elif isinstance(node, list):
        for part in node:
            yield from _referred(part)


def _render(name: str, schema: Mapping[str, Any], message: Message, definitions: Mapping[str, Any]) -> str:
    """Return a type, whose docstring lists its fields."""
    lines = ["", "", f"class {name}(TypedDict):", f'    """{schema["description"]}', "", "    Attributes:"]
    fields = []
    for field, part in schema["properties"].items():
        said = part.get("description") or definitions[part["$ref"].rpartition("/")[2]].get("description", "")
        lines.append(fill(f"{field}: {said}", WIDTH, initial_indent=" " * 8, subsequent_indent=" " * 12))
        kind = _kind(part, message, definitions)
        fields.append(f"    {field}: {kind if field in schema.get('required', ()) else f'NotRequired[{kind}]'}")
    return "\n".join([*lines, '    """', "", *fields])


def _kind(schema: Mapping[str, Any], message: Message, definitions: Mapping[str, Any]) -> str:
    """Return the annotation of a value."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return NAMES.get((message, name)) or _kind(definitions[name], message, definitions)
    if "enum" in schema:
        return f"Literal[{', '.join(map(_quoted, schema['enum']))}]"
    if schema.get("type") == "array":
        return f"list[{_kind(schema['items'], message, definitions)}]"
    if schema.get("type") in SCALARS:
        return SCALARS[schema["type"]]
    if schema.get("type") == "object":
        return "dict[str, object]"
    return f"{NAMES[message, 'data']} | dict[str, object] | None"  # what a response holds beside an error


def _quoted(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


if __name__ == "__main__":
    sys.exit(main())
