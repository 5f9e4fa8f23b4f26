"""The tables of a page that tell fields, and which object of the contract each is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from altcraft_contract.evolution.documented import DocumentedObject, Need
    from altcraft_contract.evolution.page import Page, Table, Text

_COLUMNS: Final[Mapping[str, frozenset[str]]] = {
    "field": frozenset({"field", "fields", "parameter", "name", "key", "attribute", "property", "поле", "параметр"}),
    "type": frozenset({"type", "data type", "format", "тип", "тип данных"}),
    "required": frozenset({"required", "mandatory", "necessity", "is required", "обязательный", "обязательность"}),
    "about": frozenset({"description", "meaning", "comment", "about", "описание"}),
}
_TYPES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("string", "strings", "str", "text", "строка"), "string"),
    **dict.fromkeys(("integer", "integers", "int", "long", "int64"), "integer"),
    **dict.fromkeys(("boolean", "bool"), "boolean"),
    **dict.fromkeys(("array", "list", "массив"), "list"),
    **dict.fromkeys(("object", "json", "struct", "объект"), "object"),
    **dict.fromkeys(("number", "float", "double", "decimal"), "number"),
}
_YES: Final = frozenset({"yes", "true", "required", "mandatory", "+", "✓", "✔", "✅", "m", "да"})
_NO: Final = frozenset({"no", "false", "optional", "-", "\u2013", "\u2014", "", "o", "нет", "❌", "✗"})
_several = re.compile(r"one of|at least one|any of|1\+|either|один из", re.IGNORECASE)
_name = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LEAST_SHARE: Final = 0.4  # of the fields of a table and of an object that have to be the same


@dataclass(frozen=True, slots=True)
class Row:
    """A field as a table tells it.

    Attributes:
        name: Of the field.
        line: Of the page, from 1.
        type_text: What the table says of its type.
        kind: That type as `string`, `integer`, `boolean`, `list`, `object` or `number`; empty if it is none of them.
        item: The same for the items of a list; empty if that is not said.
        need: Whether it has to be there; None if the table does not say.
        need_text: What the table says of that.
        text: The whole row.
        codes: What stands in the row as code, but for the name.
    """

    name: str
    line: int
    type_text: str
    kind: str
    item: str
    need: Need | None
    need_text: str
    text: str
    codes: tuple[str, ...]

    @property
    def words(self) -> set[str]:
        """The names and words in the row."""
        return set(_name.findall(self.text))


@dataclass(frozen=True, slots=True)
class FieldTable:
    """A table of fields.

    Attributes:
        table: As it stands on the page.
        rows: Its fields.
    """

    table: Table
    rows: Sequence[Row]

    @property
    def names(self) -> set[str]:
        """The names of the fields."""
        return {row.name for row in self.rows}


def field_tables(page: Page) -> tuple[FieldTable, ...]:
    """The tables of *page* that have a column of fields and one of types."""
    found: list[FieldTable] = []
    for table in page.tables:
        columns = _columns(table.rows[0])
        if {"field", "type"} <= columns.keys():
            rows = tuple(_iter_rows(table.rows[1:], columns))
            if rows:
                found.append(FieldTable(table, rows))
    return tuple(found)


def _columns(header: Sequence[Text]) -> dict[str, int]:
    """What a column tells to its number."""
    columns: dict[str, int] = {}
    for number, cell in enumerate(header):
        title = cell.text.lower().strip(" :*?")
        for column, words in _COLUMNS.items():
            if title in words:
                columns.setdefault(column, number)
    return columns


def _iter_rows(rows: Iterable[Sequence[Text]], columns: Mapping[str, int]) -> Iterator[Row]:
    for cells in rows:
        cell = {column: cells[number] for column, number in columns.items() if number < len(cells)}
        named = _name.match(cell["field"].text) if "field" in cell else None
        if named is None or "type" not in cell:
            continue
        kind, item = _kinds(cell["type"].text)
        need_text = cell["required"].text if "required" in cell else ""
        yield Row(
            named[0],
            cells[0].line,
            cell["type"].text,
            kind,
            item,
            _need(need_text) if "required" in cell else None,
            need_text,
            " ".join(part.text for part in cells),
            tuple(code for part in cells if part is not cell["field"] for code in part.codes),
        )


def _kinds(text: str) -> tuple[str, str]:
    """The type that *text* names, and that of the items."""
    words = [_TYPES[word] for word in re.findall(r"\w+", text.lower()) if word in _TYPES]
    if "list" in words or text.rstrip().endswith("[]"):
        others = [word for word in words if word != "list"]
        return "list", others[0] if others else ""
    return (words[0], "") if words else ("", "")


def _need(text: str) -> Need:
    word = text.lower().strip(" .")
    if word in _YES:
        return "required"
    if word in _NO:
        return "optional"
    return "one of several" if _several.search(word) else "conditional"


def match_tables(
    tables: Sequence[FieldTable], objects: Sequence[DocumentedObject]
) -> list[tuple[FieldTable, DocumentedObject]]:
    """Which table tells which object: the pairs that have most in common, each table and each object once."""
    pairs = [
        (score, index, number)
        for index, table in enumerate(tables)
        for number, known in enumerate(objects)
        if (score := _likeness(table, known)) > 0
    ]
    matched: dict[int, int] = {}
    for _, index, number in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if index not in matched and number not in matched.values():
            matched[index] = number
    return [(tables[index], objects[number]) for index, number in sorted(matched.items())]


def _likeness(table: FieldTable, known: DocumentedObject) -> float:
    """How much a table looks like an object: by its fields first, then by the headings that it stands under."""
    common = len(table.names & known.fields.keys())
    share = common / len(table.names | known.fields.keys())
    words = [set(re.findall(r"\w+", heading.lower())) for heading in table.table.headings]
    name = known.section.split(" ", maxsplit=1)[0]
    is_named = bool(words) and name in words[-1]
    if not common or (share < _LEAST_SHARE and not (is_named and share >= _LEAST_SHARE / 2)):
        return 0
    messages = [message for word in words for message in ("request", "response") if message in word]
    is_there = bool(messages) and messages[-1] == known.message
    return share + 0.5 * is_named + 0.6 * is_there
