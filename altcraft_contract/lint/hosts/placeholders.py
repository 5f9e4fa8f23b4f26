"""Values that are put in before a message is sent: what is found at one says nothing about the message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.document import read_document
from altcraft_contract.documents.pointer import split
from altcraft_contract.findings import with_findings

if TYPE_CHECKING:
    from altcraft_contract.documents.limits import Limits
    from altcraft_contract.findings import CheckResult
    from altcraft_contract.lint.hosts.host import Excerpt


def without_placeholders(result: CheckResult, excerpt: Excerpt, limits: Limits) -> CheckResult:
    """*result* without what was found at values that hold a placeholder of *excerpt*."""
    pattern = excerpt.placeholder
    if pattern is None or not result.findings or pattern.search(excerpt.body.decode(errors="replace")) is None:
        return result
    shape = load_contract().shape("request" if excerpt.what == "request" else "response")
    value = read_document(excerpt.body, shape, syntax=excerpt.syntax, limits=limits).value
    kept = []
    for finding in result.findings:
        found = _find(value, finding.pointer)
        if not isinstance(found, str) or pattern.search(found) is None:
            kept.append(finding)
    return with_findings(result, kept) if len(kept) < len(result.findings) else result


def _find(value: Any, pointer: str) -> Any:
    for token in split(pointer):
        if isinstance(value, dict):
            value = value.get(token)
        elif isinstance(value, list) and token.isdecimal() and int(token) < len(value):
            value = value[int(token)]
        else:
            return None
    return value
