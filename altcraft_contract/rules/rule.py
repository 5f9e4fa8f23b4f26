"""What a rule is, what a broken one leaves, and which rules count."""

from __future__ import annotations

from dataclasses import dataclass
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
        at: Pointer to the value that differs, in the sample order or the sample response.
        valid: The value that keeps the rule.
        invalid: The value that breaks it.
        message: Which sample body it stands in.
        valid_texts: Instead of values, where values cannot show it: syntax to text.
        invalid_texts: The same, for the broken text.
        json_only: Whether XML cannot make this mistake.
        merge: Whether the values are members to add to the object at `at`, instead of the value itself.
    """

    at: str = ""
    valid: Any = ABSENT
    invalid: Any = ABSENT
    message: Literal["request", "response"] = "request"
    valid_texts: Mapping[str, str] | None = None
    invalid_texts: Mapping[str, str] | None = None
    json_only: bool = False
    merge: bool = False


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
        sample: What keeps and what breaks it; None for rules about an exchange.
    """

    id: str
    severity: Severity
    basis: Basis
    scope: Scope
    section: str
    statement: str
    remedy: str
    sample: Sample | None = None


class Breach(NamedTuple):
    """A broken rule that has not yet been placed in the text.

    Attributes:
        rule: Id of the rule.
        pointer: RFC 6901 pointer.
        message: What was found and what was expected.
        hint: What to do about it.
        offset: Where it stands, in characters from 0, if the reader knows already.
    """

    rule: str
    pointer: str
    message: str
    hint: str | None = None
    offset: int | None = None
