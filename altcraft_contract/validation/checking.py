"""From a document to breaches, and from breaches to findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from altcraft_contract.contract import MESSAGES, Contract, load_contract
from altcraft_contract.documents.document import Document, read_document
from altcraft_contract.documents.limits import DEFAULT_LIMITS
from altcraft_contract.documents.pointer import split
from altcraft_contract.documents.problem import MAX_PROBLEMS
from altcraft_contract.findings import CheckResult, Finding, Severity
from altcraft_contract.renderers.redaction import Redactor, secrets_of
from altcraft_contract.renderers.text import render_result
from altcraft_contract.rules.additions import point_to_slips
from altcraft_contract.rules.catalogue import RULES
from altcraft_contract.rules.logic import check_order
from altcraft_contract.rules.order import Order, without_unreadable
from altcraft_contract.rules.reader_problems import breach_of
from altcraft_contract.rules.response import is_successful
from altcraft_contract.rules.schema_faults import KeptBreaches, Quota, breaches_of, is_about_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from altcraft_contract.contract import Message, Syntax
    from altcraft_contract.documents.limits import Limits
    from altcraft_contract.documents.shape import Shape
    from altcraft_contract.rules.order import Path
    from altcraft_contract.rules.rule import Breach
    from altcraft_contract.rules.selection import RuleSelection

Engine = Literal["fast", "reference"]

ENGINES: Final[tuple[Engine, ...]] = ("fast", "reference")
_SMALL: Final = 1 << 14  # bytes of a document that has not so many errors that they would fill the memory
_LARGEST_PLAIN: Final = 10**400
_RANKS: Final = {rule: rank for rank, rule in enumerate(RULES)}


@dataclass(slots=True)
class Verdict:
    """What a check knows before anything is placed in the text.

    Attributes:
        document: The body as read.
        message: `request` or `response`.
        breaches: Every broken rule, in no order.
        readable: The value without what has an error of its own; None if the body is malformed.
        truncated: Whether there may be more than `breaches` tells.
    """

    document: Document
    message: Message
    breaches: list[Breach]
    readable: Any = None
    truncated: bool = False


def prepare(contract: Contract, engine: Engine) -> None:
    """Build what an engine judges by, so that a contract that cannot be used is told before the first document is read.

    Raises:
        UnusableContract: if the schemas of the contract cannot be used.
    """
    for message in MESSAGES:
        if engine == "fast":
            from altcraft_contract.validation.fast import validator_of  # noqa: PLC0415 - as below

            validator_of(contract.name, message)
        else:
            from altcraft_contract.validation.closed import closed_schema  # noqa: PLC0415 - as below
            from altcraft_contract.validation.reference_xml import schema_of  # noqa: PLC0415 - as below

            closed_schema(contract.name, message)
            schema_of(contract.name, message)


def judge(
    message: Message,
    body: object,
    *,
    syntax: Syntax | None = None,
    engine: Engine = "fast",
    contract: Contract | None = None,
    limits: Limits = DEFAULT_LIMITS,
    token_in_header: bool = False,
) -> Verdict:
    """Find every broken rule of one message; a *token_in_header* need not stand in the body, too.

    Raises:
        ValueError: if there is no such *engine* or *syntax*.
    """
    if engine not in ENGINES:
        raise ValueError(f"engine={engine!r}: expected one of {', '.join(ENGINES)}")
    if syntax not in (None, "json", "xml"):
        raise ValueError(f"syntax={syntax!r}: expected json, xml or None")
    contract = contract or load_contract()
    shape = contract.shape(message)
    document = read_document(body, shape, syntax=syntax, exact=engine == "reference", limits=limits)
    if document.malformed:
        return Verdict(document, message, [breach_of(problem, shape) for problem in document.problems])
    verdict = _judge_document(document, message, engine, contract)
    if token_in_header:
        verdict.breaches = [breach for breach in verdict.breaches if not _is_token_missing(breach)]
    return verdict


def _is_token_missing(breach: Breach) -> bool:
    return breach.absent == "token" and not breach.pointer


def _judge_document(document: Document, message: Message, engine: Engine, contract: Contract) -> Verdict:
    value = _clamped(document.value) if document.long_integers else document.value
    shape = contract.shape(message)
    quota = Quota()
    structural = list(_structural(document, value, message, engine, contract, quota=quota))
    found = [*_reader_breaches(document, message, shape, structural), *structural]
    breaches = KeptBreaches(point_to_slips(found), quota)
    truncated = quota.is_used_up or len(document.problems) >= MAX_PROBLEMS
    unreadable = [_path(breach.pointer) for breach in structural if is_about_value(breach.rule)]
    is_incomplete = quota.is_decided or len(document.problems) >= MAX_PROBLEMS  # else only warnings are left out
    if is_incomplete or () in unreadable:
        return Verdict(document, message, breaches, truncated=truncated)
    readable = without_unreadable(value, unreadable) if unreadable else value
    if message == "request":
        order = Order(readable)
        check_order(order, breaches)
    return Verdict(document, message, breaches, readable, truncated=quota.is_used_up)


def _structural(
    document: Document, value: Any, message: Message, engine: Engine, contract: Contract, *, quota: Quota
) -> Iterable[Breach]:
    """What the schemas find wrong, by the engine that was asked for."""
    shape, in_xml = contract.shape(message), document.syntax == "xml"
    if engine == "fast":
        from altcraft_contract.validation import fast  # noqa: PLC0415 - one engine does not pay for the other

        is_small = document.data is not None and len(document.data) <= _SMALL
        faults = fast.iter_faults(contract.name, message, value, is_small=is_small)
        return breaches_of(faults, value, shape, quota, in_xml=in_xml)
    if in_xml:
        from altcraft_contract.validation import reference_xml  # noqa: PLC0415

        return reference_xml.iter_breaches(document, contract, message, quota)
    from altcraft_contract.validation import reference  # noqa: PLC0415

    return breaches_of(reference.iter_faults(contract.name, message, value), value, shape, quota, in_xml=False)


def _reader_breaches(
    document: Document, message: Message, shape: Shape, structural: Sequence[Breach]
) -> Iterable[Breach]:
    """What the reader found, without what the schemas tell too, or what stands in a result that nobody judges."""
    if not document.problems:
        return ()
    known = {(breach.rule, breach.pointer) for breach in structural}
    free_below = (
        "/data/" if document.syntax == "xml" and message == "response" and not is_successful(document.value) else None
    )
    breaches = [
        breach_of(problem, shape)
        for problem in document.problems
        if free_below is None or not problem.pointer.startswith(free_below)
    ]
    return [
        breach for breach in breaches if breach.rule == "unknown-field" or (breach.rule, breach.pointer) not in known
    ]


def _path(pointer: str) -> Path:
    """The way that *pointer* shows; digits are indexes, since no documented field is made of digits."""
    return tuple(int(token) if token.isdigit() else token for token in split(pointer))


def _clamped(value: Any) -> Any:
    """A copy of *value* in which integers of hundreds of digits are replaced by smaller ones, still far out of range.

    The engines cannot take them.
    """
    if isinstance(value, dict):
        return {name: _clamped(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_clamped(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return min(max(value, -_LARGEST_PLAIN), _LARGEST_PLAIN)
    return value


def result_of(verdict: Verdict, rules: RuleSelection, contract: Contract) -> CheckResult:
    """The result that users get of a *verdict*."""
    shape = contract.shape(verdict.message)
    return result_with(verdict.document, verdict.breaches, rules, shape, verdict.message, truncated=verdict.truncated)


def result_with(
    document: Document,
    breaches: Iterable[Breach],
    rules: RuleSelection,
    shape: Shape,
    message: str,
    *,
    truncated: bool = False,
    request: Document | None = None,
) -> CheckResult:
    """A result of those *breaches* that *rules* let count, to be placed in *document* when somebody asks.

    The secrets of *request*, which the document answers, are kept out of its text as well.
    """
    counted = [breach for breach in breaches if rules.counts(breach.rule)]
    return CheckResult(
        message,
        document.syntax,
        ok=not any(rules.severity_of(breach.rule) is Severity.ERROR for breach in counted),
        place=lambda: _placed(document, counted, rules, shape),
        render=lambda result: render_result(
            result, document.text, label=message, secrets=_secrets_of(document) | _secrets_of(request)
        ),
        truncated=truncated,
    )


def _secrets_of(document: Document | None) -> frozenset[str]:
    if document is None:
        return frozenset()
    return Redactor(document.text).secrets if document.malformed else secrets_of(document.value)


def _placed(document: Document, breaches: Sequence[Breach], rules: RuleSelection, shape: Shape) -> list[Finding]:
    """Findings in the order of the document."""
    offsets = document.locate({breach.pointer for breach in breaches if breach.offset is None})
    located = []
    for breach in breaches:
        offset = breach.offset if breach.offset is not None else offsets.get(breach.pointer)
        tokens = split(breach.pointer)
        order = (offset,) if offset is not None else _ordinals(document.value, tokens)
        located.append(((order, len(tokens), _RANKS[breach.rule]), breach, offset))
    located.sort(key=lambda entry: entry[0])
    return [_finding(document, breach, offset, rules, shape) for _, breach, offset in located]


def _ordinals(value: Any, tokens: Sequence[str]) -> tuple[int, ...]:
    """Where a value stands among those beside it, level by level."""
    ordinals = []
    for token in tokens:
        if isinstance(value, dict) and token in value:
            ordinals.append(list(value).index(token))
            value = value[token]
        elif isinstance(value, list) and token.isdigit() and int(token) < len(value):
            ordinals.append(int(token))
            value = value[int(token)]
        else:
            break
    return tuple(ordinals)


def _finding(document: Document, breach: Breach, offset: int | None, rules: RuleSelection, shape: Shape) -> Finding:
    rule = RULES[breach.rule]
    position = document.position(offset)
    *_, described = shape.along(iter(split(breach.pointer)))
    return Finding(
        breach.rule,
        rules.severity_of(breach.rule),
        rule.basis,
        breach.pointer,
        position.line if position is not None else None,
        position.column if position is not None else None,
        breach.message,
        breach.hint or rule.clause,
        described.section,
    )
