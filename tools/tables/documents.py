"""The tables of the limits on a document, and of lint's reports for programs."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final, get_type_hints

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.limits import Limits
from altcraft_contract.documents.pointer import split
from altcraft_contract.renderers.rows import Row
from tools.tables.markdown import make_table, read_attributes

if TYPE_CHECKING:
    from collections.abc import Iterator


_COLUMNS: Final = {str: "string", str | None: "string or null", int | None: "integer or null"}


def iter_limits() -> Iterator[str]:
    """Yield the table of the limits on a document."""
    defaults = {field.name: field.default for field in fields(Limits)}
    rows = ((f"`{name}`", f"{defaults[name]:,}", text) for name, text in read_attributes(Limits))
    yield from make_table(("limit", "default", "bounds"), rows)


def iter_rows() -> Iterator[str]:
    """Yield the table of the columns of lint's findings as tables."""
    kinds = {name: _COLUMNS[kind] for name, kind in get_type_hints(Row).items()}
    kinds["day"] = f"{kinds['day']}; a date in Parquet"
    rows = ((f"`{name}`", kinds[name], text.replace("None", "null")) for name, text in read_attributes(Row))
    yield from make_table(("column", "type", "is"), rows)


def iter_report(name: str) -> Iterator[str]:
    """Yield the table of the members of one of lint's JSON reports."""
    schema = json.loads((load_contract().directory.parent / f"{name}.schema.json").read_bytes())
    yield from make_table(("member", "type", "is"), iter_members(schema, schema, ""))


def iter_members(root: dict[str, Any], schema: dict[str, Any], prefix: str) -> Iterator[tuple[str, ...]]:
    """Yield a row for each member of an object and of the objects in it."""
    for name, part in schema["properties"].items():
        inner = part.get("items", part)
        kinds = part.get("type", "object" if "$ref" in part else "string")
        kind = " or ".join(kinds) if isinstance(kinds, list) else kinds
        if values := part.get("enum", [part["const"]] if "const" in part else []):
            kind = ", ".join(f"`{json.dumps(value)}`" for value in values)
        place = f"{prefix}{name}{'[]' if 'items' in part else ''}"
        yield f"`{place}`", kind, part.get("description", "")
        if "$ref" in inner:
            yield from iter_members(root, root["$defs"][split(inner["$ref"].removeprefix("#"))[-1]], f"{place}.")
