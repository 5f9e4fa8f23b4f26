"""The places of the rules with logic: where their own samples break them.

No schema says these rules, so they are asked: the sample that breaks a rule is checked, and the finding's pointer shows
the place. What follows is derived from the sample and the documented form as well:

- An object stands for all objects of its table: a promotion of the order for those of its lines.
- A rule about several sections speaks of the values of that type in each of them.
- A rule that its sample breaks at the second of two items speaks from there on: it compares items.
- A rule that speaks of some values of a closed set only, such as types of promotions, is asked which.
- What the samples set beside the place is compared with it: without it the rule has nothing to say.
"""

from __future__ import annotations

from copy import deepcopy
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from altcraft_contract.documents.pointer import split
from altcraft_contract.rules.catalogue import RULES
from altcraft_contract.rules.rule import ABSENT, Sample
from altcraft_contract.rules.samples import put, sample_message
from altcraft_contract.testing.coverage.fields import Mark, iter_places, template_of
from altcraft_contract.validation import check_request, check_response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from altcraft_contract.contract import Contract, Message
    from altcraft_contract.documents.shape import Kind, Shape
    from altcraft_contract.rules.rule import Rule
    from altcraft_contract.testing.coverage.fields import Place

_KINDS: Final[Mapping[Kind, tuple[type, ...]]] = {
    "object": (dict,),
    "free": (dict,),
    "list": (list,),
    "string": (str,),
    "integer": (int, float),
    "boolean": (bool,),
}


class Marked(NamedTuple):
    """The places of the rules with logic of one message.

    Attributes:
        marks: Template to the rules that speak of what stands there.
        companions: Id of a rule to the templates that a message must have besides.
    """

    marks: Mapping[str, tuple[Mark, ...]]
    companions: Mapping[str, frozenset[str]]


def find_marks(contract: Contract, message: Message, said: frozenset[str]) -> Marked:
    """The places of the rules for *message* that have a sample of values and are not among those *said* by a schema."""
    marks: dict[str, tuple[Mark, ...]] = {}
    companions: dict[str, frozenset[str]] = {}
    shape = contract.shape(message)
    for rule in RULES.values():
        if rule.id in said or not isinstance(rule.sample, Sample) or rule.sample.message != message:
            continue
        invalid = sample_message(rule.sample.invalid, message)
        for broken in _broken_pointers(contract, rule, rule.sample, invalid):
            companions[rule.id] = _companions(rule.sample, broken, shape)
            for template, mark in _marks_of(contract, rule, rule.sample, broken):
                marks[template] = (*marks.get(template, ()), mark)
    return Marked(marks, companions)


def _broken_pointers(contract: Contract, rule: Rule, sample: Sample, body: Mapping[str, Any]) -> list[str]:
    """Where *body*, a message like the sample, breaks *rule*."""
    check = check_request if sample.message == "request" else check_response
    findings = check(body, contract=contract).findings
    return [finding.pointer for finding in findings if finding.rule == rule.id]


def _marks_of(contract: Contract, rule: Rule, sample: Sample, broken: str) -> Iterator[tuple[str, Mark]]:
    shape = contract.shape(sample.message)
    places = {place.pointer: place for place in iter_places(shape)}
    here = places[template_of(broken, shape)]
    mark = Mark(
        rule.id, _KINDS[here.shape.kind], _first(sample, broken), _choice(contract, rule, sample, broken, here.shape)
    )
    for template, place in places.items():
        if template == here.pointer or _is_alike(place, here, rule):
            yield template, mark


def _is_alike(place: Place, here: Place, rule: Rule) -> bool:
    """Whether a rule that speaks of *here* speaks of *place* as well."""
    if not here.shape.type_name or place.shape.type_name != here.shape.type_name:
        return False
    if here.shape.kind == "object":
        return True
    sections = rule.section.split(", ")
    return len(sections) > 1 and place.shape.section in sections


def _first(sample: Sample, broken: str) -> int:
    """Index of the item of a list from which on a rule speaks: that of the broken one, if the valid sample has it."""
    index = 0
    value: Any = sample_message(sample.valid, sample.message)
    for token in split(broken):
        if isinstance(value, list):
            index = int(token)
            if index >= len(value):
                return 0
            value = value[index]
        else:
            value = value.get(token)
    return index


def _companions(sample: Sample, broken: str, shape: Shape) -> frozenset[str]:
    """Templates of what both samples set in the object in which the broken place stands."""
    holder, _, _ = broken.rpartition("/")
    both = [
        pointer
        for pointer, value in sample.invalid.items()
        if value is not ABSENT and sample.valid.get(pointer, ABSENT) is not ABSENT
    ]
    return frozenset(
        template_of(pointer, shape)
        for pointer in both
        if broken and pointer != broken and pointer.rpartition("/")[0] == holder
    )


def _choice(contract: Contract, rule: Rule, sample: Sample, broken: str, shape: Shape) -> Callable[[Any], bool] | None:
    """Tells the objects that a rule speaks of by their member with a closed set of values; None if it is all."""
    for name, member in shape.fields.items():
        chosen = set()
        for value in member.values:
            body = deepcopy(sample_message(sample.invalid, sample.message))  # it holds parts of the sample itself
            put(body, [*split(broken), name], value)
            if broken in _broken_pointers(contract, rule, sample, body):
                chosen.add(value)
        if len(chosen) < len(member.values):
            return partial(_is_chosen, name, frozenset(chosen))
    return None


def _is_chosen(name: str, chosen: frozenset[str], value: Any) -> bool:
    """Whether the member *name* of an object is one of those *chosen*."""
    found = value.get(name)
    return type(found) is str and found in chosen
