"""Findings of a message within a host file, put in their places in that file."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from altcraft_contract.documents.position import LineIndex
from altcraft_contract.findings import with_findings
from altcraft_contract.renderers.redaction import Redactor
from altcraft_contract.renderers.report import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.findings import CheckResult, Finding
    from altcraft_contract.lint.hosts.host import Excerpt
    from altcraft_contract.lint.hosts.host_text import HostText
    from altcraft_contract.lint.hosts.source_map import SourceMap

_BYTE_ORDER_MARK: Final = "\ufeff"
_WIDEST: Final = 1 << 16  # columns before a message; behind more of them nobody would see a frame
_mask = re.compile(r"\*+").finditer
_no_line_end = re.compile(r"[^\r\n]")


class _Window(NamedTuple):
    """The part of a host file that code frames show."""

    text: str
    first_line: int


_NO_WINDOW: Final = _Window("", 1)


def place_result(
    result: CheckResult, excerpt: Excerpt, host: HostText, *, path: str, where: str, secrets: frozenset[str]
) -> Entry:
    """The entry of a message.

    Args:
        result: What the check of the message found.
        excerpt: The message that the findings point into.
        host: The host file.
        path: Of the host file, as the user knows it.
        where: Place of what was checked, for people.
        secrets: What must not be shown and stands outside of the message.
    """
    if not result.findings:
        return Entry(path, None, result, "", where=where, secrets=secrets)
    body = excerpt.body.decode(errors="replace")
    redactor = Redactor(body, secrets=secrets)
    secrets |= redactor.secrets
    source = excerpt.find_source()
    if source is None:
        findings = [_unplaced(finding, excerpt.line or 1) for finding in result.findings]
        return Entry(path, None, with_findings(result, findings), "", where=where, secrets=secrets)
    findings = list(_iter_placed(result.findings, body, source, host))
    window = _window(host, source, redactor.source)
    if any((finding.line or 0) < window.first_line for finding in findings):
        window = _NO_WINDOW  # what an alias stands for may come before
    shift = window.first_line - 1
    findings = [replace(finding, line=(finding.line or 1) - shift) for finding in findings]
    return Entry(
        path, None, with_findings(result, findings), window.text, window.first_line, where=where, secrets=secrets
    )


def _iter_placed(findings: tuple[Finding, ...], body: str, source: SourceMap, host: HostText) -> Iterator[Finding]:
    """Findings with the lines and columns of the host file."""
    index = LineIndex(body)
    for finding in findings:
        offset = 0
        if finding.line is not None and finding.column is not None:
            is_after_mark = finding.line == 1 and body.startswith(_BYTE_ORDER_MARK)
            offset = index.offset_of_line(finding.line) + finding.column - 1 + is_after_mark
        position = host.lines.position(source.find(offset))
        yield replace(finding, line=position.line, column=position.column)


def _unplaced(finding: Finding, line: int) -> Finding:
    """A finding in what the host file holds encoded: where its entry begins."""
    place = f" (line {finding.line}, column {finding.column} of the decoded body)" if finding.line is not None else ""
    return replace(finding, line=line, column=1, message=finding.message + place)


def _window(host: HostText, source: SourceMap, shown: str) -> _Window:
    """The message as the host file writes it, its secrets masked, behind as much space as there is text before it.

    Args:
        host: The host file.
        source: Where the message stands.
        shown: The message, each character of its secrets a `*`.
    """
    position = host.lines.position(source.start)
    if position.column > _WIDEST:
        return _NO_WINDOW
    parts = []
    place = source.start
    for match in _mask(shown):
        start = source.find(match.start())
        end = source.find(match.end()) if match.end() < len(shown) else source.end
        if start < place or end < start:  # behind an alias of YAML
            return _NO_WINDOW
        parts += [host.text[place:start], _no_line_end.sub("*", host.text[start:end])]
        place = end
    parts.append(host.text[place : max(source.end, place)])
    return _Window(" " * (position.column - 1) + "".join(parts), position.line)
