"""What a failed assertion shows: how many findings, each with its place and source, and where to read on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from altcraft_contract.documents.mapping import read_value
from altcraft_contract.errors import ContractViolated
from altcraft_contract.findings import CheckResult, Severity, with_findings
from altcraft_contract.renderers.redaction import Redactor, secrets_of
from altcraft_contract.renderers.text import count, render_result

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from altcraft_contract.findings import Finding
    from altcraft_contract.testing.assertions.judging import Content, Judgement

MOST_SHOWN: Final = 20  # findings; the others are counted


def violation_of(subject: str, judgements: Sequence[Judgement]) -> ContractViolated:
    """The exception for *judgements* of which one has an error at least.

    Args:
        subject: What breaks the contract: `request`, `response` or `exchange`.
        judgements: What was found, by message. Nothing is rendered until somebody asks for the text.
    """
    last = judgements[-1].result
    findings = tuple(finding for judgement in judgements for finding in judgement.result.findings)
    return ContractViolated(
        CheckResult(
            subject,
            last.syntax,
            ok=False,
            place=lambda: findings,
            render=lambda _: _render(subject, findings, judgements),
            truncated=any(judgement.result.truncated for judgement in judgements),
        )
    )


def count_severities(findings: Iterable[Finding]) -> str:
    """How many errors and warnings there are: `2 errors, 1 warning`; what there is none of is left out."""
    severities = [finding.severity for finding in findings]
    counts = [(severities.count(severity), severity.value) for severity in Severity]
    return ", ".join(count(number, noun) for number, noun in counts if number) or "no findings"


def _render(subject: str, findings: Sequence[Finding], judgements: Sequence[Judgement]) -> str:
    secrets = frozenset().union(*(_secrets_in(judgement.content) for judgement in judgements))
    lines = [f"the {subject} breaks the contract: {count_severities(findings)}"]
    room = MOST_SHOWN
    for judgement in judgements:
        shown = judgement.result.findings[: max(room, 0)]
        room -= len(shown)
        if shown:
            lines.append(_render_judgement(judgement, len(shown), secrets))
    if len(findings) > MOST_SHOWN:
        lines.append(
            f"… and {count(len(findings) - MOST_SHOWN, 'finding')} more, in `.result.findings` of the exception"
        )
    rules = dict.fromkeys(finding.rule for finding in findings if finding.severity is Severity.ERROR)
    lines.append(f"more about a rule: `altcraft-contract explain {next(iter(rules))}`")
    return "\n".join(lines)


def _render_judgement(judgement: Judgement, most: int, secrets: frozenset[str]) -> str:
    label, result = str(judgement.label), judgement.result
    text = text_of(judgement.content) if not isinstance(judgement.content, Mapping) else None
    if text is None:
        text, result = _written(judgement)
        label += " as JSON" if text else ""
    shown = with_findings(result, result.findings[:most])
    return render_result(shown, text, label=label, secrets=secrets)


def _written(judgement: Judgement) -> tuple[str, CheckResult]:
    """A parsed body as text, and the same findings placed there; no text, if it cannot be written."""
    value = read_value(judgement.content).value
    if value is None:
        return "", judgement.result
    try:
        text = json.dumps(value, ensure_ascii=False, indent=2)
    except ValueError:  # an integer with more digits than Python writes
        return "", judgement.result
    placed = judgement.check(text)
    return (text, placed) if places_of(placed) == places_of(judgement.result) else ("", judgement.result)


def places_of(result: CheckResult) -> list[tuple[str, str, str]]:
    """Rule, severity and pointer of each finding, in an order that is the same for text and for parsed values."""
    return sorted((finding.rule, finding.severity.value, finding.pointer) for finding in result.findings)


def text_of(content: bytes | str) -> str:
    """A body as text; what is not UTF-8 is replaced."""
    data = content if isinstance(content, bytes) else content.encode(errors="surrogatepass")
    return data.decode(errors="replace")


def _secrets_in(content: Content) -> frozenset[str]:
    if isinstance(content, Mapping):
        return secrets_of(read_value(content).value)
    return Redactor(text_of(content)).secrets
