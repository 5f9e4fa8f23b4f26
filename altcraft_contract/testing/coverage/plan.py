"""What there is to exercise: everything that is looked for in a message, read from the contract once."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from altcraft_contract.rules.catalogue import RULES
from altcraft_contract.rules.rule import ExchangeSample, TextSample
from altcraft_contract.rules.schema_faults import is_about_value
from altcraft_contract.testing.coverage.fields import Field, Node, fields_of, find_present, node_of, template_of
from altcraft_contract.testing.coverage.keywords import Keywords, find_spoken, keywords_of, rules_in
from altcraft_contract.testing.coverage.marks import find_marks
from altcraft_contract.validation.closed import close

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from altcraft_contract.contract import Contract, Message
    from altcraft_contract.documents.shape import Shape
    from altcraft_contract.findings import Finding

TEXT_RULES = frozenset(rule.id for rule in RULES.values() if isinstance(rule.sample, TextSample))
"""Rules about the text of a message, whatever it says."""

EXCHANGE_RULES = frozenset(rule.id for rule in RULES.values() if isinstance(rule.sample, ExchangeSample))
"""Rules about a request and its response together."""


class Seen(NamedTuple):
    """What one message exercises.

    Attributes:
        fields: Templates of the documented fields that it has.
        spoken: Ids of the rules that speak of something in it, broken or not.
    """

    fields: frozenset[str]
    spoken: frozenset[str]


class MessagePlan(NamedTuple):
    """What is looked for in one kind of message.

    Attributes:
        shape: Its documented form.
        fields: Its documented fields.
        templates: Their templates.
        node: What is looked for at each place.
        keywords: What the schema says at each place.
        companions: Id of a rule with logic to what a message must have besides the rule's own place.
    """

    shape: Shape
    fields: tuple[Field, ...]
    templates: frozenset[str]
    node: Node
    keywords: Keywords
    companions: Mapping[str, frozenset[str]]

    def look(self, value: Any, findings: Sequence[Finding]) -> Seen:
        """See what *value*, the JSON form of a message with *findings*, exercises."""
        present: set[str] = set()
        marked: set[tuple[str, str]] = set()
        spoken: set[str] = set()
        find_present(self.node, value, present, marked)
        find_spoken(self.keywords, value, spoken)
        faulty = {template_of(finding.pointer, self.shape) for finding in findings if is_about_value(finding.rule)}
        readable = present - faulty if faulty else present
        for rule, template in marked:
            if template in readable and self.companions.get(rule, frozenset()) <= readable:
                spoken.add(rule)
        return Seen(self.templates & present, frozenset(spoken))


class Plan(NamedTuple):
    """What there is to exercise in messages of one version of the contract."""

    request: MessagePlan
    response: MessagePlan

    def of(self, message: Message) -> MessagePlan:
        """What is looked for in *message*."""
        return self.request if message == "request" else self.response

    @property
    def fields(self) -> tuple[Field, ...]:
        """The documented fields, those of the request first."""
        return (*self.request.fields, *self.response.fields)


@cache
def plan_of(contract: Contract) -> Plan:
    """What there is to exercise by *contract*."""
    return Plan(_message_plan(contract, "request"), _message_plan(contract, "response"))


def _message_plan(contract: Contract, message: Message) -> MessagePlan:
    shape = contract.shape(message)
    keywords = keywords_of(close(contract.schema(message)))
    marked = find_marks(contract, message, frozenset(rules_in(keywords)))
    fields = fields_of(shape, message)
    templates = frozenset(field.pointer for field in fields)
    return MessagePlan(shape, fields, templates, node_of(shape, marked.marks), keywords, marked.companions)
