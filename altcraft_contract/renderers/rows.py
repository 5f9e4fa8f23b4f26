"""Findings as flat rows, for programs that read tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from altcraft_contract.renderers.facts import facts_of
from altcraft_contract.renderers.places import place_of
from altcraft_contract.renderers.shown import ShownEntry, encodable, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.renderers.report import Entry

_LONGEST_NAME: Final = 200  # characters of the name of an order


class Row(NamedTuple):
    """A finding with all that is known of its document; without secrets, and each text can be written in UTF-8.

    Attributes:
        path: Path of the file as the user named it; `<stdin>` for the standard input.
        document: Record of an NDJSON file, from 1; None elsewhere.
        line: 1-based line of the file; None if the body was no text.
        column: 1-based, in characters; None if the body was no text.
        message_type: `request`, `response` or `exchange`.
        syntax: `json` or `xml`.
        rule: Id of the rule.
        severity: `error` or `warning`.
        basis: Why the rule is a rule.
        pointer: RFC 6901 JSON Pointer; empty for the whole document.
        place: The pointer with `*` for each number in it, the same for all documents.
        message: What was found and what was expected.
        hint: What to do about it; None where that is plain.
        section: Section of the vendor's page.
        external_id: Of the order, as it stands in the document; None if that cannot be told.
        day: Day of the `create_time` of the order, as written, such as `2025-01-31`; None as above.
    """

    path: str
    document: int | None
    line: int | None
    column: int | None
    message_type: str
    syntax: str
    rule: str
    severity: str
    basis: str
    pointer: str
    place: str
    message: str
    hint: str | None
    section: str
    external_id: str | None
    day: str | None


def rows_of(entry: Entry) -> Iterator[Row]:
    """A row for each finding of a document that counts, in the order of the document."""
    result = entry.result
    if not result.findings:
        return
    facts, shown = facts_of(entry), ShownEntry(entry)

    def safe(text: str) -> str:
        return encodable(shown.redactor.redact(text))

    path = encodable(shown.redactor.redact_path(entry.path))
    external_id = safe(shortened(facts.external_id, _LONGEST_NAME)) if facts.external_id is not None else None
    for finding in result.findings:
        yield Row(
            path,
            entry.document,
            finding.line + entry.first_line - 1 if finding.line is not None else None,
            finding.column,
            result.message,
            result.syntax,
            finding.rule,
            str(finding.severity),
            str(finding.basis),
            safe(finding.pointer),
            place_of(finding.pointer, shown).name,
            safe(finding.message),
            safe(finding.hint) if finding.hint is not None else None,
            finding.section,
            external_id,
            facts.day,
        )
