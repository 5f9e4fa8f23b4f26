"""What was exercised and what never, item by item, and how much of all that is."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

from altcraft_contract.rules.catalogue import RULES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from decimal import Decimal

    from altcraft_contract.contract import Message
    from altcraft_contract.rules.rule import Rule, Scope
    from altcraft_contract.stub.scenarios import Scenario
    from altcraft_contract.testing.coverage.collector import Coverage
    from altcraft_contract.testing.coverage.fields import Field

Group = Literal["request_fields", "response_fields", "rules", "scenarios"]

GROUPS: Final[Mapping[Group, str]] = {
    "request_fields": "request fields",
    "response_fields": "response fields",
    "rules": "rules",
    "scenarios": "scenarios",
}
"""What is counted apart, and its name in the reports."""
MESSAGES: Final[tuple[Message, ...]] = ("request", "response")


@dataclass(frozen=True, slots=True)
class Share:
    """How much of something is exercised.

    Attributes:
        exercised: How many are.
        all: How many there are.
    """

    exercised: int
    all: int

    @property
    def exact(self) -> Fraction:
        """The percentage; 100 where there is nothing to exercise."""
        return Fraction(100 * self.exercised, self.all) if self.all else Fraction(100)

    @property
    def percent(self) -> float:
        """The percentage with one decimal, rounded down, so that only all is 100."""
        return int(self.exact * 10) / 10


@dataclass(frozen=True, slots=True)
class FieldUse:
    """A field, and how many messages had it."""

    field: Field
    messages: int

    @property
    def name(self) -> str:
        """The field's template."""
        return self.field.pointer

    @property
    def exercised(self) -> bool:
        """Whether a checked message had the field."""
        return self.messages > 0


@dataclass(frozen=True, slots=True)
class RuleUse:
    """A rule, how many messages or exchanges kept it, and how many findings told that it was broken."""

    rule: Rule
    kept: int
    broken: int

    @property
    def name(self) -> str:
        """The rule's id."""
        return self.rule.id

    @property
    def exercised(self) -> bool:
        """Whether the rule was kept or broken."""
        return self.kept + self.broken > 0


@dataclass(frozen=True, slots=True)
class ScenarioUse:
    """A scenario, and how many answers of the stub were made by it."""

    scenario: Scenario
    answers: int

    @property
    def name(self) -> str:
        """The scenario's name."""
        return self.scenario.name

    @property
    def exercised(self) -> bool:
        """Whether the stub answered so."""
        return self.answers > 0


Use = FieldUse | RuleUse | ScenarioUse


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything there is to exercise, with its counts.

    Attributes:
        contract: Version of the contract.
        messages: Number of checked messages and exchanges: `request`, `response`, `exchange`.
        fields: Those of the request first, in the order of the documentation.
        rules: In the order of the catalogue, without those that are switched off.
        off: Ids of the rules that are switched off; they count nowhere.
        scenarios: In the order of their table.
    """

    contract: str
    messages: Mapping[str, int]
    fields: tuple[FieldUse, ...]
    rules: tuple[RuleUse, ...]
    off: tuple[str, ...]
    scenarios: tuple[ScenarioUse, ...]

    def uses(self, group: Group) -> tuple[Use, ...]:
        """What is counted in *group*."""
        if group == "rules":
            return self.rules
        if group == "scenarios":
            return self.scenarios
        message = group.removesuffix("_fields")
        return tuple(use for use in self.fields if use.field.message == message)

    def never(self, group: Group) -> tuple[str, ...]:
        """Names of what was never exercised in *group*."""
        return tuple(use.name for use in self.uses(group) if not use.exercised)

    @property
    def shares(self) -> Mapping[Group, Share]:
        """How much of each group is exercised."""
        return {group: _share(self.uses(group)) for group in GROUPS}

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups in which there is something to exercise."""
        return tuple(group for group in GROUPS if self.uses(group))

    @property
    def total(self) -> Share:
        """How much of everything is exercised."""
        return _share(use for group in GROUPS for use in self.uses(group))

    def falls_short(self, percent: float | Decimal) -> bool:
        """Whether less than *percent* of everything is exercised; compared exactly, not as rounded for people."""
        return self.total.exact < Fraction(str(percent))


def summarize(coverage: Coverage) -> Summary:
    """Set what *coverage* counted against all that there is to exercise."""
    from altcraft_contract.stub.scenarios import SCENARIOS  # noqa: PLC0415 - the stub takes long to load

    scopes: tuple[Scope, ...] = ("message", "request", "response", "exchange")
    return _summary(coverage, MESSAGES, scopes, SCENARIOS.values())


def summarize_files(coverage: Coverage, messages: Sequence[Message] = MESSAGES) -> Summary:
    """The same for files, each of which holds one message: there are neither exchanges nor answers of the stub.

    Args:
        coverage: What was counted.
        messages: Which kinds of messages the files are to exercise.
    """
    return _summary(coverage, messages, ("message", *messages), ())


def _summary(
    coverage: Coverage, messages: Collection[Message], scopes: Collection[Scope], scenarios: Iterable[Scenario]
) -> Summary:
    counts = coverage.as_json()
    return Summary(
        contract=coverage.contract.version,
        messages={name: counts["messages"].get(name, 0) for name in ("request", "response", "exchange")},
        fields=tuple(
            FieldUse(field, counts[field.message].get(field.pointer, 0))
            for field in coverage.plan.fields
            if field.message in messages
        ),
        rules=tuple(
            RuleUse(rule, counts["kept"].get(rule.id, 0), counts["broken"].get(rule.id, 0))
            for rule in RULES.values()
            if rule.scope in scopes and rule.id not in coverage.off
        ),
        off=tuple(rule.id for rule in RULES.values() if rule.scope in scopes and rule.id in coverage.off),
        scenarios=tuple(ScenarioUse(scenario, counts["scenarios"].get(scenario.name, 0)) for scenario in scenarios),
    )


def _share(uses: Iterable[Use]) -> Share:
    exercised = [use.exercised for use in uses]
    return Share(sum(exercised), len(exercised))
