"""`altcraft-contract coverage`."""

from __future__ import annotations

import shutil
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, cast

import click

from altcraft_contract.cli.exit_codes import EXIT_FINDINGS, EXIT_INTERRUPTED, EXIT_OK, EXIT_USAGE
from altcraft_contract.cli.interruption import Interruption
from altcraft_contract.cli.options import (
    CONFIG,
    IGNORE,
    SELECT,
    argument,
    open_output,
    option,
    refuse_overwriting,
    selection,
)
from altcraft_contract.cli.progress import Progress
from altcraft_contract.cli.talk import say
from altcraft_contract.documents.limits import MEBIBYTE, Limits
from altcraft_contract.errors import NothingToCheck
from altcraft_contract.lint.lint_options import LintOptions, Listener

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from altcraft_contract.contract import Message, Syntax
    from altcraft_contract.errors import UnreadableFile
    from altcraft_contract.testing.coverage import Coverage
    from altcraft_contract.testing.coverage.summary import Summary

FORMATS: Final = ("text", "json", "html")
_FAIL_UNDER: Final = "--fail-under"


@click.command(
    "coverage",
    short_help="Tell what payload files exercise.",
    epilog="""
\b
Examples:
  altcraft-contract coverage payloads/
  altcraft-contract coverage --message request --fail-under 60 payloads/
  altcraft-contract coverage --format html -o coverage.html orders.ndjson.gz

Exit codes: 0 told, 1 less than --fail-under percent is exercised, 2 wrong usage, or a file cannot be read. Findings
make none, `lint` tells them. Every option can be set by ALTCRAFT_CONTRACT_<OPTION> or in [tool.altcraft-contract] of
pyproject.toml.
""",
)
@argument("paths", metavar="PATH...", nargs=-1)
@option(
    "--message",
    type=click.Choice(["request", "response", "auto"]),
    default="auto",
    show_default=True,
    help="What the files hold and are to exercise; auto: a body with error or error_text at the top is a response, and "
    "both are to be exercised.",
)
@option(
    "--syntax",
    type=click.Choice(["json", "xml", "ndjson", "xml-lines", "auto"]),
    default="auto",
    show_default=True,
    help="auto: by content, then by suffix (.ndjson, .jsonl). ndjson and xml-lines have a document a line.",
)
@SELECT
@IGNORE
@option(
    "--format",
    "-f",
    "format_",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="How to write what was exercised.",
)
@option("--output", "-o", metavar="FILE", help="Where to write, instead of the standard output.")
@option(
    _FAIL_UNDER,
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Exit code 1 if less of everything is exercised.",
)
@option("--column", metavar="NAME", help="The column of Parquet and Arrow files that holds the messages.")
@option("--max-size", type=click.IntRange(1, 1024), default=64, show_default=True, help="Largest document, in MiB.")
@option("--verbose", "-v", is_flag=True, help="Name everything that was never exercised, however long the list is.")
@CONFIG
@click.pass_context
def command(ctx: click.Context, /, paths: tuple[str, ...], **options: Any) -> int:
    """Tell which documented fields and rules a set of payload files exercises, and which never.

    PATH is what `lint` takes: a file, a directory, an archive, a URL, or - for the standard input. A field is exercised
    if a message has it, a rule if a message has what it speaks of: it is kept or broken then.
    """
    if not paths:
        raise click.UsageError("no PATH given: name files, directories, or - for the standard input", ctx)
    refuse_overwriting(ctx, options["output"], paths)
    lint = LintOptions(
        options["message"],
        options["syntax"],
        rules=selection(ctx, options["select"], options["ignore"]),
        limits=Limits(max_bytes=options["max_size"] * MEBIBYTE),
        column=options["column"],
        keeps_text=True,
    )
    return _CoverageRun(paths, lint, options).run()


class _CoverageRun:
    """What one call of `coverage` does."""

    def __init__(self, paths: Sequence[str], lint: LintOptions, options: dict[str, Any]) -> None:
        self.paths = paths
        self.lint = lint
        self.options = options
        self.unreadable = 0
        self.documents = 0
        self.skipped: list[str] = []

    def run(self) -> int:
        """Count, write the report, and return the exit code."""
        from altcraft_contract.testing.coverage import Coverage  # noqa: PLC0415 - `--help` does not need it
        from altcraft_contract.testing.coverage.summary import MESSAGES, summarize_files  # noqa: PLC0415 - as above
        from altcraft_contract.testing.coverage.text import render_shortfall  # noqa: PLC0415 - as above

        coverage = Coverage(rules=self.lint.rules)
        with Interruption() as interruption:
            self._count(coverage, interruption)
        if not self.documents and not interruption.happened:
            if self.unreadable:
                return EXIT_USAGE
            raise NothingToCheck(f"nothing to count: {self._why_nothing()}")
        messages: tuple[Message, ...] = MESSAGES if self.lint.message == "auto" else (self.lint.message,)
        summary = summarize_files(coverage, messages)
        with open_output(self.options["output"]) as stream:
            stream.write(self._renderer()(summary))
        if interruption.happened:
            say("interrupted; the report tells of what was read until then")
            return EXIT_INTERRUPTED
        least = self.options["fail_under"]
        shortfall = render_shortfall(summary, Decimal(str(least)), _FAIL_UNDER) if least is not None else None
        if shortfall is not None:
            say(f"error: {shortfall}")
        if self.unreadable:
            return EXIT_USAGE
        return EXIT_FINDINGS if shortfall is not None else EXIT_OK

    def _count(self, coverage: Coverage, interruption: Interruption) -> None:
        from altcraft_contract.lint.linting import iter_entries  # noqa: PLC0415 - `--help` does not need it
        from altcraft_contract.lint.payloads import iter_payloads  # noqa: PLC0415 - as above

        output = self.options["output"]
        payloads = iter_payloads(self.paths, exclude=[output] if output else [], report=self._tell_unreadable)
        listener = Listener(self.skipped.append, self._note, self._tell_unreadable)
        progress = Progress("documents", sys.stderr)
        for entry in interruption.watch(iter_entries(payloads, self.lint, listener)):
            result = entry.result
            is_malformed = any(finding.rule == "malformed" for finding in result.findings)
            body = entry.text if not is_malformed else ""  # shown in part, or with other characters
            coverage.take_message(cast("Message", result.message), body, cast("Syntax", result.syntax), result.findings)
            self.documents += 1
            progress.advance(1, 0)
        progress.erase()

    def _renderer(self) -> Callable[[Summary], str]:
        if self.options["format_"] == "json":
            from altcraft_contract.testing.coverage.json_report import render_json  # noqa: PLC0415 - one of three

            return render_json
        if self.options["format_"] == "html":
            from altcraft_contract.testing.coverage.html_report import render_html  # noqa: PLC0415 - one of three

            return render_html
        return self._render_text

    def _render_text(self, summary: Summary) -> str:
        from altcraft_contract.testing.coverage.text import render_text  # noqa: PLC0415 - one of three

        width = shutil.get_terminal_size().columns
        lines = render_text(summary, width=width, all_names=self.options["verbose"], others="--format json or html")
        return "\n".join(lines) + "\n"

    def _why_nothing(self) -> str:
        if self.skipped:
            return "no file is a message of this contract; name the file itself to read it"
        return "there is no document"

    def _tell_unreadable(self, fault: UnreadableFile) -> None:
        self.unreadable += 1
        say(f"error: {fault}")

    def _note(self, path: str, oddity: str) -> None:
        say(f"note: {path} {oddity}")
