"""From a file to findings about the secrets in it."""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from typing import TYPE_CHECKING, Final

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.document import read_document
from altcraft_contract.documents.limits import DEFAULT_LIMITS, Limits
from altcraft_contract.documents.position import LineIndex
from altcraft_contract.documents.problem import MAX_PROBLEMS
from altcraft_contract.findings import CheckResult, Finding, Severity, with_findings
from altcraft_contract.lint.secrets.allow_list import NOTHING_ALLOWED
from altcraft_contract.lint.secrets.glance import is_plainly_clean
from altcraft_contract.lint.secrets.pointers import find_pointers
from altcraft_contract.renderers.text import render_result
from altcraft_contract.rules.catalogue import SECRET_RULES
from altcraft_contract.rules.selection import ALL_RULES, RuleSelection

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from altcraft_contract.contract import Message, Syntax
    from altcraft_contract.documents.document import Document
    from altcraft_contract.lint.secrets.allow_list import Allowed
    from altcraft_contract.lint.secrets.judging import Disclosure

_BYTE_ORDER_MARKS: Final = (BOM_UTF16_LE, BOM_UTF16_BE)
_UNPLACED: Final = 1 << 60  # sorts what has no place behind everything else


def text_of(data: bytes, limits: Limits = DEFAULT_LIMITS) -> str:
    """The text in which secrets are looked for, and in which the findings stand.

    UTF-16 is read too, though it is no message: editors write it, and a secret in it is one.
    """
    data = data[: limits.max_bytes]
    if data.startswith(_BYTE_ORDER_MARKS):
        return data.decode("utf-16", errors="replace")
    return data.decode(errors="replace")


def check_secrets(
    data: bytes,
    *,
    allow: Allowed = NOTHING_ALLOWED,
    syntax: Syntax | None = None,
    message: Message = "request",
    limits: Limits = DEFAULT_LIMITS,
    rules: RuleSelection = ALL_RULES,
) -> CheckResult:
    """Find real-looking tokens, addresses and telephone numbers in a file.

    Args:
        data: A message, well-formed or not, or a whole file that holds messages among other things.
        allow: What is no finding.
        syntax: Of the message; None if the file is more than a message, so that nothing has a pointer.
        message: Which message it is.
        limits: Bounds on the document; what is beyond them is not looked at.
        rules: Which rules count, and how severely.

    Returns:
        Findings of the rules `secret-*`. No message, hint or pointer repeats what was found.
    """
    document = None
    if syntax is not None:
        document = read_document(data, load_contract().shape(message), syntax=syntax, limits=limits)
        if is_plainly_clean(document):
            return _result(message, syntax, (), "", is_truncated=False)
    from altcraft_contract.lint.secrets.judging import iter_disclosures  # noqa: PLC0415 - most files pass at a glance

    text = text_of(data, limits)
    found = iter_disclosures(text, allow, is_message=syntax is not None)
    disclosures = sorted((one for one in found if rules.counts(one.rule)), key=lambda one: one.offset)
    kept = disclosures[:MAX_PROBLEMS]
    findings = tuple(_iter_findings(kept, text, document, rules))
    return _result(message, syntax or "json", findings, text, is_truncated=len(disclosures) > len(kept))


def merge(contract: CheckResult, secrets: CheckResult) -> CheckResult:
    """What both checks found out about one message, in the order of the document."""
    if not secrets.findings and not secrets.truncated:
        return contract
    findings = sorted([*contract.findings, *secrets.findings], key=_place)
    merged = with_findings(contract, findings)
    merged.truncated = contract.truncated or secrets.truncated
    return merged


def _place(finding: Finding) -> tuple[int, int]:
    return (finding.line or _UNPLACED, finding.column or _UNPLACED)


def _iter_findings(
    disclosures: Sequence[Disclosure], text: str, document: Document | None, rules: RuleSelection
) -> Iterator[Finding]:
    if not disclosures:
        return
    lines = LineIndex(text)
    pointers = {}
    if document is not None and not document.malformed:
        pointers = find_pointers(document, [(found.offset, found.value) for found in disclosures])
    for found in disclosures:
        rule = SECRET_RULES[found.rule]
        line, column = lines.position(found.offset)
        yield Finding(
            rule=rule.id,
            severity=rules.severity_of(rule.id),
            basis=rule.basis,
            pointer=pointers.get(found.offset, ""),
            line=line,
            column=column,
            message=found.message,
            hint=found.hint,
            section=rule.section,
        )


def _result(
    message: Message, syntax: Syntax, findings: tuple[Finding, ...], text: str, *, is_truncated: bool
) -> CheckResult:
    return CheckResult(
        message,
        syntax,
        ok=not any(finding.severity is Severity.ERROR for finding in findings),
        place=lambda: findings,
        render=lambda result: render_result(result, text, label=message),
        truncated=is_truncated,
    )
