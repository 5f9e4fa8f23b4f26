"""`altcraft-contract drift`."""

from __future__ import annotations

import click

from altcraft_contract.cli.exit_codes import EXIT_FINDINGS, EXIT_OK
from altcraft_contract.cli.options import CONTRACT, argument, open_output, option, refuse_overwriting
from altcraft_contract.contract import load_contract
from altcraft_contract.evolution.drift import compare_page
from altcraft_contract.evolution.drift_report import DRIFT_RENDERERS, DriftReport
from altcraft_contract.evolution.page import load_page


@click.command(
    "drift",
    short_help="Tell what the vendor's page says otherwise than the contract.",
    epilog="""
\b
Examples:
  altcraft-contract drift order-confirmation.html
  altcraft-contract drift -f markdown -o drift.md order-confirmation.html

Exit codes: 0 the page agrees, 1 it does not, 2 wrong usage, or the file cannot be read or is another page.
""",
)
@argument("page", metavar="PAGE")
@CONTRACT
@option(
    "--fail-on",
    type=click.Choice(["any", "never"]),
    default="any",
    show_default=True,
    help="Whether a difference makes the exit code 1.",
)
@option(
    "--format",
    "-f",
    "format_",
    type=click.Choice([*DRIFT_RENDERERS]),
    default="text",
    show_default=True,
    help="How to write the differences.",
)
@option("--output", "-o", metavar="FILE", help="Where to write, instead of the standard output.")
@click.pass_context
def command(ctx: click.Context, /, *, page: str, contract: str, fail_on: str, format_: str, output: str | None) -> int:
    """Tell what a saved copy of the vendor's page says otherwise than the contract.

    PAGE is the HTML of the page Order Confirmation, as a browser saves it; nothing is fetched. Compared are its tables
    of fields, types, required flags and closed sets of values, its examples, and what it says of the address, of times,
    of currencies and of lists.
    """
    refuse_overwriting(ctx, output, [page])
    used = load_contract(contract)
    comparison = compare_page(load_page(page), used, name=page)
    with open_output(output) as stream:
        stream.write(DRIFT_RENDERERS[format_](DriftReport(page, used.version, comparison)))
    return EXIT_FINDINGS if comparison.drifts and fail_on == "any" else EXIT_OK
