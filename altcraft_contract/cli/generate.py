"""`altcraft-contract generate`."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

import click

from altcraft_contract.cli.completing import complete_names
from altcraft_contract.cli.corpus_writer import MANIFEST, CorpusWriter
from altcraft_contract.cli.exit_codes import EXIT_INTERRUPTED, EXIT_OK
from altcraft_contract.cli.interruption import Interruption
from altcraft_contract.cli.options import option, unwritable
from altcraft_contract.cli.progress import Progress
from altcraft_contract.cli.talk import abandon, say
from altcraft_contract.errors import UnknownRule
from altcraft_contract.rules.catalogue import RULES
from altcraft_contract.rules.nearest import find_nearest
from altcraft_contract.strategies.corpus import KINDS, iter_corpus
from altcraft_contract.strategies.parameters import parameters_of
from altcraft_contract.strategies.vocabulary import CURRENCIES, IDENTIFIERS, PROMOTION_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from altcraft_contract.strategies.corpus import Specimen

_MOST = 10_000_000


def _lines(ctx: click.Context, _: click.Parameter, text: str) -> tuple[int, int]:
    match = re.fullmatch(r"([0-9]+)(?:-([0-9]+))?", text)
    if match is None:
        raise click.BadParameter(f"{text!r}: expected a number or a range such as 1-4", ctx)
    return int(match[1]), int(match[2] or match[1])


def _names(_: click.Context, __: click.Parameter, values: Iterable[str]) -> tuple[str, ...]:
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())


@click.command(
    "generate",
    short_help="Write valid, edge-case or broken bodies.",
    epilog="""
\b
Examples:
  altcraft-contract generate --count 100 --output bodies
  altcraft-contract generate --kind mutation --syntax xml --output broken
  altcraft-contract generate --kind edge --syntax ndjson --output edge

Exit codes: 0 written, 2 wrong usage, or the directory is not empty.
""",
)
@option("--count", "-n", type=click.IntRange(1, _MOST), default=10, show_default=True, help="How many bodies.")
@option(
    "--kind",
    type=click.Choice(KINDS),
    default="valid",
    show_default=True,
    help="Valid requests, edge cases, one-fault mutations, malformed bodies, or valid responses.",
)
@option(
    "--syntax",
    type=click.Choice(["json", "xml", "ndjson"]),
    default="json",
    show_default=True,
    help="ndjson: all bodies in one file, or on the standard output.",
)
@option("--seed", type=int, default=0, show_default=True, help="The same seed gives the same bytes.")
@option("--output", "-o", metavar="DIR", help="A new or empty directory; gets the bodies and manifest.jsonl.")
@option("--rule", metavar="RULE", help="For mutations: the rule that they break.")
@option("--lines", default="1-3", show_default=True, callback=_lines, help="For requests: how many lines, or a range.")
@option(
    "--currency",
    multiple=True,
    callback=_names,
    metavar="CODES",
    help="For requests: codes of ISO 4217, separated by commas.",
)
@option(
    "--identifier",
    multiple=True,
    callback=_names,
    metavar="NAMES",
    shell_complete=complete_names(IDENTIFIERS),
    help=f"For requests: some of {', '.join(IDENTIFIERS)}.",
)
@option(
    "--promotion-type",
    multiple=True,
    callback=_names,
    metavar="TYPES",
    shell_complete=complete_names(PROMOTION_TYPES),
    help=f"For requests: some of {', '.join(PROMOTION_TYPES)}.",
)
@option("--quiet", "-q", is_flag=True, help="No summary.")
@click.pass_context
def command(ctx: click.Context, /, **options: Any) -> int:
    """Write bodies with a manifest of what is expected of each.

    The manifest is a JSON object a line: file, document, message, syntax, ok, rule, severity, pointer, name.
    """
    as_records = options["syntax"] == "ndjson"
    if as_records and options["kind"] == "malformed":
        raise click.UsageError("malformed bodies are no records of an NDJSON file; use --syntax json or xml", ctx)
    if options["output"] is None and not as_records:
        raise click.UsageError("name a directory with --output; only --syntax ndjson goes to the standard output", ctx)
    if options["rule"] is not None and options["kind"] != "mutation":
        raise click.UsageError("--rule goes with --kind mutation", ctx)
    if options["rule"] is not None and options["rule"] not in RULES:
        raise UnknownRule(options["rule"], find_nearest(options["rule"], RULES))
    if options["output"] in ("", "-"):
        raise click.UsageError(
            "--output takes a directory; without it --syntax ndjson goes to the standard output", ctx
        )
    specimens = iter_corpus(
        options["kind"],
        options["count"],
        syntax="json" if as_records else options["syntax"],
        seed=options["seed"],
        rule=options["rule"],
        as_records=as_records,
        parameters=parameters_of(
            lines=options["lines"],
            currencies=options["currency"] or CURRENCIES,
            identifiers=options["identifier"] or IDENTIFIERS,
            promotion_types=options["promotion_type"] or PROMOTION_TYPES,
        ),
    )
    watched = Progress("bodies", sys.stderr).watch(specimens)
    if options["output"] is None:
        return _print(watched)
    return write_corpus(watched, options["output"], as_records=as_records, stem=options["kind"], quiet=options["quiet"])


def _print(specimens: Iterator[Specimen]) -> int:
    try:
        for specimen in specimens:
            sys.stdout.buffer.write(specimen.body + b"\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon(sys.stdout)
        raise unwritable(None, error) from None
    return EXIT_OK


def write_corpus(specimens: Iterator[Specimen], directory: str, *, as_records: bool, stem: str, quiet: bool) -> int:
    """Write bodies and manifest.

    Returns:
        The exit code; after an interruption the manifest tells of what was written until then.
    """
    writer = CorpusWriter(directory, as_records=as_records, stem=stem)
    with writer, Interruption() as interruption:
        for specimen in interruption.watch(specimens):
            writer.write(specimen)
    if not quiet:
        bodies = "body" if writer.written == 1 else "bodies"
        say(f"wrote {writer.written:,} {bodies} and {MANIFEST} to {directory}")
    return EXIT_INTERRUPTED if interruption.happened else EXIT_OK
