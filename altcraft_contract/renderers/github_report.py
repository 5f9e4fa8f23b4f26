"""A run as GitHub Actions reads it: workflow commands, which become annotations.

The format: GitHub documentation, *Workflow commands for GitHub Actions*; escaped as the toolkit of the actions does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from altcraft_contract.findings import Severity
from altcraft_contract.renderers.shown import ShownEntry
from altcraft_contract.renderers.text import count
from altcraft_contract.renderers.text_report import summary_of
from altcraft_contract.renderers.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.renderers.report import Entry, RenderOptions, Tally
    from altcraft_contract.renderers.shown import ShownFinding

_SHOWN: Final = 10  # annotations of each severity that GitHub shows of a step
_KEPT: Final = 10_000  # warnings that wait for the errors; more than that nobody reads
_of_data = re.compile(r"[%\r\n]")
_of_property = re.compile(r"[%\r\n:,]")


class GithubReport:
    """A run as annotations, the errors first: of each severity GitHub shows the first ones only.

    Errors are written as they are found, warnings when all errors are known.
    """

    def __init__(self, options: RenderOptions) -> None:
        self._options = options
        self._warnings: list[str] = []

    def begin(self) -> Iterator[str]:
        """Nothing."""
        yield from ()

    def take(self, entry: Entry) -> Iterator[str]:
        """The errors of a document."""
        if entry.result.findings:
            shown = ShownEntry(entry)
            for finding in shown.iter_findings():
                if finding.severity is Severity.ERROR:
                    yield _command(shown, finding)
                elif len(self._warnings) < _KEPT:
                    self._warnings.append(_command(shown, finding))

    def end(self, tally: Tally) -> Iterator[str]:
        """The warnings, and a line that is no command: the summary, and where the rest is."""
        yield from self._warnings
        if not self._options.quiet:
            yield f"{summary_of(tally)}{self._rest(tally)}\n"

    def _rest(self, tally: Tally) -> str:
        if max(tally.errors, tally.warnings) <= _SHOWN:
            return ""
        rest = f"; GitHub shows at most {_SHOWN} errors and {_SHOWN} warnings of a step, "
        left_out = tally.warnings - len(self._warnings)
        return rest + (
            f"this log all but {count(left_out, 'warning')}" if left_out > 0 else "this log has every one of them"
        )


def _command(shown: ShownEntry, finding: ShownFinding) -> str:
    """A finding as one command on one line."""
    place = f"file={_as_property(shown.name)}"
    if finding.line is not None:
        place += f",line={finding.line},col={finding.column}"
    where = f", {shown.where}" if shown.where else ""
    text = f"{finding.message} ({finding.pointer or 'the whole document'}{where})"
    if finding.hint:
        text += f"\nhint: {finding.hint}"
    return f"::{finding.severity} {place},title={_as_property(finding.rule)}::{_as_data(text)}\n"


def _as_data(text: str) -> str:
    return visible(_of_data.sub(_escaped, text))


def _as_property(text: str) -> str:
    return visible(_of_property.sub(_escaped, text))


def _escaped(match: re.Match[str]) -> str:
    return f"%{ord(match[0]):02X}"
