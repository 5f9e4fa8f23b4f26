"""Comparisons of findings, explained for pytest: what was found, what is missing, what is too much."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, TypeGuard

from altcraft_contract.findings import CheckResult, Finding
from altcraft_contract.renderers.redaction import redact_text
from altcraft_contract.renderers.text import count
from altcraft_contract.renderers.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_MOST_SHOWN: Final = 20  # findings of each kind; pytest cuts a long explanation, unless it is asked with -vv
_STEP: Final = "  "


def compare(op: str, left: object, right: object) -> list[str] | None:
    """Explain a comparison that failed, for `pytest_assertrepr_compare`.

    Args:
        op: The operator, such as `==`.
        left: The left operand.
        right: The right one.

    Returns:
        A summary and details, line by line; None if neither operand is a result or holds findings.
    """
    if isinstance(left, CheckResult) or isinstance(right, CheckResult):
        return _compare_result(op, left, right)
    if op in ("in", "not in") and _is_findings(right):
        return _explain_membership(op, left, right)
    if op not in ("==", "!=") or not (_is_findings(left) or _is_findings(right)):
        return None
    if _is_findings(left, or_empty=True) and _is_findings(right, or_empty=True):
        return _compare_findings(op, left, right)
    sides = (left, right)
    return [
        f" {op} ".join(_counted(side) if _is_findings(side) else _short(side) for side in sides),
        *_listed("found:", next(side for side in sides if _is_findings(side))),
        "to compare rules, collect them: [finding.rule for finding in result.findings]",
    ]


def _compare_result(op: str, left: object, right: object) -> list[str]:
    result = left if isinstance(left, CheckResult) else right
    sides = " ".join((_short(left), op, _short(right)))
    return [
        sides,
        *str(result).splitlines(),
        "a result is equal to itself alone: compare its `findings`, or ask for `ok`",
    ]


def _explain_membership(op: str, wanted: object, findings: Sequence[Finding]) -> list[str]:
    remark = "to look for a rule, collect them: [finding.rule for finding in result.findings]"
    listed = _listed("found:", findings)
    return [f"{_short(wanted)} {op} {_counted(findings)}", *listed, *([remark] if isinstance(wanted, str) else [])]


def _compare_findings(op: str, left: Sequence[Finding], right: Sequence[Finding]) -> list[str]:
    summary = f"{_counted(left)} {op} {_counted(right)}"
    if op == "!=":
        return [summary, *_listed("both sides:", left)]
    if not right or not left:
        return [summary, *_listed("found:" if left else "missing:", left or right)]
    extra, missing = Counter(left) - Counter(right), Counter(right) - Counter(left)
    if not extra and not missing:
        kinds = {type(left).__name__, type(right).__name__}
        reason = "a list never equals a tuple" if len(kinds) > 1 else "in another order"
        return [summary, f"the same findings: {reason}", *_listed("left:", left)]
    return [
        summary,
        *_listed("only on the left:", extra.elements()),
        *_listed("only on the right:", missing.elements()),
    ]


def _is_findings(value: object, *, or_empty: bool = False) -> TypeGuard[Sequence[Finding]]:
    is_sequence = isinstance(value, list | tuple) and all(isinstance(item, Finding) for item in value)
    return is_sequence and (or_empty or bool(value))


def _counted(findings: Sequence[Finding]) -> str:
    return count(len(findings), "finding") if findings else "no findings"


def _short(value: object) -> str:
    if isinstance(value, Finding):
        return _told(value)
    return visible(redact_text(repr(value)))


def _listed(title: str, findings: Iterable[Finding]) -> Iterator[str]:
    known = list(findings)
    if not known:
        return
    yield title
    for finding in known[:_MOST_SHOWN]:
        yield _STEP + _told(finding)
        if finding.hint:
            yield f"{_STEP * 2}hint: {visible(redact_text(finding.hint))}"
    if len(known) > _MOST_SHOWN:
        yield f"{_STEP}… and {len(known) - _MOST_SHOWN} more"


def _told(finding: Finding) -> str:
    return visible(redact_text(str(finding)))
