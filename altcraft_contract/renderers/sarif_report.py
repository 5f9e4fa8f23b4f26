"""A run in SARIF 2.1.0, the format of code scanning.

The format: OASIS, *Static Analysis Results Interchange Format (SARIF) Version 2.1.0 Plus Errata 01*.
"""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from altcraft_contract import __version__
from altcraft_contract.renderers.sarif_rules import RULE_INDEX, iter_rules
from altcraft_contract.renderers.shown import ShownEntry
from altcraft_contract.renderers.text import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.renderers.report import Entry, RenderOptions, Tally
    from altcraft_contract.renderers.shown import ShownFinding

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT: Final = "altcraftContract/v1"
_NOTIFICATIONS: Final = 100  # documents with more findings than are kept that a report names


class SarifReport:
    """A run as one SARIF log with one run; its results are written as they come.

    Every result says whether it is suppressed: if one does, the standard wants that of all of them.
    """

    def __init__(self, options: RenderOptions) -> None:
        self._options = options
        self._separator = "\n  "
        self._notifications: list[dict[str, Any]] = []

    def begin(self) -> Iterator[str]:
        """The tool and its rules."""
        driver = {
            "name": "altcraft-contract",
            "version": __version__,
            "semanticVersion": __version__,
            "properties": {"contract": self._options.contract},
            "rules": list(iter_rules()),
        }
        head = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints"}
        yield f'{{"$schema": {json.dumps(SCHEMA)}, "version": "2.1.0", "runs": [\n'
        yield json.dumps(head, ensure_ascii=False)[:-1] + ',\n "results": ['

    def take(self, entry: Entry) -> Iterator[str]:
        """The results of a document, those that are suppressed last."""
        if not (entry.result.findings or entry.suppressed):
            return
        shown = ShownEntry(entry)
        artifact = _artifact(shown.name)
        for findings in (shown.iter_findings(), shown.iter_suppressed()):
            for finding in findings:
                yield self._separator + json.dumps(_result(entry, shown, finding, artifact), ensure_ascii=False)
                self._separator = ",\n  "
        if entry.result.truncated and len(self._notifications) < _NOTIFICATIONS:
            text = f"there are more findings than the {len(entry.result.findings):,} shown"
            place = {"physicalLocation": {"artifactLocation": artifact}}
            self._notifications.append({"level": "warning", "message": {"text": text}, "locations": [place]})

    def end(self, tally: Tally) -> Iterator[str]:
        """How the run went."""
        notifications = self._notifications
        if tally.unreadable:
            text = f"{count(tally.unreadable, 'path')} could not be read"
            notifications = [*notifications, {"level": "error", "message": {"text": text}}]
        if tally.interrupted:
            text = "interrupted; the report tells of what was checked until then"
            notifications = [*notifications, {"level": "error", "message": {"text": text}}]
        is_whole = not tally.unreadable and not tally.interrupted
        invocation = {"executionSuccessful": is_whole, "toolExecutionNotifications": notifications}
        yield f'],\n "invocations": [{json.dumps(invocation, ensure_ascii=False)}]}}]}}\n'


def _result(entry: Entry, shown: ShownEntry, finding: ShownFinding, artifact: dict[str, str]) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": artifact}
    if finding.line is not None:
        place["region"] = {"startLine": finding.line, "startColumn": finding.column}
    location: dict[str, Any] = {"physicalLocation": place}
    if finding.pointer:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.pointer}]
    properties = {
        "pointer": finding.pointer,
        "basis": str(finding.basis),
        "section": finding.section,
        "document": entry.document,
        "where": shown.where or None,
    }
    return {
        "ruleId": finding.rule,
        "ruleIndex": RULE_INDEX[finding.rule],
        "level": str(finding.severity),
        "message": {"text": f"{finding.message}; hint: {finding.hint}" if finding.hint else finding.message},
        "locations": [location],
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
        "suppressions": _suppressions(finding),
        "properties": {name: value for name, value in properties.items() if value is not None},
    }


def _suppressions(finding: ShownFinding) -> list[dict[str, str]]:
    if finding.suppression is None:
        return []
    return [{"kind": "external", "status": "accepted", "justification": finding.suppression}]


def _artifact(name: str) -> dict[str, str]:
    """The place of a file: within the project, or, if its path is absolute, on this machine.

    The mask of a secret stays readable: `*` may stand in a URI.
    """
    try:
        path = name.encode(errors="surrogateescape")
    except UnicodeEncodeError:
        path = name.encode(errors="backslashreplace")
    if not PurePath(name).is_absolute():
        return {"uri": quote(path, safe="/*"), "uriBaseId": "%SRCROOT%"}
    return {"uri": f"file://{'' if name.startswith('/') else '/'}{quote(path, safe='/*:')}"}
