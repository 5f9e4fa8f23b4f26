"""One run of `lint`: files to entries, entries to reports, and the exit code."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from altcraft_contract.cli.exit_codes import EXIT_FINDINGS, EXIT_INTERRUPTED, EXIT_OK, EXIT_USAGE
from altcraft_contract.cli.interruption import Interruption
from altcraft_contract.cli.lint_reports import Reports
from altcraft_contract.cli.lint_telling import Telling
from altcraft_contract.cli.progress import Progress
from altcraft_contract.cli.talk import say
from altcraft_contract.configuration import OVERRIDES, SUPPRESS
from altcraft_contract.contract import load_contract
from altcraft_contract.errors import EmptyDirectory, NothingToCheck
from altcraft_contract.lint.bulk.cutting import GROWING, STEADY, iter_chunks
from altcraft_contract.lint.bulk.pool import FILE_COST, count_cores, iter_outcomes
from altcraft_contract.lint.lint_options import Listener
from altcraft_contract.lint.payloads import SUFFIXES, iter_payloads
from altcraft_contract.renderers.report import RenderOptions, Tally
from altcraft_contract.rules.catalogue import RULES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from altcraft_contract.cli.configuration import Loaded
    from altcraft_contract.cli.lint_reports import Planned
    from altcraft_contract.errors import UnreadableFile
    from altcraft_contract.lint.bulk.work import Outcome
    from altcraft_contract.lint.exemption import Exemptions
    from altcraft_contract.lint.lint_options import LintOptions
    from altcraft_contract.lint.payloads import Payload


class LintRun:
    """What one call of `lint` does.

    Args:
        paths: What the user named.
        lint: How to check.
        reports: Which reports go where.
        options: The options of the command.
        loaded: What the configuration says.
        given: The options that were given on the command line.

    Attributes:
        tally: Counts over the run.
        exemptions: What counts for nothing; None if everything counts, and before the run.
    """

    def __init__(
        self,
        paths: Sequence[str],
        lint: LintOptions,
        reports: Sequence[Planned],
        *,
        options: Mapping[str, Any],
        loaded: Loaded,
        given: Collection[str],
    ) -> None:
        self.paths = paths
        self.reports = reports
        self.options = options
        self.tally = Tally()
        self.told: set[str] = set()
        self.lint = _configured(lint, loaded, given)
        self.outputs = [report.output for report in reports]
        self.suppress = loaded.tables[SUPPRESS]
        self.jobs = options["jobs"] or count_cores()
        self.exemptions: Exemptions | None = None

    def run(self) -> int:
        """Check, write the reports, and return the exit code."""
        exemptions = self.exemptions = self._exemptions()
        if any(self.options[name] for name in ("fix", "fix_only", "diff")):
            from altcraft_contract.cli.lint_fixing import fix, show_diff  # noqa: PLC0415 - few runs fix anything
            from altcraft_contract.lint.fixes.files import spare_none  # noqa: PLC0415 - as above

            spares = exemptions.spares if exemptions is not None else spare_none
            if self.options["diff"]:
                return show_diff(self, spares)
            if fix(self, spares):
                return EXIT_INTERRUPTED
            if self.options["fix_only"]:
                return EXIT_USAGE if self.tally.unreadable else EXIT_OK
            self.tally.skipped.clear()  # the check meets them again
        return self._check(exemptions)

    def _check(self, exemptions: Exemptions | None) -> int:
        with Reports(
            self.reports,
            self._render_options,
            color=self.options["color"],
            summarises=self.options["summary"],
        ) as reports:
            with Interruption() as interruption:
                told = Telling(
                    self.lint,
                    reports,
                    self.tally,
                    listener=self.listener(),
                    exemptions=exemptions,
                    most=self.options["max_findings"],
                )
                progress = Progress("documents", sys.stderr, beside=reports.screen)
                reports.begin(progress.hide)
                for outcome in interruption.watch(self._outcomes(told, progress)):
                    told.tell(outcome)
                    progress.advance(outcome.tally.documents, outcome.stored)
                    if told.is_enough:
                        break
                progress.erase()
                self.tally.interrupted = interruption.happened
                reports.end(self.tally)
            if exemptions is not None:
                is_whole = self.options["sample"] is None and not (self.tally.interrupted or told.is_enough)
                for remark in exemptions.finish(is_finished=is_whole):
                    say(remark)
        if self.tally.interrupted:
            say("interrupted; the report tells of what was checked until then")
            return EXIT_INTERRUPTED
        return self.exit_code(is_cut=told.is_enough)

    def _outcomes(self, told: Telling, progress: Progress) -> Iterator[Outcome]:
        payloads: Iterable[Payload] = self.payloads()
        cluster, expected = self.options["cluster"], None
        if self.jobs > 1 or progress.is_enabled or cluster is not None:
            payloads = list(payloads)
            sizes = [payload.size for payload in payloads]
            stored = sum(size or 0 for size in sizes)
            expected = stored + FILE_COST * len(payloads)
            progress.total = stored if None not in sizes else None
        if cluster is not None and payloads:
            from altcraft_contract.distributed import iter_outcomes as iter_cluster_outcomes  # noqa: PLC0415 - an extra

            return iter_cluster_outcomes(payloads, told.plan(), cluster)
        chunks = iter_chunks(payloads, self.lint, GROWING if self.jobs > 1 else STEADY)
        if self.options["sample"] is not None:
            from altcraft_contract.lint.bulk.sampling import sample_chunks  # noqa: PLC0415 - few runs want a sample

            chunks = sample_chunks(payloads, self.lint, self.options["sample"], advance=partial(progress.advance, 0))
        return iter_outcomes(chunks, told.plan(), jobs=self.jobs, expected=expected)

    def payloads(self) -> Iterator[Payload]:
        """The files to look at."""
        suffixes: Collection[str] = SUFFIXES
        if self.lint.extract:
            from altcraft_contract.lint.hosts.registry import HOST_SUFFIXES  # noqa: PLC0415 - few runs need it

            suffixes = SUFFIXES | HOST_SUFFIXES
        return iter_payloads(
            self.paths,
            stdin_name=self.options["stdin_filename"],
            exclude=[path for path in (*self.outputs, self.options["baseline"]) if path is not None],
            suffixes=suffixes,
            report=self.tell_unreadable,
        )

    def listener(self) -> Listener:
        """Who is told of what is no entry."""
        return Listener(self.tally.skipped.append, self._note, self.tell_unreadable)

    def _exemptions(self) -> Exemptions | None:
        """What counts for nothing; None if everything counts."""
        path = self.options["baseline"]
        if not self.suppress and path is None:
            return None
        from altcraft_contract.lint.baseline import Baseline  # noqa: PLC0415 - many runs have neither
        from altcraft_contract.lint.exemption import Exemptions  # noqa: PLC0415 - as above
        from altcraft_contract.lint.suppression import Suppressions, read_suppressions  # noqa: PLC0415 - as above

        entries = [entry for part in self.suppress for entry in read_suppressions(part.value, part.file)]
        is_partial = not any(Path(path).is_dir() for path in self.paths)
        suppressions = Suppressions(entries, is_checked=self._is_checked, is_partial=is_partial) if entries else None
        baseline = None
        if path is not None:
            baseline = Baseline(
                path,
                updates=self.options["baseline_update"],
                prunes=self.options["baseline_prune"],
                is_checked=self._is_checked,
            )
        return Exemptions(suppressions, baseline)

    def _is_checked(self, rule: str) -> bool:
        is_of_contract = rule in RULES
        is_seen = not is_of_contract or RULES[rule].scope != "exchange" or self.lint.extract
        return (
            is_seen
            and ("contract" if is_of_contract else "secrets") in self.lint.checks
            and self.lint.rules.counts(rule)
        )

    def _render_options(self, color: bool) -> RenderOptions:  # noqa: FBT001 - the one thing that differs
        return RenderOptions(
            color=color,
            quiet=self.options["quiet"],
            verbose=self.options["verbose"],
            contract=load_contract(self.lint.contract).version,
            fail_on=self.options["fail_on"],
        )

    def tell_unreadable(self, fault: UnreadableFile) -> None:
        """Say so, once for each file: fixing and checking both read it."""
        if isinstance(fault, EmptyDirectory) and self.options["allow_empty"]:
            return
        if self.exemptions is not None:
            self.exemptions.doubt(fault.path)
        text = f"error: {fault}"
        if text not in self.told:
            self.told.add(text)
            self.tally.unreadable += 1
            say(text)

    def _note(self, path: str, oddity: str) -> None:
        say(f"note: {path} {oddity}")

    def exit_code(self, *, is_cut: bool = False) -> int:
        """What the run ends with; one that is cut short has findings, and the rest is unknown."""
        if self.tally.unreadable:
            return EXIT_USAGE
        if not self.tally.documents and not self.options["allow_empty"]:
            reason = "there is no document"
            if self.tally.skipped:
                remedy = "" if self.lint.extract else "; name the file itself to check it"
                reason = f"no file {'holds' if self.lint.extract else 'is'} a message of this contract{remedy}"
            raise NothingToCheck(f"nothing to check: {reason}")
        fail_on = self.options["fail_on"]
        failing = self.tally.errors + (self.tally.warnings if fail_on == "warning" else 0)
        return EXIT_FINDINGS if (failing or is_cut) and fail_on != "never" else EXIT_OK


def _configured(lint: LintOptions, loaded: Loaded, given: Collection[str]) -> LintOptions:
    """*lint* with what stands in tables of the configuration."""
    if loaded.tables[OVERRIDES]:
        from altcraft_contract.lint.overrides import Overrides, read_overrides  # noqa: PLC0415 - few runs have any

        entries = [entry for part in loaded.tables[OVERRIDES] for entry in read_overrides(part.value, part.file)]
        lint = lint._replace(overrides=Overrides(entries, given=given))
    if loaded.secrets and "secrets" in lint.checks:
        from altcraft_contract.lint.secrets import read_allowed  # noqa: PLC0415 - as above

        lint = lint._replace(allowed=read_allowed(dict(loaded.secrets), str(loaded.file)))
    return lint
