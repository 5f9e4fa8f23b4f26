"""Bodies in bulk: the builders of the strategies, driven by a seeded generator instead of Hypothesis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from altcraft_contract.errors import ImpossibleRequest
from altcraft_contract.strategies.building import OrderBuilder
from altcraft_contract.strategies.edge_cases import EDGE_CASES
from altcraft_contract.strategies.malformed import MALFORMED_JSON, MALFORMED_XML, REPEATS, break_body
from altcraft_contract.strategies.mutations.bases import REQUESTS, RESPONSE
from altcraft_contract.strategies.mutations.exchanges import ExchangeMutation
from altcraft_contract.strategies.mutations.table import MalformedMutation, fits, mutants_of, rows_of
from altcraft_contract.strategies.parameters import Parameters, parameters_of
from altcraft_contract.strategies.responses import build_response
from altcraft_contract.strategies.source import SeededSource
from altcraft_contract.strategies.wire import plain_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from altcraft_contract.contract import Message, Syntax
    from altcraft_contract.strategies.source import Source

Kind = Literal["valid", "edge", "mutation", "malformed", "response"]

KINDS: Final[tuple[Kind, ...]] = ("valid", "edge", "mutation", "malformed", "response")


@dataclass(frozen=True, slots=True)
class Specimen:
    """One generated body and what is expected of it.

    Attributes:
        body: The body.
        name: What is special about it: the name of the edge case, the mutation or the way it is broken.
        message: `request` or `response`.
        syntax: `json` or `xml`.
        rule: Id of the rule that it breaks; None if it breaks none.
        pointer: Where the finding stands; None where that is not foretold.
    """

    body: bytes
    name: str
    message: Message
    syntax: Syntax
    rule: str | None = None
    pointer: str | None = None


def iter_corpus(
    kind: Kind,
    count: int,
    *,
    syntax: Syntax = "json",
    seed: int = 0,
    rule: str | None = None,
    parameters: Parameters | None = None,
    as_records: bool = False,
) -> Iterator[Specimen]:
    """Make *count* bodies; the same arguments give the same bytes.

    Args:
        kind: `valid` requests, `edge` cases, one-fault `mutation`s, `malformed` bodies, or valid `response`s.
        count: How many; edge cases and ways to break a body come in turn.
        syntax: The syntax of the bodies.
        seed: Of the generator.
        rule: For mutations: which rule they break; None is any.
        parameters: For requests: what they may be made of.
        as_records: Whether each body is to be a line of an NDJSON file, so that malformed ones are left out.

    Raises:
        ImpossibleRequest: if there is no such kind, or no mutation of a request or a response breaks *rule*.
    """
    if kind not in KINDS:
        raise ImpossibleRequest("kind", kind, f"one of {', '.join(KINDS)}")
    source = SeededSource(seed)
    chosen = parameters or parameters_of()
    if kind == "mutation":
        make = _mutation_maker(source, chosen, syntax, rule, as_records=as_records)
        return (make(number) for number in range(1, count + 1))
    makers: dict[str, Callable[[int], Specimen]] = {
        "valid": lambda number: _valid(source, chosen, syntax, number),
        "edge": lambda number: _edge(source, syntax, number),
        "malformed": lambda number: _malformed(source, chosen, syntax, number),
        "response": lambda _: _response(source, chosen, syntax),
    }
    return (makers[kind](number) for number in range(1, count + 1))


def _valid(source: Source, parameters: Parameters, syntax: Syntax, number: int) -> Specimen:
    request = OrderBuilder(source, parameters).request(number)
    return Specimen(plain_body(request, syntax), "valid", "request", syntax)


def _edge(source: Source, syntax: Syntax, number: int) -> Specimen:
    name = tuple(EDGE_CASES)[(number - 1) % len(EDGE_CASES)]
    return Specimen(plain_body(EDGE_CASES[name](source), syntax), name, "request", syntax)


def _response(source: Source, parameters: Parameters, syntax: Syntax) -> Specimen:
    response = build_response(source, None, None, parameters.values)
    name = response["data"]["status"] if response["error"] == 0 else f"error-{response['error']}"
    return Specimen(plain_body(response, syntax), name, "response", syntax)


def _malformed(source: Source, parameters: Parameters, syntax: Syntax, number: int) -> Specimen:
    ways = tuple(MALFORMED_JSON if syntax == "json" else MALFORMED_XML)
    way = ways[(number - 1) % len(ways)]
    body = plain_body(OrderBuilder(source, parameters).request(number), syntax)
    rule, pointer = ("duplicate-field", "/token") if way in REPEATS else ("malformed", "")
    return Specimen(break_body(source, body, syntax, way), way, "request", syntax, rule, pointer)


def _mutation_maker(
    source: Source, parameters: Parameters, syntax: Syntax, rule: str | None, *, as_records: bool
) -> Callable[[int], Specimen]:
    rows = [
        (row, message)
        for row in rows_of(rule)
        for message in ("request", "response")
        if not isinstance(row, ExchangeMutation)
        and fits(row, message, syntax)
        and not (as_records and isinstance(row, MalformedMutation))
    ]

    if not rows:
        where = "a line of NDJSON" if as_records else syntax
        raise ImpossibleRequest("rule", rule, f"a rule that a mutation of a request or a response breaks in {where}")

    def make(number: int) -> Specimen:
        row, message = source.pick(rows)
        sent: Message = "request" if message == "request" else "response"
        for value in _bases(source, parameters, sent, number):
            mutants = list(mutants_of(row, value, sent, syntax, source))
            if mutants:
                mutant = source.pick(mutants)
                return Specimen(mutant.body, mutant.name, sent, syntax, mutant.rule, mutant.pointer)
        raise ImpossibleRequest("rule", row.rule, "a mutation that the fullest message has a place for")

    return make


def _bases(source: Source, parameters: Parameters, message: Message, number: int) -> Iterator[dict[str, Any]]:
    """A message of its own, then the full ones, in which every mutation finds a place."""
    if message == "request":
        yield OrderBuilder(source, parameters).request(number)
        fallbacks: Sequence[Any] = REQUESTS
    else:
        yield build_response(source, None, "success", parameters.values)
        fallbacks = (RESPONSE,)
    yield from (dict(value) for value in fallbacks)
