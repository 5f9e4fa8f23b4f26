"""The files that a campaign leaves: reports, tests, and the baseline."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from altcraft_contract.cli.options import open_output, unwritable
from altcraft_contract.cli.talk import say
from altcraft_contract.fuzz.baseline import kept_after, load_baseline, write_baseline
from altcraft_contract.fuzz.pytest_export import render_pytest
from altcraft_contract.fuzz.reports import REPORTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from altcraft_contract.fuzz.baseline import Known
    from altcraft_contract.fuzz.report import CampaignReport

STEM: Final = "campaign"  # of the names of reports
TEST_NAME: Final = "test_campaign.py"


class CampaignFiles:
    """Finds out before a campaign whether its files can be written, and writes them after it.

    Args:
        directory: Where reports and tests go; it is made if something goes there.
        formats: Names of `REPORTS`.
        export: File for the tests; an empty text is one in *directory*, None is none.
        baseline: File of what is known; None is none.
        updates: Whether the baseline is written, too.

    Raises:
        UnreadableFile: if a file cannot be written, or the baseline cannot be read.

    Attributes:
        known: What the baseline says, by fingerprint.
    """

    def __init__(
        self, directory: str, formats: Sequence[str], *, export: str | None, baseline: str | None, updates: bool
    ) -> None:
        home = Path(directory)
        self._reports = {name: home / f"{STEM}.{REPORTS[name].suffix}" for name in dict.fromkeys(formats)}
        self._tests = None if export is None else Path(export) if export else home / TEST_NAME
        self._baseline = baseline
        self._updates = updates
        self.known: Mapping[str, Known] = {}
        if baseline is not None:
            self.known = load_baseline(baseline, may_be_missing=updates)
        written = [*self._reports.values(), *([self._tests] if self._tests is not None else [])]
        if any(path.parent == home for path in written):
            _make(home)
        for path in written:
            _check(path)
        if baseline is not None and updates:
            _check(Path(baseline))

    def write(self, report: CampaignReport, *, quiet: bool) -> None:
        """Write all of them.

        Raises:
            UnreadableFile: if that cannot be done after all.
        """
        written = []
        for name, path in self._reports.items():
            with open_output(str(path)) as output:
                output.writelines(REPORTS[name].render(report))
            written.append(str(path))
        if self._tests is not None and report.failures:
            with open_output(str(self._tests)) as output:
                output.write(render_pytest(report.failures, url=report.target, contract=report.contract))
            written.append(str(self._tests))
        if self._baseline is not None and self._updates:
            met = self.known.keys() - set(report.gone)
            write_baseline(self._baseline, report.failures, kept_after(self.known, met, is_finished=True))
            written.append(self._baseline)
        if written and not quiet:
            say(f"wrote {', '.join(written)}")


def _make(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise unwritable(str(directory), error) from None


def _check(path: Path) -> None:
    """Find out whether a file can be written, and leave none behind."""
    try:
        is_new = not path.exists()
        with path.open("ab"):
            pass
        if is_new:
            path.unlink()
    except (OSError, ValueError) as error:
        raise unwritable(str(path), error) from None
