"""Findings made safe to show, as most formats need them."""

from __future__ import annotations

from functools import cached_property
from pathlib import PurePath
from typing import TYPE_CHECKING, Final, NamedTuple

from altcraft_contract.renderers.visible import label_of, needs_redaction, visible
from altcraft_contract.rules.catalogue import find_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.findings import Basis, Finding, Severity
    from altcraft_contract.renderers.redaction import Redactor
    from altcraft_contract.renderers.report import Entry

_UNEXPLAINED: Final = {"configuration": "suppressed in the configuration", "baseline": "known before: in the baseline"}


class ShownFinding(NamedTuple):
    """A finding without secrets; no text in it has a control character or half a surrogate pair.

    Attributes:
        rule: Id of the rule.
        severity: As configured, or the rule's own.
        basis: Why the rule is a rule.
        pointer: RFC 6901 JSON Pointer; empty for the whole document.
        line: 1-based line of the file; None if the body was no text.
        column: 1-based, in characters; None if the body was no text.
        message: What was found and what was expected.
        hint: What to do about it; None where that is plain.
        section: Section of the vendor's page.
        fingerprint: What tells it again in a later run.
        suppression: Why it counts for nothing; None if it counts.
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
    fingerprint: str
    suppression: str | None = None

    @property
    def remedy(self) -> str:
        """What to do about it, as its hint or else its rule has it, with a capital."""
        told = self.hint or find_rule(self.rule).remedy
        return f"{told[:1].upper()}{told[1:]}"


class ShownEntry:
    """A checked document, made safe to show; what it costs is paid when it is asked for.

    Args:
        entry: The document.
    """

    def __init__(self, entry: Entry) -> None:
        self._entry = entry

    @cached_property
    def redactor(self) -> Redactor:
        """Knows the secrets of the document."""
        from altcraft_contract.renderers.redaction import Redactor  # noqa: PLC0415 - most documents do not need it

        entry = self._entry
        return Redactor(entry.text, "xml" if entry.result.syntax == "xml" else "json", secrets=entry.secrets)

    @cached_property
    def path(self) -> str:
        """The path for people: as the user named it, without control characters."""
        return label_of(visible(self._redacted_path(self._entry.path)))

    @cached_property
    def name(self) -> str:
        """The path for programs: with `/`, without a leading `./`; what it holds besides is left as it is.

        It may hold control characters and, as halves of surrogate pairs, bytes that are no text: see `encodable`.
        """
        return PurePath(self._redacted_path(self._entry.name or self._entry.path)).as_posix()

    @cached_property
    def where(self) -> str:
        """The place within a host file, for people; empty if the file is the document."""
        return self._shown(self._entry.where) if self._entry.where else ""

    def iter_findings(self) -> Iterator[ShownFinding]:
        """The findings that count, in the order of the document."""
        from altcraft_contract.renderers.fingerprint import fingerprints_of  # noqa: PLC0415 - as above

        findings = self._entry.result.findings
        if findings:
            for finding, fingerprint in zip(findings, fingerprints_of(self._entry), strict=True):
                yield self._finding(finding, fingerprint)

    def iter_suppressed(self) -> Iterator[ShownFinding]:
        """The findings that count for nothing."""
        for item in self._entry.suppressed:
            reason = self._shown(item.reason) or _UNEXPLAINED[item.kind]
            yield self._finding(item.finding, item.fingerprint, suppression=reason)

    def _finding(self, finding: Finding, fingerprint: str, *, suppression: str | None = None) -> ShownFinding:
        shift = self._entry.first_line - 1
        return ShownFinding(
            finding.rule,
            finding.severity,
            finding.basis,
            self._shown(finding.pointer),
            finding.line + shift if finding.line is not None else None,
            finding.column,
            self._shown(finding.message),
            self._shown(finding.hint) if finding.hint is not None else None,
            finding.section,
            fingerprint,
            suppression,
        )

    def _redacted_path(self, path: str) -> str:
        entry = self._entry
        if not (entry.text or entry.secrets or needs_redaction(path)):
            return path
        return self.redactor.redact_path(path)

    def _shown(self, text: str) -> str:
        return visible(self.redactor.redact(text))


def encodable(text: str) -> str:
    """*text*, with what UTF-8 cannot hold as escapes, such as the bytes of a file name that is not UTF-8."""
    try:
        return text.encode(errors="surrogateescape").decode(errors="backslashreplace")
    except UnicodeEncodeError:
        return text.encode(errors="backslashreplace").decode()


def shortened(text: str, longest: int) -> str:
    """*text* in at most *longest* characters: its middle is left out first."""
    if len(text) <= longest:
        return text
    end = (longest - 1) // 2
    return f"{text[: longest - 1 - end]}…{text[len(text) - end :]}"
