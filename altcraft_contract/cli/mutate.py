"""`altcraft-contract mutate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from altcraft_contract.cli.convert import read_file
from altcraft_contract.cli.exit_codes import EXIT_OK
from altcraft_contract.cli.generate import write_corpus
from altcraft_contract.cli.options import argument, option
from altcraft_contract.cli.talk import say
from altcraft_contract.documents.limits import DEFAULT_LIMITS
from altcraft_contract.errors import ConversionError, ImpossibleRequest, UnknownRule, UnreadableFile
from altcraft_contract.renderers.redaction import Redactor
from altcraft_contract.renderers.visible import visible
from altcraft_contract.rules.catalogue import RULES
from altcraft_contract.rules.nearest import find_nearest
from altcraft_contract.strategies.corpus import Specimen
from altcraft_contract.strategies.mutations import neighbours

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.contract import Message, Syntax
    from altcraft_contract.strategies.mutations import Mutant


@click.command(
    "mutate",
    short_help="Write the one-fault neighbours of an order.",
    epilog="""
\b
Examples:
  altcraft-contract mutate order.json
  altcraft-contract mutate order.json --output neighbours
  altcraft-contract mutate order.xml --rule missing-field --output neighbours

Exit codes: 0 written, 2 wrong usage, or the order cannot be read or has a finding.
""",
)
@argument("file", metavar="FILE")
@option("--rule", metavar="RULE", help="Only neighbours that break this rule.")
@option("--syntax", type=click.Choice(["json", "xml"]), help="Of the neighbours; by default that of FILE.")
@option("--seed", type=int, default=0, show_default=True, help="The same seed gives the same bytes.")
@option("--output", "-o", metavar="DIR", help="A new or empty directory; gets the bodies and manifest.jsonl.")
@option("--quiet", "-q", is_flag=True, help="No summary.")
@click.pass_context
def command(
    _: click.Context,
    /,
    *,
    file: str,
    rule: str | None,
    syntax: Syntax | None,
    seed: int,
    output: str | None,
    quiet: bool,
) -> int:
    """List, or write, bodies that differ from FILE by one mistake each.

    FILE is a valid request or response in JSON or XML, or - for the standard input. Without --output the neighbours
    are listed: the rule that each breaks, where, and by which mutation.
    """
    if rule is not None and rule not in RULES:
        raise UnknownRule(rule, find_nearest(rule, RULES))
    data = read_file(file, DEFAULT_LIMITS.max_bytes)
    try:
        specimens = _specimens(neighbours(data, rule=rule, syntax=syntax, seed=seed))
        if output is not None:
            return write_corpus(specimens, output, as_records=False, stem="neighbour", quiet=quiet)
        is_empty = True
        for specimen in specimens:
            is_empty = False
            click.echo("\t".join((str(specimen.rule), visible(specimen.pointer or "(document)"), specimen.name)))
        if is_empty:
            say(f"note: no neighbour of {file} breaks that rule")
    except ImpossibleRequest as error:
        reason = f"{error.value}, so that it has no one-fault neighbours; `altcraft-contract lint` says more"
        raise UnreadableFile(file, reason) from None
    except ConversionError as error:
        reason = Redactor(data.decode(errors="replace")).redact(str(error))
        raise UnreadableFile(file, reason) from None
    return EXIT_OK


def _specimens(mutants: Iterator[Mutant]) -> Iterator[Specimen]:
    for mutant in mutants:
        message: Message = "response" if mutant.message == "response" else "request"
        yield Specimen(mutant.body, mutant.name, message, mutant.syntax, mutant.rule, mutant.pointer)
