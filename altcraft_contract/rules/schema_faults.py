"""From what a JSON Schema engine reports to broken rules: one mistake, one finding.

The schema itself says which rule a keyword enforces (`x-rules`); here stand the folding and the words.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from altcraft_contract.documents.pointer import escape, join, split
from altcraft_contract.documents.problem import MAX_PROBLEMS
from altcraft_contract.rules.additions import ALTERNATIVES, advise_addition
from altcraft_contract.rules.advice import Place, advise, describe_expected, describe_found
from altcraft_contract.rules.catalogue import RULES
from altcraft_contract.rules.nearest import find_nearest
from altcraft_contract.rules.rule import ERROR, Breach, Meant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from altcraft_contract.documents.shape import Shape
    from altcraft_contract.rules.order import Path

RULES_KEYWORD: Final = "x-rules"
_ONCE_PER_OBJECT: Final = frozenset({"required", "additionalProperties"})
_OF_ANY_TYPE: Final = frozenset(
    {"enum", "minimum", "maximum"}
)  # keywords that a value of the wrong type may break, too
_VALUE_RULES: Final = frozenset(
    {
        "wrong-type",
        "unknown-value",
        "invalid-decimal",
        "invalid-timestamp",
        "invalid-currency",
        "out-of-range",
        "empty-value",
    }
)
"""Rules about a value itself: what breaks one cannot be compared with anything."""


class SchemaFault(NamedTuple):
    """One report of a JSON Schema engine.

    Attributes:
        path: To the value that it is about.
        keyword: The keyword that failed.
        schema: The subschema in which the keyword stands.
    """

    path: Path
    keyword: str
    schema: Mapping[str, Any]

    @property
    def rule(self) -> str:
        """The rule that the keyword enforces there."""
        return str(self.schema[RULES_KEYWORD][self.keyword])


def is_about_value(rule: str) -> bool:
    """Whether *rule* is about a value itself, so that no other rule can read what breaks it."""
    return rule in _VALUE_RULES


class Quota:
    """How many breaches of a document are kept: so many of each rule, and nothing once there are that many of an error.

    Attributes:
        is_used_up: Whether there may be more breaches than are kept.
        is_decided: Whether the verdict is so plain that nothing more need be looked for. No number of warnings
            makes it so.
    """

    def __init__(self) -> None:
        self._kept: Counter[str] = Counter()
        self.is_used_up = False
        self.is_decided = False

    def admits(self, rule: str) -> bool:
        """Count a breach of *rule*; whether it is to be kept."""
        self._kept[rule] += 1
        if self._kept[rule] >= MAX_PROBLEMS:
            self.is_used_up = True
            self.is_decided |= RULES[rule].severity is ERROR
        return self._kept[rule] <= MAX_PROBLEMS


class KeptBreaches(list[Breach]):
    """Breaches, as many of them as a quota admits."""

    def __init__(self, breaches: Iterable[Breach], quota: Quota) -> None:
        super().__init__(breaches)
        self._quota = quota

    def append(self, breach: Breach) -> None:
        """Keep *breach*, if there are not too many of its rule."""
        if self._quota.admits(breach.rule):
            super().append(breach)


def breaches_of(
    faults: Iterable[SchemaFault], value: Any, shape: Shape, quota: Quota, *, in_xml: bool
) -> Iterator[Breach]:
    """The broken rules behind *faults*.

    Args:
        faults: What an engine reports for one document, one after the other.
        value: The document's value.
        shape: The documented form of the message.
        quota: How many are kept; once it is decided nothing more is asked of the engine.
        in_xml: Whether the document is XML, for the words.
    """
    seen: set[tuple[Path, str, int]] = set()
    words = _Words(value, shape, quota, in_xml=in_xml)
    for fault in faults:
        found = value
        for token in fault.path:
            found = found[token]
        if fault.keyword in _OF_ANY_TYPE and not _is_of_type(found, fault.schema["type"]):
            continue
        if fault.keyword in _ONCE_PER_OBJECT:
            key = (fault.path, fault.keyword, id(fault.schema))
            if key in seen:
                continue
            seen.add(key)
        yield from words.breaches(fault, found)
        if quota.is_decided:
            return


def _is_of_type(value: Any, name: str) -> bool:
    """Whether *value* is a string, or a whole number, as JSON Schema has it."""
    if name == "string":
        return isinstance(value, str)
    return isinstance(value, int | float) and not isinstance(value, bool) and value == int(value)


class _Words:
    """Says what a fault means."""

    def __init__(self, value: Any, shape: Shape, quota: Quota, *, in_xml: bool) -> None:
        self.value = value
        self.shape = shape
        self.quota = quota
        self.in_xml = in_xml

    def breaches(self, fault: SchemaFault, found: Any) -> Iterator[Breach]:
        """The broken rules that *fault* tells of; it is about the value *found*."""
        pointer = join(fault.path)
        if fault.keyword == "required":
            for name in fault.schema["required"]:
                if name not in found and self.quota.admits(fault.rule):
                    yield Breach(fault.rule, pointer, *self.missing(fault, name, found), absent=name)
        elif fault.keyword == "additionalProperties":
            documented = fault.schema["properties"]
            for name in found:
                if name not in documented and self.quota.admits(fault.rule):
                    yield unknown_field(self.shape, f"{pointer}/{escape(name)}", name)
        elif self.quota.admits(fault.rule):
            yield Breach(fault.rule, pointer, *self.wrong(fault, found))

    def shape_at(self, path: Path) -> Shape | None:
        shapes = list(self.shape.along(iter(path)))
        return shapes[-1] if len(shapes) == len(path) + 1 else None

    def missing(self, fault: SchemaFault, name: str, holder: Mapping[str, Any]) -> tuple[str, str | None]:
        shape = self.shape_at(fault.path)
        section = shape.section if shape is not None else ""
        message = f"`{name}` is missing"
        if fault.rule == "missing-field":
            message += f"; the {section} requires it" if section else ""
        elif fault.rule == "redeem-points-missing":
            message += ", though a promotion of the type `redeem_points` is requested"
        else:
            message += f", which a promotion of the type `{holder['type']}` needs"
        return message, advise_addition(fault.rule, name, shape, in_xml=self.in_xml)

    def wrong(self, fault: SchemaFault, found: Any) -> tuple[str, str | None]:
        shape = self.shape_at(fault.path)
        secret = shape is not None and shape.secret
        name = f"`{fault.path[-1]}`" if fault.path and isinstance(fault.path[-1], str) else "the item"
        if not fault.path:
            name = "the root"
        if fault.rule == "wrong-type":
            what = describe_found(found, secret=secret, in_xml=self.in_xml)
            message = f"{name} is {what}, expected {describe_expected(fault.schema, in_xml=self.in_xml)}"
        else:
            message = _MESSAGES[fault.rule].format(
                name=name,
                found=describe_found(found, secret=secret, in_xml=self.in_xml),
                values=", ".join(fault.schema.get("enum", ())),
                least=f"{fault.schema.get('minimum', '')}",
            )
        return message, self.advice(fault, found, shape)

    def advice(self, fault: SchemaFault, found: Any, shape: Shape | None) -> str | None:
        """What to do about a value that is there."""
        if shape is None:
            return None
        if fault.rule in ALTERNATIVES:
            return advise_addition(fault.rule, None, shape, in_xml=self.in_xml)
        name = fault.path[-1] if fault.path else None
        holder = self.shape_at(fault.path[:-1])
        is_optional = isinstance(name, str) and holder is not None and name not in holder.required
        place = Place(shape, self.in_xml, is_optional=is_optional, is_item=isinstance(name, int))
        return advise(fault.rule, found, fault.schema, place)


def unknown_field(root: Shape, pointer: str, name: str, offset: int | None = None) -> Breach:
    """The breach of a member or an element at *pointer* that the documentation does not list."""
    holder_pointer = pointer.rpartition("/")[0]
    *_, holder = root.along(iter(split(holder_pointer)))
    shown = name[:80]
    message = f"`{shown}` is not documented in the {holder.section}"
    nearest = find_nearest(name, holder.fields)
    if nearest is not None:
        slip = Meant(holder_pointer, nearest, f"rename `{shown}`, which stands here, to it")
        return Breach("unknown-field", pointer, message, f"did you mean `{nearest}`?", offset, None, slip)
    home, home_pointer = next(((shape, at) for shape, at in _objects(root, "") if name in shape.fields), (None, None))
    if home is None:
        return Breach("unknown-field", pointer, message, _where_to_put(holder), offset)
    remedy = f"move `{shown}` here, which stands in the {holder.section}"
    meant = Meant(home_pointer, name, remedy) if home_pointer is not None else None
    return Breach("unknown-field", pointer, message, f"`{shown}` belongs to the {home.section}", offset, None, meant)


def _where_to_put(holder: Shape) -> str:
    return "put it into `custom_fields`, or leave it out" if "custom_fields" in holder.fields else "leave it out"


def _objects(shape: Shape, pointer: str | None) -> Iterator[tuple[Shape, str | None]]:
    """All documented objects, from the outside to the inside, with their pointers; None below a list."""
    if shape.kind == "object":
        yield shape, pointer
    for name, child in shape.fields.items():
        yield from _objects(child, f"{pointer}/{name}" if pointer is not None else None)
    if shape.item is not None:
        yield from _objects(shape.item, None)


_MESSAGES: Final[Mapping[str, str]] = {
    "empty-value": "{name} is empty",
    "empty-list": "{name} has no item; an order has at least one line",
    "unknown-value": "{name} is {found}, expected one of: {values}",
    "invalid-decimal": "{name} is {found}, expected a plain decimal such as 2500.00",
    "invalid-timestamp": "{name} is {found}, expected an ISO 8601 time such as 2026-02-18T13:01:05Z",
    "invalid-currency": "{name} is {found}, expected three capital letters such as RUB",
    "out-of-range": "{name} is {found}, expected a whole number from {least} on, within 64 bits",
    "profile-identifier-missing": "none of `profile_id`, `email` and `phone` is given; one of them says who ordered",
    "line-item-missing": "the line has neither `product` nor `sku`",
    "points-currency-missing": "neither `points_currency_iid` nor `points_currency_eid` says which points these are",
    "redeem-points-missing": "{name} is empty, though a promotion of the type `redeem_points` is requested",
    "processing-target-unexpected": "{name} stands beside the status `outdated`; it is only for `success`",
}


def describe_element_fault(
    rule: str, pointer: str, found: Any, missing: str | None, root: Shape
) -> tuple[str, str | None]:
    """The message and the hint for what an XML Schema finds wrong with an element.

    Args:
        rule: Id of the broken rule.
        pointer: To the element.
        found: Its text; an empty dictionary if it holds elements.
        missing: Name of the field that it lacks, if that is what is wrong.
        root: The documented form of the message.
    """
    shapes = list(root.along(iter(split(pointer))))
    shape = shapes[-1]
    if missing is not None:
        message = f"`{missing}` is missing; the {shape.section} requires it"
        return message, advise_addition(rule, missing, shape, in_xml=True)
    name = f"`{split(pointer)[-1]}`" if pointer else "the root"
    if rule == "duplicate-field":
        return f"{name} stands more than once; only the last one is judged", "leave one of them out"
    what = describe_found(found, secret=shape.secret, in_xml=True)
    if rule == "wrong-type":
        return f"{name} is {what}, which is not of the documented type", None
    return _MESSAGES.get(rule, f"{name} breaks the rule {rule}").format(
        name=name, found=what, values="…", least="…"
    ), advise_addition(rule, None, shape, in_xml=True)
