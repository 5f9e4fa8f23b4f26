"""A run as GitLab reads it: a Code Quality report.

The format: GitLab documentation, Code Quality, *Code Quality report format*.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.findings import Severity
from altcraft_contract.renderers.shown import ShownEntry, encodable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.renderers.report import Entry, RenderOptions, Tally
    from altcraft_contract.renderers.shown import ShownFinding

_SEVERITIES: Final = {Severity.ERROR: "major", Severity.WARNING: "minor"}
_LENGTH: Final = 32  # hexadecimal digits of a fingerprint


class GitlabReport:
    """A run as a JSON list of findings; what is suppressed is not in it."""

    def __init__(self, options: RenderOptions) -> None:  # noqa: ARG002 - a maker of the table takes them
        self._separator = "\n"
        self._met: set[bytes] = set()

    def begin(self) -> Iterator[str]:
        """The bracket."""
        yield "["

    def take(self, entry: Entry) -> Iterator[str]:
        """The findings of a document."""
        if entry.result.findings:
            shown = ShownEntry(entry)
            path = encodable(shown.name)
            for finding in shown.iter_findings():
                yield self._separator + json.dumps(self._issue(finding, path, shown.where), ensure_ascii=False)
                self._separator = ",\n"

    def end(self, tally: Tally) -> Iterator[str]:  # noqa: ARG002 - the format has no place for it
        """The other bracket."""
        yield "]\n" if self._separator == "\n" else "\n]\n"

    def _issue(self, finding: ShownFinding, path: str, where: str) -> dict[str, Any]:
        description = f"{finding.message} ({where})" if where else finding.message
        if finding.hint:
            description += f"; hint: {finding.hint}"
        return {
            "description": description,
            "check_name": finding.rule,
            "fingerprint": self._fingerprint(finding.fingerprint, path),
            "severity": "critical" if finding.rule == "malformed" else _SEVERITIES[finding.severity],
            "location": {"path": path, "lines": {"begin": finding.line or 1}},
        }

    def _fingerprint(self, fingerprint: str, path: str) -> str:
        """A fingerprint that no other finding of the report has: GitLab shows one of those that share it."""
        number = 1
        while True:
            digest = sha256(f"{path}\0{fingerprint}\0{number}".encode()).digest()[: _LENGTH // 2]
            if digest not in self._met:
                self._met.add(digest)
                return digest.hex()
            number += 1
