"""Findings: what a check returns."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_SHOWN: Final = 3  # findings in the representation of a result


class Severity(StrEnum):
    """`error`: the body breaks the documented contract. `warning`: probably a mistake, or undocumented."""

    ERROR = "error"
    WARNING = "warning"


class Basis(StrEnum):
    """Why a rule is a rule.

    `documented`: the page says so. `example`: only the page's examples show it. `contradicted`: table and example
    disagree. `inferred`: common sense, ours.
    """

    DOCUMENTED = "documented"
    EXAMPLE = "example"
    CONTRADICTED = "contradicted"
    INFERRED = "inferred"


@dataclass(frozen=True, slots=True, repr=False)
class Finding:
    """A place where a document breaks a rule.

    Attributes:
        rule: Id of the rule.
        severity: As configured, or the rule's own.
        basis: Why the rule is a rule.
        pointer: RFC 6901 JSON Pointer into the JSON form of the message, for XML too.
        line: 1-based; None if the body was no text.
        column: 1-based, in characters; None if the body was no text.
        message: What was found and what was expected.
        hint: What to do about it; None where that is plain.
        section: Section of the vendor's page that describes the place.
    """

    rule: str
    severity: Severity
    basis: Basis
    pointer: str
    line: int | None
    column: int | None
    message: str
    hint: str | None
    section: str

    def __str__(self) -> str:
        place = f"{self.line}:{self.column}: " if self.line is not None else ""
        return f"{place}{self.severity} {self.rule}: {self.message} ({self.pointer or 'the document'})"

    def __repr__(self) -> str:
        place = f", {self.line}:{self.column}" if self.line is not None else ""
        return f"<Finding {self.severity} {self.rule} at {self.pointer or 'the document'}{place}>"


class CheckResult:
    """What a check found out about one message.

    Findings are placed in the text, and put in its order, when they are first asked for: a verdict costs nothing more.

    Attributes:
        message: `request`, `response` or `exchange`.
        syntax: `json` or `xml`.
        ok: Whether there is no error; warnings are allowed.
        truncated: Whether there were more findings than are kept.
    """

    __slots__ = ("_findings", "_place", "_render", "message", "ok", "syntax", "truncated")

    def __init__(
        self,
        message: str,
        syntax: str,
        *,
        ok: bool,
        place: Callable[[], Sequence[Finding]],
        render: Callable[[CheckResult], str],
        truncated: bool = False,
    ) -> None:
        self.message = message
        self.syntax = syntax
        self.ok = ok
        self.truncated = truncated
        self._place: Callable[[], Sequence[Finding]] | None = place
        self._render = render
        self._findings: tuple[Finding, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding, in the order of the document."""
        if self._place is not None:
            self._findings = tuple(self._place())
            self._place = None
        return self._findings

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings of severity error."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings of severity warning."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.WARNING)

    def __str__(self) -> str:
        return self._render(self)

    def __repr__(self) -> str:
        findings = (*self.errors, *self.warnings)
        told = [f"{finding.severity} {finding.rule} at {finding.pointer or 'the document'}" for finding in findings]
        if len(told) > _SHOWN:
            told[_SHOWN:] = [f"and {len(told) - _SHOWN} more"]
        return f"<CheckResult of a {self.syntax} {self.message}: {', '.join(told) or 'no findings'}>"

    def __reduce__(self) -> tuple[object, ...]:
        return _restored, (self.message, self.syntax, self.findings, str(self), self.truncated)


def with_findings(result: CheckResult, findings: Sequence[Finding]) -> CheckResult:
    """A result like *result* with *findings* that are known already: it holds no document.

    Args:
        result: What says of which message, and whether there were more findings.
        findings: In the order of the document; its text has a line for each.
    """
    known = tuple(findings)
    return CheckResult(
        result.message,
        result.syntax,
        ok=not any(finding.severity is Severity.ERROR for finding in known),
        place=lambda: known,
        render=lambda found: "\n".join(str(finding) for finding in found.findings),
        truncated=result.truncated,
    )


def _restored(message: str, syntax: str, findings: tuple[Finding, ...], text: str, *truncated: bool) -> CheckResult:
    """A result that has been pickled, as pytest-xdist does."""
    return CheckResult(
        message,
        syntax,
        ok=not any(finding.severity is Severity.ERROR for finding in findings),
        place=lambda: findings,
        render=lambda _: text,
        truncated=any(truncated),
    )
