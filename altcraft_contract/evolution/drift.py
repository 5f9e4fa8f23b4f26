"""What a saved copy of the vendor's page says otherwise than the contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from altcraft_contract.documents.pointer import join
from altcraft_contract.errors import UnreadableFile
from altcraft_contract.evolution.documented import documented_objects
from altcraft_contract.evolution.page_examples import find_examples, iter_example_drifts
from altcraft_contract.evolution.page_statements import iter_endpoint_drifts, iter_row_drifts
from altcraft_contract.evolution.page_tables import field_tables, match_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from altcraft_contract.contract import Contract
    from altcraft_contract.evolution.documented import DocumentedField, DocumentedObject
    from altcraft_contract.evolution.page import Page
    from altcraft_contract.evolution.page_tables import FieldTable, Row

Kind = Literal["table", "field", "type", "required", "value", "example", "statement"]

_FROM_EXAMPLE: Final = frozenset({"contents array"})
"""Sections that are no tables of the page: only its example shows these objects."""

KINDS: Final[tuple[Kind, ...]] = ("table", "field", "type", "required", "value", "example", "statement")


@dataclass(frozen=True, slots=True)
class Drift:
    """Something that a page says otherwise than the contract.

    Attributes:
        kind: What it is about.
        line: Of the page, from 1; None if the page lacks it.
        where: The object of the contract and the field, such as `request, lines array: sku`.
        pointer: RFC 6901 pointer to it, in which `*` stands for any item of a list; None if it is about no place.
        page: What the page says; empty if nothing.
        contract: What the contract says; empty if nothing.
    """

    kind: Kind
    line: int | None
    where: str
    pointer: str | None
    page: str
    contract: str

    @property
    def text(self) -> str:
        """The drift in a sentence."""
        return f"the page says {self.page or 'nothing'}, the contract {self.contract or 'nothing'}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A page beside the contract.

    Attributes:
        tables: How many tables of the page were recognised.
        fields: How many of their fields the contract has, too.
        examples: How many examples of the page were checked.
        drifts: What does not agree, in the order of the page; what the page lacks stands last.
    """

    tables: int
    fields: int
    examples: int
    drifts: Sequence[Drift]


def compare_page(page: Page, contract: Contract, *, name: str = "the page") -> Comparison:
    """Compare a page with the contract.

    Args:
        page: As `load_page` returns it.
        contract: The version of the contract.
        name: How to call the page in a fault.

    Raises:
        UnreadableFile: if no table of the page tells the fields of an object that the contract knows.
    """
    objects = documented_objects(contract)
    tables = field_tables(page)
    pairs = match_tables(tables, objects)
    if not pairs:
        found = f"{len(page.tables)} table{'s' if len(page.tables) != 1 else ''}, none of which tells fields that"
        raise UnreadableFile(name, f"is not the page of this contract: it has {found} the contract knows")
    examples = find_examples(page, contract)
    drifts = [drift for table, known in pairs for drift in _iter_table_drifts(table, known)]
    for example in examples:
        for line, pointer, said, expected in iter_example_drifts(example, contract):
            drifts.append(Drift("example", line, example.title, pointer, said, expected))
    for line_or_none, said, expected in iter_endpoint_drifts(page, contract):
        drifts.append(Drift("statement", line_or_none, "the endpoint", None, said, expected))
    drifts += _iter_missing_tables(objects, pairs)
    common = sum(len(table.names & known.fields.keys()) for table, known in pairs)
    drifts.sort(key=lambda drift: (drift.line is None, drift.line or 0))
    return Comparison(len(pairs), common, len(examples), drifts)


def _iter_missing_tables(
    objects: Sequence[DocumentedObject], pairs: Sequence[tuple[FieldTable, DocumentedObject]]
) -> Iterator[Drift]:
    """The objects that no table tells, nor a row of another one by naming all its fields."""
    told = [known for _, known in pairs]
    rows = [row.words for table, _ in pairs for row in table.rows]
    for known in objects:
        is_in_row = any(known.fields.keys() <= words for words in rows)
        if known not in told and not is_in_row and known.section not in _FROM_EXAMPLE:
            yield Drift("table", None, known.title, known.pointer, "", f"a table of {', '.join(known.fields)}")


def _iter_table_drifts(table: FieldTable, known: DocumentedObject) -> Iterator[Drift]:
    """What one table says otherwise."""
    for row in table.rows:
        field = known.fields.get(row.name)
        where, pointer = f"{known.title}: {row.name}", known.pointer + join([row.name])
        if field is None:
            page = f"a field `{row.name}` of the type {row.type_text or 'unknown'}"
            yield Drift("field", row.line, where, pointer, page, "")
        else:
            yield from _iter_field_drifts(row, field, where, pointer)
    for name, field in known.fields.items():
        if name not in table.names:
            said = f"a field `{name}` of the type {field.shape.kind}"
            yield Drift("field", table.table.line, f"{known.title}: {name}", known.pointer + join([name]), "", said)


def _iter_field_drifts(row: Row, field: DocumentedField, where: str, pointer: str) -> Iterator[Drift]:
    shape = field.shape
    kind = "object" if shape.kind == "free" else shape.kind
    item = shape.item.kind if shape.item is not None else ""
    if row.kind != kind:
        yield Drift("type", row.line, where, pointer, row.type_text, kind)
    elif row.item and item and row.item != item:
        yield Drift("type", row.line, where, pointer, row.type_text, f"list of {item}")
    if row.need is not None and row.need != field.need:
        yield Drift("required", row.line, where, pointer, row.need_text or row.need, field.need)
    if shape.values:
        yield from _iter_value_drifts(row, shape.values, where, pointer)
    for page, contract in iter_row_drifts(row, field):
        yield Drift("statement", row.line, where, pointer, page, contract)


def _iter_value_drifts(row: Row, values: Sequence[str], where: str, pointer: str) -> Iterator[Drift]:
    """The values of a closed set that only one of both has; the page shows its own as code."""
    gone = [value for value in values if value not in row.words]
    added = [code for code in row.codes if code not in values and code.isidentifier()]
    if gone:
        listed = ", ".join(f"`{value}`" for value in gone)
        yield Drift("value", row.line, where, pointer, "", f"the value{'s' if len(gone) > 1 else ''} {listed}")
    if added:
        listed = ", ".join(f"`{value}`" for value in added)
        yield Drift("value", row.line, where, pointer, f"the value{'s' if len(added) > 1 else ''} {listed}", "")
