"""`lint --fix` and `lint --diff`: what is mended, or would be, and what is said of it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from altcraft_contract.cli.exit_codes import EXIT_FINDINGS, EXIT_INTERRUPTED, EXIT_OK, EXIT_USAGE
from altcraft_contract.cli.interruption import Interruption
from altcraft_contract.cli.options import open_output
from altcraft_contract.cli.progress import Progress
from altcraft_contract.cli.talk import say
from altcraft_contract.lint.fixes.diffs import iter_diffs
from altcraft_contract.lint.fixes.files import FixTally, iter_fixed_files

if TYPE_CHECKING:
    from altcraft_contract.cli.lint_run import LintRun
    from altcraft_contract.lint.fixes.files import Spares


def fix(run: LintRun, spares: Spares) -> bool:
    """Mend the files of *run* in their place, and say what was done.

    Returns:
        Whether it was interrupted; the file that was being mended then stays as it was.
    """
    tally = FixTally()
    with Interruption() as interruption:
        progress = Progress("mended files", sys.stderr, beside=sys.stderr)
        fixed = iter_fixed_files(run.payloads(), run.lint, run.listener(), spares=spares)
        for file in interruption.watch(progress.watch(fixed)):
            tally.take(file.path, file.total)
            if run.options["verbose"]:
                progress.hide()
                for done in file.fixes:
                    say(f"{file.path}:{done}")
    if tally.findings or not run.options["quiet"]:
        say(tally.summary("fixed"))
    if interruption.happened:
        say("interrupted; the files that were not reached are as they were")
    return interruption.happened


def show_diff(run: LintRun, spares: Spares) -> int:
    """Write what mending would change to the standard output, and change nothing.

    Returns:
        The exit code: 1 if something would change.
    """
    tally = FixTally()
    with open_output(None) as output, Interruption() as interruption:
        progress = Progress("parts", sys.stderr, beside=output)
        parts = iter_diffs(run.payloads(), run.lint, run.listener(), tally, spares=spares)
        for part in interruption.watch(progress.watch(parts)):
            progress.hide()
            output.write(part)
    if not run.options["quiet"]:
        say(tally.summary("would fix"))
    if interruption.happened:
        say("interrupted; the diff tells of what was looked at until then")
        return EXIT_INTERRUPTED
    if run.tally.unreadable:
        return EXIT_USAGE
    return EXIT_FINDINGS if tally.findings else EXIT_OK
