"""What a page states in words that the contract states, too: the address, and what a row says of its field."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from altcraft_contract.contract import Contract
    from altcraft_contract.evolution.documented import DocumentedField
    from altcraft_contract.evolution.page import Page
    from altcraft_contract.evolution.page_tables import Row

_path = re.compile(r"/api/v[0-9][A-Za-z0-9_./-]{1,200}")
_method = re.compile(r"\b(GET|POST|PUT|PATCH|DELETE)\b")


class _Statement(NamedTuple):
    """Something that a row may state.

    Attributes:
        kind: Kind of the fields that it may be stated of.
        pattern: What the row has then.
        holds: Whether the contract states it of a field.
        text: The statement.
    """

    kind: str
    pattern: re.Pattern[str]
    holds: Callable[[DocumentedField], bool]
    text: str


STATEMENTS: Final = (
    _Statement(
        "string",
        re.compile(r"ISO[\s-]*8601", re.IGNORECASE),
        lambda field: field.shape.type_name == "timestamp",
        "a time in ISO 8601",
    ),
    _Statement(
        "string",
        re.compile(r"three[\s-]+letter|ISO[\s-]*4217", re.IGNORECASE),
        lambda field: field.shape.type_name == "currency",
        "a code of three letters",
    ),
    _Statement(
        "list",
        re.compile(r"at least (?:one|1)\b|not (?:be )?empty|non-empty", re.IGNORECASE),
        lambda field: field.least_items > 0,
        "at least one item",
    ),
)
"""What rows are looked at for."""


def iter_row_drifts(row: Row, field: DocumentedField) -> Iterator[tuple[str, str]]:
    """The statements that only one of both makes of a field: what the page says, and what the contract says."""
    for statement in STATEMENTS:
        if row.kind != statement.kind or field.shape.kind != statement.kind:
            continue
        is_said = statement.pattern.search(row.text) is not None
        if is_said != statement.holds(field):
            yield (statement.text, "") if is_said else ("", statement.text)


def iter_endpoint_drifts(page: Page, contract: Contract) -> Iterator[tuple[int | None, str, str]]:
    """What the page says otherwise of the address: its line, what it says, and what the contract says."""
    path, method = str(contract.source.get("path", "")), str(contract.source.get("method", ""))
    said = [
        (found[0].rstrip("/."), part) for part in (*page.texts, *page.blocks) for found in _path.finditer(part.text)
    ]
    here = [part for found, part in said if found == path]
    if not here:
        line = said[0][1].line if said else None
        yield line, f"the path `{said[0][0]}`" if said else "", f"the path `{path}`"
        return
    methods = [(found[1], part.line) for part in here for found in _method.finditer(part.text[:1000])]
    if methods and method not in {name for name, _ in methods}:
        yield methods[0][1], f"the method {methods[0][0]}", f"the method {method}"
