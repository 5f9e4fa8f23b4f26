"""The table of all mutations, and the strategies that draw from it."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from hypothesis import event
from hypothesis import strategies as st

from altcraft_contract.contract import load_contract
from altcraft_contract.conversion import write_xml
from altcraft_contract.errors import ImpossibleRequest
from altcraft_contract.rules.catalogue import RULES
from altcraft_contract.strategies.malformed import MALFORMED_JSON, MALFORMED_XML, REPEATS
from altcraft_contract.strategies.messages import TEXTS, requests
from altcraft_contract.strategies.mutations.answers import ANSWER_MUTATIONS
from altcraft_contract.strategies.mutations.bases import REQUESTS, RESPONSE
from altcraft_contract.strategies.mutations.exchanges import EXCHANGE_MUTATIONS, ExchangeMutation
from altcraft_contract.strategies.mutations.fields import FIELD_MUTATIONS
from altcraft_contract.strategies.mutations.mutation import BOTH, Mutation
from altcraft_contract.strategies.mutations.orders import ORDER_MUTATIONS
from altcraft_contract.strategies.mutations.spelling import SPELLING_MUTATIONS, SpellingMutation
from altcraft_contract.strategies.parameters import check_values
from altcraft_contract.strategies.responses import exchanges, responses
from altcraft_contract.strategies.source import DrawnSource
from altcraft_contract.strategies.wire import plain_body

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy

    from altcraft_contract.contract import Message, Syntax
    from altcraft_contract.strategies.source import Source
    from altcraft_contract.strategies.vocabulary import Values


@dataclass(frozen=True, slots=True)
class MalformedMutation:
    """A way to break the text of a body.

    Attributes:
        name: What is done, in kebab-case; unique.
        way: Key of `MALFORMED_JSON` or `MALFORMED_XML`.
        syntax: The syntax of the bodies that it breaks.
        rule: Always `malformed`.
    """

    name: str
    way: str
    syntax: Syntax
    rule: str = "malformed"


AnyMutation = Mutation | SpellingMutation | MalformedMutation | ExchangeMutation


def _malformed_rows() -> Iterator[MalformedMutation]:
    tables: tuple[tuple[Syntax, Mapping[str, Any]], ...] = (("json", MALFORMED_JSON), ("xml", MALFORMED_XML))
    for syntax, table in tables:
        for way in table:
            if way not in REPEATS:
                yield MalformedMutation(f"{syntax}-{way}", way, syntax)


MUTATIONS: Final[Mapping[str, AnyMutation]] = MappingProxyType(
    {
        row.name: row
        for rows in (
            tuple(_malformed_rows()),
            SPELLING_MUTATIONS,
            FIELD_MUTATIONS,
            ORDER_MUTATIONS,
            ANSWER_MUTATIONS,
            EXCHANGE_MUTATIONS,
        )
        for row in rows
    }
)
"""Name to mutation: every rule of the catalogue has at least one."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A body that breaks exactly one rule in exactly one place.

    Unpacks as `body, rule, pointer`.

    Attributes:
        body: The broken body; the response, for an exchange.
        rule: Id of the rule that it breaks.
        pointer: Where the finding stands.
        name: Name of the mutation.
        message: `request`, `response` or `exchange`.
        syntax: `json` or `xml`.
        request: The body of the request, for an exchange.
        subject: Pointer to what was changed: for something that was left out, to where it stood.
    """

    body: bytes
    rule: str
    pointer: str
    name: str
    message: str
    syntax: Syntax
    request: bytes | None = None
    subject: str = ""

    def __iter__(self) -> Iterator[Any]:
        yield from (self.body, self.rule, self.pointer)


def mutants_of(
    row: Mutation | SpellingMutation | MalformedMutation,
    value: dict[str, Any],
    message: Message,
    syntax: Syntax,
    source: Source,
) -> Iterator[Mutant]:
    """All that a mutation can make of one valid message in one syntax; nothing where it does not apply.

    Args:
        row: The mutation.
        value: The message, as its JSON form.
        message: Which message it is.
        syntax: The syntax to write.
        source: Makes what choices are left.
    """
    shape = load_contract().shape(message)
    if isinstance(row, MalformedMutation):
        if syntax == row.syntax:
            table = MALFORMED_JSON if syntax == "json" else MALFORMED_XML
            body = table[row.way](source, plain_body(value, syntax))
            yield Mutant(body, row.rule, "", row.name, message, syntax)
    elif isinstance(row, SpellingMutation):
        if syntax == row.syntax and message in row.messages:
            for pointer, body in row.find(value, shape, plain_body(value, syntax)):
                yield Mutant(body, row.rule, pointer, row.name, message, syntax, subject=pointer)
    elif syntax in row.syntaxes and message == row.message:
        for change in row.find(value, shape):
            body = _written(change.apply(value), message, syntax)
            subject = change.pointer if len(change.edits) > 1 else next(iter(change.edits))
            yield Mutant(body, row.rule, change.pointer, row.name, message, syntax, subject=subject)


def _written(value: dict[str, Any], message: Message, syntax: Syntax) -> bytes:
    if syntax == "json":
        return plain_body(value, "json")
    return write_xml(value, message, strict=False).encode()


def rows_of(rule: str | None) -> tuple[AnyMutation, ...]:
    """The mutations that break *rule*, or all.

    Raises:
        ImpossibleRequest: if there is no such rule.
    """
    if rule is not None and rule not in tuple(RULES):
        raise ImpossibleRequest("rule", rule, "the id of a rule")
    return tuple(row for row in MUTATIONS.values() if rule is None or row.rule == rule)


def mutations(
    *,
    rule: str | None = None,
    syntax: Syntax | None = None,
    names: Sequence[str] | None = None,
    values: Values | None = None,
) -> SearchStrategy[Mutant]:
    """Bodies that break exactly one rule in exactly one place.

    Args:
        rule: Which rule; None is any.
        syntax: `json` or `xml`; None is any.
        names: Which of `MUTATIONS`; None is all.
        values: What exists on the installation; None makes it up. A drawn message that has no place for a mutation is
            replaced by a fixed one, which does not keep to them.

    Raises:
        ImpossibleRequest: if no mutation fits.
    """
    return _mutants(rule, syntax, names, check_values(values), ("request", "response", "exchange"))


def mutated_requests(
    *,
    rule: str | None = None,
    syntax: Syntax | None = None,
    names: Sequence[str] | None = None,
    values: Values | None = None,
) -> SearchStrategy[Mutant]:
    """Requests that break exactly one rule in exactly one place; each unpacks as `body, rule, pointer`.

    Arguments and exceptions as for `mutations`.
    """
    return _mutants(rule, syntax, names, check_values(values), ("request",))


def _mutants(
    rule: str | None,
    syntax: Syntax | None,
    names: Sequence[str] | None,
    values: Values,
    messages: tuple[str, ...],
) -> SearchStrategy[Mutant]:
    if syntax not in (None, "json", "xml"):
        raise ImpossibleRequest("syntax", syntax, "json, xml or None")
    unknown = names if isinstance(names, str) else [name for name in names or () if name not in MUTATIONS]
    if unknown or (names is not None and not names):
        raise ImpossibleRequest("names", unknown or names, "a sequence of some of the keys of MUTATIONS")
    rows = [row for row in rows_of(rule) if names is None or row.name in names]
    choices = [
        (row, message, written)
        for row in rows
        for message in messages
        for written in BOTH
        if syntax in (None, written) and fits(row, message, written)
    ]
    if not choices:
        where = f"{' or '.join(messages)}, {syntax or 'any syntax'}"
        raise ImpossibleRequest("rule", rule, f"a rule that a mutation breaks in {where}")
    return _drawn_mutants(choices, values)


def fits(row: AnyMutation, message: str, syntax: Syntax) -> bool:
    """Whether a mutation changes messages of that kind in that syntax."""
    if isinstance(row, ExchangeMutation):
        return message == "exchange"
    if isinstance(row, Mutation):
        return message == row.message and syntax in row.syntaxes
    if isinstance(row, SpellingMutation):
        return message in row.messages and syntax == row.syntax
    return message != "exchange" and syntax == row.syntax


@st.composite
def _drawn_mutants(draw: DrawFn, choices: list[tuple[AnyMutation, str, Syntax]], values: Values) -> Mutant:
    row, message, syntax = draw(st.sampled_from(choices))
    event(f"mutation: {row.name}")
    source = DrawnSource(draw, TEXTS)
    if isinstance(row, ExchangeMutation):
        return _exchange_mutant(row, *draw(exchanges(outcome="success", values=values)), syntax)
    sent: Message = "request" if message == "request" else "response"
    needs = dict(row.needs) if isinstance(row, Mutation) else {}
    drawn = draw(requests(**needs, values=values) if sent == "request" else responses(outcome="success", values=values))
    for value in (drawn, *(REQUESTS if sent == "request" else (RESPONSE,))):
        made = list(mutants_of(row, dict(value), sent, syntax, source))
        if made:
            return source.pick(made)
    raise ImpossibleRequest("names", row.name, "a mutation that the fullest message has a place for")


def _exchange_mutant(
    row: ExchangeMutation, request: dict[str, Any], response: dict[str, Any], syntax: Syntax
) -> Mutant:
    pointer, asked, answered, in_other = row.change(request, response)
    other: Syntax = "xml" if syntax == "json" else "json"
    written = other if in_other else syntax
    body = plain_body(dict(answered), written)
    return Mutant(body, row.rule, pointer, row.name, "exchange", written, plain_body(dict(asked), syntax))
