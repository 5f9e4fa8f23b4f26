"""What a rule is, what a broken one leaves, and which rules count."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from altcraft_contract.findings import Basis, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

ERROR: Final = Severity.ERROR
WARNING: Final = Severity.WARNING
DOCUMENTED: Final = Basis.DOCUMENTED
EXAMPLE: Final = Basis.EXAMPLE
CONTRADICTED: Final = Basis.CONTRADICTED
INFERRED: Final = Basis.INFERRED

BASIS_MEANINGS: Final[Mapping[Basis, str]] = MappingProxyType(
    {
        DOCUMENTED: "the page says so",
        EXAMPLE: "only the page's examples show it",
        CONTRADICTED: "the page's table and its example disagree",
        INFERRED: "ours, the page is silent",
    }
)
"""Basis of a rule to what that means, for people."""

Scope = Literal["message", "request", "response", "exchange"]


class Absent:
    """The value of a sample's field that is left out."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent()


@dataclass(frozen=True, slots=True)
class Sample:
    """The least that keeps a rule, and the least that breaks it.

    Attributes:
        valid: Pointer to value: what makes the sample message keep the rule.
        invalid: The same, to break it; `ABSENT` leaves a member out.
        message: Which sample message is changed.
        json_only: Whether XML cannot make this mistake.
    """

    valid: Mapping[str, Any]
    invalid: Mapping[str, Any]
    message: Literal["request", "response"] = "request"
    json_only: bool = False


@dataclass(frozen=True, slots=True)
class TextSample:
    """A sample that values cannot show.

    Attributes:
        valid: Syntax to text, in place of the whole message.
        invalid: The same, to break the rule.
    """

    valid: Mapping[str, str]
    invalid: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ExchangeSample:
    """The least that keeps a rule for an exchange, and the least that breaks it.

    Attributes:
        valid: Edits of the sample request and of the sample response, pointer to value.
        invalid: The same, to break the rule.
        other_syntax: Whether it is broken by the response being in the other syntax.
    """

    valid: tuple[Mapping[str, Any], Mapping[str, Any]]
    invalid: tuple[Mapping[str, Any], Mapping[str, Any]]
    other_syntax: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One documented requirement, or one well-founded suspicion.

    Attributes:
        id: Kebab-case, the same for JSON and XML, never renamed or reused.
        severity: Unless configured otherwise.
        basis: Why it is a rule.
        scope: Which message it is about; `message` is both.
        section: Section of the vendor's page; several where it is about several.
        statement: What the page says, or what we infer, in our words.
        remedy: What to do about a finding.
        sample: What keeps and what breaks it.
    """

    id: str
    severity: Severity
    basis: Basis
    scope: Scope
    section: str
    statement: str
    remedy: str
    sample: Sample | TextSample | ExchangeSample

    @property
    def clause(self) -> str:
        """The remedy as a clause, for findings that have no hint of their own."""
        return f"{self.remedy[0].lower()}{self.remedy[1:].removesuffix('.')}"


class Meant(NamedTuple):
    """The documented member that an undocumented one was probably meant to be.

    Attributes:
        pointer: To the object that it belongs to.
        name: Its name.
        remedy: How to make the one of the other.
    """

    pointer: str
    name: str
    remedy: str


class Breach(NamedTuple):
    """A broken rule that has not yet been placed in the text.

    Attributes:
        rule: Id of the rule.
        pointer: RFC 6901 pointer.
        message: What was found and what was expected.
        hint: What to do about it.
        offset: Where it stands, in characters from 0, if the reader knows already.
        absent: Name of the required member that is not there, where that is the mistake.
        meant: The documented member that an undocumented one was probably meant to be, and what to do with that one.
    """

    rule: str
    pointer: str
    message: str
    hint: str | None = None
    offset: int | None = None
    absent: str | None = None
    meant: Meant | None = None
