"""The one-fault neighbours of a message that somebody really sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from altcraft_contract.conversion import from_json, from_xml, message_of, to_xml
from altcraft_contract.documents.document import sniff_syntax
from altcraft_contract.errors import ImpossibleRequest
from altcraft_contract.strategies.mutations.exchanges import ExchangeMutation
from altcraft_contract.strategies.mutations.table import Mutant, mutants_of, rows_of
from altcraft_contract.strategies.source import SeededSource
from altcraft_contract.validation import check_request, check_response

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from altcraft_contract.contract import Syntax


def neighbours(
    order: bytes | str | Mapping[str, Any], *, rule: str | None = None, syntax: Syntax | None = None, seed: int = 0
) -> Iterator[Mutant]:
    """The one-fault neighbours of a valid message, in the order of the table of mutations.

    Args:
        order: A request or a response: its text, or its JSON form. Warnings are allowed. Each neighbour has the
            foretold finding, which *order* did not have; warnings about the changed value may vanish.
        rule: Only those that break this rule.
        syntax: The syntax of the neighbours; None is that of *order*, JSON for a parsed one.
        seed: For the few choices that are left, such as where to cut a text.

    Raises:
        ImpossibleRequest: if *order* has errors, or there is no such rule.
        ConversionError: if *order* is XML with something that JSON has no form for, or the neighbours are to be XML
            and XML cannot carry it.
    """
    value, own_syntax = _parsed(order)
    message = message_of(value)
    result = check_request(value) if message == "request" else check_response(value)
    if not result.ok:
        first = result.errors[0]
        raise ImpossibleRequest("order", f"{first.rule} at {first.pointer or 'the root'}", "a message without errors")
    syntax = syntax or own_syntax
    if syntax == "xml":
        to_xml(value, message=message)
    known = {(finding.rule, finding.pointer) for finding in result.findings}
    rows = [row for row in rows_of(rule) if not isinstance(row, ExchangeMutation)]
    source = SeededSource(seed)
    return (
        mutant
        for row in rows
        for mutant in mutants_of(row, value, message, syntax, source)
        if (mutant.rule, mutant.pointer) not in known
    )


def _parsed(order: bytes | str | Mapping[str, Any]) -> tuple[dict[str, Any], Syntax]:
    if not isinstance(order, bytes | str):
        return dict(order), "json"
    data = order.encode() if isinstance(order, str) else order
    if sniff_syntax(data) == "xml":
        return from_xml(data), "xml"
    return from_json(data), "json"
