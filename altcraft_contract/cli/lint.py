"""`altcraft-contract lint`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from altcraft_contract.cli.exit_codes import EXIT_FINDINGS, EXIT_INTERRUPTED, EXIT_OK, EXIT_USAGE
from altcraft_contract.cli.interruption import Interruption
from altcraft_contract.cli.options import (
    COLOR,
    CONFIG,
    FAIL_ON,
    IGNORE,
    SELECT,
    open_output,
    option,
    refuse_overwriting,
    selection,
    wants_color,
)
from altcraft_contract.cli.progress import Progress
from altcraft_contract.cli.talk import say
from altcraft_contract.contract import LATEST
from altcraft_contract.documents.limits import MEBIBYTE, Limits
from altcraft_contract.errors import NothingToCheck
from altcraft_contract.lint.linting import LintOptions, Listener, iter_entries
from altcraft_contract.lint.payloads import iter_payloads
from altcraft_contract.renderers import RENDERERS
from altcraft_contract.renderers.report import RenderOptions, Tally
from altcraft_contract.rules.catalogue import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.errors import UnreadableFile
    from altcraft_contract.renderers.report import Entry


@click.command(
    "lint",
    short_help="Check payload files.",
    epilog="Every option can be set by ALTCRAFT_CONTRACT_<OPTION> or in [tool.altcraft-contract] of pyproject.toml.",
)
@click.argument("paths", metavar="PATH...", nargs=-1)
@option(
    "--message",
    type=click.Choice(["request", "response", "auto"]),
    default="auto",
    show_default=True,
    help="What the files hold; auto: a body with error or error_text at the top is a response.",
)
@option(
    "--syntax",
    type=click.Choice(["json", "xml", "ndjson", "auto"]),
    default="auto",
    show_default=True,
    help="auto: by content, then by suffix (.ndjson, .jsonl).",
)
@SELECT
@IGNORE
@FAIL_ON
@option(
    "--engine",
    type=click.Choice(["fast", "reference"]),
    default="fast",
    show_default=True,
    help="reference judges the same from the published schemas, with jsonschema and xmlschema.",
)
@option(
    "--format",
    "-f",
    "format_",
    type=click.Choice(list(RENDERERS)),
    default="text",
    show_default=True,
    help="How to write the findings.",
)
@option("--output", "-o", metavar="FILE", help="Where to write them, instead of the standard output.")
@option("--max-size", type=click.IntRange(1, 1024), default=64, show_default=True, help="Largest document, in MiB.")
@option("--stdin-filename", metavar="NAME", default="<stdin>", help="What to call the standard input in findings.")
@COLOR
@option("--quiet", "-q", is_flag=True, help="Findings only, no summary.")
@option("--verbose", "-v", is_flag=True, help="Tell what each rule says, and which files were skipped.")
@CONFIG
@click.pass_context
def command(ctx: click.Context, /, paths: tuple[str, ...], **options: Any) -> int:
    """Check payload files against the documented contract.

    PATH is a file, a directory, or - for the standard input. Directories are searched for .json, .xml, .ndjson and
    .jsonl; files there that are no messages of this contract are skipped. A file named by itself is always checked.
    """
    if not paths:
        raise click.UsageError("no PATH given: name files, directories, or - for the standard input", ctx)
    refuse_overwriting(ctx, options["output"], paths)
    rules = selection(ctx, options["select"], options["ignore"])
    if options["select"] and all(RULES[rule].scope == "exchange" for rule in options["select"]):
        raise click.UsageError("the selected rules are about a request and its response together: lint sees one", ctx)
    lint_options = LintOptions(
        options["message"],
        options["syntax"],
        options["engine"],
        rules,
        Limits(max_bytes=options["max_size"] * MEBIBYTE),
    )
    return _Run(lint_options, options).run(paths)


class _Run:
    def __init__(self, lint: LintOptions, options: dict[str, Any]) -> None:
        self.lint = lint
        self.options = options
        self.tally = Tally()

    def run(self, paths: tuple[str, ...]) -> int:
        """Check, write the report, and return the exit code."""
        with open_output(self.options["output"]) as output, Interruption() as interruption:
            progress = Progress("documents", sys.stderr, beside=output)
            entries = progress.watch(self.tally.watch(self.entries(paths)))
            render_options = RenderOptions(
                color=wants_color(self.options["color"], output),
                quiet=self.options["quiet"],
                verbose=self.options["verbose"],
                contract=LATEST,
            )
            for part in RENDERERS[self.options["format_"]](interruption.watch(entries), self.tally, render_options):
                progress.hide()
                output.write(part)
        if interruption.happened:
            say("interrupted; the report tells of what was checked until then")
            return EXIT_INTERRUPTED
        return self.exit_code()

    def entries(self, paths: tuple[str, ...]) -> Iterator[Entry]:
        payloads = iter_payloads(
            paths,
            stdin_name=self.options["stdin_filename"],
            exclude=self.options["output"],
            report=self.tell_unreadable,
        )
        return iter_entries(payloads, self.lint, Listener(self.tally.skipped.append, self.note, self.tell_unreadable))

    def tell_unreadable(self, fault: UnreadableFile) -> None:
        self.tally.unreadable += 1
        say(f"error: {fault}")

    def note(self, path: str, oddity: str) -> None:
        say(f"note: {path} {oddity}")

    def exit_code(self) -> int:
        if self.tally.unreadable:
            return EXIT_USAGE
        if not self.tally.documents:
            reason = "no file is a message of this contract; name the file itself to check it"
            raise NothingToCheck(f"nothing to check: {reason if self.tally.skipped else 'there is no document'}")
        fail_on = self.options["fail_on"]
        failing = self.tally.errors + (self.tally.warnings if fail_on == "warning" else 0)
        return EXIT_FINDINGS if failing and fail_on != "never" else EXIT_OK
